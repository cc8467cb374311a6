/** The interview: one question at a time, with help, what each answer would settle, a way back, and the result so far. */

import type { VNode } from 'preact';
import type { Language } from '../../../base/index.ts';
import type { AnswerPreview, FactDefinition } from '../../../law/index.ts';
import type { Candidate } from '../../../law/prescreen/index.ts';
import { LookOnly, type Page, type PageContext } from '../../../platform/html/index.ts';
import { Breadcrumbs, Button, ButtonRow, Checkboxes, DateInput, Details, ErrorSummary, Help, Hidden, LinkButton, Notice, PageHeading, Radios, ResultTag, Section, Table, TextInput, WithAside } from '../../../platform/html/components/index.ts';
import { answerWords, citationWords, labelOf, termsIn, valueLabel } from '../../lawbook/index.ts';
import type { Sheet } from '../actions/open-assessment.ts';
import { pointWords } from '../rules/point-words.ts';
import { NONE_VALUE } from '../rules/raw-answer.ts';
import { assessmentText } from '../text/index.ts';
import { OutcomeOverview } from './outcomes.tsx';

const PREVIEW_OUTCOMES_SHOWN_MAX = 6;
const HINTS_SHOWN_MAX = 8;
const WORDS_SHOWN_MAX = 6;

export interface InterviewView {
  readonly sheet: Sheet;
  /** The question to show; undefined when none matters any more. */
  readonly question: FactDefinition | undefined;
  readonly previews: readonly AnswerPreview[];
  /** A refusal in words, shown above the question. */
  readonly refusal?: string | undefined;
  /** Where the duties of the system are told. */
  readonly dutiesHref: string;
}

export function interviewPage(frame: PageContext, { sheet, question, previews, refusal, dutiesHref }: InterviewView): Page {
  const { language } = frame;
  const t = assessmentText.in(language);
  const { entry } = sheet;
  const title = t('interview.title', { name: entry.record.name });
  const answered = Object.keys(sheet.facts).length;
  return {
    title,
    wide: true,
    body: (
      <>
        <Breadcrumbs items={[{ label: t('title'), href: '/assessment' }, { label: entry.record.name, href: `/registry/${entry.id}` }, { label: t('interview.all-answers'), href: `/assessment/${entry.id}/answers` }]} />
        {refusal === undefined ? null : <ErrorSummary errors={[{ message: refusal, field: question === undefined ? undefined : fieldId(question) }]} />}
        <PageHeading title={title} caption={entry.body.name} />
        {sheet.misfits.length === 0 ? null : (
          <Notice tone="warning" title={t('interview.misfits', { count: sheet.misfits.length })}>
            <ul>
              {sheet.misfits.map((fact) => (
                <li key={fact.id}>
                  <a href={`/assessment/${entry.id}?fact=${encodeURIComponent(fact.id)}`}>{fact.ask[language]}</a>
                </li>
              ))}
            </ul>
          </Notice>
        )}
        <p class="assessment-progress">
          {t('interview.answered', { count: answered })}; {t('interview.left', { count: sheet.toAsk.length + sheet.thenToAsk.length })}.
        </p>
        <WithAside
          side="end"
          label={t('interview.so-far')}
          aside={
            <>
              <h2>{t('interview.so-far')}</h2>
              <OutcomeOverview pack={sheet.pack} decision={sheet.decision} language={language} />
              <LinkButton tone="secondary" href={`/assessment/${entry.id}/result`}>
                {t('interview.result')}
              </LinkButton>
              <Hints sheet={sheet} language={language} />
            </>
          }
        >
          {sheet.thenToAsk.length === 0 ? null : (
            <Notice title={t('interview.settled.title')}>
              <p>
                {t('interview.settled.body', { count: sheet.thenToAsk.length })} <a href={dutiesHref}>{t('result.duties')}</a>
              </p>
            </Notice>
          )}
          {question === undefined ? <Done frame={frame} sheet={sheet} /> : <Question frame={frame} sheet={sheet} question={question} previews={previews} />}
        </WithAside>
      </>
    ),
  };
}

