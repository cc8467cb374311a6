/** The door of the exports. */

export { type ExportFacts, writeExport } from './actions/write-export.ts';
export { exportsRoutes } from './http.ts';
export { type Format, FORMATS } from './model.ts';
export { exportLinks } from './rules/links.ts';
