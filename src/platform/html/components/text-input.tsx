/** One line of text: words, numbers, addresses. */

import type { VNode } from 'preact';
import { classes } from './classes.ts';
import { Field, type FieldProps } from './field.tsx';

export interface TextInputProps extends FieldProps {
  readonly name: string;
  /** Defaults to the name. */
  readonly id?: string | undefined;
  readonly value?: string | undefined;
  readonly type?: 'text' | 'email' | 'url' | 'tel' | 'password' | 'search' | undefined;
  readonly inputMode?: 'text' | 'numeric' | 'decimal' | 'email' | 'url' | undefined;
  readonly autocomplete?: string | undefined;
  /** About how many characters the answer has; the box shows it. */
  readonly width?: 'full' | 'half' | '20' | '10' | '5' | undefined;
  /** A unit before or after the box, e.g. "₼" or "%". */
  readonly prefix?: string | undefined;
  readonly suffix?: string | undefined;
  /** Characters. */
  readonly maxLength?: number | undefined;
  readonly required?: boolean | undefined;
  readonly spellcheck?: boolean | undefined;
  /** Values the browser may propose; free text stays possible. At most a few hundred. */
  readonly proposals?: readonly string[] | undefined;
}

export function TextInput(props: TextInputProps): VNode {
  const { name, value, type = 'text', inputMode, autocomplete, width = 'full', prefix, suffix, maxLength, required, spellcheck, proposals, ...field } = props;
  const id = props.id ?? name;
  // Preact's types tie `list` to each type of input in turn; here the type is a value.
  const kind = { type, ...(proposals === undefined ? {} : { list: `${id}-proposals` }) } as { type: 'text'; list?: string };
  return (
    <Field {...field} id={id}>
      {(wiring) => {
        const input = (
          <input
            class={classes('input', width !== 'full' && `input--${width}`)}
            {...wiring}
            name={name}
            {...kind}
            value={value}
            inputMode={inputMode}
            autoComplete={autocomplete}
            maxLength={maxLength}
            required={required}
            spellcheck={spellcheck}
          />
        );
        return (
          <>
            {prefix === undefined && suffix === undefined ? (
              input
            ) : (
              <div class="input-affix">
                {prefix === undefined ? null : <span class="input-affix__part" aria-hidden="true">{prefix}</span>}
                {input}
                {suffix === undefined ? null : <span class="input-affix__part" aria-hidden="true">{suffix}</span>}
              </div>
            )}
            {proposals === undefined ? null : (
              <datalist id={`${id}-proposals`}>
                {proposals.map((proposal) => (
                  <option key={proposal} value={proposal} />
                ))}
              </datalist>
            )}
          </>
        );
      }}
    </Field>
  );
}