function Question({ frame, sheet, question, previews }: { readonly frame: PageContext; readonly sheet: Sheet; readonly question: FactDefinition; readonly previews: readonly AnswerPreview[] }): VNode {
  const { language } = frame;
  const t = assessmentText.in(language);
  const hints = hintsAt(sheet, question, language);
  const canNotApply = question.type === 'bool' || question.type === 'set';
  const mayAnswer = frame.may('assessment.answer');
  return (
    <>
      {mayAnswer ? (
        <form method="post" action={`/assessment/${sheet.entry.id}/answers`} class="assessment-question">
          <Hidden fields={{ fact: question.id, after: String(sheet.step) }} />
          {hints.length === 0 ? null : (
            <Notice title={t('interview.candidates')}>
              <ul>
                {hints.map(([value, words]) => (
                  <li key={value}>{t('interview.this-question-hint', { value, words: quoted(words) })}</li>
                ))}
              </ul>
            </Notice>
          )}
          <AnswerField sheet={sheet} question={question} language={language} />
          <ButtonRow>
            <Button>{t('interview.save')}</Button>
            <Button tone="secondary" name="act" value="unknown" formNoValidate>
              {t('interview.unknown')}
            </Button>
            {canNotApply ? (
              <Button tone="secondary" name="act" value="not-applicable" formNoValidate>
                {t('interview.not-applicable')}
              </Button>
            ) : null}
          </ButtonRow>
        </form>
      ) : (
        <Unanswerable frame={frame} sheet={sheet} question={question} />
      )}
      {!mayAnswer || sheet.steps.length === 0 ? null : (
        <form method="post" action={`/assessment/${sheet.entry.id}/undo`}>
          <Hidden fields={{ after: String(sheet.step) }} />
          <Button tone="quiet">{t('interview.back')}</Button>
        </form>
      )}
      <Details summary={t('interview.why')}>
        <p>{question.why[language]}</p>
        <p class="hint">{question.cite.map((cite) => citationWords(sheet.pack, cite, language)).join('; ')}</p>
        <p>
          <a href={`/lawbook/${sheet.pack.ref.id}/fact/${question.id}`}>{question.id}</a>
        </p>
      </Details>
      <Help title={t('interview.help')} open>
        <p>{question.help[language]}</p>
        <p>
          <em>{question.example[language]}</em>
        </p>
      </Help>
      {previews.length === 0 ? null : (
        <Section title={t('interview.preview')}>
          <Table
            caption={t('interview.preview')}
            captionHidden
            rows={previews}
            rowKey={(one) => one.text}
            columns={[
              { key: 'answer', head: t('interview.preview.answer'), cell: (one) => previewAnswer(sheet, question, one, language), rowHead: true },
              { key: 'settles', head: t('interview.preview.settles'), cell: (one) => <PreviewOutcomes sheet={sheet} preview={one} language={language} /> },
            ]}
          />
        </Section>
      )}
    </>
  );
}

/** The question as somebody sees it who may not answer it. */
function Unanswerable({ frame, sheet, question }: { readonly frame: PageContext; readonly sheet: Sheet; readonly question: FactDefinition }): VNode {
  const { language } = frame;
  const answer = sheet.facts[question.id];
  const t = assessmentText.in(language);
  return (
    <>
      <LookOnly frame={frame} />
      <h2>{question.ask[language]}</h2>
      {answer === undefined ? null : <p>{typeof answer === 'object' && 'unknown' in answer ? t('answers.unknown') : answerWords(question, answer, language)}</p>}
    </>
  );
}

/** The form field of a question: radios, ticks, a number or a date; what was answered before is filled in. */
function AnswerField({ sheet, question, language }: { readonly sheet: Sheet; readonly question: FactDefinition; readonly language: Language }): VNode {
  const t = assessmentText.in(language);
  const terms = termsIn(language);
  const id = fieldId(question);
  const before = sheet.facts[question.id];
  const common = { id, name: 'value', size: 'large' as const };
  const legend = question.ask[language];
  switch (question.type) {
    case 'bool':
      return (
        <Radios
          {...common}
          legend={legend}
          inline
          options={[
            { value: 'yes', label: terms.yes },
            { value: 'no', label: terms.no },
          ]}
          value={before === true ? 'yes' : before === false ? 'no' : undefined}
        />
      );
    case 'enum':
      return <Radios {...common} legend={legend} options={question.values.map((value) => ({ value: value.id, label: value.label[language] }))} value={typeof before === 'string' ? before : undefined} />;
    case 'set': {
      const values = Array.isArray(before) ? (before as readonly string[]) : typeof before === 'object' && before !== null && 'has' in before ? before.has : [];
      return <Checkboxes {...common} legend={legend} options={[...question.values.map((value) => ({ value: value.id, label: value.label[language] })), { value: NONE_VALUE, label: t('interview.nothing-of-these') }]} values={Array.isArray(before) && before.length === 0 ? [NONE_VALUE] : values} />;
    }
    case 'number':
      return <TextInput {...common} label={legend} hint={t('interview.number')} inputMode="decimal" value={typeof before === 'number' ? String(before) : undefined} />;
    case 'date':
      return <DateInput {...common} label={legend} hint={t('interview.date')} value={typeof before === 'string' ? before : undefined} />;
  }
}

function Done({ frame, sheet }: { readonly frame: PageContext; readonly sheet: Sheet }): VNode {
  const { language } = frame;
  const t = assessmentText.in(language);
  return (
    <>
      <Notice tone="success" title={t('interview.done.title')}>
        <p>{t('interview.done.body')}</p>
      </Notice>
      {sheet.skipped.length === 0 ? null : (
        <p>
          {t('interview.skipped', { count: sheet.skipped.length })} <a href={`/assessment/${sheet.entry.id}?fact=${sheet.skipped[0]?.id ?? ''}`}>{t('interview.skipped.show')}</a>
        </p>
      )}
      <ButtonRow>
        <LinkButton href={`/assessment/${sheet.entry.id}/result`}>{t('interview.result')}</LinkButton>
        <LinkButton tone="secondary" href={`/assessment/${sheet.entry.id}/answers`}>
          {t('interview.all-answers')}
        </LinkButton>
      </ButtonRow>
      {frame.may('assessment.answer') ? (
        <form method="post" action={`/assessment/${sheet.entry.id}/undo`}>
          <Hidden fields={{ after: String(sheet.step) }} />
          <Button tone="quiet">{t('interview.back')}</Button>
        </form>
      ) : null}
    </>
  );
}

