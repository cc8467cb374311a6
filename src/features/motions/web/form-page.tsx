/** The form of a motion: first its kind, then its fields in three languages; what was typed stays when something is refused. */

import type { VNode } from 'preact';
import { LANGUAGES, type Language } from '../../../base/index.ts';
import { Button, ButtonRow, DateInput, ErrorSummary, Help, Hidden, Notice, PageHeading, Radios, SearchBox, Section, Select, TextArea, TextInput } from '../../../platform/html/components/index.ts';
import { LookOnly, type Page, type PageContext } from '../../../platform/html/index.ts';
import type { SystemEntry } from '../../registry/index.ts';
import { BODY_CHARS_MAX, type FieldError, type Kind, KINDS, type Motion, TITLE_CHARS_MAX } from '../model.ts';
import { KIND_RULES, type KindField } from '../rules/kinds.ts';
import type { Given } from '../rules/read-motion.ts';
import { className, fieldLabel, fieldProblem } from '../rules/words.ts';
import { motionText } from '../text/index.ts';
import { numberOf } from './list-page.tsx';

export interface FormView {
  readonly kind: Kind;
  readonly given: Given;
  readonly errors: readonly FieldError[];
  readonly refusal?: string | undefined;
  /** Present when a draft is changed. */
  readonly motion?: Motion | undefined;
  readonly rival?: Motion | undefined;
  readonly classes: readonly string[];
  readonly system: SystemEntry | undefined;
  readonly packs: readonly { readonly value: string; readonly label: string }[];
  readonly decisions: readonly Motion[];
}

export function choosePage(frame: PageContext, { system, rival }: { readonly system: string | undefined; readonly rival: Motion | undefined }): Page {
  const t = motionText.in(frame.language);
  return {
    title: t('new.title'),
    body: (
      <>
        <PageHeading title={t('new.title')} lead={t('new.lead')} />
        {rival === undefined ? null : <Notice title={t('new.rival', { number: numberOf(rival, frame.language) })}>{t('new.rival-body')}</Notice>}
        {frame.may('motion.write') ? (
          <form method="get" action="/motions/new">
            <Hidden fields={{ system, rival: rival?.id }} />
            <Radios name="kind" size="large" legend={t('new.kind')} required options={KINDS.map((kind) => ({ value: kind, label: t(`kind.${kind}`), hint: t(`effect.${kind}`) }))} />
            <ButtonRow>
              <Button>{t('new.next')}</Button>
            </ButtonRow>
          </form>
        ) : (
          <LookOnly frame={frame} />
        )}
      </>
    ),
  };
}

export function chooseSystemPage(frame: PageContext, view: { readonly kind: Kind; readonly q: string; readonly found: readonly SystemEntry[]; readonly rival: string | undefined }): Page {
  const t = motionText.in(frame.language);
  const href = (id: string): string => `/motions/new?${new URLSearchParams({ kind: view.kind, system: id, ...(view.rival === undefined ? {} : { rival: view.rival }) }).toString()}`;
  return {
    title: t('new.system'),
    body: (
      <>
        <PageHeading title={t('new.system')} caption={t(`kind.${view.kind}`)} />
        <SearchBox action="/motions/new" value={view.q} label={t('new.system-search')} keep={{ kind: view.kind, rival: view.rival }} />
        {view.found.length === 0 ? (
          <p>{t('new.system-none')}</p>
        ) : (
          <ul>
            {view.found.map((entry) => (
              <li key={entry.id}>
                <a href={href(entry.id)}>{entry.record.name}</a> <span class="muted">{`№ ${entry.number}, ${entry.body.name}`}</span>
              </li>
            ))}
          </ul>
        )}
      </>
    ),
  };
}

