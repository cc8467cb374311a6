/** One motion: where it stands, what happens next, its texts and papers, amendments, effect and history; with forms for who may act. */

import type { ComponentChildren, VNode } from 'preact';
import { LANGUAGES, type Language } from '../../../base/index.ts';
import { Button, ButtonRow, DateInput, Details, DiffView, ErrorSummary, FileUpload, Hidden, LinkButton, Notice, PageHeading, Section, Select, SummaryList, type SummaryRow, Table, Tag, TextArea, TextInput, Timeline } from '../../../platform/html/components/index.ts';
import type { Page, PageContext } from '../../../platform/html/index.ts';
import { JobProgress, jobRefreshSeconds, type JobView } from '../../../platform/jobs/index.ts';
import { formatDate } from '../../../platform/text/index.ts';
import { type Amendment, AMENDMENT_ACTS, type AnnexRow, type Motion, type MotionView, REASON_CHARS_MAX } from '../model.ts';
import { KIND_RULES } from '../rules/kinds.ts';
import { type Act, isOpenToChange, mayAct } from '../rules/life.ts';
import { paragraphsOf, shortDigest } from '../rules/motion-words.ts';
import { className, effectWhy, fieldLabel, wordOf } from '../rules/words.ts';
import { motionText } from '../text/index.ts';
import { motionHref, numberOf, StateTag } from './list-page.tsx';

export interface PageParts {
  readonly view: MotionView;
  /** What features above know of it. */
  readonly also: VNode | undefined;
  readonly preview: { readonly manifest: string; readonly digest: string } | undefined;
  readonly isDesk: boolean;
  readonly decisionHref: string | undefined;
  readonly systemName: string | undefined;
  readonly supported: boolean;
  readonly job: JobView | undefined;
  readonly said: string | undefined;
  readonly refusal: string | undefined;
  readonly typed?: Readonly<Record<string, string>>;
}

const when = (at: string, language: Language): string => formatDate(at, language, { dateStyle: 'long', timeStyle: 'short', timeZone: 'UTC' });

export function motionPage(frame: PageContext, parts: PageParts): Page {
  const { language } = frame;
  const t = motionText.in(language);
  const { view, isDesk } = parts;
  const { motion } = view;
  const isRunning = isDesk && parts.job !== undefined && motion.state === 'scheduled';
  return {
    title: `${motion.title[language]}${isDesk ? ` – ${t('list.desk-title')}` : ''}`,
    wide: true,
    ...(isRunning && parts.job !== undefined ? { refreshSeconds: jobRefreshSeconds(parts.job) } : {}),
    body: (
      <>
        {parts.refusal === undefined ? null : <ErrorSummary errors={[{ message: parts.refusal }]} />}
        {parts.said === undefined ? null : <Notice tone="success" announce title={parts.said} />}
        <PageHeading
          caption={`${numberOf(motion, language)} · ${t(`kind.${motion.kind}`)}`}
          title={motion.title[language]}
          tags={<StateTag state={motion.state} language={language} />}
          actions={<Actions frame={frame} parts={parts} />}
        />
        <Next parts={parts} language={language} />
        {isRunning && parts.job !== undefined ? <JobProgress job={parts.job} language={language} returnTo={`/motions/${motion.id}/desk`} /> : null}
        {view.sameText.length === 0 ? null : (
          <Notice tone="warning" title={t('page.same-text')}>
            <ul>
              {view.sameText.map((one) => (
                <li key={one.id}>
                  <a href={motionHref(one, isDesk ? '/motions/desk' : '/motions')}>{`${numberOf(one, language)} ${one.title[language]}`}</a> ({t(`state.${one.state}`)})
                </li>
              ))}
            </ul>
          </Notice>
        )}
        {isDesk ? <Forms frame={frame} parts={parts} /> : null}
        <Section title={t('page.about')}>
          <SummaryList rows={aboutRows(parts, language)} />
        </Section>
        {parts.also ?? null}
        <Effect motion={motion} frame={frame} isDesk={isDesk} />
        <Texts motion={motion} language={language} />
        <Annexes frame={frame} parts={parts} />
        <Amendments frame={frame} parts={parts} />
        <Section title={t('page.history')}>
          <Timeline items={view.events.map((event) => ({ title: wordOf(`event.${event.act}`, event.act, language), date: event.at, when: when(event.at, language), children: detailOf(event.act, event.detail, language) }))} />
        </Section>
      </>
    ),
  };
}

