/** Radios (one of several) and checkboxes (any of several): native inputs with large targets. */

import type { ComponentChildren, VNode } from 'preact';
import { classes } from './classes.ts';
import { Fieldset, type FieldsetProps } from './fieldset.tsx';

export interface Choice {
  readonly value: string;
  readonly label: ComponentChildren;
  readonly hint?: ComponentChildren | undefined;
  readonly disabled?: boolean | undefined;
  /** Further questions that appear when this is chosen; without support for it in the browser they are always shown. */
  readonly reveal?: ComponentChildren | undefined;
}

interface ChoicesProps extends Omit<FieldsetProps, 'id' | 'children'> {
  readonly name: string;
  readonly id?: string | undefined;
  readonly options: readonly Choice[];
  /** Side by side where there is room; for two or three short answers. */
  readonly inline?: boolean | undefined;
}

export interface RadiosProps extends ChoicesProps {
  readonly value?: string | undefined;
  readonly required?: boolean | undefined;
}

/** Arrows move between radios, so the group takes one stop of the Tab key. The first radio has the group's id for the error summary. */
export function Radios({ value, required, ...props }: RadiosProps): VNode {
  return <Choices {...props} type="radio" required={required} chosen={value === undefined ? [] : [value]} />;
}

export interface CheckboxesProps extends ChoicesProps {
  readonly values?: readonly string[] | undefined;
}

export function Checkboxes({ values = [], ...props }: CheckboxesProps): VNode {
  return <Choices {...props} type="checkbox" chosen={values} />;
}

interface AnyChoicesProps extends ChoicesProps {
  readonly type: 'radio' | 'checkbox';
  readonly chosen: readonly string[];
  readonly required?: boolean | undefined;
}

function Choices({ type, name, id = name, options, inline, chosen, required, ...group }: AnyChoicesProps): VNode {
  return (
    <Fieldset {...group} id={id}>
      <div class={classes('choices', inline === true && 'choices--inline')}>
        {options.map((option, index) => {
          const own = index === 0 ? id : `${id}-${index + 1}`;
          return (
            <div class="choice" key={option.value}>
              <input
                class="choice__input"
                type={type}
                id={own}
                name={name}
                value={option.value}
                checked={chosen.includes(option.value)}
                disabled={option.disabled}
                required={required}
                aria-describedby={option.hint === undefined ? undefined : `${own}-note`}
              />
              <label class="choice__label" for={own}>
                {option.label}
              </label>
              {option.hint === undefined ? null : (
                <div class="choice__hint" id={`${own}-note`}>
                  {option.hint}
                </div>
              )}
              {option.reveal === undefined ? null : <div class="choice__reveal">{option.reveal}</div>}
            </div>
          );
        })}
      </div>
    </Fieldset>
  );
}
