/** The parts every form control shares: label, hint, error, and the wiring between them. */

import type { ComponentChildren, VNode } from 'preact';
import { classes } from './classes.ts';
import { useText } from './language.ts';

/** What every control of a form takes. */
export interface FieldProps {
  readonly label: ComponentChildren;
  readonly hint?: ComponentChildren | undefined;
  /** The refusal in the reader's language; absent when the answer is fine. */
  readonly error?: ComponentChildren | undefined;
  /** Adds "(optional)"; fields are required unless they say otherwise. */
  readonly optional?: boolean | undefined;
  /** Large labels make the question the heading of a page with one question. */
  readonly size?: 'normal' | 'large' | undefined;
  /** Keeps the label for screen readers only. */
  readonly labelHidden?: boolean | undefined;
}

/** Attributes that tie a control to its label, hint and error. */
export interface Wiring {
  readonly id: string;
  readonly 'aria-describedby'?: string;
  readonly 'aria-invalid'?: 'true';
}

/** The id of a control is its name unless the page has two of that name. Brackets and dots are fine in an id. */
export function wiringOf(id: string, field: Pick<FieldProps, 'hint' | 'error'>, more?: string): Wiring {
  const described = [field.hint === undefined ? '' : `${id}-hint`, field.error === undefined ? '' : `${id}-error`, more ?? ''].filter((part) => part !== '');
  return {
    id,
    ...(described.length === 0 ? {} : { 'aria-describedby': described.join(' ') }),
    ...(field.error === undefined ? {} : { 'aria-invalid': 'true' as const }),
  };
}

export interface FieldFrameProps extends FieldProps {
  readonly id: string;
  /** The control gets the wiring: `<Field id="x" label="…">{(wiring) => <input {...wiring} name="x" />}</Field>`. */
  readonly children: (wiring: Wiring) => ComponentChildren;
}

export function Field({ id, label, hint, error, optional, size = 'normal', labelHidden, children }: FieldFrameProps): VNode {
  return (
    <div class={classes('field', error !== undefined && 'field--error')}>
      <label class={classes('field__label', size === 'large' && 'field__label--large', labelHidden === true && 'visually-hidden')} for={id}>
        {label}
        <Optional optional={optional} />
      </label>
      <HintAndError id={id} hint={hint} error={error} />
      {children(wiringOf(id, { hint, error }))}
    </div>
  );
}

export function HintAndError({ id, hint, error }: Pick<FieldProps, 'hint' | 'error'> & { readonly id: string }): VNode {
  const t = useText();
  return (
    <>
      {hint === undefined ? null : (
        <div class="field__hint" id={`${id}-hint`}>
          {hint}
        </div>
      )}
      {error === undefined ? null : (
        <p class="field__error" id={`${id}-error`}>
          <span class="visually-hidden">{t('field.error')} </span>
          {error}
        </p>
      )}
    </>
  );
}

export function Optional({ optional }: { readonly optional: boolean | undefined }): VNode | null {
  const t = useText();
  return optional === true ? <span class="field__optional"> {t('field.optional')}</span> : null;
}
