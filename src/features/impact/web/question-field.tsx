/** One question of a questionnaire as a form field, of every type; works without JavaScript. */

import type { VNode } from 'preact';
import type { Language } from '../../../base/index.ts';
import { type Answer, type AnswerShape, type Cell, CHECK_VALUES, checkOf, type Column, type Question, type Row, rowsOf } from '../../../law/questionnaire/index.ts';
import { Checkboxes, DateInput, Fieldset, Radios, Select, TextArea, TextInput } from '../../../platform/html/components/index.ts';
import { nameOf } from '../rules/read-form.ts';
import { impactText } from '../text/index.ts';

/** In a row of a table a longer list is folded: twenty-seven rights in each row would hide the rest of it. */
const RADIOS_IN_ROW_MAX = 8;
/** Empty rows offered below the filled ones. */
const BLANK_ROWS = 2;

export interface FieldView {
  readonly question: Question;
  readonly answer: Answer | undefined;
  readonly error: string | undefined;
  readonly language: Language;
}

export function QuestionField({ question, answer, error, language }: FieldView): VNode {
  const name = nameOf(question.id);
  const label = question.ask[language];
  const hint = question.help?.[language];
  if (question.type === 'note') return <p class="impact-note">{label}</p>;
  if (question.type === 'table') return <TableField question={question} answer={answer} error={error} language={language} />;
  if (question.type === 'check') return <CheckField question={question} answer={answer} error={error} language={language} />;
  return control({ type: question.type, shape: question, name, label, hint, error, optional: !question.required, value: answer as Cell | undefined, language, isLarge: true });
}

interface ControlView {
  readonly type: Column['type'];
  readonly shape: AnswerShape;
  readonly name: string;
  readonly label: string;
  readonly hint: string | undefined;
  readonly error: string | undefined;
  readonly optional: boolean;
  readonly value: Cell | undefined;
  readonly language: Language;
  readonly isLarge: boolean;
}

function control({ type, shape, name, label, hint, error, optional, value, language, isLarge }: ControlView): VNode {
  const t = impactText.in(language);
  const id = name.replaceAll('.', '-');
  const common = { id, name, hint, error, optional, size: isLarge ? ('large' as const) : ('normal' as const) };
  const text = typeof value === 'string' ? value : typeof value === 'number' ? String(value) : undefined;
  switch (type) {
    case 'choice':
      if (!isLarge && shape.choices.length > RADIOS_IN_ROW_MAX) return <Select {...common} label={label} emptyLabel={t('answer.none')} options={shape.choices.map((choice) => ({ value: choice.id, label: choice.label[language] }))} value={text} />;
      return <Radios {...common} legend={label} options={shape.choices.map((choice) => ({ value: choice.id, label: choice.label[language] }))} value={text} />;
    case 'choices':
      return <Checkboxes {...common} legend={label} options={shape.choices.map((choice) => ({ value: choice.id, label: choice.label[language] }))} values={Array.isArray(value) ? (value as readonly string[]) : []} />;
    case 'yes-no':
      return <Radios {...common} legend={label} inline options={[{ value: 'yes', label: t('answer.yes') }, { value: 'no', label: t('answer.no') }]} value={value === true ? 'yes' : value === false ? 'no' : undefined} />;
    case 'gauge':
      return <Radios {...common} legend={label} options={shape.steps.map((step, index) => ({ value: String(index + 1), label: `${index + 1}. ${step[language]}` }))} value={text} />;
    case 'number':
      return <TextInput {...common} label={label} inputMode="decimal" width="10" value={text} suffix={shape.unit?.[language]} />;
    case 'date':
      return <DateInput {...common} label={label} value={text} />;
    case 'text':
      return <TextInput {...common} label={label} value={text} maxLength={shape.lengthMax} />;
    case 'long-text':
      return <TextArea {...common} label={label} value={text} maxLength={shape.lengthMax} rows={4} />;
  }
}

function CheckField({ question, answer, error, language }: FieldView): VNode {
  const t = impactText.in(language);
  const name = nameOf(question.id);
  const remark = typeof answer === 'object' && 'check' in answer ? answer.remark : undefined;
  return (
    <div class="impact-check">
      <Radios id={name.replaceAll('.', '-')} name={name} legend={question.ask[language]} size="large" hint={question.help?.[language]} error={error} optional={!question.required} inline options={CHECK_VALUES.map((value) => ({ value, label: t(`check.${value}`) }))} value={checkOf(answer)} />
      <TextArea id={`${name}.remark`.replaceAll('.', '-')} name={nameOf(question.id, 'remark')} label={t('check.remark')} value={remark} rows={2} />
    </div>
  );
}

/** Each row a group of fields below the other: readable on a phone, and no script needed to add one. */
function TableField({ question, answer, error, language }: FieldView): VNode {
  const t = impactText.in(language);
  const filled = rowsOf(answer);
  const count = Math.min(question.rowsMax, filled.length + BLANK_ROWS);
  const rows: readonly Row[] = Array.from({ length: count }, (_, index) => filled[index] ?? {});
  return (
    <Fieldset id={nameOf(question.id).replaceAll('.', '-')} legend={question.ask[language]} size="large" hint={question.help?.[language]} error={error} optional={!question.required}>
      {rows.map((row, index) => (
        <div class="impact-row" key={index}>
          <Fieldset id={nameOf(question.id, index).replaceAll('.', '-')} legend={index < filled.length ? t('table.row', { number: index + 1 }) : t('table.new-row', { number: index + 1 })}>
            {question.columns.map((column) =>
              control({
                type: column.type, shape: column, name: nameOf(question.id, index, column.id), label: column.label[language], hint: column.help?.[language], error: undefined, optional: !column.required, value: row[column.id], language, isLarge: false,
              }),
            )}
            {index < filled.length ? <Checkboxes name={nameOf(question.id, index, 'remove')} id={nameOf(question.id, index, 'remove').replaceAll('.', '-')} legend={t('table.remove', { number: index + 1 })} legendHidden options={[{ value: 'yes', label: t('table.remove', { number: index + 1 }) }]} /> : null}
          </Fieldset>
        </div>
      ))}
      <p class="hint">{t('table.more-rows', { limit: question.rowsMax })}</p>
    </Fieldset>
  );
}
