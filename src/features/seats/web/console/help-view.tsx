/** What a member needs to know about the console, and where the guide goes on. */

import type { VNode } from 'preact';
import { Prose, Section } from '../../../../platform/html/components/index.ts';
import { useTexts } from './parts.tsx';
import { Liveness } from './standing-view.tsx';

const TOPICS = ['keys', 'backup', 'vote', 'sealed', 'receipts', 'resync', 'loss'] as const;

export function HelpView(): VNode {
  const t = useTexts();
  return (
    <>
      <Liveness />
      {TOPICS.map((topic) => (
        <Section key={topic} title={t(`help.${topic}`)}>
          <Prose>
            <p>{t(`help-text.${topic}`)}</p>
          </Prose>
        </Section>
      ))}
    </>
  );
}
