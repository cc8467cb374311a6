/** Narrowing a list: groups of checkboxes with counts in one GET form; folded on a phone. */

import type { ComponentChildren, VNode } from 'preact';
import { useLanguage, useText } from './language.ts';
import { Hidden, type HiddenFields } from './search-box.tsx';
import { formatNumber } from '../../text/index.ts';

export interface FacetOption {
  readonly value: string;
  readonly label: ComponentChildren;
  /** How many entries the list would hold; absent when not counted. */
  readonly count?: number | undefined;
  readonly checked?: boolean | undefined;
}

export interface FacetGroup {
  readonly name: string;
  readonly legend: string;
  readonly options: readonly FacetOption[];
}

export interface FacetsProps {
  readonly action: string;
  readonly groups: readonly FacetGroup[];
  readonly title?: string | undefined;
  /** Other parts of the query that stay, e.g. the search words. */
  readonly keep?: HiddenFields | undefined;
  /** Address of the list without facets; shown when something is chosen. */
  readonly clearHref?: string | undefined;
}

/** Options shown before the rest is folded away. */
const OPTIONS_SHOWN = 8;

export function Facets({ action, groups, title, keep = {}, clearHref }: FacetsProps): VNode {
  const t = useText();
  const chosen = groups.reduce((sum, group) => sum + group.options.filter((option) => option.checked === true).length, 0);
  return (
    <form class="facets" method="get" action={action} aria-label={title ?? t('facets.title')}>
      <Hidden fields={keep} />
      {groups.map((group) => {
        const shown = group.options.slice(0, OPTIONS_SHOWN);
        const folded = group.options.slice(OPTIONS_SHOWN);
        return (
          <details class="facets__group" key={group.name} open={group.options.some((option) => option.checked) || group === groups[0]}>
            <summary class="facets__legend">{group.legend}</summary>
            <fieldset class="facets__options">
              <legend class="visually-hidden">{group.legend}</legend>
              {shown.map((option, index) => (
                <Option key={option.value} name={group.name} option={option} index={index} />
              ))}
              {folded.length === 0 ? null : (
                <details class="details" open={folded.some((option) => option.checked)}>
                  <summary>{t('facets.more', { count: folded.length })}</summary>
                  {folded.map((option, index) => (
                    <Option key={option.value} name={group.name} option={option} index={index + OPTIONS_SHOWN} />
                  ))}
                </details>
              )}
            </fieldset>
          </details>
        );
      })}
      <div class="button-row">
        <button class="button button--secondary" type="submit">
          {t('facets.apply')}
        </button>
        {clearHref === undefined || chosen === 0 ? null : <a href={clearHref}>{t('facets.clear', { count: chosen })}</a>}
      </div>
    </form>
  );
}

function Option({ name, option, index }: { readonly name: string; readonly option: FacetOption; readonly index: number }): VNode {
  const language = useLanguage();
  const id = `facet-${name}-${index}`;
  return (
    <div class="choice choice--small">
      <input class="choice__input" type="checkbox" id={id} name={name} value={option.value} checked={option.checked} />
      <label class="choice__label" for={id}>
        <span>{option.label}</span>
        {option.count === undefined ? null : <span class="facets__count">{formatNumber(option.count, language)}</span>}
      </label>
    </div>
  );
}
