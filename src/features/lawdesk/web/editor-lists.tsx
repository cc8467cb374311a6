/** Lists inside an entry as rows of a form: lines of a timing, evidence, retention and clocks of a duty. */

import type { VNode } from 'preact';
import { type Language, LANGUAGES } from '../../../base/index.ts';
import { BUILT_IN_DATES, type Pack } from '../../../law/index.ts';
import { Button, Checkboxes, Details, Hidden, Section, Select, type SelectOption, TextArea, TextInput } from '../../../platform/html/components/index.ts';
import { type Entry, isLocalised, isPlainMap, type Plain, type PlainMap, scalarText } from '../rules/entries.ts';
import { FIELD_TEXT_LENGTH_MAX } from '../rules/entry-forms.ts';
import { type ListColumn, listsOf, type ListSpec, rowsAt, UNITS } from '../rules/list-forms.ts';
import { lawdeskEditorText } from '../text/editor/index.ts';
import { type EditorParts, EntryForm } from './editor-form.tsx';
import { firstConditionOptions } from './editor-new.tsx';
import { fieldWords } from './words.tsx';

type ListParts = Pick<EditorParts, 'state' | 'entry'> & { readonly pack: Pack; readonly language: Language };

export function ListsForms(parts: ListParts): VNode | null {
  const { entry, pack } = parts;
  const lists = listsOf(entry);
  if (lists.length === 0) return null;
  return (
    <>
      {lists.map((spec) => (
        <ListForm key={spec.path.join('.')} {...parts} spec={spec} />
      ))}
      {entry.kind === 'duty' && pack.clocks.length > 0 ? <ClocksForm {...parts} /> : null}
    </>
  );
}

function listTitle(spec: ListSpec, language: Language): string {
  const t = lawdeskEditorText.in(language);
  return spec.key === 'lines' ? t('rows.lines', { date: spec.of ?? '' }) : t(`rows.${spec.key}`);
}

function ListForm({ state, entry, pack, language, spec }: ListParts & { readonly spec: ListSpec }): VNode {
  const t = lawdeskEditorText.in(language);
  const rows = rowsAt(entry, spec.path);
  const list = spec.path.join('.');
  return (
    <Section title={listTitle(spec, language)} id={`rows-${list.replaceAll('.', '-')}`} lead={spec.isOrdered ? t('rows.ordered') : undefined}>
      {spec.columns.some(({ as }) => as === 'term') ? (
        <Details summary={t('rows.how')}>
          <p>{t('rows.term-hint')}</p>
          <p>{t('rows.if-hint')}</p>
        </Details>
      ) : null}
      <EntryForm state={state} entry={entry} form="rows">
        <Hidden fields={{ list }} />
        {rows.map((row, index) => (
          <fieldset class="field fieldset" key={index}>
            <legend class="field__label">{rowTitle(row, index, language)}</legend>
            <div class="lawdesk-rows lawdesk-rows--wide">
              {spec.columns.map((column) => (
                <Cell key={column.key} column={column} list={list} name={`row.${index}.${column.key}`} row={row} isNew={false} pack={pack} entry={entry} language={language} />
              ))}
              <Select name={`row.${index}.then`} id={`${list}.${index}.then`} label={t('rows.then')} value="" emptyLabel={t('rows.keep')} options={thenOptions(spec, index, rows.length, language)} />
            </div>
          </fieldset>
        ))}
        <Details summary={t('rows.new')} open={rows.length === 0}>
          <div class="lawdesk-rows lawdesk-rows--wide">
            {spec.columns.filter(({ as }) => as !== 'texts').map((column) => (
              <Cell key={column.key} column={column} list={list} name={`row.new.${column.key}`} row={{}} isNew pack={pack} entry={entry} language={language} />
            ))}
          </div>
          {spec.columns.filter(({ as }) => as === 'texts').map(({ key }) => (
            <fieldset class="field fieldset" key={key}>
              <legend class="field__label">{fieldWords(key, language)}</legend>
              <div class="lawdesk-three">
                {LANGUAGES.map((one) => (
                  <TextArea key={one} name={`row.new.${key}.${one}`} id={`${list}.new.${key}.${one}`} label={one.toUpperCase()} rows={2} maxLength={FIELD_TEXT_LENGTH_MAX} />
                ))}
              </div>
            </fieldset>
          ))}
        </Details>
        <Button tone="secondary">{t('rows.save')}</Button>
      </EntryForm>
    </Section>
  );
}

