/** Follow-up: who has to do what by when, and what came of it. */

import type { VNode } from 'preact';
import { LANGUAGES } from '../../../base/index.ts';
import { BackLink, Button, DateInput, Details, EmptyState, Hidden, PageHeading, Section, Select, Table, TextArea, TextInput } from '../../../platform/html/components/index.ts';
import type { Page, PageContext } from '../../../platform/html/index.ts';
import { formatDate } from '../../../platform/text/index.ts';
import { type Task, TEXT_CHARS_MAX, TITLE_CHARS_MAX } from '../model.ts';
import { mayDo, TASK_LIFE } from '../rules/life.ts';
import type { Given } from '../rules/read-forms.ts';
import { secretariatText } from '../text/index.ts';
import { errorIn, fieldLabel, type Outcome, Post, TaskTag, Told } from './words.tsx';

export interface TasksPage extends Outcome {
  readonly tasks: readonly Task[];
  readonly today: string;
  readonly people: readonly string[];
  readonly sittings: readonly { readonly id: string; readonly label: string }[];
  readonly motions: readonly { readonly id: string; readonly label: string }[];
  readonly given: Given;
}

const isOver = ({ state }: Task): boolean => state === 'done' || state === 'dropped';

export function tasksPage(frame: PageContext, shown: TasksPage): Page {
  const { language } = frame;
  const t = secretariatText.in(language);
  const [open, over] = [shown.tasks.filter((one) => !isOver(one)), shown.tasks.filter(isOver)];
  return {
    title: t('tasks.title'),
    wide: true,
    body: (
      <>
        <BackLink href="/secretariat/desk">{t('desk.title')}</BackLink>
        <Told {...shown} language={language} />
        <PageHeading title={t('tasks.title')} lead={t('tasks.lead')} />
        {open.length === 0 ? <EmptyState title={t('tasks.none')} /> : <Rows frame={frame} rows={open} shown={shown} caption={t('tasks.title')} />}
        {frame.may('sitting.follow') ? <NewTask frame={frame} shown={shown} /> : null}
        {over.length === 0 ? null : <Section title={t('tasks.over')}><Rows frame={frame} rows={over} shown={shown} caption={t('tasks.over')} /></Section>}
      </>
    ),
  };
}

function Rows({ frame, rows, shown, caption }: { readonly frame: PageContext; readonly rows: readonly Task[]; readonly shown: TasksPage; readonly caption: string }): VNode {
  const { language } = frame;
  const t = secretariatText.in(language);
  const labelOf = (list: TasksPage['sittings'], id: string | undefined): string | undefined => list.find((one) => one.id === id)?.label;
  return (
    <Table
      caption={caption}
      captionHidden
      phone="stack"
      rows={rows}
      rowKey={(row) => row.id}
      columns={[
        {
          key: 'title',
          head: t('field.task'),
          rowHead: true,
          cell: (row) => (
            <>
              {row.title[language]}
              {row.sittingId === undefined ? null : <div><a href={`/secretariat/sittings/${row.sittingId}/desk`}>{labelOf(shown.sittings, row.sittingId) ?? t('field.sitting')}</a></div>}
              {row.motionId === undefined ? null : <div><a href={`/motions/${row.motionId}/desk`}>{labelOf(shown.motions, row.motionId) ?? t('field.motion')}</a></div>}
            </>
          ),
        },
        { key: 'owner', head: t('field.owner'), cell: (row) => row.owner },
        { key: 'due', head: t('field.due'), cell: (row) => formatDate(row.dueOn, language) },
        { key: 'state', head: t('field.state'), cell: (row) => <TaskTag state={row.state} isLate={!isOver(row) && row.dueOn < shown.today} language={language} /> },
        { key: 'outcome', head: t('field.outcome'), cell: (row) => (row.outcome === '' ? <Change frame={frame} task={row} /> : <>{row.outcome}<Change frame={frame} task={row} /></>) },
      ]}
    />
  );
}

function Change({ frame, task }: { readonly frame: PageContext; readonly task: Task }): VNode | null {
  const t = secretariatText.in(frame.language);
  if (!frame.may('sitting.follow')) return null;
  const href = `/secretariat/tasks/${task.id}`;
  const revision = String(task.revision);
  if (mayDo(TASK_LIFE, task.state, 'reopen')) return <Post action={href} fields={{ act: 'reopen', revision }} label={t('task.reopen')} about={task.title[frame.language]} tone="quiet" />;
  return (
    <>
      {mayDo(TASK_LIFE, task.state, 'begin') ? <Post action={href} fields={{ act: 'begin', revision }} label={t('task.begin')} about={task.title[frame.language]} /> : null}
      <Details summary={t('task.end')}>
        <form method="post" action={href}>
          <Hidden fields={{ revision }} />
          <Select name="act" id={`act-${task.id}`} label={t('task.how')} options={[{ value: 'finish', label: t('task-state.done') }, { value: 'drop', label: t('task-state.dropped') }]} />
          <TextArea name="outcome" id={`outcome-${task.id}`} rows={2} label={t('field.outcome')} maxLength={TEXT_CHARS_MAX} />
          <Button tone="secondary">{t('form.save')}</Button>
        </form>
      </Details>
    </>
  );
}

function NewTask({ frame, shown }: { readonly frame: PageContext; readonly shown: TasksPage }): VNode {
  const { language } = frame;
  const t = secretariatText.in(language);
  const { given, refusal } = shown;
  const hasFault = refusal !== undefined;
  return (
    <Details summary={t('task.new')} open={hasFault}>
      <form method="post" action="/secretariat/tasks">
        {LANGUAGES.map((spoken) => <TextInput key={spoken} name={`title-${spoken}`} label={fieldLabel(`title-${spoken}`, language)} value={given[`title-${spoken}`]} maxLength={TITLE_CHARS_MAX} error={errorIn(refusal, `title-${spoken}`, language)} />)}
        <TextInput name="owner" label={t('field.owner')} hint={t('task.owner-hint')} value={given['owner']} proposals={shown.people} error={errorIn(refusal, 'owner', language)} />
        <DateInput name="due" label={t('field.due')} value={given['due']} error={errorIn(refusal, 'due', language)} />
        <Select name="sitting" label={t('field.sitting')} value={given['sitting']} emptyLabel={t('form.none')} options={shown.sittings.map(({ id, label }) => ({ value: id, label }))} optional />
        <Select name="motion" label={t('field.motion')} value={given['motion']} emptyLabel={t('form.none')} options={shown.motions.map(({ id, label }) => ({ value: id, label }))} optional />
        <Button>{t('task.new')}</Button>
      </form>
    </Details>
  );
}
