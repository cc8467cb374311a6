/** The page that checks a decision in the browser, and the frame for it; without a script it names the other two ways. */

import type { Page, PageContext } from '../../../platform/html/index.ts';
import { Code, LinkButton, Notice, PageHeading, Section } from '../../../platform/html/components/index.ts';
import { decisionsText } from '../text/index.ts';
import { verifyText } from '../text/verify/index.ts';

export interface VerifyView {
  /** Path of the island `decision-verify`. */
  readonly script: string;
}

export function verifyPage(frame: PageContext, { script }: VerifyView): Page {
  const { language } = frame;
  const [t, v] = [decisionsText.in(language), verifyText.in(language)];
  return {
    title: v('title'),
    description: v('lead'),
    scripts: [script],
    body: (
      <>
        <PageHeading title={v('title')} lead={v('lead')} />
        <div data-verify="page">
          <noscript>
            <Notice tone="info"><p>{t('verify.page.noscript')}</p></Notice>
          </noscript>
        </div>
        <Section title={t('verify.page.save')} lead={t('verify.page.save.why')}>
          <p><LinkButton href="/decisions/verify.html" tone="secondary">{t('verify.page.save')}</LinkButton></p>
        </Section>
        <Section title={t('verify.title')}>
          <ol class="decision-steps">
            <li>
              <p>{t('verify.two')}</p>
              <Code label={`${t('verify.code')}: mizan`}>{'npx mizan verify decision.json --pin PIN'}</Code>
            </li>
            <li>
              <p>{t('verify.three')}</p>
              <Code label={`${t('verify.code')}: Go`}>{'cd verifiers/go && go build -o mizan-verify . && cd ../..\n./verifiers/go/mizan-verify --pin PIN decision.json'}</Code>
            </li>
          </ol>
          <p><a href="/decisions/pin">{t('list.pin')}</a></p>
        </Section>
      </>
    ),
  };
}