interface Hint {
  readonly conclusion: string;
  readonly article: string;
  /** The question to answer first. */
  readonly fact: string;
  readonly weight: number;
  readonly words: readonly string[];
}

/** One hint a legal point, the weightiest first: several questions usually point to the same conclusion. */
function hintsOf(sheet: Sheet): readonly Hint[] {
  const hints = new Map<string, Hint>();
  const open = new Set(sheet.toAsk.map((fact) => fact.id));
  for (const candidate of sheet.candidates) {
    // What was answered, or can change nothing any more, needs no confirmation.
    if (!open.has(candidate.fact)) continue;
    const before = hints.get(candidate.conclusion);
    hints.set(candidate.conclusion, {
      conclusion: candidate.conclusion,
      article: candidate.point.article,
      fact: before?.fact ?? candidate.fact,
      weight: Math.max(before?.weight ?? 0, candidate.score * candidate.weight),
      words: onceEach([...(before?.words ?? []), ...evidenceWords(candidate)]),
    });
  }
  return [...hints.values()].sort((a, b) => b.weight - a.weight).slice(0, HINTS_SHOWN_MAX);
}

function Hints({ sheet, language }: { readonly sheet: Sheet; readonly language: Language }): VNode | null {
  const t = assessmentText.in(language);
  const hints = hintsOf(sheet);
  if (hints.length === 0) return null;
  return (
    <Section title={t('interview.candidates')} level={3} lead={t('interview.candidates.note')}>
      <ul class="assessment-hints">
        {hints.map((hint) => (
          <li key={hint.conclusion}>
            <a href={`/assessment/${sheet.entry.id}?fact=${hint.fact}`}>{t('probably', { point: pointWords(sheet.pack, hint.conclusion, language, hint.article) })}</a>
            <span class="hint">{t('interview.candidate.words', { words: quoted(hint.words.slice(0, WORDS_SHOWN_MAX)) })}</span>
          </li>
        ))}
      </ul>
    </Section>
  );
}

function PreviewOutcomes({ sheet, preview, language }: { readonly sheet: Sheet; readonly preview: AnswerPreview; readonly language: Language }): VNode {
  const t = assessmentText.in(language);
  const conclusions = new Set(sheet.pack.conclusions.map((conclusion) => conclusion.id));
  const settled = preview.outcomes.filter((outcome) => outcome.result !== 'undetermined' && conclusions.has(outcome.id));
  if (settled.length === 0) return <span>{t('interview.preview.nothing')}</span>;
  const results = ['holds', 'disputed', 'fails'] as const;
  return (
    <ul class="assessment-preview">
      {results.map((result) => {
        const labels = settled.filter((outcome) => outcome.result === result).map((outcome) => labelOf(sheet.pack, outcome.id, language));
        if (labels.length === 0) return null;
        const more = labels.length - PREVIEW_OUTCOMES_SHOWN_MAX;
        return (
          <li key={result}>
            <ResultTag result={result} /> <span>{labels.slice(0, PREVIEW_OUTCOMES_SHOWN_MAX).join('; ')}{more > 0 ? ` ${t('interview.preview.more', { count: more })}` : ''}</span>
          </li>
        );
      })}
    </ul>
  );
}

function previewAnswer(sheet: Sheet, question: FactDefinition, preview: AnswerPreview, language: Language): string {
  if (preview.value !== undefined) return answerWords(question, preview.value, language);
  if (preview.text === 'none') return assessmentText.in(language)('interview.nothing-of-these');
  return valueLabel(sheet.pack, question.id, preview.text, language);
}

/** What the description hints at for one question: each answer once, with the words that speak for it. */
function hintsAt(sheet: Sheet, question: FactDefinition, language: Language): readonly (readonly [value: string, words: readonly string[]])[] {
  const hints = new Map<string, readonly string[]>();
  for (const candidate of sheet.candidates) {
    if (candidate.fact !== question.id) continue;
    const value = answerWords(question, candidate.value, language);
    hints.set(value, onceEach([...(hints.get(value) ?? []), ...evidenceWords(candidate)]));
  }
  return [...hints];
}

function evidenceWords(candidate: Candidate): readonly string[] {
  return candidate.evidence.filter((one) => !one.negated).map((one) => one.words);
}

/** Whatever their capitals. */
function onceEach(words: readonly string[]): readonly string[] {
  return [...new Map(words.map((word) => [word.toLocaleLowerCase(), word])).values()];
}

function quoted(words: readonly string[]): string {
  return words.map((word) => `“${word}”`).join(', ');
}

export function fieldId(question: FactDefinition): string {
  return `answer-${question.id.replaceAll('.', '-')}`;
}
