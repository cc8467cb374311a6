/**
 * A sitting while it runs: who has the floor and for how long, who comes next, which item is called, who is there. Every act is an ordinary
 * form; parts marked `data-live` are the ones the island `sitting-live` replaces when something has changed.
 */

import type { ComponentChildren, VNode } from 'preact';
import { BackLink, Button, Details, FieldRow, Hidden, LinkButton, Notice, PageHeading, Section, Select, Tag, TextArea, TextInput } from '../../../platform/html/components/index.ts';
import type { Page, PageContext } from '../../../platform/html/index.ts';
import { formatNumber } from '../../../platform/text/index.ts';
import type { SittingView } from '../actions/open-secretariat.ts';
import { NAME_CHARS_MAX, SPEECH_KINDS, TEXT_CHARS_MAX } from '../model.ts';
import { agendaOf } from '../rules/agenda.ts';
import { type Floor, lastUndoable, queue, secondsLeft, type Speech } from '../rules/live.ts';
import { secretariatText } from '../text/index.ts';
import { type Outcome, Post, SittingTag, Told } from './words.tsx';

export interface LivePage extends Outcome {
  readonly view: SittingView;
  readonly nowMs: number;
  readonly personId: string | undefined;
  /** Path of the island. */
  readonly script: string;
  readonly typed?: Readonly<Record<string, string | undefined>>;
}

interface Part {
  readonly frame: PageContext;
  readonly shown: LivePage;
}

/** Without a script the page loads itself anew after so many seconds where nobody types. */
const PROJECTOR_REFRESH_S = 5;

export function livePage(frame: PageContext, shown: LivePage): Page {
  const { language } = frame;
  const t = secretariatText.in(language);
  const { sitting, live } = shown.view;
  const mayRun = frame.may('sitting.run');
  const isOn = live.state === 'running' || live.state === 'suspended';
  return {
    title: t('live.title', { number: sitting.number }),
    wide: true,
    scripts: [shown.script],
    body: (
      <div data-sitting={sitting.id} data-last={shown.view.history.length}>
        <BackLink href={`/secretariat/sittings/${sitting.id}/desk`}>{`${sitting.number} ${sitting.title[language]}`}</BackLink>
        <Told {...shown} language={language} />
        <PageHeading
          title={sitting.title[language]}
          tags={<span data-live="state"><SittingTag state={sitting.state} language={language} /></span>}
          actions={
            <>
              <LinkButton tone="secondary" href={`/secretariat/sittings/${sitting.id}/projector`}>{t('live.projector')}</LinkButton>
              <LinkButton tone="secondary" href={`/secretariat/sittings/${sitting.id}/live`}>{t('live.refresh')}</LinkButton>
            </>
          }
        />
        <div class="secretariat-live">
          <div>
            <div data-live="floor"><FloorPart frame={frame} shown={shown} /></div>
            <div data-live="queue"><QueuePart frame={frame} shown={shown} /></div>
            {isOn || live.state === 'before' ? <AskForm frame={frame} shown={shown} /> : null}
            {mayRun && isOn ? <NoteForm frame={frame} shown={shown} /> : null}
          </div>
          <div>
            {mayRun ? <div data-live="run"><RunPart frame={frame} shown={shown} /></div> : null}
            <div data-live="agenda"><AgendaPart frame={frame} shown={shown} /></div>
            <div data-live="attendance"><AttendancePart frame={frame} shown={shown} /></div>
            {mayRun && isOn ? <TimesForm frame={frame} shown={shown} /> : null}
          </div>
        </div>
        {mayRun ? <Details summary={t('live.keys')}><p>{t('live.keys-what')}</p></Details> : null}
      </div>
    ),
  };
}

function Act({ shown, act, label, fields = {}, tone = 'secondary', about, shortcut }: Pick<Part, 'shown'> & { readonly act: string; readonly label: ComponentChildren; readonly fields?: Readonly<Record<string, string>>; readonly tone?: 'primary' | 'secondary' | 'danger' | 'quiet'; readonly about?: string | undefined; readonly shortcut?: string }): VNode {
  return (
    <span data-shortcut={shortcut}>
      <Post action={`/secretariat/sittings/${shown.view.sitting.id}/acts`} fields={{ act, ...fields }} label={label} tone={tone} {...(about === undefined ? {} : { about })} />
    </span>
  );
}

