/** Drafts of law: the list, one draft with its entries and history, its check, and what it changes against its base. */

import type { VNode } from 'preact';
import type { Json, Language } from '../../../base/index.ts';
import { affectedConclusions, diffPacks, type EntryChange, type Pack, type PackDiff, type PackProblem } from '../../../law/index.ts';
import { AuthorField, LookOnly, type Page, type PageContext } from '../../../platform/html/index.ts';
import { Breadcrumbs, Button, ButtonRow, Details, DiffView, EmptyState, ErrorSummary, FieldRow, Hidden, LinkButton, Notice, PageHeading, Pagination, Section, Select, Stat, Stats, Table, Tabs, Tag, TextInput, Timeline } from '../../../platform/html/components/index.ts';
import { foldLetters, formatDate } from '../../../platform/text/index.ts';
import { labelOf } from '../../lawbook/index.ts';
import type { CheckAnswer } from '../actions/check-apart.ts';
import { type DraftState, DRAFT_TITLE_LENGTH_MAX } from '../actions/drafts.ts';
import { AUTHOR_LENGTH_MAX } from '../model/install.ts';
import type { ChangedCase } from '../rules/case-runs.ts';
import { type Entry, entriesOf, isEntryKind, localisedIn } from '../rules/entries.ts';
import type { Draft } from '../store/drafts.ts';
import { lawdeskEditorText } from '../text/editor/index.ts';
import { CaseView, dateWords, isResult } from './review-entry.tsx';
import { SentenceDifference } from './sentence-difference.tsx';
import { fieldPathWords, kindWords, titleWords } from './words.tsx';

export interface VersionChoice {
  readonly digest: string;
  readonly label: string;
}

export interface DraftLine {
  readonly draft: Draft;
  readonly steps: number;
  readonly end: DraftState['end'];
}

export function draftsPage(frame: PageContext, given: { readonly drafts: readonly DraftLine[]; readonly versions: readonly VersionChoice[]; readonly title: string; readonly error: string | undefined }): Page {
  const { language } = frame;
  const t = lawdeskEditorText.in(language);
  return {
    title: t('drafts.title'),
    body: (
      <>
        <ErrorSummary errors={given.error === undefined ? [] : [{ field: 'title', message: given.error }]} />
        <PageHeading title={t('drafts.title')} lead={t('drafts.lead')} />
        <Section title={t('drafts.new')}>
          {!frame.may('law.draft') ? <LookOnly frame={frame} /> : (
            <form method="post" action="/lawdesk/drafts">
              <Select name="digest" label={t('drafts.base')} hint={t('drafts.base-hint')} options={given.versions.map((version) => ({ value: version.digest, label: version.label }))} />
              <TextInput name="title" label={t('drafts.name')} hint={t('drafts.name-hint')} value={given.title} maxLength={DRAFT_TITLE_LENGTH_MAX} error={given.error} required />
              <Button>{t('drafts.create')}</Button>
            </form>
          )}
        </Section>
        <Section title={t('drafts.all')}>
          {given.drafts.length === 0 ? (
            <EmptyState title={t('drafts.none')} />
          ) : (
            <Table
              caption={t('drafts.all')}
              captionHidden
              phone="stack"
              rows={given.drafts}
              rowKey={(line) => line.draft.id}
              columns={[
                { key: 'title', head: t('drafts.name'), rowHead: true, cell: (line) => <a href={`/lawdesk/drafts/${line.draft.id}`}>{line.draft.title}</a> },
                { key: 'base', head: t('drafts.base'), cell: (line) => `${line.draft.packId} ${line.draft.baseVersion}` },
                { key: 'steps', head: t('drafts.steps'), numeric: true, cell: (line) => line.steps },
                { key: 'created', head: t('drafts.created'), cell: (line) => formatDate(line.draft.createdAt, language) },
                { key: 'state', head: t('drafts.state'), cell: (line) => <EndTag end={line.end} language={language} /> },
              ]}
            />
          )}
        </Section>
        {given.versions.length < 2 ? null : (
          <Section title={t('versions.title')} lead={t('versions.lead')}>
            <form method="get" action="/lawdesk/difference">
              <FieldRow>
                <Select name="from" label={t('versions.from')} value={given.versions[1]?.digest} options={given.versions.map((version) => ({ value: version.digest, label: version.label }))} />
                <Select name="to" label={t('versions.to')} value={given.versions[0]?.digest} options={given.versions.map((version) => ({ value: version.digest, label: version.label }))} />
                <Button tone="secondary">{t('versions.compare')}</Button>
              </FieldRow>
            </form>
          </Section>
        )}
      </>
    ),
  };
}

