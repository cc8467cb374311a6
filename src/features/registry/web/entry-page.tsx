/** One entry: what the system does, who answers for it, which law applies, what is open, how it came about. */

import type { ComponentChildren, VNode } from 'preact';
import { compareText, formatDate, formatList } from '../../../platform/text/index.ts';
import { Breadcrumbs, Button, Details, DiffView, LinkButton, Notice, PageHeading, Pagination, Section, StatusTag, SummaryList, Table, Tag, Timeline, WithAside } from '../../../platform/html/components/index.ts';
import type { Page, PageContext } from '../../../platform/html/index.ts';
import type { EntryAsOf, HistoryPage } from '../actions/registry.ts';
import { ALL_FIELDS, GROUPS } from '../fields.ts';
import { type Revision, type SystemEntry, type SystemRecord, valueOf } from '../model.ts';
import type { FieldDifference } from '../rules/difference.ts';
import type { Deployment } from '../store/read.ts';
import { registryText } from '../text/index.ts';
import { fieldLabel, FieldValue, type RegistryHooks, Told } from './parts.tsx';

export interface EntryView {
  readonly entry: SystemEntry;
  readonly history: HistoryPage;
  readonly deployments: { readonly linked: readonly Deployment[]; readonly likely: readonly Deployment[] };
  readonly extraSections: readonly VNode[];
  readonly hooks: RegistryHooks;
  /** Present when the reader chose a day. */
  readonly asOf?: { readonly day: string; readonly state: EntryAsOf | undefined };
  /** `/registry/:id` or `/registry/:id/manage`. */
  readonly path: string;
  /** Whether the reader may make an earlier version stand again. */
  readonly mayRestore?: boolean;
  /** Parts of the workspace: steps, source cells, links. */
  readonly before?: VNode | null;
  readonly after?: VNode | null;
}

/** Told first, because a reader asks for it first; everything else follows by group. */
const FIRST = ['summary', 'purpose', 'outputs', 'affectedPersons'] as const;

export function entryPage(frame: PageContext, view: EntryView): Page {
  const { language } = frame;
  const t = registryText.in(language);
  const { entry, asOf } = view;
  const record = asOf?.state?.record ?? entry.record;
  const isPast = asOf !== undefined;
  return {
    title: frame.area === 'workspace' ? `${record.name} – ${t('mine.title')}` : record.name,
    description: (record.summary ?? record.purpose ?? record.name).slice(0, 160),
    wide: true,
    body: (
      <>
        <Breadcrumbs items={[{ href: frame.area === 'workspace' ? '/registry/mine' : '/registry', label: frame.area === 'workspace' ? t('mine.title') : t('list.title') }, { label: t('list.number', { number: entry.number }) }]} />
        <PageHeading
          title={<Told text={record.name} language={language} written={record.entryLanguage} />}
          caption={<Told text={asOf?.state?.body.name ?? entry.body.name} language={language} />}
          tags={
            <>
              <StatusTag status={asOf?.state?.revision.status ?? entry.status} />
              {entry.summary === undefined || isPast ? null : <Tag tone="brand">{view.hooks.headlineLabel?.(entry.summary.headline, language) ?? entry.summary.headline}</Tag>}
            </>
          }
        />
        {entry.sample ? <Notice tone="info">{t('page.sample')}</Notice> : null}
        {entry.status === 'withdrawn' && !isPast ? (
          <Notice tone="warning" title={t('page.withdrawn-title')}>
            {t('page.withdrawn-body')}
          </Notice>
        ) : null}
        {asOf === undefined ? null : <AsOfNotice frame={frame} view={view} asOf={asOf} />}
        {view.before}
        {isPast && asOf.state === undefined ? null : (
          <WithAside side="end" label={t('page.facts')} aside={<Facts frame={frame} view={view} />}>
            <Section title={t('page.what')}>
              <Fields keys={FIRST} record={record} frame={frame} />
            </Section>
            {isPast ? null : view.extraSections}
            {GROUPS.map((group) => (
              <GroupSection key={group} group={group} record={record} frame={frame} />
            ))}
            <Untold record={record} frame={frame} />
            {isPast ? null : <Deployments frame={frame} view={view} />}
            {view.after}
          </WithAside>
        )}
        <History frame={frame} view={view} />
      </>
    ),
  };
}

