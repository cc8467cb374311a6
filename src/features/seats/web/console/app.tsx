/** The console as one application in the page: its views have addresses, and going from one to another does not stop the seat. */
/// <reference lib="dom" />

import type { VNode } from 'preact';
import { useEffect, useState } from 'preact/hooks';
import { LanguageContext, Notice, PageHeading, Tabs } from '../../../../platform/html/components/index.ts';
import type { Language } from '../../../../base/index.ts';
import { VIEWS, type View } from '../../model.ts';
import { HelpView } from './help-view.tsx';
import { KeysView, RestoreView } from './keys-view.tsx';
import { StoreContext, useStore, useTexts } from './parts.tsx';
import { RoundsView } from './round-view.tsx';
import { StandingView } from './standing-view.tsx';
import type { ConsoleStore } from './store.ts';
import { SupportView } from './support-view.tsx';

interface Place {
  readonly view: View;
  readonly query: URLSearchParams;
}

function placeOf(href: string): Place {
  const url = new URL(href, location.href);
  const named = url.pathname.split('/')[2] ?? '';
  return { view: VIEWS.find((view) => view === named) ?? 'standing', query: url.searchParams };
}

/** Links within the console change the view and leave the seat running; all others are the browser's. */
function useRouter(): Place {
  const [place, setPlace] = useState(placeOf(location.href));
  useEffect(() => {
    const clicked = (event: MouseEvent): void => {
      const link = event.target instanceof Element ? event.target.closest('a') : null;
      if (link === null || event.defaultPrevented || event.button !== 0 || event.ctrlKey || event.metaKey || event.shiftKey || link.origin !== location.origin || link.download !== '') return;
      // The language switch and the help without a script are pages of the server.
      if (!/^\/seats(?:\/|$)/.test(link.pathname) || link.search.includes('lang=') || link.hash !== '') return;
      event.preventDefault();
      history.pushState(null, '', link.href);
      setPlace(placeOf(link.href));
      document.querySelector<HTMLElement>('#main')?.focus();
      scrollTo(0, 0);
    };
    const moved = (): void => setPlace(placeOf(location.href));
    document.addEventListener('click', clicked);
    addEventListener('popstate', moved);
    return () => {
      document.removeEventListener('click', clicked);
      removeEventListener('popstate', moved);
    };
  }, []);
  return place;
}

export function App({ store, language }: { readonly store: ConsoleStore; readonly language: Language }): VNode {
  return (
    <LanguageContext.Provider value={language}>
      <StoreContext.Provider value={store}>
        <Console />
      </StoreContext.Provider>
    </LanguageContext.Provider>
  );
}

const TABS = ['standing', 'support', 'keys', 'help'] as const;

function Console(): VNode {
  const t = useTexts();
  const { view, query } = useRouter();
  const { phase } = useStore();
  return (
    <>
      <PageHeading title={t(`nav.${view}`)} lead={t(`lead.${view}`)} />
      <Tabs label={t('nav.label')} tabs={TABS.map((each) => ({ href: each === 'standing' ? '/seats' : `/seats/${each}`, label: t(`nav.${each}`), current: each === view || (view === 'restore' && each === 'keys') || (view === 'round' && each === 'standing') }))} />
      <div class="seats-view" data-phase={phase.kind}>
        <Shown view={view} query={query} />
      </div>
    </>
  );
}

function Shown({ view, query }: Place): VNode {
  const t = useTexts();
  const { phase } = useStore();
  if (view === 'help') return <HelpView />;
  if (phase.kind === 'loading') return <Notice title={t('phase.loading')} />;
  if (phase.kind === 'elsewhere') {
    return (
      <Notice tone="warning" announce title={t('phase.elsewhere')}>
        <p>{t('phase.elsewhere.more')}</p>
      </Notice>
    );
  }
  if (phase.kind === 'no-storage') {
    return (
      <Notice tone="error" announce title={t('phase.no-storage')}>
        <p>{t('phase.no-storage.more')}</p>
      </Notice>
    );
  }
  if (view === 'keys') return <KeysView />;
  if (view === 'restore') return <RestoreView />;
  if (view === 'support') return <SupportView />;
  if (view === 'round') return <RoundsView round={`${query.get('slot') ?? ''} ${query.get('round') ?? '1'}`} />;
  return <StandingView />;
}