function EndTag({ end, language }: { readonly end: DraftState['end']; readonly language: Language }): VNode {
  const t = lawdeskEditorText.in(language);
  if (end === 'finished') return <Tag tone="success" mark="full">{t('state.finished')}</Tag>;
  return end === 'discarded' ? <Tag mark="empty">{t('state.discarded')}</Tag> : <Tag tone="info" mark="half">{t('state.working')}</Tag>;
}

export function draftHref(state: { readonly draft: Pick<Draft, 'id'> }, rest = ''): string {
  return `/lawdesk/drafts/${state.draft.id}${rest}`;
}

export function editHref(state: { readonly draft: Pick<Draft, 'id'> }, kind: string, id: string, query = ''): string {
  return draftHref(state, `/${kind}/${encodeURIComponent(id)}${query}`);
}

/** The head that all pages of a draft share. */
export function DraftHead({ state, language, current, crumb, adoptHref }: { readonly state: DraftState; readonly language: Language; readonly current: 'entries' | 'check' | 'difference' | 'entry'; readonly crumb?: string | undefined; readonly adoptHref?: ((digest: string) => string) | undefined }): VNode {
  const t = lawdeskEditorText.in(language);
  return (
    <>
      <Breadcrumbs items={[{ label: t('drafts.title'), href: '/lawdesk/drafts' }, crumb === undefined ? { label: state.draft.title } : { label: state.draft.title, href: draftHref(state) }, ...(crumb === undefined ? [] : [{ label: crumb }])]} />
      <Tabs
        label={state.draft.title}
        tabs={[
          { href: draftHref(state), label: t('tab.entries'), current: current === 'entries' },
          { href: draftHref(state, '/difference'), label: t('tab.difference'), current: current === 'difference' },
          { href: draftHref(state, '/check'), label: t('tab.check'), current: current === 'check' },
        ]}
      />
      {state.end === undefined ? null : <Notice tone={state.end === 'finished' ? 'success' : 'info'} title={state.end === 'finished' ? t('ended.finished') : t('ended.discarded')}><FinishedBody state={state} language={language} adoptHref={adoptHref} /></Notice>}
      {state.problems.length === 0 ? null : (
        <Notice tone="error" title={t('problems.load', { count: state.problems.length })}>
          <a href={draftHref(state, '/check')}>{t('problems.see')}</a>
        </Notice>
      )}
    </>
  );
}

function aboutText(value: Json | undefined): string {
  return typeof value === 'string' ? value : '';
}

function FinishedBody({ state, language, adoptHref }: { readonly state: DraftState; readonly language: Language; readonly adoptHref?: ((digest: string) => string) | undefined }): VNode {
  const t = lawdeskEditorText.in(language);
  const about = state.steps.at(-1)?.about;
  if (state.end !== 'finished') return <p>{t('ended.no-more')}</p>;
  const digest = aboutText(about?.['digest']);
  return (
    <>
      <p>{t('ended.version', { version: aboutText(about?.['version']) })}</p>
      <ButtonRow>
        <LinkButton href={`/lawdesk/packs/${digest}`} tone="secondary">{t('ended.see')}</LinkButton>
        <LinkButton href={`/lawdesk/review/${digest}`} tone="secondary">{t('ended.review')}</LinkButton>
        <LinkButton href={`/lawdesk/packs/${digest}/bundle`} tone="secondary" download>{t('ended.sign')}</LinkButton>
        {adoptHref === undefined ? null : <LinkButton href={adoptHref(digest)} tone="secondary">{t('ended.adopt')}</LinkButton>}
      </ButtonRow>
    </>
  );
}

