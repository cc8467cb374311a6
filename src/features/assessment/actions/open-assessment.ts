/** The assessment service: reads texts, takes answers, asks the next question, decides, records, recomputes. */

import { createHash, randomUUID } from 'node:crypto';
import { canonical, type Json, no, type Verdict, yes } from '../../../base/index.ts';
import { type AnswerPreview, type Decision, decide, dutiesOf, type FactAnswer, type FactDefinition, type FactId, type Facts, fitFacts, type Law, type Pack, parseAnswer, preview } from '../../../law/index.ts';
import { type Candidate, prescreen, stakes } from '../../../law/prescreen/index.ts';
import type { Scope } from '../../../platform/auth/index.ts';
import type { Clock } from '../../../platform/clock/index.ts';
import type { Database, Tx } from '../../../platform/db/index.ts';
import type { LawDates, Lawbook } from '../../lawbook/index.ts';
import { indexOf } from '../../lawbook/index.ts';
import type { Registry, SystemEntry, SystemRecord } from '../../registry/index.ts';
import type { AnswerRefusal, Classification, PublishedClassification, WorkState } from '../model.ts';
import { foldAnswers, undoOf } from '../rules/answers.ts';
import { codesOf, openCountOf, publicHeadline } from '../rules/codes.ts';
import { textsOf } from '../rules/texts.ts';
import { createAnswerStore, type StoredStep } from '../store/answers.ts';
import { createClassificationStore } from '../store/classifications.ts';
import { type AnsweredSystem, createRedecisionStore } from '../store/redecisions.ts';
import { createWorklistStore, type WorkCounts, type WorklistStore } from '../store/worklist.ts';
import type { Recognisers } from './load-recognisers.ts';

/** Entries read in one go. */
const SCREEN_BATCH = 500;

export interface AssessmentParts {
  readonly database: Database;
  readonly clock: Clock;
  readonly lawbook: Lawbook;
  readonly registry: Registry;
  /** Those that fit the law in force; another law may bring others. */
  readonly recognisers: () => Recognisers;
}

/** Everything a page about one system's assessment needs. */
export interface Sheet {
  readonly entry: SystemEntry;
  readonly pack: Pack;
  readonly step: number;
  readonly steps: readonly StoredStep[];
  readonly facts: Facts;
  /** Questions whose earlier answers the law in force can no longer read: they are asked again. */
  readonly misfits: readonly FactDefinition[];
  readonly decision: Decision;
  readonly candidates: readonly Candidate[];
  /** Facts that can still change a result, best first; those answered "I do not know" are in `skipped` instead. */
  readonly toAsk: readonly FactDefinition[];
  readonly skipped: readonly FactDefinition[];
  /** Once the classes are settled: facts on which roles, duties or due dates still hang, most decisive first. Empty before. */
  readonly thenToAsk: readonly FactDefinition[];
}

export interface Recomputed {
  readonly kind: 'equal' | 'different' | 'pack-missing';
  readonly storedSha256: string;
  readonly sha256?: string;
}

