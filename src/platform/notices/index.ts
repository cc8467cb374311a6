/** The door of notices: what one process tells the others on the same database. */

export type { Notice, NoticeHandler, Notices } from './model.ts';
export { type NoticeParts, openNotices } from './notices.ts';
