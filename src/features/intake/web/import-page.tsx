/** The page of one import: what the file is, what it would change, what is odd about it, and the decision. */

import type { VNode } from 'preact';
import type { Language } from '../../../base/index.ts';
import { Button, ButtonRow, Breadcrumbs, LinkButton, Notice, PageHeading, Pagination, Section, Select, Stat, Stats, SummaryList, Table, Tag } from '../../../platform/html/components/index.ts';
import type { Page, PageContext } from '../../../platform/html/index.ts';
import { JobProgress, jobRefreshSeconds, type JobView } from '../../../platform/jobs/index.ts';
import { formatNumber } from '../../../platform/text/index.ts';
import { refusalText } from '../http/refusals.ts';
import type { ImportView, NumberedProblem } from '../model/import.ts';
import { CELL_COUNTS } from '../model/findings.ts';
import { intakeText, type IntakeTextKey } from '../text/index.ts';
import { StateTag } from './state-tag.tsx';

export interface ProblemFilter {
  readonly severity: string;
  readonly column: string;
}

export interface ImportParts {
  readonly view: ImportView;
  readonly job: JobView | undefined;
  readonly progressScript: string;
  readonly problems: readonly NumberedProblem[];
  readonly columns: readonly string[];
  readonly filter: ProblemFilter;
  readonly next: string | undefined;
}

type Told = (key: IntakeTextKey, values?: Readonly<Record<string, string | number>>) => string;

export function importPage(frame: PageContext, parts: ImportParts): Page {
  const { language } = frame;
  const t = intakeText.in(language);
  const { view, job } = parts;
  const isBusy = job !== undefined && jobRefreshSeconds(job) !== undefined;
  const title = t('import.title', { file: view.fileName });
  return {
    title,
    wide: true,
    ...(isBusy ? { scripts: [parts.progressScript], refreshSeconds: jobRefreshSeconds(job) } : {}),
    body: (
      <>
        <Breadcrumbs items={[{ label: t('title'), href: '/intake' }, { label: view.fileName }]} />
        <PageHeading title={title} caption={view.rules.name[language]} tags={<StateTag state={view.state} language={language} />} lead={view.rules.note[language]} />
        {isBusy ? <JobProgress job={job} language={language} returnTo={`/intake/${view.id}`} /> : <Decision view={view} language={language} t={t} />}
        {view.counts === null ? null : <Counts view={view} language={language} t={t} />}
        <FileFacts view={view} language={language} t={t} />
        {view.drift === null ? null : <Drift view={view} t={t} />}
        {view.findings === null ? null : <Oddities view={view} language={language} t={t} />}
        {view.findings === null ? null : <Labels view={view} language={language} t={t} />}
        {view.findings === null ? null : <Problems parts={parts} language={language} t={t} />}
      </>
    ),
  };
}

interface PartProps {
  readonly view: ImportView;
  readonly language: Language;
  readonly t: Told;
}

function Decision({ view, language, t }: PartProps): VNode | null {
  const post = (action: string, label: string, tone: 'primary' | 'secondary' | 'danger'): VNode => (
    <Button tone={tone} formAction={`/intake/${view.id}/${action}`}>
      {label}
    </Button>
  );
  const map = (
    <LinkButton tone="secondary" href={`/intake/${view.id}/map`}>
      {t('import.mapper')}
    </LinkButton>
  );
  const bad = view.counts?.bad ?? 0;
  return (
    <>
      {view.state === 'applied' ? (
        <Notice tone="success" title={t('applied.notice')}>
          <a href={`/registry?source=${encodeURIComponent(view.profile)}`}>{t('applied.look')}</a>
        </Notice>
      ) : null}
      {view.refusal === null ? null : <Notice tone="error">{refusalText(view.refusal.code, view.refusal.detail, language)}</Notice>}
      {view.state === 'failed' ? <Notice tone="error">{t('failed.notice')}</Notice> : null}
      {view.state === 'cancelled' ? <Notice tone="info">{t('cancelled.notice')}</Notice> : null}
      {view.state === 'checked' && bad > 0 ? <Notice tone="warning">{t('apply.blocked', { count: bad })}</Notice> : null}
      <form method="post">
        <ButtonRow>
          {view.state === 'checked' && bad === 0 ? post('apply', t('apply'), 'primary') : null}
          {view.state === 'checked' && bad > 0 ? post('apply-good', t('apply.good', { count: formatNumber((view.counts?.read ?? 0) - bad, language) }), 'primary') : null}
          {['cancelled', 'failed'].includes(view.state) ? post('resume', t('resume'), 'primary') : null}
          {['checked', 'refused', 'failed', 'cancelled', 'waiting'].includes(view.state) ? map : null}
          {['checked', 'waiting', 'failed'].includes(view.state) ? post('cancel', t('cancel'), 'danger') : null}
        </ButtonRow>
      </form>
    </>
  );
}

