/** Creates, edits, moves, restores and links systems: parse, load under lock, decide by a rule, save as a revision, announce. */

import { no, type Verdict, yes } from '../../../base/index.ts';
import type { Scope } from '../../../platform/auth/index.ts';
import type { Tx } from '../../../platform/db/index.ts';
import { parseRecord, type RevisionKind, type Status, type SystemEntry, type SystemRecord } from '../model.ts';
import { edit, move } from '../rules/lifecycle.ts';
import { bodyKey } from '../store/bodies.ts';
import { readEntry, readRevision } from '../store/read.ts';
import { insertSystems, lockStanding, productKeyOf, resolveProducts, reviseSystems } from '../store/save.ts';
import { tidy } from '../store/tidy.ts';
import { chooseBody } from './bodies.ts';
import { type ActionParts, REASON_LENGTH_MAX, visible } from './parts.ts';
import type { RegistryRefusal } from './refusals.ts';

type Answer = Promise<Verdict<SystemEntry, RegistryRefusal>>;

/** Creates a draft. `record` is parsed here; `sample` marks entries of the sample data. */
export async function createSystem(parts: ActionParts, scope: Scope, record: unknown, options: { readonly reason?: string; readonly sample?: boolean } = {}): Answer {
  if (scope.kind !== 'workspace') return no({ code: 'not-allowed' });
  const parsed = parseRecord(record);
  if (!parsed.ok) return no({ code: 'invalid', problems: parsed.refusal });
  const body = await chooseBody(parts, scope, parsed.value);
  if (!body.ok) return body;
  const at = parts.clock.now();
  const entry = await parts.database.db.transaction().execute(async (tx) => {
    const [id] = await insertSystems(tx, [{ record: parsed.value, status: 'draft', sample: options.sample ?? false, bodyId: await body.value(tx) }], { at, actor: scope.actor, reason: reasonOf(options.reason), kind: 'created' });
    return (await readEntry(tx, id ?? ''))?.entry;
  });
  if (entry === undefined) return no({ code: 'not-found' });
  await announced(parts, entry, 'created');
  return yes(entry);
}

/** Replaces the record, if the entry still stands at `expectedRevision`. */
export async function editSystem(parts: ActionParts, scope: Scope, id: string, expectedRevision: number, record: unknown, reason = ''): Answer {
  const parsed = parseRecord(record);
  if (!parsed.ok) return no({ code: 'invalid', problems: parsed.refusal });
  const body = await bodyOf(parts, scope, parsed.value);
  return change(parts, scope, id, expectedRevision, 'edited', reason, async (entry, tx) => {
    const verdict = edit(entry, parsed.value);
    if (!verdict.ok) return verdict;
    const bodyId = await body(tx, entry);
    return bodyId.ok ? yes({ record: verdict.value, status: entry.status, bodyId: bodyId.value }) : bodyId;
  });
}

/** Moves the entry to another status of its life. An organisation submits; putting on the register is for those who reach every organisation. */
export async function moveSystem(parts: ActionParts, scope: Scope, id: string, expectedRevision: number, to: Status, reason = ''): Answer {
  return change(parts, scope, id, expectedRevision, 'moved', reason, (entry) => {
    if (to === 'registered' && scope.reach === 'own') return no({ code: 'not-allowed' });
    if (isSentBack(scope, entry, to) && reason.trim() === '') return no({ code: 'reason-needed' });
    const verdict = move(entry, to);
    return verdict.ok ? yes({ record: entry.record, status: verdict.value }) : verdict;
  });
}

/** What an organisation submitted comes back to it with a reason; what it takes back itself needs none. */
function isSentBack(scope: Scope, entry: SystemEntry, to: Status): boolean {
  return scope.reach === 'all' && entry.organisationId !== undefined && entry.status === 'submitted' && to === 'draft';
}

