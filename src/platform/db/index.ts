/** The door of the database room. */

export { type Database, type Db, openDatabase, openInMemory, type Tables, type Tx } from './open.ts';
export { migrate, type Migration, migrationsOf } from './migrate.ts';
