/** Forms for a sitting and for an item of its agenda. */

import type { VNode } from 'preact';
import { type Language, LANGUAGES } from '../../../base/index.ts';
import { Button, ButtonRow, Checkboxes, DateInput, Hidden, PageHeading, Radios, Section, Select, TextArea, TextInput } from '../../../platform/html/components/index.ts';
import type { Page, PageContext } from '../../../platform/html/index.ts';
import { type Item, ITEM_KINDS, type Sitting, SITTING_KINDS, type SittingRefusal, TEXT_CHARS_MAX, TITLE_CHARS_MAX } from '../model.ts';
import { agendaOf } from '../rules/agenda.ts';
import type { Given } from '../rules/read-forms.ts';
import { secretariatText } from '../text/index.ts';
import { errorIn, fieldLabel, Told } from './words.tsx';

interface Form {
  readonly given: Given;
  readonly refusal: SittingRefusal | undefined;
}

const timeFields = (field: string, at: string): Given => ({ [`${field}-day`]: at.slice(0, 10), [`${field}-time`]: at.slice(11, 16) });
const inLanguages = (field: string, texts: Readonly<Record<Language, string>>): Given => Object.fromEntries(LANGUAGES.map((spoken) => [`${field}-${spoken}`, texts[spoken]]));

export const givenOf = (sitting: Sitting): Given => ({ kind: sitting.kind, ...inLanguages('title', sitting.title), ...timeFields('starts', sitting.startsAt), ...timeFields('ends', sitting.endsAt), ...timeFields('papers', sitting.papersBy), place: sitting.place, link: sitting.link });

export const itemGivenOf = (item: Item): Given => ({ kind: item.kind, ...inLanguages('title', item.title), minutes: String(item.minutes), internal: item.internal ? 'yes' : '', motion: item.motionId ?? '', parent: item.parentId ?? '', rapporteur: item.rapporteur, ...inLanguages('opinion', item.opinion) });

function Texts({ field, form, language, max, rows, required }: { readonly field: string; readonly form: Form; readonly language: Language; readonly max: number; readonly rows?: number; readonly required: boolean }): VNode {
  return (
    <>
      {LANGUAGES.map((spoken) => {
        const name = `${field}-${spoken}`;
        const common = { name, label: fieldLabel(name, language), value: form.given[name], maxLength: max, error: errorIn(form.refusal, name, language), optional: !required };
        return rows === undefined ? <TextInput key={spoken} {...common} /> : <TextArea key={spoken} {...common} rows={rows} />;
      })}
    </>
  );
}

function Time({ field, form, language }: { readonly field: string; readonly form: Form; readonly language: Language }): VNode {
  return (
    <div class="secretariat-time">
      <DateInput name={`${field}-day`} label={fieldLabel(`${field}-day`, language)} value={form.given[`${field}-day`]} error={errorIn(form.refusal, `${field}-day`, language)} />
      <TextInput name={`${field}-time`} label={fieldLabel(`${field}-time`, language)} hint={secretariatText.in(language)('form.time-hint')} value={form.given[`${field}-time`]} width="5" maxLength={5} inputMode="text" />
    </div>
  );
}

