/** Pages on which administrators connect the directory of an organisation, try it out, and make the keys of SCIM. */

import type { ComponentChildren, VNode } from 'preact';
import type { Page, PageContext } from '../../../platform/html/index.ts';
import { BackLink, Button, ButtonRow, Checkboxes, Code, Details, EmptyState, ErrorSummary, LinkButton, Notice, PageHeading, Section, Select, SummaryList, Table, Tag, TextArea, TextInput } from '../../../platform/html/components/index.ts';
import { ROLES } from '../../../platform/auth/index.ts';
import { formatTime } from '../../../platform/text/index.ts';
import { type CheckReport, LIVE_TOKENS_MAX } from '../actions/connections.ts';
import type { Sso, Trial } from '../actions/sso.ts';
import type { Organisation } from '../model.ts';
import { type Connection, type ConnectionKind, mayGive } from '../rules/connection.ts';
import type { ScimToken } from '../store/scim.ts';
import { ssoText, type SsoTextKey } from '../text/sso/index.ts';
import { roleLabel } from './admin/parts.tsx';
import { errorOf, type FormState } from './layout.tsx';
import { ssoRefusalText } from './sso-pages.tsx';

type T = (key: SsoTextKey, values?: Readonly<Record<string, string | number>>) => string;
const pathOf = (organisationId: string): string => `/identity/organisations/${organisationId}/connections`;

export function connectionsPage({ language }: PageContext, organisation: Organisation, connections: readonly Connection[]): Page {
  const t = ssoText.in(language);
  const path = pathOf(organisation.id);
  return {
    title: t('list.title'),
    body: (
      <>
        <BackLink href={`/identity/organisations/${organisation.id}`}>{organisation.names[language]}</BackLink>
        <PageHeading title={t('list.title')} lead={t('list.lead', { organisation: organisation.names[language] })} />
        {connections.length === 0 ? (
          <EmptyState title={t('list.none')} />
        ) : (
          <Table
            caption={t('list.title')}
            captionHidden
            phone="stack"
            rows={connections}
            rowKey={(one) => one.id}
            columns={[
              { key: 'name', head: t('list.name'), rowHead: true, cell: (one) => <a href={`${path}/${one.id}`}>{one.name}</a> },
              { key: 'kind', head: t('list.kind'), cell: (one) => t(`kind.${one.kind}`) },
              { key: 'domains', head: t('list.domains'), cell: (one) => one.domains.join(', ') },
              { key: 'state', head: t('list.state'), cell: (one) => <State t={t} connection={one} /> },
            ]}
          />
        )}
        <ButtonRow>
          <LinkButton href={`${path}/new/oidc`} tone="secondary">{t('list.add-oidc')}</LinkButton>
          <LinkButton href={`${path}/new/saml`} tone="secondary">{t('list.add-saml')}</LinkButton>
        </ButtonRow>
      </>
    ),
  };
}

function State({ t, connection }: { readonly t: T; readonly connection: Connection }): VNode {
  return connection.offAt === undefined ? <Tag tone="success">{t('list.on')}</Tag> : <Tag>{t('list.off')}</Tag>;
}

export function newConnectionPage(frame: PageContext, organisation: Organisation, kind: ConnectionKind, form: FormState): Page {
  const t = ssoText.in(frame.language);
  const title = t('new.title', { kind: t(`kind.${kind}`) });
  return {
    title,
    body: (
      <>
        <BackLink href={pathOf(organisation.id)}>{t('one.back')}</BackLink>
        <ErrorSummary errors={form.errors} />
        <PageHeading title={title} />
        <ConnectionForm frame={frame} organisation={organisation} kind={kind} form={form} action={`${pathOf(organisation.id)}/new/${kind}`} isNew />
      </>
    ),
  };
}

export interface ConnectionView {
  readonly organisation: Organisation;
  readonly connection: Connection;
  readonly addresses: ReturnType<Sso['addressesOf']>;
  readonly tokens: readonly ScimToken[];
  readonly now: string;
  readonly form: FormState;
  readonly report?: CheckReport | undefined;
  readonly said?: 'saved' | 'switched' | 'revoked' | undefined;
}

