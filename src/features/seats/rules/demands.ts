/** Demands of a minority that wait for signatures: read from the server's answer by form; the text to be signed says what is demanded. */

import type { Json } from '../../../base/index.ts';
import { parseComplaint, type Complaint } from '../../../proof/council/seat-texts.ts';

export const DEMANDS_MAX = 100;

export interface Demand {
  /** SHA-256 of the text. */
  readonly digest: string;
  /** What is signed, the same for all. */
  readonly text: string;
  readonly complaint: Complaint;
  readonly texts: Readonly<Record<string, string>>;
  /** Seats whose signatures are here. */
  readonly seats: readonly number[];
}

type Fields = Readonly<Record<string, Json | undefined>>;
const fieldsOf = (value: Json | undefined): Fields => (value !== null && typeof value === 'object' && !Array.isArray(value) ? (value as Fields) : {});

export function readDemands(value: Json): readonly Demand[] {
  const { demands } = fieldsOf(value);
  return (Array.isArray(demands) ? (demands as readonly Json[]) : []).slice(0, DEMANDS_MAX).flatMap((each): readonly Demand[] => {
    const { digest, text, texts, seats } = fieldsOf(each);
    if (typeof digest !== 'string' || typeof text !== 'string' || !Array.isArray(seats)) return [];
    const read = parseComplaint(text);
    const words = Object.fromEntries(Object.entries(fieldsOf(texts)).filter((one): one is [string, string] => typeof one[1] === 'string'));
    return read.ok ? [{ digest, text, complaint: read.value, texts: words, seats: seats.filter((seat): seat is number => typeof seat === 'number') }] : [];
  });
}