const clock = (seconds: number): string => `${seconds < 0 ? '−' : ''}${Math.floor(Math.abs(seconds) / 60)}:${String(Math.abs(seconds) % 60).padStart(2, '0')}`;

export function Countdown({ floor, nowMs, frame }: { readonly floor: Floor; readonly nowMs: number; readonly frame: PageContext }): VNode {
  const left = secondsLeft(floor, nowMs);
  const t = secretariatText.in(frame.language);
  return (
    <span class={`secretariat-clock${left < 0 ? ' is-over' : left <= 30 ? ' is-short' : ''}`} role="timer" aria-label={t('live.left')} data-left={left} data-held={floor.heldSinceMs === undefined ? undefined : 'yes'}>
      {clock(left)}
    </span>
  );
}

const SPEECH_TONES = { pro: 'success', contra: 'error', intervention: 'info', question: 'brand', order: 'warning' } as const;

function SpeechTag({ speech, frame }: { readonly speech: Speech; readonly frame: PageContext }): VNode {
  return <Tag tone={SPEECH_TONES[speech.kind]} mark="full">{secretariatText.in(frame.language)(`speech.${speech.kind}`)}</Tag>;
}

function FloorPart({ frame, shown }: Part): VNode {
  const { language } = frame;
  const t = secretariatText.in(language);
  const { live, items } = shown.view;
  const item = items.find(({ id }) => id === live.item);
  const mayRun = frame.may('sitting.run');
  return (
    <Section title={item === undefined ? t('live.no-item') : item.title[language]} id="floor">
      {live.floor === undefined ? (
        <p>{t('live.floor-free')}</p>
      ) : (
        <>
          <p class="secretariat-speaker">
            <strong>{live.floor.speech.name}</strong> <SpeechTag speech={live.floor.speech} frame={frame} /> <Countdown floor={live.floor} nowMs={shown.nowMs} frame={frame} />
          </p>
          {live.interrupted === undefined ? null : <p class="muted">{t('live.interrupted', { name: live.interrupted.speech.name })}</p>}
          {mayRun && live.state === 'running' ? (
            <div class="secretariat-row">
              <Act shown={shown} act="floor-end" label={t('live.floor-end')} tone="primary" shortcut="E" />
              {live.floor.heldSinceMs === undefined ? <Act shown={shown} act="hold" label={t('live.hold')} shortcut="P" /> : <Act shown={shown} act="go-on" label={t('live.go-on')} shortcut="P" />}
            </div>
          ) : null}
        </>
      )}
    </Section>
  );
}

function QueuePart({ frame, shown }: Part): VNode {
  const t = secretariatText.in(frame.language);
  const { live } = shown.view;
  const waiting = queue(live);
  const mayRun = frame.may('sitting.run');
  const mayGive = (speech: Speech): boolean => mayRun && live.state === 'running' && (live.floor === undefined || (['question', 'order'].includes(speech.kind) && live.interrupted === undefined));
  const firstGiven = waiting.find(mayGive);
  return (
    <Section title={t('live.queue', { count: waiting.length })} lead={live.listIsOpen ? undefined : t('live.list-closed')} id="queue">
      {waiting.length === 0 ? <p>{t('live.queue-empty')}</p> : (
        <ol class="secretariat-queue">
          {waiting.map((speech) => (
            <li key={speech.number}>
              <span>{speech.name}</span> <SpeechTag speech={speech} frame={frame} />
              <span class="secretariat-row">
                {mayGive(speech) ? <Act shown={shown} act="floor" fields={{ speech: String(speech.number) }} label={t('live.give')} about={speech.name} {...(speech === firstGiven ? { tone: 'primary' as const, shortcut: 'N' } : {})} /> : null}
                {mayRun ? <Act shown={shown} act="take-back" fields={{ speech: String(speech.number) }} label={t('live.strike')} about={speech.name} tone="quiet" /> : speech.by !== undefined && speech.by === shown.personId ? <Post action={`/secretariat/sittings/${shown.view.sitting.id}/take-back`} fields={{ speech: String(speech.number) }} label={t('live.take-back')} /> : null}
              </span>
            </li>
          ))}
        </ol>
      )}
    </Section>
  );
}

