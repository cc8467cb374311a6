/** The page of one's own account. */

import type { VNode } from 'preact';
import type { Language } from '../../../base/index.ts';
import { NOUNS, policyOf, type PolicyName } from '../../../platform/auth/index.ts';
import { formatDate } from '../../../platform/text/index.ts';
import type { Page, PageContext } from '../../../platform/html/index.ts';
import { Button, ButtonRow, Checkboxes, Code, Details, ErrorSummary, LinkButton, Notice, PageHeading, Section, Table, TextInput } from '../../../platform/html/components/index.ts';
import type { KeyRow } from '../actions/keys.ts';
import type { PasskeyRow } from '../actions/factors.ts';
import { EMAIL_CHARACTERS_MAX, NAME_CHARACTERS_MAX, type Person, type SessionRow } from '../model.ts';
import { deviceName } from '../rules/device.ts';
import type { MembershipRow } from '../store/organisations.ts';
import { identityText } from '../text/index.ts';
import { errorOf, type FormState } from './layout.tsx';
import { PasskeyButton } from './passkey-button.tsx';
import { LanguageField, NewPasswordField } from './sign-in-pages.tsx';

export interface MeView {
  readonly person: Person;
  readonly memberships: readonly MembershipRow[];
  readonly factors: { readonly hasCode: boolean; readonly recoveryCodesLeft: number; readonly hasPassword: boolean; readonly passkeys: readonly PasskeyRow[] };
  readonly sessions: readonly SessionRow[];
  readonly sessionId: string;
  readonly keys: readonly KeyRow[];
  readonly permits: readonly PolicyName[];
  readonly isRestricted: boolean;
  /** Where to show who one is before a passkey can be added; undefined when that was a moment ago. */
  readonly confirmHref: string | undefined;
  readonly said?: string | undefined;
  /** Path of the island of passkeys. */
  readonly script: string;
}

interface PartProps {
  readonly language: Language;
  readonly view: MeView;
  readonly form: FormState;
}

export function mePage({ language }: PageContext, view: MeView, form: FormState): Page {
  const t = identityText.in(language);
  return {
    title: t('me.title'),
    scripts: [view.script],
    body: (
      <>
        <ErrorSummary errors={form.errors} />
        {view.said === undefined ? null : (
          <Notice tone="success" announce>
            <p>{view.said}</p>
          </Notice>
        )}
        <PageHeading title={t('me.title')} caption={view.person.name} lead={view.person.email} />
        {view.isRestricted ? (
          <Notice tone="warning">
            <p>{t('code.needed')}</p>
          </Notice>
        ) : null}
        <Roles language={language} view={view} form={form} />
        <Data language={language} view={view} form={form} />
        <Password language={language} view={view} form={form} />
        <SecondFactor language={language} view={view} form={form} />
        <Passkeys language={language} view={view} form={form} />
        <Sessions language={language} view={view} form={form} />
        {view.isRestricted ? null : <KeysSection language={language} view={view} form={form} />}
      </>
    ),
  };
}

function Roles({ language, view }: PartProps): VNode {
  const t = identityText.in(language);
  return (
    <Section title={t('me.roles')} id="roles">
      {view.memberships.length === 0 ? (
        <p>{t('me.no-roles')}</p>
      ) : (
        <ul>
          {view.memberships.map((one) => (
            <li key={one.id}>
              {one.organisationNames[language]}: {t(`role.${one.role}`)}
            </li>
          ))}
        </ul>
      )}
    </Section>
  );
}

function Data({ language, view, form }: PartProps): VNode {
  const t = identityText.in(language);
  const { person } = view;
  const values = { language: person.language ?? language, ...form.values };
  return (
    <Section title={t('me.data')} id="data">
      <form method="post" action="/identity/me" novalidate>
        <TextInput name="name" label={t('field.name')} value={form.values['name'] ?? person.name} autocomplete="name" maxLength={NAME_CHARACTERS_MAX} required error={errorOf(form, 'name')} />
        <LanguageField language={language} form={{ ...form, values }} />
        <Button>{t('me.save')}</Button>
      </form>
      <Details summary={t('me.change-address')} open={errorOf(form, 'email') !== undefined || errorOf(form, 'address-password') !== undefined}>
        <form method="post" action="/identity/me/email" novalidate>
          <p>{t('me.address-now', { email: person.email })}</p>
          <TextInput name="email" type="email" label={t('me.new-address')} value={form.values['email']} autocomplete="email" inputMode="email" spellcheck={false} maxLength={EMAIL_CHARACTERS_MAX} required error={errorOf(form, 'email')} />
          {view.factors.hasPassword ? <TextInput name="address-password" type="password" label={t('me.present-password')} autocomplete="current-password" required error={errorOf(form, 'address-password')} /> : null}
          <Button tone="secondary">{t('me.change-address')}</Button>
        </form>
      </Details>
    </Section>
  );
}

