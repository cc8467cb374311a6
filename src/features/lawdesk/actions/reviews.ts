/** Counsel's review of a pack: what is to be read, what was said about it, and what a new version leaves standing. */

import { no, type Verdict, yes } from '../../../base/index.ts';
import { type Pack, type PackFile, ruleDigest } from '../../../law/index.ts';
import type { Scope } from '../../../platform/auth/index.ts';
import type { Clock } from '../../../platform/clock/index.ts';
import type { Database } from '../../../platform/db/index.ts';
import type { Lawbook } from '../../lawbook/index.ts';
import { type Entry, type EntryKind, entriesOf, entryOf, REVIEWED_KINDS } from '../rules/entries.ts';
import { type EntryFieldChange, entryChanges } from '../rules/entry-change.ts';
import type { Reviewed } from '../rules/review-filter.ts';
import { changedBeneath } from '../rules/rests-on.ts';
import { countStates, isReviewed, isSigned, type ReviewState, type ReviewVerdict, standingRemarks, stateOf, VERDICTS } from '../rules/review-state.ts';
import { createRemarkStore, type Remark, REMARKS_MAX, type Review } from '../store/remarks.ts';

/** Versions with verdicts that one is held against; verdicts on older ones stand without a word on what is beneath them. */
const VERSIONS_COMPARED_MAX = 8;

export const REMARK_LENGTH_MAX = 8_000;
export const REVIEWER_LENGTH_MAX = 200;
export const LICENCE_LENGTH_MAX = 200;

/** A pack version with the files it was written in. */
export interface PackVersion {
  readonly pack: Pack;
  readonly files: readonly PackFile[];
}

export interface ReviewRow extends Reviewed {
  readonly digest: string;
  /** Oldest first. */
  readonly remarks: readonly Remark[];
  /** Definitions, dated values and the like beneath the entry that changed after `since` was given; the verdict itself stands. */
  readonly restsChanged: readonly RestsChange[];
}

export interface RestsChange {
  readonly kind: string;
  readonly id: string;
  readonly since: Remark;
}

export interface ReviewSheet {
  readonly version: PackVersion;
  readonly rows: readonly ReviewRow[];
  readonly counts: Readonly<Record<ReviewState, number>>;
  readonly reviewed: number;
  readonly signed: number;
  /** Remarks on entries that this version does not have; they are lost to no export. */
  readonly elsewhere: readonly Remark[];
  /** `name, licence` of everybody who remarked on this pack. */
  readonly reviewers: readonly string[];
}

export type RemarkRefusal = 'no-reviewer' | 'no-licence' | 'unknown-verdict' | 'remark-missing' | 'text-too-long' | 'unknown-entry' | 'entry-changed' | 'unknown-review' | 'too-many-remarks';

export interface RemarkGiven {
  /** A review begun earlier; without one, name and licence begin a new one. */
  readonly review?: string | undefined;
  readonly reviewer: string;
  readonly licence: string;
  readonly kind: EntryKind;
  readonly entry: string;
  /** The digest of what was on the screen. */
  readonly entryDigest: string;
  readonly verdict: string;
  readonly remark: string;
  readonly proposal: string;
}

export interface Reviews {
  /** By digest any version that was ever here, by id the one in force, else the newest of that id. */
  version(ref: string): Promise<PackVersion | undefined>;
  /** `reviewer` narrows the verdicts that count to one person (`name, licence`). */
  sheet(version: PackVersion, reviewer?: string): Promise<ReviewSheet>;
  remark(scope: Scope, version: PackVersion, given: RemarkGiven): Promise<Verdict<{ readonly number: number; readonly review: Review }, RemarkRefusal>>;
  review(id: string): Promise<Review | undefined>;
  /** What changed in an entry since a remark was made on it; undefined when that version is not here any more. */
  changesSince(remark: Remark, now: Entry): Promise<readonly EntryFieldChange[] | undefined>;
}

const reviewable = new WeakMap<Pack, readonly { readonly entry: Entry; readonly digest: string }[]>();

/** The entries counsel reads, in the order of the pack's files, each with the digest a sign-off is bound to. */
export function reviewableEntries({ pack, files }: PackVersion): readonly { readonly entry: Entry; readonly digest: string }[] {
  let known = reviewable.get(pack);
  if (known === undefined) {
    known = listedFirst(files, pack).flatMap((entry) => {
      const digest = REVIEWED_KINDS.includes(entry.kind) ? ruleDigest(pack, entry.kind, entry.id) : undefined;
      return digest === undefined ? [] : [{ entry, digest }];
    });
    reviewable.set(pack, known);
  }
  return known;
}

/** Rules before the questions they ask, so that a reviewer begins with the law. */
function listedFirst(files: readonly PackFile[], pack: Pack): readonly Entry[] {
  const place = new Map(REVIEWED_KINDS.map((kind, index) => [kind, index]));
  const order = new Map([...pack.spots.keys()].map((key, index) => [key, index]));
  return [...entriesOf(files)].sort((a, b) => (place.get(a.kind) ?? 99) - (place.get(b.kind) ?? 99) || (order.get(`${a.kind}:${a.id}`) ?? 0) - (order.get(`${b.kind}:${b.id}`) ?? 0));
}

export function reviewerWords(who: { readonly reviewer: string; readonly licence: string }): string {
  return `${who.reviewer}, ${who.licence}`;
}