export function formPage(frame: PageContext, view: FormView): Page {
  const { language } = frame;
  const t = motionText.in(language);
  const { kind, given, motion } = view;
  const rule = KIND_RULES[kind];
  const errorOf = (field: string): string | undefined => view.errors.filter((one) => one.field === field).map((one) => fieldProblem(one, language))[0];
  const title = motion === undefined ? t('form.new-title', { kind: t(`kind.${kind}`) }) : t('form.edit-title');
  return {
    title,
    body: (
      <>
        {view.errors.length === 0 && view.refusal === undefined ? null : <ErrorSummary errors={[...(view.refusal === undefined ? [] : [{ message: view.refusal }]), ...view.errors.map((one) => ({ field: one.field, message: fieldProblem(one, language) }))]} />}
        <PageHeading title={title} lead={t(`effect.${kind}`)} />
        {rule.effect === 'recorded' ? <Notice tone="warning" title={t('effect.recorded-title')}>{t('effect.recorded-body')}</Notice> : null}
        <Help title={t('form.help')}>
          <p>{t('form.help-texts')}</p>
          <p>{t('form.help-basis')}</p>
          <p>{t('form.help-parties')}</p>
        </Help>
        <form method="post" action={motion === undefined ? '/motions' : `/motions/${motion.id}/edit`}>
          <Hidden fields={{ kind, rival: view.rival?.id, revision: motion === undefined ? undefined : String(motion.revision) }} />
          {rule.fields.map((field) => (
            <SubjectField key={field.name} field={field} view={view} language={language} error={errorOf(`subject-${field.name}`)} />
          ))}
          {LANGUAGES.map((spoken) => (
            <Section key={spoken} level={2} title={t(`language.${spoken}`)}>
              <TextInput name={`title-${spoken}`} label={fieldLabel(`title-${spoken}`, language)} value={given[`title-${spoken}`]} maxLength={TITLE_CHARS_MAX} error={errorOf(`title-${spoken}`)} required />
              <TextArea name={`body-${spoken}`} rows={8} label={fieldLabel(`body-${spoken}`, language)} hint={t('form.body-hint')} value={given[`body-${spoken}`]} maxLength={BODY_CHARS_MAX} error={errorOf(`body-${spoken}`)} required />
            </Section>
          ))}
          <Section level={2} title={t('form.about')}>
            <Radios name="authentic" legend={t('field.authentic')} hint={t('form.authentic-hint')} value={given['authentic'] ?? LANGUAGES[0]} inline options={LANGUAGES.map((spoken) => ({ value: spoken, label: t(`language.${spoken}`) }))} />
            <Select name="class" label={t('field.class')} hint={t('form.class-hint')} value={given['class'] ?? view.classes[0]} options={view.classes.map((name) => ({ value: name, label: className(name, language) }))} error={errorOf('class')} />
            <TextArea name="basis" rows={3} label={t('field.basis')} hint={t('form.basis-hint')} value={given['basis']} error={errorOf('basis')} required />
            <TextArea name="parties" rows={3} label={t('field.parties')} hint={t('form.parties-hint')} value={given['parties']} error={errorOf('parties')} optional={!rule.hasParties} />
          </Section>
          <ButtonRow>
            <Button>{t('form.save')}</Button>
          </ButtonRow>
        </form>
      </>
    ),
  };
}

function SubjectField({ field, view, language, error }: { readonly field: KindField; readonly view: FormView; readonly language: Language; readonly error: string | undefined }): VNode {
  const name = `subject-${field.name}`;
  const value = view.given[name];
  const common = { name, label: fieldLabel(name, language), error, optional: !field.required };
  switch (field.type) {
    case 'system':
      return (
        <>
          <Hidden fields={{ [name]: value }} />
          <p>
            <strong>{view.system?.record.name ?? value}</strong> {view.system === undefined ? null : <span class="muted">{`№ ${view.system.number}, ${view.system.body.name}`}</span>}
          </p>
        </>
      );
    case 'pack':
      return <Select {...common} value={value} options={view.packs} emptyLabel="—" />;
    case 'motion':
      return <Select {...common} value={value} emptyLabel="—" options={view.decisions.map((one) => ({ value: one.id, label: `${numberOf(one, language)} ${one.title[language]}` }))} />;
    case 'date':
      return <DateInput {...common} value={value} />;
    case 'long':
      return <TextArea {...common} value={value} rows={3} />;
    case 'roll':
      return <TextArea {...common} value={value} rows={12} code spellcheck={false} />;
    case 'text':
      return <TextInput {...common} value={value} />;
  }
}
