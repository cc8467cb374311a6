import { describe, expect, it } from 'vitest';
import type { RoundStage } from '../model.ts';
import { isStalled, stageAt } from './round-facts.ts';

const HOUR_S = 3600;
const ENDS_S = 1_000_000;

describe('a vote whose time is over', () => {
  it.each<[RoundStage, number, RoundStage]>([
    ['open', -1, 'open'],
    ['open', 0, 'closing'],
    ['revealing', 1, 'closing'],
    ['closing', -1, 'closing'],
    ['carried', HOUR_S, 'carried'],
    ['not-carried', HOUR_S, 'not-carried'],
    ['preparing', HOUR_S, 'preparing'],
  ])('%s, %i seconds after its end, reads as %s', (stage, after, expected) => {
    expect(stageAt({ stage, closesS: ENDS_S, commitsCloseS: undefined }, ENDS_S + after)).toBe(expected);
  });

  it.each<[RoundStage, number, number, boolean]>([
    ['open', HOUR_S, HOUR_S, false],
    ['open', HOUR_S, HOUR_S + 1, true],
    ['revealing', HOUR_S, HOUR_S + 1, true],
    ['closing', HOUR_S, HOUR_S + 1, true],
    ['closing', HOUR_S, HOUR_S - 1, false],
    // However short the windows of a council are, certifying takes its time.
    ['open', 1, 15, false],
    ['open', 1, 16, true],
    ['carried', HOUR_S, 100 * HOUR_S, false],
    ['not-carried', HOUR_S, 100 * HOUR_S, false],
    ['preparing', HOUR_S, 100 * HOUR_S, false],
  ])('%s with receipts of %i seconds, %i seconds after its end: stalled %s', (stage, deltaS, after, expected) => {
    expect(isStalled({ stage, closesS: ENDS_S, commitsCloseS: undefined }, { deltaS }, ENDS_S + after)).toBe(expected);
  });

  it('is measured from the end of the commitments while those are handed in', () => {
    const facts = { stage: 'committing', commitsCloseS: ENDS_S, closesS: ENDS_S + 100 * HOUR_S } as const;
    expect([isStalled(facts, { deltaS: HOUR_S }, ENDS_S + HOUR_S), isStalled(facts, { deltaS: HOUR_S }, ENDS_S + HOUR_S + 1)]).toEqual([false, true]);
  });
});