const ENTRIES_SHOWN = 60;

export function draftPage(frame: PageContext, given: { readonly state: DraftState; readonly q: string; readonly kind: string; readonly from: number; readonly nextVersion: string; readonly author: string; readonly adoptHref: ((digest: string) => string) | undefined; readonly error: string | undefined; readonly errorField?: string }): Page {
  const { language } = frame;
  const { state, q, kind, from } = given;
  const t = lawdeskEditorText.in(language);
  const all = entriesOf(state.files);
  const words = foldLetters(q).split(/\s+/).filter((word) => word !== '');
  const found = all.filter((entry) => (kind === '' || entry.kind === kind) && words.every((word) => foldLetters(`${entry.id} ${localisedIn(entry.data).map(({ text }) => text[language] ?? '').join(' ')}`).includes(word)));
  const kinds = [...new Set(all.map((entry) => entry.kind))];
  const address = (start: number): string => draftHref(state, `?${new URLSearchParams({ q, kind, from: String(start) }).toString()}`);
  return {
    title: state.draft.title,
    body: (
      <>
        <ErrorSummary errors={given.error === undefined ? [] : [{ ...(given.errorField === undefined ? {} : { field: given.errorField }), message: given.error }]} />
        <DraftHead state={state} language={language} current="entries" adoptHref={given.adoptHref} />
        <PageHeading caption={t('draft.caption', { pack: state.draft.packId, version: state.draft.baseVersion })} title={state.draft.title} lead={t('draft.lead')} tags={<EndTag end={state.end} language={language} />} />
        <Section title={t('draft.entries')}>
          {state.end !== undefined || !frame.may('law.draft') ? null : (
            <p>
              <a href={draftHref(state, '/new')}>{t('new.title')}</a>
            </p>
          )}
          <form method="get" action={draftHref(state)}>
            <FieldRow>
              <TextInput name="q" label={t('draft.search')} value={q} type="search" maxLength={200} />
              <Select name="kind" label={t('draft.kind')} value={kind} emptyLabel={t('draft.every-kind')} options={kinds.map((one) => ({ value: one, label: kindWords(one, language) }))} />
              <Button tone="secondary">{t('draft.find')}</Button>
            </FieldRow>
          </form>
          <ul class="lawdesk-entries">
            {found.slice(from, from + ENTRIES_SHOWN).map((entry) => (
              <li class="lawdesk-entries__item" key={`${entry.kind}:${entry.id}`}>
                <div class="lawdesk-entries__text">
                  <a href={editHref(state, entry.kind, entry.id)}>{titleWords(entry, language)}</a>
                  <div class="lawdesk-entries__meta">
                    {kindWords(entry.kind, language)} · <code>{entry.id}</code> · {entry.file}
                  </div>
                </div>
              </li>
            ))}
          </ul>
          {found.length === 0 ? <p>{t('draft.nothing')}</p> : null}
          <Pagination
            summary={t('draft.shown', { from: Math.min(from + 1, found.length), to: Math.min(from + ENTRIES_SHOWN, found.length), total: found.length })}
            previous={from === 0 ? undefined : address(Math.max(0, from - ENTRIES_SHOWN))}
            next={from + ENTRIES_SHOWN >= found.length ? undefined : address(from + ENTRIES_SHOWN)}
          />
        </Section>
        {state.end === undefined && !frame.may('law.draft') ? <LookOnly frame={frame} /> : null}
        {state.end === undefined && frame.may('law.draft') ? <FinishForm frame={frame} state={state} nextVersion={given.nextVersion} author={given.author} errorOf={(field) => (given.errorField === field ? given.error : undefined)} /> : null}
        <Section title={t('history.title')} id="history">
          {state.steps.length === 0 ? (
            <p>{t('history.none')}</p>
          ) : (
            <>
              {state.end === undefined && state.undoable !== undefined && frame.may('law.draft') ? <UndoForm state={state} language={language} /> : null}
              <Timeline items={state.steps.toReversed().slice(0, 50).map((step) => ({ date: step.madeAt, title: stepWords(step, state, language), kind: step.act === 'edit' ? ('plain' as const) : ('important' as const) }))} />
            </>
          )}
        </Section>
      </>
    ),
  };
}

