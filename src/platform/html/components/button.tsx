/** Buttons of forms, links that look like buttons, and the row that holds them. */

import type { ComponentChildren, VNode } from 'preact';
import { classes } from './classes.ts';

/** One `primary` per page; `danger` for what cannot be undone; `quiet` for what leads away. */
export type ButtonTone = 'primary' | 'secondary' | 'quiet' | 'danger';

export interface ButtonProps {
  readonly children: ComponentChildren;
  readonly tone?: ButtonTone | undefined;
  readonly type?: 'submit' | 'reset' | 'button' | undefined;
  /** Sent with the form, so that one form can have several buttons. */
  readonly name?: string | undefined;
  readonly value?: string | undefined;
  /** Id of a form elsewhere on the page. */
  readonly form?: string | undefined;
  readonly formAction?: string | undefined;
  /** Lets a "save for later" button skip the checks of the browser. */
  readonly formNoValidate?: boolean | undefined;
  readonly disabled?: boolean | undefined;
  /** Where a page has the same button many times: what this one is about. Heard after its words, not seen. */
  readonly about?: string | undefined;
}

export function Button({ children, tone = 'primary', type = 'submit', about, ...rest }: ButtonProps): VNode {
  return (
    <button class={classes('button', `button--${tone}`)} type={type} {...rest}>
      {children}
      {about === undefined ? null : <span class="visually-hidden">: {about}</span>}
    </button>
  );
}

export interface LinkButtonProps {
  readonly href: string;
  readonly children: ComponentChildren;
  readonly tone?: ButtonTone | undefined;
  /** File name under which the browser saves the target; `true` keeps the server's. */
  readonly download?: string | boolean | undefined;
}

export function LinkButton({ href, children, tone = 'primary', download }: LinkButtonProps): VNode {
  return (
    <a class={classes('button', `button--${tone}`)} href={href} download={download}>
      {children}
    </a>
  );
}

/** A few short fields and their button on one line; on a phone one below the other. */
export function FieldRow({ children }: { readonly children: ComponentChildren }): VNode {
  return <div class="field-row">{children}</div>;
}

export function ButtonRow({ children }: { readonly children: ComponentChildren }): VNode {
  return <div class="button-row">{children}</div>;
}
