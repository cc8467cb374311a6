/** The dossier of a round with every digest recomputed from the text on the screen, and the vote on it. */
/// <reference lib="dom" />

import type { VNode } from 'preact';
import { useEffect, useState } from 'preact/hooks';
import { LANGUAGES, type Json, type Language } from '../../../../base/index.ts';
import { Button, ButtonRow, Details, Notice, Section, SummaryList, Tag, TextArea, useLanguage } from '../../../../platform/html/components/index.ts';
import { formatNumber, spokenLanguage } from '../../../../platform/text/index.ts';
import { hex } from '../../../../proof/index.ts';
import { nobleSuite as suite } from '../../../../proof/noble-suite.ts';
import { parseBallot, type Choice } from '../../../../proof/council/ballot-text.ts';
import { inFours } from '../../../../proof/council/digits.ts';
import type { RoundView } from '../../../../proof/council/rules.ts';
import { REASON_CHARS_MAX } from '../../model.ts';
import { ANNEX_BYTES_MAX, checkPapers, readPapers, type PapersReport } from '../../rules/papers.ts';
import type { RunningSeat } from '../browser/running-seat.ts';
import { ActButton, Digits, LocalForm, ReceiptPicture, useStore, useTexts } from './parts.tsx';
import { RoundTag, standingOf, timeIn } from './standing-view.tsx';

export function RoundsView({ round }: { readonly round: string }): VNode {
  const t = useTexts();
  const { seat } = useStore();
  if (seat === undefined) {
    return (
      <Notice title={t('phase.not-running')}>
        <p>
          <a href="/seats">{t('nav.standing')}</a>
        </p>
      </Notice>
    );
  }
  const view = seat.agent.prefix.rounds.get(round);
  if (view === undefined) return <Notice title={t('round.unknown', { round })} />;
  return <OneRound seat={seat} round={round} view={view} key={round} />;
}

interface Loaded {
  readonly option: string;
  readonly motion: string;
  /** Undefined where the desk has no papers of it. */
  readonly report: PapersReport | undefined;
}

async function load(option: string, motion: string): Promise<Loaded> {
  try {
    const answer = await fetch(`/motions/v1/papers?motion=${motion}`);
    const papers = answer.status === 200 ? readPapers((await answer.json()) as Json) : undefined;
    return { option, motion, report: papers === undefined ? undefined : checkPapers(suite, papers, motion) };
  } catch {
    return { option, motion, report: undefined };
  }
}

/** Whether something was shown that is not what is voted on: then nobody may say yes to it here. */
const isFalse = (loaded: readonly Loaded[] | undefined): boolean => (loaded ?? []).some(({ report }) => report !== undefined && !(report.isVotedOn && report.texts.every(({ agrees }) => agrees)));
const isWhole = (loaded: readonly Loaded[] | undefined): boolean => loaded !== undefined && loaded.every(({ report }) => report?.isVotedOn === true && report.texts.every(({ agrees }) => agrees));

function OneRound({ seat, round, view }: { readonly seat: RunningSeat; readonly round: string; readonly view: RoundView }): VNode {
  const t = useTexts();
  const language = useLanguage();
  const [loaded, setLoaded] = useState<readonly Loaded[]>();
  const { open } = view;
  useEffect(() => {
    void Promise.all(open.options.map(async ({ option, motion }) => load(option, motion))).then(setLoaded);
  }, [round]);
  return (
    <>
      <SummaryList
        rows={[
          { label: t('rounds.slot'), value: t('rounds.name', { slot: open.slot, round: open.round }) },
          { label: t('rounds.state'), value: <RoundTag view={view} nowS={seat.nowS} /> },
          { label: t('round.class'), value: t('round.class.value', { name: open.class, ballots: open.sealed ? t('round.sealed') : t('round.not-sealed') }) },
          ...(open.commitsCloseS === undefined ? [] : [{ label: t('round.commits-close'), value: timeIn(open.commitsCloseS, language) }]),
          { label: t('rounds.closes'), value: timeIn(open.closesS, language) },
        ]}
      />
      {loaded === undefined ? <p>{t('papers.loading')}</p> : loaded.map((one) => <Option key={one.option} loaded={one} isOnly={loaded.length === 1} />)}
      <Ballot seat={seat} round={round} view={view} loaded={loaded} />
    </>
  );
}

