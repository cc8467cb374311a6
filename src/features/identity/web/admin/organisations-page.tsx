/** The page of all organisations: a tree that folds, a search, a file. */

import type { VNode } from 'preact';
import type { Language } from '../../../../base/index.ts';
import { Button, Details, EmptyState, LinkButton, Notice, PageHeading, Pagination, SearchBox, Select, Table, TextInput } from '../../../../platform/html/components/index.ts';
import type { Page, PageContext } from '../../../../platform/html/index.ts';
import { formatNumber } from '../../../../platform/text/index.ts';
import { ORGANISATIONS_LISTED_MAX } from '../../actions/administration.ts';
import { LANGUAGES } from '../../../../base/index.ts';
import { NAME_CHARACTERS_MAX, ORGANISATION_KINDS } from '../../model.ts';
import type { Node } from '../../rules/organisation-tree.ts';
import type { OrganisationCounted } from '../../store/administration.ts';
import { adminText } from '../../text/admin/index.ts';
import { BLANK, errorOf, type FormState } from '../layout.tsx';
import { ErrorSummary } from '../../../../platform/html/components/index.ts';
import { AdminTabs, hrefOf, kindLabel, Said, StateTag } from './parts.tsx';

export interface OrganisationsView {
  readonly q: string;
  /** Without words. */
  readonly trees: readonly Node<OrganisationCounted>[];
  /** With words. */
  readonly found: readonly OrganisationCounted[] | undefined;
  readonly byId: ReadonlyMap<string, OrganisationCounted>;
  readonly entries: ReadonlyMap<string, number>;
  readonly total: number;
  readonly isCut: boolean;
  readonly next: string | undefined;
  readonly canMakeRoot: boolean;
  readonly form?: FormState | undefined;
  readonly said: string | undefined;
}

export function organisationsPage(frame: PageContext, view: OrganisationsView): Page {
  const { language } = frame;
  const t = adminText.in(language);
  const path = '/identity/organisations';
  return {
    title: t('organisations.title'),
    wide: true,
    body: (
      <>
        <ErrorSummary errors={view.form?.errors ?? []} />
        <AdminTabs frame={frame} current={path} />
        <PageHeading title={t('organisations.title')} lead={t('organisations.lead')} actions={<LinkButton href={hrefOf('/identity/organisations.csv', { q: view.q })} tone="secondary" download>{t('list.csv')}</LinkButton>} />
        <Said said={view.said} language={language} />
        <SearchBox action={path} value={view.q} label={t('organisations.search')} />
        <p role="status">
          <strong>{t('organisations.total', { count: view.found?.length ?? view.total })}</strong>
        </p>
        {view.isCut ? <Notice tone="warning">{t('organisations.cut', { max: formatNumber(ORGANISATIONS_LISTED_MAX, language) })}</Notice> : null}
        {view.found === undefined ? <Trees view={view} language={language} /> : <Found view={view} language={language} />}
        <Pagination next={view.next === undefined ? undefined : hrefOf(path, { q: view.q, after: view.next })} />
        {view.canMakeRoot ? <CreateForm language={language} action={path} form={view.form} isRoot isOpen={view.found === undefined && view.total <= 1} /> : null}
      </>
    ),
  };
}

function Trees({ view, language }: { readonly view: OrganisationsView; readonly language: Language }): VNode {
  const t = adminText.in(language);
  if (view.trees.length === 0) return <EmptyState title={t('organisations.none')}>{t('organisations.none-body')}</EmptyState>;
  return (
    <ul class="identity-tree">
      {view.trees.map((node) => (
        <Branch key={node.organisation.id} node={node} view={view} language={language} depth={0} />
      ))}
    </ul>
  );
}

function Branch({ node, view, language, depth }: { readonly node: Node<OrganisationCounted>; readonly view: OrganisationsView; readonly language: Language; readonly depth: number }): VNode {
  const t = adminText.in(language);
  const { organisation, parts, hidden } = node;
  return (
    <li>
      <p class="identity-tree__line">
        <a href={`/identity/organisations/${organisation.id}`}>{organisation.names[language]}</a> <span class="muted">{figuresOf(organisation, view.entries, language)}</span>
        {organisation.closedAt === undefined ? null : <> <StateTag tone="neutral">{t('state.closed')}</StateTag></>}
      </p>
      {parts.length === 0 ? null : (
        <details open={depth < 1}>
          <summary>
            {t('organisations.parts', { count: parts.length + hidden })}
            <span class="visually-hidden">: {organisation.names[language]}</span>
          </summary>
          <ul class="identity-tree">
            {parts.map((part) => (
              <Branch key={part.organisation.id} node={part} view={view} language={language} depth={depth + 1} />
            ))}
          </ul>
        </details>
      )}
      {hidden === 0 ? null : (
        <p>
          <a href={`/identity/organisations/${organisation.id}#parts`}>{t('organisations.hidden', { count: hidden })}</a>
        </p>
      )}
    </li>
  );
}