function detailOf(act: string, detail: string | undefined, language: Language): ComponentChildren {
  if (detail === undefined || detail === '') return undefined;
  if (act === 'schedule') return <code>{shortDigest(detail)}</code>;
  if (act === 'effect-failed') return effectWhy(detail, language);
  return /^\d{4}-\d{2}-\d{2}T/.test(detail) ? when(detail, language) : detail;
}

function Actions({ frame, parts }: { readonly frame: PageContext; readonly parts: PageParts }): VNode {
  const t = motionText.in(frame.language);
  const { motion } = parts.view;
  const href = `/motions/${motion.id}`;
  return (
    <>
      {motion.state === 'draft' ? null : <LinkButton tone="secondary" href={`${href}/papers.pdf?lang=${frame.language}`}>{t('page.pdf')}</LinkButton>}
      {parts.decisionHref === undefined ? null : <LinkButton href={parts.decisionHref}>{t('page.decision')}</LinkButton>}
      {motion.closesAt === undefined ? null : <LinkButton tone="secondary" href={`${href}/calendar.ics`}>{t('page.calendar')}</LinkButton>}
      {!parts.isDesk && frame.may('motion.see') ? <LinkButton tone="secondary" href={`${href}/desk`}>{t('list.to-desk')}</LinkButton> : null}
      {parts.isDesk && mayAct(motion.state, 'edit') && frame.may('motion.write') ? <LinkButton href={`${href}/edit`}>{t('page.edit')}</LinkButton> : null}
      {parts.isDesk && frame.may('motion.write') && motion.number !== undefined && ['submitted', 'admissible'].includes(motion.state) ? <LinkButton tone="secondary" href={`/motions/new?rival=${motion.id}`}>{t('page.rival')}</LinkButton> : null}
    </>
  );
}

function Next({ parts, language }: { readonly parts: PageParts; readonly language: Language }): VNode {
  const t = motionText.in(language);
  const { motion, supportersMin, round } = parts.view;
  const stage = motion.state === 'open' && (round?.stage === 'committing' || round?.stage === 'revealing' || round?.stage === 'closing') ? t(`stage.${round.stage}`) : undefined;
  return (
    <Notice title={t('page.next')} {...(parts.view.isStalled ? { tone: 'error' as const } : {})}>
      <p>{t(`next.${motion.state}`, { needed: supportersMin, have: motion.supporters, closes: motion.closesAt === undefined ? '' : when(motion.closesAt, language), force: motion.inForceAt === undefined ? '' : when(motion.inForceAt, language) })}</p>
      {stage === undefined ? null : <p>{stage}</p>}
      {parts.view.isStalled ? <p><strong>{t('stage.stalled')}</strong> <a href="/council#under-way">{t('stage.stalled-why')}</a></p> : null}
      {motion.lapsesAt === undefined ? null : <p>{t('next.lapses', { at: when(motion.lapsesAt, language) })}</p>}
    </Notice>
  );
}

