/** Policy files (C2SP tlog-policy): which logs and witnesses one trusts, and which of them together make a checkpoint count. */

import { yes, type Verdict } from '../base/index.ts';
import { hex } from './bytes.ts';
import { parseForeignCheckpoint, type ForeignCheckpoint } from './checkpoint.ts';
import { admitVkey, KEY_TYPES, openNote, printVkey, verifierKey, type Note, type VerifiedLine, type VerifierKey } from './note.ts';
import { refuse, type ProofRefusal } from './refusals.ts';
import type { Suite } from './suite.ts';

export const POLICY_CHARS_MAX = 500_000;
export const POLICY_LINES_MAX = 2_000;
export const POLICY_LOGS_MAX = 64;
export const POLICY_WITNESSES_MAX = 256;
export const POLICY_GROUPS_MAX = 256;

export interface PolicyLog {
  readonly key: VerifierKey;
  readonly url?: string;
}

export interface PolicyWitness extends PolicyLog {
  /** The name inside this policy; the name in signature lines is that of the key. */
  readonly name: string;
}

/** Counts where at least `threshold` of the members count. */
export interface PolicyGroup {
  readonly name: string;
  readonly threshold: number;
  readonly members: readonly string[];
}

export interface Policy {
  readonly logs: readonly PolicyLog[];
  readonly witnesses: readonly PolicyWitness[];
  readonly groups: readonly PolicyGroup[];
  /** A witness, a group, or `none`. */
  readonly quorum: string;
}

/** Words of the language itself, which no witness and no group is called by. */
const RESERVED = ['none', 'all', 'any'];
// oxlint-disable-next-line no-control-regex -- control characters are what is looked for
const NOT_ALLOWED = /[\u0000-\u0008\u000b-\u001f\u007f]/;

interface Draft {
  readonly logs: PolicyLog[];
  readonly witnesses: PolicyWitness[];
  readonly groups: PolicyGroup[];
  quorum: string | undefined;
  readonly names: Set<string>;
  readonly members: Set<string>;
  readonly logKeys: Set<string>;
  readonly witnessKeys: Set<string>;
}

type Step = Verdict<true, ProofRefusal>;
const done: Step = yes(true);

function readLog(suite: Suite, draft: Draft, [vkey = '', url]: readonly string[], where: number): Step {
  const key = admitVkey(suite, vkey);
  if (!key.ok) return refuse('policy-key', where, key.refusal.code);
  const bytes = hex(key.value.publicKey);
  if (draft.logKeys.has(bytes)) return refuse('policy-key-twice', where);
  if (draft.logs.length >= POLICY_LOGS_MAX) return refuse('policy-too-long', where);
  draft.logKeys.add(bytes);
  draft.logs.push(url === undefined ? { key: key.value } : { key: key.value, url });
  return done;
}

/** A witness key of the plain kind is read as that of a cosigner with the same bytes: published policies write it either way. */
function asCosigner(suite: Suite, key: VerifierKey): VerifierKey {
  return key.type === KEY_TYPES.note ? verifierKey(suite, key.name, KEY_TYPES.cosignature, key.publicKey) : key;
}

function readWitness(suite: Suite, draft: Draft, [name = '', vkey = '', url]: readonly string[], where: number): Step {
  if (RESERVED.includes(name) || draft.names.has(name)) return refuse('policy-name-taken', where, name);
  const key = admitVkey(suite, vkey);
  if (!key.ok) return refuse('policy-key', where, key.refusal.code);
  const bytes = hex(key.value.publicKey);
  if (draft.witnessKeys.has(bytes)) return refuse('policy-key-twice', where, name);
  if (draft.witnesses.length >= POLICY_WITNESSES_MAX) return refuse('policy-too-long', where);
  draft.witnessKeys.add(bytes);
  draft.names.add(name);
  const one = { name, key: asCosigner(suite, key.value) };
  draft.witnesses.push(url === undefined ? one : { ...one, url });
  return done;
}

function thresholdOf(word: string, members: number): number | undefined {
  if (word === 'all') return members;
  if (word === 'any') return 1;
  if (!/^[1-9][0-9]{0,3}$/.test(word)) return undefined;
  return Number(word) <= members ? Number(word) : undefined;
}

function readGroup(draft: Draft, [name = '', word = '', ...members]: readonly string[], where: number): Step {
  if (RESERVED.includes(name) || draft.names.has(name)) return refuse('policy-name-taken', where, name);
  const threshold = thresholdOf(word, members.length);
  if (threshold === undefined) return refuse('policy-threshold', where, word);
  if (draft.groups.length >= POLICY_GROUPS_MAX) return refuse('policy-too-long', where);
  for (const member of members) {
    if (!draft.names.has(member)) return refuse('policy-name-unknown', where, member);
    // One place each: a witness can weigh on the quorum in one way only.
    if (draft.members.has(member)) return refuse('policy-member-twice', where, member);
    draft.members.add(member);
  }
  // Only now, so that a group is no member of itself.
  draft.names.add(name);
  draft.groups.push({ name, threshold, members });
  return done;
}

