/** What the council decided about a system, for its public page. */

import type { VNode } from 'preact';
import type { Language } from '../../../base/index.ts';
import { Notice, Section } from '../../../platform/html/components/index.ts';
import { formatDate } from '../../../platform/text/index.ts';
import type { Standing } from '../model.ts';
import { motionText } from '../text/index.ts';

export function councilSection(standing: Standing | undefined, decisionHref: (slot: string, round: number) => string, language: Language): VNode | undefined {
  if (standing === undefined) return undefined;
  const t = motionText.in(language);
  return (
    <Section title={t('section.title')} id="council">
      <Notice tone={standing.standing === 'authorised' ? 'success' : 'error'} title={t(`section.${standing.standing}`)}>
        <p>
          <a href={decisionHref(standing.slot, standing.round)}>{t('section.decision', { number: standing.number, date: formatDate(standing.since, language) })}</a>
        </p>
        {standing.until === undefined ? null : <p>{t('section.until', { date: formatDate(standing.until, language) })}</p>}
      </Notice>
    </Section>
  );
}
