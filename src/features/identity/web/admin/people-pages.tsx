/** People as administrators and auditors see them: a list that is searched and filtered, and the page of one person. */

import type { VNode } from 'preact';
import { Breadcrumbs, Button, Details, EmptyState, ErrorSummary, LinkButton, Notice, PageHeading, Pagination, SearchBox, Section, Select, SummaryList, Table } from '../../../../platform/html/components/index.ts';
import type { Page, PageContext } from '../../../../platform/html/index.ts';
import { compareText, formatDate, formatList } from '../../../../platform/text/index.ts';
import type { Names } from '../../actions/administration.ts';
import type { Role, SessionRow } from '../../model.ts';
import { deviceName } from '../../rules/device.ts';
import { ROLES } from '../../../../platform/auth/index.ts';
import { type Act, type OrganisationCounted, PEOPLE_STATES, type PersonSeen } from '../../store/administration.ts';
import type { MembershipRow } from '../../store/organisations.ts';
import { adminText } from '../../text/admin/index.ts';
import { BLANK, errorOf, type FormState } from '../layout.tsx';
import { ActForm, Acts, AdminTabs, hrefOf, roleLabel, Said, StateTag, When } from './parts.tsx';

export interface PeopleQuery {
  readonly q?: string | undefined;
  readonly role?: string | undefined;
  readonly organisation?: string | undefined;
  readonly state?: string | undefined;
}

export interface PeopleView {
  readonly people: readonly PersonSeen[];
  readonly query: PeopleQuery;
  readonly organisations: readonly OrganisationCounted[];
  /** The page before which there is none. */
  readonly isFirst: boolean;
  readonly next: string | undefined;
}

const PATH = '/identity/people';

export function peoplePage(frame: PageContext, { people, query, organisations, isFirst, next }: PeopleView): Page {
  const { language } = frame;
  const t = adminText.in(language);
  // What stands on one page stands in the order of the language; of many pages the database tells the order, and the page says which.
  const isWhole = next === undefined && isFirst;
  const compare = compareText(language);
  const shown = isWhole ? people.toSorted((one, two) => compare(one.name, two.name)) : people;
  const hasFilter = [query.q, query.role, query.organisation, query.state].some((one) => one !== undefined && one !== '');
  return {
    title: t('people.title'),
    wide: true,
    body: (
      <>
        <AdminTabs frame={frame} current={PATH} />
        <PageHeading title={t('people.title')} lead={t('people.lead')} actions={<LinkButton href={hrefOf('/identity/people.csv', { ...query })} tone="secondary" download>{t('list.csv')}</LinkButton>} />
        <SearchBox action={PATH} value={query.q} label={t('people.search')} keep={{ role: query.role, organisation: query.organisation, state: query.state }} />
        <form class="identity-filters no-print" method="get" action={PATH} aria-label={t('list.filters')}>
          {query.q === undefined || query.q === '' ? null : <input type="hidden" name="q" value={query.q} />}
          <div class="field-row">
            <Select name="role" label={t('field.role')} emptyLabel={t('filter.any-role')} options={ROLES.map((role) => ({ value: role, label: roleLabel(role, language) }))} value={query.role} />
            <Select name="organisation" label={t('field.organisation')} emptyLabel={t('filter.any-organisation')} options={organisations.map((one) => ({ value: one.id, label: one.names[language] }))} value={query.organisation} />
            <Select name="state" label={t('field.state')} emptyLabel={t('filter.any-state')} options={PEOPLE_STATES.map((state) => ({ value: state, label: t(`people.state-${state}`) }))} value={query.state} />
            <div class="button-row">
              <Button tone="secondary">{t('list.apply')}</Button>
              {hasFilter ? <a href={PATH}>{t('list.clear')}</a> : null}
            </div>
          </div>
        </form>
        {people.length === 0 ? (
          <EmptyState title={t('people.none')}>{t(hasFilter ? 'people.none-found' : 'people.none-body')}</EmptyState>
        ) : (
          <Table
            caption={t('people.title')}
            captionHidden
            phone="stack"
            rows={shown}
            rowKey={({ id }) => id}
            columns={[
              { key: 'name', head: t('field.person'), rowHead: true, cell: (one) => <a href={`${PATH}/${one.id}`}>{one.name}</a> },
              { key: 'email', head: t('field.email'), cell: (one) => one.email },
              { key: 'roles', head: t('field.roles'), width: 'wide', cell: (one) => (one.roles.length === 0 ? t('people.no-role') : <RoleLines roles={one.roles} frame={frame} />) },
              { key: 'seen', head: t('field.signed-in'), cell: (one) => (one.signedInAt === undefined ? t('people.never') : <When at={one.signedInAt} language={language} />) },
              { key: 'factor', head: t('field.factor'), cell: (one) => <Factor person={one} frame={frame} /> },
              { key: 'sessions', head: t('field.sessions'), numeric: true, cell: (one) => one.sessions },
              { key: 'state', head: t('field.state'), cell: (one) => <PersonState person={one} frame={frame} /> },
            ]}
          />
        )}
        {isWhole ? null : <p class="muted">{t('people.order')}</p>}
        <Pagination next={next === undefined ? undefined : hrefOf(PATH, { ...query, after: next })} />
      </>
    ),
  };
}