// ---------------------------------------------------------------- the dossier

function Option({ loaded: { option, motion, report }, isOnly }: { readonly loaded: Loaded; readonly isOnly: boolean }): VNode {
  const t = useTexts();
  const title = isOnly ? t('papers.title') : t('papers.option', { option });
  return (
    <Section title={title}>
      <p>
        {t('papers.digits')} <Digits digest={motion} />
      </p>
      {report === undefined ? (
        <Notice tone="warning" title={t('papers.none')}>
          <p>{t('papers.none.more')}</p>
        </Notice>
      ) : (
        <Checked report={report} />
      )}
    </Section>
  );
}

function Mark({ agrees }: { readonly agrees: boolean }): VNode {
  const t = useTexts();
  return <Tag tone={agrees ? 'success' : 'error'}>{agrees ? t('check.agrees') : t('check.differs')}</Tag>;
}

function Checked({ report }: { readonly report: PapersReport }): VNode {
  const t = useTexts();
  const page = useLanguage();
  const isGood = report.isVotedOn && report.texts.every(({ agrees }) => agrees);
  return (
    <>
      {isGood ? null : (
        <Notice tone="error" title={t('papers.wrong')}>
          <p>{t('papers.wrong.more')}</p>
        </Notice>
      )}
      <SummaryList
        rows={[
          { label: t('papers.recomputed'), value: <><Digits digest={report.digest} /> <Mark agrees={report.isVotedOn} /></> },
          ...(report.motion === undefined ? [] : [{ label: t('papers.basis'), value: report.motion.basis.join('; ') }, { label: t('papers.parties'), value: report.motion.parties.join(', ') }]),
        ]}
      />
      {report.texts.map(({ language, text, digest, agrees }) => (
        <Details key={language} open={language === page || !agrees} summary={<>{LANGUAGES.some((one) => one === language) ? t(`support.text.${language as Language}`) : language}{language === report.motion?.authentic ? ` (${t('papers.authentic')})` : ''}</>}>
          <p>
            <Mark agrees={agrees} /> {text === undefined ? t('papers.text-none') : <Digits digest={digest} />}
          </p>
          {text === undefined ? null : (
            <div class="seats-text" lang={spokenLanguage(language, page)} data-text={language}>
              {text}
            </div>
          )}
        </Details>
      ))}
      {report.annexes.length === 0 ? null : (
        <Section title={t('papers.annexes')} level={3}>
          <ul class="seats-annexes">
            {report.annexes.map((annex) => (
              <Annex key={annex.digest} annex={annex} />
            ))}
          </ul>
        </Section>
      )}
    </>
  );
}

function Annex({ annex }: { readonly annex: PapersReport['annexes'][number] }): VNode {
  const t = useTexts();
  const language = useLanguage();
  const [found, setFound] = useState<'agrees' | 'differs' | 'away'>();
  const { offered } = annex;
  const check = async (): Promise<void> => {
    try {
      const answer = await fetch(offered?.href ?? '');
      const bytes = annex.bytes > ANNEX_BYTES_MAX || !answer.ok ? undefined : new Uint8Array(await answer.arrayBuffer());
      setFound(bytes === undefined ? 'away' : bytes.length === annex.bytes && hex(suite.sha256(bytes)) === annex.digest ? 'agrees' : 'differs');
    } catch {
      setFound('away');
    }
  };
  return (
    <li>
      {offered === undefined ? <span>{t('annex.none')}</span> : <a href={offered.href}>{offered.name === '' ? annex.type : offered.name}</a>} ({formatNumber(annex.bytes, language)} B) <Digits digest={annex.digest} />{' '}
      {found === undefined ? null : found === 'away' ? <Tag tone="warning">{t('annex.away')}</Tag> : <Mark agrees={found === 'agrees'} />}
      {offered === undefined ? null : (
        <ActButton tone="quiet" onClick={() => void check()}>
          {t('annex.check')}
          <span class="visually-hidden">: {inFours(annex.digest)}</span>
        </ActButton>
      )}
    </li>
  );
}

