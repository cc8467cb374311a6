/** The audit record for reading: who did what, to what, from where, and how it ended. */

import type { VNode } from 'preact';
import type { Language } from '../../../../base/index.ts';
import type { AuditOutcome, AuditRow } from '../../../../platform/audit/index.ts';
import { isPolicyName, NOUNS, policyOf } from '../../../../platform/auth/index.ts';
import type { Noun } from '../../../../platform/auth/index.ts';
import { Button, DateInput, EmptyState, Help, LinkButton, PageHeading, Pagination, Select, Table } from '../../../../platform/html/components/index.ts';
import type { Page, PageContext } from '../../../../platform/html/index.ts';
import type { Names } from '../../actions/administration.ts';
import type { OrganisationCounted } from '../../store/administration.ts';
import { adminText } from '../../text/admin/index.ts';
import { Actor, AdminTabs, hrefOf, StateTag, When } from './parts.tsx';

export const OUTCOMES = ['done', 'refused', 'unfinished'] as const satisfies readonly AuditOutcome[];

export interface AuditFilter {
  readonly person?: string | undefined;
  readonly policy?: string | undefined;
  readonly outcome?: string | undefined;
  readonly organisation?: string | undefined;
  readonly from?: string | undefined;
  readonly to?: string | undefined;
}

/** What a target of an act is, where it is known to the reader. */
export interface Target {
  readonly label: string;
  readonly href: string;
}

export interface AuditView {
  readonly rows: readonly AuditRow[];
  readonly names: Names;
  readonly targets: ReadonlyMap<string, Target>;
  readonly filter: AuditFilter;
  readonly personName: string | undefined;
  readonly organisations: readonly OrganisationCounted[];
  readonly next: string | undefined;
  readonly isOwn: boolean;
}

const PATH = '/identity/audit';

export function auditPage(frame: PageContext, view: AuditView): Page {
  const { language } = frame;
  const t = adminText.in(language);
  const { rows, filter } = view;
  const hasFilter = Object.values(filter).some((one) => one !== undefined && one !== '');
  return {
    title: t('audit.title'),
    wide: true,
    body: (
      <>
        <AdminTabs frame={frame} current={PATH} />
        <PageHeading title={t('audit.title')} lead={t(view.isOwn ? 'audit.lead-own' : 'audit.lead')} actions={<LinkButton href={hrefOf('/identity/audit.csv', { ...filter })} tone="secondary" download>{t('list.csv')}</LinkButton>} />
        <Filters frame={frame} view={view} hasFilter={hasFilter} />
        {rows.length === 0 ? (
          <EmptyState title={t('audit.none')}>{t(hasFilter ? 'audit.none-found' : 'audit.none-body')}</EmptyState>
        ) : (
          <Table
            caption={t('audit.title')}
            captionHidden
            phone="stack"
            dense
            rows={rows}
            rowKey={({ id }) => id}
            columns={[
              { key: 'at', head: t('field.when'), cell: (one) => <When at={one.at} language={language} /> },
              { key: 'who', head: t('field.who'), rowHead: true, cell: (one) => <Actor actor={one.actor} names={view.names} frame={frame} /> },
              { key: 'what', head: t('field.what'), width: 'wide', cell: (one) => <What row={one} language={language} /> },
              { key: 'target', head: t('field.target'), cell: (one) => <Targets row={one} view={view} /> },
              { key: 'address', head: t('field.address'), cell: (one) => one.address },
              { key: 'outcome', head: t('field.outcome'), cell: (one) => <Outcome row={one} language={language} /> },
            ]}
          />
        )}
        <Pagination next={view.next === undefined ? undefined : hrefOf(PATH, { ...filter, before: view.next })} />
        <Help title={t('audit.help-title')}>
          <p>{t('audit.help')}</p>
        </Help>
      </>
    ),
  };
}

function Filters({ frame, view, hasFilter }: { readonly frame: PageContext; readonly view: AuditView; readonly hasFilter: boolean }): VNode {
  const { language } = frame;
  const t = adminText.in(language);
  const { filter } = view;
  return (
    <form class="identity-filters no-print" method="get" action={PATH} aria-label={t('list.filters')}>
      {filter.person === undefined || filter.person === '' ? null : (
        <>
          <input type="hidden" name="person" value={filter.person} />
          <p>
            {t('audit.of-person', { name: view.personName ?? t('actor.gone') })} <a href={hrefOf(PATH, { ...filter, person: undefined })}>{t('audit.everybody')}</a>
          </p>
        </>
      )}
      <div class="field-row">
        <Select
          name="policy"
          label={t('field.what')}
          emptyLabel={t('filter.any-act')}
          options={[
            { value: 'public', label: t('audit.open-form') },
            ...Object.entries(NOUNS as Readonly<Record<string, Noun>>).map(([name, noun]) => ({ group: noun.label[language], options: Object.entries(noun.policies).map(([verb, policy]) => ({ value: `${name}.${verb}`, label: policy.label[language] })) })),
          ]}
          value={filter.policy}
        />
        <Select name="outcome" label={t('field.outcome')} emptyLabel={t('filter.any-outcome')} options={OUTCOMES.map((one) => ({ value: one, label: t(`outcome.${one}`) }))} value={filter.outcome} />
        <Select name="organisation" label={t('field.organisation')} emptyLabel={t('filter.any-organisation')} options={view.organisations.map((one) => ({ value: one.id, label: one.names[language] }))} value={filter.organisation} />
        <DateInput name="from" label={t('field.from')} value={filter.from} />
        <DateInput name="to" label={t('field.to')} value={filter.to} />
        <div class="button-row">
          <Button tone="secondary">{t('list.apply')}</Button>
          {hasFilter ? <a href={PATH}>{t('list.clear')}</a> : null}
        </div>
      </div>
    </form>
  );
}

