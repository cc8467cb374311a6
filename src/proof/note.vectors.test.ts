/** Notes, checkpoints, cosignatures, policies and witness requests against what others published. */

import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { base64, fromBase64, fromHex, fromUtf8, hex, utf8 } from './bytes.ts';
import { parseCheckpoint, parseForeignCheckpoint, printCheckpoint } from './checkpoint.ts';
import { statedTime } from './cosignature.ts';
import { leafHash } from './merkle.ts';
import { nodeSuite, signerOf } from './node-suite.ts';
import { addLines, KEY_TYPES, openNote, parseNote, parseNoteBytes, parseVkey, printNote, printVkey, signLine, signNote, verifierKey, type NoteSigner, type VerifierKey } from './note.ts';
import { cosign } from './cosignature.ts';
import { nobleSuite } from './noble-suite.ts';
import { meets, parsePolicy, printPolicy } from './policy.ts';
import { codeOfUnread, judgeAddCheckpoint, originOf, parseAddCheckpoint, printAddCheckpoint, type WitnessedLog } from './witness.ts';
import type { Suite } from './suite.ts';

const vectors = join(import.meta.dirname, '../../../shared/data/vectors');
const present = existsSync(vectors);
if (!present) console.warn('SKIPPED: the published vectors of notes and witnesses are not here (../shared/data/vectors).');

const textOf = (...path: readonly string[]): string => readFileSync(join(vectors, ...path), 'utf8');
const SUITES: readonly (readonly [string, Suite])[] = [
  ['node:crypto', nodeSuite],
  ['noble', nobleSuite],
];

function must<T>(verdict: { ok: true; value: T } | { ok: false; refusal: { code: string } }): T {
  if (!verdict.ok) throw new Error(`refused: ${JSON.stringify(verdict.refusal)}`);
  return verdict.value;
}
function codeOf(verdict: { ok: true } | { ok: false; refusal: { code: string } }): string {
  return verdict.ok ? 'accepted' : verdict.refusal.code;
}
const key = (text: string): VerifierKey => must(parseVkey(nodeSuite, text));
const lineNames = (lines: readonly { name: string; id: string }[]): string[] => lines.map(({ name, id }) => `${name}+${id}`);

/** The signer of `PRIVATE+KEY+name+id+base64(kind, seed)`, as the published test keys are written. */
function signerOfPrivateKey(text: string): NoteSigner {
  const [, , name = '', , ...rest] = text.split('+');
  const bytes = fromBase64(rest.join('+'));
  if (bytes === undefined) throw new Error('not a private key');
  return { name, ...signerOf(bytes.slice(1)) };
}

describe.skipIf(!present)('the example of the signed-note specification', () => {
  const spec = present ? textOf('c2sp-specs', 'signed-note.md') : '';
  const vkey = /^ {4}(example\.com\/foo\+\S+)$/m.exec(spec)?.[1] ?? '';
  const note = /```\n(This is an example[\s\S]*?)```/.exec(spec)?.[1] ?? '';

  it.each(SUITES)('opens on %s and is written back as it was', (_, suite) => {
    const parsed = must(parseNote(note));
    expect(must(openNote(suite, parsed, [key(vkey)])).verified).toHaveLength(1);
    expect(printNote(parsed)).toBe(note);
    expect(printVkey(key(vkey))).toBe(vkey);
  });

  it('does not open when any one byte is another', () => {
    const bytes = utf8(note);
    for (let at = 0; at < bytes.length; at += 1) {
      const changed = bytes.slice();
      changed[at] = (changed[at] as number) ^ 1;
      const parsed = parseNoteBytes(changed);
      expect(parsed.ok && openNote(nodeSuite, parsed.value, [key(vkey)]).ok).toBe(false);
    }
  });
});

interface GoNotes {
  readonly keys: Readonly<Record<'PeterNeumann' | 'EnochRoot', { vkey: string; skey?: string }>>;
  readonly bad_vkeys: readonly { vkey?: string }[];
  readonly sign: { text: string; note: string };
  readonly sign_two: { note: string };
  readonly open: readonly { id: string; note?: string; note_base64?: string; verifiers: readonly string[]; result: string; verified?: readonly string[]; unverified?: readonly string[] }[];
}

