/** The page /components: every component with its examples and the code that makes them. */

import type { VNode } from 'preact';
import type { Language } from '../../base/index.ts';
import { type MizanServer, sendPage } from '../http/index.ts';
import { platformText } from '../text/platform/index.ts';
import { Code, Details, PageHeading } from './components/index.ts';
import { componentExamples, type ComponentExamples, say } from './examples/index.ts';
import { markupSource } from './markup-source.ts';
import type { Page, PageContext } from './page.tsx';

export function componentRoutes(app: MizanServer): void {
  app.get('/components', { config: { policy: 'public' }, schema: { hide: true } }, (request, reply) => sendPage(request, reply, componentsPage));
}

export function componentsPage({ language }: PageContext): Page {
  const t = platformText.in(language);
  return {
    title: t('components.title'),
    description: t('components.description'),
    wide: true,
    body: (
      <>
        <PageHeading title={t('components.title')} lead={t('components.lead')} />
        <div class="gallery">
          <nav class="gallery__contents" aria-label={t('components.contents')}>
            <ul>
              {componentExamples.map(({ component }) => (
                <li key={component}>
                  <a href={`#${component}`}>{component}</a>
                </li>
              ))}
            </ul>
          </nav>
          <div class="gallery__main">
            {componentExamples.map((one) => (
              <Component key={one.component} one={one} language={language} />
            ))}
          </div>
        </div>
      </>
    ),
  };
}

function Component({ one, language }: { readonly one: ComponentExamples; readonly language: Language }): VNode {
  const t = platformText.in(language);
  return (
    <section class="gallery__component" id={one.component} aria-labelledby={`${one.component}-title`}>
      <h2 id={`${one.component}-title`} lang="en" translate={false}>
        {one.component}
      </h2>
      <p class="muted">{one.purpose[language]}</p>
      {one.examples.map((example) => {
        const node = example.render(say(language), language);
        return (
          <div class="gallery__example" key={example.name}>
            <div class="gallery__stage">{node}</div>
            <Details
              summary={
                <>
                  {t('components.code')}
                  <span class="visually-hidden">: {one.component}</span> <span class="muted">{example.name}</span>
                </>
              }
            >
              <Code label={`${t('code.label')}: ${one.component} ${example.name}`}>{markupSource(node)}</Code>
            </Details>
          </div>
        );
      })}
    </section>
  );
}
