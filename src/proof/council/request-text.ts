/** What a seat's agent signs to fetch its mail and to send: it proves who asks, and that nobody replays or changes the request. */

import { yes } from '../../base/index.ts';
import type { Verdict } from '../../base/index.ts';
import { hex, utf8 } from '../bytes.ts';
import { refuse } from '../refusals.ts';
import type { ProofRefusal } from '../refusals.ts';
import type { Suite } from '../suite.ts';
import { openStrictly } from './admitted-roll.ts';
import type { KeyRing } from './admitted-roll.ts';
import { LineReader, printLines, printSeat, printTime } from './lines.ts';

export const REQUEST_TYPE = 'mizan-council/request/v1';
/** The header that carries the signed note, in base64, since a header is one line. */
export const REQUEST_HEADER = 'council-signature';

export interface SeatRequest {
  readonly council: string;
  readonly seat: number;
  /** 32 hexadecimal digits, new at each start of the agent. */
  readonly instance: string;
  readonly timeS: number;
  /** `requestDigest` of what is asked. */
  readonly digest: string;
}

/** SHA-256 of method, space, path with query, space, body; the body is empty where there is none. */
export function requestDigest(suite: Suite, method: string, path: string, body: Uint8Array): string {
  return hex(suite.sha256(utf8(`${method} ${path} `), body));
}

export function printRequest(it: SeatRequest): string {
  return printLines([REQUEST_TYPE, `council ${it.council}`, `seat ${printSeat(it.seat)}`, `instance ${it.instance}`, `time ${printTime(it.timeS)}`, `digest sha256:${it.digest}`]);
}

export function parseRequest(text: string): Verdict<SeatRequest, ProofRefusal> {
  const lines = new LineReader(text, REQUEST_TYPE);
  const council = lines.name('council');
  const seat = lines.asSeat(lines.value('seat'));
  const instance = lines.value('instance');
  lines.check(/^[0-9a-f]{32}$/.test(instance), 'text-digest', instance);
  const timeS = lines.time('time');
  return lines.finish({ council, seat, instance, timeS, digest: lines.asNamedDigest(lines.value('digest')) });
}

/**
 * Whether the note is a request of the seat it names for exactly this, made within `clockErrorS` of `nowS`. That an (instance, time, digest) is
 * taken once is for the caller, who has a memory.
 */
export function openRequest(suite: Suite, note: string, agents: KeyRing, asked: { readonly council: string; readonly digest: string; readonly nowS: number; readonly clockErrorS: number }): Verdict<SeatRequest, ProofRefusal> {
  const opened = openStrictly(suite, note, agents);
  if (!opened.ok) return opened;
  const read = parseRequest(opened.value.text);
  if (!read.ok) return read;
  const { council, seat, timeS, digest } = read.value;
  if (council !== asked.council) return refuse('other-council', 2, council);
  if (opened.value.signed[0]?.seat !== seat) return refuse('text-seat', 3, printSeat(seat));
  if (Math.abs(timeS - asked.nowS) > asked.clockErrorS) return refuse('text-time', 5, printTime(timeS));
  return digest === asked.digest ? yes(read.value) : refuse('text-digest', 6, digest);
}
