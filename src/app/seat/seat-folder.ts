/** The folder of a seat: who it is and whom it asks (`seat.json`), its sealed keys, and what it hands in (`keys.json`). */

import { randomBytes } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, renameSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { Fault, type Json } from '../../base/index.ts';
import { base64, cosign, cosignMlDsa44, emptyRoot, fromHex, hex, KEY_TYPES, type NoteSigner, printCheckpoint, printNote, printVkey, signNote, verifierKey } from '../../proof/index.ts';
import { mlDsa44SignerOf, nodeSuite as suite, signerOf } from '../../proof/node-suite.ts';
import { memberName } from '../../proof/council/admitted-roll.ts';
import { isName } from '../../proof/council/lines.ts';
import { identityName, MEMBER_KEYS_FORMAT, type HandedInKeys } from '../../proof/council/member-keys.ts';
import { type Person, possessionOrigin, printPossession } from '../../proof/council/seat-texts.ts';
import { Exit, EXIT } from '../exit.ts';
import { readPrivately, seal, type SealCost, unseal, writePrivately } from './sealed-file.ts';

const SETTINGS_FORMAT = 'mizan-seat/settings/v1';
const SETTINGS_BYTES_MAX = 64 * 1024;
export const SERVERS_MAX = 8;

export interface SeatSettings {
  /** Where mail is fetched and sent; more than one is as many relays. */
  readonly servers: readonly string[];
  readonly council: string;
  readonly origin: string;
  readonly epoch: number;
  readonly who: Person;
  /** SHA-256 of the genesis as the official gazette prints it; the seat runs only with it. */
  readonly genesis?: string;
}

/** What each sealed file holds, by its name in `keys/`. */
export const KEY_FILES = ['identity', 'ballot', 'agent'] as const;
export type KeyFile = (typeof KEY_FILES)[number];

export interface AgentKeys {
  readonly agent: NoteSigner;
  readonly cosign: NoteSigner;
  readonly mlDsa: NoteSigner;
}

const pathOf = (folder: string, file: KeyFile): string => join(folder, 'keys', `${file}.sealed`);
const settingsPath = (folder: string): string => join(folder, 'seat.json');

/** Ed25519 seeds and one of ML-DSA-44, in hexadecimal. */
interface Seeds {
  readonly identity: string;
  readonly ballot: string;
  readonly agent: string;
  readonly cosign: string;
  readonly mlDsa: string;
}

const signer = (name: string, seed: string): NoteSigner => ({ name, ...signerOf(fromHex(seed) ?? new Uint8Array()) });
const postQuantum = (name: string, seed: string): NoteSigner => ({ name, ...mlDsa44SignerOf(fromHex(seed) ?? new Uint8Array()) });

/** The file of the key ceremony: public keys, and each key's proof that somebody holds it here and now. */
function handedIn({ council, origin, epoch, who }: SeatSettings, seeds: Seeds): HandedInKeys {
  const member = `${memberName(who)}.${origin}`;
  const signers = { identity: signer(identityName(who, origin), seeds.identity), ballot: signer(`ballot.${member}`, seeds.ballot), agent: signer(`agent.${member}`, seeds.agent) };
  const vkeyOf = ({ name, publicKey }: NoteSigner, type: (typeof KEY_TYPES)[keyof typeof KEY_TYPES]): string => printVkey(verifierKey(suite, name, type, publicKey));
  const possession = (one: NoteSigner): string => printNote(signNote(suite, printPossession({ council, epoch, who, vkey: vkeyOf(one, KEY_TYPES.note) }), one));
  const cosigner = signer(member, seeds.cosign);
  const mlDsa = postQuantum(member, seeds.mlDsa);
  const empty = printCheckpoint({ origin: possessionOrigin(origin, epoch, who), size: 0, root: emptyRoot(suite) });
  return {
    format: MEMBER_KEYS_FORMAT,
    council,
    origin,
    epoch,
    who,
    identity: base64(signers.identity.publicKey),
    ballot: vkeyOf(signers.ballot, KEY_TYPES.note),
    cosign: vkeyOf(cosigner, KEY_TYPES.cosignature),
    agent: vkeyOf(signers.agent, KEY_TYPES.note),
    mlDsa: vkeyOf(mlDsa, KEY_TYPES.cosignatureMlDsa44),
    possession: {
      identity: possession(signers.identity),
      ballot: possession(signers.ballot),
      agent: possession(signers.agent),
      cosign: printNote({ text: empty, lines: [cosign(suite, cosigner, empty, 1), cosignMlDsa44(suite, mlDsa, empty, 1)] }),
    },
  };
}

/** Makes all keys, seals them and writes the folder. Answers what is handed in. Fault `seat-file-exists` when the folder is a seat's already. */
export function makeSeatFolder(folder: string, settings: SeatSettings, passphrase: string, cost?: SealCost): HandedInKeys {
  if (existsSync(settingsPath(folder))) throw new Fault('seat-file-exists', `${folder} is the folder of a seat already. What holds keys is never overwritten: choose another folder.`, { path: folder });
  mkdirSync(join(folder, 'keys'), { recursive: true, mode: 0o700 });
  const seed = (): string => hex(randomBytes(32));
  const seeds: Seeds = { identity: seed(), ballot: seed(), agent: seed(), cosign: seed(), mlDsa: seed() };
  const keys = handedIn(settings, seeds);
  writePrivately(pathOf(folder, 'identity'), seal('identity', JSON.stringify({ identity: seeds.identity }), passphrase, cost));
  writePrivately(pathOf(folder, 'ballot'), seal('ballot', JSON.stringify({ ballot: seeds.ballot }), passphrase, cost));
  writePrivately(pathOf(folder, 'agent'), seal('agent', JSON.stringify({ agent: seeds.agent, cosign: seeds.cosign, mlDsa: seeds.mlDsa }), passphrase, cost));
  writeSettings(folder, settings);
  return keys;
}

