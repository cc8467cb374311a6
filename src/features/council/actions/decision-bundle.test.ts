import { describe, expect, it } from 'vitest';
import { CouncilWorld, DAY_S, ORIGIN, OUTSIDE, SEATS, START_S, TEXTS } from '../../../../test/support/council-world.ts';
import { no, yes } from '../../../base/index.ts';
import { inclusionProof, leafHash, nodesInMemory } from '../../../proof/merkle.ts';
import { nodeSuite as suite } from '../../../proof/node-suite.ts';
import { parseDecision, verifyDecision } from '../../../proof/council/bundle.ts';
import { digestOf } from '../../../proof/council/log-state.ts';
import { roundFacts } from '../rules/round-facts.ts';
import { decisionBytes, rollChange, type RollParts } from './decision-bundle.ts';

/** What the store and the ledger of a platform answer, from the log of a world. */
function partsOf(world: CouncilWorld, manifests: ReadonlyMap<string, string>, rolls: readonly { readonly text: string; readonly index: number }[]): RollParts {
  const size = world.entries.length;
  return {
    origin: ORIGIN,
    ledger: {
      entries: async (from, to) => Promise.resolve(world.entries.slice(from, to).map((entry, at) => ({ index: from + at, entry }))) as never,
      inclusion: async (index, head) => Promise.resolve(index < head.size && head.size <= size ? yes(inclusionProof(suite, nodesInMemory(suite, world.entries.slice(0, head.size).map((entry) => leafHash(suite, entry))), index, head.size)) : no({ code: 'proof-index' as const })) as never,
    },
    texts: async (digest) => Promise.resolve(manifests.has(digest) ? { manifest: manifests.get(digest) ?? '', texts: TEXTS } : undefined),
    rollOf: async (epoch) => Promise.resolve(rolls[epoch - 1]?.text),
    rollEntry: async (epoch) => Promise.resolve(rolls[epoch - 1]),
    carried: async (slot) => Promise.resolve(factsOf(world, slot)),
  };
}
function factsOf(world: CouncilWorld, slot: string) {
  const round = world.state.rounds.get(`${slot} 1`);
  return round === undefined ? undefined : roundFacts(world.state, round, world.entries.length);
}

describe('the file of a decision in a later epoch', () => {
  it('leads to its roll from the first one, as the log has it', async () => {
    const world = new CouncilWorld(suite);
    const manifests = new Map<string, string>();
    const first = { text: world.roll, index: 1 };
    const rolls = [first];
    for (const [at, seats] of [[4, 5, 20], [4, 30]].entries()) {
      const change = world.nextEpoch(seats, START_S + (60 + at * 100) * DAY_S);
      manifests.set(digestOf(suite, change.motion.manifest), change.motion.manifest);
      rolls.push({ text: world.current, index: change.proofs.next.index });
      // The log goes on; a later anchor is no handover.
      world.add(`mizan-log/event/v1\n{"act":"other","number":${at}}\n`);
      world.anchor(START_S + (60 + at * 100 + 40) * DAY_S);
    }
    const round = { slot: '2027-014', round: 1 };
    const manifest = world.motionOf(round);
    manifests.set(digestOf(suite, manifest), manifest);
    const { open } = world.openRound(round, START_S + 300 * DAY_S, {}, [manifest]);
    world.add(world.ballot(open, SEATS.slice(0, 25), 'yes'));
    world.closeRound(open, open.closesS + 60);
    const parts = partsOf(world, manifests, rolls);
    const changes = [await rollChange(parts, 2), await rollChange(parts, 3)].filter((change) => change !== undefined);
    expect(changes.map(({ proofs }) => proofs.next.index)).toEqual(rolls.slice(1).map(({ index }) => index));
    expect(await rollChange(parts, 4)).toBeUndefined();
    const facts = factsOf(world, '2027-014');
    if (facts === undefined) throw new Error('no facts');
    const checkpoint = world.checkpoint(open.closesS + 3600, SEATS.slice(0, 22), OUTSIDE.slice(0, 2));
    const answers = await Promise.all(
      [changes, []].map(async (told) => {
        const parsed = parseDecision((await decisionBytes(parts, facts, checkpoint, told)) ?? new Uint8Array());
        const verified = parsed.ok ? verifyDecision(suite, parsed.value, world.pin) : parsed;
        return verified.ok ? [verified.value.epoch, verified.value.rollChanges] : verified.refusal.code;
      }),
    );
    expect(answers).toEqual([[3, 2], 'decision-roll-not-pinned']);
  }, 60_000);
});
