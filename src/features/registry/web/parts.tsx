/** Small parts that several pages of the registry share: values as people read them, words for choices, hooks from above. */

import type { VNode } from 'preact';
import type { Language } from '../../../base/index.ts';
import { formatDate, spokenLanguage } from '../../../platform/text/index.ts';
import { fieldLabel } from '../actions/refusal-text.ts';
import type { Field } from '../fields.ts';
import type { Facet, FacetCount } from '../model.ts';
import { HELD_BACK } from '../rules/publish.ts';
import { registryText, type RegistryTextKey } from '../text/index.ts';

/** What features above the registry add to its pages; app/compose gives them. */
export interface RegistryHooks {
  /** Sections of an entry's page about the law: which applies, what is open. `area` tells whether the reader is in the workspace. */
  readonly extraSections?: (systemId: string, language: Language, area: 'public' | 'workspace') => Promise<readonly VNode[]>;
  /** The headline of an assessment in words. */
  readonly headlineLabel?: (headline: string, language: Language) => string;
  /** The name of a mapping profile in words. */
  readonly sourceLabel?: (profile: string, language: Language) => string;
  /** Organisations that entries may be given to, named in a language. */
  readonly organisations?: (language: Language) => Promise<readonly { readonly id: string; readonly name: string }[]>;
  /** Downloads of the list, for the query of the page (without `?`). */
  readonly exportLinks?: (query: string, language: Language) => readonly { readonly href: string; readonly label: string }[];
}

/** Text of a record: line breaks kept, held-back contacts told in the reader's language. `written` is the language the entry says it is in. */
export function Told({ text, language, written }: { readonly text: string; readonly language: Language; readonly written?: string | undefined }): VNode {
  const parts = text.split(HELD_BACK);
  return (
    <span class="registry-text" lang={spokenLanguage(written, language)}>
      {parts.map((part, index) => (
        <>
          {index === 0 ? null : <span class="registry-held-back" lang={language}>[{registryText.in(language)('page.held-back')}]</span>}
          {part}
        </>
      ))}
    </span>
  );
}

/** An address in full, so that it can be read on paper; only http and https pass the parser. */
export function Address({ url }: { readonly url: string }): VNode {
  return (
    <a href={url} rel="nofollow noreferrer">
      {url}
    </a>
  );
}

export function choiceLabel(key: string, value: string, language: Language): string {
  return registryText.in(language)(`choice.${key}.${value}` as RegistryTextKey);
}

export function dateLabel(text: string, language: Language): string {
  return text.length === 10 ? formatDate(text, language) : text;
}

/** The value of a field as a part of a page; undefined when it is not told. */
export function FieldValue({ field, value, language, written }: { readonly field: Field; readonly value: unknown; readonly language: Language; readonly written?: string | undefined }): VNode | null {
  if (typeof value === 'string') return plainValue(field, value, language, written);
  if (!Array.isArray(value)) return null;
  return (
    <ul class="registry-items">
      {value.map((item: unknown, index) => (
        <li key={index}>{typeof item === 'string' ? plainValue(field, item, language, written) : <Item field={field} item={item as Readonly<Record<string, string>>} language={language} written={written} />}</li>
      ))}
    </ul>
  );
}

function plainValue(field: Pick<Field, 'key' | 'type'>, value: string, language: Language, written: string | undefined): VNode {
  if (field.type === 'choice' || field.type === 'choices') return <span>{choiceLabel(field.key, value, language)}</span>;
  if (field.type === 'link') return value.includes(HELD_BACK) ? <Told text={value} language={language} /> : <Address url={value} />;
  if (field.type === 'date') return <span>{dateLabel(value, language)}</span>;
  return <Told text={value} language={language} written={written} />;
}

function Item({ field, item, language, written }: { readonly field: Field; readonly item: Readonly<Record<string, string>>; readonly language: Language; readonly written: string | undefined }): VNode {
  const t = registryText.in(language);
  const told = (field.columns ?? []).filter((column) => item[column.key] !== undefined);
  return (
    <>
      {told.map((column, index) => (
        <div key={column.key}>
          {index === 0 && (column.key === 'name' || column.key === 'title') ? null : <strong>{t(`column.${column.key}` as RegistryTextKey)}: </strong>}
          {plainValue({ key: field.key, type: column.type }, item[column.key] ?? '', language, written)}
        </div>
      ))}
    </>
  );
}

export function facetLabel(facet: Facet, count: Pick<FacetCount, 'value' | 'label'>, language: Language, hooks: RegistryHooks): string {
  const t = registryText.in(language);
  switch (facet) {
    case 'status':
      return t(`status.${count.value}` as RegistryTextKey);
    case 'sector':
    case 'phase':
      return choiceLabel(facet, count.value, language);
    case 'headline':
      return hooks.headlineLabel?.(count.value, language) ?? count.value;
    case 'source':
      return hooks.sourceLabel?.(count.value, language) ?? count.value;
    default:
      return count.label;
  }
}

export { fieldLabel };