function Counts({ view, language, t }: PartProps): VNode | null {
  const { counts, result } = view;
  if (counts === null) return null;
  const number = (value: number): string => formatNumber(value, language);
  const shown = result ?? counts;
  return (
    <Section title={result === null ? t('counts.title') : t('counts.result')} id="counts">
      <Stats>
        <Stat label={t('counts.read')} value={number(shown.read)} />
        <Stat label={t('counts.added')} value={number(shown.added)} />
        <Stat label={t('counts.changed')} value={number(shown.changed)} />
        <Stat label={t('counts.unchanged')} value={number(shown.unchanged)} />
        <Stat label={t('counts.withdrawn')} value={number(shown.withdrawn)} />
        {result === null ? <Stat label={t('counts.bad')} value={number(counts.bad)} /> : <Stat label={t('counts.leftOut')} value={number(result.leftOut)} />}
        {result === null || result.editedHere === 0 ? null : <Stat label={t('counts.editedHere')} value={number(result.editedHere)} />}
        <Stat label={t('counts.duplicates')} value={number(counts.duplicates)} note={counts.duplicates === 0 ? undefined : t('counts.duplicates.note')} />
        <Stat label={t('counts.deployments')} value={number(counts.deployments.rows)} note={counts.deployments.groups === 0 ? undefined : t('counts.deployments.note', { groups: number(counts.deployments.groups) })} />
        <Stat label={t('counts.sameName')} value={number(counts.sameNameAndOwner)} />
      </Stats>
    </Section>
  );
}

function FileFacts({ view, language, t }: PartProps): VNode {
  const { facts } = view;
  const rows = [
    { label: t('import.sha'), value: <code>{view.fileSha256}</code> },
    { label: t('import.size'), value: t('import.bytes', { bytes: formatNumber(view.fileBytes, language) }) },
    { label: t('import.licence'), value: view.rules.licence },
    ...(facts === null ? [] : [{ label: t('import.format'), value: facts.format.toUpperCase() }, { label: t('import.columns'), value: formatNumber(facts.header.length, language) }]),
    ...(facts?.encoding === undefined ? [] : [{ label: t('import.encoding'), value: encodingText(facts.encoding, language, t) }]),
    ...(facts?.delimiter === undefined ? [] : [{ label: t('import.delimiter'), value: <code>{facts.delimiter === '\t' ? 'TAB' : facts.delimiter}</code> }]),
    ...(facts?.sheet === undefined ? [] : [{ label: t('import.sheet'), value: facts.sheet }]),
    ...(facts === null || facts.preamble.length === 0 ? [] : [{ label: t('import.preamble'), value: facts.preamble.map((cells) => cells.filter((cell) => cell !== '').join(' | ')).join(' / ') }]),
  ];
  return (
    <Section title={t('upload.file')} id="file">
      <SummaryList compact rows={rows} />
    </Section>
  );
}

function encodingText(encoding: NonNullable<NonNullable<ImportView['facts']>['encoding']>, language: Language, t: Told): string {
  if (encoding.byteOrderMark) return t('import.encoding.bom', { name: encoding.name });
  if (!encoding.detected || encoding.confidence === undefined || encoding.confidence >= 100) return t('import.encoding.sure', { name: encoding.name });
  return t('import.encoding.guess', { name: encoding.name, confidence: formatNumber(encoding.confidence, language), others: (encoding.alternatives ?? []).join(', ') });
}

function Drift({ view, t }: { readonly view: ImportView; readonly t: Told }): VNode | null {
  const { drift } = view;
  if (drift === null || (drift.added.length === 0 && drift.missing.length === 0 && drift.renamed.length === 0 && !drift.reordered)) return null;
  return (
    <Notice tone="warning" title={t('drift.title')}>
      <ul>
        {drift.added.length === 0 ? null : <li>{t('drift.added', { columns: drift.added.join(', ') })}</li>}
        {drift.missing.length === 0 ? null : <li>{t('drift.missing', { columns: drift.missing.join(', ') })}</li>}
        {drift.renamed.length === 0 ? null : <li>{t('drift.renamed', { columns: drift.renamed.map((one) => `${one.expected} → ${one.found}`).join(', ') })}</li>}
        {drift.reordered ? <li>{t('drift.reordered')}</li> : null}
      </ul>
    </Notice>
  );
}

