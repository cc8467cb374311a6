/** One item: rapporteur and opinion, questions with answers, the consultation by theme, contributions, conflicts, and how each seat voted. */

import type { VNode } from 'preact';
import type { Language } from '../../../base/index.ts';
import { BackLink, Button, Details, LinkButton, Notice, PageHeading, Select, Section, Stat, Stats, SummaryList, Table, Tag, TextArea, TextInput } from '../../../platform/html/components/index.ts';
import type { Page, PageContext } from '../../../platform/html/index.ts';
import { formatNumber, formatTime } from '../../../platform/text/index.ts';
import type { RoundFacts } from '../../council/index.ts';
import type { SittingView } from '../actions/open-secretariat.ts';
import { type Item, type SittingRefusal, type Statement, type StatementKind, TEXT_CHARS_MAX, TITLE_CHARS_MAX, VERDICTS } from '../model.ts';
import { secretariatText } from '../text/index.ts';
import { errorIn, ItemTag, type Outcome, Told } from './words.tsx';

export interface ItemPage extends Outcome {
  readonly view: SittingView;
  readonly item: Item;
  /** What was typed when it was refused. */
  readonly typed?: Readonly<Record<string, string | undefined>>;
}

interface Part {
  readonly frame: PageContext;
  readonly shown: ItemPage;
}

export function itemPage(frame: PageContext, shown: ItemPage): Page {
  const { language } = frame;
  const t = secretariatText.in(language);
  const { item, view } = shown;
  const { sitting } = view;
  const found = item.motionId === undefined ? undefined : view.motions.get(item.motionId);
  return {
    title: item.title[language],
    wide: true,
    body: (
      <>
        <BackLink href={`/secretariat/sittings/${sitting.id}/desk`}>{`${sitting.number} ${sitting.title[language]}`}</BackLink>
        <Told {...shown} language={language} />
        <PageHeading caption={t(`item-kind.${item.kind}`)} title={item.title[language]} tags={<ItemTag state={item.state} language={language} />} />
        <SummaryList
          rows={[
            ...(found === undefined ? [] : [{ label: t('field.motion'), value: <a href={`/motions/${found.motion.id}/desk`}>{t('item.motion', { number: found.motion.number ?? '—', title: found.motion.title[language] })}</a> }]),
            { label: t('field.minutes'), value: formatNumber(item.minutes, language) },
            { label: t('field.internal'), value: item.internal ? t('item.internal-hint') : t('form.no') },
            { label: t('field.rapporteur'), value: item.rapporteur === '' ? t('form.none') : item.rapporteur },
          ]}
        />
        {item.opinion[language] === '' ? null : <Section title={t('field.opinion')}>{item.opinion[language].split('\n\n').map((text, index) => <p key={index}>{text}</p>)}</Section>}
        <Questions frame={frame} shown={shown} />
        <Consultation frame={frame} shown={shown} />
        {sitting.kind === 'written' ? <Contributions frame={frame} shown={shown} /> : null}
        <Conflicts frame={frame} shown={shown} />
        {found?.round === undefined ? null : <RollCall round={found.round} language={language} quorum={view.quorum} />}
      </>
    ),
  };
}

const of = ({ view, item }: ItemPage, ...kinds: readonly StatementKind[]): readonly Statement[] => view.statements.filter(({ itemId, kind }) => itemId === item.id && kinds.includes(kind));

function Answer({ frame, statement, refusal }: { readonly frame: PageContext; readonly statement: Statement; readonly refusal: SittingRefusal | undefined }): VNode | null {
  const { language } = frame;
  const t = secretariatText.in(language);
  if (statement.answeredAt !== undefined) {
    return (
      <div class="secretariat-answer">
        {statement.verdict === undefined ? null : <Tag tone={statement.verdict === 'taken' ? 'success' : statement.verdict === 'partly' ? 'info' : 'neutral'}>{t(`verdict.${statement.verdict}`)}</Tag>}
        <p>{statement.answer}</p>
        <p class="muted">{`${statement.answeredBy}, ${formatTime(statement.answeredAt, language)}`}</p>
      </div>
    );
  }
  if (!frame.may('sitting.answer')) return <p class="muted">{t('statement.unanswered')}</p>;
  return (
    <Details summary={t('statement.answer')}>
      <form method="post" action={`/secretariat/statements/${statement.id}/answer`}>
        {statement.kind === 'consultation' ? <Select name="verdict" id={`verdict-${statement.id}`} label={t('field.verdict')} emptyLabel={t('form.none')} options={VERDICTS.map((one) => ({ value: one, label: t(`verdict.${one}`) }))} error={errorIn(refusal, 'verdict', language)} /> : null}
        <TextArea name="answer" id={`answer-${statement.id}`} rows={3} label={t('field.answer')} maxLength={TEXT_CHARS_MAX} error={errorIn(refusal, 'answer', language)} />
        <Button>{t('statement.answer')}</Button>
      </form>
    </Details>
  );
}