function AskForm({ frame, shown }: Part): VNode | null {
  const t = secretariatText.in(frame.language);
  const { sitting } = shown.view;
  const options = SPEECH_KINDS.map((kind) => ({ value: kind, label: t(`speech.${kind}`) }));
  if (frame.may('sitting.run')) {
    return (
      <form method="post" action={`/secretariat/sittings/${sitting.id}/acts`} class="secretariat-form">
        <Hidden fields={{ act: 'ask' }} />
        <FieldRow>
          <TextInput name="name" label={t('live.name')} maxLength={NAME_CHARS_MAX} value={shown.typed?.['name']} width="20" />
          <Select name="kind" label={t('live.kind')} options={options} value={shown.typed?.['kind']} />
          <Button tone="secondary">{t('live.add')}</Button>
        </FieldRow>
      </form>
    );
  }
  if (!frame.may('sitting.speak')) return null;
  return (
    <form method="post" action={`/secretariat/sittings/${sitting.id}/ask`} class="secretariat-form">
      <FieldRow>
        <Select name="kind" label={t('live.kind')} options={options} />
        <Button>{t('live.ask')}</Button>
      </FieldRow>
    </form>
  );
}

function NoteForm({ frame, shown }: Part): VNode {
  const t = secretariatText.in(frame.language);
  return (
    <form method="post" action={`/secretariat/sittings/${shown.view.sitting.id}/acts`} class="secretariat-form">
      <Hidden fields={{ act: 'note' }} />
      <TextArea name="text" rows={2} label={t('live.note')} hint={t('live.note-hint')} maxLength={TEXT_CHARS_MAX} value={shown.typed?.['text']} />
      <Button tone="secondary">{t('live.note-add')}</Button>
    </form>
  );
}

function RunPart({ frame, shown }: Part): VNode {
  const t = secretariatText.in(frame.language);
  const { live, history, sitting } = shown.view;
  const last = lastUndoable(history);
  return (
    <Section title={t('live.run')} id="run">
      <div class="secretariat-row">
        {live.state === 'before' && sitting.state === 'convened' ? <Act shown={shown} act="open" label={t('live.open')} tone="primary" /> : null}
        {live.state === 'running' ? <Act shown={shown} act="suspend" label={t('live.suspend')} /> : null}
        {live.state === 'suspended' ? <Act shown={shown} act="resume" label={t('live.resume')} tone="primary" /> : null}
        {live.state === 'running' ? <Act shown={shown} act="list" fields={{ isOpen: live.listIsOpen ? 'no' : 'yes' }} label={t(live.listIsOpen ? 'live.close-list' : 'live.open-list')} /> : null}
        {last === undefined || sitting.state === 'closed' ? null : <Act shown={shown} act="undo" fields={{ seen: String(history.length) }} label={t('live.undo', { act: t(`act-name.${last.act.act}`) })} shortcut="U" />}
        {live.state === 'running' || live.state === 'suspended' ? <Act shown={shown} act="close" label={t('live.close')} tone="danger" /> : null}
      </div>
      {live.state === 'closed' ? <Notice tone="success" title={t('live.closed')}><p><a href={`/secretariat/sittings/${sitting.id}/desk`}>{t('live.to-minutes')}</a></p></Notice> : null}
    </Section>
  );
}

function AgendaPart({ frame, shown }: Part): VNode {
  const { language } = frame;
  const t = secretariatText.in(language);
  const { live, items } = shown.view;
  const mayRun = frame.may('sitting.run') && live.state === 'running';
  return (
    <Section title={t('sitting.agenda')} id="items">
      <ol class="secretariat-agenda">
        {agendaOf(items).map(({ item, number, depth }) => (
          <li key={item.id} class={`secretariat-line secretariat-depth-${depth}${live.item === item.id ? ' is-now' : ''}`} aria-current={live.item === item.id ? 'step' : undefined}>
            <span>
              <strong>{number}</strong> <a href={`/secretariat/items/${item.id}`}>{item.title[language]}</a> {live.done.has(item.id) ? <Tag tone="success" mark="full">{t('item.done')}</Tag> : null}
            </span>
            {!mayRun ? null : live.item === item.id ? <Act shown={shown} act="item-end" label={t('live.item-end')} about={number} /> : <Act shown={shown} act="item" fields={{ item: item.id }} label={t('live.call')} about={number} />}
          </li>
        ))}
      </ol>
    </Section>
  );
}