export interface Assessment {
  /** Runs the recognisers over entries that are new or changed; writes the work list. */
  screen(scope: Scope, entries: readonly SystemEntry[]): Promise<void>;
  /** What the recognisers propose for a record that need not be in the register. */
  propose(record: SystemRecord): readonly Candidate[];
  /** Whether entries were never read (the process died after an import) or were read by other recognisers. */
  needsScreening(scope: Scope): Promise<boolean>;
  /** Reads every entry that needs it; flat in memory, can be stopped between batches and begun again. */
  screenAll(scope: Scope, options?: { readonly signal?: AbortSignal; readonly progress?: (done: number, total: number) => void }): Promise<{ readonly read: number }>;
  sheet(scope: Scope, systemId: string, dates: LawDates): Promise<Sheet | undefined>;
  /** What each possible answer to a question would settle. */
  previewOf(sheet: Sheet, fact: string): readonly AnswerPreview[];
  /** `after` is the step the person saw; another step in between refuses the answer. `raw` as in a facts file, `null` takes the answer back. */
  answer(scope: Scope, systemId: string, given: { readonly fact: string; readonly raw: unknown; readonly after: number }): Promise<Verdict<number, AnswerRefusal>>;
  /** Gives many answers at once, as the next steps of a system nobody is working on (sample data, facts that came with an import). */
  answerAll(scope: Scope, systemId: string, facts: Facts): Promise<void>;
  /** Whether nobody ever answered anything about a system. */
  isUntouched(systemId: string): Promise<boolean>;
  /** Erases everything about systems that were erased from the register; sample data only. */
  forget(scope: Scope, systemIds: readonly string[]): Promise<void>;
  undo(scope: Scope, systemId: string, after: number): Promise<Verdict<number, AnswerRefusal>>;
  /** Decides on the answers as they stand and keeps the decision with everything needed to take it again. */
  classify(scope: Scope, systemId: string, dates: LawDates): Promise<Classification | undefined>;
  classification(id: string): Promise<(Classification & { readonly decisionText: string }) | undefined>;
  classifications(systemId: string): Promise<readonly Classification[]>;
  /** The newest classification of a system, with what everybody may read of it. */
  published(systemId: string): Promise<PublishedClassification | undefined>;
  /** Answered systems after `after` in the order of their ids, for passes over all of them. */
  answered(after: string | undefined, limit: number): Promise<readonly AnsweredSystem[]>;
  answeredCount(): Promise<number>;
  /** The answers of some systems as they stand, under whichever law they were given; those without any are left out. */
  answeredFacts(systemIds: readonly string[]): Promise<ReadonlyMap<string, Facts>>;
  recompute(classification: Classification & { readonly decisionText: string }): Promise<Recomputed>;
  worklist: Pick<WorklistStore, 'page' | 'counts' | 'probableCounts'>;
}

export type { WorkCounts };

