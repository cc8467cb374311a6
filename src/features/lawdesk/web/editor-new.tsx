/** An entry from nothing: which kind it is, and the form with what it needs at least. */

import type { VNode } from 'preact';
import { type Language, LANGUAGES } from '../../../base/index.ts';
import type { Pack } from '../../../law/index.ts';
import { LookOnly, type Page, type PageContext } from '../../../platform/html/index.ts';
import { Button, Card, ErrorSummary, Grid, Hidden, Notice, PageHeading, Section, Select, type SelectGroup, type SelectOption, TextArea, TextInput } from '../../../platform/html/components/index.ts';
import { formatList } from '../../../platform/text/index.ts';
import { lawbookText } from '../../lawbook/index.ts';
import type { DraftState } from '../actions/drafts.ts';
import { FIELD_TEXT_LENGTH_MAX, type FormBody, one, RESULTS } from '../rules/entry-forms.ts';
import { filesForEntries, firstConditions, NEW_FIELDS, NEW_KINDS, NEW_VALUES_MAX, newFieldName, type NewField, type NewKind, type NewProblem, rolesOf, usualFile } from '../rules/new-entry.ts';
import { labelOfNamed, namesOf } from '../rules/sentence.ts';
import { lawdeskEditorText } from '../text/editor/index.ts';
import { choiceWords, evidenceOptions } from './choice-words.ts';
import { DraftHead, draftHref } from './editor-list.tsx';
import { fieldWords, kindWords } from './words.tsx';

export function newKindPage(frame: PageContext, state: DraftState): Page {
  const { language } = frame;
  const t = lawdeskEditorText.in(language);
  return {
    title: `${t('new.title')} – ${state.draft.title}`,
    body: (
      <>
        <DraftHead state={state} language={language} current="entry" crumb={t('new.title')} />
        <PageHeading caption={state.draft.title} title={t('new.title')} lead={t('new.lead')} />
        {frame.may('law.draft') ? null : <LookOnly frame={frame} />}
        <Grid>
          {(frame.may('law.draft') ? NEW_KINDS : []).map((kind) => (
            <Card key={kind} level={2} title={kindWords(kind, language)} href={draftHref(state, `/new/${kind}`)}>
              <p>{t(`new.about.${kind}`)}</p>
            </Card>
          ))}
        </Grid>
      </>
    ),
  };
}

export interface NewEntryParts {
  readonly state: DraftState;
  readonly kind: NewKind;
  /** What was written already. */
  readonly body: FormBody;
  readonly problems: readonly NewProblem[];
  readonly error: string | undefined;
}

export function newEntryPage(frame: PageContext, parts: NewEntryParts): Page {
  const { language } = frame;
  const { state, kind, body, problems } = parts;
  const t = lawdeskEditorText.in(language);
  const pack = state.pack ?? state.base.pack;
  const title = t('new.of', { kind: kindWords(kind, language) });
  const errorOf = (field: string): string | undefined => {
    const problem = problems.find((one_) => one_.field === field);
    return problem === undefined ? undefined : problemWords(problem, language);
  };
  const files = filesForEntries(state.files);
  const form: FormContext = { pack, body, language, errorOf };
  return {
    title: `${title} – ${state.draft.title}`,
    body: (
      <>
        <ErrorSummary errors={[...(parts.error === undefined ? [] : [{ message: parts.error }]), ...problems.map((problem) => ({ field: problem.field, message: problemWords(problem, language) }))]} />
        <DraftHead state={state} language={language} current="entry" crumb={title} />
        <PageHeading caption={state.draft.title} title={title} lead={t(`new.about.${kind}`)} />
        {needed(pack, kind, language)}
        {!frame.may('law.draft') ? (
          <LookOnly frame={frame} />
        ) : (
          <form method="post" action={draftHref(state, `/new/${kind}`)} noValidate>
            <Hidden fields={{ after: String(state.step) }} />
            <Section title={t('new.place')}>
              <TextInput name="id" label={fieldWords('id', language)} hint={t('new.id-hint')} value={one(body, 'id')} width="half" maxLength={120} spellcheck={false} required error={errorOf('id')} />
              <Select name="file" label={t('new.file')} hint={t('new.file-hint')} value={one(body, 'file') || usualFile(state.files, kind)} options={files.map((file) => ({ value: file, label: file }))} error={errorOf('file')} />
            </Section>
            <Section title={t('new.content')} lead={t('new.content-lead')}>
              {NEW_FIELDS[kind].map((field) => (
                <NewInput key={field.key} field={field} {...form} />
              ))}
            </Section>
            <Button>{t('new.add')}</Button>
          </form>
        )}
      </>
    ),
  };
}

