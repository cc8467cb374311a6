/** Nominations: who is proposed for which place, and on the desk what can be done with each, up to the motion to change the roll. */

import type { VNode } from 'preact';
import { BackLink, Button, DateInput, Details, EmptyState, FieldRow, Hidden, LinkButton, Notice, PageHeading, Section, Select, SummaryList, Tag, TextArea, TextInput } from '../../../platform/html/components/index.ts';
import type { Page, PageContext } from '../../../platform/html/index.ts';
import { formatDate } from '../../../platform/text/index.ts';
import { DOMAIN_KINDS } from '../../../proof/council/roll-text.ts';
import type { CouncilPack } from '../../council/index.ts';
import type { NominationsView } from '../actions/nominate.ts';
import { CONSULT_DAYS_MIN, KEYS_CHARS_MAX, NAME_CHARS_MAX, type Nomination, type NominationState, TEXT_CHARS_MAX } from '../model.ts';
import type { Given } from '../rules/read-forms.ts';
import { dayAfter } from '../rules/register.ts';
import { membersText } from '../text/index.ts';
import { constituencyName, errorIn, fieldLabel, type Outcome, placeName, placeWord, Told } from './words.tsx';

const TONES = { consulting: 'info', accepted: 'success', declined: 'neutral', withdrawn: 'neutral', moved: 'brand' } as const satisfies Record<NominationState, string>;

export interface NominationsPage extends Outcome {
  readonly view: NominationsView;
  readonly pack: CouncilPack;
  readonly isDesk: boolean;
  readonly given: Given;
  /** The nomination whose form was refused. */
  readonly of?: string | undefined;
}

interface Part {
  readonly shown: NominationsPage;
  readonly frame: PageContext;
}

const idOf = (field: string, of: string | undefined): string => (of === undefined ? field : `${field}-${of}`);

export function nominationsPage(frame: PageContext, shown: NominationsPage): Page {
  const { language } = frame;
  const t = membersText.in(language);
  const { view, isDesk } = shown;
  const accepted = view.nominations.filter(({ state }) => state === 'accepted');
  const links = (
    <>
      {isDesk && frame.may('member.nominate') ? <LinkButton href="/members/nominations/new">{t('nomination.new')}</LinkButton> : null}
      {!isDesk && frame.may('member.see') ? <LinkButton tone="secondary" href="/members/nominations/desk">{t('register.to-desk')}</LinkButton> : null}
    </>
  );
  return {
    title: `${t('nominations.title')}${isDesk ? ` – ${t('register.desk-title')}` : ''}`,
    body: (
      <>
        <BackLink href={isDesk ? '/members/desk' : '/members'}>{t(isDesk ? 'register.desk-title' : 'title')}</BackLink>
        <Told said={shown.said} refusal={shown.refusal} language={language} idOf={(field) => idOf(field, shown.of)} />
        <PageHeading title={t('nominations.title')} lead={t('nominations.lead')} actions={links} />
        {view.nominations.length === 0 ? <EmptyState title={t('nominations.none')} /> : view.nominations.map((nomination) => <One key={nomination.id} nomination={nomination} shown={shown} frame={frame} />)}
        {isDesk && accepted.length > 0 && frame.may('motion.write') ? <Move accepted={accepted} shown={shown} frame={frame} /> : null}
      </>
    ),
  };
}

function One({ nomination, shown, frame }: Part & { readonly nomination: Nomination }): VNode {
  const { language } = frame;
  const t = membersText.in(language);
  const { view, pack, isDesk } = shown;
  const { number, name, state, place: named, bodies, statement, domains, consultUntil, motionId, reason, keys } = nomination;
  const place = view.places.find((one) => one.place === named);
  const groups = DOMAIN_KINDS.flatMap((kind) => (domains[kind] === undefined ? [] : [`${pack.manifest.domains[kind].name[language]}: ${domains[kind]}`]));
  return (
    <Section title={t('nomination.head', { number, name })} id={`nomination-${number}`}>
      <p><Tag tone={TONES[state]} mark={state === 'accepted' || state === 'moved' ? 'full' : 'half'}>{t(`nomination-state.${state}`)}</Tag></p>
      <SummaryList
        rows={[
          { label: t('field.place'), value: place === undefined ? placeWord(named, language) : `${placeName(place, language)}, ${constituencyName(place.constituency, pack, language)}` },
          { label: t('field.bodies'), value: bodies.join('; ') },
          { label: t('field.statement'), value: statement },
          ...(groups.length === 0 ? [] : [{ label: t('field.domains'), value: groups.join('; ') }]),
          { label: t('field.consult'), value: formatDate(consultUntil, language) },
          ...(motionId === undefined ? [] : [{ label: t('field.motion'), value: <a href={`/motions/${motionId}${isDesk ? '/desk' : ''}`}>{t('nomination.motion')}</a> }]),
          ...(reason === '' ? [] : [{ label: t('field.reason'), value: reason }]),
          ...(isDesk && state === 'accepted' ? [{ label: t('field.keys'), value: t(keys === undefined ? 'keys.missing' : 'keys.checked') }] : []),
        ]}
      />
      {isDesk && frame.may('member.write') ? <Acts nomination={nomination} shown={shown} frame={frame} /> : null}
    </Section>
  );
}

