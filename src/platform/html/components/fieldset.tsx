/** A group of controls under one question. */

import type { ComponentChildren, VNode } from 'preact';
import { classes } from './classes.ts';
import { type FieldProps, HintAndError, Optional } from './field.tsx';

export interface FieldsetProps extends Omit<FieldProps, 'label' | 'labelHidden'> {
  readonly legend: ComponentChildren;
  /** Needed when the group has a hint or an error. */
  readonly id: string;
  readonly legendHidden?: boolean | undefined;
  readonly children: ComponentChildren;
}

export function Fieldset({ legend, id, hint, error, optional, size = 'normal', legendHidden, children }: FieldsetProps): VNode {
  const described = [hint === undefined ? '' : `${id}-hint`, error === undefined ? '' : `${id}-error`].filter((part) => part !== '').join(' ');
  return (
    <fieldset class={classes('field fieldset', error !== undefined && 'field--error')} aria-describedby={described === '' ? undefined : described}>
      <legend class={classes('field__label', size === 'large' && 'field__label--large', legendHidden === true && 'visually-hidden')}>
        {legend}
        <Optional optional={optional} />
      </legend>
      <HintAndError id={id} hint={hint} error={error} />
      {children}
    </fieldset>
  );
}