function figuresOf(organisation: OrganisationCounted, entries: ReadonlyMap<string, number>, language: Language): string {
  const t = adminText.in(language);
  return [kindLabel(organisation.kind, language), t('organisations.people', { count: organisation.people }), t('organisations.entries', { count: entries.get(organisation.id) ?? 0 })].join(' · ');
}

function Found({ view, language }: { readonly view: OrganisationsView; readonly language: Language }): VNode {
  const t = adminText.in(language);
  const found = view.found ?? [];
  if (found.length === 0) return <EmptyState title={t('organisations.not-found')} action={<LinkButton href="/identity/organisations" tone="secondary">{t('list.clear')}</LinkButton>}>{t('organisations.not-found-body')}</EmptyState>;
  return (
    <Table
      caption={t('organisations.title')}
      captionHidden
      phone="stack"
      rows={found}
      rowKey={({ id }) => id}
      columns={[
        { key: 'name', head: t('field.name'), rowHead: true, cell: (one) => <a href={`/identity/organisations/${one.id}`}>{one.names[language]}</a> },
        { key: 'kind', head: t('field.kind'), cell: (one) => kindLabel(one.kind, language) },
        { key: 'path', head: t('field.place'), cell: (one) => pathText(one, view.byId, language) },
        { key: 'people', head: t('field.people'), numeric: true, cell: (one) => one.people },
        { key: 'entries', head: t('field.entries'), numeric: true, cell: (one) => view.entries.get(one.id) ?? 0 },
        { key: 'state', head: t('field.state'), cell: (one) => (one.closedAt === undefined ? t('state.open') : <StateTag tone="neutral">{t('state.closed')}</StateTag>) },
      ]}
    />
  );
}

/** Names of what lies above it, as far as the reader reaches. */
export function pathText(organisation: Pick<OrganisationCounted, 'path'>, byId: ReadonlyMap<string, OrganisationCounted>, language: Language): string {
  const names = organisation.path.slice(0, -1).flatMap((id) => byId.get(id)?.names[language] ?? []);
  return names.length === 0 ? '—' : names.join(' › ');
}

/** A new organisation: at the top, or below another one. Open from the start where there is nothing else to do yet. */
export function CreateForm({ language, action, form = BLANK, isRoot = false, isOpen = false, kinds = ORGANISATION_KINDS }: { readonly language: Language; readonly action: string; readonly form?: FormState | undefined; readonly isRoot?: boolean; readonly isOpen?: boolean; readonly kinds?: readonly (typeof ORGANISATION_KINDS)[number][] }): VNode {
  const t = adminText.in(language);
  return (
    <div class="no-print identity-create">
      <Details summary={t(isRoot ? 'create.root' : 'create.part')} open={isOpen || form.errors.length > 0}>
        <form method="post" action={action} novalidate>
          <Select name="create-kind" label={t('field.kind')} options={kinds.map((kind) => ({ value: kind, label: kindLabel(kind, language) }))} value={form.values['create-kind'] ?? (isRoot ? 'ministry' : 'agency')} error={errorOf(form, 'create-kind')} />
          <NameFields prefix="create" language={language} form={form} />
          <Button>{t('create.button')}</Button>
        </form>
      </Details>
    </div>
  );
}

export function NameFields({ prefix, language, form }: { readonly prefix: 'create' | 'name'; readonly language: Language; readonly form: FormState }): VNode {
  const t = adminText.in(language);
  return (
    <>
      {LANGUAGES.map((one) => (
        <TextInput key={one} name={`${prefix}-${one}`} label={t(`field.name-${one}`)} value={form.values[`${prefix}-${one}`]} maxLength={NAME_CHARACTERS_MAX} required error={errorOf(form, `${prefix}-${one}`)} />
      ))}
    </>
  );
}
