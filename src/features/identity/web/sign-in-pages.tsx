/** Pages of signing in: password, second step, first set-up. */

import type { VNode } from 'preact';
import { LANGUAGES } from '../../../base/index.ts';
import type { Page, PageContext } from '../../../platform/html/index.ts';
import { Button, ButtonRow, Fieldset, Hidden, Notice, Select, TextInput } from '../../../platform/html/components/index.ts';
import { EMAIL_CHARACTERS_MAX, NAME_CHARACTERS_MAX, PASSWORD_CHARACTERS_MAX, PASSWORD_CHARACTERS_MIN } from '../model.ts';
import { withNext } from '../rules/next-page.ts';
import { identityText } from '../text/index.ts';
import { ssoText } from '../text/sso/index.ts';
import { errorOf, type FormState, narrowPage } from './layout.tsx';
import { PasskeyButton } from './passkey-button.tsx';

export function signInPage({ language }: PageContext, form: FormState, next: string, script: string, { said, sso }: { readonly said?: 'recovered' | 'signed-out' | undefined; readonly sso: boolean }): Page {
  const t = identityText.in(language);
  return narrowPage(language, {
    title: 'sign-in.title',
    lead: 'sign-in.lead',
    form,
    scripts: [script],
    body: (
      <>
        {said === undefined ? null : (
          <Notice tone="success" announce>
            <p>{t(`said.${said}`)}</p>
          </Notice>
        )}
        <form method="post" action="/identity/sign-in" novalidate>
          <Hidden fields={{ next }} />
          <TextInput name="email" type="email" label={t('field.email')} value={form.values['email']} autocomplete="username webauthn" inputMode="email" spellcheck={false} maxLength={EMAIL_CHARACTERS_MAX} required error={errorOf(form, 'email')} />
          <TextInput name="password" type="password" label={t('field.password')} autocomplete="current-password" maxLength={PASSWORD_CHARACTERS_MAX} required error={errorOf(form, 'password')} />
          <ButtonRow>
            <Button>{t('sign-in.button')}</Button>
            <a href="/identity/recover">{t('sign-in.forgot')}</a>
          </ButtonRow>
        </form>
        <PasskeyButton language={language} act="sign-in" next={next} />
        {sso ? (
          <p>
            <a href={withNext('/identity/sso', next)}>{ssoText.in(language)('find.title')}</a>
          </p>
        ) : null}
      </>
    ),
  });
}

export function secondStepPage({ language }: PageContext, form: FormState, next: string, has: { readonly hasCode: boolean; readonly hasPasskey: boolean }, script: string): Page {
  const t = identityText.in(language);
  return narrowPage(language, {
    title: 'second.title',
    lead: 'second.lead',
    form,
    ...(has.hasPasskey ? { scripts: [script] } : {}),
    body: (
      <>
        {has.hasPasskey ? <PasskeyButton language={language} act="sign-in" next={next} /> : null}
        {has.hasCode ? (
          <form method="post" action="/identity/second-factor" novalidate>
            <Hidden fields={{ next }} />
            <TextInput name="code" label={t('field.code')} hint={t('field.code-hint')} autocomplete="one-time-code" spellcheck={false} width="10" maxLength={20} required error={errorOf(form, 'code')} />
            <Button>{t('second.button')}</Button>
          </form>
        ) : (
          <Notice>
            <p>{t('second.only-passkey')}</p>
          </Notice>
        )}
        <p>
          <a href="/identity/sign-in">{t('sign-in.again')}</a>
        </p>
      </>
    ),
  });
}

export function NewPasswordField({ language, form, name = 'password', label = 'field.password' }: { readonly language: PageContext['language']; readonly form: FormState; readonly name?: string; readonly label?: 'field.password' | 'field.new-password' }): VNode {
  const t = identityText.in(language);
  return <TextInput name={name} type="password" label={t(label)} hint={t('field.new-password-hint', { min: PASSWORD_CHARACTERS_MIN })} autocomplete="new-password" maxLength={PASSWORD_CHARACTERS_MAX} required error={errorOf(form, name)} />;
}

export function LanguageField({ language, form }: { readonly language: PageContext['language']; readonly form: FormState }): VNode {
  const t = identityText.in(language);
  return <Select name="language" label={t('field.language')} options={LANGUAGES.map((one) => ({ value: one, label: t(`language.${one}`) }))} value={form.values['language'] ?? language} />;
}

export function setUpPage({ language }: PageContext, form: FormState, token: string): Page {
  const t = identityText.in(language);
  return narrowPage(language, {
    title: 'setup.title',
    lead: 'setup.lead',
    form,
    body: (
      <form method="post" action="/identity/setup" novalidate>
        <Hidden fields={{ token }} />
        <Fieldset legend={t('setup.regulator')} id="regulator">
          {LANGUAGES.map((one) => (
            <TextInput key={one} name={`regulator-${one}`} label={t(`setup.regulator-${one}`)} value={form.values[`regulator-${one}`]} maxLength={NAME_CHARACTERS_MAX} required error={errorOf(form, `regulator-${one}`)} />
          ))}
        </Fieldset>
        <Fieldset legend={t('setup.administrator')} id="administrator">
          <TextInput name="name" label={t('field.name')} value={form.values['name']} autocomplete="name" maxLength={NAME_CHARACTERS_MAX} required error={errorOf(form, 'name')} />
          <TextInput name="email" type="email" label={t('field.email')} value={form.values['email']} autocomplete="username" inputMode="email" spellcheck={false} maxLength={EMAIL_CHARACTERS_MAX} required error={errorOf(form, 'email')} />
          <LanguageField language={language} form={form} />
          <NewPasswordField language={language} form={form} />
        </Fieldset>
        <ButtonRow>
          <Button>{t('setup.button')}</Button>
        </ButtonRow>
      </form>
    ),
  });
}