/** Shown as attendance only: no number of those present makes or unmakes a decision. */
function AttendancePart({ frame, shown }: Part): VNode {
  const { language } = frame;
  const t = secretariatText.in(language);
  const { live, seats, quorum } = shown.view;
  const mayRun = frame.may('sitting.run') && live.state !== 'closed';
  return (
    <Section title={t('live.attendance', { count: live.present.size, seats })} lead={t('live.attendance-what', { quorum, seats })} id="attendance">
      <ul class="secretariat-seats">
        {Array.from({ length: seats }, (_, index) => index + 1).map((seat) => {
          const way = live.present.get(seat);
          const label = `${formatNumber(seat, language)}${way === undefined ? '' : way === 'room' ? ' ●' : ' ◐'}`;
          const about = t(way === undefined ? 'live.absent' : way === 'room' ? 'live.in-room' : 'live.online');
          return (
            <li key={seat}>
              {mayRun ? <Act shown={shown} act={way === 'online' ? 'absent' : 'present'} fields={{ seat: String(seat), way: way === undefined ? 'room' : 'online' }} label={label} about={about} tone={way === undefined ? 'quiet' : 'secondary'} /> : <span aria-label={`${seat}, ${about}`} role="img">{label}</span>}
            </li>
          );
        })}
      </ul>
      <p class="muted">{t('live.attendance-key')}</p>
    </Section>
  );
}

function TimesForm({ frame, shown }: Part): VNode {
  const t = secretariatText.in(frame.language);
  const { live, sitting } = shown.view;
  return (
    <Details summary={t('live.times')}>
      <p>{SPEECH_KINDS.map((kind) => `${t(`speech.${kind}`)}: ${clock(live.seconds[kind])}`).join(', ')}</p>
      <form method="post" action={`/secretariat/sittings/${sitting.id}/acts`} class="secretariat-form">
        <Hidden fields={{ act: 'seconds' }} />
        <FieldRow>
          <Select name="kind" id="time-kind" label={t('live.kind')} options={SPEECH_KINDS.map((kind) => ({ value: kind, label: t(`speech.${kind}`) }))} />
          <TextInput name="seconds" label={t('live.seconds')} width="5" inputMode="numeric" value="180" />
          <Button tone="secondary">{t('form.save')}</Button>
        </FieldRow>
      </form>
    </Details>
  );
}

/** For the screen in the room: nothing to press, type that is read from the last row. */
export function projectorPage(frame: PageContext, shown: LivePage): Page {
  const { language } = frame;
  const t = secretariatText.in(language);
  const { sitting, live, items, seats } = shown.view;
  const line = agendaOf(items).find(({ item }) => item.id === live.item);
  const waiting = queue(live);
  return {
    title: `${t('live.projector')}. ${t('live.title', { number: sitting.number })}`,
    wide: true,
    scripts: [shown.script],
    refreshSeconds: PROJECTOR_REFRESH_S,
    body: (
      <div class="secretariat-projector" data-sitting={sitting.id} data-last={shown.view.history.length}>
        <div data-live="projector">
          <p class="secretariat-caption">{`${sitting.number} · ${t(`state.${sitting.state}`)} · ${t('live.attendance', { count: live.present.size, seats })}`}</p>
          <h1>{line === undefined ? sitting.title[language] : `${line.number}. ${line.item.title[language]}`}</h1>
          {live.floor === undefined ? <p class="secretariat-speaker">{t('live.floor-free')}</p> : (
            <>
              <p class="secretariat-speaker"><strong>{live.floor.speech.name}</strong> <SpeechTag speech={live.floor.speech} frame={frame} /></p>
              <p><Countdown floor={live.floor} nowMs={shown.nowMs} frame={frame} /></p>
            </>
          )}
          {waiting.length === 0 ? null : (
            <>
              <h2>{t('live.next')}</h2>
              <ol>{waiting.slice(0, 5).map((speech) => <li key={speech.number}>{speech.name} <SpeechTag speech={speech} frame={frame} /></li>)}</ol>
            </>
          )}
        </div>
        <p><a href={`/secretariat/sittings/${sitting.id}/live`}>{t('live.back')}</a></p>
      </div>
    ),
  };
}
