/** Words and small pieces that the pages of review and of drafts share: names of kinds and fields, marks, sources, plain data. */

import type { VNode } from 'preact';
import { type Language, LANGUAGES, type LocalisedText } from '../../../base/index.ts';
import type { Citation, Pack } from '../../../law/index.ts';
import { Tag, type TagMark, type TagTone } from '../../../platform/html/components/index.ts';
import { formatDate } from '../../../platform/text/index.ts';
import { articleWords } from '../../lawbook/index.ts';
import { type Entry, type EntryKind, isLocalised, isPlainMap, type Plain, scalarText, titleOf } from '../rules/entries.ts';
import type { ReviewState } from '../rules/review-state.ts';
import { lawdeskReviewText } from '../text/review/index.ts';

export function titleWords(entry: Entry, language: Language): string {
  const title = titleOf(entry);
  return title?.[language] ?? title?.en ?? entry.id;
}

/** The name of a field of a pack file in the page's language; a key that has none stands as it is written. */
export function fieldWords(key: string, language: Language): string {
  const name = `field.${key}`;
  return name in lawdeskReviewText.messages.en ? lawdeskReviewText.in(language)(name as 'field.when') : key;
}

/** `values.2.known` as “Values 2: published”. */
export function fieldPathWords(path: string, language: Language): string {
  return path
    .split('.')
    .map((part) => (/^\d+$/.test(part) ? part : (LANGUAGES as readonly string[]).includes(part) ? `(${part})` : fieldWords(part, language)))
    .join(' ');
}

export function kindWords(kind: EntryKind, language: Language): string {
  return lawdeskReviewText.in(language)(`kind.${kind}`);
}

const STATES: { readonly [S in ReviewState]: { readonly tone: TagTone; readonly mark: TagMark } } = {
  open: { tone: 'neutral', mark: 'dashed' },
  changed: { tone: 'warning', mark: 'half' },
  agree: { tone: 'success', mark: 'full' },
  'agree-with-remark': { tone: 'success', mark: 'half' },
  'change-needed': { tone: 'warning', mark: 'split' },
  reject: { tone: 'error', mark: 'empty' },
};

export function StateTag({ state, language }: { readonly state: ReviewState; readonly language: Language }): VNode {
  return <Tag {...STATES[state]}>{lawdeskReviewText.in(language)(`state.${state}`)}</Tag>;
}

export function isEvidence(mark: string): mark is 'V' | 'S' | 'G' | 'D' | 'K' | 'C' {
  return ['V', 'S', 'G', 'D', 'K', 'C'].includes(mark);
}

export function isAuthority(text: string): text is 'law' | 'delegated' | 'guidance_final' | 'guidance_draft' | 'national' | 'regulator_decision' {
  return ['law', 'delegated', 'guidance_final', 'guidance_draft', 'national', 'regulator_decision'].includes(text);
}

/** One article with its act; a link to the Official Journal's own site where the act has a CELEX number. Nothing is fetched. */
export function CitationView({ pack, citation, language }: { readonly pack: Pack; readonly citation: Citation; readonly language: Language }): VNode {
  const act = pack.legalBasis.find((basis) => basis.key === citation.act);
  const place = articleWords(citation.article, language);
  const celex = act?.celex;
  return (
    <>
      {celex === undefined ? <strong>{place}</strong> : <a href={`https://eur-lex.europa.eu/legal-content/EN/TXT/?uri=CELEX:${celex}`} rel="external noreferrer">{place}</a>}
      {act === undefined ? ` (${citation.act})` : `, ${act.title[language]}`}
      {act?.oj === undefined ? null : <span class="muted"> · <span lang="en">{act.oj}</span></span>}
      {celex === undefined ? null : <span class="muted"> · CELEX {celex}</span>}
    </>
  );
}

/** A text in the three languages below each other, each marked as its language. */
export function InLanguages({ text }: { readonly text: LocalisedText }): VNode {
  return (
    <dl class="lawdesk-languages">
      {LANGUAGES.map((language) => (
        <div key={language}>
          <dt>{language.toUpperCase()}</dt>
          <dd lang={language}>{text[language] ?? ''}</dd>
        </div>
      ))}
    </dl>
  );
}

/** Any other data of an entry, as nested names and values; ids of other entries are links. */
export function PlainView({ value, language, hrefOfId }: { readonly value: Plain; readonly language: Language; readonly hrefOfId: (id: string) => { readonly href: string; readonly label: string } | undefined }): VNode {
  if (isLocalised(value)) return <span>{value[language]}</span>;
  if (Array.isArray(value)) {
    const items = value as readonly Plain[];
    return (
      <ul class="lawdesk-plain">
        {items.map((item, index) => (
          <li key={index}>
            <PlainView value={item} language={language} hrefOfId={hrefOfId} />
          </li>
        ))}
      </ul>
    );
  }
  if (isPlainMap(value)) {
    return (
      <dl class="lawdesk-plain">
        {Object.entries(value).map(([key, member]) => (
          <div key={key}>
            <dt>{fieldWords(key, language)}</dt>
            <dd>
              <PlainView value={member} language={language} hrefOfId={hrefOfId} />
            </dd>
          </div>
        ))}
      </dl>
    );
  }
  const t = lawdeskReviewText.in(language);
  if (typeof value === 'boolean') return <span>{value ? t('sentence.yes') : t('sentence.no')}</span>;
  if (value === null) return <span class="muted">{t('value.not-set')}</span>;
  const text = scalarText(value);
  const target = hrefOfId(text.replace(/^\$/, ''));
  if (target !== undefined) return <a href={target.href}>{target.label}</a>;
  return /^\d{4}-\d{2}-\d{2}$/.test(text) ? <span>{formatDate(text, language)}</span> : <span>{text}</span>;
}
