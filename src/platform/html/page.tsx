/** The frame of every page: head, header with navigation and language switch, main, footer. No script by default. */

import type { ComponentChildren, VNode } from 'preact';
import { renderToString } from 'preact-render-to-string';
import type { Language } from '../../base/index.ts';
import type { PolicyName } from '../auth/index.ts';
import { platformText } from '../text/platform/index.ts';
import { LanguageContext } from './components/language.ts';
import { LEGAL_SLUGS, type Theme } from './themes/format.ts';

/** What a page knows of its request. Made once per request by the http room. */
export interface PageContext {
  readonly language: Language;
  /** Path and query of the request without `lang`; the language switch keeps the page. */
  readonly url: string;
  readonly theme: Theme;
  readonly area: 'public' | 'workspace';
  /** Who is signed in. */
  readonly person?: { readonly name: string };
  /** Whether the reader may do this, for showing a button or a link. */
  may(policy: PolicyName): boolean;
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
  /** Shown to whoever may use the page. */
  readonly policy: PolicyName;
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

const LANGUAGE_NAMES: { readonly [L in Language]: { readonly full: string; readonly short: string } } = {
  az: { full: 'Azərbaycanca', short: 'Az' },
  en: { full: 'English', short: 'En' },
  ru: { full: 'Русский', short: 'Ру' },
};

export function renderPage(page: Page, context: PageContext): string {
  return `<!DOCTYPE html>${renderToString(<Frame page={page} context={context} />)}`;
}

export function withLanguage(url: string, language: Language): string {
  return `${url}${url.includes('?') ? '&' : '?'}lang=${language}`;
}

function Frame({ page, context }: { page: Page; context: PageContext }): VNode {
  const t = platformText.in(context.language);
  const { theme, language } = context;
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
      <body class={page.wide === true ? `area-${context.area} wide` : `area-${context.area}`}>
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
            <Account context={context} class="account" />
            <nav class="language-switch" aria-label={t('frame.language')}>
              {theme.languages.map((other) =>
                other === language ? (
                  <span key={other} aria-current="true" lang={other}>
                    <LanguageName language={other} />
                  </span>
                ) : (
                  <a key={other} href={withLanguage(context.url, other)} lang={other} hrefLang={other}>
                    <LanguageName language={other} />
                  </a>
                ),
              )}
            </nav>
          </div>
          {context.navigation.length === 0 ? null : (
            <>
              {/* Two forms of the same links: a row for wide windows, a folded list for phones. The style sheet shows one. */}
              <nav class="site-nav" aria-label={t('frame.navigation')}>
                <NavigationList class="site-nav__list" context={context} />
              </nav>
              <details class="site-menu">
                <summary>{t('frame.menu')}</summary>
                <nav aria-label={t('frame.navigation')}>
                  <NavigationList class="site-menu__list" context={context} />
                  <Account context={context} class="account account--menu" />
                </nav>
              </details>
            </>
          )}
        </header>
        {context.banner === undefined ? null : (
          <aside class="site-banner" aria-label={t('notice.warning')}>
            <span class="site-banner__inner">{context.banner}</span>
          </aside>
        )}
        <main id="main" class="site-main" tabIndex={-1}>
          <LanguageContext.Provider value={language}>{page.body}</LanguageContext.Provider>
        </main>
        <footer class="site-footer">
          <div class="site-footer__inner">
            <p>{theme.footer[language]}</p>
            <ul class="site-footer__links">
              {LEGAL_SLUGS.map((slug) => (
                <li key={slug}>
                  <a href={`/about/${slug}`}>{t(`about.${slug}`)}</a>
                </li>
              ))}
              <li>
                <a href="/log">{t('frame.log')}</a>
              </li>
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

function LanguageName({ language }: { readonly language: Language }): VNode {
  const { full, short } = LANGUAGE_NAMES[language];
  return (
    <>
      <span class="language-switch__full">{full}</span>
      {/* Seen on phones, where the full name is there for screen readers only. */}
      <span class="language-switch__short" aria-hidden="true">
        {short}
      </span>
    </>
  );
}

/** Who is signed in, with the way to their account and out; or the way in. */
function Account({ context, class: name }: { readonly context: PageContext; readonly class: string }): VNode {
  const t = platformText.in(context.language);
  if (context.person === undefined) {
    return (
      <div class={name}>
        <a href={context.url.startsWith('/identity/') || context.url === '/' ? '/identity/sign-in' : `/identity/sign-in?next=${encodeURIComponent(context.url)}`}>{t('frame.sign-in')}</a>
      </div>
    );
  }
  return (
    <div class={name}>
      <a href="/identity/me" aria-label={t('frame.account', { name: context.person.name })}>
        {context.person.name}
      </a>
      <form method="post" action="/identity/sign-out">
        <button class="link-button" type="submit">
          {t('frame.sign-out')}
        </button>
      </form>
    </div>
  );
}

function NavigationList({ context, class: name }: { readonly context: PageContext; readonly class: string }): VNode {
  const path = context.url.split('?')[0] ?? '/';
  const shown = context.navigation.filter((item) => context.may(item.policy));
  const firstOfWorkspace = shown.findIndex((item) => item.policy !== 'public');
  return (
    <ul class={name}>
      {shown.map((item, index) => (
        <li key={item.href} class={index === firstOfWorkspace && index > 0 ? 'workspace-first' : undefined}>
          <a href={item.href} aria-current={isCurrent(item.href, path) ? 'page' : undefined}>
            {item.label[context.language]}
          </a>
        </li>
      ))}
    </ul>
  );
}

function isCurrent(href: string, path: string): boolean {
  return href === '/' ? path === '/' : path === href || path.startsWith(`${href}/`);
}
