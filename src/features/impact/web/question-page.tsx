/** One page of questions, with why each is asked, where an answer was copied from, and its documents; saved step by step. */

import type { VNode } from 'preact';
import type { Language } from '../../../base/index.ts';
import type { Answer, Question, QuestionPage, Visibility } from '../../../law/questionnaire/index.ts';
import { ATTACHMENT_BYTES_MAX } from '../../../platform/files/index.ts';
import { Button, ButtonRow, ErrorSummary, FileUpload, Hidden, LinkButton, Notice, PageHeading, Section, Tag } from '../../../platform/html/components/index.ts';
import { LookOnly, type Page, type PageContext } from '../../../platform/html/index.ts';
import { fieldLabel } from '../../registry/index.ts';
import type { ImpactView } from '../model.ts';
import { answerText, originText, questionOf } from '../rules/answer-text.ts';
import { nameOf } from '../rules/read-form.ts';
import { impactText } from '../text/index.ts';
import { AnswerWords } from './answer-words.tsx';
import { Trail } from './assessment-page.tsx';
import { QuestionField } from './question-field.tsx';

export interface QuestionsView {
  readonly view: ImpactView;
  readonly page: QuestionPage;
  /** Why an answer could not be taken, by question. */
  readonly errors: Readonly<Record<string, string>>;
  /** What was sent and not saved: shown as typed, so that nobody types it twice. */
  readonly typed?: Readonly<Record<string, unknown>> | undefined;
  readonly refusal?: string | undefined;
  readonly said?: string | undefined;
}

export function questionPage(frame: PageContext, { view, page, errors, typed, refusal, said }: QuestionsView): Page {
  const { language } = frame;
  const t = impactText.in(language);
  const { row, assessed, questionnaire } = view;
  const shown = page.questions.filter((question) => assessed.visibility.get(question.id)?.sight !== 'hidden');
  const visiblePages = assessed.pages.filter((one) => one.state !== 'hidden').map((one) => one.page);
  const place = visiblePages.indexOf(page.id);
  const isOpen = row.state === 'open' && frame.may('impact.write');
  const summary = [...(refusal === undefined ? [] : [{ message: refusal }]), ...Object.entries(errors).map(([question, message]) => ({ field: nameOf(question).replaceAll('.', '-'), message: `${questionOf(questionnaire, question)?.ask[language] ?? question}: ${message}` }))];
  return {
    title: `${page.title[language]}: ${row.systemName}`,
    body: (
      <>
        <Trail view={view} language={language} at={{ label: page.title[language], href: `/impact/${row.id}/pages/${page.id}` }} />
        {summary.length === 0 ? null : <ErrorSummary errors={summary} />}
        {said === undefined ? null : (
          <Notice tone="success" announce>
            <p>{said}</p>
          </Notice>
        )}
        <PageHeading title={page.title[language]} caption={place === -1 ? row.systemName : t('questions.place', { place: place + 1, pages: visiblePages.length, system: row.systemName })} lead={page.plain?.[language]} />
        {row.state === 'open' ? null : (
          <Notice>
            <p>{t('questions.closed')}</p>
          </Notice>
        )}
        {row.state === 'open' && !isOpen ? <LookOnly frame={frame} /> : null}
        {shown.length === 0 ? (
          <>
            <p>{t('questions.none')}</p>
            <LinkButton href={`/impact/${row.id}`}>{t('next.back')}</LinkButton>
          </>
        ) : null}
        {isOpen && shown.length > 0 ? (
          <form method="post" action={`/impact/${row.id}/pages/${page.id}`} class="impact-form" novalidate>
            <Hidden fields={{ after: String(row.step), shown: shown.map((question) => question.id) }} />
            {/* The Enter key presses the first button of a form: it saves, and does not lead to the documents of a question. */}
            <button type="submit" name="act" value="next" class="visually-hidden" tabIndex={-1} aria-hidden="true">
              {t('questions.save-next')}
            </button>
            {shown.map((question) => (
              <OneQuestion key={question.id} view={view} question={question} error={errors[question.id]} answer={typed !== undefined && question.id in typed ? ((typed[question.id] ?? undefined) as Answer | undefined) : view.answers[question.id]} language={language} />
            ))}
            <ButtonRow>
              <Button name="act" value="next">
                {t('questions.save-next')}
              </Button>
              <Button name="act" value="stay" tone="secondary">
                {t('questions.save')}
              </Button>
              <LinkButton href={`/impact/${row.id}`} tone="quiet">
                {t('questions.leave')}
              </LinkButton>
            </ButtonRow>
          </form>
        ) : (
          shown.filter((question) => question.type !== 'note').map((question) => (
            <div class="impact-question" key={question.id}>
              <p>
                <strong>{question.ask[language]}</strong>
              </p>
              <AnswerWords text={answerText(question, view.assessed.counting[question.id], language)} language={language} />
            </div>
          ))
        )}
      </>
    ),
  };
}