interface OfPerson {
  readonly person: PersonSeen;
  readonly frame: PageContext;
}

function RoleLines({ roles, frame }: { readonly roles: PersonSeen['roles']; readonly frame: PageContext }): VNode {
  return (
    <>
      {roles.map(({ organisation, names, role }) => (
        <span class="identity-line" key={`${organisation} ${role}`}>
          {roleLabel(role, frame.language)}: <a href={`/identity/organisations/${organisation}`}>{names[frame.language]}</a>
        </span>
      ))}
    </>
  );
}

export function factorText({ hasCode, passkeys }: Pick<PersonSeen, 'hasCode' | 'passkeys'>, language: PageContext['language']): string {
  const t = adminText.in(language);
  const has = [...(hasCode ? [t('factor.code')] : []), ...(passkeys > 0 ? [t('factor.passkeys', { count: passkeys })] : [])];
  return has.length === 0 ? t('factor.none') : formatList(has, language);
}

function Factor({ person, frame }: OfPerson): VNode {
  const text = factorText(person, frame.language);
  return person.hasCode || person.passkeys > 0 ? <>{text}</> : <StateTag tone="warning">{text}</StateTag>;
}

function PersonState({ person, frame }: OfPerson): VNode {
  const t = adminText.in(frame.language);
  return person.closedAt === undefined ? <>{t('state.open')}</> : <StateTag tone="error">{t('state.locked')}</StateTag>;
}

export type PersonForm = 'lock' | 'unlock' | 'factors' | 'role' | `end-${string}`;

export interface PersonView {
  readonly person: PersonSeen;
  readonly memberships: readonly MembershipRow[];
  readonly sessions: readonly SessionRow[];
  readonly acts: readonly Act[];
  readonly names: Names;
  /** The reader themselves: an account is not locked by its owner. */
  readonly isReader: boolean;
  readonly can: { readonly lock: boolean; readonly recover: boolean; readonly grant: boolean; readonly audit: boolean };
  readonly form?: { readonly name: PersonForm; readonly state: FormState } | undefined;
  readonly organisations: readonly OrganisationCounted[];
  readonly roles: readonly Role[];
  readonly said: string | undefined;
}

/** Somebody else may have locked the account meanwhile: then the form that was sent is no more on the page, and its mistakes lead to the page itself. */
function summaryOf({ person, form }: PersonView): FormState['errors'] {
  const shown: Readonly<Record<string, boolean>> = { lock: person.closedAt === undefined, unlock: person.closedAt !== undefined, factors: person.hasCode || person.passkeys > 0 };
  const isShown = shown[form?.name ?? ''] ?? true;
  return (form?.state.errors ?? []).map((one) => (isShown ? one : { ...one, field: 'main' }));
}

