/** The only place that reads the time. Rules get instants as arguments; everything else asks a Clock. */

import { type CivilDate, dateOf, type Instant, instant } from '../../base/index.ts';

export interface Clock {
  now(): Instant;
  today(): CivilDate;
}

export const systemClock: Clock = {
  now: () => instant(new Date()),
  today: () => dateOf(instant(new Date())),
};

/** A clock that stands still until it is moved; for tests and replays. */
export function fixedClock(at: string): Clock & { move(to: string): void } {
  let current = instant(new Date(at));
  return {
    now: () => current,
    today: () => dateOf(current),
    move: (to) => {
      current = instant(new Date(to));
    },
  };
}