function Password({ language, view, form }: PartProps): VNode {
  const t = identityText.in(language);
  return (
    <Section title={t('me.password')} id="password-section">
      {view.factors.hasPassword ? (
        <Details summary={t('me.change-password')} open={errorOf(form, 'present-password') !== undefined || errorOf(form, 'new-password') !== undefined}>
          <form method="post" action="/identity/me/password" novalidate>
            <input type="hidden" name="username" value={view.person.email} autoComplete="username" />
            <TextInput name="present-password" type="password" label={t('me.present-password')} autocomplete="current-password" required error={errorOf(form, 'present-password')} />
            <NewPasswordField language={language} form={form} name="new-password" label="field.new-password" />
            <Button tone="secondary">{t('me.change-password')}</Button>
          </form>
        </Details>
      ) : (
        <>
          <p>{t('me.no-password')}</p>
          <LinkButton href="/identity/recover" tone="secondary">
            {t('recover.title')}
          </LinkButton>
        </>
      )}
    </Section>
  );
}

function SecondFactor({ language, view }: PartProps): VNode {
  const t = identityText.in(language);
  const { hasCode, recoveryCodesLeft } = view.factors;
  return (
    <Section title={t('me.factors')} id="factors">
      {hasCode ? (
        <>
          <p>{t('me.code-on', { left: recoveryCodesLeft })}</p>
          <ButtonRow>
            <form method="post" action="/identity/me/recovery-codes">
              <Button tone="secondary">{t('me.renew-codes')}</Button>
            </form>
            <form method="post" action="/identity/me/code/remove">
              <Button tone="danger">{t('me.remove-code')}</Button>
            </form>
          </ButtonRow>
        </>
      ) : (
        <>
          <p>{t('me.code-off')}</p>
          <LinkButton href="/identity/me/code">{t('me.set-up-code')}</LinkButton>
        </>
      )}
    </Section>
  );
}

function Passkeys({ language, view }: PartProps): VNode {
  const t = identityText.in(language);
  const { passkeys } = view.factors;
  return (
    <Section title={t('me.passkeys')} id="passkeys">
      {passkeys.length === 0 ? <p>{t('me.no-passkeys')}</p> : null}
      {passkeys.map((one) => (
        <div class="identity-item" key={one.id}>
          <p>
            <strong>{one.name ?? t('me.passkey-unnamed')}</strong>
            {one.createdAt === undefined ? null : `, ${t('me.added').toLowerCase()}: ${moment(one.createdAt, language)}`}
          </p>
          <form method="post" action={`/identity/me/passkeys/${one.id}/name`} class="identity-row">
            <TextInput name="name" id={`passkey-${one.id}`} label={t('passkey.name')} value={one.name} maxLength={60} required />
            <Button tone="quiet">{t('me.rename')}</Button>
          </form>
          <form method="post" action={`/identity/me/passkeys/${one.id}/remove`}>
            <Button tone="quiet">
              {t('me.remove')}
              <span class="visually-hidden"> {one.name ?? t('me.passkey-unnamed')}</span>
            </Button>
          </form>
        </div>
      ))}
      {view.confirmHref === undefined ? (
        <>
          <TextInput name="passkey-name" label={t('passkey.name')} maxLength={60} />
          <PasskeyButton language={language} act="add" next="/identity/me?said=saved#passkeys" />
          <noscript>
            <p>{t('passkey.script')}</p>
          </noscript>
        </>
      ) : (
        <LinkButton href={view.confirmHref} tone="secondary">
          {t('passkey.add')}
        </LinkButton>
      )}
    </Section>
  );
}

