/** The page in which the console runs. Without JavaScript it says why nothing can be signed here, and what to use instead. */

import type { VNode } from 'preact';
import type { Page, PageContext } from '../../../platform/html/index.ts';
import { Notice, PageHeading } from '../../../platform/html/components/index.ts';
import type { CouncilFacts, View } from '../model.ts';
import { seatsText } from '../text/index.ts';

export interface ShellView {
  readonly view: View;
  readonly facts: CouncilFacts;
  readonly script: string;
}

export function shellPage({ language }: PageContext, { view, facts, script }: ShellView): Page {
  const t = seatsText.in(language);
  return {
    title: `${t(`nav.${view}`)} – ${t('shell.title')}`,
    scripts: [script],
    body: (
      <>
        {facts.origin.includes('demo') ? <Notice tone="warning" title={t('demo.banner')} /> : null}
        <div id="seat-console" data-facts={JSON.stringify(facts)}>
          <PageHeading title={t(`nav.${view}`)} lead={t(`lead.${view}`)} />
          <noscript>
            <WithoutScript language={language} />
          </noscript>
        </div>
      </>
    ),
  };
}

function WithoutScript({ language }: Pick<PageContext, 'language'>): VNode {
  const t = seatsText.in(language);
  return (
    <Notice tone="warning" title={t('shell.no-script')}>
      <p>{t('shell.no-script.more')}</p>
      <p>
        {t('shell.read')} <a href="/motions">{t('shell.motions')}</a>, <a href="/log">{t('shell.log')}</a>.
      </p>
    </Notice>
  );
}