export function connectionPage(frame: PageContext, view: ConnectionView): Page {
  const { organisation, connection, addresses, form, report } = view;
  const t = ssoText.in(frame.language);
  const path = `${pathOf(organisation.id)}/${connection.id}`;
  const isOn = connection.offAt === undefined;
  return {
    title: connection.name,
    body: (
      <>
        <BackLink href={pathOf(organisation.id)}>{t('one.back')}</BackLink>
        <ErrorSummary errors={form.errors} />
        <PageHeading title={connection.name} lead={`${t(`kind.${connection.kind}`)}, ${organisation.names[frame.language]}`} />
        {view.said === undefined ? null : (
          <Notice tone="success" announce>
            <p>{t(`said.${view.said}`)}</p>
          </Notice>
        )}
        {report === undefined ? null : <Report frame={frame} report={report} />}
        <form method="post" action={`${path}/switch`}>
          <p>
            <State t={t} connection={connection} />
          </p>
          <Button tone={isOn ? 'danger' : 'primary'} name="on" value={isOn ? 'no' : 'yes'}>
            {t(isOn ? 'one.switch-off' : 'one.switch-on')}
          </Button>
        </form>
        <Section title={t('one.addresses')}>
          <SummaryList
            rows={[
              { label: t(`one.callback-${connection.kind}`), value: <Code>{addresses.callback}</Code> },
              ...(connection.kind === 'saml' ? [{ label: t('one.entity-id'), value: <Code>{addresses.entityId}</Code> }, { label: t('one.metadata'), value: <a href={`/identity/saml/${connection.id}/metadata`}>{addresses.metadata}</a> }] : []),
              { label: t('one.scim'), value: <Code>{addresses.scim}</Code> },
              { label: t('one.sign-in'), value: <Code>{new URL(`/identity/sso/${connection.id}`, addresses.callback).href}</Code> },
            ]}
          />
        </Section>
        <Section title={t('one.test')}>
          <p>{t('one.try-hint')}</p>
          <div class="identity-row">
            <form method="post" action={`${path}/check`}>
              <Button tone="secondary">{t('one.check')}</Button>
            </form>
            <LinkButton href={`${path}/try`} tone="secondary">{t('one.try')}</LinkButton>
          </div>
        </Section>
        <Section title={t('one.settings')}>
          <ConnectionForm frame={frame} organisation={organisation} kind={connection.kind} form={form} action={path} connection={connection} />
        </Section>
        <Tokens frame={frame} view={view} path={path} />
      </>
    ),
  };
}

function Report({ frame, report }: { readonly frame: PageContext; readonly report: CheckReport }): VNode {
  const t = ssoText.in(frame.language);
  if (report.kind === 'saml') {
    return (
      <Section title={t('check.title')}>
        {report.certificates.map(({ subject, endsAt, fingerprint, isOver }) => (
          <Notice key={fingerprint} tone={isOver ? 'error' : 'success'} title={subject}>
            <p>{t(isOver ? 'check.over' : 'check.certificate', { date: formatTime(endsAt, frame.language) })}</p>
            <p>
              <Code>{fingerprint}</Code>
            </p>
          </Notice>
        ))}
      </Section>
    );
  }
  const { outcome } = report;
  if (!outcome.ok) {
    return (
      <Notice tone="error" title={t('check.title')} announce>
        <p>{ssoRefusalText(outcome.refusal, frame)}</p>
        {'why' in outcome.refusal ? <p>{t('failed.why', { why: [outcome.refusal.why, 'detail' in outcome.refusal ? outcome.refusal.detail : undefined].filter((one) => one !== undefined).join(': ') })}</p> : null}
      </Notice>
    );
  }
  const { document, keys } = outcome.value;
  return (
    <Notice tone="success" title={t('check.title')} announce>
      <p>{t('check.well', { keys })}</p>
      <SummaryList
        compact
        rows={[
          { label: t('check.authorization'), value: <Code>{document.authorizationEndpoint}</Code> },
          { label: t('check.token'), value: <Code>{document.tokenEndpoint}</Code> },
          { label: t('check.keys'), value: <Code>{document.keysUri}</Code> },
        ]}
      />
    </Notice>
  );
}