function One({ frame, statement, shown }: { readonly statement: Statement } & Part): VNode {
  return (
    <li class="secretariat-statement">
      <p>{statement.text}</p>
      <p class="muted">{`${statement.author}, ${formatTime(statement.at, frame.language)}`}</p>
      {statement.kind === 'question' || statement.kind === 'consultation' ? <Answer frame={frame} statement={statement} refusal={shown.refusal} /> : null}
    </li>
  );
}

function Write({ frame, shown, kinds, summary, hint }: Part & { readonly kinds: readonly StatementKind[]; readonly summary: string; readonly hint?: string }): VNode {
  const { language } = frame;
  const t = secretariatText.in(language);
  const [first = 'remark'] = kinds;
  const typed = shown.typed !== undefined && kinds.some((kind) => kind === shown.typed?.['kind']) ? shown.typed : {};
  return (
    <Details summary={summary} open={Object.keys(typed).length > 0}>
      <form method="post" action={`/secretariat/items/${shown.item.id}/statements`}>
        {hint === undefined ? null : <p>{hint}</p>}
        {kinds.length === 1 ? <input type="hidden" name="kind" value={first} /> : <Select name="kind" id={`kind-${first}`} label={t('field.kind')} value={typed['kind']} options={kinds.map((kind) => ({ value: kind, label: t(`statement-kind.${kind}`) }))} />}
        {first === 'consultation' ? <TextInput name="theme" label={t('field.theme')} value={typed['theme']} maxLength={TITLE_CHARS_MAX} error={errorIn(shown.refusal, 'theme', language)} /> : null}
        <TextArea name="text" id={`text-${first}`} rows={4} label={t('field.text')} value={typed['text']} maxLength={TEXT_CHARS_MAX} error={Object.keys(typed).length > 0 ? errorIn(shown.refusal, 'text', language) : undefined} />
        <Button>{t('statement.send')}</Button>
      </form>
    </Details>
  );
}

const isClosed = ({ view: { sitting } }: ItemPage): boolean => sitting.state === 'closed' || sitting.state === 'cancelled';

function Questions({ frame, shown }: Part): VNode {
  const t = secretariatText.in(frame.language);
  const questions = of(shown, 'question');
  return (
    <Section title={t('statement.questions')} id="questions">
      {questions.length === 0 ? <p>{t('statement.no-questions')}</p> : <ul class="secretariat-list">{questions.map((one) => <One key={one.id} frame={frame} statement={one} shown={shown} />)}</ul>}
      {frame.may('sitting.speak') && !isClosed(shown) && shown.view.sitting.state !== 'draft' ? <Write frame={frame} shown={shown} kinds={['question']} summary={t('statement.ask')} /> : null}
    </Section>
  );
}

/** By theme, with how many comments of each were taken over. */
function Consultation({ frame, shown }: Part): VNode | null {
  const { language } = frame;
  const t = secretariatText.in(language);
  const comments = of(shown, 'consultation');
  const mayWrite = frame.may('sitting.write') && !isClosed(shown);
  if (comments.length === 0 && !mayWrite) return null;
  const themes = [...new Set(comments.map(({ theme }) => theme))];
  return (
    <Section title={t('statement.consultation')} lead={t('statement.consultation-lead')} id="consultation">
      {comments.length === 0 ? null : (
        <Stats>
          {VERDICTS.map((verdict) => <Stat key={verdict} label={t(`verdict.${verdict}`)} value={comments.filter((one) => one.verdict === verdict).length} />)}
          <Stat label={t('statement.unanswered')} value={comments.filter(({ answeredAt }) => answeredAt === undefined).length} />
        </Stats>
      )}
      {themes.map((theme) => {
        const own = comments.filter((one) => one.theme === theme);
        return (
          <Details key={theme} summary={t('statement.theme', { theme, count: own.length })}>
            <ul class="secretariat-list">{own.map((one) => <One key={one.id} frame={frame} statement={one} shown={shown} />)}</ul>
          </Details>
        );
      })}
      {mayWrite ? <Write frame={frame} shown={shown} kinds={['consultation']} summary={t('statement.add-comment')} hint={t('statement.comment-hint')} /> : null}
    </Section>
  );
}

