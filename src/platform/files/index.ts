/** The door of the files room: where the installation lies, and the store of attachments. */

export { installationRoot } from './root.ts';
export { freeBytes } from './space.ts';
export { ATTACHMENT_BYTES_MAX, type FileRefusal, type FileStore, openFileStore, type StoredFile } from './store.ts';
export { askClamd, type ClamdAnswer } from './clamd.ts';
export { type ClamdPlace, parseClamd } from './clamd-place.ts';
export { ARCHIVE_MEMBERS_MAX } from './office.ts';
export { type ArchiveScreenRefusal, screenArchive, type ScreenRefusal, screenUpload } from './screen.ts';
export { FILE_TYPES, type FileType, typeOfFile, type TypeRefusal } from './types.ts';
export { readZip, writeZip, type ZipLimits, type ZipMember, type ZipRefusal } from './zip.ts';
