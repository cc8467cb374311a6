/** What a member signs besides ballots: stepping aside, an opinion published with a decision, a demand of a minority. */
/// <reference lib="dom" />

import type { VNode } from 'preact';
import { useEffect, useState } from 'preact/hooks';
import type { Json } from '../../../../base/index.ts';
import { Button, ButtonRow, Details, EmptyState, Notice, Section, Select, Tag, TextArea, TextInput, useLanguage } from '../../../../platform/html/components/index.ts';
import { formatList, formatNumber } from '../../../../platform/text/index.ts';
import { isSlug } from '../../../../proof/council/lines.ts';
import { COMPLAINT_KINDS, DISSENT_KINDS, printComplaint, printDissent, printRecusal, type Complaint, type Dissent, type LanguageDigests } from '../../../../proof/council/seat-texts.ts';
import { OPINION_CHARS_MAX } from '../../model.ts';
import { readDemands, type Demand } from '../../rules/demands.ts';
import { signNoteLater } from '../browser/later-signer.ts';
import type { RunningSeat } from '../browser/running-seat.ts';
import { LocalForm, useStore, useTexts, useWork, type Sent } from './parts.tsx';
import { digestOfText } from './store.ts';

type SendRefusal = 'send-round' | 'send-reason' | 'send-text' | 'send-away' | 'send-refused';

const LANGUAGES = ['az', 'en', 'ru'] as const;

/** Takes a signed note, with the texts it names, to the council's log. */
async function take(note: string, texts: Readonly<Record<string, string>>): Promise<SendRefusal | undefined> {
  try {
    const answer = await fetch('/seats/v1/notes', { method: 'POST', headers: { 'content-type': 'application/json' }, body: JSON.stringify({ note, texts }) });
    if (answer.ok) return undefined;
    return answer.status >= 500 ? 'send-away' : 'send-refused';
  } catch {
    return 'send-away';
  }
}

interface Named {
  readonly slot: string;
  readonly round: number;
}

function roundIn(form: Sent): Named | undefined {
  const [slot, round] = [form.text('slot').trim(), Number(form.text('round'))];
  return /^[a-z0-9][a-z0-9/-]{0,62}$/.test(slot) && Number.isInteger(round) && round >= 1 && round <= 99 ? { slot, round } : undefined;
}

/** The texts written, canonical: line ends of Unix, one at the end, composed letters; and their digests sorted by language. */
function textsIn(form: Sent): { readonly texts: Readonly<Record<string, string>>; readonly digests: LanguageDigests } {
  const texts = Object.fromEntries(
    LANGUAGES.flatMap((language) => {
      const written = form.text(`text-${language}`).normalize('NFC').replaceAll('\r\n', '\n').replaceAll(/[ \t]+$/gm, '').trim();
      return written === '' ? [] : [[language, `${written}\n`]];
    }),
  );
  return { texts, digests: Object.entries(texts).map(([language, text]) => ({ language, digest: digestOfText(text) })) };
}

export function SupportView(): VNode {
  const t = useTexts();
  const { seat } = useStore();
  if (seat === undefined) return <Notice title={t('phase.not-running')} />;
  return (
    <>
      <Demands seat={seat} />
      <Section title={t('support.new')} lead={t('support.new.lead', { least: seat.founding.constitution.minority })}>
        <Details summary={t('support.new.open')}>
          <NewDemand seat={seat} />
        </Details>
      </Section>
      <Section title={t('opinion.title')} lead={t('opinion.lead')}>
        <Details summary={t('opinion.open')}>
          <NewOpinion seat={seat} />
        </Details>
      </Section>
      <Section title={t('recuse.title')} lead={t('recuse.lead')}>
        <Details summary={t('recuse.open')}>
          <Recuse seat={seat} />
        </Details>
      </Section>
    </>
  );
}