interface FormProps {
  readonly frame: PageContext;
  readonly organisation: Organisation;
  readonly kind: ConnectionKind;
  readonly form: FormState;
  readonly action: string;
  readonly connection?: Connection;
  readonly isNew?: boolean;
}

/** What stands, in the fields of the form; the secret never. */
function valuesOf(connection: Connection | undefined): Readonly<Record<string, string>> {
  if (connection === undefined) return {};
  const { settings } = connection;
  const own = connection.kind === 'oidc' ? { issuer: connection.settings.issuer, 'client-id': connection.settings.clientId, scopes: connection.settings.scopes.join(' '), vouches: connection.settings.vouchesForEmail ? 'yes' : '' } : { 'entity-id': connection.settings.entityId, 'sign-in-url': connection.settings.signInUrl, certificates: connection.settings.certificates.map((one) => `-----BEGIN CERTIFICATE-----\n${one}\n-----END CERTIFICATE-----`).join('\n') };
  return {
    name: connection.name,
    domains: connection.domains.join('\n'),
    'claim-email': settings.claims.email,
    'claim-name': settings.claims.name,
    'claim-roles': settings.claims.roles,
    strong: settings.strong.join('\n'),
    roles: connection.roleMap.map(({ value, role }) => `${value} = ${role}`).join('\n'),
    'default-role': connection.defaultRole ?? '',
    'makes-people': connection.makesPeople ? 'yes' : '',
    ...own,
  };
}

function ConnectionForm({ frame, organisation, kind, form, action, connection, isNew }: FormProps): VNode {
  const { language } = frame;
  const t = ssoText.in(language);
  // After a refusal what was typed stands, also where it was emptied.
  const values = 'name' in form.values ? form.values : valuesOf(connection);
  const roles = ROLES.filter((role) => mayGive(role, organisation.kind));
  const line = (name: string, hint?: ComponentChildren): VNode => <TextInput name={name} label={t(`field.${name}` as SsoTextKey)} hint={hint} value={values[name]} spellcheck={false} maxLength={500} error={errorOf(form, name)} />;
  const lines = (name: string, hint: ComponentChildren, rows = 3): VNode => <TextArea name={name} label={t(`field.${name}` as SsoTextKey)} hint={hint} value={values[name]} rows={rows} spellcheck={false} code error={errorOf(form, name)} />;
  return (
    <form method="post" action={action} novalidate>
      {line('name')}
      {lines('domains', t('field.domains-hint'))}
      {kind === 'oidc' ? (
        <>
          {line('issuer', t('field.issuer-hint'))}
          {line('client-id')}
          <TextInput name="client-secret" type="password" label={t('field.client-secret')} hint={isNew === true ? undefined : t('field.client-secret-kept')} autocomplete="off" maxLength={500} error={errorOf(form, 'client-secret')} />
          {line('scopes')}
          <Checkboxes name="vouches" legend={t('field.vouches')} hint={t('field.vouches-hint')} values={values['vouches'] === 'yes' ? ['yes'] : []} options={[{ value: 'yes', label: t('field.vouches-yes') }]} />
        </>
      ) : (
        <>
          {lines('metadata', t('field.metadata-hint'), 5)}
          {line('entity-id')}
          {line('sign-in-url')}
          {lines('certificates', t('field.certificates-hint'), 4)}
        </>
      )}
      {line('claim-email')}
      {line('claim-name')}
      {line('claim-roles', t('field.claim-roles-hint'))}
      {lines('roles', t('field.roles-hint', { roles: roles.join(', ') }))}
      <Select name="default-role" label={t('field.default-role')} value={values['default-role']} emptyLabel={t('field.default-role-none')} options={roles.map((role) => ({ value: role, label: roleLabel(role, language) }))} error={errorOf(form, 'default-role')} />
      <Checkboxes name="makes-people" legend={t('field.makes-people')} values={values['makes-people'] === 'yes' ? ['yes'] : []} options={[{ value: 'yes', label: t('field.makes-people-yes') }]} />
      {lines('strong', t(`field.strong-hint-${kind}`))}
      <Button>{t('one.save')}</Button>
    </form>
  );
}