function Sessions({ language, view }: PartProps): VNode {
  const t = identityText.in(language);
  return (
    <Section title={t('me.sessions')} id="sessions">
      <Table
        caption={t('me.sessions')}
        captionHidden
        phone="stack"
        rows={view.sessions}
        rowKey={(row) => row.id}
        columns={[
          { key: 'device', head: t('me.session-device'), rowHead: true, cell: (row) => `${deviceName(row.userAgent) ?? t('me.session-unknown')}${row.id === view.sessionId ? ` (${t('me.session-this')})` : ''}` },
          { key: 'address', head: t('me.session-address'), cell: (row) => row.address ?? '–' },
          { key: 'started', head: t('me.session-started'), cell: (row) => moment(row.createdAt, language) },
          { key: 'seen', head: t('me.session-seen'), cell: (row) => moment(row.seenAt, language) },
          {
            key: 'end',
            head: t('me.end'),
            cell: (row) =>
              row.id === view.sessionId ? (
                t('me.session-this')
              ) : (
                <form method="post" action={`/identity/me/sessions/${row.id}/end`}>
                  <Button tone="quiet">
                    {t('me.end')}
                    <span class="visually-hidden"> {deviceName(row.userAgent) ?? t('me.session-unknown')}</span>
                  </Button>
                </form>
              ),
          },
        ]}
      />
      {view.sessions.length < 2 ? null : (
        <form method="post" action="/identity/me/sessions/end-others">
          <Button tone="secondary">{t('me.end-others')}</Button>
        </form>
      )}
    </Section>
  );
}

function KeysSection({ language, view, form }: PartProps): VNode {
  const t = identityText.in(language);
  return (
    <Section title={t('me.keys')} id="keys" lead={t('me.keys-lead')}>
      {view.keys.length === 0 ? (
        <p>{t('me.no-keys')}</p>
      ) : (
        <Table
          caption={t('me.keys')}
          captionHidden
          phone="stack"
          rows={view.keys}
          rowKey={(row) => row.id}
          columns={[
            { key: 'name', head: t('me.key-name'), rowHead: true, cell: (row) => row.name },
            { key: 'prefix', head: t('me.key-prefix'), cell: (row) => <Code>{`${row.prefix}…`}</Code> },
            { key: 'permits', head: t('me.key-permits'), cell: (row) => row.permits.map((name) => policyOf(name).label[language]).join('; ') },
            { key: 'expires', head: t('me.key-expires'), cell: (row) => moment(row.expiresAt, language) },
            { key: 'used', head: t('me.key-used'), cell: (row) => (row.lastUsedAt === undefined ? t('me.key-never') : moment(row.lastUsedAt, language)) },
            {
              key: 'revoke',
              head: t('me.key-revoke'),
              cell: (row) =>
                row.revokedAt !== undefined ? (
                  t('me.key-revoked')
                ) : (
                  <form method="post" action={`/identity/me/keys/${row.id}/revoke`}>
                    <Button tone="quiet">
                      {t('me.key-revoke')}
                      <span class="visually-hidden"> {row.name}</span>
                    </Button>
                  </form>
                ),
            },
          ]}
        />
      )}
      <Details summary={t('me.key-create')} open={['key-name', 'days', 'permits'].some((field) => errorOf(form, field) !== undefined)}>
        <form method="post" action="/identity/me/keys" novalidate>
          <TextInput name="key-name" label={t('me.key-name')} value={form.values['key-name']} maxLength={100} required error={errorOf(form, 'key-name')} />
          <TextInput name="days" label={t('me.key-days')} value={form.values['days'] ?? '90'} inputMode="numeric" width="5" required error={errorOf(form, 'days')} />
          <Checkboxes name="permits" legend={t('me.key-permits')} error={errorOf(form, 'permits')} options={view.permits.map((name) => ({ value: name, label: permitLabel(name, language) }))} />
          <Button tone="secondary">{t('me.key-create')}</Button>
        </form>
      </Details>
    </Section>
  );
}

function permitLabel(name: PolicyName, language: Language): string {
  const noun = NOUNS[name.split('.')[0] as keyof typeof NOUNS];
  return `${noun.label[language]}: ${policyOf(name).label[language]}`;
}

/** The new key, shown once. */
export function newKeyPage({ language }: PageContext, key: string): Page {
  const t = identityText.in(language);
  return {
    title: t('me.keys'),
    body: (
      <div class="identity-narrow">
        <PageHeading title={t('me.keys')} />
        <Notice tone="success" announce>
          <p>{t('me.key-new')}</p>
          <p>
            <code class="identity-secret">{key}</code>
          </p>
        </Notice>
        <LinkButton href="/identity/me#keys">{t('me.back')}</LinkButton>
      </div>
    ),
  };
}

/** Day and minute, in UTC. */
function moment(at: string, language: Language): string {
  return `${formatDate(at, language, { dateStyle: 'medium', timeStyle: 'short' })} UTC`;
}