function RoundFields({ id }: { readonly id: string }): VNode {
  const t = useTexts();
  return (
    <>
      <TextInput id={`${id}-slot`} name="slot" label={t('support.slot')} hint={t('support.slot.hint')} width="20" spellcheck={false} />
      <TextInput id={`${id}-round`} name="round" label={t('support.round')} width="5" inputMode="numeric" value="1" />
    </>
  );
}

function TextFields({ id }: { readonly id: string }): VNode {
  const t = useTexts();
  return (
    <>
      {LANGUAGES.map((language) => (
        <TextArea key={language} id={`${id}-${language}`} name={`text-${language}`} label={t(`support.text.${language}`)} rows={5} maxLength={OPINION_CHARS_MAX} optional />
      ))}
    </>
  );
}

function Answer({ work, done }: { readonly work: ReturnType<typeof useWork<SendRefusal>>; readonly done: string }): VNode | null {
  const t = useTexts();
  if (work.refusal !== undefined) return <Notice tone="error" announce title={t(`refused.${work.refusal}`)} />;
  return work.done ? <Notice tone="success" announce title={done} /> : null;
}

const headOf = (seat: RunningSeat): { readonly council: string; readonly epoch: number } => ({ council: seat.kept.identity.council, epoch: seat.agent.prefix.epoch });

function NewDemand({ seat }: { readonly seat: RunningSeat }): VNode {
  const t = useTexts();
  const work = useWork<SendRefusal>();
  const sent = async (form: Sent): Promise<SendRefusal | undefined> => {
    const named = roundIn(form);
    const { texts, digests } = textsIn(form);
    if (named === undefined) return 'send-round';
    if (digests.length === 0) return 'send-text';
    const kind = COMPLAINT_KINDS.find((each) => each === form.text('kind')) ?? 'other';
    const complaint: Complaint = { ...headOf(seat), ...named, kind, texts: digests };
    return take(await signNoteLater(printComplaint(complaint), seat.agent.parts.signers.ballot), texts);
  };
  return (
    <LocalForm onSent={(form) => work.run(async () => sent(form))}>
      <Answer work={work} done={t('support.sent')} />
      <Select id="demand-kind" name="kind" label={t('support.kind')} options={COMPLAINT_KINDS.map((kind) => ({ value: kind, label: t(`complaint.${kind}`) }))} />
      <RoundFields id="demand" />
      <TextFields id="demand" />
      <ButtonRow>
        <Button tone="secondary" disabled={work.busy}>
          {t('support.sign')}
        </Button>
      </ButtonRow>
    </LocalForm>
  );
}

function NewOpinion({ seat }: { readonly seat: RunningSeat }): VNode {
  const t = useTexts();
  const work = useWork<SendRefusal>();
  const sent = async (form: Sent): Promise<SendRefusal | undefined> => {
    const named = roundIn(form);
    const { texts, digests } = textsIn(form);
    if (named === undefined) return 'send-round';
    if (digests.length === 0) return 'send-text';
    const kind = DISSENT_KINDS.find((each) => each === form.text('kind')) ?? 'separate';
    const dissent: Dissent = { ...headOf(seat), ...named, kind, texts: digests };
    return take(await signNoteLater(printDissent(dissent), seat.agent.parts.signers.ballot), texts);
  };
  return (
    <LocalForm onSent={(form) => work.run(async () => sent(form))}>
      <Answer work={work} done={t('opinion.sent')} />
      <Select id="opinion-kind" name="kind" label={t('opinion.kind')} options={DISSENT_KINDS.map((kind) => ({ value: kind, label: t(`dissent.${kind}`) }))} />
      <RoundFields id="opinion" />
      <TextFields id="opinion" />
      <ButtonRow>
        <Button tone="secondary" disabled={work.busy}>
          {t('opinion.sign')}
        </Button>
      </ButtonRow>
    </LocalForm>
  );
}