describe.skipIf(!present)('the notes of Go', () => {
  const go = present ? (JSON.parse(textOf('golang-mod-sumdb', 'signed-note.json')) as GoNotes) : ({} as GoNotes);

  it('open as Go opens them, all 16', () => {
    expect(go.open).toHaveLength(16);
    for (const { id, note, note_base64, verifiers, result, verified = [], unverified = [] } of go.open) {
      const parsed = note === undefined ? parseNoteBytes(fromBase64(note_base64 ?? '') ?? new Uint8Array()) : parseNote(note);
      const opened = parsed.ok ? openNote(nodeSuite, parsed.value, verifiers.map(key)) : parsed;
      if (result === 'ok') {
        const { verified: lines, unknown } = must(opened);
        expect([id, lineNames(lines.map(({ line }) => line)), lineNames(unknown)]).toEqual([id, verified, unverified]);
      } else {
        expect([id, codeOf(opened)]).toEqual([id, expect.stringMatching(GO_ERRORS[result.replace(/ (?:for key|key) .*/, '')] ?? 'unexpected')]);
      }
    }
  });

  it('are signed as Go signs them', () => {
    const signer = signerOfPrivateKey(go.keys.PeterNeumann.skey ?? '');
    const note = signNote(nodeSuite, go.sign.text, signer);
    expect(printNote(note)).toBe(go.sign.note);
    // Signing once more replaces the line of the same key.
    expect(printNote(addLines(note, signLine(nodeSuite, note.text, signer)))).toBe(go.sign.note);
    const enoch = must(parseNote(go.sign_two.note)).lines.slice(1);
    expect(printNote(addLines(note, ...enoch))).toBe(go.sign_two.note);
  });

  it('refuse to sign what is no note', () => {
    const signer = signerOfPrivateKey(go.keys.PeterNeumann.skey ?? '');
    expect(() => printNote(signNote(nodeSuite, 'no final newline', signer))).toThrow('note');
    expect(() => printNote(signNote(nodeSuite, 'a\n', { ...signer, name: 'a+b' }))).toThrow('name');
  });

  it('refuse the bad keys, every part of the good one, and the good one with any byte raised', () => {
    const good = go.keys.PeterNeumann.vkey;
    const bad = go.bad_vkeys.flatMap(({ vkey }) => (vkey === undefined ? [] : [vkey]));
    expect(bad.map((vkey) => codeOf(parseVkey(nodeSuite, vkey)))).toEqual(['key-form', 'key-type']);
    for (let length = 0; length < good.length; length += 1) expect(parseVkey(nodeSuite, good.slice(0, length)).ok).toBe(false);
    for (let from = 1; from < good.length; from += 1) expect(parseVkey(nodeSuite, good.slice(from)).ok).toBe(false);
    for (let at = 0; at < good.length; at += 1) {
      const raised = good.slice(0, at) + String.fromCharCode(good.charCodeAt(at) + 1) + good.slice(at + 1);
      expect([raised, parseVkey(nodeSuite, raised).ok]).toEqual([raised, false]);
    }
    expect(key(good).publicKey).toHaveLength(32);
  });
});

/** What Go says, and which of our refusals say it more exactly. */
const GO_ERRORS: Readonly<Record<string, RegExp>> = {
  'error: note has no verifiable signatures': /^note-no-known-key$/,
  'error: ambiguous': /^key-ambiguous$/,
  'error: invalid signature': /^note-bad-signature$/,
  'error: malformed note': /^note-(?:not-utf8|control-character|no-final-newline|no-signatures|signature-line|key-name|signature-base64|too-many-signatures)$/,
};

