/** Under which body somebody may write: people of an organisation under those of their own, the regulator under any name. */

import { no, type Verdict, yes } from '../../../base/index.ts';
import type { Scope } from '../../../platform/auth/index.ts';
import type { Tx } from '../../../platform/db/index.ts';
import type { SystemEntry, SystemRecord } from '../model.ts';
import { bodiesOf, type Body, bodyKey, ensureBody } from '../store/bodies.ts';
import type { ActionParts } from './parts.ts';
import type { RegistryRefusal } from './refusals.ts';

/** A name that an entry may bear, and whose it is. */
export interface Offer {
  readonly organisation: string;
  readonly name: string;
  /** Undefined before the first entry. */
  readonly body?: string;
}

/** Organisations whose names are asked for; beyond it those that have entries already are offered. */
const NAMES_MAX = 500;

/** The first is the one to write under: what the regulator gave stands before what the organisation made. */
export function bodyToWrite(bodies: readonly Body[]): { readonly id: string; readonly name: string } | undefined {
  const [body] = bodies;
  return body === undefined ? undefined : { id: body.id, name: body.name };
}

/** Chosen by its place in no list, so any order of names that is always the same will do. */
const byName = (left: Offer, right: Offer): number => (left.name < right.name ? -1 : left.name > right.name ? 1 : 0);

/** One offer a name and organisation, in the order of the names; undefined for those who may write under any name. */
export async function offersOf({ database, organisationNames }: ActionParts, scope: Scope): Promise<readonly Offer[] | undefined> {
  if (scope.reach !== 'own') return undefined;
  const offers = new Map<string, Offer>();
  /** Who was given a body writes under its name; whoever else is called writes under what they are called now, and goes on under former names. */
  const settled = new Set<string>();
  for (const body of await bodiesOf(database.db, scope.organisations)) {
    if (body.isGiven) settled.add(body.organisation);
    const key = `${body.organisation} ${bodyKey(body.name)}`;
    if (!offers.has(key)) offers.set(key, { organisation: body.organisation, name: body.name, body: body.id });
  }
  const others = scope.organisations.filter((id) => !settled.has(id)).slice(0, NAMES_MAX);
  const names = others.length === 0 ? new Map<string, string>() : await organisationNames(others);
  for (const [organisation, name] of names) {
    const key = `${organisation} ${bodyKey(name)}`;
    if (!offers.has(key)) offers.set(key, { organisation, name });
  }
  return [...offers.values()].sort(byName);
}

/** Chosen before the transaction begins, made in it. `undefined` leaves the body to the name in the record. */
export async function chooseBody(parts: ActionParts, scope: Scope, record: SystemRecord): Promise<Verdict<(tx: Tx, entry?: SystemEntry) => Promise<string | undefined>, RegistryRefusal>> {
  const offers = await offersOf(parts, scope);
  if (offers === undefined) return yes(async () => undefined);
  const key = bodyKey(record.organisation);
  const offer = offers.find((one) => bodyKey(one.name) === key);
  if (offer === undefined) return no({ code: 'organisation-not-yours', yours: offers.map((one) => one.name) });
  return yes(async (tx, entry) => {
    if (entry !== undefined && bodyKey(entry.body.name) === key) return entry.body.id;
    return offer.body ?? ensureBody(tx, offer.organisation, offer.name, parts.clock.now());
  });
}
