/** Entries the platform itself writes: their type in the first line, then one canonical JSON text, without a name of any person. */

import { assert, canonical, type Json } from '../../../base/index.ts';
import { fromUtf8, hex, utf8 } from '../../../proof/bytes.ts';
import { commitPrivate } from '../../../proof/commitment.ts';
import { nodeSuite } from '../../../proof/node-suite.ts';
import { EVENT_BYTES_MAX, EVENT_TYPE, type LedgerEvent } from '../model.ts';

export interface Opening {
  readonly id: string;
  readonly commitment: Uint8Array;
  readonly salt: Uint8Array;
  /** Canonical JSON of what was committed to. */
  readonly content: string;
  readonly purpose: string;
}

export interface MadeEvent {
  readonly entry: Uint8Array;
  readonly openings: readonly Opening[];
}

/** The entry of an event; `fresh` gives a new id and 32 random bytes for each private field, so that nothing said twice can be linked. */
export function eventEntry(event: LedgerEvent, fresh: { readonly id: () => string; readonly salt: () => Uint8Array }): MadeEvent {
  const openings = Object.entries(event.private ?? {}).map(([field, content]): Opening => {
    const salt = fresh.salt();
    const commitment = commitPrivate(nodeSuite, salt, content);
    assert(commitment.ok, `the private field ${field} can be committed to`);
    return { id: fresh.id(), commitment: commitment.value, salt, content: canonical(content), purpose: `${event.kind} ${field}` };
  });
  const secrets = Object.fromEntries(Object.keys(event.private ?? {}).map((field, at) => [field, `sha256:${hex(openings[at]?.commitment ?? new Uint8Array())}`]));
  const entry = utf8(`${EVENT_TYPE}\n${canonical({ id: fresh.id(), kind: event.kind, at: event.at, body: event.body, ...(openings.length === 0 ? {} : { private: secrets }) })}\n`);
  assert(entry.length <= EVENT_BYTES_MAX, `an event is at most ${EVENT_BYTES_MAX} bytes; documents enter by their digest`);
  return { entry, openings };
}

/** What is shown of an entry: its type, and of an event what it says. */
export interface EntryView {
  readonly type: string;
  readonly kind: string | undefined;
  readonly at: string | undefined;
  /** The entry as text; undefined when it is none. */
  readonly text: string | undefined;
}

const TYPE = /^[a-z0-9][a-z0-9-]*(?:\/[a-z0-9-]+)+$/;

export function viewOf(entry: Uint8Array): EntryView {
  const text = fromUtf8(entry);
  const first = text?.slice(0, Math.max(0, text.indexOf('\n'))) ?? '';
  const type = TYPE.test(first) ? first : '';
  if (text === undefined || type !== EVENT_TYPE) return { type, kind: undefined, at: undefined, text };
  const event = parseJson(text.slice(first.length + 1));
  const member = (name: string): string | undefined => {
    const value = event?.[name];
    return typeof value === 'string' ? value : undefined;
  };
  return { type, kind: member('kind'), at: member('at'), text };
}

function parseJson(text: string): { readonly [name: string]: Json | undefined } | undefined {
  try {
    const value = JSON.parse(text) as Json;
    return typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as { readonly [name: string]: Json | undefined }) : undefined;
  } catch {
    return undefined;
  }
}
