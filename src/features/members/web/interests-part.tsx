/** Declared interests on the page of a place, with forms for whoever may declare. */

import type { VNode } from 'preact';
import { Button, DateInput, Details, FieldRow, Hidden, Section, Select, Table, TextInput } from '../../../platform/html/components/index.ts';
import type { PageContext } from '../../../platform/html/index.ts';
import { formatDate } from '../../../platform/text/index.ts';
import { type Interest, INTEREST_KINDS, NAME_CHARS_MAX, type Term } from '../model.ts';
import type { Given } from '../rules/read-forms.ts';
import { endOf } from '../rules/register.ts';
import { membersText } from '../text/index.ts';
import { errorIn, type Outcome } from './words.tsx';

export interface InterestsPart extends Outcome {
  readonly terms: readonly Term[];
  readonly interests: readonly Interest[];
  readonly today: string;
  readonly mayDeclare: boolean;
  readonly given: Given;
  /** The form that was refused: `interest-<term>` or the id of an interest. */
  readonly of?: string | undefined;
}

export function Interests({ part, frame: { language } }: { readonly part: InterestsPart; readonly frame: PageContext }): VNode {
  const t = membersText.in(language);
  const nameOf = (interest: Interest): string => part.terms.find(({ id }) => id === interest.termId)?.name ?? '';
  return (
    <Section title={t('interests.title')} id="interests" lead={t('interests.lead')}>
      {part.interests.length === 0 ? (
        <p>{t('interests.none')}</p>
      ) : (
        <Table
          caption={t('interests.title')}
          captionHidden
          phone="stack"
          rows={part.interests}
          rowKey={({ id }) => id}
          columns={[
            { key: 'organisation', head: t('field.organisation'), rowHead: true, cell: ({ organisation }) => organisation },
            { key: 'kind', head: t('field.kind'), cell: ({ kind }) => t(`interest-kind.${kind}`) },
            { key: 'name', head: t('field.holder'), cell: nameOf },
            { key: 'from', head: t('field.from'), cell: ({ fromOn }) => formatDate(fromOn, language) },
            { key: 'until', head: t('field.until'), cell: (interest) => (interest.untilOn !== undefined ? formatDate(interest.untilOn, language) : part.mayDeclare ? <End interest={interest} part={part} language={language} /> : t('interests.goes-on')) },
          ]}
        />
      )}
      {part.mayDeclare ? part.terms.filter((term) => endOf(term) >= part.today).map((term) => <Declare key={term.id} term={term} part={part} language={language} />) : null}
    </Section>
  );
}

interface Shown {
  readonly part: InterestsPart;
  readonly language: PageContext['language'];
}

function End({ interest, part, language }: Shown & { readonly interest: Interest }): VNode {
  const t = membersText.in(language);
  const refusal = part.of === interest.id ? part.refusal : undefined;
  return (
    <>
      {t('interests.goes-on')}
      <Details summary={t('interests.end')} open={refusal !== undefined}>
        <form method="post" action={`/members/interests/${interest.id}/end`}>
          <Hidden fields={{ revision: String(interest.revision) }} />
          <DateInput name="until" id={`until-${interest.id}`} label={t('field.until')} value={part.of === interest.id ? part.given['until'] : part.today} min={interest.fromOn} max={part.today} error={errorIn(refusal, 'until', language)} />
          <Button tone="secondary">{t('interests.end-save')}</Button>
        </form>
      </Details>
    </>
  );
}

function Declare({ term, part, language }: Shown & { readonly term: Term }): VNode {
  const t = membersText.in(language);
  const own = `interest-${term.id}`;
  const isOwn = part.of === own;
  const given = isOwn ? part.given : {};
  const refusal = isOwn ? part.refusal : undefined;
  const id = (field: string): string => `${field}-${own}`;
  return (
    <Details summary={t('interests.declare', { name: term.name })} open={refusal !== undefined}>
      <form method="post" action={`/members/terms/${term.id}/interests`}>
        <TextInput name="organisation" id={id('organisation')} label={t('field.organisation')} hint={t('interests.organisation-hint')} value={given['organisation']} maxLength={NAME_CHARS_MAX} error={errorIn(refusal, 'organisation', language)} />
        <Select name="kind" id={id('kind')} label={t('field.kind')} value={given['kind']} options={INTEREST_KINDS.map((kind) => ({ value: kind, label: t(`interest-kind.${kind}`) }))} error={errorIn(refusal, 'kind', language)} />
        <FieldRow>
          <DateInput name="from" id={id('from')} label={t('field.from')} value={given['from'] ?? term.fromOn} error={errorIn(refusal, 'from', language)} />
          <DateInput name="until" id={id('until')} label={t('field.until')} hint={t('interests.until-hint')} value={given['until']} error={errorIn(refusal, 'until', language)} />
        </FieldRow>
        <Button>{t('interests.save')}</Button>
      </form>
    </Details>
  );
}
