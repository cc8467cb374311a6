/** Pages of second factors: the password before the first, the picture for the telephone, and the recovery codes that are shown once. */

import type { VNode } from 'preact';
import type { Page, PageContext } from '../../../platform/html/index.ts';
import { Button, ButtonRow, Hidden, LinkButton, Notice, TextInput } from '../../../platform/html/components/index.ts';
import type { GeneratorOffer } from '../actions/factors.ts';
import { type QrCode, qrCode } from '../rules/qr.ts';
import { identityText } from '../text/index.ts';
import { errorOf, type FormState, narrowPage, SignOutForm } from './layout.tsx';

/** Modules of white around the code, as its standard asks. */
const QUIET = 4;
const PIXELS_OF_MODULE = 5;

/** Black on white whatever the colours of the page: cameras expect it. */
function QrPicture({ code, title }: { readonly code: QrCode; readonly title: string }): VNode {
  const size = code.length + 2 * QUIET;
  const path = code.flatMap((row, y) => row.flatMap((dark, x) => (dark ? [`M${x + QUIET} ${y + QUIET}h1v1h-1z`] : []))).join('');
  return (
    <svg class="identity-qr" role="img" aria-label={title} viewBox={`0 0 ${size} ${size}`} width={size * PIXELS_OF_MODULE} height={size * PIXELS_OF_MODULE} shape-rendering="crispEdges">
      <rect width={size} height={size} fill="#fff" />
      <path d={path} fill="#000" />
    </svg>
  );
}

export function codeSetUpPage({ language }: PageContext, form: FormState, offer: GeneratorOffer, next: string, isNeeded: boolean): Page {
  const t = identityText.in(language);
  return narrowPage(language, {
    title: 'code.title',
    lead: 'code.lead',
    form,
    body: (
      <>
        {isNeeded ? (
          <Notice tone="warning">
            <p>{t('code.needed')}</p>
          </Notice>
        ) : null}
        <ol class="identity-steps">
          <li>
            {t('code.step-scan')}
            <QrPicture code={qrCode(offer.address)} title={t('code.picture')} />
          </li>
          <li>
            {t('code.step-type')}
            <br />
            <code class="identity-secret">{offer.secret.replaceAll(/(.{4})(?=.)/g, '$1 ')}</code>
          </li>
          <li>{t('code.step-confirm')}</li>
        </ol>
        <form method="post" action="/identity/me/code" novalidate>
          <Hidden fields={{ next }} />
          <TextInput name="code" label={t('field.first-code')} autocomplete="one-time-code" inputMode="numeric" spellcheck={false} width="10" maxLength={20} required error={errorOf(form, 'code')} />
          <ButtonRow>
            <Button>{t('code.button')}</Button>
          </ButtonRow>
        </form>
      </>
    ),
  });
}

/** Before the first second factor: the password again. Who has none signs in again. */
export function confirmPage({ language }: PageContext, form: FormState, next: string, has: { readonly hasPassword: boolean; readonly email: string }): Page {
  const t = identityText.in(language);
  return narrowPage(language, {
    title: 'step-up.title',
    lead: 'confirm.lead',
    form,
    body: has.hasPassword ? (
      <form method="post" action="/identity/me/confirm" novalidate>
        <Hidden fields={{ next }} />
        {/* Password managers find the password by the address. */}
        <input type="hidden" name="username" value={has.email} autoComplete="username" />
        <TextInput name="password" type="password" label={t('field.password')} autocomplete="current-password" required error={errorOf(form, 'password')} />
        <ButtonRow>
          <Button>{t('second.button')}</Button>
          <LinkButton href="/identity/me" tone="quiet">
            {t('me.title')}
          </LinkButton>
        </ButtonRow>
      </form>
    ) : (
      <>
        <Notice>
          <p>{t('confirm.sign-in-again')}</p>
        </Notice>
        <SignOutForm language={language} />
      </>
    ),
  });
}

/** `name` heads the file, so that its reader knows what the codes are for. */
export function recoveryCodesPage({ language }: PageContext, codes: readonly string[], next: string, name: string): Page {
  const t = identityText.in(language);
  const file = `${name}\n${t('recovery-codes.title')}\n\n${codes.join('\n')}\n`;
  return narrowPage(language, {
    title: 'recovery-codes.title',
    lead: 'recovery-codes.lead',
    body: (
      <>
        <ul class="identity-codes">
          {codes.map((code) => (
            <li key={code}>
              <code>{code}</code>
            </li>
          ))}
        </ul>
        <p>{t('recovery-codes.keep')}</p>
        <ButtonRow>
          <LinkButton href={next}>{t('recovery-codes.done')}</LinkButton>
          {/* The file is in the link itself: the codes travel once, to this page. */}
          <LinkButton tone="secondary" href={`data:text/plain;charset=utf-8,${encodeURIComponent(file)}`} download="mizan-recovery-codes.txt">
            {t('recovery-codes.download')}
          </LinkButton>
        </ButtonRow>
      </>
    ),
  });
}
