/** The digest of the roll: what this server says it is, how to get it from the gazette, and how an older one leads to it. */

import type { Page, PageContext } from '../../../platform/html/index.ts';
import { Code, Notice, PageHeading, Prose, Section, SummaryList } from '../../../platform/html/components/index.ts';
import { formatNumber } from '../../../platform/text/index.ts';
import type { CouncilStanding } from '../../council/index.ts';
import { decisionsText } from '../text/index.ts';
import { fours } from './words.ts';

export interface PinView {
  readonly standing: CouncilStanding;
  readonly constitutionDigest: string;
  readonly base: string;
  readonly logKey: string;
}

export function pinPage(frame: PageContext, { standing, constitutionDigest, base, logKey }: PinView): Page {
  const { language } = frame;
  const t = decisionsText.in(language);
  const exact = (digest: string) => <code class="decision-exact">{fours(digest)}</code>;
  return {
    title: t('pin.title'),
    description: t('pin.lead'),
    body: (
      <>
        <PageHeading title={t('pin.title')} lead={t('pin.lead')} />
        <Section title={t('pin.here')}>
          {standing.rollDigest === undefined ? (
            <p>{t('pin.none')}</p>
          ) : (
            <>
              <Notice tone="warning"><p>{t('verify.pin.why')}</p></Notice>
              <SummaryList
                rows={[
                  { label: t('pin.epoch'), value: formatNumber(standing.epoch, language) },
                  { label: t('pin.roll'), value: exact(standing.rollDigest) },
                  ...(standing.genesisDigest === undefined ? [] : [{ label: t('pin.genesis'), value: exact(standing.genesisDigest) }]),
                  { label: t('pin.constitution'), value: <>{exact(constitutionDigest)} <a href="/decisions/constitution.txt">{t('pin.constitution.take')}</a></> },
                ]}
              />
            </>
          )}
        </Section>
        <Section title={t('pin.steps')}>
          <Prose>
            <ol>
              <li>{t('pin.step.one')}</li>
              <li>{t('pin.step.two')}</li>
              <li>{t('pin.step.three')}</li>
            </ol>
          </Prose>
          <p><a href="/decisions/verify">{t('list.verify')}</a></p>
        </Section>
        <Section title={t('pin.chain')}>
          <Prose><p>{t('pin.chain.why')}</p><p>{t('pin.full')}</p></Prose>
          <Code label={t('verify.code')}>{`npx mizan log mirror ${base}/log log-copy --key '${logKey}'\nnpx mizan verify decision.json --pin PIN --full log-copy`}</Code>
        </Section>
      </>
    ),
  };
}