function aboutRows({ view, preview, isDesk, systemName }: PageParts, language: Language): readonly SummaryRow[] {
  const t = motionText.in(language);
  const { motion, rivals } = view;
  const base = isDesk ? '/motions/desk' : '/motions';
  const subject = KIND_RULES[motion.kind].fields.flatMap(({ name, type }): SummaryRow[] => {
    const value = motion.subject[name];
    if (value === undefined) return [];
    const shown = type === 'system' ? <a href={`/registry/${value}`}>{systemName ?? value}</a> : type === 'motion' ? <a href={`/motions/${value}`}>{value}</a> : type === 'pack' ? <code>{shortDigest(value)}</code> : type === 'roll' ? t('page.roll-annex') : type === 'date' ? formatDate(value, language) : value;
    return [{ label: fieldLabel(`subject-${name}`, language), value: shown }];
  });
  return [
    ...subject,
    { label: t('field.class'), value: className(motion.class, language) },
    { label: t('field.basis'), value: <ul>{motion.basis.map((one) => <li key={one}>{one}</li>)}</ul> },
    { label: t('field.parties'), value: motion.parties.length === 0 ? t('page.none') : motion.parties.join(', ') },
    ...(isDesk && motion.moverName !== '' ? [{ label: t('page.mover'), value: motion.moverName }] : []),
    { label: t('page.supporters'), value: String(motion.supporters) },
    ...(motion.slot === undefined ? [] : [{ label: t('page.slot'), value: t('page.slot-round', { slot: motion.slot, round: motion.round }) }]),
    ...(rivals.length === 0 ? [] : [{ label: t('page.rivals'), value: <ul>{rivals.map((one) => <li key={one.id}><a href={motionHref(one, base)}>{`${numberOf(one, language)} ${one.title[language]}`}</a></li>)}</ul> }]),
    ...(preview === undefined ? [] : [{ label: t(motion.digest === undefined ? 'page.digest-preview' : 'page.digest'), value: <><strong class="motions-digest">{shortDigest(preview.digest)}</strong><Details summary={t('page.manifest')}><pre class="motions-manifest">{preview.manifest}</pre></Details></> }]),
    ...(motion.amendUntil === undefined ? [] : [{ label: t('field.amend-until'), value: formatDate(motion.amendUntil, language) }]),
    ...(motion.closesAt === undefined ? [] : [{ label: t('page.closes'), value: when(motion.closesAt, language) }]),
    ...(motion.inForceAt === undefined ? [] : [{ label: t('page.in-force'), value: when(motion.inForceAt, language) }]),
  ];
}

function Effect({ motion, frame, isDesk }: { readonly motion: Motion; readonly frame: PageContext; readonly isDesk: boolean }): VNode {
  const { language } = frame;
  const t = motionText.in(language);
  return (
    <Section title={t('page.effect')} id="effect">
      <p>{t(`effect.${motion.kind}`)}</p>
      {KIND_RULES[motion.kind].effect === 'recorded' ? <Notice tone="warning" title={t('effect.recorded-title')}>{t('effect.recorded-body')}</Notice> : null}
      {motion.effect === 'none' ? null : (
        <Notice tone={motion.effect === 'failed' ? 'error' : motion.effect === 'done' || motion.effect === 'recorded' ? 'success' : 'info'} title={t(`effect-state.${motion.effect}`)}>
          {motion.effectWhy === undefined ? null : <p>{effectWhy(motion.effectWhy, language)}</p>}
          {isDesk && motion.effect === 'failed' && frame.may('motion.follow') ? <Post motion={motion} act="effect" label={t('act.effect')} /> : null}
        </Notice>
      )}
    </Section>
  );
}

function Texts({ motion, language }: { readonly motion: Motion; readonly language: Language }): VNode {
  const t = motionText.in(language);
  const order = [language, ...LANGUAGES.filter((one) => one !== language)];
  return (
    <Section title={t('page.texts')} lead={t('page.authentic', { language: t(`language.${motion.authentic}`) })}>
      {order.map((spoken) => (
        <Details key={spoken} open={spoken === language} summary={`${t(`language.${spoken}`)}${spoken === motion.authentic ? ` (${t('page.authentic-mark')})` : ''}`}>
          <div lang={spoken}>
            <h3>{motion.title[spoken]}</h3>
            <ol class="motions-paragraphs">
              {paragraphsOf(motion.body[spoken]).map((paragraph, index) => (
                <li key={index}>{paragraph}</li>
              ))}
            </ol>
          </div>
        </Details>
      ))}
    </Section>
  );
}

function Annexes({ frame, parts }: { readonly frame: PageContext; readonly parts: PageParts }): VNode | null {
  const { language } = frame;
  const t = motionText.in(language);
  const { annexes, motion } = parts.view;
  if (annexes.length === 0) return null;
  const mayRemove = parts.isDesk && isOpenToChange(motion.state) && frame.may('motion.write') && annexes.some(({ source }) => source === 'file');
  return (
    <Section title={t('page.annexes')} lead={t('page.annexes-lead')}>
      <Table
        caption={t('page.annexes')}
        captionHidden
        phone="stack"
        rows={annexes}
        rowKey={(row) => row.position}
        columns={[
          { key: 'n', head: '№', width: 'narrow', cell: (_, index) => String(index + 1) },
          { key: 'name', head: t('annex.name'), rowHead: true, cell: (row) => (motion.state === 'draft' ? row.name : <a href={`/motions/v1/annexes/${row.sha256}`}>{row.name}</a>) },
          { key: 'source', head: t('annex.source'), cell: (row) => wordOf(`annex.${row.source.replace(':', '-')}`, t('annex.file'), language) },
          { key: 'bytes', head: t('annex.bytes'), numeric: true, cell: (row) => String(row.bytes) },
          { key: 'sha256', head: 'SHA-256', cell: (row) => <code>{shortDigest(row.sha256)}</code> },
          ...(mayRemove ? [{ key: 'remove', head: '', cell: (row: AnnexRow) => (row.source === 'file' ? <Post motion={motion} act={`annexes/${row.position}/remove`} label={t('annex.remove')} tone="secondary" /> : null) }] : []),
        ]}
      />
    </Section>
  );
}