export function personPage(frame: PageContext, view: PersonView): Page {
  const { language } = frame;
  const t = adminText.in(language);
  const { person, can } = view;
  return {
    title: person.name,
    wide: true,
    body: (
      <>
        <ErrorSummary errors={summaryOf(view)} />
        <AdminTabs frame={frame} current={PATH} />
        <Breadcrumbs items={[{ label: t('people.title'), href: PATH }, { label: person.name }]} />
        <PageHeading caption={t('person.caption')} title={person.name} tags={person.closedAt === undefined ? undefined : <StateTag tone="error">{t('state.locked')}</StateTag>} />
        <Said said={view.said} language={language} />
        <SummaryList
          rows={[
            { label: t('field.email'), value: person.email },
            { label: t('field.created'), value: formatDate(person.createdAt, language) },
            { label: t('field.signed-in'), value: person.signedInAt === undefined ? t('people.never') : <When at={person.signedInAt} language={language} /> },
            { label: t('field.factor'), value: <Factor person={person} frame={frame} /> },
            ...(person.closedAt === undefined ? [] : [{ label: t('field.locked'), value: <When at={person.closedAt} language={language} /> }]),
          ]}
        />
        {can.audit ? (
          <p class="no-print">
            <a href={`/identity/audit?person=${person.id}`}>{t('person.audit')}</a>
          </p>
        ) : null}
        <Roles frame={frame} view={view} />
        <Sessions frame={frame} view={view} />
        {can.lock || can.recover ? <Measures frame={frame} view={view} /> : null}
        <Section title={t('acts.title')} id="acts" lead={t('acts.lead')}>
          <Acts frame={frame} acts={view.acts} names={view.names} />
        </Section>
      </>
    ),
  };
}

interface Shown {
  readonly frame: PageContext;
  readonly view: PersonView;
}

function Roles({ frame, view }: Shown): VNode {
  const { language } = frame;
  const t = adminText.in(language);
  const form = view.form?.name === 'role' ? view.form.state : BLANK;
  return (
    <Section title={t('field.roles')} id="roles">
      {view.memberships.length === 0 ? (
        <p class="muted">{t('people.no-role')}</p>
      ) : (
        <Table
          caption={t('field.roles')}
          captionHidden
          phone="stack"
          rows={view.memberships}
          rowKey={({ id }) => id}
          columns={[
            { key: 'organisation', head: t('field.organisation'), rowHead: true, cell: (one) => <a href={`/identity/organisations/${one.organisationId}`}>{one.organisationNames[language]}</a> },
            { key: 'role', head: t('field.role'), cell: (one) => roleLabel(one.role, language) },
            { key: 'since', head: t('field.since'), cell: (one) => <When at={one.fromAt} language={language} /> },
            { key: 'until', head: t('field.until'), cell: (one) => (one.untilAt === undefined ? t('members.no-end') : <When at={one.untilAt} language={language} />) },
            ...(view.can.grant
              ? [{ key: 'end', head: t('field.act'), cell: (one: MembershipRow) => <ActForm action={`/identity/memberships/${one.id}/end?on=person`} label={t('members.end')} about={`${one.organisationNames[language]}, ${roleLabel(one.role, language)}`} tone="danger" reason={`reason-${one.id}`} language={language} {...(view.form?.name === `end-${one.id}` ? { form: view.form.state } : {})} /> }]
              : []),
          ]}
        />
      )}
      {view.can.grant && view.organisations.length > 0 ? (
        <div class="no-print">
          <Details summary={t('grant.title')} open={form.errors.length > 0}>
            <form method="post" action={`${PATH}/${view.person.id}/roles`} novalidate>
              <Select name="role-organisation" label={t('field.organisation')} options={view.organisations.map((one) => ({ value: one.id, label: one.names[language] }))} value={form.values['role-organisation']} error={errorOf(form, 'role-organisation')} />
              <Select name="role-role" label={t('field.role')} options={view.roles.map((role) => ({ value: role, label: roleLabel(role, language) }))} value={form.values['role-role'] ?? 'viewer'} error={errorOf(form, 'role-role')} />
              <Button>{t('grant.button')}</Button>
            </form>
          </Details>
        </div>
      ) : null}
    </Section>
  );
}

