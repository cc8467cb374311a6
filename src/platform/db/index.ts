/** The door of the database room. */

export { type Database, type Db, openDatabase, openInMemory, POOL_CONNECTIONS_MAX, type Tables, type Timeouts, type Tx } from './open.ts';
export { migrate, type Migration, migrationsOf } from './migrate.ts';
export { isPassing, type OutageListener } from './presence.ts';
export { type Effect, EFFECTS, type MigrationPlan, type PlannedMigration, planMigrations, type Touch } from './plan.ts';
export { type DatabaseFacts, diagnose, type Unreached } from './diagnose.ts';
export { prepareRoles } from './roles.ts';