function Amendments({ frame, parts }: { readonly frame: PageContext; readonly parts: PageParts }): VNode | null {
  const { language } = frame;
  const t = motionText.in(language);
  const { motion, amendments } = parts.view;
  const mayPropose = parts.isDesk && mayAct(motion.state, 'amend') && frame.may('motion.amend');
  if (amendments.length === 0 && !mayPropose) return null;
  return (
    <Section title={t('page.amendments')} id="amendments" lead={t('page.amendments-lead')}>
      {amendments.map((amendment) => (
        <AmendmentCard key={amendment.id} amendment={amendment} frame={frame} parts={parts} />
      ))}
      {mayPropose ? <AmendmentForm frame={frame} parts={parts} /> : null}
    </Section>
  );
}

function AmendmentCard({ amendment, frame, parts }: { readonly amendment: Amendment; readonly frame: PageContext; readonly parts: PageParts }): VNode {
  const { language } = frame;
  const t = motionText.in(language);
  const { motion } = parts.view;
  const before = amendment.act === 'insert' ? undefined : paragraphsOf(motion.body[language])[amendment.paragraph - 1];
  const canDecide = parts.isDesk && amendment.state === 'proposed' && mayAct(motion.state, 'amend');
  return (
    <article class="motions-amendment">
      <h3>
        {t('amendment.head', { number: amendment.number })} <Tag tone={amendment.state === 'adopted' ? 'success' : amendment.state === 'proposed' ? 'info' : 'neutral'}>{t(`amendment-state.${amendment.state}`)}</Tag>
      </h3>
      {amendment.state === 'proposed' ? (
        <DiffView changes={[{ label: t(`amendment-act.${amendment.act}`, { paragraph: amendment.paragraph }), ...(before === undefined ? {} : { before }), ...(amendment.act === 'delete' ? {} : { after: amendment.text[language] }) }]} />
      ) : (
        <p>
          {t(`amendment-act.${amendment.act}`, { paragraph: amendment.paragraph })} {amendment.text[language]}
        </p>
      )}
      <p>{amendment.reason}</p>
      <p class="muted">
        {parts.isDesk && amendment.moverName !== '' ? `${amendment.moverName}, ` : ''}
        {t('amendment.supporters', { count: amendment.supporters })}
      </p>
      {!canDecide ? null : (
        <ButtonRow>
          {frame.may('motion.support') ? <Post motion={motion} act={`amendments/${amendment.id}/support`} label={t('act.support')} tone="secondary" /> : null}
          {frame.may('motion.admit') ? <Post motion={motion} act={`amendments/${amendment.id}/adopt`} label={t('act.adopt-amendment')} /> : null}
          {frame.may('motion.admit') ? <Post motion={motion} act={`amendments/${amendment.id}/reject`} label={t('act.reject-amendment')} tone="secondary" /> : null}
        </ButtonRow>
      )}
    </article>
  );
}

function AmendmentForm({ frame, parts }: { readonly frame: PageContext; readonly parts: PageParts }): VNode {
  const { language } = frame;
  const t = motionText.in(language);
  const typed = parts.typed ?? {};
  return (
    <Details summary={t('amendment.propose')} open={parts.typed !== undefined}>
      <form method="post" action={`/motions/${parts.view.motion.id}/amendments`}>
        <Select name="act" label={t('amendment.act')} value={typed['act']} options={AMENDMENT_ACTS.map((act) => ({ value: act, label: t(`amendment-choice.${act}`) }))} />
        <TextInput name="paragraph" label={t('amendment.paragraph')} hint={t('amendment.paragraph-hint')} inputMode="numeric" width="5" value={typed['paragraph']} required />
        {LANGUAGES.map((spoken) => (
          <TextArea key={spoken} name={`text-${spoken}`} rows={3} label={t('amendment.text', { language: t(`language.${spoken}`) })} value={typed[`text-${spoken}`]} />
        ))}
        <TextArea name="reason" rows={2} label={t('amendment.reason')} value={typed['reason']} maxLength={REASON_CHARS_MAX} required />
        <ButtonRow>
          <Button>{t('amendment.send')}</Button>
        </ButtonRow>
      </form>
    </Details>
  );
}