function Contributions({ frame, shown }: Part): VNode {
  const { language } = frame;
  const t = secretariatText.in(language);
  const { sitting } = shown.view;
  return (
    <Section title={t('statement.contributions')} lead={t('statement.until', { at: formatTime(sitting.endsAt, language) })} id="contributions">
      <ul class="secretariat-list">
        {of(shown, 'pro', 'contra', 'remark').map((one) => (
          <li key={one.id} class="secretariat-statement">
            <Tag tone={one.kind === 'pro' ? 'success' : one.kind === 'contra' ? 'error' : 'neutral'}>{t(`statement-kind.${one.kind}`)}</Tag>
            <p>{one.text}</p>
            <p class="muted">{`${one.author}, ${formatTime(one.at, language)}`}</p>
          </li>
        ))}
      </ul>
      {frame.may('sitting.speak') && sitting.state === 'running' ? <Write frame={frame} shown={shown} kinds={['pro', 'contra', 'remark']} summary={t('statement.contribute')} /> : null}
    </Section>
  );
}

function Conflicts({ frame, shown }: Part): VNode {
  const { language } = frame;
  const t = secretariatText.in(language);
  const { sitting } = shown.view;
  const conflicts = of(shown, 'conflict');
  return (
    <Section title={t('statement.conflicts')} lead={t('statement.conflicts-lead', { at: formatTime(sitting.papersBy, language) })} id="conflicts">
      {conflicts.length === 0 ? <p>{t('statement.no-conflicts')}</p> : <ul class="secretariat-list">{conflicts.map((one) => <One key={one.id} frame={frame} statement={one} shown={shown} />)}</ul>}
      {frame.may('sitting.speak') && sitting.state === 'convened' ? (
        <>
          <Write frame={frame} shown={shown} kinds={['conflict']} summary={t('statement.declare')} hint={t('statement.declare-hint')} />
          <Notice tone="info" title={t('statement.recusal')}><p>{t('statement.recusal-what')} <a href="/seats/support">{t('statement.recusal-link')}</a></p></Notice>
        </>
      ) : null}
    </Section>
  );
}

/** From the log alone. While a vote is open no choice is shown, not even to the secretariat: ballots that came first must not lead the others. */
function RollCall({ round, language, quorum }: { readonly round: RoundFacts; readonly language: Language; readonly quorum: number }): VNode {
  const t = secretariatText.in(language);
  const isOver = round.stage === 'carried' || round.stage === 'not-carried';
  const rows = round.sitting.map((sits, index) => ({ seat: index + 1, sits, cast: round.casts.find((one) => one.seat === index + 1) }));
  return (
    <Section title={t('roll-call.title')} lead={t('roll-call.lead', { slot: round.slot, round: round.round })}>
      <p>{round.outcome === undefined || !round.certified ? t('roll-call.open', { given: round.casts.length, quorum }) : t(round.outcome.carried === undefined ? 'roll-call.lost' : 'roll-call.carried')}</p>
      {isOver ? <LinkButton tone="secondary" href={`/decisions/${round.slot}/${round.round}`}>{t('roll-call.decision')}</LinkButton> : null}
      <Details summary={t('roll-call.seats')}>
        <Table
          caption={t('roll-call.title')}
          captionHidden
          dense
          rows={rows}
          rowKey={(row) => row.seat}
          columns={[
            { key: 'seat', head: t('field.seat'), rowHead: true, cell: (row) => formatNumber(row.seat, language) },
            { key: 'constituency', head: t('field.constituency'), cell: (row) => row.sits?.constituency ?? t('roll-call.vacant') },
            { key: 'choice', head: t('roll-call.vote'), cell: (row) => (row.cast === undefined ? t('roll-call.none') : !isOver || row.cast.choice === undefined ? t('roll-call.given') : `${t(`choice.${row.cast.choice}`)}${row.cast.late ? ` (${t('roll-call.late')})` : ''}`) },
          ]}
        />
      </Details>
      <p class="muted">{t('roll-call.reasons')}</p>
    </Section>
  );
}