export function sittingForm(frame: PageContext, form: Form & { readonly sitting: Sitting | undefined }): Page {
  const { language } = frame;
  const t = secretariatText.in(language);
  const title = form.sitting === undefined ? t('form.new') : t('form.edit', { number: form.sitting.number });
  return {
    title,
    body: (
      <>
        <Told refusal={form.refusal} language={language} />
        <PageHeading title={title} lead={t('form.lead')} />
        <form method="post" action={form.sitting === undefined ? '/secretariat/sittings' : `/secretariat/sittings/${form.sitting.id}/edit`}>
          <Hidden fields={{ revision: form.sitting === undefined ? undefined : String(form.sitting.revision) }} />
          <Radios name="kind" legend={t('field.kind')} value={form.given['kind'] ?? 'sitting'} options={SITTING_KINDS.map((kind) => ({ value: kind, label: t(`kind.${kind}`), hint: t(`kind-hint.${kind}`) }))} error={errorIn(form.refusal, 'kind', language)} />
          <Texts field="title" form={form} language={language} max={TITLE_CHARS_MAX} required />
          {(['starts', 'ends', 'papers'] as const).map((field) => <Time key={field} field={field} form={form} language={language} />)}
          <TextInput name="place" label={t('field.place')} hint={t('form.place-hint')} value={form.given['place']} maxLength={TITLE_CHARS_MAX} error={errorIn(form.refusal, 'place', language)} optional />
          <TextInput name="link" label={t('field.link')} hint={t('form.link-hint')} type="url" value={form.given['link']} maxLength={TITLE_CHARS_MAX} error={errorIn(form.refusal, 'link', language)} optional />
          <ButtonRow><Button>{t('form.save')}</Button></ButtonRow>
        </form>
      </>
    ),
  };
}

export interface ItemForm extends Form {
  readonly sitting: Sitting;
  readonly items: readonly Item[];
  readonly item: Item | undefined;
  readonly motions: readonly { readonly id: string; readonly label: string }[];
  /** A member proposes; the secretariat puts on. */
  readonly isProposal: boolean;
}

export function itemForm(frame: PageContext, form: ItemForm): Page {
  const { language } = frame;
  const t = secretariatText.in(language);
  const { sitting, item, given, refusal } = form;
  const title = t(item !== undefined ? 'item.edit' : form.isProposal ? 'item.propose' : 'item.new');
  return {
    title,
    body: (
      <>
        <Told refusal={refusal} language={language} />
        <PageHeading caption={`${sitting.number} · ${sitting.title[language]}`} title={title} lead={form.isProposal ? t('item.propose-lead') : undefined} />
        <form method="post" action={item === undefined ? `/secretariat/sittings/${sitting.id}/${form.isProposal ? 'proposals' : 'items'}` : `/secretariat/items/${item.id}/edit`}>
          <Radios name="kind" legend={t('field.kind')} inline value={given['kind'] ?? 'discussion'} options={ITEM_KINDS.map((kind) => ({ value: kind, label: t(`item-kind.${kind}`) }))} error={errorIn(refusal, 'kind', language)} />
          <Texts field="title" form={form} language={language} max={TITLE_CHARS_MAX} required />
          <Select name="motion" label={t('field.motion')} value={given['motion']} emptyLabel={t('form.none')} options={form.motions.map(({ id, label }) => ({ value: id, label }))} error={errorIn(refusal, 'motion', language)} optional />
          <TextInput name="minutes" label={t('field.minutes')} value={given['minutes'] ?? '15'} width="5" inputMode="numeric" error={errorIn(refusal, 'minutes', language)} />
          {form.isProposal ? null : (
            <>
              <Select name="parent" label={t('field.parent')} value={given['parent']} emptyLabel={t('form.none')} options={agendaOf(form.items).filter((line) => line.item.id !== item?.id).map((line) => ({ value: line.item.id, label: `${line.number} ${line.item.title[language]}` }))} error={errorIn(refusal, 'parent', language)} optional />
              <Checkboxes name="internal" legend={t('field.internal')} values={given['internal'] === 'yes' ? ['yes'] : []} options={[{ value: 'yes', label: t('item.internal'), hint: t('item.internal-hint') }]} />
              <Section level={2} title={t('item.rapporteur')}>
                <TextInput name="rapporteur" label={t('field.rapporteur')} value={given['rapporteur']} error={errorIn(refusal, 'rapporteur', language)} optional />
                <Texts field="opinion" form={form} language={language} max={TEXT_CHARS_MAX} rows={4} required={false} />
              </Section>
            </>
          )}
          <ButtonRow><Button>{t(form.isProposal ? 'item.propose-send' : 'form.save')}</Button></ButtonRow>
        </form>
      </>
    ),
  };
}