interface Formats {
  readonly checkpoint_parse: readonly { id: string; checkpoint: string; valid: boolean; origin?: string; size?: number; hash_text?: string; rest?: string }[];
  readonly checkpoint_extended: { text: string; origin: string; size: number; hash_text: string; extension_lines: readonly string[] };
  readonly log_ids: { cases: readonly { origin: string; log_id_hex: string }[] };
  readonly checkpoint_signatures: {
    keys: Readonly<Record<string, { vkey: string; skey: string }>>;
    cases: readonly { id: string; expected_origin: string; text: string; signed_by: readonly string[]; error: boolean; verified_signatures: number }[];
  };
  readonly real_checkpoint: { vkey: string; note: string; origin: string; size: number; extra_cosigners: Readonly<Record<string, string>>; extra_signature_lines: Readonly<Record<string, string>> };
  readonly cosignature_v1: { vkeys: readonly { id: string; vkey: string; valid: boolean }[]; timestamps: readonly { id: string; signature_base64: string; unix_time?: number }[] };
  readonly ecdsa_notes: readonly { id: string; vkey: string; note: string }[];
  readonly rfc6962_notes: { verifier_strings: readonly { vkey: string }[]; checkpoints: readonly { vkey: string; note: string }[] };
  readonly witness_policy: {
    valid_n2: readonly { id: string; policy: string }[];
    group_threshold: readonly { id: string; policy: string; threshold: number }[];
    errors: readonly { id: string; policy: string }[];
  };
}

