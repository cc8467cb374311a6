/** `mizan seat demo` against the whole platform: a council founded on it, ten seats that lie each in its own way, and an operator that censors. */

import { afterEach, describe, expect, it } from 'vitest';
import { Demo, type DemoOptions } from '../../src/app/seat/demo/demo.ts';
import { progressPage } from '../../src/app/seat/demo/progress-page.ts';

let demo: Demo | undefined;
afterEach(async () => {
  await demo?.stop();
  demo = undefined;
}, 60_000);

/** Everybody honest votes yes, in order of their numbers, so that the outcome is known. */
function demoWith(options: Partial<DemoOptions>): Demo {
  let drawn = 0;
  demo = new Demo({ liars: 0, behave: 'mixed', operator: 'honest', processes: false, autoSteward: true, voteS: 20, rounds: 1, port: 0, yesShare: 1, log: () => undefined, random: () => (drawn = (drawn + 1) % 33) / 40, ...options });
  return demo;
}

describe('the demonstration', () => {
  it('carries a motion although ten seats lie, and finds the proofs', async () => {
    const running = demoWith({ liars: 10 });
    await running.start();
    await running.run();
    const [round] = running.rounds;
    expect(round?.outcome).toBe('carried');
    expect(round?.yes).toBeGreaterThanOrEqual(22);
    const view = running.view();
    expect(view.evidence).toBeGreaterThan(0);
    for (const [language, banner] of [['az', 'Bizans dözümlülüyü iddia olunmur'], ['en', 'no Byzantine tolerance is claimed'], ['ru', 'не заявляется']] as const) {
      const page = progressPage(view, language);
      expect(page).toContain(banner);
      expect(page.match(/<span class="dot">/g)?.length).toBe(33);
    }
  }, 240_000);

  it('shows a censor as a vote that does not close, not as one that was lost', async () => {
    const running = demoWith({ operator: 'censoring', rounds: 2 });
    await running.start();
    await running.run();
    expect(running.rounds.map(({ outcome }) => outcome)).toEqual(['carried', 'closing']);
  }, 360_000);
});
