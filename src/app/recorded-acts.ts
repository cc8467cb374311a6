/** What the platform writes into its transparency log: which acts, and what of them everybody may know. */

import { createHash } from 'node:crypto';
import { canonical, type Json } from '../base/index.ts';
import type { Ledger } from '../features/ledger/index.ts';
import type { Adoption } from '../features/lawbook/index.ts';
import type { PublicChange } from '../features/registry/index.ts';
import type { DoneAct } from '../platform/audit/index.ts';
import type { Clock } from '../platform/clock/index.ts';
import type { Tx } from '../platform/db/index.ts';

/** More changes at once are one entry with a digest over all of them: an import of an inventory. */
const CHANGES_NAMED_MAX = 50;
/** Acts on the platform itself and findings. What changes published entries and the law in force is recorded where it happens. */
const RECORDED = /^(?:organisation|person|law|platform)\.|^(?:assessment\.decide|impact\.(?:seal|publish))$/;

export interface Recording {
  readonly registry: (tx: Tx, changes: readonly PublicChange[]) => Promise<void>;
  readonly adoption: (tx: Tx, adoption: Adoption) => Promise<void>;
  readonly act: (tx: Tx, act: DoneAct) => Promise<void>;
}

export function recordingIn(ledger: Pick<Ledger, 'record'>, clock: Clock): Recording {
  return {
    registry: async (tx, changes) => {
      const at = clock.now();
      const lines = changes.map(({ number, id, revision, kind, status, sha256 }) => ({ number, system: id, revision, act: kind, status, record: `sha256:${sha256}` }));
      if (lines.length <= CHANGES_NAMED_MAX) {
        for (const line of lines) await ledger.record(tx, { kind: 'registry.change', at, body: line });
        return;
      }
      // Each change can be found again in the histories of the entries; the digest is over their canonical list in the order of numbers.
      await ledger.record(tx, { kind: 'registry.changes', at, body: { count: lines.length, list: digestOf(lines) } });
    },
    adoption: async (tx, { number, place, pack, act, previousDigest, effects, adoptedAt, author, reason }) => {
      await ledger.record(tx, {
        kind: 'lawbook.adoption',
        at: adoptedAt,
        body: { number, place, act, pack: { id: pack.id, version: pack.version, digest: pack.digest }, previous: previousDigest, effects: effects === undefined ? undefined : digestOf(effects) },
        private: { author, reason },
      });
    },
    act: async (tx, { policy, method, route, actor, targets, at }) => {
      // An adoption is an entry of its own, with its pack.
      if (!RECORDED.test(policy) || policy === 'law.adopt') return;
      await ledger.record(tx, { kind: 'platform.act', at, body: { policy, method, route }, private: { actor, targets } });
    },
  };
}

function digestOf(value: Json): string {
  return `sha256:${createHash('sha256').update(canonical(value)).digest('hex')}`;
}