describe.skipIf(!present)('the formats of transparency-dev', () => {
  const formats = present ? (JSON.parse(textOf('transparency-dev-formats', 'formats.json')) as Formats) : ({} as Formats);
  // Their roots are short words. Ours have the 32 bytes of SHA-256, so the same case is asked with a root of that length as well.
  const withRealRoot = (text: string, hashText: string): string => text.replace(base64(utf8(hashText)), base64(nodeSuite.sha256(utf8(hashText))));

  it('checkpoints are read alike, all 12', () => {
    expect(formats.checkpoint_parse).toHaveLength(12);
    for (const { id, checkpoint, valid, origin, size, hash_text = '', rest = '' } of formats.checkpoint_parse) {
      expect([id, parseForeignCheckpoint(checkpoint).ok]).toEqual([id, false]);
      if (!valid) continue;
      expect([id, codeOf(parseForeignCheckpoint(checkpoint))]).toEqual([id, 'checkpoint-root']);
      const real = withRealRoot(checkpoint, hash_text);
      const read = parseForeignCheckpoint(real);
      // The specification wants extension lines to be non-empty; the Go library does not look at them.
      if (rest.startsWith('\n')) expect([id, codeOf(read)]).toEqual([id, 'checkpoint-extension']);
      else {
        expect(must(read)).toEqual({ origin, size, root: nodeSuite.sha256(utf8(hash_text)), extensions: rest === '' ? [] : rest.slice(0, -1).split('\n') });
        expect(codeOf(parseCheckpoint(real))).toBe(rest === '' ? 'accepted' : 'checkpoint-extension');
      }
    }
  });

  it('extension lines are kept apart', () => {
    const { text, origin, size, hash_text, extension_lines } = formats.checkpoint_extended;
    expect(must(parseForeignCheckpoint(withRealRoot(text, hash_text)))).toEqual({ origin, size, root: nodeSuite.sha256(utf8(hash_text)), extensions: extension_lines });
  });

  it('names of logs digest as UTF-8', () => {
    for (const { origin, log_id_hex } of formats.log_ids.cases) expect(hex(nodeSuite.sha256(utf8('o:'), utf8(origin)))).toBe(log_id_hex);
  });

  it('the 12 combinations of signatures', () => {
    const { keys, cases } = formats.checkpoint_signatures;
    expect(cases).toHaveLength(12);
    const known = ['log', 'known1', 'known2'].map((name) => key(keys[name]?.vkey ?? ''));
    for (const { id, expected_origin, text, signed_by, error, verified_signatures } of cases) {
      const real = text.replace('YWJjZGVm', base64(nodeSuite.sha256(utf8('abcdef'))));
      const lines = signed_by.map((name) => signLine(nodeSuite, real, signerOfPrivateKey(keys[name]?.skey ?? '')));
      const parsed = lines.length === 0 ? parseNote(`${real}\n`) : parseNote(printNote({ text: real, lines }));
      const opened = parsed.ok ? openNote(nodeSuite, parsed.value, known) : parsed;
      const checkpoint = parseCheckpoint(real);
      const accepted = opened.ok && checkpoint.ok && checkpoint.value.origin === expected_origin && opened.value.verified.some((line) => line.key === known[0]);
      expect([id, accepted, opened.ok ? opened.value.verified.length : 0]).toEqual([id, !error, verified_signatures]);
    }
  });

  it('a real checkpoint with its real cosigners', () => {
    const { vkey, note, origin, size, extra_cosigners, extra_signature_lines } = formats.real_checkpoint;
    const all = must(parseNote(note + Object.values(extra_signature_lines).join('\n') + '\n'));
    const opened = must(openNote(nodeSuite, all, [vkey, ...Object.values(extra_cosigners)].map(key)));
    expect(opened.verified).toHaveLength(4);
    const checkpoint = must(parseCheckpoint(opened.text));
    expect([checkpoint.origin, checkpoint.size, printCheckpoint(checkpoint)]).toEqual([origin, size, opened.text]);
    expect(must(openNote(nodeSuite, all, [key(vkey)])).unknown).toHaveLength(3);
  });

  it('keys of cosigners, all 8', () => {
    expect(formats.cosignature_v1.vkeys).toHaveLength(8);
    for (const { id, vkey, valid } of formats.cosignature_v1.vkeys) {
      const read = parseVkey(nodeSuite, vkey);
      if (id === 'works: native algMLDSA44 verifier') {
        // The identity written in this one is not the digest that tlog-cosignature lays down; with that digest the key is read.
        expect(codeOf(read)).toBe('key-id');
        const publicKey = fromBase64(vkey.split('+').slice(2).join('+'))?.slice(1) ?? new Uint8Array();
        const right = verifierKey(nodeSuite, 'test', KEY_TYPES.cosignatureMlDsa44, publicKey);
        expect(must(parseVkey(nodeSuite, printVkey(right)))).toEqual(right);
        continue;
      }
      expect([id, read.ok]).toEqual([id, valid]);
      if (read.ok) expect(printVkey(read.value)).toBe(vkey);
    }
  });

  it('times of cosignatures', () => {
    for (const { id, signature_base64, unix_time } of formats.cosignature_v1.timestamps) {
      const bytes = fromBase64(signature_base64);
      expect([id, bytes === undefined ? undefined : statedTime(bytes.subarray(4))]).toEqual([id, unix_time]);
    }
  });

  it('kinds of keys this product does not use (ECDSA 0x02, RFC 6962 0x05) are refused, and their lines stay unknown', () => {
    const spki = formats.ecdsa_notes.filter(({ id }) => id.endsWith('works'));
    expect(spki.length).toBeGreaterThan(0);
    for (const { vkey } of [...spki, ...formats.rfc6962_notes.verifier_strings]) expect(codeOf(parseVkey(nodeSuite, vkey))).toBe('key-type');
    for (const { note } of [...formats.ecdsa_notes, ...formats.rfc6962_notes.checkpoints]) {
      const parsed = must(parseNote(note));
      expect(printNote(parsed)).toBe(note);
      expect(codeOf(openNote(nodeSuite, parsed, []))).toBe('note-no-known-key');
    }
  });

  it('policies are read alike', () => {
    for (const { id, policy } of formats.witness_policy.valid_n2) {
      const read = must(parsePolicy(nodeSuite, policy));
      expect([id, meets(read, ['w1']), meets(read, ['w2']), meets(read, ['w1', 'w2'])]).toEqual([id, false, false, true]);
      expect(must(parsePolicy(nodeSuite, printPolicy(read)))).toEqual(read);
    }
    for (const { id, policy, threshold } of formats.witness_policy.group_threshold) {
      // These list one key as two witnesses, which the text of the specification forbids; with the second one away they are read.
      expect([id, codeOf(parsePolicy(nodeSuite, policy))]).toEqual([id, 'policy-key-twice']);
      const once = policy.replace(/^witness w3 .*\n/m, '').replace(/^(group .*) w3/m, '$1');
      expect([id, must(parsePolicy(nodeSuite, once)).groups[0]?.threshold]).toEqual([id, id === 'group all' ? threshold - 1 : threshold]);
    }
    expect(formats.witness_policy.errors.map(({ id, policy }) => [id, codeOf(parsePolicy(nodeSuite, policy))])).toEqual([
      ['no quorum', 'policy-quorum-missing'],
      ['unknown quorum component', 'policy-name-unknown'],
      ['duplicate component name', 'policy-name-taken'],
      // Its third witness repeats the key of the second, which stands before the bad threshold.
      ['negative threshold', 'policy-key-twice'],
      ['witness name is keyword', 'policy-name-taken'],
      ['witness name is keyword', 'policy-name-taken'],
    ]);
  });
});

