/** The service of impact assessments: starts them, takes answers, scores, seals, compares, carries over, gives facts back. */

import { randomUUID } from 'node:crypto';
import { canonical, type Json, type Language, no, type Verdict, yes } from '../../../base/index.ts';
import { fitFacts, type Pack } from '../../../law/index.ts';
import { type Answers, assess, type Assessed, carryOver, cheapestLowerLevel, factsFrom, loadQuestionnaire, type Questionnaire, type QuestionId, parseAnswers } from '../../../law/questionnaire/index.ts';
import type { Scope } from '../../../platform/auth/index.ts';
import type { Clock } from '../../../platform/clock/index.ts';
import type { Database } from '../../../platform/db/index.ts';
import { compareText } from '../../../platform/text/index.ts';
import type { Assessment } from '../../assessment/index.ts';
import { indexOf, type Lawbook } from '../../lawbook/index.ts';
import { type Attachment, nameKey, type Registry } from '../../registry/index.ts';
import {
  type AnswerDifference, type Comparison, EXPORT_FORMAT, type Explanation, type ExportFile, type ImpactPage, type ImpactRefusal, type ImpactRow, type ImpactView, type LawView, type ListFilter, type ListKey, type Offer,
  type Origin, type Published, type Recomputed, type Seal, STEPS_MAX,
} from '../model.ts';
import { foldSteps, type Given, undoLast } from '../rules/fold-steps.ts';
import { prefill } from '../rules/prefill.ts';
import { sealRecord, sha256 } from '../rules/seal-record.ts';
import { createImpactStore } from '../store/assessments.ts';
import { createQuestionnaireStore } from '../store/questionnaires.ts';
import { loadInstalledQuestionnaires } from './load-installed.ts';

export interface ImpactParts {
  readonly database: Database;
  readonly clock: Clock;
  readonly registry: Registry;
  readonly lawbook: Lawbook;
  readonly assessment: Assessment;
  /** Folder with one folder a questionnaire; the installation's own when left out. */
  readonly questionnairesFolder?: string;
}

type Answer<T> = Promise<Verdict<T, ImpactRefusal>>;

export interface Impact {
  /** Questionnaires in use, in the order of their titles. */
  questionnaires(language?: Language): readonly Questionnaire[];
  questionnaire(id: string): Questionnaire | undefined;
  list(filter: ListFilter, limit: number, after?: ListKey): Promise<ImpactPage>;
  counts(filter: ListFilter): Promise<readonly { readonly kind: string; readonly state: ImpactRow['state']; readonly count: number }[]>;
  ofSystem(systemId: string): Promise<readonly ImpactRow[]>;
  /** Starts one for a system, with what is known already filled in; `answers` (raw, as in an export) go before what is prefilled. */
  start(scope: Scope, given: { readonly systemId: string; readonly kind: string; readonly answers?: unknown; readonly origin?: Origin }): Answer<string>;
  view(scope: Scope, id: string): Promise<ImpactView | undefined>;
  /** Saves answers (raw; `null` takes one back) as one step row; only what changes is written. Answers that do not fit are refused and nothing is saved. */
  save(scope: Scope, id: string, given: { readonly answers: Readonly<Record<QuestionId, unknown>>; readonly after: number; readonly origin?: Origin }): Answer<{ readonly step: number; readonly changed: number }>;
  undo(scope: Scope, id: string, after: number): Answer<{ readonly step: number; readonly questions: readonly QuestionId[] }>;
  /** Seals a complete assessment; its digest names questionnaire, answers, evidence and result. */
  finish(scope: Scope, id: string, after: number): Answer<Seal>;
  /** Goes on from a finished one, or takes an open one into the newest version: a new assessment with the answers that still fit. */
  revise(scope: Scope, id: string): Answer<{ readonly id: string; readonly changed: readonly QuestionId[]; readonly gone: readonly QuestionId[]; readonly added: readonly QuestionId[] }>;
  /** Shows level and date on the public entry, or takes them off it. */
  publish(scope: Scope, id: string, isPublic: boolean): Answer<true>;
  published(systemId: string): Promise<readonly Published[]>;
  compare(scope: Scope, before: string, after: string): Promise<Comparison | undefined>;
  recompute(scope: Scope, id: string): Promise<Recomputed | undefined>;
  /** What would lower the level with the fewest changed answers; searched on demand because it scores many times. */
  explain(view: ImpactView): Explanation;
  offers(scope: Scope, view: ImpactView): Promise<readonly Offer[]>;
  /** Gives one stated fact to the interview of the system; the officer asked for it. */
  takeFact(scope: Scope, id: string, fact: string): Answer<true>;
  attach(scope: Scope, id: string, question: QuestionId, attachment: Pick<Attachment, 'id' | 'name' | 'sha256'>): Answer<true>;
  detach(scope: Scope, id: string, evidenceId: string): Answer<true>;
  /** Answers and questionnaire as a file that `importFile` reads. */
  exportFile(view: ImpactView): ExportFile;
  importFile(scope: Scope, id: string, file: unknown, after: number): Answer<{ readonly step: number; readonly changed: number }>;
  forget(scope: Scope, systemIds: readonly string[]): Promise<void>;
}

