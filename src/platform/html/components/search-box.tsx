/** A search by GET, so that a result has an address that can be sent. */

import type { VNode } from 'preact';
import { classes } from './classes.ts';
import { useText } from './language.ts';

export interface SearchBoxProps {
  readonly action: string;
  readonly name?: string | undefined;
  readonly id?: string | undefined;
  readonly value?: string | undefined;
  readonly label: string;
  readonly hint?: string | undefined;
  readonly labelHidden?: boolean | undefined;
  readonly size?: 'normal' | 'large' | undefined;
  /** Other parts of the query that stay, e.g. chosen facets. */
  readonly keep?: HiddenFields | undefined;
}

export type HiddenFields = Readonly<Record<string, string | readonly string[] | undefined>>;

export function SearchBox({ action, name = 'q', id = name, value, label, hint, labelHidden, size = 'normal', keep = {} }: SearchBoxProps): VNode {
  const t = useText();
  return (
    <form class={classes('search-box', size === 'large' && 'search-box--large')} role="search" aria-label={label} method="get" action={action}>
      <Hidden fields={keep} />
      <label class={classes('field__label', labelHidden === true && 'visually-hidden')} for={id}>
        {label}
      </label>
      {hint === undefined ? null : (
        <p class="field__hint" id={`${id}-hint`}>
          {hint}
        </p>
      )}
      <div class="search-box__row">
        <input class="input" type="search" id={id} name={name} value={value} maxLength={200} aria-describedby={hint === undefined ? undefined : `${id}-hint`} />
        <button class="button button--primary" type="submit">
          {t('search.submit')}
        </button>
      </div>
    </form>
  );
}

/** Hidden inputs for parts of a query that a form must keep. */
export function Hidden({ fields }: { readonly fields: HiddenFields }): VNode {
  return (
    <>
      {Object.entries(fields).flatMap(([name, value]) =>
        (value === undefined ? [] : typeof value === 'string' ? [value] : value).map((one) => <input key={`${name}=${one}`} type="hidden" name={name} value={one} />),
      )}
    </>
  );
}