/** Makes an earlier record stand again, as a new revision; the status stays as it is now. */
export async function restoreSystem(parts: ActionParts, scope: Scope, id: string, expectedRevision: number, revision: number, reason = ''): Answer {
  const known = await readRevision(parts.database.db, id, revision);
  const body = known === undefined ? undefined : await bodyOf(parts, scope, known.record);
  return change(parts, scope, id, expectedRevision, 'restored', reason, async (entry, tx) => {
    if (known === undefined || body === undefined) return no({ code: 'revision-not-found', revision });
    const verdict = edit(entry, known.record);
    if (!verdict.ok) return verdict;
    const bodyId = await body(tx, entry);
    return bodyId.ok ? yes({ record: verdict.value, status: entry.status, bodyId: bodyId.value }) : bodyId;
  });
}

/** Says that the system is a deployment of a product, or of none (`null`). Likeness of names alone never does this. */
export async function linkProduct(parts: ActionParts, scope: Scope, id: string, expectedRevision: number, product: { readonly name: string; readonly provider: string } | null, reason = ''): Answer {
  return change(parts, scope, id, expectedRevision, 'linked', reason, async (entry, tx) => {
    const products = product === null ? undefined : await resolveProducts(tx, [product], parts.clock.now());
    const productId = product === null ? null : (products?.get(productKeyOf(product.name, product.provider)) ?? null);
    return yes({ record: entry.record, status: entry.status, productId });
  });
}

/** What is refused is told only after the entry was found: what lies elsewhere is not-found, whatever was sent. */
async function bodyOf(parts: ActionParts, scope: Scope, record: SystemRecord): Promise<(tx: Tx, entry: SystemEntry) => Promise<Verdict<string | undefined, RegistryRefusal>>> {
  const chosen = await chooseBody(parts, scope, record);
  return async (tx, entry) => {
    if (chosen.ok) return yes(await chosen.value(tx, entry));
    return bodyKey(entry.body.name) === bodyKey(record.organisation) ? yes(entry.body.id) : chosen;
  };
}

interface Next {
  readonly record: SystemRecord;
  readonly status: Status;
  readonly bodyId?: string | undefined;
  readonly productId?: string | null;
}

async function change(
  parts: ActionParts,
  scope: Scope,
  id: string,
  expectedRevision: number,
  kind: RevisionKind,
  reason: string,
  decide: (entry: SystemEntry, tx: Tx) => Verdict<Next, RegistryRefusal> | Promise<Verdict<Next, RegistryRefusal>>,
): Answer {
  if (scope.kind !== 'workspace') return no({ code: 'not-allowed' });
  const stamp = { at: parts.clock.now(), actor: scope.actor, reason: reasonOf(reason), kind };
  const verdict = await parts.database.db.transaction().execute(async (tx): Answer => {
    const entry = (await readEntry(tx, id))?.entry;
    if (entry === undefined || visible(scope, { entry, isPublic: false }) === undefined) return no({ code: 'not-found' });
    const standing = await lockStanding(tx, id);
    if (standing === undefined) return no({ code: 'not-found' });
    // Read again under the lock: what was read before it may be old.
    const current = standing.revision === entry.revision ? entry : (await readEntry(tx, id))?.entry;
    if (current === undefined) return no({ code: 'not-found' });
    if (current.revision !== expectedRevision) return no({ code: 'stale-edit', current, base: (await readRevision(tx, id, expectedRevision))?.record });
    const next = await decide(current, tx);
    if (!next.ok) return next;
    const { record, status, bodyId, productId = standing.product_id } = next.value;
    await reviseSystems(tx, [{ before: standing, record, status, productId, bodyId }], stamp);
    const written = (await readEntry(tx, id))?.entry;
    if (written !== undefined) await parts.record(tx, [{ id, revision: written.revision, kind }]);
    return written === undefined ? no({ code: 'not-found' }) : yes(written);
  });
  if (verdict.ok) await announced(parts, verdict.value, kind);
  return verdict;
}

async function announced(parts: ActionParts, entry: SystemEntry, kind: RevisionKind): Promise<void> {
  await parts.announce([{ id: entry.id, revision: entry.revision, kind }]);
  await tidy(parts.database.db);
}

function reasonOf(text: string | undefined): string {
  return (text ?? '').replaceAll('\0', '').toWellFormed().slice(0, REASON_LENGTH_MAX);
}
