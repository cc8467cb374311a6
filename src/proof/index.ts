/** The door of the proof room: the log's formats and proofs, pure, for server, browser and simulation. `node-suite.ts` is entered by itself. */

export * from './bytes.ts';
export * from './suite.ts';
export * from './refusals.ts';
export * from './note.ts';
export * from './checkpoint.ts';
export * from './cosignature.ts';
export * from './policy.ts';
export * from './witness.ts';
export * from './merkle.ts';
export * from './tiles.ts';
export * from './tile-reader.ts';
export * from './tlog-proof.ts';
export * from './commitment.ts';
export * from './sortition.ts';
export * from './ecvrf.ts';
