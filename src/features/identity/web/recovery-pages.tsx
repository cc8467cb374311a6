/** Pages of the ways back in, of invitations, of a new address, and of showing a second factor again. */

import type { VNode } from 'preact';
import type { Page, PageContext } from '../../../platform/html/index.ts';
import { Button, ButtonRow, Hidden, LinkButton, Notice, TextInput } from '../../../platform/html/components/index.ts';
import { EMAIL_CHARACTERS_MAX, NAME_CHARACTERS_MAX, type Organisation } from '../model.ts';
import type { Invitation } from '../store/invitations.ts';
import { identityText } from '../text/index.ts';
import { errorOf, type FormState, narrowPage, SignOutForm } from './layout.tsx';
import { PasskeyButton } from './passkey-button.tsx';
import { LanguageField, NewPasswordField } from './sign-in-pages.tsx';

export function recoverPage({ language }: PageContext, form: FormState, isSent: boolean): Page {
  const t = identityText.in(language);
  return narrowPage(language, {
    title: 'recover.title',
    lead: isSent ? undefined : 'recover.lead',
    form,
    body: isSent ? (
      <>
        <Notice tone="success" announce>
          <p>{t('recover.sent')}</p>
        </Notice>
        <LinkButton href="/identity/sign-in" tone="secondary">
          {t('sign-in.title')}
        </LinkButton>
      </>
    ) : (
      <form method="post" action="/identity/recover" novalidate>
        <TextInput name="email" type="email" label={t('field.email')} value={form.values['email']} autocomplete="username" inputMode="email" spellcheck={false} maxLength={EMAIL_CHARACTERS_MAX} required error={errorOf(form, 'email')} />
        <Button>{t('recover.button')}</Button>
      </form>
    ),
  });
}

export function newPasswordPage({ language }: PageContext, form: FormState, token: string, withoutFactors: boolean): Page {
  const t = identityText.in(language);
  return narrowPage(language, {
    title: 'recover.title',
    lead: 'recover.set-lead',
    form,
    body: (
      <form method="post" action={`/identity/recover/${token}`} novalidate>
        {withoutFactors ? (
          <Notice tone="warning">
            <p>{t('recover.factors')}</p>
          </Notice>
        ) : null}
        <NewPasswordField language={language} form={form} label="field.new-password" />
        <Button>{t('recover.set-button')}</Button>
      </form>
    ),
  });
}

export interface JoinView {
  readonly token: string;
  readonly invitation: Invitation;
  readonly organisation: Organisation;
  readonly hasAccount: boolean;
  /** Address of the person who is signed in. */
  readonly signedInAs: string | undefined;
}

export function joinPage({ language }: PageContext, form: FormState, view: JoinView): Page {
  const t = identityText.in(language);
  const { invitation, organisation } = view;
  return narrowPage(language, {
    title: 'join.title',
    form,
    body: (
      <>
        <p>{t('join.what', { organisation: organisation.names[language], role: t(`role.${invitation.role}`) })}</p>
        <p>{t('join.address', { email: invitation.email })}</p>
        <JoinForm language={language} form={form} view={view} />
      </>
    ),
  });
}

function JoinForm({ language, form, view }: { readonly language: PageContext['language']; readonly form: FormState; readonly view: JoinView }): VNode {
  const t = identityText.in(language);
  const { token, invitation, hasAccount, signedInAs } = view;
  if (signedInAs !== undefined && signedInAs !== invitation.email) {
    return (
      <>
        <Notice tone="warning">
          <p>{t('join.other-person', { email: invitation.email })}</p>
        </Notice>
        <SignOutForm language={language} />
      </>
    );
  }
  if (signedInAs !== undefined) {
    return (
      <form method="post" action={`/identity/join/${token}`} novalidate>
        <Button>{t('join.accept')}</Button>
      </form>
    );
  }
  if (hasAccount) {
    return (
      <>
        <p>{t('join.sign-in')}</p>
        <LinkButton href={`/identity/sign-in?next=${encodeURIComponent(`/identity/join/${token}`)}`}>{t('sign-in.button')}</LinkButton>
      </>
    );
  }
  return (
    <form method="post" action={`/identity/join/${token}`} novalidate>
      {/* Password managers keep the name with the password; it cannot be changed here. */}
      <input type="hidden" name="username" value={invitation.email} autoComplete="username" />
      <TextInput name="name" label={t('field.name')} value={form.values['name']} autocomplete="name" maxLength={NAME_CHARACTERS_MAX} required error={errorOf(form, 'name')} />
      <LanguageField language={language} form={form} />
      <NewPasswordField language={language} form={form} />
      <Button>{t('join.button')}</Button>
    </form>
  );
}

/** The address changes by a form: programs that look into letters follow links. */
export function addressPage({ language }: PageContext, token: string, email: string): Page {
  const t = identityText.in(language);
  return narrowPage(language, {
    title: 'address.title',
    body: (
      <form method="post" action={`/identity/address/${token}`}>
        <p>{t('address.lead', { email })}</p>
        <Button>{t('second.button')}</Button>
      </form>
    ),
  });
}

export function stepUpPage({ language }: PageContext, form: FormState, next: string, has: { readonly hasCode: boolean; readonly hasPasskey: boolean }, script: string): Page {
  const t = identityText.in(language);
  return narrowPage(language, {
    title: 'step-up.title',
    lead: 'step-up.lead',
    form,
    ...(has.hasPasskey ? { scripts: [script] } : {}),
    body: (
      <>
        {has.hasPasskey ? <PasskeyButton language={language} act="confirm" next={next} /> : null}
        {has.hasCode ? (
          <form method="post" action="/identity/step-up" novalidate>
            <Hidden fields={{ next }} />
            <TextInput name="code" label={t('field.code')} hint={t('field.code-hint')} autocomplete="one-time-code" spellcheck={false} width="10" maxLength={20} required error={errorOf(form, 'code')} />
            <ButtonRow>
              <Button>{t('second.button')}</Button>
              <LinkButton href="/" tone="quiet">
                {t('link.home')}
              </LinkButton>
            </ButtonRow>
          </form>
        ) : (
          <Notice>
            <p>{t('second.only-passkey')}</p>
          </Notice>
        )}
      </>
    ),
  });
}