function Tokens({ frame, view, path }: { readonly frame: PageContext; readonly view: ConnectionView; readonly path: string }): VNode {
  const { language } = frame;
  const t = ssoText.in(language);
  return (
    <Section title={t('scim.title')}>
      <p>{t('scim.lead', { max: LIVE_TOKENS_MAX })}</p>
      <Table
        caption={t('scim.title')}
        captionHidden
        phone="stack"
        rows={view.tokens}
        rowKey={(one) => one.id}
        empty={t('scim.none')}
        columns={[
          { key: 'key', head: t('scim.key'), rowHead: true, cell: (one) => <Code>{`${one.prefix}…`}</Code> },
          { key: 'until', head: t('scim.until'), cell: (one) => formatTime(one.expiresAt, language) },
          { key: 'used', head: t('scim.used'), cell: (one) => (one.lastUsedAt === undefined ? t('scim.never') : formatTime(one.lastUsedAt, language)) },
          {
            key: 'revoke',
            head: t('scim.revoke'),
            cell: (one) =>
              one.revokedAt !== undefined ? (
                t('scim.revoked')
              ) : one.expiresAt <= view.now ? null : (
                <form method="post" action={`${path}/tokens/${one.id}/revoke`}>
                  <Button tone="danger" about={one.prefix}>{t('scim.revoke')}</Button>
                </form>
              ),
          },
        ]}
      />
      <form method="post" action={`${path}/tokens`} novalidate>
        <TextInput name="days" label={t('scim.days')} value={view.form.values['days'] ?? '180'} inputMode="numeric" width="5" maxLength={3} error={errorOf(view.form, 'days')} />
        <Button tone="secondary">{t('scim.create')}</Button>
      </form>
    </Section>
  );
}

export function newTokenPage({ language }: PageContext, token: string, back: string): Page {
  const t = ssoText.in(language);
  return {
    title: t('scim.new-title'),
    body: (
      <div class="identity-narrow">
        <PageHeading title={t('scim.new-title')} lead={t('scim.new-lead')} />
        <p>
          <code class="identity-secret">{token}</code>
        </p>
        <LinkButton href={back} tone="secondary">{t('one.back')}</LinkButton>
      </div>
    ),
  };
}

export function trialPage(frame: PageContext, { told, raw, roles, verdict }: Trial, back: string): Page {
  const { language } = frame;
  const t = ssoText.in(language);
  return {
    title: t('trial.title'),
    body: (
      <>
        <BackLink href={back}>{t('one.back')}</BackLink>
        <PageHeading title={t('trial.title')} />
        <Notice tone={verdict.ok ? 'success' : 'warning'}>
          <p>{verdict.ok ? t(`trial.${verdict.value}`) : ssoRefusalText(verdict.refusal, frame)}</p>
        </Notice>
        <SummaryList
          rows={[
            { label: t('trial.subject'), value: told.subject },
            { label: t('trial.email'), value: told.email === undefined ? '' : `${told.email} (${t(told.emailVerified ? 'trial.verified' : 'trial.not-verified')})` },
            { label: t('trial.name'), value: told.name ?? '' },
            { label: t('trial.groups'), value: told.groups.join(', ') },
            { label: t('trial.roles'), value: roles.join(', ') },
            { label: t('trial.strong'), value: t(told.isStrong ? 'trial.strong-yes' : 'trial.strong-no') },
          ]}
        />
        <Details summary={t('trial.raw')}>
          <pre>
            <code>{JSON.stringify(raw, null, 2).slice(0, 50_000)}</code>
          </pre>
        </Details>
      </>
    ),
  };
}
