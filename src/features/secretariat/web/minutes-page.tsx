/** Minutes: written by paragraph, corrected by members, signed into the log; for everybody once they are signed. */

import type { VNode } from 'preact';
import { type Language, LANGUAGES } from '../../../base/index.ts';
import { BackLink, Button, ButtonRow, Details, DiffView, Hidden, LinkButton, Notice, PageHeading, Section, SummaryList, Tag, TextArea } from '../../../platform/html/components/index.ts';
import type { Page, PageContext } from '../../../platform/html/index.ts';
import { formatList, formatNumber, formatTime } from '../../../platform/text/index.ts';
import type { MinutesView } from '../actions/open-secretariat.ts';
import { type Correction, type Paragraph, PARAGRAPH_CHARS_MAX, TEXT_CHARS_MAX } from '../model.ts';
import { untranslated } from '../rules/draft-minutes.ts';
import { secretariatText } from '../text/index.ts';
import { errorIn, fieldLabel, MinutesTag, type Outcome, Post, Told } from './words.tsx';

export interface MinutesPage extends Outcome {
  readonly view: MinutesView;
  readonly isDesk: boolean;
  /** Which paragraph was refused, with what was typed. */
  readonly typed?: Readonly<Record<string, string | undefined>>;
}

interface Part {
  readonly frame: PageContext;
  readonly shown: MinutesPage;
}

const hrefOf = ({ view }: MinutesPage): string => `/secretariat/sittings/${view.sitting.id}/minutes`;

export function minutesPage(frame: PageContext, shown: MinutesPage): Page {
  const { language } = frame;
  const t = secretariatText.in(language);
  const { sitting, minutes, corrections } = shown.view;
  const missing = untranslated(minutes.paragraphs);
  return {
    title: t('minutes.of', { number: sitting.number }),
    body: (
      <>
        <BackLink href={`/secretariat/sittings/${sitting.id}${shown.isDesk ? '/desk' : ''}`}>{`${sitting.number} ${sitting.title[language]}`}</BackLink>
        <Told {...shown} language={language} idOf={(field) => (field === 'reason' ? `reason-${shown.typed?.['of'] ?? ''}` : `${shown.typed?.['of'] ?? ''}-${field.replace('text-', '')}`)} />
        <PageHeading caption={formatTime(sitting.startsAt, language)} title={t('minutes.of', { number: sitting.number })} lead={sitting.title[language]} tags={<MinutesTag state={minutes.state} language={language} />} actions={<>{LANGUAGES.map((spoken) => <LinkButton key={spoken} tone="secondary" href={`${hrefOf(shown)}${shown.isDesk ? '/desk' : ''}.pdf?lang=${spoken}`}>{`PDF ${spoken.toUpperCase()}`}</LinkButton>)}</>} />
        {shown.isDesk && minutes.state === 'draft' && missing.length > 0 ? <Notice tone="warning" title={t('minutes.missing')}><p>{t('refusal.minutes-untranslated', { list: formatList(missing.slice(0, 30).map((one) => formatNumber(one, language)), language) })}</p></Notice> : null}
        {minutes.state === 'review' ? <Notice tone="info" title={t('minutes.in-review')} /> : null}
        <ol class="secretariat-minutes">
          {minutes.paragraphs.map((paragraph, index) => (
            <ParagraphPart key={paragraph.id} paragraph={paragraph} index={index} frame={frame} shown={shown} corrections={corrections.filter((one) => one.paragraphId === paragraph.id)} />
          ))}
        </ol>
        {shown.isDesk && minutes.state === 'draft' && frame.may('sitting.record') ? <AddForm frame={frame} shown={shown} /> : null}
        {shown.isDesk ? <Acts frame={frame} shown={shown} /> : null}
        <Proof frame={frame} shown={shown} />
      </>
    ),
  };
}

function Fields({ idPrefix, values, shown, language, optional }: { readonly idPrefix: string; readonly values: Readonly<Record<string, string | undefined>>; readonly shown: MinutesPage; readonly language: Language; readonly optional: boolean }): VNode {
  return (
    <>
      {LANGUAGES.map((spoken) => (
        <TextArea key={spoken} name={`text-${spoken}`} id={`${idPrefix}-${spoken}`} rows={3} label={fieldLabel(`text-${spoken}`, language)} value={values[`text-${spoken}`]} maxLength={PARAGRAPH_CHARS_MAX} optional={optional} error={shown.typed?.['of'] === idPrefix ? errorIn(shown.refusal, `text-${spoken}`, language) : undefined} />
      ))}
    </>
  );
}

const asFields = (paragraph: Paragraph | Correction['text']): Readonly<Record<string, string>> => Object.fromEntries(LANGUAGES.map((spoken) => [`text-${spoken}`, paragraph[spoken]]));