/** What must be there before: a duty stands in a group and has a timing. */
function needed(pack: Pack, kind: NewKind, language: Language): VNode | null {
  const t = lawdeskEditorText.in(language);
  const lacking = kind === 'duty' ? [...(pack.dutyGroups.length === 0 ? ['duty-group' as const] : []), ...(pack.timings.length === 0 ? ['timing' as const] : []), ...(rolesOf(pack).length === 0 ? ['conclusion' as const] : [])] : kind === 'rule' && pack.conclusions.length === 0 ? ['conclusion' as const] : kind === 'clock' && !pack.parameters.some(({ type }) => type === 'number') ? ['parameter' as const] : [];
  return lacking.length === 0 ? null : <Notice tone="warning" title={t('new.needs', { kinds: formatList(lacking.map((one_) => kindWords(one_, language)), language) })} />;
}

function problemWords({ code, key, language: textLanguage }: NewProblem, language: Language): string {
  const t = lawdeskEditorText.in(language);
  const field = `${key === 'from' ? t('rows.from') : fieldWords(key, language)}${textLanguage === undefined ? '' : ` (${textLanguage.toUpperCase()})`}`;
  return t(`new.problem.${code}`, { field });
}

interface FormContext {
  readonly pack: Pack;
  readonly body: FormBody;
  readonly language: Language;
  readonly errorOf: (field: string) => string | undefined;
}

function NewInput({ field, pack, body, language, errorOf }: FormContext & { readonly field: NewField }): VNode {
  const t = lawdeskEditorText.in(language);
  const { key } = field;
  const name = newFieldName(key);
  const said = one(body, name);
  const shared = { name, label: fieldWords(key, language), value: said, error: errorOf(name) };
  const chosen = (options: readonly (SelectOption | SelectGroup)[], more: { readonly hint?: string; readonly optional?: boolean; readonly emptyLabel?: string } = {}): VNode => <Select {...shared} emptyLabel="–" {...more} options={options} />;
  switch (field.as) {
    case 'texts':
      return <Texts name={name} legend={shared.label} rows={['label', 'title', 'ask'].includes(key) ? 2 : 3} {...{ body, errorOf }} />;
    case 'cite':
      return (
        <div class="lawdesk-rows">
          <Select name={newFieldName('cite', 'act')} label={fieldWords('act', language)} value={one(body, newFieldName('cite', 'act')) || (pack.legalBasis[0]?.key ?? '')} options={pack.legalBasis.map((basis) => ({ value: basis.key, label: basis.title[language] }))} error={errorOf(newFieldName('cite', 'act'))} />
          <TextInput name={newFieldName('cite', 'article')} label={fieldWords('article', language)} hint={t('new.article-hint')} value={one(body, newFieldName('cite', 'article'))} maxLength={300} required error={errorOf(newFieldName('cite', 'article'))} />
        </div>
      );
    case 'name':
      return chosen(firstConditionOptions(pack, language), { hint: t('new.when-hint') });
    case 'family':
      return chosen(pack.families.map(({ id, label }) => ({ value: id, label: label[language] })), { emptyLabel: t('new.alone'), optional: true });
    case 'conclusion':
      return chosen(pack.conclusions.map(({ id, label }) => ({ value: id, label: label[language] })));
    case 'role':
      return chosen(rolesOf(pack).map(({ id, label }) => ({ value: id, label: label[language] })));
    case 'duty-group':
      return chosen(pack.dutyGroups.map(({ id, label }) => ({ value: id, label: label[language] })));
    case 'timing':
      return chosen(pack.timings.map(({ id, label }) => ({ value: id, label: label[language] })));
    case 'date-parameter':
    case 'number-parameter':
      return chosen(pack.parameters.filter(({ type }) => `${type}-parameter` === field.as).map(({ id, label }) => ({ value: `$${id}`, label: label[language] })), { optional: field.optional === true });
    case 'choice': {
      const value = said || field.value;
      if (key === 'ev') return <Select {...shared} value={value} hint={t('new.ev-hint')} options={evidenceOptions(language)} />;
      return <Select {...shared} value={value} options={field.values.map((one_) => ({ value: one_, label: choiceWords(key, one_, language) }))} />;
    }
    case 'group':
      return <TextInput {...shared} width="half" maxLength={120} required proposals={[...new Set(pack.facts.map(({ group }) => group))]} />;
    case 'text':
      return <TextInput {...shared} label={t('rows.from')} width="half" maxLength={120} required proposals={[...new Set(pack.clocks.map(({ from }) => from))]} />;
    case 'values':
      return <Values {...{ pack, body, language, errorOf }} />;
    case 'value':
      return <FirstValue {...{ pack, body, language, errorOf }} />;
    case 'expect':
      return (
        <div class="lawdesk-rows">
          <Select name={newFieldName(key, 'id')} label={t('case.conclusion')} hint={t('new.expect-hint')} value={one(body, newFieldName(key, 'id'))} emptyLabel="–" options={[...pack.families, ...pack.conclusions].map(({ id, label }) => ({ value: id, label: label[language] }))} error={errorOf(newFieldName(key, 'id'))} />
          <Select name={newFieldName(key, 'result')} label={t('case.result')} value={one(body, newFieldName(key, 'result')) || 'holds'} options={RESULTS.map((value) => ({ value, label: t(`result.${value as 'holds'}`) }))} error={errorOf(newFieldName(key, 'result'))} />
        </div>
      );
  }
}