const OLD_IN_MEMORY_MAX = 16;

export async function openImpact(parts: ImpactParts): Promise<Impact> {
  const { clock, registry, lawbook, assessment } = parts;
  const store = createImpactStore(parts.database);
  const kept = createQuestionnaireStore(parts.database);
  const inUse = new Map<string, Questionnaire>();
  for (const { questionnaire, files } of loadInstalledQuestionnaires(parts.questionnairesFolder)) {
    await kept.keep(questionnaire, files, clock.now());
    inUse.set(questionnaire.ref.id, questionnaire);
  }
  const old = new Map<string, Questionnaire>();

  const service: Impact = {
    questionnaires: (language = 'en') => {
      const compare = compareText(language);
      return [...inUse.values()].sort((a, b) => compare(a.title[language], b.title[language]));
    },
    questionnaire: (id) => inUse.get(id),
    list: (filter, limit, after) => store.list({ ...filter, words: wordsOf(filter.q) }, limit, after),
    counts: (filter) => store.counts({ ...filter, words: wordsOf(filter.q) }),
    ofSystem: (systemId) => store.ofSystem(systemId),
    start: async (scope, { systemId, kind, answers, origin = 'import' }) => {
      const questionnaire = inUse.get(kind);
      if (questionnaire === undefined) return no({ code: 'no-questionnaire', kind });
      const parsed = parseAnswers(questionnaire, answers ?? {});
      if (parsed.problems.length > 0) return no({ code: 'wrong-answers', problems: parsed.problems });
      const brought: readonly Given[] = Object.entries(parsed.answers).map(([question, answer]) => ({ question, answer, origin }));
      const filled = await prefilled(scope, systemId, questionnaire);
      if (filled === undefined) return no({ code: 'no-system' });
      return begin(scope, systemId, questionnaire, [...brought, ...filled.filter((one) => !(one.question in parsed.answers))], undefined, undefined);
    },
    view: async (scope, id) => {
      const row = await store.get(id);
      const questionnaire = row === undefined ? undefined : await byDigest(row.digest);
      if (row === undefined || questionnaire === undefined) return undefined;
      const [entry, steps, evidence, seal] = await Promise.all([registry.get(scope, row.systemId), store.steps(id), store.evidence(id), store.seal(id)]);
      const { answers, origins } = foldSteps(steps);
      const assessed = assess(questionnaire, answers, new Set(evidence.map((item) => item.question)));
      const current = inUse.get(row.kind);
      const law = await lawOf(questionnaire, assessed, seal);
      return { row, entry, questionnaire, newer: current?.ref.digest === row.digest ? undefined : current, steps, answers, origins, assessed: withLaw(questionnaire, assessed, law), evidence, seal, law };
    },
    save: async (scope, id, { answers: raw, after, origin = 'person' }) => {
      const view = await service.view(scope, id);
      if (view === undefined) return no({ code: 'no-assessment' });
      if (view.row.state !== 'open') return no({ code: 'assessment-closed' });
      if (view.row.step !== after) return no({ code: 'stale' });
      const { answers, problems } = parseAnswers(view.questionnaire, raw);
      if (problems.length > 0) return no({ code: 'wrong-answers', problems });
      const given = Object.keys(raw)
        .map((question): Given => ({ question, answer: answers[question] ?? null, origin }))
        .filter(({ question, answer }) => !isSame(answer, view.answers[question] ?? null));
      if (given.length === 0) return yes({ step: after, changed: 0 });
      return append(scope, view, given, false);
    },
    undo: async (scope, id, after) => {
      const view = await service.view(scope, id);
      if (view === undefined) return no({ code: 'no-assessment' });
      if (view.row.state !== 'open') return no({ code: 'assessment-closed' });
      if (view.row.step !== after) return no({ code: 'stale' });
      const given = undoLast(view.steps);
      if (given === undefined) return no({ code: 'nothing-to-undo' });
      const appended = await append(scope, view, given, true);
      return appended.ok ? yes({ step: appended.value.step, questions: given.map((one) => one.question) }) : appended;
    },
    finish: async (scope, id, after) => {
      const view = await service.view(scope, id);
      if (view === undefined) return no({ code: 'no-assessment' });
      if (view.row.state !== 'open') return no({ code: 'assessment-closed' });
      if (view.row.step !== after) return no({ code: 'stale' });
      if (!view.assessed.isComplete) return no({ code: 'assessment-incomplete', missing: view.assessed.missing.length });
      if (view.entry === undefined) return no({ code: 'no-system' });
      const at = clock.now();
      const record = sealRecord({ ...view, systemRevision: view.entry.revision, finishedAt: at });
      const { result } = view.assessed;
      const isDone = await store.finish({ id, step: after, level: 'level' in result ? result.level : undefined, record, sha256: sha256(record), actor: scope.actor, at });
      const seal = isDone ? await store.seal(id) : undefined;
      return seal === undefined ? no({ code: 'stale' }) : yes(seal);
    },
    revise: async (scope, id) => {
      const view = await service.view(scope, id);
      if (view === undefined) return no({ code: 'no-assessment' });
      const { row, questionnaire } = view;
      if (row.state === 'replaced' || (row.state === 'open' && view.newer === undefined)) return no({ code: row.state === 'open' ? 'not-finished' : 'assessment-closed' });
      const target = view.newer ?? questionnaire;
      const carried = carryOver(questionnaire, target, view.answers);
      const given = Object.entries(carried.answers).map(([question, answer]): Given => ({ question, answer, origin: 'revision' }));
      const begun = await begin(scope, row.systemId, target, given, id, row.state === 'open' ? id : undefined);
      if (!begun.ok) return begun;
      for (const item of view.evidence) {
        if (target.pages.some((page) => page.questions.some((question) => question.id === item.question))) await store.addEvidence(begun.value, { ...item, id: randomUUID(), attachedAt: clock.now(), actor: scope.actor });
      }
      return yes({ id: begun.value, changed: carried.changed, gone: carried.gone, added: carried.added });
    },
    publish: async (_scope, id, isPublic) => {
      if ((await store.get(id)) === undefined) return no({ code: 'no-assessment' });
      return (await store.publish(id, isPublic ? clock.now() : undefined)) ? yes(true) : no({ code: 'not-finished' });
    },
    published: async (systemId) => Promise.all((await store.publishedOf(systemId)).map(async ({ row, seal }) => ({ row, seal, questionnaire: await byDigest(row.digest) }))),
    compare: async (scope, before, after) => {
      const [first, second] = await Promise.all([service.view(scope, before), service.view(scope, after)]);
      return first === undefined || second === undefined ? undefined : { before: first, after: second, differences: differencesOf(first.assessed.counting, second.assessed.counting) };
    },
    recompute: async (scope, id) => {
      const view = await service.view(scope, id);
      const seal = view?.seal;
      if (view === undefined || seal === undefined) return undefined;
      // Nothing is taken from what the page shows: sealed answers, kept files, sealed law.
      const sealed = JSON.parse(seal.record) as { readonly answers: unknown; readonly system: { readonly revision: number; readonly name: string }; readonly finishedAt: string };
      const questionnaire = await byDigest(view.row.digest);
      if (questionnaire === undefined) return { kind: 'questionnaire-missing', stored: seal.sha256 };
      const again = assess(questionnaire, parseAnswers(questionnaire, sealed.answers).answers, new Set(view.evidence.map((item) => item.question)));
      const law = await lawOf(questionnaire, again, seal);
      const record = sealRecord({ row: { ...view.row, systemName: sealed.system.name }, systemRevision: sealed.system.revision, questionnaire, assessed: again, evidence: view.evidence, law, finishedAt: sealed.finishedAt });
      const isEqual = sha256(record) === seal.sha256 && sha256(seal.record) === seal.sha256 && isSame(view.assessed.counting, sealed.answers);
      return { kind: isEqual ? 'equal' : 'different', stored: seal.sha256, sha256: sha256(record) };
    },
    explain: (view) => cheapestLowerLevel(view.questionnaire, view.answers, view.assessed),
    offers: async (scope, view) => {
      const stated = Object.entries(factsFrom(view.questionnaire, view.assessed.counting));
      if (stated.length === 0) return [];
      const sheet = await assessment.sheet(scope, view.row.systemId, { asOf: clock.today(), knownOn: clock.today() });
      if (sheet === undefined) return [];
      const questions = new Map(view.questionnaire.pages.flatMap((page) => page.questions).map((question) => [question.fact, question.id]));
      return stated.flatMap(([id, value]): Offer[] => {
        const fact = indexOf(sheet.pack).facts.get(id);
        const held = sheet.facts[id];
        return fact === undefined ? [] : [{ question: questions.get(id) ?? '', fact, value, held, isSame: isSame(value, held) }];
      });
    },
    takeFact: async (scope, id, fact) => {
      const view = await service.view(scope, id);
      if (view === undefined) return no({ code: 'no-assessment' });
      const value = factsFrom(view.questionnaire, view.assessed.counting)[fact];
      const sheet = await assessment.sheet(scope, view.row.systemId, { asOf: clock.today(), knownOn: clock.today() });
      if (sheet === undefined) return no({ code: 'no-system' });
      if (value === undefined) return no({ code: 'no-fact', fact });
      const answered = await assessment.answer(scope, view.row.systemId, { fact, raw: value, after: sheet.step });
      if (answered.ok) return yes(true);
      return no(answered.refusal.kind === 'stale' ? { code: 'stale' } : { code: 'no-fact', fact });
    },
    attach: async (scope, id, question, attachment) => {
      const view = await service.view(scope, id);
      if (view === undefined || !view.questionnaire.pages.some((page) => page.questions.some((one) => one.id === question && one.evidence !== 'none'))) return no({ code: 'no-assessment' });
      const isAdded = await store.addEvidence(id, { id: randomUUID(), question, attachmentId: attachment.id, name: attachment.name, sha256: attachment.sha256, attachedAt: clock.now(), actor: scope.actor });
      return isAdded ? yes(true) : no({ code: 'assessment-closed' });
    },
    detach: async (_scope, id, evidenceId) => {
      if ((await store.get(id)) === undefined) return no({ code: 'no-assessment' });
      return (await store.removeEvidence(id, evidenceId, clock.now())) ? yes(true) : no({ code: 'assessment-closed' });
    },
    exportFile: (view) =>
      JSON.parse(
        JSON.stringify({
          format: EXPORT_FORMAT,
          questionnaire: view.questionnaire.ref,
          system: { id: view.row.systemId, name: view.row.systemName },
          assessment: { id: view.row.id, number: view.row.number, state: view.row.state },
          answers: view.answers,
          result: view.assessed.isComplete ? view.assessed.result : null,
          seal: view.seal === undefined ? null : { sha256: view.seal.sha256, record: view.seal.record },
        }),
      ) as ExportFile,
    importFile: async (scope, id, file, after) => {
      const view = await service.view(scope, id);
      if (view === undefined) return no({ code: 'no-assessment' });
      if (!isExport(file)) return no({ code: 'not-an-export' });
      const { ref } = view.questionnaire;
      if (file.questionnaire.id !== ref.id) return no({ code: 'wrong-questionnaire', expected: ref.id, found: String(file.questionnaire.id).slice(0, 100) });
      const source = file.questionnaire.digest === ref.digest ? view.questionnaire : await byDigest(String(file.questionnaire.digest));
      if (source === undefined) return no({ code: 'wrong-questionnaire', expected: `${ref.id}@${ref.version}`, found: `${ref.id}@${String(file.questionnaire.version).slice(0, 40)}` });
      const parsed = parseAnswers(source, file.answers);
      if (parsed.problems.length > 0) return no({ code: 'wrong-answers', problems: parsed.problems });
      return service.save(scope, id, { answers: carryOver(source, view.questionnaire, parsed.answers).answers, after, origin: 'import' });
    },
    forget: async (_scope, systemIds) => store.forget(systemIds),
  };
  return service;

  async function byDigest(digest: string): Promise<Questionnaire | undefined> {
    const current = [...inUse.values()].find((one) => one.ref.digest === digest) ?? old.get(digest);
    if (current !== undefined) return current;
    const files = await kept.files(digest);
    const loaded = files === undefined ? undefined : loadQuestionnaire(files);
    if (loaded?.ok !== true) return undefined;
    old.set(digest, loaded.value.questionnaire);
    if (old.size > OLD_IN_MEMORY_MAX) old.delete(old.keys().next().value ?? '');
    return loaded.value.questionnaire;
  }

  async function prefilled(scope: Scope, systemId: string, questionnaire: Questionnaire): Promise<readonly Given[] | undefined> {
    const entry = await registry.get(scope, systemId);
    if (entry === undefined) return undefined;
    const today = { asOf: clock.today(), knownOn: clock.today() };
    const [sheet, rows] = await Promise.all([assessment.sheet(scope, systemId, today), store.ofSystem(systemId)]);
    const needsOthers = questionnaire.pages.some((page) => page.questions.some((question) => question.shared !== undefined));
    const others = needsOthers ? await Promise.all(rows.map(async (row) => ({ row, questionnaire: await byDigest(row.digest), answers: foldSteps(await store.steps(row.id)).answers }))) : [];
    return prefill(questionnaire, {
      fields: entry.record,
      facts: sheet?.facts ?? {},
      others: others.flatMap((other) => (other.questionnaire === undefined ? [] : [{ number: other.row.number, questionnaire: other.questionnaire, answers: assess(other.questionnaire, other.answers).counting }])),
    });
  }

  async function begin(scope: Scope, systemId: string, questionnaire: Questionnaire, given: readonly Given[], revises: string | undefined, replaces: string | undefined): Answer<string> {
    const entry = await registry.get(scope, systemId);
    if (entry === undefined) return no({ code: 'no-system' });
    const { progress } = assess(questionnaire, foldSteps(given.map((one) => ({ ...one, batch: 1, undoes: false }))).answers);
    const id = randomUUID();
    const { ref } = questionnaire;
    await store.create(
      {
        id, systemId, systemName: entry.record.name, bodyName: entry.body.name, words: nameKey(`${entry.record.name} ${entry.body.name}`), kind: ref.id, version: ref.version, digest: ref.digest,
        ...(revises === undefined ? {} : { revises }), ...progress, given, actor: scope.actor, at: clock.now(),
      },
      replaces,
    );
    return yes(id);
  }

  async function append(scope: Scope, view: ImpactView, given: readonly Given[], undoes: boolean): Answer<{ readonly step: number; readonly changed: number }> {
    const { row, questionnaire } = view;
    if (row.step + given.length > STEPS_MAX) return no({ code: 'too-many-answers' });
    const { answers } = foldSteps([...view.steps, ...given.map((one) => ({ ...one, batch: row.step + 1, undoes }))]);
    const { progress } = assess(questionnaire, answers, new Set(view.evidence.map((item) => item.question)));
    const isDone = await store.append({ id: row.id, after: row.step, given, undoes, progress, actor: scope.actor, at: clock.now() });
    return isDone ? yes({ step: row.step + given.length, changed: given.length }) : no({ code: 'stale' });
  }

  /** The law a questionnaire of the kind `law` asks: the sealed version and day where it is sealed, else the law in force today. */
  async function lawOf(questionnaire: Questionnaire, assessed: Assessed, seal: Seal | undefined): Promise<LawView | undefined> {
    const { scoring } = questionnaire;
    if (scoring.kind !== 'law') return undefined;
    const sealed = seal === undefined ? undefined : (JSON.parse(seal.record) as { readonly law: { readonly pack: { readonly digest: string }; readonly asOf: string } | null }).law;
    const inForce = lawbook.packs().find((one) => one.ref.id === scoring.pack) ?? lawbook.packs().find((one) => one.bases.some((base) => base.id === scoring.pack));
    const pack: Pack | undefined = sealed === undefined || sealed === null ? inForce : await lawbook.packByDigest(sealed.pack.digest);
    if (pack === undefined) return undefined;
    const day = (sealed?.asOf ?? clock.today()) as ReturnType<Clock['today']>;
    const { facts } = fitFacts(pack, factsFrom(questionnaire, assessed.counting));
    return { pack, asOf: day, decision: lawbook.decide(pack, facts, { asOf: day, knownOn: day }) };
  }
}