function stepWords(step: DraftState['steps'][number], state: DraftState, language: Language): VNode {
  const t = lawdeskEditorText.in(language);
  const { kind, id, act, fields } = step.about as { kind?: string; id?: string; act?: string; fields?: readonly string[] };
  const what = kind !== undefined && isEntryKind(kind) ? `${kindWords(kind, language)} ${id ?? ''}` : '';
  const link = kind === undefined || id === undefined ? null : <a href={editHref(state, kind, id)}>{what}</a>;
  switch (step.act) {
    case 'finish':
      return <>{t('step.finish', { version: aboutText(step.about['version']) })}</>;
    case 'discard':
      return <>{t('step.discard')}</>;
    case 'undo':
      return <>{t('step.undo', { step: step.undoes ?? 0 })} {link}</>;
    case 'edit':
      return (
        <>
          {step.step}. {link}: {act === 'copy' ? t('step.copy') : act === 'remove' ? t('step.remove') : act === 'add' ? t('step.add') : (fields ?? []).map((field) => fieldPathWords(field, language)).join(', ')}
        </>
      );
  }
}

export function UndoForm({ state, language }: { readonly state: DraftState; readonly language: Language }): VNode {
  const t = lawdeskEditorText.in(language);
  return (
    <form method="post" action={draftHref(state, '/undo')}>
      <Hidden fields={{ after: String(state.step) }} />
      <Button tone="secondary">{t('undo', { step: state.undoable?.step ?? 0 })}</Button>
    </form>
  );
}

function FinishForm({ frame, state, nextVersion, author, errorOf }: { readonly frame: PageContext; readonly state: DraftState; readonly nextVersion: string; readonly author: string; readonly errorOf: (field: string) => string | undefined }): VNode {
  const { language } = frame;
  const t = lawdeskEditorText.in(language);
  return (
    <Section title={t('finish.title')} id="finish" lead={t('finish.lead')}>
      <form method="post" action={draftHref(state, '/finish')}>
        <Hidden fields={{ after: String(state.step) }} />
        <TextInput name="version" label={t('finish.version')} hint={t('finish.version-hint')} value={nextVersion} width="10" maxLength={20} required error={errorOf('version')} />
        <AuthorField frame={frame} name="author" label={t('finish.author')} hint={t('finish.author-hint')} value={author} width="half" maxLength={AUTHOR_LENGTH_MAX} autocomplete="name" required error={errorOf('author')} />
        <Button>{t('finish.button')}</Button>
      </form>
      <Details summary={t('discard.title')}>
        <p>{t('discard.body')}</p>
        <form method="post" action={draftHref(state, '/discard')}>
          <Hidden fields={{ after: String(state.step) }} />
          <Button tone="danger">{t('discard.button')}</Button>
        </form>
      </Details>
    </Section>
  );
}

/** A problem of the pack with the entry it concerns, when it stands in one. */
export function ProblemView({ problem, state, language }: { readonly problem: PackProblem; readonly state: DraftState; readonly language: Language }): VNode {
  const t = lawdeskEditorText.in(language);
  const entry = entryAt(entriesOf(state.files), problem);
  return (
    <div class={problem.severity === 'error' ? 'lawdesk-problem' : 'lawdesk-problem lawdesk-problem--warning'}>
      <p>
        <Tag tone={problem.severity === 'error' ? 'error' : 'warning'}>{problem.severity === 'error' ? t('problem.error') : t('problem.warning')}</Tag> {entry === undefined ? `${problem.file}:${problem.line}` : <a href={editHref(state, entry.kind, entry.id)}>{titleWords(entry, language)}</a>} <code>{problem.code}</code>
      </p>
      {/* What the engine says of a file is English, as its command line says it. */}
      <p lang="en">
        {problem.message}. {problem.fix}
      </p>
    </div>
  );
}

