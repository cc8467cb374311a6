/** What the forms of identity share: a narrow column, one heading, errors at the top. */

import type { ComponentChildren, VNode } from 'preact';
import type { Language } from '../../../base/index.ts';
import type { Page } from '../../../platform/html/index.ts';
import { Button, ErrorSummary, type ErrorSummaryItem, LinkButton, Notice, PageHeading } from '../../../platform/html/components/index.ts';
import { type IdentityTextKey, identityText } from '../text/index.ts';

export interface FormState {
  readonly errors: readonly ErrorSummaryItem[];
  readonly values: Readonly<Record<string, string>>;
}
export const BLANK: FormState = { errors: [], values: {} };

export function errorOf(form: FormState, field: string): ComponentChildren | undefined {
  return form.errors.find((one) => one.field === field)?.message;
}

export function narrowPage(language: Language, given: { readonly title: IdentityTextKey; readonly lead?: IdentityTextKey | undefined; readonly form?: FormState | undefined; readonly scripts?: readonly string[] | undefined; readonly body: ComponentChildren }): Page {
  const t = identityText.in(language);
  return {
    title: t(given.title),
    ...(given.scripts === undefined ? {} : { scripts: given.scripts }),
    body: (
      <div class="identity-narrow">
        <ErrorSummary errors={given.form?.errors ?? []} />
        <PageHeading title={t(given.title)} {...(given.lead === undefined ? {} : { lead: t(given.lead) })} />
        {given.body}
      </div>
    ),
  };
}

/** A link that works no more, with what to do instead. */
export function linkProblemPage(language: Language, message: string, next?: { readonly href: string; readonly label: IdentityTextKey }): Page {
  const t = identityText.in(language);
  return narrowPage(language, {
    title: 'link.title',
    body: (
      <>
        <Notice tone="warning">
          <p>{message}</p>
        </Notice>
        <LinkButton href={next?.href ?? '/'} tone="secondary">
          {t(next?.label ?? 'link.home')}
        </LinkButton>
      </>
    ),
  });
}

/** Leaving is a form: a link could be followed by a browser that looks ahead. */
export function SignOutForm({ language }: { readonly language: Language }): VNode {
  return (
    <form method="post" action="/identity/sign-out">
      <Button tone="quiet">{identityText.in(language)('sign-out.button')}</Button>
    </form>
  );
}
