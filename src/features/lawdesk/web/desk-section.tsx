/** The part of the law desk's first page that leads to the review by counsel and to drafts. */

import type { VNode } from 'preact';
import type { PageContext } from '../../../platform/html/index.ts';
import { ButtonRow, LinkButton, Section } from '../../../platform/html/components/index.ts';
import { lawdeskEditorText } from '../text/editor/index.ts';
import { lawdeskReviewText } from '../text/review/index.ts';

export async function deskSection(frame: PageContext): Promise<VNode | undefined> {
  const t = lawdeskEditorText.in(frame.language);
  return (
    <Section title={t('desk.title')} id="desk" lead={t('desk.lead')}>
      <ButtonRow>
        <LinkButton href="/lawdesk/review" tone="secondary">{lawdeskReviewText.in(frame.language)('home.title')}</LinkButton>
        <LinkButton href="/lawdesk/drafts" tone="secondary">{t('drafts.title')}</LinkButton>
      </ButtonRow>
    </Section>
  );
}
