/** One assessment: its pages as a task list, what is missing, what can be done with it. */

import type { VNode } from 'preact';
import type { Language } from '../../../base/index.ts';
import type { PageProgress } from '../../../law/questionnaire/index.ts';
import { Breadcrumbs, Button, ButtonRow, Details, ErrorSummary, FileUpload, Hidden, LinkButton, Notice, PageHeading, Progress, Section, SummaryList, type Task, TaskList } from '../../../platform/html/components/index.ts';
import { LookOnly, type Page, type PageContext } from '../../../platform/html/index.ts';
import { formatDate } from '../../../platform/text/index.ts';
import { IMPORT_BYTES_MAX, type ImpactRow, type ImpactView } from '../model.ts';
import { pageTitle, questionOf } from '../rules/answer-text.ts';
import { PIA_KIND } from '../rules/cnil-pia.ts';
import { impactText } from '../text/index.ts';
import { StateTag } from './list-page.tsx';

const MISSING_SHOWN_MAX = 12;
const STATUS = {
  untouched: { tone: 'neutral', mark: 'empty' },
  started: { tone: 'info', mark: 'half' },
  done: { tone: 'success', mark: 'full' },
} as const;

export interface AssessmentView {
  readonly view: ImpactView;
  readonly siblings: readonly ImpactRow[];
  readonly said: string | undefined;
  readonly refusal?: string | undefined;
}

export function assessmentPage(frame: PageContext, { view, siblings, said, refusal }: AssessmentView): Page {
  const { language } = frame;
  const t = impactText.in(language);
  const { row, questionnaire, assessed } = view;
  const title = questionnaire.title[language];
  const mayWrite = frame.may('impact.write');
  return {
    title: `${title} (№ ${row.number}): ${row.systemName}`,
    body: (
      <>
        <Trail view={view} language={language} />
        {refusal === undefined ? null : <ErrorSummary errors={[{ message: refusal }]} />}
        {said === undefined ? null : (
          <Notice tone="success" announce>
            <p>{said}</p>
          </Notice>
        )}
        <PageHeading title={title} caption={row.systemName} lead={questionnaire.plain[language]} tags={<StateTag state={row.state} language={language} />} />
        {mayWrite || row.state === 'replaced' ? null : <LookOnly frame={frame} />}
        <StateNotices view={view} mayWrite={mayWrite} language={language} />
        {row.state === 'open' ? <Progress id="impact-progress" label={t('page.progress')} done={assessed.progress.answered} total={assessed.progress.required} note={t('list.answered', assessed.progress)} /> : null}
        <Section title={t('page.pages')}>
          <TaskList tasks={tasksOf(view, language)} />
        </Section>
        <ButtonRow>
          <LinkButton href={`/impact/${row.id}/result`}>{t(assessed.isComplete ? 'page.result' : 'page.result-so-far')}</LinkButton>
          {mayWrite && row.state === 'open' && view.steps.length > 0 ? <UndoForm view={view} language={language} /> : null}
        </ButtonRow>
        {row.state === 'open' && !assessed.isComplete ? <MissingList view={view} language={language} /> : null}
        <More view={view} siblings={siblings} mayWrite={mayWrite} language={language} />
      </>
    ),
  };
}

export function Trail({ view, language, at }: { readonly view: ImpactView; readonly language: Language; readonly at?: { readonly label: string; readonly href: string } | undefined }): VNode {
  const { row, questionnaire } = view;
  return <Breadcrumbs items={[{ label: impactText.in(language)('title'), href: '/impact' }, { label: `${questionnaire.title[language]} (№ ${row.number})`, href: `/impact/${row.id}` }, ...(at === undefined ? [] : [at])]} />;
}

function tasksOf(view: ImpactView, language: Language): readonly Task[] {
  const t = impactText.in(language);
  return view.assessed.pages
    .filter((page): page is PageProgress & { readonly state: 'untouched' | 'started' | 'done' } => page.state !== 'hidden')
    .map((page) => ({
      title: pageTitle(view.questionnaire, page.page, language),
      href: `/impact/${view.row.id}/pages/${page.page}`,
      hint: isUnsettled(view, page.page) ? t('page.depends', { answered: page.answered, asked: page.asked }) : t('page.answered', { answered: page.answered, asked: page.asked }),
      status: { label: t(`page-state.${page.state}`), ...STATUS[page.state] },
    }));
}

/** Whether the whole page still hangs on answers to other questions. */
function isUnsettled({ questionnaire, assessed }: ImpactView, id: string): boolean {
  const questions = questionnaire.pages.find((page) => page.id === id)?.questions ?? [];
  return questions.every((question) => assessed.visibility.get(question.id)?.sight !== 'shown');
}

function StateNotices({ view, mayWrite, language }: { readonly view: ImpactView; readonly mayWrite: boolean; readonly language: Language }): VNode {
  const t = impactText.in(language);
  const { row, seal, entry, newer } = view;
  const sealedRevision = seal === undefined ? undefined : (JSON.parse(seal.record) as { readonly system: { readonly revision: number } }).system.revision;
  return (
    <>
      {entry === undefined ? (
        <Notice tone="warning">
          <p>{t('page.entry-gone')}</p>
        </Notice>
      ) : null}
      {seal === undefined ? null : (
        <Notice tone="success" title={t('page.finished', { date: formatDate(seal.sealedAt, language) })}>
          <p class="impact-digest">SHA-256 {seal.sha256}</p>
        </Notice>
      )}
      {sealedRevision !== undefined && entry !== undefined && entry.revision > sealedRevision ? (
        <Notice tone="warning" title={t('page.entry-changed')}>
          <p>{t('page.entry-changed-body')}</p>
          <ReviseForm view={view} language={language} label={t('page.revise')} />
        </Notice>
      ) : null}
      {newer !== undefined && row.state !== 'replaced' ? (
        <Notice title={t('page.newer', { version: newer.ref.version })}>
          <p>{t('page.newer-body')}</p>
          {mayWrite ? <ReviseForm view={view} language={language} label={t('page.take-newer')} /> : null}
        </Notice>
      ) : null}
    </>
  );
}