function rowTitle(row: PlainMap, index: number, language: Language): string {
  const t = lawdeskEditorText.in(language);
  const label = row['label'];
  const words = isLocalised(label) ? label[language] : scalarText(row['id']);
  return words === '' ? t('rows.row', { number: index + 1 }) : `${index + 1}. ${words}`;
}

function thenOptions(spec: ListSpec, index: number, count: number, language: Language): readonly SelectOption[] {
  const t = lawdeskEditorText.in(language);
  return [
    ...(spec.isOrdered && index > 0 ? [{ value: 'up', label: t('rows.up') }] : []),
    ...(spec.isOrdered && index < count - 1 ? [{ value: 'down', label: t('rows.down') }] : []),
    { value: 'remove', label: t('rows.remove') },
  ];
}

interface CellProps {
  readonly column: ListColumn;
  readonly list: string;
  readonly name: string;
  readonly row: PlainMap;
  readonly isNew: boolean;
  readonly pack: Pack;
  readonly entry: Entry;
  readonly language: Language;
}

function Cell({ column, list, name, row, isNew, pack, entry, language }: CellProps): VNode | null {
  const t = lawdeskEditorText.in(language);
  const { key, as, isRequired } = column;
  const value = scalarText(row[key]);
  const shared = { name, id: `${list}.${name}`, label: key === 'from' ? t('rows.from') : fieldWords(key, language) };
  // A new row is left empty unless somebody adds one, so nothing of it is demanded by the browser.
  const optional = isRequired && !isNew ? {} : { optional: !isRequired };
  const chosen = (options: readonly SelectOption[]): VNode => <Select {...shared} {...optional} value={value} emptyLabel="–" options={value === '' || options.some((option) => option.value === value) ? options : [{ value, label: value }, ...options]} />;
  switch (as) {
    case 'texts':
      return null;
    case 'condition':
      if (row[key] !== undefined) return <Select {...shared} value="" emptyLabel={t('rows.when-stays')} options={[{ value: '@remove', label: t('rows.when-remove') }]} />;
      return <Select {...shared} optional value="" emptyLabel={t('rows.when-none')} options={firstConditionOptions(pack, language)} />;
    case 'unit':
      return chosen(UNITS.map((unit) => ({ value: unit, label: t(`choice.${unit}`) })));
    case 'number-parameter':
      return chosen(pack.parameters.filter(({ type }) => type === 'number').map(({ id, label }) => ({ value: `$${id}`, label: label[language] })));
    case 'date-fact':
      return chosen(pack.facts.filter(({ type }) => type === 'date').map(({ id, ask }) => ({ value: id, label: ask[language] })));
    case 'term':
      return <TextInput {...shared} {...optional} value={value} maxLength={300} spellcheck={false} proposals={termProposals(pack, entry)} />;
    case 'comparison':
      return <TextInput {...shared} {...optional} value={value} maxLength={500} spellcheck={false} />;
    case 'id':
    case 'text':
      return <TextInput {...shared} {...optional} value={value} maxLength={120} proposals={as === 'text' ? fromProposals(pack) : undefined} />;
  }
}

/** Dates a line can name: those of the timing, the built-in ones, date facts, dated values. */
function termProposals(pack: Pack, entry: Entry): readonly string[] {
  const dates = Array.isArray(entry.data['dates']) ? (entry.data['dates'] as readonly Plain[]).flatMap((date) => (isPlainMap(date) ? [scalarText(date['id'])] : [])) : [];
  return [...dates, ...BUILT_IN_DATES, 'never', ...pack.facts.filter(({ type }) => type === 'date').map(({ id }) => id), ...pack.parameters.filter(({ type }) => type === 'date').map(({ id }) => `$${id}`)];
}

function fromProposals(pack: Pack): readonly string[] {
  return [...new Set([...pack.duties.flatMap((duty) => duty.retention.map(({ from }) => from)), ...pack.clocks.map(({ from }) => from)])];
}

function ClocksForm({ state, entry, pack, language }: ListParts): VNode {
  const t = lawdeskEditorText.in(language);
  const chosen = Array.isArray(entry.data['clocks']) ? (entry.data['clocks'] as readonly Plain[]).map(scalarText) : [];
  return (
    <Section title={fieldWords('clocks', language)} id="clocks" lead={t('clocks.lead')}>
      <EntryForm state={state} entry={entry} form="clocks">
        <Checkboxes name="clocks" id="clocks-chosen" legend={fieldWords('clocks', language)} values={chosen} options={pack.clocks.map(({ id, label }) => ({ value: id, label: label[language] }))} />
        <Button tone="secondary">{t('clocks.save')}</Button>
      </EntryForm>
    </Section>
  );
}