export function openReviews(parts: { readonly database: Database; readonly clock: Clock; readonly lawbook: Lawbook }): Reviews {
  const store = createRemarkStore(parts.database);
  const { lawbook, clock } = parts;

  /** The other versions on which verdicts were given, the newest first. */
  const earlierVersions = async (version: PackVersion, remarks: readonly Remark[]): Promise<ReadonlyMap<string, Pack>> => {
    const digests = new Set(remarks.toReversed().map((remark) => remark.digest).filter((digest) => digest !== version.pack.ref.digest));
    const packs = new Map<string, Pack>();
    for (const digest of [...digests].slice(0, VERSIONS_COMPARED_MAX)) {
      const pack = await lawbook.packByDigest(digest);
      if (pack !== undefined) packs.set(digest, pack);
    }
    return packs;
  };

  return {
    version: async (ref) => {
      const pack = /^[0-9a-f]{64}$/.test(ref) ? await lawbook.packByDigest(ref) : (lawbook.pack(ref) ?? (await newestOf(lawbook, ref)));
      const files = pack === undefined ? undefined : await lawbook.filesByDigest(pack.ref.digest);
      return pack === undefined || files === undefined ? undefined : { pack, files };
    },
    sheet: async (version, reviewer) => {
      const all = await store.remarks(version.pack.ref.id);
      const byEntry = new Map<string, Remark[]>();
      for (const remark of all) {
        if (reviewer !== undefined && reviewer !== '' && reviewerWords(remark) !== reviewer) continue;
        const key = `${remark.kind}:${remark.entry}`;
        byEntry.set(key, [...(byEntry.get(key) ?? []), remark]);
      }
      const here = new Set(reviewableEntries(version).map(({ entry }) => `${entry.kind}:${entry.id}`));
      const earlier = await earlierVersions(version, [...byEntry.values()].flat());
      const rows = reviewableEntries(version).map(({ entry, digest }): ReviewRow => {
        const remarks = byEntry.get(`${entry.kind}:${entry.id}`) ?? [];
        return { entry, digest, remarks, state: stateOf(digest, remarks), isRemarked: remarks.some((remark) => remark.remark !== '' || remark.proposal !== ''), restsChanged: restsChangedOf(version.pack, entry, standingRemarks(digest, remarks), earlier) };
      });
      const states = rows.map((row) => row.state);
      return { version, rows, counts: countStates(states), reviewed: states.filter(isReviewed).length, signed: states.filter(isSigned).length, elsewhere: [...byEntry].flatMap(([key, remarks]) => (here.has(key) ? [] : remarks)), reviewers: [...new Set(all.map(reviewerWords))] };
    },
    review: (id) => store.review(id),
    remark: async (scope, version, given) => {
      const checked = checkRemark(version, given);
      if (!checked.ok) return checked;
      const packId = version.pack.ref.id;
      if ((await store.count(packId)) >= REMARKS_MAX) return no('too-many-remarks');
      const at = clock.now();
      const [reviewer, licence] = [given.reviewer.trim(), given.licence.trim()];
      const begun = given.review === undefined || given.review === '' ? undefined : await store.review(given.review);
      // A review goes on in the name it was begun in, so only whoever began it goes on with it.
      if (given.review !== undefined && given.review !== '' && (begun === undefined || begun.packId !== packId || begun.actor !== scope.actor)) return no('unknown-review');
      if (begun === undefined && reviewer === '') return no('no-reviewer');
      if (begun === undefined && licence === '') return no('no-licence');
      const review = begun ?? (await store.start({ packId, reviewer, licence, actor: scope.actor, at }));
      const number = await store.add(
        {
          reviewId: review.id,
          packId,
          version: version.pack.ref.version,
          digest: version.pack.ref.digest,
          kind: given.kind,
          entry: given.entry,
          entryDigest: given.entryDigest,
          verdict: given.verdict as ReviewVerdict,
          remark: given.remark.trim(),
          proposal: given.proposal.trim(),
        },
        scope.actor,
        at,
      );
      return yes({ number, review });
    },
    changesSince: async (remark, now) => {
      const files = await lawbook.filesByDigest(remark.digest);
      return files === undefined ? undefined : entryChanges(entryOf(files, now.kind, now.id), now);
    },
  };
}

function restsChangedOf(now: Pack, entry: Entry, standing: readonly Remark[], earlier: ReadonlyMap<string, Pack>): readonly RestsChange[] {
  const found = new Map<string, RestsChange>();
  for (const since of standing) {
    const before = earlier.get(since.digest);
    if (before === undefined) continue;
    for (const { kind, id } of changedBeneath(before, now, entry.kind, entry.id)) found.set(`${kind}:${id}`, { kind, id, since });
  }
  return [...found.values()];
}

async function newestOf(lawbook: Lawbook, id: string): Promise<Pack | undefined> {
  const newest = (await lawbook.versions(id))[0];
  return newest === undefined ? undefined : lawbook.packByDigest(newest.ref.digest);
}

function checkRemark(version: PackVersion, given: RemarkGiven): Verdict<true, RemarkRefusal> {
  if (given.reviewer.length > REVIEWER_LENGTH_MAX || given.licence.length > LICENCE_LENGTH_MAX || given.remark.length > REMARK_LENGTH_MAX || given.proposal.length > REMARK_LENGTH_MAX) return no('text-too-long');
  const row = reviewableEntries(version).find(({ entry }) => entry.kind === given.kind && entry.id === given.entry);
  if (row === undefined) return no('unknown-entry');
  if (row.digest !== given.entryDigest) return no('entry-changed');
  if (!(VERDICTS as readonly string[]).includes(given.verdict)) return no('unknown-verdict');
  // Whoever objects says what is wrong; "agree" alone needs no words.
  if (given.verdict !== 'agree' && given.remark.trim() === '') return no('remark-missing');
  return yes(true);
}
