/** The council for programs: what it stands at, the first roll put together from the files of the key ceremony, and its founding. */

import { z } from 'zod';
import { type MizanServer, Refused } from '../../../platform/http/index.ts';
import { printVkey } from '../../../proof/index.ts';
import { nodeSuite as suite } from '../../../proof/node-suite.ts';
import { admitRoll } from '../../../proof/council/admitted-roll.ts';
import { digestOf } from '../../../proof/council/log-state.ts';
import { ALTERNATES_MAX, parseRoll, printRoll } from '../../../proof/council/roll-text.ts';
import type { Ledger } from '../../ledger/index.ts';
import type { OpenCouncil } from '../actions/open-council.ts';
import type { CouncilRefusal } from '../model.ts';
import { foundingRoll } from '../rules/founding-roll.ts';
import { councilText } from '../text/index.ts';

export interface FoundingParts {
  readonly council: OpenCouncil;
  readonly ledger: Ledger;
}

const ROLL_CHARS_MAX = 65_536;
const SEATS_MAX = 99;
/** Files of all members: some 12 kB each. */
const CEREMONY_BYTES_MAX = 3 * 1024 * 1024;

const members = z.array(z.object({ name: z.string().max(200), content: z.record(z.string().max(40), z.json()) })).max(SEATS_MAX + ALTERNATES_MAX);
const problem = z.object({ where: z.string(), code: z.string(), detail: z.string().optional() });
const head = z.object({ size: z.number(), root: z.string(), timeS: z.number() });
const standing = z.object({
  state: z.enum(['unfounded', 'following', 'operating']),
  origin: z.string(),
  epoch: z.number(),
  rollDigest: z.string().nullable(),
  genesisDigest: z.string().nullable(),
  prefixSize: z.number(),
  certified: head.nullable(),
  keys: z.object({ log: z.string(), secretariat: z.string() }),
});

function refusalOf({ code, entry, rule, line, detail }: CouncilRefusal, tell: (key: string, values: { readonly rule: string; readonly detail: string }) => string): Refused {
  const place = [entry === undefined ? undefined : `entries[${entry}]`, line === undefined ? undefined : `line ${line}`].filter((part) => part !== undefined).join(' ');
  return new Refused(code, tell(`refusal.${code}`, { rule: rule ?? '', detail: detail ?? '' }), { status: code === 'council-busy' ? 503 : code === 'council-founded-already' ? 409 : 422, ...(rule === undefined ? {} : { errors: [{ path: place, message: detail === undefined ? rule : `${rule}: ${detail}` }] }) });
}

export function foundingRoutes(app: MizanServer, parts: FoundingParts): void {
  const { council, ledger } = parts;
  const tags = ['council'];
  const told = councilText;

  app.get('/api/v1/council', { config: { policy: 'public' as const, api: true }, schema: { tags, summary: 'The council: epoch, roll, newest certified checkpoint', description: '`operating`: this process writes the log and operates the council; `following`: another one does.', response: { 200: standing } } }, async () => {
    const { state, origin, epoch, rollDigest, genesisDigest, prefixSize, certified } = await council.standing();
    return { state, origin, epoch, rollDigest: rollDigest ?? null, genesisDigest: genesisDigest ?? null, prefixSize, certified: certified === undefined ? null : { size: certified.size, root: certified.root, timeS: certified.timeS }, keys: council.keys() };
  });

  app.post(
    '/api/v1/council/roll',
    {
      config: { policy: 'council.found' as const, api: true },
      bodyLimit: CEREMONY_BYTES_MAX,
      schema: {
        tags,
        summary: 'The first roll from what the members handed in; writes nothing',
        description: 'Every file is checked with all its proofs of possession. `problems` names all that is wrong or missing; then there is no roll.',
        body: z.object({ members, domains: z.record(z.string().max(2), z.record(z.string().max(20), z.string().max(100))).default({}) }),
        response: { 200: z.object({ roll: z.string().nullable(), digest: z.string().nullable(), keyEntries: z.array(z.string()), problems: z.array(problem) }) },
      },
    },
    (request) => {
      const constitution = council.constitution();
      const witnesses = ledger.policyWitnesses().map(({ key }) => printVkey(key));
      const made = foundingRoll({ constitution, origin: ledger.name.origin, keys: council.keys(), witnesses, members: request.body.members, domains: request.body.domains });
      if (!made.ok) return { roll: null, digest: null, keyEntries: [], problems: made.refusal.map((one) => ({ ...one })) };
      const text = printRoll(made.value.roll);
      const admitted = admitRoll(suite, constitution, text);
      if (!admitted.ok) return { roll: null, digest: null, keyEntries: [], problems: [{ where: 'roll', code: admitted.refusal.code, ...(admitted.refusal.detail === undefined ? {} : { detail: admitted.refusal.detail }) }] };
      return { roll: text, digest: digestOf(suite, text), keyEntries: [...made.value.keyEntries], problems: [] };
    },
  );

  app.post(
    '/api/v1/council/found',
    {
      config: { policy: 'council.found' as const, api: true },
      bodyLimit: CEREMONY_BYTES_MAX,
      schema: {
        tags,
        summary: 'Founds the council: genesis and roll into the log, once and for good',
        body: z.object({ roll: z.string().max(ROLL_CHARS_MAX), digest: z.string().regex(/^[0-9a-f]{64}$/).describe('SHA-256 of the roll, as it was compared aloud'), keyEntries: z.array(z.string().max(ROLL_CHARS_MAX)).max(SEATS_MAX + ALTERNATES_MAX).default([]) }),
        response: { 200: z.object({ genesis: z.string(), digest: z.string() }) },
      },
    },
    async (request) => {
      const t = told.in(request.frame.language);
      const tell = t as (key: string, values: { readonly rule: string; readonly detail: string }) => string;
      const { roll: text, digest, keyEntries } = request.body;
      const actual = digestOf(suite, text);
      if (actual !== digest) throw new Refused('council-roll-digest', t('refusal.council-roll-digest', { actual }));
      const roll = parseRoll(text);
      if (!roll.ok) throw refusalOf({ code: 'council-roll-refused', rule: roll.refusal.code, ...(roll.refusal.line === undefined ? {} : { line: roll.refusal.line }), ...(roll.refusal.detail === undefined ? {} : { detail: roll.refusal.detail }) }, tell);
      const founded = await council.found(roll.value);
      if (!founded.ok) throw refusalOf(founded.refusal, tell);
      if (keyEntries.length > 0) {
        const written = await council.submit(keyEntries);
        if (!written.ok) throw refusalOf(written.refusal, tell);
      }
      return founded.value;
    },
  );
}