/** A member's keys for tests and the demonstration, which hold them in memory; the same as those of a folder. */
export function unsealedKeys(settings: SeatSettings): { readonly handedIn: HandedInKeys; readonly keys: AgentKeys; readonly ballot: NoteSigner } {
  const seed = (): string => hex(randomBytes(32));
  const seeds: Seeds = { identity: seed(), ballot: seed(), agent: seed(), cosign: seed(), mlDsa: seed() };
  const member = `${memberName(settings.who)}.${settings.origin}`;
  return {
    handedIn: handedIn(settings, seeds),
    keys: { agent: signer(`agent.${member}`, seeds.agent), cosign: signer(member, seeds.cosign), mlDsa: postQuantum(member, seeds.mlDsa) },
    ballot: signer(`ballot.${member}`, seeds.ballot),
  };
}

export function writeSettings(folder: string, { who, ...settings }: SeatSettings): void {
  const path = settingsPath(folder);
  writeFileSync(`${path}.next`, `${JSON.stringify({ format: SETTINGS_FORMAT, ...settings, ...who }, null, 2)}\n`, { mode: 0o600, flush: true });
  renameSync(`${path}.next`, path);
}

const GENESIS = /^(?:sha256:)?([0-9a-f]{64})$/;
/** The digits of a pinned genesis, or undefined. */
export const genesisIn = (text: string): string | undefined => GENESIS.exec(text.trim().toLowerCase())?.[1];

export function isServer(text: string): boolean {
  const url = URL.parse(text);
  return url !== null && (url.protocol === 'https:' || url.protocol === 'http:') && url.username === '' && url.password === '' && url.search === '' && url.hash === '';
}

function settingsIn(read: { readonly [key: string]: Json | undefined }): SeatSettings | undefined {
  const { format, servers, council, origin, epoch, seat, constituency, rank, genesis } = read;
  const areServers = Array.isArray(servers) && servers.length > 0 && servers.length <= SERVERS_MAX && servers.every((each) => typeof each === 'string' && isServer(each));
  if (format !== SETTINGS_FORMAT || !areServers || typeof council !== 'string' || typeof origin !== 'string' || !isName(council) || !isName(origin) || typeof epoch !== 'number') return undefined;
  const who = typeof seat === 'number' ? { seat } : typeof constituency === 'string' && typeof rank === 'number' ? { constituency, rank } : undefined;
  const pin = typeof genesis === 'string' ? genesisIn(genesis) : undefined;
  if (who === undefined || (genesis !== undefined && pin === undefined)) return undefined;
  return { servers: servers as readonly string[], council, origin, epoch, who, ...(pin === undefined ? {} : { genesis: pin }) };
}

export function readSettings(folder: string): SeatSettings {
  const path = settingsPath(folder);
  try {
    if (statSync(path).size <= SETTINGS_BYTES_MAX) {
      const settings = settingsIn(JSON.parse(readFileSync(path, 'utf8')) as { readonly [key: string]: Json });
      if (settings !== undefined) return settings;
    }
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') throw new Exit(EXIT.usage, `${folder} is no folder of a seat. Make one with “mizan seat init”.`);
  }
  throw new Exit(EXIT.usage, `${path} cannot be read or lacks something. It holds servers, council, origin, epoch, seat and genesis.`);
}

function openKey(folder: string, file: KeyFile, passphrase: string): Readonly<Record<string, string>> {
  const path = pathOf(folder, file);
  if (!existsSync(path)) throw new Exit(EXIT.usage, `${path} is not there. ${file === 'agent' ? 'Without it the agent cannot sign.' : 'It may lie on another device, as it should: sign there.'}`);
  const opened = unseal(file, readPrivately(path), passphrase);
  if (opened.ok) return JSON.parse(opened.value) as Readonly<Record<string, string>>;
  throw new Exit(EXIT.usage, opened.refusal === 'passphrase' ? `The passphrase does not open ${path}, or the file was changed.` : `${path} is no sealed key of this kind (${opened.refusal}).`);
}

export function openAgentKeys(folder: string, { who, origin }: SeatSettings, passphrase: string): AgentKeys {
  const { agent = '', cosign: cosigning = '', mlDsa = '' } = openKey(folder, 'agent', passphrase);
  const member = `${memberName(who)}.${origin}`;
  return { agent: signer(`agent.${member}`, agent), cosign: signer(member, cosigning), mlDsa: postQuantum(member, mlDsa) };
}

export function openBallotKey(folder: string, { who, origin }: SeatSettings, passphrase: string): NoteSigner {
  return signer(`ballot.${memberName(who)}.${origin}`, openKey(folder, 'ballot', passphrase)['ballot'] ?? '');
}