interface Torchwood {
  readonly setup: { litewitness: { log_public_key_hex: string; log_origin: string; final_size: number }; sumdb: { log_vkey: string; log_origin: string; final_size: number }; bastion: { final_size: number } };
  readonly requests: readonly { script: 'litewitness' | 'sumdb' | 'bastion'; request_body: string; status: number; body?: string; body_contains?: string }[];
}

describe.skipIf(!present)('the witness of torchwood', () => {
  const { setup, requests } = present ? (JSON.parse(textOf('torchwood', 'add-checkpoint.json')) as Torchwood) : ({} as Torchwood);

  it('is asked and answers alike, all 11 in their order', () => {
    expect(requests).toHaveLength(11);
    const { log_origin, log_public_key_hex } = setup.litewitness;
    const sigsum: WitnessedLog = { keys: [verifierKey(nodeSuite, log_origin, KEY_TYPES.note, fromHex(log_public_key_hex) ?? new Uint8Array())] };
    const fresh = (): Map<string, WitnessedLog> => new Map([[log_origin, sigsum], [setup.sumdb.log_origin, { keys: [key(setup.sumdb.log_vkey)] }]]);
    const witnesses = { litewitness: fresh(), sumdb: fresh(), bastion: fresh() };
    for (const { script, request_body, status, body, body_contains } of requests) {
      const read = parseAddCheckpoint(request_body);
      if (!read.ok) {
        // A signature whose last digit has spare bits set is refused before it is verified, with the code of a wrong one.
        expect([read.refusal.code, codeOfUnread(read.refusal)]).toEqual(['note-signature-base64', status]);
        continue;
      }
      const request = read.value;
      expect(printAddCheckpoint(request)).toBe(request_body);
      const origin = originOf(request) ?? '';
      const log = witnesses[script].get(origin);
      const answer = judgeAddCheckpoint(nodeSuite, log, request);
      // The script answers 403 for a log it does not know; the text of the protocol wants 404.
      expect([request_body, answer.code]).toEqual([request_body, body_contains === 'unknown log' ? 404 : status]);
      if (answer.code === 409) expect(answer.body).toBe(body);
      if (answer.code === 200 && log !== undefined) witnesses[script].set(origin, { ...log, last: answer.last });
    }
    expect(witnesses.litewitness.get(log_origin)?.last?.size).toBe(setup.litewitness.final_size);
    expect(witnesses.sumdb.get(setup.sumdb.log_origin)?.last?.size).toBe(setup.sumdb.final_size);
    expect(witnesses.bastion.get(log_origin)?.last?.size).toBe(setup.bastion.final_size);
  });
});