/** The entry a line of a file stands in. */
export function entryAt(entries: readonly Entry[], spot: { readonly file: string; readonly line: number }): Entry | undefined {
  return entries.findLast((entry) => entry.file === spot.file && entry.line <= spot.line && spot.line < entry.lineAfter);
}

const PROBLEMS_SHOWN = 100;

export interface CheckParts {
  readonly state: DraftState;
  /** Absent while the check runs. */
  readonly answer: CheckAnswer | undefined;
  /** The version that is being finished when the check ends well. */
  readonly finishing: string | undefined;
  readonly error: string | undefined;
}

export function checkPage(frame: PageContext, given: CheckParts): Page {
  const { language } = frame;
  const { state, answer } = given;
  const t = lawdeskEditorText.in(language);
  return {
    title: `${t('tab.check')} – ${state.draft.title}`,
    body: (
      <>
        <ErrorSummary errors={given.error === undefined ? [] : [{ message: given.error }]} />
        <DraftHead state={state} language={language} current="check" crumb={t('tab.check')} />
        <PageHeading caption={state.draft.title} title={t('tab.check')} lead={t('check.lead')} />
        {answer === undefined || given.finishing !== undefined ? (
          <Notice tone="info" announce title={given.finishing === undefined ? t('check.runs') : t('check.runs-finish', { version: given.finishing })}>
            <p>{t('check.runs-body')}</p>
          </Notice>
        ) : null}
        {answer === undefined ? null : <CheckResultView state={state} answer={answer} language={language} />}
      </>
    ),
  };
}

function CheckResultView({ state, answer, language }: { readonly state: DraftState; readonly answer: CheckAnswer; readonly language: Language }): VNode {
  const t = lawdeskEditorText.in(language);
  const errors = answer.problems.filter((problem) => problem.severity === 'error');
  const warnings = answer.problems.filter((problem) => problem.severity === 'warning');
  const { changed, runs, reached } = answer.held ?? { changed: [], runs: 0, reached: 0 };
  return (
    <>
      {errors.length === 0 ? <Notice tone="success" title={t('check.good')} /> : <Notice tone="error" title={t('check.errors', { count: errors.length })} />}
      <Stats>
        <Stat label={t('check.errors-label')} value={errors.length} />
        <Stat label={t('check.warnings-label')} value={warnings.length} />
        <Stat label={t('check.cases-label')} value={answer.cases} note={t('check.cases-failing', { count: answer.cases - answer.passed })} />
        <Stat label={t('check.changed-label')} value={changed.length} />
      </Stats>
      {errors.length === 0 ? null : (
        <Section title={t('check.errors-label')}>
          {errors.slice(0, PROBLEMS_SHOWN).map((problem, index) => (
            <ProblemView key={index} problem={problem} state={state} language={language} />
          ))}
          {errors.length > PROBLEMS_SHOWN ? <p>{t('check.more', { count: errors.length - PROBLEMS_SHOWN })}</p> : null}
        </Section>
      )}
      {changed.length === 0 ? null : (
        <Section title={t('check.changed-label')} lead={reached > runs ? t('check.changed-some', { shown: runs, count: reached }) : t('check.changed-lead')}>
          {changed.slice(0, PROBLEMS_SHOWN).map((one) => (
            <ChangedCaseView key={one.run.workedCase.id} one={one} pack={state.pack ?? state.base.pack} state={state} language={language} />
          ))}
        </Section>
      )}
      {warnings.length === 0 ? null : (
        <Section title={t('check.warnings-label')}>
          <Details summary={t('check.warnings', { count: warnings.length })}>
            {warnings.slice(0, PROBLEMS_SHOWN).map((problem, index) => (
              <ProblemView key={index} problem={problem} state={state} language={language} />
            ))}
          </Details>
        </Section>
      )}
    </>
  );
}

