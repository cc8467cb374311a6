/** The long form of an entry, in sections, with help in plain language and every problem at its field. */

import type { VNode } from 'preact';
import type { Language } from '../../../base/index.ts';
import { Breadcrumbs, Button, ButtonRow, Checkboxes, Details, ErrorSummary, Fieldset, LinkButton, Notice, PageHeading, Select, SummaryList, TextArea, TextInput } from '../../../platform/html/components/index.ts';
import type { Page, PageContext } from '../../../platform/html/index.ts';
import { compareText } from '../../../platform/text/index.ts';
import { problemText } from '../actions/refusal-text.ts';
import { ALL_FIELDS, type Column, type Field, GROUPS, lengthMaxOf } from '../fields.ts';
import type { FieldProblem } from '../model.ts';
import type { FormValues } from '../rules/form.ts';
import { REQUIRED_TO_REGISTER, REQUIRED_TO_SUBMIT } from '../rules/lifecycle.ts';
import { registryText, type RegistryTextKey } from '../text/index.ts';
import { choiceLabel, fieldLabel } from './parts.tsx';

export interface FormView {
  readonly title: string;
  readonly action: string;
  readonly cancelHref: string;
  readonly values: FormValues;
  readonly problems: readonly FieldProblem[];
  /** Present when an entry is edited: the revision the editor sees. */
  readonly revision?: number;
  readonly reason?: string;
  /** The names that an entry may bear, for people of organisations; any name without it. */
  readonly organisations?: readonly string[] | undefined;
  /** A refusal that belongs to no field. */
  readonly refusal?: string;
}

/** Empty places offered at the end of each list. */
const EMPTY_ITEMS = 1;
const OPEN_GROUPS: ReadonlySet<string> = new Set(['identity', 'owner', 'purpose']);

export function formPage(frame: PageContext, view: FormView): Page {
  const t = registryText.in(frame.language);
  const errors = [
    ...(view.refusal === undefined ? [] : [{ message: view.refusal }]),
    ...view.problems.map((problem) => ({ field: controlOf(problem.path), message: problemText(problem, frame.language) })),
  ];
  return {
    title: view.title,
    body: (
      <>
        <Breadcrumbs items={[{ href: '/registry/mine', label: t('mine.title') }, { label: view.title }]} />
        <ErrorSummary errors={errors} />
        <PageHeading title={view.title} lead={t('form.lead')} />
        <form method="post" action={view.action} noValidate>
          {view.revision === undefined ? null : <input type="hidden" name="revision" value={String(view.revision)} />}
          {GROUPS.map((group) => (
            <Group key={group} group={group} view={view} language={frame.language} />
          ))}
          <TextInput name="reason" label={t('form.reason')} hint={t('form.reason-hint')} value={view.reason} optional maxLength={500} />
          <ButtonRow>
            <Button>{view.revision === undefined ? t('form.save-draft') : t('form.save')}</Button>
            <LinkButton href={view.cancelHref} tone="quiet">
              {t('form.cancel')}
            </LinkButton>
          </ButtonRow>
        </form>
      </>
    ),
  };
}

/** The id of the control of a problem: items of lists have one control per column. */
function controlOf(path: string): string {
  return path;
}

function Group({ group, view, language }: { readonly group: (typeof GROUPS)[number]; readonly view: FormView; readonly language: Language }): VNode {
  const t = registryText.in(language);
  const fields = ALL_FIELDS.filter((field) => field.group === group);
  const hasProblem = view.problems.some((problem) => fields.some((field) => problem.path === field.key || problem.path.startsWith(`${field.key}.`)));
  const isTold = fields.some((field) => Object.keys(view.values).some((name) => name === field.key || name.startsWith(`${field.key}.`)));
  return (
    <Details summary={<strong>{t(`group.${group}`)}</strong>} open={hasProblem || isTold || OPEN_GROUPS.has(group)}>
      {fields.map((field) => (
        <Control key={field.key} field={field} view={view} language={language} />
      ))}
    </Details>
  );
}

function hintOf(field: Field, language: Language): string | undefined {
  const t = registryText.in(language);
  const own = `hint.${field.key}`;
  const parts = [
    ...(own in registryText.messages.en ? [t(own as RegistryTextKey)] : []),
    ...(field.type === 'date' ? [t('hint.dates')] : field.type === 'lines' ? [t('hint.lines')] : field.type === 'link' ? [t('hint.link')] : []),
  ];
  return parts.length === 0 ? undefined : parts.join(' ');
}

function errorOf(path: string, view: FormView, language: Language): string | undefined {
  const problem = view.problems.find((one) => one.path === path || one.path.startsWith(`${path}.`));
  return problem === undefined ? undefined : problemText(problem, language);
}

