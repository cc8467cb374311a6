/** The form for one condition of a sentence: the answer the law looks for, and the list of questions found by words. */

import type { VNode } from 'preact';
import type { Language } from '../../../base/index.ts';
import type { Pack, Syntax } from '../../../law/index.ts';
import { Button, Checkboxes, Hidden, Notice, Radios, Select, Tag, TextInput } from '../../../platform/html/components/index.ts';
import type { DraftState } from '../actions/drafts.ts';
import type { Entry } from '../rules/entries.ts';
import { findNames, labelOfNamed, namesOf } from '../rules/sentence.ts';
import { lawdeskEditorText } from '../text/editor/index.ts';
import { EntryForm } from './editor-form.tsx';

export const NAMES_FOUND_MAX = 30;

/** `named` is the question just chosen; without it the form changes the answer of the condition as it stands. */
export function AnswerForm({ state, entry, pack, language, hidden, named, node }: { readonly state: DraftState; readonly entry: Entry; readonly pack: Pack; readonly language: Language; readonly hidden: Readonly<Record<string, string>>; readonly named: string | undefined; readonly node: Syntax | undefined }): VNode | null {
  const t = lawdeskEditorText.in(language);
  const leaf = node?.op === 'not' ? node.of : node;
  const isNegated = node?.op === 'not';
  const name = named ?? (leaf !== undefined && 'name' in leaf ? leaf.name : undefined);
  if (name === undefined) return null;
  const target = namesOf(pack).get(name);
  if (target === undefined) return <Notice tone="warning" title={t('answer.unknown', { name })} />;
  const label = labelOfNamed(target, language);
  const values = leaf === undefined || named !== undefined ? [] : 'value' in leaf ? [leaf.value] : 'values' in leaf ? leaf.values : [];
  const relation = relationOf(named === undefined ? leaf : undefined, isNegated);
  return (
    <EntryForm state={state} entry={entry} form="sentence" id="answer">
      <Hidden fields={{ ...hidden, name }} />
      <p>
        <strong>{label}</strong>
      </p>
      {target.kind === 'reading' ? (
        <Radios name="values" id="answer-values" legend={t('answer.reading')} value={values[0]} required options={target.reading.options.map((option) => ({ value: option.id, label: option.label[language] }))} />
      ) : target.kind !== 'fact' || target.fact.type === 'bool' ? (
        <Radios name="relation" id="answer-relation" inline legend={target.kind === 'fact' ? t('answer.yes-no') : t('answer.applies')} value={relation} required options={[{ value: 'yes', label: target.kind === 'fact' ? t('answer.yes') : t('answer.holds') }, { value: 'no', label: target.kind === 'fact' ? t('answer.no') : t('answer.fails') }]} />
      ) : target.fact.type === 'number' || target.fact.type === 'date' ? (
        <>
          <Select name="relation" id="answer-relation" label={t('answer.compare')} value={leaf !== undefined && leaf.op === 'compare' ? leaf.by : '>='} options={(['<', '<=', '>', '>='] as const).map((by) => ({ value: by, label: t(`answer.${by}`) }))} />
          <TextInput name="values" id="answer-values" label={t('answer.limit')} hint={t('answer.limit-hint')} value={leaf !== undefined && leaf.op === 'compare' ? leaf.limit : ''} width="20" maxLength={120} proposals={pack.parameters.filter((one) => one.type === (target.fact.type === 'date' ? 'date' : 'number')).map((one) => `$${one.id}`)} required />
        </>
      ) : (
        <>
          <Radios
            name="relation"
            id="answer-relation"
            legend={t('answer.how')}
            value={relation}
            required
            options={
              target.fact.type === 'set'
                ? [
                    { value: 'has', label: t('answer.has') },
                    { value: 'not-has', label: t('answer.not-has') },
                    { value: 'has-none', label: t('answer.has-none') },
                    { value: 'not-has-none', label: t('answer.not-has-none') },
                  ]
                : [
                    { value: 'is', label: t('answer.is') },
                    { value: 'not-is', label: t('answer.not-is') },
                    { value: 'is-not', label: t('answer.is-not') },
                  ]
            }
          />
          <Checkboxes name="values" id="answer-values" legend={t('answer.values')} values={values} options={target.fact.values.map((value) => ({ value: value.id, label: value.label[language] }))} />
        </>
      )}
      <Button>{hidden['act'] === 'add' ? t('answer.add') : t('answer.save')}</Button>
    </EntryForm>
  );
}

function relationOf(leaf: Syntax | undefined, isNegated: boolean): string | undefined {
  switch (leaf?.op) {
    case 'name':
      return isNegated ? 'no' : 'yes';
    case 'has':
    case 'has-any':
      return isNegated ? 'not-has' : 'has';
    case 'has-none':
      return isNegated ? 'not-has-none' : 'has-none';
    case 'is-not':
      return 'is-not';
    case 'is':
    case 'in':
      return isNegated ? 'not-is' : 'is';
    default:
      return undefined;
  }
}

/** What the words of a search found, each a link that goes on with it. */
export function Found({ pack, q, language, hrefOf }: { readonly pack: Pack; readonly q: string; readonly language: Language; readonly hrefOf: (id: string) => string }): VNode | null {
  const t = lawdeskEditorText.in(language);
  if (q.trim() === '') return null;
  const found = findNames(pack, q, language, NAMES_FOUND_MAX + 1);
  if (found.length === 0) return <p role="status">{t('found.none', { q })}</p>;
  return (
    <>
      <ul class="lawdesk-found">
        {found.slice(0, NAMES_FOUND_MAX).map(({ id, named, label }) => (
          <li key={id}>
            <a href={hrefOf(id)}>{label}</a> <Tag>{t(`named.${named.kind}`)}</Tag> <code class="small">{id}</code>
          </li>
        ))}
      </ul>
      {found.length > NAMES_FOUND_MAX ? <p class="muted">{t('found.more')}</p> : null}
    </>
  );
}