export function ChangedCaseView({ one, pack, state, language }: { readonly one: ChangedCase; readonly pack: Pack; readonly state: DraftState; readonly language: Language }): VNode {
  const t = lawdeskEditorText.in(language);
  const said = (result: string): string => (isResult(result) ? t(`result.${result}`) : dateWords(result, language));
  return (
    <div>
      <CaseView pack={pack} run={one.run} rule={undefined} language={language} />
      <ul>
        {one.lines.map((line) => (
          <li key={line.id}>
            {pack.duties.find((duty) => duty.id === line.id)?.label[language] ?? labelOf(pack, line.id, language)}: <del>{said(line.before)}</del> → <ins>{said(line.after)}</ins>
          </li>
        ))}
      </ul>
      <p>
        <a href={editHref(state, 'case', one.run.workedCase.id)}>
          {t('difference.open')}
          <span class="visually-hidden">: {one.run.workedCase.title[language]}</span>
        </a>
      </p>
    </div>
  );
}

export interface DifferenceParts {
  readonly from: Pack;
  readonly to: Pack;
  readonly kind: string;
  readonly dates: boolean;
  readonly start: number;
  /** Address of this page without its query. */
  readonly action: string;
  readonly keep: Readonly<Record<string, string>>;
  /** Where an entry of the new pack is shown. */
  readonly hrefOf: (kind: string, id: string) => string;
  readonly head: VNode | null;
}

const CHANGES_SHOWN = 60;

export function differencePage(frame: PageContext, parts: DifferenceParts): Page {
  const { language } = frame;
  const t = lawdeskEditorText.in(language);
  const diff = diffPacks(parts.from, parts.to);
  const affected = affectedConclusions(parts.from, parts.to, diff);
  const moved = new Set(diff.movedDates.map((date) => `${date.kind}:${date.id}`));
  const shown = diff.entries.filter((entry) => (parts.kind === '' || entry.kind === parts.kind) && (!parts.dates || moved.has(`${entry.kind}:${entry.id}`)));
  const kinds = [...new Set(diff.entries.map((entry) => entry.kind))];
  const address = (start: number): string => `${parts.action}?${new URLSearchParams({ ...parts.keep, kind: parts.kind, ...(parts.dates ? { dates: 'yes' } : {}), start: String(start) }).toString()}`;
  return {
    title: t('difference.title', { from: parts.from.ref.version, to: parts.to.ref.version }),
    wide: true,
    body: (
      <>
        {parts.head}
        <PageHeading caption={parts.to.title[language]} title={t('difference.title', { from: `${parts.from.ref.version} (${parts.from.ref.digest.slice(0, 8)})`, to: `${parts.to.ref.version} (${parts.to.ref.digest.slice(0, 8)})` })} lead={t('difference.lead')} />
        <Counts diff={diff} language={language} />
        <MovedDates diff={diff} parts={parts} language={language} />
        {affected.length === 0 ? null : (
          <Section title={t('difference.affected')} lead={t('difference.affected-lead')}>
            <Details summary={t('difference.affected-count', { count: affected.length })}>
              <ul>
                {affected.slice(0, 300).map((one) => (
                  <li key={`${one.kind}:${one.id}`}>
                    {one.kind === 'duty' ? (parts.to.duties.find((duty) => duty.id === one.id)?.label[language] ?? one.id) : labelOf(parts.to, one.id, language)} <span class="muted">{one.because.slice(0, 5).join(', ')}</span>
                  </li>
                ))}
              </ul>
            </Details>
          </Section>
        )}
        <Section title={t('difference.entries')}>
          <form method="get" action={parts.action}>
            <Hidden fields={parts.keep} />
            <FieldRow>
              <Select name="kind" label={t('draft.kind')} value={parts.kind} emptyLabel={t('draft.every-kind')} options={kinds.map((kind) => ({ value: kind, label: isEntryKind(kind) ? kindWords(kind, language) : kind }))} />
              <Select name="dates" label={t('difference.which')} value={parts.dates ? 'yes' : ''} emptyLabel={t('difference.all')} options={[{ value: 'yes', label: t('difference.only-dates') }]} />
              <Button tone="secondary">{t('draft.find')}</Button>
            </FieldRow>
          </form>
          {shown.length === 0 ? <EmptyState level={3} title={t('difference.none')} /> : null}
          {shown.slice(parts.start, parts.start + CHANGES_SHOWN).map((entry) => (
            <ChangeView key={`${entry.kind}:${entry.id}`} entry={entry} parts={parts} language={language} />
          ))}
          <Pagination previous={parts.start === 0 ? undefined : address(Math.max(0, parts.start - CHANGES_SHOWN))} next={parts.start + CHANGES_SHOWN >= shown.length ? undefined : address(parts.start + CHANGES_SHOWN)} summary={t('draft.shown', { from: Math.min(parts.start + 1, shown.length), to: Math.min(parts.start + CHANGES_SHOWN, shown.length), total: shown.length })} />
        </Section>
      </>
    ),
  };
}

