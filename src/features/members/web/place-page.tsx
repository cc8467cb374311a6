/** One place of the council: who holds it, all terms, its fault domains and key; on the desk also forms for a term, an oath and an end. */

import type { VNode } from 'preact';
import { BackLink, Button, Code, DateInput, Details, EmptyState, FieldRow, Hidden, LinkButton, Notice, PageHeading, Section, SummaryList, Table, TextArea, TextInput } from '../../../platform/html/components/index.ts';
import type { Page, PageContext } from '../../../platform/html/index.ts';
import { formatDate } from '../../../platform/text/index.ts';
import { DOMAIN_KINDS } from '../../../proof/council/roll-text.ts';
import type { CouncilPack } from '../../council/index.ts';
import { type Interest, NAME_CHARS_MAX, type PlaceRow, type Term, TEXT_CHARS_MAX } from '../model.ts';
import type { Given } from '../rules/read-forms.ts';
import { endOf, lastDayOf } from '../rules/register.ts';
import { membersText } from '../text/index.ts';
import { Interests } from './interests-part.tsx';
import { constituencyName, errorIn, fieldLabel, type Outcome, placeName, StandingTag, Told } from './words.tsx';

export interface PlacePage extends Outcome {
  readonly view: { readonly row: PlaceRow; readonly terms: readonly Term[]; readonly interests: readonly Interest[]; readonly today: string };
  readonly pack: CouncilPack;
  readonly isDesk: boolean;
  readonly given: Given;
  /** The term whose form was refused. */
  readonly of?: string | undefined;
}

export function placePage(frame: PageContext, shown: PlacePage): Page {
  const { language } = frame;
  const t = membersText.in(language);
  const { view: { row, terms }, pack, isDesk } = shown;
  const { place, standing } = row;
  const mayWrite = isDesk && frame.may('member.write');
  const constituency = pack.manifest.constituencies[place.constituency];
  return {
    title: `${placeName(place, language)} – ${constituencyName(place.constituency, pack, language)}${isDesk ? ` – ${t('register.desk-title')}` : ''}`,
    body: (
      <>
        <BackLink href={isDesk ? '/members/desk' : '/members'}>{t(isDesk ? 'register.desk-title' : 'title')}</BackLink>
        <Told said={shown.said} refusal={shown.refusal} language={language} idOf={(field) => (shown.of === undefined ? field : `${field}-${shown.of}`)} />
        <PageHeading
          caption={constituencyName(place.constituency, pack, language)}
          title={placeName(place, language)}
          tags={<StandingTag standing={standing} language={language} />}
          actions={!isDesk && frame.may('member.see') ? <LinkButton tone="secondary" href={`/members/places/${place.place}/desk`}>{t('register.to-desk')}</LinkButton> : null}
        />
        {constituency === undefined ? null : <p>{constituency.who[language]}</p>}
        <Facts shown={shown} frame={frame} />
        <Section title={t('terms.title')}>
          {terms.length === 0 ? <EmptyState title={t('terms.none')} /> : <Terms shown={shown} frame={frame} />}
        </Section>
        <Interests part={{ terms, interests: shown.view.interests, today: shown.view.today, mayDeclare: isDesk && frame.may('member.declare'), given: shown.given, refusal: shown.refusal, of: shown.of }} frame={frame} />
        {mayWrite ? terms.filter((term) => endOf(term) >= shown.view.today).map((term) => <TermForms key={term.id} term={term} shown={shown} frame={frame} />) : null}
        {mayWrite ? <NewTerm shown={shown} frame={frame} /> : null}
      </>
    ),
  };
}

interface Part {
  readonly shown: PlacePage;
  readonly frame: PageContext;
}

function Facts({ shown: { view: { row: { place } }, pack }, frame: { language } }: Part): VNode {
  const t = membersText.in(language);
  const domains = DOMAIN_KINDS.flatMap((kind) => (place.domains[kind] === undefined ? [] : [{ label: pack.manifest.domains[kind].name[language], value: place.domains[kind] }]));
  return (
    <Section title={t('place.roll')} lead={t('place.roll-lead')}>
      {place.ballotKey === undefined ? (
        <p>{t('place.no-key')}</p>
      ) : (
        <SummaryList rows={[{ label: t('field.key'), value: <span class="members-exact"><Code>{place.ballotKey}</Code></span> }, ...domains]} />
      )}
    </Section>
  );
}

