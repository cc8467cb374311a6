/** Faults: what went wrong outside the rules (disk, network, a file that cannot be read). A refusal is never a fault. */

export type FaultDetail = Readonly<Record<string, string | number | boolean | null>>;

/** A thrown error with a stable `code` (kebab-case), safe to show: `detail` never holds personal data or secrets. */
export class Fault extends Error {
  readonly code: string;
  readonly detail: FaultDetail;
  constructor(code: string, message: string, detail: FaultDetail = {}, options?: ErrorOptions) {
    super(message, options);
    this.name = 'Fault';
    this.code = code;
    this.detail = detail;
  }
}

/** A broken invariant: a programming error, never a user's. */
export function assert(condition: unknown, message: string): asserts condition {
  if (!condition) throw new Error(`invariant broken: ${message}`);
}
