/** The places of a page: heading, sections, running text, grids, and a list with an aside. */

import type { ComponentChildren, VNode } from 'preact';
import { classes } from './classes.ts';
import { useText } from './language.ts';

export interface PageHeadingProps {
  readonly title: ComponentChildren;
  /** Above the title: what kind of thing this is. */
  readonly caption?: ComponentChildren | undefined;
  /** Below the title: one or two sentences. */
  readonly lead?: ComponentChildren | undefined;
  readonly tags?: ComponentChildren | undefined;
  /** Buttons at the end of the line. */
  readonly actions?: ComponentChildren | undefined;
}

export function PageHeading({ title, caption, lead, tags, actions }: PageHeadingProps): VNode {
  return (
    <div class="page-heading">
      <div class="page-heading__text">
        {caption === undefined ? null : <p class="page-heading__caption">{caption}</p>}
        <h1 class="page-heading__title">{title}</h1>
        {tags === undefined ? null : <div class="page-heading__tags">{tags}</div>}
        {lead === undefined ? null : <p class="page-heading__lead">{lead}</p>}
      </div>
      {actions === undefined ? null : <div class="page-heading__actions">{actions}</div>}
    </div>
  );
}

export interface SectionProps {
  readonly title: ComponentChildren;
  /** Names the place for links. */
  readonly id?: string | undefined;
  readonly level?: 2 | 3 | undefined;
  readonly lead?: ComponentChildren | undefined;
  readonly children: ComponentChildren;
}

export function Section({ title, id, level = 2, lead, children }: SectionProps): VNode {
  const Title = `h${level}` as const;
  return (
    <section class="section" id={id}>
      <Title class="section__title">{title}</Title>
      {lead === undefined ? null : <p class="section__lead">{lead}</p>}
      {children}
    </section>
  );
}

/** Running text with a line of about seventy letters; lists, quotations and headings inside are spaced. */
export function Prose({ children }: { readonly children: ComponentChildren }): VNode {
  return <div class="prose">{children}</div>;
}

/** As many columns as fit; `size` is the narrowest a column may become. */
export function Grid({ children, size = 'medium' }: { readonly children: ComponentChildren; readonly size?: 'small' | 'medium' | 'large' | undefined }): VNode {
  return <div class={classes('grid', `grid--${size}`)}>{children}</div>;
}

export interface WithAsideProps {
  readonly aside: ComponentChildren;
  readonly children: ComponentChildren;
  /** `start` for filters, `end` for what accompanies a text. On a phone the aside follows the order of the page. */
  readonly side?: 'start' | 'end' | undefined;
  readonly label?: string | undefined;
}

export function WithAside({ aside, children, side = 'start', label }: WithAsideProps): VNode {
  const beside = (
    <aside class="with-aside__aside" aria-label={label}>
      {aside}
    </aside>
  );
  return (
    <div class={classes('with-aside', `with-aside--${side}`)}>
      {side === 'start' ? beside : null}
      <div class="with-aside__main">{children}</div>
      {side === 'end' ? beside : null}
    </div>
  );
}

/** Text of programs and files, every sign as it stands; scrolls in its own frame. */
export function Code({ children, label }: { readonly children: string; readonly label?: string | undefined }): VNode {
  const t = useText();
  return (
    <pre class="code" tabIndex={0} role="group" aria-label={label ?? t('code.label')}>
      <code>{children}</code>
    </pre>
  );
}
