/** The frame of every page: head, header with navigation and language switch, main, footer. No script by default. */

import type { ComponentChildren, VNode } from 'preact';
import { renderToString } from 'preact-render-to-string';
import { type Language, LANGUAGES } from '../../base/index.ts';
import { platformText } from '../text/platform/index.ts';
import type { Theme } from './theme.ts';

/** What a page knows of its request. Made once per request by the http room. */
export interface PageContext {
  readonly language: Language;
  /** Path and query of the request without `lang`; the language switch keeps the page. */
  readonly url: string;
  readonly theme: Theme;
  readonly area: 'public' | 'workspace';
  /** Links of the header, in order, put together by app/compose. */
  readonly navigation: readonly NavigationItem[];
  /** A sentence shown on every page, e.g. that sample data is loaded. */
  readonly banner?: string | undefined;
  /** Digest names of the style sheets in use, so that they can be cached for ever. */
  readonly styles: readonly string[];
}

export interface NavigationItem {
  readonly href: string;
  readonly label: { readonly [L in Language]: string };
  readonly area: 'public' | 'workspace';
}

export interface Page {
  readonly title: string;
  readonly description?: string;
  readonly body: ComponentChildren;
  /** Paths of module scripts of islands; empty on public pages. */
  readonly scripts?: readonly string[];
  /** Seconds after which a page with running work reloads without JavaScript. */
  readonly refreshSeconds?: number | undefined;
  /** Wide pages use the whole width for tables. */
  readonly wide?: boolean;
}

const LANGUAGE_NAMES: { readonly [L in Language]: string } = { az: 'Azərbaycanca', en: 'English', ru: 'Русский' };

export function renderPage(page: Page, context: PageContext): string {
  return `<!DOCTYPE html>${renderToString(<Frame page={page} context={context} />)}`;
}

export function withLanguage(url: string, language: Language): string {
  return `${url}${url.includes('?') ? '&' : '?'}lang=${language}`;
}

function Frame({ page, context }: { page: Page; context: PageContext }): VNode {
  const t = platformText.in(context.language);
  const { theme, language } = context;
  const path = context.url.split('?')[0] ?? '/';
  return (
    <html lang={language}>
      <head>
        <meta charSet="utf-8" />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <title>{`${page.title} – ${theme.name[language]}`}</title>
        {page.description === undefined ? null : <meta name="description" content={page.description} />}
        <meta name="color-scheme" content="light dark" />
        {page.refreshSeconds === undefined ? null : (
          <noscript>
            <meta httpEquiv="refresh" content={String(page.refreshSeconds)} />
          </noscript>
        )}
        <link rel="icon" href={`/assets/theme/${theme.id}/${theme.logo}`} />
        {context.styles.map((style) => (
          <link key={style} rel="stylesheet" href={style} />
        ))}
        {(page.scripts ?? []).map((script) => (
          <script key={script} type="module" src={script} />
        ))}
      </head>
      <body class={`area-${context.area}`}>
        <a class="skip-link" href="#main">
          {t('frame.skip')}
        </a>
        <header class="site-header">
          <div class="site-header__inner">
            <a class="site-header__brand" href="/">
              <img src={`/assets/theme/${theme.id}/${theme.logo}`} alt="" width="36" height="36" />
              <span class="site-header__names">
                <span class="site-header__name">{theme.name[language]}</span>
                <span class="site-header__tagline">{theme.tagline[language]}</span>
              </span>
            </a>
            <nav class="language-switch" aria-label={t('frame.language')}>
              {LANGUAGES.map((other) =>
                other === language ? (
                  <span key={other} aria-current="true" lang={other}>
                    {LANGUAGE_NAMES[other]}
                  </span>
                ) : (
                  <a key={other} href={withLanguage(context.url, other)} lang={other} hrefLang={other}>
                    {LANGUAGE_NAMES[other]}
                  </a>
                ),
              )}
            </nav>
          </div>
          <nav class="site-nav" aria-label={t('frame.navigation')}>
            <ul class="site-nav__list">
              {context.navigation.map((item) => (
                <li key={item.href} class={item.area === 'workspace' ? 'site-nav__item site-nav__item--workspace' : 'site-nav__item'}>
                  <a href={item.href} aria-current={isCurrent(item.href, path) ? 'page' : undefined}>
                    {item.label[language]}
                  </a>
                </li>
              ))}
            </ul>
          </nav>
        </header>
        {context.banner === undefined ? null : (
          <p class="site-banner" role="note">
            {context.banner}
          </p>
        )}
        <main id="main" class={page.wide === true ? 'site-main site-main--wide' : 'site-main'} tabIndex={-1}>
          {page.body}
        </main>
        <footer class="site-footer">
          <div class="site-footer__inner">
            <p>{theme.footer[language]}</p>
            <ul class="site-footer__links">
              <li>
                <a href="/api/v1/docs">{t('frame.api')}</a>
              </li>
              <li>
                <a href="/components">{t('frame.components')}</a>
              </li>
            </ul>
            <p class="site-footer__software">{t('frame.software')}</p>
          </div>
        </footer>
      </body>
    </html>
  );
}

function isCurrent(href: string, path: string): boolean {
  return href === '/' ? path === '/' : path === href || path.startsWith(`${href}/`);
}
