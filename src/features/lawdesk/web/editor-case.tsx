/** The facts and expectations of a worked case as forms. */

import type { VNode } from 'preact';
import type { Language } from '../../../base/index.ts';
import type { FactDefinition, Pack } from '../../../law/index.ts';
import { Button, Checkboxes, Hidden, SearchBox, Section, Select, TextInput } from '../../../platform/html/components/index.ts';
import { isPlainMap, type Plain, type PlainMap, scalarText } from '../rules/entries.ts';
import { lawdeskEditorText } from '../text/editor/index.ts';
import { Found } from './editor-answer.tsx';
import { type EditorParts, EntryForm } from './editor-form.tsx';
import { editHref } from './editor-list.tsx';
import { fieldWords } from './words.tsx';

export function CaseForm({ state, entry, view, pack, language }: EditorParts & { readonly pack: Pack; readonly language: Language }): VNode {
  const t = lawdeskEditorText.in(language);
  const facts = isPlainMap(entry.data['facts']) ? entry.data['facts'] : {};
  const added = view.addFact === '' || view.addFact in facts ? [] : [view.addFact];
  const shown = [...Object.keys(facts), ...added].flatMap((id) => {
    const fact = pack.facts.find((one) => one.id === id);
    return fact === undefined ? [] : [fact];
  });
  return (
    <Section title={t('case.title')} id="panel" lead={t('case.lead')}>
      <SearchBox action={editHref(state, 'case', entry.id)} name="factQ" id="factQ" label={t('case.add')} hint={t('case.add-hint')} value={view.factQ} />
      <FoundFacts {...{ state, pack, view, language }} entryId={entry.id} />
      <EntryForm state={state} entry={entry} form="case">
        {shown.map((fact) => (
          <FactInput key={fact.id} fact={fact} value={facts[fact.id]} language={language} />
        ))}
        <Expectations section="expect" entry={entry.data} language={language} ids={[...pack.families.map((one) => ({ value: one.id, label: one.label[language] })), ...pack.conclusions.map((one) => ({ value: one.id, label: one.label[language] }))]} values={['holds', 'fails', 'undetermined', 'disputed'].map((value) => ({ value, label: t(`result.${value as 'holds'}`) }))} />
        <Expectations section="dates" entry={entry.data} language={language} ids={pack.conclusions.map((one) => ({ value: one.id, label: one.label[language] }))} values={undefined} />
        {pack.duties.length === 0 ? null : <Expectations section="due" entry={entry.data} language={language} ids={pack.duties.map((one) => ({ value: one.id, label: one.label[language] }))} values={undefined} />}
        <Button>{t('case.save')}</Button>
      </EntryForm>
    </Section>
  );
}

function FoundFacts({ state, pack, view, language, entryId }: Pick<EditorParts, 'state' | 'view'> & { readonly pack: Pack; readonly language: Language; readonly entryId: string }): VNode | null {
  const factsOnly: Pack = { ...pack, families: [], conclusions: [], definitions: [], readings: [] };
  return <Found pack={factsOnly} q={view.factQ} language={language} hrefOf={(id) => `${editHref(state, 'case', entryId)}?addFact=${encodeURIComponent(id)}#fact-${id}`} />;
}

function FactInput({ fact, value, language }: { readonly fact: FactDefinition; readonly value: Plain | undefined; readonly language: Language }): VNode {
  const t = lawdeskEditorText.in(language);
  const name = `answer.${fact.id}`;
  const text = value === true ? 'yes' : value === false ? 'no' : typeof value === 'string' || typeof value === 'number' ? String(value) : '';
  const choices = (options: readonly { readonly value: string; readonly label: string }[]): VNode => <Select name={name} id={`fact-${fact.id}`} label={fact.ask[language]} value={text} emptyLabel={t('case.leave-out')} options={[...options, { value: 'unknown', label: t('case.unknown') }]} />;
  // Claims of several parties and partly known sets are kept as they are.
  if (isPlainMap(value)) return <p class="muted">{fact.ask[language]}: {t('case.kept', { value: JSON.stringify(value) })}</p>;
  return (
    <>
      <Hidden fields={{ fact: fact.id }} />
      {fact.type === 'bool' ? (
        choices([
          { value: 'yes', label: t('answer.yes') },
          { value: 'no', label: t('answer.no') },
        ])
      ) : fact.type === 'enum' ? (
        choices(fact.values.map((one) => ({ value: one.id, label: one.label[language] })))
      ) : fact.type === 'set' ? (
        <Checkboxes name={name} id={`fact-${fact.id}`} legend={fact.ask[language]} values={Array.isArray(value) ? ((value as readonly Plain[]).length === 0 ? ['@none'] : (value as readonly Plain[]).map(String)) : text === '' ? [] : [text]} options={[...fact.values.map((one) => ({ value: one.id, label: one.label[language] })), { value: '@none', label: t('case.none') }, { value: 'unknown', label: t('case.unknown') }]} />
      ) : (
        <TextInput name={name} id={`fact-${fact.id}`} label={fact.ask[language]} value={text} width="20" maxLength={40} optional />
      )}
    </>
  );
}

/** Rows of what is expected, with two empty ones to add. */
function Expectations({ section, entry, language, ids, values }: { readonly section: 'expect' | 'dates' | 'due'; readonly entry: PlainMap; readonly language: Language; readonly ids: readonly { readonly value: string; readonly label: string }[]; readonly values: readonly { readonly value: string; readonly label: string }[] | undefined }): VNode {
  const t = lawdeskEditorText.in(language);
  const before = isPlainMap(entry[section]) ? entry[section] : {};
  const rows: readonly (readonly [string, Plain])[] = [...Object.entries(before), ['', ''], ['', '']];
  return (
    <fieldset class="field fieldset">
      <legend class="field__label">{section === 'dates' ? t('case.dates') : fieldWords(section, language)}</legend>
      {rows.map(([id, value], index) => (
        <div class="lawdesk-rows" key={index}>
          <Select name={`${section}.${index}.id`} label={t('case.conclusion')} value={id} emptyLabel="–" options={id === '' || ids.some((one) => one.value === id) ? ids : [{ value: id, label: id }, ...ids]} />
          {values === undefined ? <TextInput name={`${section}.${index}.value`} label={t(section === 'due' ? 'case.due-value' : 'case.date-value')} value={scalarText(value)} width="10" maxLength={20} /> : <Select name={`${section}.${index}.value`} label={t('case.result')} value={scalarText(value)} emptyLabel="–" options={values} />}
        </div>
      ))}
    </fieldset>
  );
}