const COLUMNS_SHOWN = 3;

function Oddities({ view, language, t }: PartProps): VNode | null {
  const { findings } = view;
  if (findings === null) return null;
  const rows = CELL_COUNTS.filter((what) => findings.counts[what] > 0).map((what) => ({
    what,
    count: findings.counts[what],
    columns: Object.entries(findings.byColumn)
      .flatMap(([column, counts]): [string, number][] => (counts[what] === undefined ? [] : [[column, counts[what]]]))
      .sort((a, b) => b[1] - a[1])
      .slice(0, COLUMNS_SHOWN),
  }));
  if (rows.length === 0) return null;
  return (
    <Section title={t('cells.title')} id="cells" lead={t('cells.lead')}>
      <Table
        caption={t('cells.title')}
        captionHidden
        rows={rows}
        rowKey={(row) => row.what}
        columns={[
          { key: 'what', head: t('cells.what'), rowHead: true, cell: (row) => t(`cells.${row.what}`) },
          { key: 'count', head: t('cells.count'), numeric: true, cell: (row) => formatNumber(row.count, language) },
          { key: 'columns', head: t('cells.columns'), cell: (row) => row.columns.map(([column, count]) => `${column} (${formatNumber(count, language)})`).join(', ') },
        ]}
      />
    </Section>
  );
}

function Labels({ view, language, t }: PartProps): VNode | null {
  const rows = Object.entries(view.findings?.labels ?? {}).flatMap(([column, values]) => Object.entries(values).map(([value, count]) => ({ column, value, count })));
  if (rows.length === 0) return null;
  return (
    <Section title={t('labels.title')} id="labels" lead={t('labels.lead')}>
      <Table
        caption={t('labels.title')}
        captionHidden
        rows={rows}
        rowKey={(row) => `${row.column} ${row.value}`}
        columns={[
          { key: 'column', head: t('problems.column'), cell: (row) => <code>{row.column}</code> },
          { key: 'value', head: t('labels.value'), rowHead: true, cell: (row) => row.value },
          { key: 'count', head: t('cells.count'), numeric: true, cell: (row) => formatNumber(row.count, language) },
        ]}
      />
    </Section>
  );
}

const TONES = { error: 'error', warning: 'warning', note: 'neutral' } as const;

function Problems({ parts, language, t }: { readonly parts: ImportParts; readonly language: Language; readonly t: Told }): VNode {
  const { view, filter } = parts;
  const number = (value: number | undefined): string => (value === undefined ? '' : formatNumber(value, language));
  return (
    <Section title={t('problems.title')} id="problems">
      <form method="get" action={`/intake/${view.id}#problems`} class="intake-filter">
        <Select name="severity" label={t('problems.severity')} value={filter.severity} emptyLabel={t('problems.all')} options={(['error', 'warning', 'note'] as const).map((one) => ({ value: one, label: `${t(`severity.${one}`)} (${number(view.findings?.problems[one])})` }))} />
        <Select name="column" label={t('problems.column')} value={filter.column} emptyLabel={t('problems.all')} options={parts.columns.map((column) => ({ value: column, label: column }))} />
        <Button tone="secondary">{t('problems.filter')}</Button>
      </form>
      {(view.findings?.notKept ?? 0) > 0 ? <Notice tone="info">{t('problems.more', { count: view.findings?.notKept ?? 0 })}</Notice> : null}
      <Table
        caption={t('problems.title')}
        captionHidden
        dense
        rows={parts.problems}
        rowKey={(problem) => problem.number}
        empty={t('problems.none')}
        columns={[
          { key: 'severity', head: t('problems.severity'), cell: (problem) => <Tag tone={TONES[problem.severity]}>{t(`severity.${problem.severity}`)}</Tag> },
          { key: 'row', head: t('problems.row'), numeric: true, cell: (problem) => number(problem.row) },
          { key: 'line', head: t('problems.line'), numeric: true, cell: (problem) => number(problem.line) },
          { key: 'column', head: t('problems.column'), cell: (problem) => (problem.column === undefined ? '' : <code>{problem.column}</code>) },
          { key: 'what', head: t('problems.what'), width: 'wide', cell: (problem) => t(`problem.${problem.code}` as IntakeTextKey) },
          { key: 'found', head: t('problems.found'), cell: (problem) => problem.found ?? '' },
        ]}
      />
      <Pagination {...(parts.next === undefined ? {} : { next: parts.next })} />
    </Section>
  );
}