function Terms({ shown: { view: { terms }, isDesk }, frame: { language } }: Part): VNode {
  const t = membersText.in(language);
  return (
    <Table
      caption={t('terms.title')}
      captionHidden
      phone="stack"
      rows={terms}
      rowKey={({ id }) => id}
      columns={[
        { key: 'name', head: t('field.holder'), rowHead: true, cell: ({ name }) => name },
        { key: 'from', head: t('field.from'), cell: ({ fromOn }) => formatDate(fromOn, language) },
        { key: 'until', head: t('field.until'), cell: (term) => `${formatDate(endOf(term), language)}${term.endedOn === undefined ? '' : ` (${t('terms.early')})`}` },
        { key: 'sworn', head: t('field.sworn'), cell: ({ swornOn }) => (swornOn === undefined ? t('oath.missing') : formatDate(swornOn, language)) },
        ...(isDesk
          ? [
              { key: 'nominated', head: t('field.nominated'), cell: ({ nominatedBy }: Term) => (nominatedBy === '' ? '—' : nominatedBy) },
              { key: 'contact', head: t('field.contact'), cell: ({ contact }: Term) => (contact === '' ? '—' : contact) },
              { key: 'why', head: t('field.why'), cell: ({ endedWhy }: Term) => (endedWhy === '' ? '—' : endedWhy) },
            ]
          : []),
      ]}
    />
  );
}

/** What can still be done with a term that is not over. */
function TermForms({ term, shown, frame: { language } }: Part & { readonly term: Term }): VNode | null {
  const t = membersText.in(language);
  const { view, pack, refusal, given } = shown;
  const isRefused = shown.of === term.id;
  const errorOf = (field: string): string | undefined => (isRefused ? errorIn(refusal, field, language) : undefined);
  const typed = (field: string): string | undefined => (isRefused ? given[field] : undefined);
  const revision = String(term.revision);
  return (
    <>
      {term.swornOn === undefined ? (
        <Details summary={t('oath.enter', { name: term.name })} open={errorOf('sworn') !== undefined}>
          <blockquote>{pack.manifest.oath[language]}</blockquote>
          <form method="post" action={`/members/terms/${term.id}/swear`}>
            <Hidden fields={{ revision }} />
            <DateInput name="sworn" id={`sworn-${term.id}`} label={t('field.sworn')} max={view.today} value={typed('sworn') ?? view.today} error={errorOf('sworn')} />
            <Button>{t('oath.save')}</Button>
          </form>
        </Details>
      ) : null}
      {term.endedOn === undefined ? (
        <Details summary={t('end.enter', { name: term.name })} open={errorOf('ended') !== undefined || errorOf('why') !== undefined}>
          <p>{t('end.what')}</p>
          <form method="post" action={`/members/terms/${term.id}/end`}>
            <Hidden fields={{ revision }} />
            <DateInput name="ended" id={`ended-${term.id}`} label={t('field.ended')} min={term.fromOn} max={term.untilOn} value={typed('ended')} error={errorOf('ended')} />
            <TextArea name="why" id={`why-${term.id}`} rows={3} label={t('field.why')} hint={t('end.why-hint')} value={typed('why')} maxLength={TEXT_CHARS_MAX} error={errorOf('why')} />
            <Button tone="secondary">{t('end.save')}</Button>
          </form>
        </Details>
      ) : null}
    </>
  );
}

function NewTerm({ shown, frame: { language } }: Part): VNode {
  const t = membersText.in(language);
  const { view: { row: { place, standing }, today }, pack } = shown;
  const isOwn = shown.of === undefined;
  const given = isOwn ? shown.given : {};
  const refusal = isOwn ? shown.refusal : undefined;
  const { years, most } = pack.manifest.terms;
  return (
    <Section title={t('new.title')}>
      <Notice title={t('new.what')}><p>{t('new.what-body')}</p></Notice>
      <Details summary={t('new.open')} open={refusal !== undefined || standing === 'vacant'}>
        <form method="post" action={`/members/places/${place.place}/terms`}>
          <TextInput name="name" label={fieldLabel('name', language)} hint={t('new.name-hint')} value={given['name']} maxLength={NAME_CHARS_MAX} error={errorIn(refusal, 'name', language)} />
          <FieldRow>
            <DateInput name="from" label={fieldLabel('from', language)} value={given['from'] ?? today} error={errorIn(refusal, 'from', language)} />
            <DateInput name="until" label={fieldLabel('until', language)} hint={t('new.until-hint', { years, most })} value={given['until'] ?? lastDayOf(today, years)} error={errorIn(refusal, 'until', language)} />
          </FieldRow>
          <TextInput name="nominated" label={fieldLabel('nominated', language)} hint={pack.manifest.constituencies[place.constituency]?.['nominated-by'][language]} value={given['nominated']} maxLength={NAME_CHARS_MAX} optional error={errorIn(refusal, 'nominated', language)} />
          <TextInput name="contact" label={fieldLabel('contact', language)} hint={t('new.contact-hint')} value={given['contact']} maxLength={NAME_CHARS_MAX} optional error={errorIn(refusal, 'contact', language)} />
          <Button>{t('new.save')}</Button>
        </form>
      </Details>
    </Section>
  );
}
