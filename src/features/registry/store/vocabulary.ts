/** The vocabulary of the register, for other endings and near misses: words of published entries, and apart from them words of all others. */

import { sql } from 'kysely';
import type { Tx } from '../../../platform/db/index.ts';

const WORD_LENGTH_MIN = 3;
/** Words known to be stored, so that an import asks for each once. Owned by this module; forgotten when it grows too large. */
const KNOWN_WORDS_MAX = 200_000;
const known = new WeakMap<object, Set<string>>();

/** What a batch of entries brings, by the body of the entry where it is not published. Owned by one call; never shared. */
export class Vocabulary {
  readonly published = new Set<string>();
  readonly apart = new Map<string, Set<string>>();

  /** Words of digits are found as they are and never by likeness. */
  add(word: string, unpublishedBody: string | undefined): void {
    if (word.length < WORD_LENGTH_MIN || /^\d+$/.test(word)) return;
    if (unpublishedBody === undefined) {
      this.published.add(word);
      return;
    }
    const mine = this.apart.get(unpublishedBody) ?? new Set();
    this.apart.set(unpublishedBody, mine.add(word));
  }
}

/** Adds new words. One that is published already is not kept apart too. */
export async function rememberWords(tx: Tx, vocabulary: Vocabulary): Promise<void> {
  const seen = knownTo(tx);
  const published = [...vocabulary.published].filter((word) => !seen.has(word));
  if (published.length > 0) {
    await sql`insert into registry_words (word)
      select x from jsonb_array_elements_text(${JSON.stringify(published)}::jsonb) x where not exists (select 1 from registry_words w where w.word = x)`.execute(tx);
    for (const word of published) seen.add(word);
  }
  const apart = [...vocabulary.apart].flatMap(([body, words]) => [...words].filter((word) => !seen.has(word) && !seen.has(`${body} ${word}`)).map((word) => [body, word] as const));
  if (apart.length === 0) return;
  await sql`insert into registry_unpublished_words (word, organisation_id)
    select distinct x->>1, b.organisation_id from jsonb_array_elements(${JSON.stringify(apart)}::jsonb) x join registry_bodies b on b.id = (x->>0)::uuid
    where not exists (select 1 from registry_words w where w.word = x->>1)
      and not exists (select 1 from registry_unpublished_words w where w.word = x->>1 and w.organisation_id is not distinct from b.organisation_id)`.execute(tx);
  for (const [body, word] of apart) seen.add(`${body} ${word}`);
}

function knownTo(tx: Tx): Set<string> {
  let mine = known.get(tx);
  if (mine === undefined || mine.size > KNOWN_WORDS_MAX) {
    mine = new Set();
    known.set(tx, mine);
  }
  return mine;
}
