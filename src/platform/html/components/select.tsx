/** A choice from a list that is too long for radios. */

import type { VNode } from 'preact';
import { Field, type FieldProps } from './field.tsx';

export interface SelectOption {
  readonly value: string;
  readonly label: string;
  readonly disabled?: boolean | undefined;
}

export interface SelectGroup {
  readonly group: string;
  readonly options: readonly SelectOption[];
}

export interface SelectProps extends FieldProps {
  readonly name: string;
  readonly id?: string | undefined;
  readonly value?: string | undefined;
  readonly options: readonly (SelectOption | SelectGroup)[];
  /** First line with an empty value, e.g. "All bodies". */
  readonly emptyLabel?: string | undefined;
  readonly required?: boolean | undefined;
}

export function Select({ name, id, value, options, emptyLabel, required, ...field }: SelectProps): VNode {
  return (
    <Field {...field} id={id ?? name}>
      {(wiring) => (
        <select class="input select" {...wiring} name={name} required={required}>
          {emptyLabel === undefined ? null : <option value="">{emptyLabel}</option>}
          {options.map((one) =>
            'group' in one ? (
              <optgroup key={one.group} label={one.group}>
                {one.options.map((option) => (
                  <Option key={option.value} option={option} value={value} />
                ))}
              </optgroup>
            ) : (
              <Option key={one.value} option={one} value={value} />
            ),
          )}
        </select>
      )}
    </Field>
  );
}

function Option({ option, value }: { readonly option: SelectOption; readonly value: string | undefined }): VNode {
  return (
    <option value={option.value} selected={option.value === value} disabled={option.disabled}>
      {option.label}
    </option>
  );
}
