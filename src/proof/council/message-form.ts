/** Reads what seats and operator say to each other from JSON that anybody may have written: the form only, within named limits. */

import type { Json } from '../../base/index.ts';
import { ENTRY_BYTES_MAX, SEATS_MAX } from './lines.ts';
import { COSIGN_ENTRIES_MAX, REFUSED_REASONS } from './messages.ts';
import type { Address, Message, RefusedReason } from './messages.ts';

/** A checkpoint with all its lines, or a note of a cast; the log holds no longer entry. */
const NOTE_CHARS_MAX = ENTRY_BYTES_MAX;
/** Casts in one answer: two texts of each seat and kind, with room. */
export const CASTS_TOLD_MAX = 1024;
/** Messages of one envelope. */
export const ENVELOPE_MESSAGES_MAX = 256;

type Fields = Readonly<Record<string, Json | undefined>>;

const isText = (value: Json | undefined): value is string => typeof value === 'string' && value.length <= NOTE_CHARS_MAX;
const isCount = (value: Json | undefined): value is number => typeof value === 'number' && Number.isSafeInteger(value) && value >= 0;
const areTexts = (value: Json | undefined, most: number): value is readonly string[] & Json => Array.isArray(value) && value.length <= most && value.every(isText);
const isSeat = (value: Json | undefined): value is number => isCount(value) && value >= 1 && value <= SEATS_MAX;

export function readAddress(value: Json | undefined): Address | undefined {
  return value === 'operator' || isSeat(value) ? value : undefined;
}

function readRefused(it: Fields): Message | undefined {
  const { reason, size, entry, missing } = it;
  if (!REFUSED_REASONS.some((each) => each === reason) || !isCount(size)) return undefined;
  if ((entry !== undefined && !isCount(entry)) || (missing !== undefined && !areTexts(missing, CASTS_TOLD_MAX))) return undefined;
  return { kind: 'refused', reason: reason as RefusedReason, size, ...(entry === undefined ? {} : { entry }), ...(missing === undefined ? {} : { missing }) };
}

function readCosign({ note, from, entries, certified }: Fields): Message | undefined {
  if (!isText(note) || !isCount(from) || !areTexts(entries, COSIGN_ENTRIES_MAX)) return undefined;
  if (certified !== undefined && certified !== null && !isText(certified)) return undefined;
  return { kind: 'cosign', note, from, entries, certified: certified ?? undefined };
}

/** The message, or undefined where it has none of the forms. Unknown members are dropped. JSON has no `undefined`: null stands for it. */
export function readMessage(value: Json | undefined): Message | undefined {
  if (value === null || typeof value !== 'object' || Array.isArray(value)) return undefined;
  const it = value as Fields;
  switch (it['kind']) {
    case 'cast':
    case 'receipt':
      return isText(it['note']) ? { kind: it['kind'], note: it['note'] } : undefined;
    case 'cosign':
      return readCosign(it);
    case 'cosigned':
      return isText(it['text']) && isText(it['line']) ? { kind: 'cosigned', text: it['text'], line: it['line'] } : undefined;
    case 'refused':
      return readRefused(it);
    case 'where':
      return { kind: 'where' };
    case 'here': {
      const { certified, casts } = it;
      if ((certified !== undefined && certified !== null && !isText(certified)) || !areTexts(casts, CASTS_TOLD_MAX)) return undefined;
      return { kind: 'here', certified: certified ?? undefined, casts };
    }
    case 'held-asked':
      return isText(it['round']) ? { kind: 'held-asked', round: it['round'] } : undefined;
    case 'held':
      return isText(it['round']) && areTexts(it['casts'], CASTS_TOLD_MAX) ? { kind: 'held', round: it['round'], casts: it['casts'] } : undefined;
    default:
      return undefined;
  }
}

export interface Received {
  readonly from: Address;
  readonly message: Message;
}

/** The messages of a mailbox that have a form; others are dropped, since one bad letter must not hide the next. */
export function readMail(value: Json | undefined): readonly Received[] {
  if (!Array.isArray(value)) return [];
  return value.slice(0, CASTS_TOLD_MAX * 4).flatMap((each): readonly Received[] => {
    const fields = each !== null && typeof each === 'object' && !Array.isArray(each) ? (each as Fields) : {};
    const from = readAddress(fields['from']);
    const message = readMessage(fields['message']);
    return from === undefined || message === undefined ? [] : [{ from, message }];
  });
}