function Post({ motion, act, label, tone, children }: { readonly motion: Motion; readonly act: string; readonly label: string; readonly tone?: 'secondary'; readonly children?: ComponentChildren }): VNode {
  return (
    <form method="post" action={`/motions/${motion.id}/${act}`}>
      {children}
      <Button tone={tone ?? 'primary'}>{label}</Button>
    </form>
  );
}

/** What the reader may do now; nothing that would be refused for the state is offered. */
function Forms({ frame, parts }: { readonly frame: PageContext; readonly parts: PageParts }): VNode | null {
  const t = motionText.in(frame.language);
  const { motion } = parts.view;
  const can = (act: Act, policy: Parameters<PageContext['may']>[0]): boolean => mayAct(motion.state, act) && frame.may(policy);
  const jobOver = parts.job === undefined || parts.job.state === 'failed' || parts.job.state === 'cancelled';
  const why = (name: 'admit' | 'refuse' | 'complete' | 'withdraw'): VNode => <TextArea name="why" id={`why-${name}`} rows={2} label={t(`why.${name}`)} maxLength={REASON_CHARS_MAX} required />;
  const forms = [
    can('submit', 'motion.write') ? <Post key="submit" motion={motion} act="submit" label={t('act.submit')} /> : null,
    can('support', 'motion.support') ? parts.supported ? <Post key="unsupport" motion={motion} act="unsupport" label={t('act.unsupport')} tone="secondary" /> : <Post key="support" motion={motion} act="support" label={t('act.support')} /> : null,
    can('admit', 'motion.admit') ? <Post key="admit" motion={motion} act="admit" label={t('act.admit')}>{why('admit')}<DateInput name="amend-until" label={t('field.amend-until')} optional /></Post> : null,
    can('refuse', 'motion.admit') ? <Post key="refuse" motion={motion} act="refuse" label={t('act.refuse')} tone="secondary">{why('refuse')}</Post> : null,
    can('schedule', 'motion.schedule') ? <Post key="schedule" motion={motion} act="schedule" label={t('act.schedule')} /> : null,
    can('open', 'motion.schedule') && jobOver ? <Post key="retry" motion={motion} act="retry" label={t('act.retry')} /> : null,
    can('cancel-opening', 'motion.schedule') ? <Post key="cancel" motion={motion} act="cancel-opening" label={t('act.cancel-opening')} tone="secondary" /> : null,
    can('complete', 'motion.follow') ? <Post key="complete" motion={motion} act="complete" label={t('act.complete')}>{why('complete')}</Post> : null,
    can('withdraw', 'motion.write') ? <Details key="withdraw" summary={t('act.withdraw')}><Post motion={motion} act="withdraw" label={t('act.withdraw')} tone="secondary">{why('withdraw')}</Post></Details> : null,
    isOpenToChange(motion.state) && frame.may('motion.write') ? (
      <Details key="annex" summary={t('act.annex')}>
        <form method="post" action={`/motions/${motion.id}/annexes`} encType="multipart/form-data">
          <FileUpload name="file" label={t('annex.choose')} required />
          <Button tone="secondary">{t('act.annex')}</Button>
        </form>
      </Details>
    ) : null,
    ['inadmissible', 'not-carried', 'standstill'].includes(motion.state) && frame.may('motion.write') ? (
      <Details key="demand" summary={t('act.demand')}>
        <Post motion={motion} act="demand" label={t('act.demand')} tone="secondary">
          <Hidden fields={{}} />
          <TextArea name="note" rows={8} code label={t('demand.note')} hint={t('demand.hint')} required />
        </Post>
      </Details>
    ) : null,
  ].filter((one) => one !== null);
  return forms.length === 0 ? null : <Section title={t('page.act')}><div class="motions-acts">{forms}</div></Section>;
}