/**
 * Acts that many of their kind share one policy, or have none because everybody may try: their addresses tell what was done. The first
 * that fits counts.
 */
const FORMS = [
  ['/identity/sign-in', 'sign-in'],
  ['/identity/second-factor', 'second-factor'],
  ['/identity/sign-out', 'sign-out'],
  ['/identity/setup', 'setup'],
  ['/identity/recover', 'recover'],
  ['/identity/join', 'join'],
  ['/identity/address', 'address'],
  ['/identity/passkey', 'passkey'],
  ['/identity/auth', 'library'],
  ['/identity/sso', 'sso'],
  ['/identity/oidc', 'sso'],
  ['/identity/saml', 'sso'],
  ['/scim/', 'scim'],
  ['/identity/step-up', 'step-up'],
  ['/identity/me/confirm', 'confirm'],
  ['/identity/me/code/remove', 'code-remove'],
  ['/identity/me/code', 'code'],
  ['/identity/me/recovery-codes', 'recovery-codes'],
  ['/identity/me/passkeys', 'passkeys'],
  ['/identity/me/password', 'password'],
  ['/identity/me/email', 'email'],
  ['/identity/me/sessions', 'sessions'],
  ['/identity/me/keys', 'keys'],
] as const;

export function actText(row: Pick<AuditRow, 'policy' | 'route'>, language: Language): string {
  const t = adminText.in(language);
  const form = FORMS.find(([route]) => row.route.startsWith(route))?.[1];
  if (form !== undefined) return t(`form.${form}`);
  return row.policy !== 'public' && isPolicyName(row.policy) ? policyOf(row.policy).label[language] : t('audit.open-form');
}

/** Refusals that deserve words of their own; of all others the status of the answer tells the kind. */
const REFUSALS = [
  'sign-in-needed', 'not-permitted', 'step-up-needed', 'second-factor-needed', 'confirm-first', 'foreign-origin', 'wrong-credentials', 'wrong-password', 'wrong-code', 'too-many-attempts',
  'link-not-valid', 'bad-password', 'passkey-not-accepted', 'last-administrator', 'stale-edit', 'incomplete', 'invalid',
] as const;
const STATUSES = [400, 401, 403, 404, 409, 413, 415, 421, 422, 428, 429, 503, 507] as const;

/** Why an act was refused, in words. */
export function refusalWords({ status, code }: Pick<AuditRow, 'status' | 'code'>, language: Language): string {
  const t = adminText.in(language);
  const known = REFUSALS.find((one) => one === code);
  if (known !== undefined) return t(`refused.${known}`);
  const kind = STATUSES.find((one) => one === status);
  return kind !== undefined ? t(`status.${kind}`) : t((status ?? 0) >= 500 ? 'status.fault' : 'status.other');
}

function What({ row, language }: { readonly row: AuditRow; readonly language: Language }): VNode {
  return (
    <div>
      {actText(row, language)}
      <code class="muted identity-route identity-line">{`${row.method} ${row.route}`}</code>
    </div>
  );
}

/** What an own-reach reader cannot open may belong to somebody else: it is not shown to them at all. */
function Targets({ row, view }: { readonly row: AuditRow; readonly view: AuditView }): VNode {
  const shown = Object.values(row.targets).flatMap((id) => {
    const known = view.targets.get(id);
    if (known !== undefined) return [<a href={known.href} class="identity-line">{known.label}</a>];
    return view.isOwn ? [] : [<code class="identity-route identity-line">{id}</code>];
  });
  return shown.length === 0 ? <>—</> : <>{shown}</>;
}

export function outcomeOf(row: AuditRow): AuditOutcome {
  if (row.endedAt === undefined || row.status === undefined) return 'unfinished';
  return row.status >= 400 ? 'refused' : 'done';
}

function Outcome({ row, language }: { readonly row: AuditRow; readonly language: Language }): VNode {
  const outcome = outcomeOf(row);
  const label = adminText.in(language)(`outcome.${outcome}`);
  if (outcome === 'done') return <>{label}</>;
  return (
    <>
      <StateTag tone={outcome === 'refused' ? 'warning' : 'error'}>{label}</StateTag>
      {row.status === undefined ? null : (
        <>
          {' '}
          {refusalWords(row, language)} <code class="muted identity-route">{row.code ?? row.status}</code>
        </>
      )}
    </>
  );
}