// ---------------------------------------------------------------- the vote

interface Chosen {
  readonly choice: Choice;
  readonly option: string | undefined;
  readonly reason: string;
}

type VoteRefusal = 'vote-choose' | 'vote-compare' | 'vote-voted-already' | 'vote-sits-out' | 'vote-not-open' | 'vote-starting' | 'vote-failed';

function Ballot({ seat, round, view, loaded }: { readonly seat: RunningSeat; readonly round: string; readonly view: RoundView; readonly loaded: readonly Loaded[] | undefined }): VNode {
  const t = useTexts();
  const [chosen, setChosen] = useState<Chosen>();
  const [refusal, setRefusal] = useState<VoteRefusal>();
  const vote = seat.agent.voteOf(round);
  const { state, parts } = seat.agent;
  const standing = standingOf(view, seat.nowS);
  if (vote !== undefined) return <Voted seat={seat} round={round} view={view} />;
  if (view.filled[parts.seat - 1] !== true) return <Notice title={t('vote.not-sitting')} />;
  if (standing !== 'open' && standing !== 'committing') return <Notice title={t('vote.over')} />;
  if (state.asking !== undefined) return <Notice title={t('refused.vote-starting')} />;
  if (state.resyncSinceS !== undefined || view.openIndex < state.sitsOutBelow) return <Notice tone="warning" title={t('refused.vote-sits-out')} />;
  const alert = refusal === undefined ? null : <Notice tone="error" announce title={t(`refused.${refusal}`)} />;
  if (chosen !== undefined) {
    return (
      <>
        {alert}
        <Confirm seat={seat} round={round} view={view} chosen={chosen} back={(why) => { setRefusal(why); setChosen(undefined); }} />
      </>
    );
  }
  const options: readonly { readonly value: string; readonly label: string; readonly choice: Choice; readonly option: string | undefined }[] = [
    ...view.open.options.map(({ option }) => ({ value: `yes ${option}`, label: view.open.options.length === 1 ? t('choice.yes') : t('choice.yes-option', { option }), choice: 'yes' as const, option })),
    { value: 'no', label: t('choice.no'), choice: 'no', option: undefined },
    { value: 'abstain', label: t('choice.abstain'), choice: 'abstain', option: undefined },
  ];
  return (
    <Section title={t('vote.title')} lead={view.open.sealed ? t('vote.lead-sealed') : t('vote.lead')}>
      {isWhole(loaded) || loaded === undefined ? null : <Notice tone="warning" title={t('vote.not-whole')} />}
      <LocalForm
        onSent={(form) => {
          const picked = options.find(({ value }) => value === form.text('choice'));
          const why: VoteRefusal | undefined = picked === undefined ? 'vote-choose' : form.text('compared') === 'yes' ? undefined : 'vote-compare';
          setRefusal(why);
          if (why === undefined && picked !== undefined) setChosen({ choice: picked.choice, option: picked.option, reason: form.text('reason') });
        }}
      >
        {alert}
        <fieldset class="field fieldset">
          <legend class="field__label">{t('vote.question')}</legend>
          <div class="choices">
            {options.map(({ value, label }, index) => (
              <div class="choice" key={value}>
                <input class="choice__input" type="radio" name="choice" id={`choice-${index}`} value={value} disabled={value.startsWith('yes') && isFalse(loaded)} />
                <label class="choice__label" for={`choice-${index}`}>
                  {label}
                </label>
              </div>
            ))}
          </div>
        </fieldset>
        <TextArea name="reason" label={t('vote.reason')} hint={t('vote.reason.hint')} rows={3} maxLength={REASON_CHARS_MAX} optional />
        <div class="choices">
          <div class="choice">
            <input class="choice__input" type="checkbox" name="compared" id="compared" value="yes" />
            <label class="choice__label" for="compared">
              {t('vote.compared')}
            </label>
          </div>
        </div>
        <ButtonRow>
          <Button>{t('vote.next')}</Button>
        </ButtonRow>
      </LocalForm>
    </Section>
  );
}