/** Consequences that hang on conclusions are known once the law has been asked. */
function withLaw(questionnaire: Questionnaire, assessed: Assessed, law: LawView | undefined): Assessed {
  if (law === undefined || !assessed.isComplete) return assessed;
  const holds = new Set(law.decision.outcomes.filter((outcome) => outcome.result === 'holds').map((outcome) => outcome.id));
  return { ...assessed, consequences: questionnaire.consequences.filter((one) => one.when.length === 0 || one.when.some((id) => holds.has(id))) };
}

function differencesOf(before: Answers, after: Answers): readonly AnswerDifference[] {
  return [...new Set([...Object.keys(before), ...Object.keys(after)])].filter((question) => !isSame(before[question], after[question])).map((question) => ({ question, before: before[question], after: after[question] }));
}

function isSame(a: unknown, b: unknown): boolean {
  return a === undefined || b === undefined ? a === b : canonical(a as Json) === canonical(b as Json);
}

function wordsOf(q: string | undefined): readonly string[] {
  const key = nameKey(q ?? '');
  return key === '' ? [] : key.split(' ');
}

function isExport(file: unknown): file is { readonly questionnaire: { readonly id: unknown; readonly version: unknown; readonly digest: unknown }; readonly answers: unknown } {
  if (typeof file !== 'object' || file === null || !('format' in file) || file.format !== EXPORT_FORMAT || !('questionnaire' in file) || !('answers' in file)) return false;
  return typeof file.questionnaire === 'object' && file.questionnaire !== null && 'id' in file.questionnaire && 'version' in file.questionnaire && 'digest' in file.questionnaire && typeof file.answers === 'object' && file.answers !== null;
}