export function openAssessment(parts: AssessmentParts): Assessment {
  const { clock, lawbook, registry } = parts;
  const { answers, classifications, worklist } = storesOn(parts.database);
  /** An answer and what lists say because of it are one write: a process that ends between them would leave a system whose answers no pass over the law finds. */
  const asOne = async <T>(work: (stores: Stores, tx: Tx) => Promise<T>): Promise<T> => parts.database.db.transaction().execute(async (tx) => work(storesOn({ ...parts.database, db: tx }), tx));
  const redecisions = createRedecisionStore(parts.database);
  const mainPack = (): Pack => {
    const pack = lawbook.pack();
    if (pack === undefined) throw new Error('invariant broken: no law pack in force');
    return pack;
  };

  const service: Assessment = {
    worklist,
    screen: async (_scope, entries) => {
      const screenings = entries.map((entry) => {
        const candidates = prescreen(parts.recognisers().set, textsOf(entry.record));
        const { stakes: weight, probable } = stakes(candidates);
        return { systemId: entry.id, revision: entry.revision, name: entry.record.name, bodyName: entry.body.name, candidates, stakes: weight, probable: probable.map((one) => one.conclusion) };
      });
      const written = await worklist.screen(screenings, parts.recognisers().digest, clock.now());
      await registry.setSummaries(written.map((row) => ({ systemId: row.systemId, stakes: Math.round(row.stakes), headline: publicHeadline(row.state, row.headline), open: row.openCount ?? regimeCount(mainPack()) })));
    },
    propose: (record) => prescreen(parts.recognisers().set, textsOf(record)),
    needsScreening: async (scope) => {
      const all = await registry.list(scope, { limit: 1 });
      return all.ok && all.value.total !== (await worklist.readCount(parts.recognisers().digest));
    },
    screenAll: async (scope, { signal, progress } = {}) => {
      const all = await registry.list(scope, { limit: 1 });
      const total = all.ok ? all.value.total : 0;
      let done = 0;
      let read = 0;
      let batch: SystemEntry[] = [];
      const flush = async (): Promise<void> => {
        signal?.throwIfAborted();
        const unread = await worklist.unread(batch.map(({ id, revision }) => ({ id, revision })), parts.recognisers().digest);
        await service.screen(scope, batch.filter((entry) => unread.has(entry.id)));
        done += batch.length;
        read += unread.size;
        batch = [];
        progress?.(done, total);
      };
      for await (const entry of registry.stream(scope)) {
        if (batch.push(entry) === SCREEN_BATCH) await flush();
      }
      await flush();
      return { read };
    },
    sheet: async (scope, systemId, dates) => {
      const entry = await registry.get(scope, systemId);
      if (entry === undefined) return undefined;
      const pack = mainPack();
      const [steps, screened, step] = await Promise.all([answers.steps(systemId, answerSpace(pack)), worklist.candidates(systemId), answers.lastStep(systemId)]);
      const { facts, dropped } = fitFacts(pack, foldAnswers(steps));
      const decision = lawbook.decide(pack, facts, dates);
      const byId = indexOf(pack).facts;
      const open = decision.ask.map((id) => byId.get(id)).filter((fact) => fact !== undefined);
      const toAsk = open.filter((fact) => !(fact.id in facts));
      return {
        entry,
        pack,
        step,
        steps,
        facts,
        misfits: dropped.map((id) => byId.get(id)).filter((fact) => fact !== undefined),
        decision,
        candidates: screened?.candidates ?? [],
        toAsk,
        thenToAsk: toAsk.length > 0 ? [] : dutyQuestions(lawbook.law(pack, dates, 'duties'), facts).map((id) => byId.get(id)).filter((fact) => fact !== undefined && !(fact.id in facts)) as FactDefinition[],
        skipped: open.filter((fact) => fact.id in facts),
      };
    },
    previewOf: (sheet, fact) => preview(lawbook.law(sheet.pack, sheet.decision, sheet.thenToAsk.length > 0 ? 'duties' : undefined), sheet.facts, fact) ?? [],
    answer: async (scope, systemId, given) => {
      const pack = mainPack();
      const fact = indexOf(pack).facts.get(given.fact);
      if (fact === undefined) return no({ kind: 'unknown-fact', fact: given.fact });
      let value: FactAnswer | null = null;
      if (given.raw !== null) {
        const parsed = parseAnswer(fact, given.raw);
        if (!parsed.ok) return no({ kind: 'wrong-value', fact: fact.id, message: `${parsed.refusal.message} ${parsed.refusal.fix}` });
        value = parsed.value;
      }
      return append(scope, systemId, pack, { fact: fact.id, answer: value, undoes: false, after: given.after });
    },
    answerAll: async (scope, systemId, facts) => {
      const pack = mainPack();
      await asOne(async (stores, tx) => {
        const last = await stores.answers.lastStep(systemId);
        await stores.answers.appendAll({ systemId, packId: answerSpace(pack), after: last, facts, actor: scope.actor, at: clock.now() });
        await noteStanding(stores, tx, systemId, pack);
      });
    },
    isUntouched: async (systemId) => (await answers.lastStep(systemId)) === 0,
    forget: async (_scope, systemIds) => {
      await answers.remove(systemIds);
      await classifications.remove(systemIds);
      await worklist.remove(systemIds);
    },
    undo: async (scope, systemId, after) => {
      const pack = mainPack();
      const undo = undoOf(await answers.steps(systemId, answerSpace(pack)));
      if (undo === undefined) return no({ kind: 'nothing-to-undo' });
      return append(scope, systemId, pack, { ...undo, undoes: true, after });
    },
    classify: async (scope, systemId, dates) => {
      const sheet = await service.sheet(scope, systemId, dates);
      if (sheet === undefined) return undefined;
      const decisionText = decisionTextOf(sheet.decision);
      const kept = {
        id: randomUUID(),
        systemId,
        pack: sheet.pack.ref,
        asOf: dates.asOf,
        knownOn: dates.knownOn,
        facts: sheet.facts,
        decisionText,
        decisionSha256: sha256(decisionText),
        headline: sheet.decision.headline.id,
        openCount: openCountOf(sheet.decision),
        actor: scope.actor,
        decidedAt: clock.now(),
      };
      const number = await asOne(async (stores, tx) => {
        const given = await stores.classifications.keep(kept);
        await noteProgress(stores, tx, systemId, 'decided', sheet.facts, sheet.decision);
        return given;
      });
      return { ...kept, number, decision: sheet.decision };
    },
    classification: (id) => classifications.get(id),
    classifications: (systemId) => classifications.list(systemId),
    published: (systemId) => classifications.published(systemId),
    answered: (after, limit) => redecisions.batch(after, limit),
    answeredCount: () => redecisions.answeredCount(),
    answeredFacts: (systemIds) => redecisions.facts(systemIds),
    recompute: async (stored) => {
      const pack = await lawbook.packByDigest(stored.pack.digest);
      if (pack === undefined) return { kind: 'pack-missing', storedSha256: stored.decisionSha256 };
      const again = sha256(decisionTextOf(decide(lawbook.law(pack, stored), stored.facts)));
      return { kind: again === stored.decisionSha256 && sha256(stored.decisionText) === again ? 'equal' : 'different', storedSha256: stored.decisionSha256, sha256: again };
    },
  };
  return service;

  async function append(
    scope: Scope,
    systemId: string,
    pack: Pack,
    step: { readonly fact: string; readonly answer: FactAnswer | null; readonly undoes: boolean; readonly after: number },
  ): Promise<Verdict<number, AnswerRefusal>> {
    return asOne(async (stores, tx) => {
      const last = await stores.answers.lastStep(systemId);
      // Two editors who saw the same step: the primary key lets only the first one through.
      if (last !== step.after || !(await stores.answers.append({ systemId, packId: answerSpace(pack), actor: scope.actor, at: clock.now(), ...step }))) {
        return no({ kind: 'stale', expected: step.after, found: await stores.answers.lastStep(systemId) });
      }
      await noteStanding(stores, tx, systemId, pack);
      return yes(step.after + 1);
    });
  }

  async function noteStanding(stores: Stores, tx: Tx, systemId: string, pack: Pack): Promise<void> {
    const { facts } = fitFacts(pack, foldAnswers(await stores.answers.steps(systemId, answerSpace(pack))));
    const today = clock.today();
    const decision = decide(lawbook.law(pack, { asOf: today, knownOn: today }), facts, { reasons: false, flips: false, ranked: false });
    await noteProgress(stores, tx, systemId, Object.keys(facts).length === 0 ? 'untouched' : 'started', facts, decision);
  }

  async function noteProgress(stores: Stores, tx: Tx, systemId: string, state: WorkState, facts: Facts, decision: Decision): Promise<void> {
    const openCount = openCountOf(decision);
    await stores.worklist.progress(systemId, { state, answered: Object.keys(facts).length, headline: state === 'untouched' ? null : decision.headline.id, openCount, facts, codes: codesOf(decision) }, clock.now());
    const screened = await stores.worklist.candidates(systemId);
    await registry.setSummary(systemId, { headline: publicHeadline(state, decision.headline.id), stakes: Math.round(screened?.stakes ?? 0), open: openCount }, tx);
  }
}

