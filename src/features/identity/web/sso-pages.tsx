/** Pages of single sign-on for those who sign in: finding the organisation, and what to do when it did not work. */

import type { Page, PageContext } from '../../../platform/html/index.ts';
import { Button, ButtonRow, ErrorSummary, Hidden, LinkButton, Notice, PageHeading, TextInput } from '../../../platform/html/components/index.ts';
import type { Organisation } from '../model.ts';
import { EMAIL_CHARACTERS_MAX } from '../model.ts';
import { withNext } from '../rules/next-page.ts';
import type { SsoRefusal } from '../actions/sso.ts';
import { ssoText } from '../text/sso/index.ts';
import { errorOf, type FormState } from './layout.tsx';

export function findPage({ language }: PageContext, form: FormState, next: string, found?: { readonly connectionId: string; readonly organisation: Organisation } | 'none'): Page {
  const t = ssoText.in(language);
  const isFound = found !== undefined && found !== 'none';
  return {
    title: t('find.title'),
    body: (
      <div class="identity-narrow">
        <ErrorSummary errors={form.errors} />
        <PageHeading title={t('find.title')} lead={t('find.lead')} />
        {found === 'none' ? (
          <Notice tone="warning" announce>
            <p>{t('find.none')}</p>
          </Notice>
        ) : null}
        {isFound ? (
          <Notice tone="success" announce>
            <p>{t('find.found', { organisation: found.organisation.names[language] })}</p>
            {/* A link and no form: the page of the provider lies elsewhere, and forms of ours lead nowhere else. */}
            <LinkButton href={withNext(`/identity/sso/${found.connectionId}`, next)}>{t('find.go', { organisation: found.organisation.names[language] })}</LinkButton>
          </Notice>
        ) : null}
        <form method="post" action="/identity/sso" novalidate>
          <Hidden fields={{ next }} />
          <TextInput name="email" type="email" label={t('find.email')} value={form.values['email']} autocomplete="email" inputMode="email" spellcheck={false} maxLength={EMAIL_CHARACTERS_MAX} required error={errorOf(form, 'email')} />
          <ButtonRow>
            <Button tone={isFound ? 'secondary' : 'primary'}>{t('find.button')}</Button>
            <a href={withNext('/identity/sign-in', next)}>{t('find.other')}</a>
          </ButtonRow>
        </form>
      </div>
    ),
  };
}

const PEOPLE_CODES = ['no-email', 'email-not-verified', 'foreign-domain', 'unknown-person', 'person-elsewhere', 'other-subject', 'account-closed', 'no-role'] as const;

/** One sentence for the person who wanted to sign in: what is wrong, and whom to ask. */
export function ssoRefusalText(refusal: SsoRefusal, { language }: Pick<PageContext, 'language'>): string {
  const t = ssoText.in(language);
  if ('organisation' in refusal) {
    const code = PEOPLE_CODES.find((one) => one === refusal.code) ?? 'unknown-person';
    return t(`who.${code}`, { organisation: refusal.organisation.names[language] });
  }
  return t(`refusal.${refusal.code}`, 'entry' in refusal ? { entry: refusal.entry } : {});
}

export function ssoFailedPage(frame: PageContext, message: string, why: string | undefined): Page {
  const t = ssoText.in(frame.language);
  return {
    title: t('failed.title'),
    body: (
      <div class="identity-narrow">
        <PageHeading title={t('failed.title')} />
        <Notice tone="warning">
          <p>{message}</p>
          {why === undefined ? null : <p>{t('failed.why', { why })}</p>}
        </Notice>
        <LinkButton href="/identity/sign-in" tone="secondary">
          {t('failed.again')}
        </LinkButton>
      </div>
    ),
  };
}