function Sessions({ frame, view }: Shown): VNode {
  const { language } = frame;
  const t = adminText.in(language);
  const { sessions, person, can } = view;
  return (
    <Section title={t('sessions.title')} id="sessions" lead={t('sessions.lead')}>
      {sessions.length === 0 ? (
        <p class="muted">{t('sessions.none')}</p>
      ) : (
        <>
          <Table
            caption={t('sessions.title')}
            captionHidden
            phone="stack"
            rows={sessions}
            rowKey={({ id }) => id}
            columns={[
              { key: 'device', head: t('field.device'), rowHead: true, cell: (one) => deviceName(one.userAgent) ?? t('sessions.unknown') },
              { key: 'address', head: t('field.address'), cell: (one) => one.address ?? '—' },
              { key: 'began', head: t('field.began'), cell: (one) => <When at={one.createdAt} language={language} /> },
              { key: 'seen', head: t('field.last-seen'), cell: (one) => <When at={one.seenAt} language={language} /> },
              { key: 'method', head: t('field.method'), cell: (one) => t(`method.${one.method}`) },
              ...(can.lock ? [{ key: 'act', head: t('field.act'), cell: (one: SessionRow) => <ActForm action={`${PATH}/${person.id}/sessions/${one.id}/end`} label={t('sessions.end')} about={deviceName(one.userAgent)} language={language} /> }] : []),
            ]}
          />
          {can.lock ? <ActForm action={`${PATH}/${person.id}/sessions/end`} label={t('sessions.end-all')} language={language} /> : null}
        </>
      )}
    </Section>
  );
}

function Measures({ frame, view }: Shown): VNode {
  const { language } = frame;
  const t = adminText.in(language);
  const { person, can } = view;
  const href = `${PATH}/${person.id}`;
  const stateOf = (name: PersonForm): { readonly form?: FormState } => (view.form?.name === name ? { form: view.form.state } : {});
  return (
    <Section title={t('measures.title')} id="measures">
      {view.isReader ? (
        <Notice>{t('refused.own-account')}</Notice>
      ) : (
        <div class="no-print identity-measures">
          {can.recover && person.closedAt === undefined ? (
            <div>
              <p>{t('measures.recovery')}</p>
              <ActForm action={`${href}/recovery`} label={t('measures.recovery-button')} language={language} />
            </div>
          ) : null}
          {can.recover && (person.hasCode || person.passkeys > 0) ? (
            <div>
              <p>{t('measures.factors')}</p>
              <ActForm action={`${href}/factors`} label={t('measures.factors-button')} tone="danger" reason="factors-reason" language={language} {...stateOf('factors')} />
            </div>
          ) : null}
          {can.lock ? (
            <div>
              <p>{t(person.closedAt === undefined ? 'measures.lock' : 'measures.unlock')}</p>
              {person.closedAt === undefined ? (
                <ActForm action={`${href}/lock`} label={t('measures.lock-button')} tone="danger" reason="lock-reason" language={language} {...stateOf('lock')} />
              ) : (
                <ActForm action={`${href}/unlock`} label={t('measures.unlock-button')} reason="unlock-reason" language={language} {...stateOf('unlock')} />
              )}
            </div>
          ) : null}
        </div>
      )}
    </Section>
  );
}