function Recuse({ seat }: { readonly seat: RunningSeat }): VNode {
  const t = useTexts();
  const work = useWork<SendRefusal>();
  const sent = async (form: Sent): Promise<SendRefusal | undefined> => {
    const named = roundIn(form);
    const reason = form.text('reason').trim();
    if (named === undefined) return 'send-round';
    if (!isSlug(reason)) return 'send-reason';
    return take(await signNoteLater(printRecusal({ ...headOf(seat), ...named, who: seat.kept.identity.who, reason }), seat.agent.parts.signers.ballot), {});
  };
  return (
    <LocalForm onSent={(form) => work.run(async () => sent(form))}>
      <Answer work={work} done={t('recuse.sent')} />
      <RoundFields id="recuse" />
      <TextInput id="recuse-reason" name="reason" label={t('recuse.reason')} hint={t('recuse.reason.hint')} width="20" value="interest" spellcheck={false} />
      <ButtonRow>
        <Button tone="danger" disabled={work.busy}>
          {t('recuse.sign')}
        </Button>
      </ButtonRow>
    </LocalForm>
  );
}

// ---------------------------------------------------------------- demands that wait for support

function Demands({ seat }: { readonly seat: RunningSeat }): VNode {
  const t = useTexts();
  const [demands, setDemands] = useState<readonly Demand[]>();
  const [count, setCount] = useState(0);
  useEffect(() => {
    void fetch('/seats/v1/demands')
      .then(async (answer) => (answer.ok ? readDemands((await answer.json()) as Json) : []))
      .then(setDemands)
      .catch(() => setDemands([]));
  }, [count]);
  return (
    <Section title={t('demands.title')} lead={t('demands.lead', { least: seat.founding.constitution.minority })}>
      {demands === undefined ? <p>{t('working')}</p> : null}
      {demands?.length === 0 ? <EmptyState title={t('demands.none')} /> : null}
      {(demands ?? []).map((demand) => (
        <OneDemand key={demand.digest} seat={seat} demand={demand} again={() => setCount(count + 1)} />
      ))}
    </Section>
  );
}

function OneDemand({ seat, demand, again }: { readonly seat: RunningSeat; readonly demand: Demand; readonly again: () => void }): VNode {
  const t = useTexts();
  const language = useLanguage();
  const work = useWork<SendRefusal>();
  const { complaint, texts, seats } = demand;
  const isMine = seats.includes(seat.agent.parts.seat);
  // Only what agrees with the digests in the text to be signed is shown.
  const shown = complaint.texts.flatMap(({ language: of, digest }) => (texts[of] !== undefined && digestOfText(texts[of]) === digest ? [{ language: of, text: texts[of] }] : []));
  const support = async (): Promise<SendRefusal | undefined> => {
    const refused = await take(await signNoteLater(demand.text, seat.agent.parts.signers.ballot), {});
    if (refused === undefined) again();
    return refused;
  };
  return (
    <article class="card">
      <h3>{t('demands.one', { kind: t(`complaint.${complaint.kind}`), slot: complaint.slot, round: complaint.round })}</h3>
      <p>
        <Tag tone="info">{t('demands.count', { count: seats.length, least: seat.founding.constitution.minority })}</Tag> {t('demands.by', { seats: formatList(seats.map((each) => formatNumber(each, language)), language) })}
      </p>
      {shown.length === 0 ? <p>{t('demands.no-text')}</p> : null}
      {shown.map(({ language: of, text }) => (
        <div class="seats-text" key={of} lang={of}>
          {text}
        </div>
      ))}
      {work.refusal === undefined ? null : <Notice tone="error" announce title={t(`refused.${work.refusal}`)} />}
      {isMine ? (
        <p>{t('demands.mine')}</p>
      ) : (
        <button class="button button--secondary" type="button" disabled={work.busy || shown.length === 0} onClick={() => work.run(support)}>
          {t('demands.support')}
        </button>
      )}
    </article>
  );
}
