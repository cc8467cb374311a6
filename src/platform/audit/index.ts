/** The door of the audit room: who did what. */

export { type Audit, AUDIT_ROWS_MAX, type AuditOutcome, type AuditParts, type AuditQuery, type AuditRow, type DoneAct, openAudit } from './audit.ts';
