/** Several lines of text. */

import type { VNode } from 'preact';
import { Field, type FieldProps } from './field.tsx';

export interface TextAreaProps extends FieldProps {
  readonly name: string;
  readonly id?: string | undefined;
  readonly value?: string | undefined;
  /** Lines shown before the box grows or scrolls. */
  readonly rows?: number | undefined;
  readonly maxLength?: number | undefined;
  readonly required?: boolean | undefined;
  readonly spellcheck?: boolean | undefined;
  /** For YAML, JSON and other text where every sign counts. */
  readonly code?: boolean | undefined;
}

export function TextArea({ name, id, value, rows = 5, maxLength, required, spellcheck, code, ...field }: TextAreaProps): VNode {
  return (
    <Field {...field} id={id ?? name}>
      {(wiring) => (
        <textarea class={code === true ? 'input input--code' : 'input'} {...wiring} name={name} rows={rows} maxLength={maxLength} required={required} spellcheck={spellcheck}>
          {value}
        </textarea>
      )}
    </Field>
  );
}