describe('the worked example of the documentation', () => {
  // The three seeds are those of RFC 8032 §7.1, tests 1, 2 and 3.
  const seeds = ['9d61b19deffd5a60ba844af492ec2cc44449c5697b326919703bac031cae7f60', '4ccd089b28ff96da9db6c346ec114e0f5b8a319f35aba624da8cf6ed4fb8a6fb', 'c5aa8df43f9f837bedb7442f31dcb7b166d38535076f094b85ce3a2e0b4458f7'];
  const [ballotSigner, cosigner, logSigner] = ['ballot.seat01.council.example', 'seat01.council.example', 'council.example'].map((name, at) => ({ name, ...signerOf(fromHex(seeds[at] ?? '') ?? new Uint8Array()) })) as [NoteSigner, NoteSigner, NoteSigner];
  const digest = (text: string): string => hex(nodeSuite.sha256(utf8(text)));
  const ballot = [
    'mizan-council/ballot/v1',
    'council council.example',
    `epoch 7 ${digest('mizan-council/slot-roll/v1\nexample\n')}`,
    'slot 2027-014 round 1',
    `motion sha256:${digest('mizan-council/motion/v1\nexample\n')}`,
    'opened 0 47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=',
    'closes 2027-03-18T14:00:00Z',
    'choice yes',
    '',
  ].join('\n');
  const note = signNote(nodeSuite, ballot, ballotSigner);
  const checkpoint = printCheckpoint({ origin: 'council.example', size: 1, root: leafHash(nodeSuite, utf8(printNote(note))) });

  it('has these keys', () => {
    expect([printVkey(verifierKey(nodeSuite, ballotSigner.name, KEY_TYPES.note, ballotSigner.publicKey)), printVkey(verifierKey(nodeSuite, cosigner.name, KEY_TYPES.cosignature, cosigner.publicKey)), printVkey(verifierKey(nodeSuite, logSigner.name, KEY_TYPES.note, logSigner.publicKey))]).toEqual([
      'ballot.seat01.council.example+a75fb955+AddamAGCsQq31Uv+08lkBzoO4XLz2qYjJa8CGmj3B1Ea',
      'seat01.council.example+d42f0702+BD1AF8PoQ4lakrcKp00bfrycmCzPLsSWjMDNVfEq9GYM',
      'council.example+2a4fe338+AfxRzY5iGKGjjaR+0AIw8FgIFu0TujMDrF3rkRVIkIAl',
    ]);
  });

  it('has this ballot and these lines', () => {
    expect([utf8(ballot).length, digest(ballot)]).toEqual([315, 'fced49f8d924e6ebfc9a3ed24120903293b7406807f4e847cdeaf452c853a1eb']);
    expect(utf8(printNote(note))).toHaveLength(443);
    expect(printNote(note).split('\n').at(-2)).toBe('— ballot.seat01.council.example p1+5VZnkTFKeybOVFHyzXVZGrcmaSocU8YZp67319GeyQiN6LBH96/2jmZijx2PhMNz35W1ugRu26bjqt/TEsZSzuwM=');
    const timeS = 0x6b9be360;
    const certified = addLines(signNote(nodeSuite, checkpoint, logSigner), cosign(nodeSuite, cosigner, checkpoint, timeS));
    expect(printNote(certified)).toBe(
      [
        'council.example',
        '1',
        '4ISHB3JS2lZuZG0c+7XducBRCvuYNCOVaZ5XEh84d7M=',
        '',
        '— council.example Kk/jOK0pWCYVrj58OGViufTQLwly0b+yrbdOAOAI4px3dhKn4hchBR+mDc1YILb9J90rbxNYjmVE9bsoJyGXv3e5BQ0=',
        '— seat01.council.example 1C8HAgAAAABrm+NgpJMgZxF8t+B4viPDr0i51Dn6Vw8+cQDwZQMTA9AkKwqQIVmqUdqFl0X80s7e9nkswO+JdOjmw+CulwfJF0XbAQ==',
        '',
      ].join('\n'),
    );
    const keys = [verifierKey(nodeSuite, cosigner.name, KEY_TYPES.cosignature, cosigner.publicKey), verifierKey(nodeSuite, logSigner.name, KEY_TYPES.note, logSigner.publicKey)];
    for (const [, suite] of SUITES) expect(must(openNote(suite, certified, keys)).verified.map((line) => line.timeS)).toEqual([undefined, timeS]);
  });

  it('is UTF-8 both ways', () => expect(fromUtf8(utf8(printNote(note)))).toBe(printNote(note)));
});
