/** Ways within a place: tabs that are links, breadcrumbs, the way back. */

import type { ComponentChildren, VNode } from 'preact';
import { useLanguage, useText } from './language.ts';
import { formatNumber } from '../../text/index.ts';

export interface Tab {
  readonly href: string;
  readonly label: ComponentChildren;
  readonly current?: boolean | undefined;
  readonly count?: number | undefined;
}

export interface TabsProps {
  /** What the tabs divide, said to screen readers. */
  readonly label: string;
  readonly tabs: readonly Tab[];
}

/** Each tab is a page of its own with its own address. */
export function Tabs({ label, tabs }: TabsProps): VNode {
  const language = useLanguage();
  return (
    <nav class="tabs" aria-label={label}>
      <ul class="tabs__list">
        {tabs.map((tab) => (
          <li key={tab.href}>
            <a class="tabs__tab" href={tab.href} aria-current={tab.current === true ? 'page' : undefined}>
              {tab.label}
              {tab.count === undefined ? null : <> <span class="tabs__count">{formatNumber(tab.count, language)}</span></>}
            </a>
          </li>
        ))}
      </ul>
    </nav>
  );
}

export interface Crumb {
  readonly label: ComponentChildren;
  /** Absent for the page itself. */
  readonly href?: string | undefined;
}

export function Breadcrumbs({ items }: { readonly items: readonly Crumb[] }): VNode {
  const t = useText();
  return (
    <nav class="breadcrumbs" aria-label={t('breadcrumbs.label')}>
      <ol class="breadcrumbs__list">
        {items.map((item, index) => (
          <li class="breadcrumbs__item" key={index}>
            {item.href === undefined ? <span aria-current="page">{item.label}</span> : <a href={item.href}>{item.label}</a>}
          </li>
        ))}
      </ol>
    </nav>
  );
}

export function BackLink({ href, children }: { readonly href: string; readonly children?: ComponentChildren }): VNode {
  const t = useText();
  return (
    <a class="back-link" href={href}>
      <span class="arrow arrow--back" aria-hidden="true" />
      {children ?? t('back')}
    </a>
  );
}
