/** The door of the documents room: tagged PDF in the house look, made on this machine. */

export { DOCUMENT_DATA_BYTES_MAX, type DocumentBlock, type DocumentHead, type DocumentIssuer, type TableColumn } from './model.ts';
export { fontFiles, houseHead, renderDocument, renderPdf } from './render.ts';