export function ReviseForm({ view, language: _language, label }: { readonly view: ImpactView; readonly language: Language; readonly label: string }): VNode {
  return (
    <form method="post" action={`/impact/${view.row.id}/revise`}>
      <Button tone="secondary">{label}</Button>
    </form>
  );
}

function UndoForm({ view, language }: { readonly view: ImpactView; readonly language: Language }): VNode {
  return (
    <form method="post" action={`/impact/${view.row.id}/undo`}>
      <Hidden fields={{ after: String(view.row.step) }} />
      <Button tone="quiet">{impactText.in(language)('page.undo')}</Button>
    </form>
  );
}

export function MissingList({ view, language }: { readonly view: ImpactView; readonly language: Language }): VNode {
  const t = impactText.in(language);
  const { missing } = view.assessed;
  return (
    <Section title={t('page.missing', { count: missing.length })}>
      <ul>
        {missing.slice(0, MISSING_SHOWN_MAX).map((one) => (
          <li key={`${one.question}-${one.row ?? ''}-${one.column ?? ''}`}>
            <a href={`/impact/${view.row.id}/pages/${one.page}#q-${one.question.replaceAll('.', '-')}`}>{questionOf(view.questionnaire, one.question)?.ask[language] ?? one.question}</a> <span class="muted">{one.why === 'cell' ? t('missing.cell', { row: (one.row ?? 0) + 1, column: questionOf(view.questionnaire, one.question)?.columns.find((column) => column.id === one.column)?.label[language] ?? '' }) : t(`missing.${one.why}`)}</span>
          </li>
        ))}
      </ul>
      {missing.length > MISSING_SHOWN_MAX ? <p class="muted">{t('page.more-missing', { count: missing.length - MISSING_SHOWN_MAX })}</p> : null}
    </Section>
  );
}

function More({ view, siblings, mayWrite, language }: { readonly view: ImpactView; readonly siblings: readonly ImpactRow[]; readonly mayWrite: boolean; readonly language: Language }): VNode {
  const t = impactText.in(language);
  const { row, questionnaire } = view;
  const others = siblings.filter((one) => one.id !== row.id && one.kind === row.kind);
  return (
    <>
      <Section title={t('page.about')}>
        <SummaryList
          compact
          rows={[
            { label: t('page.system'), value: <a href={`/registry/${row.systemId}/manage`}>{row.systemName}</a> },
            { label: t('page.version'), value: `${questionnaire.ref.id} ${questionnaire.ref.version}` },
            { label: t('page.source'), value: questionnaire.source.url === undefined ? questionnaire.source.title : <a href={questionnaire.source.url} rel="external">{questionnaire.source.title}</a> },
            ...(questionnaire.status === 'adopted' ? [] : [{ label: t('page.status'), value: t(`status.${questionnaire.status}`) }]),
            { label: t('page.started'), value: formatDate(row.startedAt, language) },
            { label: t('list.changed'), value: formatDate(row.changedAt, language) },
            ...(row.revises === undefined ? [] : [{ label: t('page.revises'), value: <a href={`/impact/${row.id}/compare?with=${row.revises}`}>{t('page.compare')}</a> }]),
          ]}
        />
        <p>
          <a href={`/impact/${row.id}/answers`}>{t('page.all-answers')}</a> · <a href={`/impact/${row.id}/result.pdf`}>PDF</a> · <a href={`/impact/${row.id}/export.json`}>JSON</a>
          {row.kind === PIA_KIND ? <> · <a href={`/impact/${row.id}/pia`}>{t('pia.title')}</a></> : null}
        </p>
      </Section>
      {others.length === 0 ? null : (
        <Section title={t('page.others')}>
          <ul>
            {others.map((one) => (
              <li key={one.id}>
                <a href={`/impact/${one.id}`}>№ {one.number}</a> <StateTag state={one.state} language={language} /> {formatDate(one.changedAt, language)} <a href={`/impact/${row.id}/compare?with=${one.id}`}>{t('page.compare')}</a>
              </li>
            ))}
          </ul>
        </Section>
      )}
      {!mayWrite || row.state !== 'open' ? null : (
        <Details summary={t('page.import')}>
          <p>{t('page.import-body')}</p>
          <form method="post" action={`/impact/${row.id}/import?after=${row.step}`} enctype="multipart/form-data">
            <FileUpload name="file" label={t('page.import-file')} accept=".json" megabytesMax={IMPORT_BYTES_MAX / 1024 / 1024} required />
            <Button tone="secondary">{t('page.import-send')}</Button>
          </form>
        </Details>
      )}
      {mayWrite && row.state === 'finished' ? (
        <Section title={t('page.again')}>
          <p>{t('page.again-body')}</p>
          <ReviseForm view={view} language={language} label={t('page.revise')} />
        </Section>
      ) : null}
    </>
  );
}