function Texts({ name, legend, rows, body, errorOf }: Pick<FormContext, 'body' | 'errorOf'> & { readonly name: string; readonly legend: string; readonly rows: number }): VNode {
  return (
    <fieldset class="field fieldset">
      <legend class="field__label">{legend}</legend>
      <div class="lawdesk-three">
        {LANGUAGES.map((language) => (
          <TextArea key={language} name={`${name}.${language}`} label={language.toUpperCase()} value={one(body, `${name}.${language}`)} rows={rows} maxLength={FIELD_TEXT_LENGTH_MAX} error={errorOf(`${name}.${language}`)} />
        ))}
      </div>
    </fieldset>
  );
}

/** The answers of a choice; other types of question leave them empty. */
function Values({ body, language, errorOf }: FormContext): VNode {
  const t = lawdeskEditorText.in(language);
  return (
    <fieldset class="field fieldset">
      <legend class="field__label">{t('new.values')}</legend>
      <p class="field__hint">{t('new.values-hint')}</p>
      {Array.from({ length: NEW_VALUES_MAX }, (_, at) => {
        const name = newFieldName('values', String(at));
        return (
          <div class="lawdesk-rows" key={at}>
            <TextInput name={`${name}.id`} label={fieldWords('id', language)} value={one(body, `${name}.id`)} maxLength={120} spellcheck={false} error={errorOf(`${name}.id`)} />
            {LANGUAGES.map((one_) => (
              <TextInput key={one_} name={`${name}.${one_}`} label={one_.toUpperCase()} value={one(body, `${name}.${one_}`)} maxLength={500} error={errorOf(`${name}.${one_}`)} />
            ))}
          </div>
        );
      })}
    </fieldset>
  );
}

function FirstValue({ body, language, errorOf }: FormContext): VNode {
  const law = lawbookText.in(language);
  const t = lawdeskEditorText.in(language);
  const field = (part: string): { readonly name: string; readonly value: string; readonly error: string | undefined } => ({ name: newFieldName('values', part), value: one(body, newFieldName('values', part)), error: errorOf(newFieldName('values', part)) });
  return (
    <fieldset class="field fieldset">
      <legend class="field__label">{t('new.first-value')}</legend>
      <div class="lawdesk-rows">
        <TextInput {...field('value')} label={law('parameter.value')} hint={t('new.value-hint')} maxLength={40} optional />
        <TextInput {...field('known')} label={law('parameter.known')} hint="2027-12-02" maxLength={10} />
        <TextInput {...field('source')} label={law('parameter.source')} maxLength={1000} />
        <Select {...field('ev')} value={field('ev').value || 'K'} label={law('rule.mark')} options={evidenceOptions(language)} />
      </div>
    </fieldset>
  );
}

/** What a condition may begin with, grouped: definitions, conclusions, yes-or-no questions. */
export function firstConditionOptions(pack: Pack, language: Language): readonly SelectGroup[] {
  const t = lawdeskEditorText.in(language);
  const names = namesOf(pack);
  const possible = firstConditions(pack);
  return (['definition', 'family', 'conclusion', 'fact'] as const).flatMap((kind) => {
    const options = possible.flatMap((id) => {
      const named = names.get(id);
      return named?.kind === kind ? [{ value: id, label: labelOfNamed(named, language) }] : [];
    });
    return options.length === 0 ? [] : [{ group: t(`named.${kind}`), options }];
  });
}