function Control({ field, view, language }: { readonly field: Field; readonly view: FormView; readonly language: Language }): VNode {
  const t = registryText.in(language);
  const label = fieldLabel(field.key, language);
  const isRequired = field.key === 'name' || field.key === 'organisation';
  const asked = (REQUIRED_TO_SUBMIT as readonly string[]).includes(field.key) ? t('form.asked', { status: t('manage.move-submitted') }) : (REQUIRED_TO_REGISTER as readonly string[]).includes(field.key) ? t('form.asked', { status: t('manage.move-registered') }) : undefined;
  const hint = [hintOf(field, language), isRequired ? undefined : asked].filter((part) => part !== undefined).join(' ') || undefined;
  const value = view.values[field.key];
  const shared = { name: field.key, label, hint, error: field.type === 'items' ? undefined : errorOf(field.key, view, language) };
  const text = typeof value === 'string' ? value : undefined;
  if (field.key === 'organisation' && view.organisations !== undefined) return <OwnOrganisation view={view} label={label} error={shared.error} language={language} />;
  switch (field.type) {
    case 'items':
      return <Items field={field} label={label} hint={hint} view={view} language={language} />;
    case 'choice':
      return <Select {...shared} value={text} emptyLabel={t('form.choose')} options={(field.choices ?? []).map((one) => ({ value: one, label: choiceLabel(field.key, one, language) }))} />;
    case 'choices':
      return <Checkboxes name={field.key} legend={label} hint={hint} error={shared.error} values={text === undefined ? ((value as readonly string[] | undefined) ?? []) : [text]} options={(field.choices ?? []).map((one) => ({ value: one, label: choiceLabel(field.key, one, language) }))} />;
    case 'text':
      return <TextArea {...shared} value={text} rows={4} maxLength={lengthMaxOf(field)} />;
    case 'lines':
      return <TextArea {...shared} value={text ?? (value as readonly string[] | undefined)?.join('\n')} rows={3} />;
    default:
      return <TextInput {...shared} value={text} maxLength={lengthMaxOf(field)} required={isRequired} type={field.type === 'link' ? 'url' : 'text'} width={field.type === 'date' ? '20' : 'full'} />;
  }
}

/** Fixed where there is one, chosen where there are several. */
function OwnOrganisation({ view, label, error, language }: { readonly view: FormView; readonly label: string; readonly error: string | undefined; readonly language: Language }): VNode {
  const t = registryText.in(language);
  const names = (view.organisations ?? []).toSorted(compareText(language));
  const value = view.values['organisation'];
  const [only] = names;
  if (only === undefined) return <Notice tone="warning">{t('form.no-organisation')}</Notice>;
  if (names.length > 1) return <Select name="organisation" label={label} hint={t('form.yours-hint')} error={error} value={typeof value === 'string' ? value : undefined} required options={names.map((name) => ({ value: name, label: name }))} />;
  return (
    <>
      <input type="hidden" name="organisation" value={only} />
      <SummaryList rows={[{ label, value: only }]} />
      <p class="muted">{t('form.yours')}</p>
    </>
  );
}

function Items({ field, label, hint, view, language }: { readonly field: Field; readonly label: string; readonly hint: string | undefined; readonly view: FormView; readonly language: Language }): VNode {
  const t = registryText.in(language);
  const told = Object.keys(view.values).filter((name) => name.startsWith(`${field.key}.`) && view.values[name] !== '').map((name) => Number(name.split('.')[1] ?? '0'));
  const count = Math.min((told.length === 0 ? 0 : Math.max(...told) + 1) + EMPTY_ITEMS, 100);
  return (
    <Fieldset legend={label} hint={hint} id={field.key}>
      {Array.from({ length: count }, (_, index) => (
        <Details key={index} summary={t('form.item', { label, number: index + 1 })} open={index < count - EMPTY_ITEMS}>
          {(field.columns ?? []).map((column) => (
            <ColumnControl key={column.key} path={`${field.key}.${index}.${column.key}`} column={column} view={view} language={language} />
          ))}
        </Details>
      ))}
    </Fieldset>
  );
}

function ColumnControl({ path, column, view, language }: { readonly path: string; readonly column: Column; readonly view: FormView; readonly language: Language }): VNode {
  const t = registryText.in(language);
  const value = view.values[path];
  const shared = { name: path, label: t(`column.${column.key}` as RegistryTextKey), value: typeof value === 'string' ? value : undefined, error: errorOf(path, view, language), hint: column.type === 'date' ? t('hint.dates') : column.type === 'link' ? t('hint.link') : undefined };
  return column.type === 'text' ? <TextArea {...shared} rows={3} maxLength={lengthMaxOf(column)} /> : <TextInput {...shared} maxLength={lengthMaxOf(column)} />;
}