function ParagraphPart({ paragraph, index, frame, shown, corrections }: Part & { readonly paragraph: Paragraph; readonly index: number; readonly corrections: readonly Correction[] }): VNode {
  const { language } = frame;
  const t = secretariatText.in(language);
  const { minutes } = shown.view;
  const text = paragraph[language];
  const other = LANGUAGES.find((spoken) => paragraph[spoken] !== '');
  const number = formatNumber(index + 1, language);
  const typedHere = shown.typed?.['of'] === paragraph.id ? shown.typed : undefined;
  return (
    <li id={paragraph.id}>
      {text === '' && other !== undefined ? <p lang={other}>{paragraph[other]} <Tag tone="warning">{t('minutes.to-translate')}</Tag></p> : <p>{text}</p>}
      {shown.isDesk && minutes.state === 'draft' && frame.may('sitting.record') ? (
        <Details summary={t('minutes.edit', { number })} open={typedHere !== undefined}>
          <form method="post" action={`${hrefOf(shown)}/paragraphs/${paragraph.id}`}>
            <Hidden fields={{ revision: String(minutes.revision) }} />
            <Fields idPrefix={paragraph.id} values={typedHere ?? asFields(paragraph)} shown={shown} language={language} optional />
            <Button>{t('form.save')}</Button>
          </form>
          <Post action={`${hrefOf(shown)}/paragraphs/${paragraph.id}/remove`} fields={{ revision: String(minutes.revision) }} label={t('minutes.remove')} about={number} tone="danger" />
        </Details>
      ) : null}
      {shown.isDesk ? corrections.map((one) => <CorrectionPart key={one.id} correction={one} paragraph={paragraph} frame={frame} shown={shown} />) : null}
      {shown.isDesk && minutes.state === 'review' && frame.may('sitting.speak') ? (
        <Details summary={t('minutes.correct', { number })} open={typedHere !== undefined}>
          <form method="post" action={`${hrefOf(shown)}/paragraphs/${paragraph.id}/corrections`}>
            <Fields idPrefix={paragraph.id} values={typedHere ?? asFields(paragraph)} shown={shown} language={language} optional={false} />
            <TextArea name="reason" id={`reason-${paragraph.id}`} rows={2} label={t('field.reason')} maxLength={TEXT_CHARS_MAX} value={typedHere?.['reason']} error={typedHere === undefined ? undefined : errorIn(shown.refusal, 'reason', language)} />
            <Button>{t('minutes.propose')}</Button>
          </form>
        </Details>
      ) : null}
    </li>
  );
}

function CorrectionPart({ correction, paragraph, frame, shown }: Part & { readonly correction: Correction; readonly paragraph: Paragraph }): VNode {
  const { language } = frame;
  const t = secretariatText.in(language);
  const isOpen = correction.state === 'proposed';
  const changed = LANGUAGES.filter((spoken) => correction.text[spoken] !== paragraph[spoken]);
  return (
    <div class="secretariat-correction">
      <p>
        <Tag tone={correction.state === 'adopted' ? 'success' : isOpen ? 'info' : 'neutral'}>{t(`correction.${correction.state}`)}</Tag> <span class="muted">{`${correction.author}, ${formatTime(correction.at, language)}`}</span>
      </p>
      {isOpen && changed.length > 0 ? <DiffView changes={changed.map((spoken) => ({ label: t(`language.${spoken}`), before: paragraph[spoken], after: correction.text[spoken] }))} /> : <p>{correction.text[language]}</p>}
      <p>{correction.reason}</p>
      {isOpen && shown.view.minutes.state === 'review' && frame.may('sitting.record') ? (
        <div class="secretariat-row">
          <Post action={`${hrefOf(shown)}/corrections/${correction.id}/adopt`} label={t('minutes.adopt')} tone="primary" />
          <Post action={`${hrefOf(shown)}/corrections/${correction.id}/reject`} label={t('minutes.reject')} />
        </div>
      ) : null}
    </div>
  );
}

function AddForm({ frame, shown }: Part): VNode {
  const { language } = frame;
  const t = secretariatText.in(language);
  const { minutes } = shown.view;
  return (
    <Details summary={t('minutes.add')} open={shown.typed?.['of'] === 'new'}>
      <form method="post" action={`${hrefOf(shown)}/paragraphs`}>
        <Hidden fields={{ revision: String(minutes.revision), after: minutes.paragraphs.at(-1)?.id }} />
        <Fields idPrefix="new" values={shown.typed?.['of'] === 'new' ? shown.typed : {}} shown={shown} language={language} optional={false} />
        <Button>{t('minutes.add')}</Button>
      </form>
    </Details>
  );
}

function Acts({ frame, shown }: Part): VNode | null {
  const t = secretariatText.in(frame.language);
  const { minutes } = shown.view;
  if (minutes.state === 'signed' || !frame.may('sitting.record')) return null;
  return (
    <Section title={t('sitting.acts')}>
      <ButtonRow>
        {minutes.state === 'draft' ? (
          <>
            <Post action={`${hrefOf(shown)}/circulate`} label={t('minutes.circulate')} tone="primary" />
            <Post action={hrefOf(shown)} label={t('minutes.redraft')} />
          </>
        ) : (
          <>
            {frame.may('sitting.sign') ? <Post action={`${hrefOf(shown)}/sign`} label={t('minutes.sign')} tone="primary" /> : null}
            <Post action={`${hrefOf(shown)}/take-back`} label={t('minutes.take-back')} />
          </>
        )}
      </ButtonRow>
      <p class="muted">{t(minutes.state === 'draft' ? 'minutes.circulate-what' : 'minutes.sign-what')}</p>
    </Section>
  );
}

function Proof({ frame, shown }: Part): VNode | null {
  const { language } = frame;
  const t = secretariatText.in(language);
  const { minutes } = shown.view;
  if (minutes.entry === undefined || minutes.digests === undefined) return null;
  const { digests } = minutes;
  return (
    <Section title={t('minutes.proof')} lead={t('minutes.proof-lead')}>
      <SummaryList
        rows={[
          { label: t('minutes.entry'), value: <a href={`/log/entries/${minutes.entry}`}>{formatNumber(minutes.entry, language)}</a> },
          { label: t('minutes.signed-at'), value: minutes.signedAt === undefined ? '—' : formatTime(minutes.signedAt, language) },
          ...LANGUAGES.map((spoken) => ({ label: t(`language.${spoken}`), value: <><code class="secretariat-digest">{digests[spoken]}</code> <a href={`${hrefOf(shown)}.txt?lang=${spoken}`}>{t('minutes.text')}</a></> })),
        ]}
      />
      <Details summary={t('minutes.note')}><pre class="secretariat-note">{minutes.note}</pre></Details>
    </Section>
  );
}