function OneQuestion({ view, question, answer, error, language }: { readonly view: ImpactView; readonly question: Question; readonly answer: Answer | undefined; readonly error: string | undefined; readonly language: Language }): VNode {
  const t = impactText.in(language);
  const visibility = view.assessed.visibility.get(question.id);
  const origin = originText(view.origins[question.id], language, fieldLabel);
  const documents = view.evidence.filter((item) => item.question === question.id).length;
  return (
    <div class="impact-question">
      {visibility === undefined || visibility.by.length === 0 ? null : <Why view={view} visibility={visibility} language={language} />}
      <QuestionField question={question} answer={answer} error={error} language={language} />
      {origin === undefined || view.answers[question.id] === undefined ? null : (
        <p class="impact-origin">
          <Tag tone="info" mark="dashed">
            {t('questions.filled-in')}
          </Tag>{' '}
          {origin}
        </p>
      )}
      {question.cite.length === 0 && question.rights.length === 0 ? null : (
        <p class="hint">{[...question.cite, ...question.rights.map((id) => view.questionnaire.rights.find((right) => right.id === id)?.label[language] ?? id)].join('; ')}</p>
      )}
      {question.evidence === 'none' ? null : (
        <Button tone="quiet" name="act" value={`evidence:${question.id}`} about={question.ask[language]}>
          {documents === 0 ? t(question.evidence === 'required' ? 'evidence.attach-required' : 'evidence.attach') : t('evidence.count', { count: documents })}
        </Button>
      )}
    </div>
  );
}

/** Says on which answers it depends that this question is asked. */
function Why({ view, visibility, language }: { readonly view: ImpactView; readonly visibility: Visibility; readonly language: Language }): VNode {
  const t = impactText.in(language);
  const names = visibility.by.map((id) => {
    const question = questionOf(view.questionnaire, id);
    const answer = view.assessed.counting[id];
    return question === undefined ? id : answer === undefined ? `“${question.ask[language]}”` : `“${question.ask[language]}” (${answerText(question, answer, language)})`;
  });
  return <p class="impact-why">{t(visibility.sight === 'open' ? 'questions.asked-depending' : 'questions.asked-because', { questions: names.join('; ') })}</p>;
}

/** The documents that speak for one answer. */
export function evidencePage(frame: PageContext, { view, question, refusal }: { readonly view: ImpactView; readonly question: Question; readonly refusal?: string | undefined }): Page {
  const { language } = frame;
  const t = impactText.in(language);
  const { row } = view;
  const items = view.evidence.filter((item) => item.question === question.id);
  const isOpen = row.state === 'open' && frame.may('impact.write');
  return {
    title: t('evidence.title'),
    body: (
      <>
        <Trail view={view} language={language} at={{ label: view.questionnaire.pages.find((page) => page.id === question.page)?.title[language] ?? '', href: `/impact/${row.id}/pages/${question.page}` }} />
        {refusal === undefined ? null : <ErrorSummary errors={[{ field: 'file', message: refusal }]} />}
        <PageHeading title={t('evidence.title')} lead={question.ask[language]} />
        <AnswerWords text={answerText(question, view.answers[question.id], language)} language={language} />
        <Section title={t('evidence.there')}>
          {items.length === 0 ? (
            <p>{t('evidence.none')}</p>
          ) : (
            <ul class="impact-evidence">
              {items.map((item) => (
                <li key={item.id}>
                  <a href={`/registry/${row.systemId}/manage/attachments/${item.attachmentId}`}>{item.name}</a>
                  <span class="impact-digest">SHA-256 {item.sha256}</span>
                  {!isOpen ? null : (
                    <form method="post" action={`/impact/${row.id}/evidence/${question.id}/remove`}>
                      <Hidden fields={{ item: item.id }} />
                      <Button tone="quiet">{t('evidence.remove')}</Button>
                    </form>
                  )}
                </li>
              ))}
            </ul>
          )}
        </Section>
        {row.state === 'open' && !isOpen ? <LookOnly frame={frame} /> : null}
        {!isOpen ? null : (
          <form method="post" action={`/impact/${row.id}/evidence/${question.id}`} enctype="multipart/form-data">
            <FileUpload name="file" error={refusal} label={t('evidence.file')} hint={t('evidence.hint')} megabytesMax={ATTACHMENT_BYTES_MAX / 1024 / 1024} required />
            <ButtonRow>
              <Button>{t('evidence.send')}</Button>
              <LinkButton tone="secondary" href={`/impact/${row.id}/pages/${question.page}#${nameOf(question.id).replaceAll('.', '-')}`}>
                {t('evidence.back')}
              </LinkButton>
            </ButtonRow>
          </form>
        )}
      </>
    ),
  };
}
