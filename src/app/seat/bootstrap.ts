/** How a seat comes to the log: from a genesis whose digest its member read in the official gazette, and then by certified checkpoints. */

import { Fault, type Json } from '../../base/index.ts';
import { nodeSuite as suite } from '../../proof/node-suite.ts';
import { checkConstitution, type Constitution, parseConstitution } from '../../proof/council/constitution.ts';
import { followAnchors as follow, type Stretch } from '../../proof/council/following.ts';
import { digestOf } from '../../proof/council/log-state.ts';
import { type Genesis, parseGenesis } from '../../proof/council/log-texts.ts';
import type { Caller } from '../../platform/outbound/index.ts';

/** Entries before the first roll that a seat reads: the platform may have logged for a while before the council was founded. */
const BEFORE_ROLL_MAX = 1_000_000;

export interface Founding {
  readonly genesis: Genesis;
  readonly genesisText: string;
  readonly constitution: Constitution;
  readonly constitutionText: string;
}

const untrue = (server: string, what: string): Fault =>
  new Fault('seat-genesis-differs', `${server} shows ${what}. It is another council than the one that was pinned, or the server lies. Compare the digest with the official gazette; do not go on.`, { server, what });

/** Both texts judged by the pinned digest: what does not hang on it is refused. */
export function foundingOf(server: string, pinned: string, genesisText: string, constitutionText: string): Founding {
  if (digestOf(suite, genesisText) !== pinned) throw untrue(server, 'another genesis than the pinned one');
  const genesis = parseGenesis(genesisText);
  if (!genesis.ok) throw untrue(server, `a genesis that cannot be read (${genesis.refusal.code})`);
  if (digestOf(suite, constitutionText) !== genesis.value.constitution) throw untrue(server, 'another constitution than the genesis names');
  const constitution = parseConstitution(constitutionText);
  const checked = constitution.ok ? checkConstitution(constitution.value) : constitution;
  if (!constitution.ok || !checked.ok) throw untrue(server, `a constitution whose numbers do not hold (${checked.ok ? '' : checked.refusal.code})`);
  return { genesis: genesis.value, genesisText, constitution: constitution.value, constitutionText };
}

async function getJson(outbound: Pick<Caller, 'fetch'>, url: string): Promise<{ readonly [key: string]: Json | undefined }> {
  const answer = await outbound.fetch(url);
  if (answer.status !== 200) throw new Fault('seat-server-refused', `${url} answers ${answer.status}.`, { url, status: answer.status });
  try {
    return JSON.parse(answer.text()) as { readonly [key: string]: Json };
  } catch (error) {
    throw new Fault('seat-server-refused', `${url} answers no JSON.`, { url }, { cause: error });
  }
}

export interface Beginning extends Founding {
  readonly rollIndex: number;
  readonly roll: string;
  readonly genesisIndex: number;
}

const fieldsOf = (value: Json | undefined): { readonly [key: string]: Json | undefined } => (value !== null && typeof value === 'object' && !Array.isArray(value) ? (value as { readonly [key: string]: Json | undefined }) : {});

/** Genesis, constitution and roll as a server shows them, judged by the pinned digest. */
export async function fetchBeginning(outbound: Pick<Caller, 'fetch'>, server: string, pinned: string): Promise<Beginning> {
  const told = await getJson(outbound, `${server}/council/v1/genesis`);
  const [genesis, roll] = [fieldsOf(told['genesis']), fieldsOf(told['roll'])];
  const textOf = (value: Json | undefined): string => (typeof value === 'string' ? value : '');
  const founding = foundingOf(server, pinned, textOf(genesis['text']), textOf(told['constitution']));
  const [genesisIndex, rollIndex] = [Number(genesis['index']), Number(roll['index'])];
  if (!Number.isSafeInteger(genesisIndex) || !Number.isSafeInteger(rollIndex) || rollIndex <= genesisIndex || rollIndex > BEFORE_ROLL_MAX) throw untrue(server, 'no place of genesis and roll in the log');
  if (digestOf(suite, textOf(roll['text'])) !== founding.genesis.roll) throw untrue(server, 'another roll than the genesis names');
  return { ...founding, genesisIndex, rollIndex, roll: textOf(roll['text']) };
}

export async function fetchEntries(outbound: Pick<Caller, 'fetch'>, server: string, from: number): Promise<readonly string[]> {
  const { entries, from: first } = await getJson(outbound, `${server}/council/v1/entries?from=${from}`);
  if (first !== from || !Array.isArray(entries) || !entries.every((entry) => typeof entry === 'string')) throw new Fault('seat-server-refused', `${server} answers no entries from ${from}.`, { server, from });
  return entries;
}

/** The log up to its first roll, where genesis and roll stand at the places told. */
export async function fetchFirstEntries(outbound: Pick<Caller, 'fetch'>, server: string, beginning: Beginning): Promise<readonly string[]> {
  const { rollIndex, genesisIndex, genesisText, roll } = beginning;
  const entries: string[] = [];
  while (entries.length <= rollIndex) {
    const more = await fetchEntries(outbound, server, entries.length);
    if (more.length === 0) throw untrue(server, 'fewer entries than it says there are');
    entries.push(...more);
  }
  if (entries[genesisIndex] !== genesisText || entries[rollIndex] !== roll) throw untrue(server, 'genesis and roll elsewhere in the log than it says');
  return entries.slice(0, rollIndex + 1);
}

/** Follows the log of a server from where the seat stands, by the anchors that lie in it. */
export async function followAnchors(outbound: Pick<Caller, 'fetch'>, server: string, origin: string, standsAt: () => number, take: (stretch: Stretch) => void, latest: string | undefined): Promise<void> {
  await follow(async (from) => fetchEntries(outbound, server, from), origin, standsAt, take, latest);
}