function Confirm({ seat, round, view, chosen, back }: { readonly seat: RunningSeat; readonly round: string; readonly view: RoundView; readonly chosen: Chosen; readonly back: (why: VoteRefusal | undefined) => void }): VNode {
  const t = useTexts();
  const [busy, setBusy] = useState(false);
  const motion = view.open.options.find(({ option }) => option === chosen.option)?.motion ?? (view.open.options.length === 1 ? view.open.options[0]?.motion : undefined);
  const cast = async (): Promise<void> => {
    setBusy(true);
    try {
      const [notice] = await seat.agent.decide(round, chosen.choice, chosen.option, { reason: chosen.reason, digits: motion === undefined ? '' : inFours(motion) });
      const refused = notice === 'voted-already' || notice === 'sits-out' || notice === 'not-open' || notice === 'starting' ? (`vote-${notice}` as const) : undefined;
      back(refused);
    } catch {
      back('vote-failed');
    }
  };
  return (
    <Section title={t('confirm.title')} lead={t('confirm.lead')}>
      <SummaryList
        rows={[
          { label: t('rounds.slot'), value: t('rounds.name', { slot: view.open.slot, round: view.open.round }) },
          { label: t('confirm.choice'), value: <strong>{chosen.option !== undefined && view.open.options.length > 1 ? t('choice.yes-option', { option: chosen.option }) : t(`choice.${chosen.choice}`)}</strong> },
          { label: t('papers.digits'), value: motion === undefined ? t('confirm.no-motion') : <Digits digest={motion} /> },
        ]}
      />
      <ButtonRow>
        <button class="button button--primary" type="button" disabled={busy} onClick={() => void cast()}>
          {busy ? t('working') : t('confirm.do')}
        </button>
        <ActButton tone="quiet" onClick={() => back(undefined)}>
          {t('confirm.back')}
        </ActButton>
      </ButtonRow>
    </Section>
  );
}

function Voted({ seat, round, view }: { readonly seat: RunningSeat; readonly round: string; readonly view: RoundView }): VNode {
  const t = useTexts();
  const language = useLanguage();
  const vote = seat.agent.voteOf(round);
  const ballot = vote === undefined ? undefined : parseBallot(vote.ballot);
  const act = seat.agent.acts.findLast((one) => one.round === round);
  const { constitution } = seat.founding;
  const sealed = !view.open.sealed ? undefined : view.commitsClose === undefined ? t('voted.committed') : t('voted.revealing');
  return (
    <Section title={t('voted.title')}>
      <SummaryList
        rows={[
          { label: t('confirm.choice'), value: ballot?.ok === true ? <strong data-part="vote">{t(`choice.${ballot.value.choice}`)}</strong> : undefined },
          ...(act === undefined ? [] : [{ label: t('vote.reason'), value: act.reason }, { label: t('voted.at'), value: timeIn(act.timeS, language) }]),
          ...(sealed === undefined ? [] : [{ label: t('round.sealed'), value: sealed }]),
        ]}
      />
      {view.close === undefined ? <ReceiptPicture seats={constitution.seats} holders={seat.agent.receiptsOf(round)} quorum={constitution.quorum} /> : null}
      <p>{t('voted.final')}</p>
    </Section>
  );
}
