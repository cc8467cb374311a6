/** The time that a certified checkpoint proves: one that a whole quorum of seats stamped or exceeded. */

/** One seat's stamp, in whole seconds since 1970. */
export interface Stamp {
  readonly seat: number;
  readonly timeS: number;
}

/**
 * The largest time that at least `quorum` distinct seats stamped or exceeded: the quorum-th largest stamp. Undefined with fewer seats.
 * Of 22 seats at least 12 are honest, so 12 honest clocks had reached it; liars cannot push it beyond what an honest seat stamped.
 * A seat that stamped twice counts with its latest stamp, so that more cosignatures never lower the time.
 */
export function certifiedTime(stamps: Iterable<Stamp>, quorum: number): number | undefined {
  const latest = new Map<number, number>();
  for (const { seat, timeS } of stamps) latest.set(seat, Math.max(timeS, latest.get(seat) ?? timeS));
  return [...latest.values()].toSorted((one, other) => other - one)[quorum - 1];
}
