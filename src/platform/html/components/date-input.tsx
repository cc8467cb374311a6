/** A calendar day by the browser's own date field: it sends `YYYY-MM-DD` and shows the reader's order. */

import type { VNode } from 'preact';
import { Field, type FieldProps } from './field.tsx';

export interface DateInputProps extends FieldProps {
  readonly name: string;
  readonly id?: string | undefined;
  /** `YYYY-MM-DD`. */
  readonly value?: string | undefined;
  readonly min?: string | undefined;
  readonly max?: string | undefined;
  readonly required?: boolean | undefined;
}

export function DateInput({ name, id, value, min, max, required, ...field }: DateInputProps): VNode {
  return (
    <Field {...field} id={id ?? name}>
      {(wiring) => <input class="input input--date" {...wiring} type="date" name={name} value={value} min={min} max={max} required={required} />}
    </Field>
  );
}