function readQuorum(draft: Draft, [name = '']: readonly string[], where: number): Step {
  if (draft.quorum !== undefined) return refuse('policy-quorum-twice', where);
  if (name !== 'none' && !draft.names.has(name)) return refuse('policy-name-unknown', where, name);
  draft.quorum = name;
  return done;
}

function readLine(suite: Suite, draft: Draft, items: readonly string[], where: number): Step {
  const [word, ...rest] = items;
  if (word === 'log' && rest.length >= 1 && rest.length <= 2) return readLog(suite, draft, rest, where);
  if (word === 'witness' && rest.length >= 2 && rest.length <= 3) return readWitness(suite, draft, rest, where);
  if (word === 'group' && rest.length >= 3) return readGroup(draft, rest, where);
  if (word === 'quorum' && rest.length === 1) return readQuorum(draft, rest, where);
  return refuse('policy-line', where, word?.slice(0, 40));
}

/** The words of a line; from a word that begins with `#` on, it is a comment. */
function itemsOf(line: string): readonly string[] {
  const items = line.split(/[ \t]+/).filter((item) => item !== '');
  const comment = items.findIndex((item) => item.startsWith('#'));
  return comment === -1 ? items : items.slice(0, comment);
}

/** Reads a policy file. Keys are admitted here, so that `checkPolicy` may trust them. Each refusal names its line. */
export function parsePolicy(suite: Suite, text: string): Verdict<Policy, ProofRefusal> {
  if (text.length > POLICY_CHARS_MAX) return refuse('policy-too-long');
  const lines = text.split('\n', POLICY_LINES_MAX + 1);
  if (lines.length > POLICY_LINES_MAX) return refuse('policy-too-long', POLICY_LINES_MAX + 1);
  const draft: Draft = { logs: [], witnesses: [], groups: [], quorum: undefined, names: new Set(), members: new Set(), logKeys: new Set(), witnessKeys: new Set() };
  for (const [at, line] of lines.entries()) {
    if (!line.isWellFormed() || NOT_ALLOWED.test(line)) return refuse('policy-character', at + 1);
    const items = itemsOf(line);
    if (items.length === 0) continue;
    const read = readLine(suite, draft, items, at + 1);
    if (!read.ok) return read;
  }
  if (draft.quorum === undefined) return refuse('policy-quorum-missing');
  return yes({ logs: draft.logs, witnesses: draft.witnesses, groups: draft.groups, quorum: draft.quorum });
}

/** The policy as a file without comments, in the order logs, witnesses, groups, quorum; reading it gives the same policy. */
export function printPolicy({ logs, witnesses, groups, quorum }: Policy): string {
  const withUrl = (url: string | undefined): string => (url === undefined ? '' : ` ${url}`);
  return [
    ...logs.map(({ key, url }) => `log ${printVkey(key)}${withUrl(url)}`),
    ...witnesses.map(({ name, key, url }) => `witness ${name} ${printVkey(key)}${withUrl(url)}`),
    ...groups.map(({ name, threshold, members }) => `group ${name} ${threshold} ${members.join(' ')}`),
    `quorum ${quorum}`,
    '',
  ].join('\n');
}

/** Whether the witnesses of these names (names of the policy, not of keys) make its quorum. */
export function meets({ witnesses, groups, quorum }: Policy, names: Iterable<string>): boolean {
  const asked = new Set(names);
  const counting = new Set(witnesses.map(({ name }) => name).filter((name) => asked.has(name)));
  // A group names only what stands before it, so one pass in order is enough.
  for (const { name, threshold, members } of groups) {
    if (members.filter((member) => counting.has(member)).length >= threshold) counting.add(name);
  }
  return quorum === 'none' || counting.has(quorum);
}

export interface WitnessedCheckpoint {
  readonly checkpoint: ForeignCheckpoint;
  /** The line of the log's own key. */
  readonly log: VerifiedLine;
  /** The witnesses of the policy that cosigned, each with the time it stated. */
  readonly witnesses: readonly { readonly name: string; readonly timeS: number }[];
}

/** Opens a checkpoint under a policy: signed by a listed log whose key has the name of the origin, and cosigned by its quorum. */
export function checkPolicy(suite: Suite, policy: Policy, note: Note): Verdict<WitnessedCheckpoint, ProofRefusal> {
  const checkpoint = parseForeignCheckpoint(note.text);
  if (!checkpoint.ok) return checkpoint;
  const opened = openNote(suite, note, [...policy.logs, ...policy.witnesses].map(({ key }) => key));
  if (!opened.ok) return opened;
  const log = opened.value.verified.find(({ key }) => key.name === checkpoint.value.origin && policy.logs.some((one) => one.key === key));
  if (log === undefined) return refuse('policy-not-met', undefined, 'log');
  const witnesses = opened.value.verified.flatMap(({ key, timeS }) => {
    const witness = policy.witnesses.find((one) => one.key === key);
    return witness === undefined || timeS === undefined ? [] : [{ name: witness.name, timeS }];
  });
  if (!meets(policy, witnesses.map(({ name }) => name))) return refuse('policy-not-met', undefined, policy.quorum);
  return yes({ checkpoint: checkpoint.value, log, witnesses });
}