/** What can still be done with a nomination. */
function Acts({ nomination, shown, frame: { language } }: Part & { readonly nomination: Nomination }): VNode | null {
  const t = membersText.in(language);
  const { id, number, state } = nomination;
  if (state !== 'consulting' && state !== 'accepted') return null;
  const refused = shown.of === id ? shown.refusal : undefined;
  const typed = shown.of === id ? shown.given : {};
  const revision = String(nomination.revision);
  const canAccept = state === 'consulting' && shown.view.today > nomination.consultUntil;
  const choices = [...(canAccept ? (['accept'] as const) : []), 'decline' as const, 'withdraw' as const];
  return (
    <>
      {state === 'consulting' && !canAccept ? <p>{t('nomination.waits', { until: formatDate(nomination.consultUntil, language) })}</p> : null}
      {state === 'accepted' && shown.view.isFounded ? (
        <Details summary={t('keys.enter', { number })} open={errorIn(refused, 'keys', language) !== undefined || refused?.code === 'nomination-keys'}>
          <p>{t('keys.how', { epoch: shown.view.nextEpoch, place: placeWord(nomination.place, language) })}</p>
          <form method="post" action={`/members/nominations/${id}/keys`}>
            <Hidden fields={{ revision }} />
            <TextArea name="keys" id={idOf('keys', id)} rows={8} label={t('field.keys')} value={typed['keys']} maxLength={KEYS_CHARS_MAX} error={errorIn(refused, 'keys', language)} />
            <Button>{t('keys.save')}</Button>
          </form>
        </Details>
      ) : null}
      <Details summary={t('decide.enter', { number })} open={errorIn(refused, 'reason', language) !== undefined}>
        <form method="post" action={`/members/nominations/${id}/decision`}>
          <Hidden fields={{ revision }} />
          <Select name="decision" id={idOf('decision', id)} label={t('field.decision')} value={typed['decision']} options={choices.map((value) => ({ value, label: t(`decision.${value}`) }))} />
          <TextArea name="reason" id={idOf('reason', id)} rows={3} label={t('field.reason')} hint={t('decide.hint')} value={typed['reason']} maxLength={TEXT_CHARS_MAX} error={errorIn(refused, 'reason', language)} />
          <Button tone="secondary">{t('decide.save')}</Button>
        </form>
      </Details>
    </>
  );
}

function Move({ accepted, shown, frame: { language } }: Part & { readonly accepted: readonly Nomination[] }): VNode {
  const t = membersText.in(language);
  const missing = accepted.filter(({ keys }) => keys === undefined);
  return (
    <Section title={t('move.title')} id="move">
      <p>{t('move.what', { epoch: shown.view.nextEpoch })}</p>
      {missing.length === 0 ? null : <Notice tone="warning" title={t('move.missing', { numbers: missing.map(({ number }) => `№ ${number}`).join(', ') })} />}
      <form method="post" action="/members/nominations/motion">
        <TextInput name="basis" label={t('field.basis')} hint={t('move.basis-hint')} value={shown.of === undefined ? shown.given['basis'] : undefined} maxLength={NAME_CHARS_MAX} error={shown.of === undefined ? errorIn(shown.refusal, 'basis', language) : undefined} />
        <Button>{t('move.start')}</Button>
      </form>
    </Section>
  );
}

export function nominationForm(frame: PageContext, { view, pack, given, refusal }: Omit<NominationsPage, 'isDesk' | 'said' | 'of'>): Page {
  const { language } = frame;
  const t = membersText.in(language);
  return {
    title: t('nomination.new'),
    body: (
      <>
        <BackLink href="/members/nominations/desk">{t('nominations.title')}</BackLink>
        <Told refusal={refusal} language={language} />
        <PageHeading title={t('nomination.new')} lead={t('nomination.lead')} />
        <form method="post" action="/members/nominations">
          <Select name="place" label={t('field.place')} value={given['place']} emptyLabel={t('form.choose')} options={view.places.map((place) => ({ value: place.place, label: `${placeName(place, language)}, ${constituencyName(place.constituency, pack, language)}` }))} error={errorIn(refusal, 'place', language)} />
          <TextInput name="name" label={t('field.name')} value={given['name']} maxLength={NAME_CHARS_MAX} error={errorIn(refusal, 'name', language)} />
          <TextArea name="bodies" rows={3} label={t('field.bodies')} hint={t('nomination.bodies-hint')} value={given['bodies']} maxLength={TEXT_CHARS_MAX} error={errorIn(refusal, 'bodies', language)} />
          <Details summary={t('nomination.who')}>
            <ul>{Object.entries(pack.manifest.constituencies).map(([name, one]) => <li key={name}>{t('nomination.who-line', { constituency: one.name[language], bodies: one['nominated-by'][language], support: one.support })}</li>)}</ul>
          </Details>
          <TextArea name="statement" rows={4} label={t('field.statement')} hint={t('nomination.statement-hint')} value={given['statement']} maxLength={TEXT_CHARS_MAX} error={errorIn(refusal, 'statement', language)} />
          <DateInput name="consult" label={t('field.consult')} hint={t('nomination.consult-hint', { days: CONSULT_DAYS_MIN })} value={given['consult'] ?? dayAfter(view.today, CONSULT_DAYS_MIN)} min={dayAfter(view.today, CONSULT_DAYS_MIN)} error={errorIn(refusal, 'consult', language)} />
          <Section title={t('field.domains')} lead={t('nomination.domains-lead')}>
            <FieldRow>
              {DOMAIN_KINDS.map((kind) => <TextInput key={kind} name={`domain-${kind}`} label={fieldLabel(`domain-${kind}`, language)} value={given[`domain-${kind}`]} optional={kind !== 'employer'} maxLength={NAME_CHARS_MAX} error={errorIn(refusal, `domain-${kind}`, language)} />)}
            </FieldRow>
          </Section>
          <Button>{t('nomination.save')}</Button>
        </form>
      </>
    ),
  };
}
