/** The door of the base room: what every other room may use. Imports nothing. */

export * from './verdict.ts';
export * from './fault.ts';
export * from './canonical.ts';
export * from './dates.ts';
export * from './localised.ts';
export * from './limits.ts';
export * from './guard-cell.ts';
export * from './cursor.ts';
export * from './ahead.ts';