function AsOfNotice({ frame, view, asOf }: { readonly frame: PageContext; readonly view: EntryView; readonly asOf: NonNullable<EntryView['asOf']> }): VNode {
  const t = registryText.in(frame.language);
  const date = formatDate(asOf.day, frame.language);
  return (
    <Notice tone="info" title={t('page.as-of-title', { date })}>
      {asOf.state === undefined ? t('page.as-of-none', { date }) : t('page.as-of-body', { revision: asOf.state.revision.revision })} <a href={view.path}>{t('page.as-of-now')}</a>
    </Notice>
  );
}

function Fields({ keys, record, frame }: { readonly keys: readonly string[]; readonly record: SystemRecord; readonly frame: PageContext }): VNode | null {
  const rows = ALL_FIELDS.filter((field) => keys.includes(field.key) && valueOf(record, field.key) !== undefined).map((field) => ({
    label: fieldLabel(field.key, frame.language),
    value: <FieldValue field={field} value={valueOf(record, field.key)} language={frame.language} written={record.entryLanguage} />,
  }));
  return rows.length === 0 ? <p class="muted">{registryText.in(frame.language)('list.no-summary')}</p> : <SummaryList rows={rows} />;
}

function GroupSection({ group, record, frame }: { readonly group: (typeof GROUPS)[number]; readonly record: SystemRecord; readonly frame: PageContext }): VNode | null {
  const keys = ALL_FIELDS.filter((field) => field.group === group && field.key !== 'name' && !(FIRST as readonly string[]).includes(field.key) && valueOf(record, field.key) !== undefined).map((field) => field.key);
  if (keys.length === 0) return null;
  return (
    <Section title={registryText.in(frame.language)(`group.${group}`)} id={group}>
      <Fields keys={keys} record={record} frame={frame} />
    </Section>
  );
}

/** What a reader would look for and does not find is told too: silence must not look like "not applicable". */
const EXPECTED = ['purpose', 'providerName', 'legalBasis', 'inputs', 'humanDecisions', 'complaint', 'explanation', 'assessments', 'startDate', 'necessity', 'proportionality'];

function Untold({ record, frame }: { readonly record: SystemRecord; readonly frame: PageContext }): VNode | null {
  const missing = EXPECTED.filter((key) => valueOf(record, key) === undefined && !(key === 'assessments' && (record.rightsAssessmentSummary ?? record.dataProtectionSummary) !== undefined));
  if (missing.length === 0) return null;
  return <p class="muted">{registryText.in(frame.language)('page.not-told', { fields: formatList(missing.map((key) => fieldLabel(key, frame.language)), frame.language) })}</p>;
}

function Facts({ frame, view }: { readonly frame: PageContext; readonly view: EntryView }): VNode {
  const { language } = frame;
  const t = registryText.in(language);
  const { entry, hooks } = view;
  const rows: { label: ComponentChildren; value: ComponentChildren }[] = [
    { label: t('page.body'), value: <a href={`/registry?body=${entry.body.id}`}>{entry.body.name}</a> },
    ...(entry.registeredAt === undefined ? [] : [{ label: t('page.registered'), value: formatDate(entry.registeredAt, language) }]),
    { label: t('page.changed'), value: formatDate(entry.updatedAt, language) },
    ...(entry.product === undefined ? [] : [{ label: t('page.product'), value: entry.product.name }]),
    ...(entry.summary === undefined ? [] : [{ label: t('page.assessment'), value: <>{hooks.headlineLabel?.(entry.summary.headline, language) ?? entry.summary.headline}<br />{t('list.open-questions', { count: entry.summary.open })}</> }]),
    ...(entry.source === undefined ? [] : [{ label: t('page.source'), value: hooks.sourceLabel?.(entry.source.profile, language) ?? entry.source.profile }]),
    { label: t('page.digest'), value: <code class="registry-cells">{entry.sha256}</code> },
  ];
  return (
    <>
      <SummaryList rows={rows} compact />
      <p>
        <a href={`/api/v1/${frame.area === 'workspace' ? 'workspace/' : ''}systems/${entry.id}`}>{t('page.json')}</a>
      </p>
    </>
  );
}

