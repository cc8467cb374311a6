/** An answer as it was given, said in the language it is likely written in: people answer in theirs, whatever the page speaks. */

import type { VNode } from 'preact';
import type { Language } from '../../../base/index.ts';
import { likelyLanguage, spokenLanguage } from '../../../platform/text/index.ts';

/** `text` keeps its lines; `language` is that of the page. Each line is judged by itself: rows of a table differ. */
export function AnswerWords({ text, language }: { readonly text: string; readonly language: Language }): VNode {
  const lines = text.split('\n');
  if (lines.length === 1) return <div class="impact-answer" lang={spokenLanguage(likelyLanguage(text), language)}>{text}</div>;
  return (
    <div class="impact-answer">
      {lines.map((line, index) => (
        <span key={index} lang={spokenLanguage(likelyLanguage(line), language)}>
          {index < lines.length - 1 ? `${line}\n` : line}
        </span>
      ))}
    </div>
  );
}
