/** Refusals, fields and standings in the words of a language, and the small parts that several pages share. */

import type { ComponentChildren, VNode } from 'preact';
import type { Language } from '../../../base/index.ts';
import { Button, type ButtonTone, ErrorSummary, Hidden, Notice, Tag, type TagMark, type TagTone } from '../../../platform/html/components/index.ts';
import { formatList, formatNumber } from '../../../platform/text/index.ts';
import type { FieldError, ItemState, MinutesState, SittingRefusal, SittingState, TaskState } from '../model.ts';
import { secretariatText, type SecretariatTextKey } from '../text/index.ts';

const isKey = (key: string): key is SecretariatTextKey => Object.hasOwn(secretariatText.messages.en, key);

/** Fields with a language or a part at the end (`title-az`, `starts-day`) have the label of the field, and the language. */
export function fieldLabel(field: string, language: Language): string {
  const t = secretariatText.in(language);
  const [, name = field, part] = /^(.+)-(az|en|ru|day|time)$/.exec(field) ?? [];
  const key = `field.${name}`;
  const label = isKey(key) ? t(key) : name;
  if (part === 'az' || part === 'en' || part === 'ru') return t('field.in', { field: label, language: t(`language.${part}`) });
  return part === 'time' ? t('field.hour', { field: label }) : label;
}

export const fieldProblem = ({ field, problem }: FieldError, language: Language): string => secretariatText.in(language)(`problem.${problem}`, { field: fieldLabel(field, language) });

export function refusalText(refusal: SittingRefusal, language: Language): string {
  const t = secretariatText.in(language);
  switch (refusal.code) {
    case 'no-sitting':
      return t('refusal.no-sitting');
    case 'sitting-fields':
      return t('refusal.sitting-fields', { problems: refusal.fields.map((one) => fieldProblem(one, language)).join(' ') });
    case 'sitting-not-now':
      return t('refusal.sitting-not-now', { state: t(`state.${refusal.state}`) });
    case 'sitting-stale':
      return t('refusal.sitting-stale');
    case 'sitting-agenda-empty':
      return t('refusal.sitting-agenda-empty');
    case 'sitting-too-many':
      return t('refusal.sitting-too-many');
    case 'sitting-act':
      return t(`act-refusal.${refusal.why}`);
    case 'sitting-statement-late':
      return t('refusal.sitting-statement-late');
    case 'minutes-not-now':
      return t('refusal.minutes-not-now', { state: t(`minutes-state.${refusal.state}`) });
    case 'minutes-untranslated':
      return t('refusal.minutes-untranslated', { list: formatList(refusal.paragraphs.slice(0, 30).map((one) => formatNumber(one, language)), language) });
    case 'minutes-corrections-open':
      return t('refusal.minutes-corrections-open', { count: refusal.count });
    case 'minutes-log':
      return t('refusal.minutes-log', { rule: refusal.rule });
  }
}

const SITTING_TONES: Readonly<Record<SittingState, readonly [TagTone, TagMark]>> = { draft: ['neutral', 'dashed'], convened: ['info', 'half'], running: ['brand', 'full'], suspended: ['warning', 'half'], closed: ['success', 'full'], cancelled: ['neutral', 'dashed'] };

export function SittingTag({ state, language }: { readonly state: SittingState; readonly language: Language }): VNode {
  const [tone, mark] = SITTING_TONES[state];
  return <Tag tone={tone} mark={mark}>{secretariatText.in(language)(`state.${state}`)}</Tag>;
}

export function ItemTag({ state, language }: { readonly state: ItemState; readonly language: Language }): VNode | null {
  return state === 'agenda' ? null : <Tag tone={state === 'demanded' ? 'warning' : 'neutral'} mark={state === 'demanded' ? 'full' : 'dashed'}>{secretariatText.in(language)(`item-state.${state}`)}</Tag>;
}

export function MinutesTag({ state, language }: { readonly state: MinutesState; readonly language: Language }): VNode {
  return <Tag tone={state === 'signed' ? 'success' : state === 'review' ? 'info' : 'neutral'} mark={state === 'signed' ? 'full' : 'half'}>{secretariatText.in(language)(`minutes-state.${state}`)}</Tag>;
}

export function TaskTag({ state, isLate, language }: { readonly state: TaskState; readonly isLate: boolean; readonly language: Language }): VNode {
  const t = secretariatText.in(language);
  return <Tag tone={state === 'done' ? 'success' : isLate ? 'error' : state === 'doing' ? 'info' : 'neutral'} mark={state === 'done' ? 'full' : 'half'}>{isLate ? t('task.late') : t(`task-state.${state}`)}</Tag>;
}

/** A form of one button: an act without typed words. */
export function Post({ action, label, fields = {}, tone = 'secondary', about }: { readonly action: string; readonly label: ComponentChildren; readonly fields?: Readonly<Record<string, string | undefined>>; readonly tone?: ButtonTone; readonly about?: string }): VNode {
  return (
    <form method="post" action={action} class="secretariat-inline">
      <Hidden fields={fields} />
      <Button tone={tone} about={about}>{label}</Button>
    </form>
  );
}

export interface Outcome {
  readonly said?: string | undefined;
  readonly refusal?: SittingRefusal | undefined;
}

/** What the last act came to: said once, or refused with every field named. */
/** `idOf` where the fields of a form do not have their names as ids. */
export function Told({ said, refusal, language, idOf = (field) => field }: Outcome & { readonly language: Language; readonly idOf?: (field: string) => string }): VNode | null {
  if (refusal !== undefined) return <ErrorSummary errors={refusal.code === 'sitting-fields' ? refusal.fields.map((one) => ({ field: idOf(one.field), message: fieldProblem(one, language) })) : [{ message: refusalText(refusal, language) }]} />;
  const key = `said.${said ?? ''}`;
  return said !== undefined && isKey(key) ? <Notice tone="success" announce title={secretariatText.in(language)(key)} /> : null;
}

export function errorIn(refusal: SittingRefusal | undefined, field: string, language: Language): string | undefined {
  const found = refusal?.code === 'sitting-fields' ? refusal.fields.find((one) => one.field === field) : undefined;
  return found === undefined ? undefined : fieldProblem(found, language);
}