function Counts({ diff, language }: { readonly diff: PackDiff; readonly language: Language }): VNode {
  const t = lawdeskEditorText.in(language);
  const count = (change: EntryChange['change']): number => diff.entries.filter((entry) => entry.change === change).length;
  return (
    <Stats>
      <Stat label={t('change.added')} value={count('added')} />
      <Stat label={t('change.changed')} value={count('changed')} />
      <Stat label={t('change.removed')} value={count('removed')} />
      <Stat label={t('difference.dates')} value={diff.movedDates.length} />
    </Stats>
  );
}

function MovedDates({ diff, parts, language }: { readonly diff: PackDiff; readonly parts: DifferenceParts; readonly language: Language }): VNode | null {
  const t = lawdeskEditorText.in(language);
  if (diff.movedDates.length === 0) return null;
  return (
    <Section title={t('difference.dates')} lead={t('difference.dates-lead')}>
      <Table
        caption={t('difference.dates')}
        captionHidden
        phone="stack"
        rows={diff.movedDates.slice(0, 200)}
        columns={[
          { key: 'entry', head: t('difference.entry'), rowHead: true, cell: (row) => <a href={parts.hrefOf(row.kind, row.id)}>{row.kind === 'parameter' ? (parts.to.parameters.find((one) => one.id === row.id)?.label[language] ?? row.id) : row.id}</a> },
          { key: 'field', head: t('difference.field'), cell: (row) => fieldPathWords(row.field, language) },
          { key: 'before', head: t('difference.before'), cell: (row) => <del>{formatDate(row.before, language)}</del> },
          { key: 'after', head: t('difference.after'), cell: (row) => <ins>{formatDate(row.after, language)}</ins> },
        ]}
      />
    </Section>
  );
}

function ChangeView({ entry, parts, language }: { readonly entry: EntryChange; readonly parts: DifferenceParts; readonly language: Language }): VNode {
  const t = lawdeskEditorText.in(language);
  const fields = entry.fields.map((field) => ({ label: fieldPathWords(field.field, language), before: field.before, after: field.after }));
  return (
    <Details
      open={entry.change === 'changed'}
      summary={
        <>
          <Tag tone={entry.change === 'added' ? 'success' : entry.change === 'removed' ? 'error' : 'info'}>{t(`change.${entry.change}`)}</Tag> {isEntryKind(entry.kind) ? kindWords(entry.kind, language) : entry.kind} <code>{entry.id}</code> <span class="muted">{t(`concern.${entry.concern}`)}</span>
        </>
      }
    >
      {entry.change === 'removed' ? null : (
        <p>
          <a href={parts.hrefOf(entry.kind, entry.id)}>{t('difference.open')}</a>
        </p>
      )}
      <DiffView changes={fields.slice(0, 60)} />
      {entry.change === 'changed' ? <SentenceDifference from={parts.from} to={parts.to} changes={entry.fields} language={language} /> : null}
    </Details>
  );
}