function Deployments({ frame, view }: { readonly frame: PageContext; readonly view: EntryView }): VNode | null {
  const t = registryText.in(frame.language);
  const compare = compareText(frame.language);
  const byBody = (a: Deployment, b: Deployment): number => compare(a.body.name, b.body.name) || a.number - b.number;
  const [linked, likely] = [view.deployments.linked.toSorted(byBody), view.deployments.likely.toSorted(byBody)];
  if (linked.length === 0 && likely.length === 0) return null;
  const list = (rows: readonly Deployment[]): VNode => (
    <ul>
      {rows.map((one) => (
        <li key={one.id}>
          <a href={`/registry/${one.id}${frame.area === 'workspace' ? '/manage' : ''}`}>{one.body.name}</a> <span class="muted">{t('list.number', { number: one.number })}</span>
        </li>
      ))}
    </ul>
  );
  return (
    <Section title={t('page.deployments')} id="deployments">
      {linked.length === 0 ? null : list(linked)}
      {likely.length === 0 ? null : (
        <Details summary={t('page.deployments-likely')} open={linked.length === 0}>
          {list(likely)}
        </Details>
      )}
    </Section>
  );
}

function History({ frame, view }: { readonly frame: PageContext; readonly view: EntryView }): VNode {
  const t = registryText.in(frame.language);
  const { history, path } = view;
  return (
    <Section title={t('page.history')} id="history" lead={t('page.history-lead')}>
      <form method="get" action={path} class="registry-inline">
        <div class="field">
          <label class="field__label" for="at">
            {t('page.as-of')}
          </label>
          <input class="input input--20" type="date" id="at" name="at" value={view.asOf?.day} required />
        </div>
        <Button tone="secondary">{t('page.as-of-show')}</Button>
      </form>
      <Timeline items={history.items.map((revision, index) => revisionItem(frame, view, revision, history.items[index + 1]))} />
      {history.next === undefined ? null : <Pagination next={`${path}?before=${history.next}#history`} summary={t('page.older')} />}
    </Section>
  );
}

function revisionItem(frame: PageContext, view: EntryView, revision: Revision, before: Revision | undefined): { title: ComponentChildren; date: string; kind: 'plain' | 'important'; children: ComponentChildren } {
  const t = registryText.in(frame.language);
  return {
    title: `${t('page.version', { revision: revision.revision })}: ${t(`kind.${revision.kind}`)}`,
    date: revision.at,
    kind: revision.kind === 'moved' ? 'important' : 'plain',
    children: (
      <>
        <StatusTag status={revision.status} /> {revision.reason === '' ? null : <Told text={revision.reason} language={frame.language} />}
        {before === undefined ? null : (
          <p>
            <a href={`/registry/${view.entry.id}/${frame.area === 'workspace' ? 'manage/' : ''}differences?from=${before.revision}&to=${revision.revision}`}>{t('page.compare')}</a>
          </p>
        )}
        {view.mayRestore !== true || revision.revision === view.entry.revision ? null : (
          <form method="post" action={`/registry/${view.entry.id}/restore`}>
            <input type="hidden" name="revision" value={String(view.entry.revision)} />
            <input type="hidden" name="earlier" value={String(revision.revision)} />
            <Button tone="quiet">{t('manage.restore')}</Button>
          </form>
        )}
      </>
    ),
  };
}

export function differencesPage(frame: PageContext, entry: SystemEntry, a: number, b: number, fields: readonly FieldDifference[], back: string): Page {
  const t = registryText.in(frame.language);
  const title = t('page.compare-title', { a, b });
  return {
    title,
    wide: true,
    body: (
      <>
        <Breadcrumbs items={[{ href: back, label: entry.record.name }, { label: t('page.history') }]} />
        <PageHeading title={title} caption={entry.record.name} />
        <DiffView
          beforeLabel={t('page.version', { revision: a })}
          afterLabel={t('page.version', { revision: b })}
          changes={fields.map((field) => ({ label: fieldLabel(field.key, frame.language), before: field.before, after: field.after }))}
        />
        <p>
          <LinkButton href={back} tone="secondary">
            {t('page.as-of-now')}
          </LinkButton>
        </p>
      </>
    ),
  };
}

/** The verbatim cells of an imported row. */
export function SourceCells({ record, frame }: { readonly record: SystemRecord; readonly frame: PageContext }): VNode | null {
  const t = registryText.in(frame.language);
  const columns = record.sourceColumns ?? [];
  if (columns.length === 0) return null;
  return (
    <Section title={t('page.source-columns')} id="source" lead={t('page.source-columns-lead', { count: columns.length })}>
      <Table
        caption={t('page.source-columns')}
        captionHidden
        columns={[
          { key: 'name', head: t('page.column-name'), rowHead: true, cell: (column) => <span class="registry-cells">{column.name}</span> },
          { key: 'value', head: t('page.column-value'), width: 'wide', cell: (column) => <span class="registry-cells">{column.value}</span> },
        ]}
        rows={columns}
        phone="stack"
      />
    </Section>
  );
}