type Stores = ReturnType<typeof storesOn>;

/** The tables of answers, classifications and the work list, by themselves or within a transaction. */
// oxlint-disable-next-line typescript/explicit-function-return-type -- the stores name their types themselves
function storesOn(database: Database) {
  return { answers: createAnswerStore(database), classifications: createClassificationStore(database), worklist: createWorklistStore(database) };
}

/** Regimes of a pack, without its roles and duties. */
function regimeCount(pack: Pack): number {
  const inDuties = new Set(pack.families.filter((family) => family.layer === 'duties').map((family) => family.id));
  return pack.conclusions.filter((conclusion) => !inDuties.has(conclusion.family)).length;
}

/** What is still asked for roles, duties and the days they are due. */
function dutyQuestions(law: Law, facts: Facts): readonly FactId[] {
  if (law.pack.duties.length === 0) return [];
  const { decision, duties } = dutiesOf(law, facts, { reasons: false, flips: false });
  return [...new Set([...decision.ask, ...duties.flatMap(({ due }) => (due?.kind === 'between' ? due.ask : []))])];
}

/** Answers are given to questions, and an overlay asks those of the pack it extends: both read and write the same answers. */
function answerSpace(pack: Pack): string {
  return pack.bases.at(-1)?.id ?? pack.ref.id;
}

function decisionTextOf(decision: Decision): string {
  // Through JSON first: members that are undefined must not be told from members that are absent.
  return canonical(JSON.parse(JSON.stringify(decision)) as Json);
}

function sha256(text: string): string {
  return createHash('sha256').update(text, 'utf8').digest('hex');
}

