/** The door of the backup room: making, checking and restoring whole registers. */

export { compareRows, type Verified, verifyBackup } from './verify.ts';
export type { Read } from './check.ts';
export { writeBackup, type Written } from './file.ts';
export { BadBackup, type BackupRefusal, type Frame } from './format.ts';
export { decode, encode } from './frames.ts';
export { lastBackup, rememberBackup } from './last.ts';
export { backupOfOwned, backupOfRunning, backupOfServer, type Making, withSecrets } from './make.ts';
export { restore, type Restored, type RestoreRefusal, settleRestore, stateOfRestore } from './restore.ts';
export { backupRoutes } from './routes.ts';
export { removeSnapshots } from './snapshot.ts';
export { PASSPHRASE_LENGTH_MIN } from './seal.ts';
export { connectSession, type Session, sessionOf } from './session.ts';
