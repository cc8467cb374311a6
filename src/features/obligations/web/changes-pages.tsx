/** Pages of a change of law: what is in force and what waits, what a version would do, one system in full, and the act of adoption. */

import type { ComponentChildren, VNode } from 'preact';
import type { Language } from '../../../base/index.ts';
import { type DutiesDecision, entriesOf, type Outcome, type Pack, type PackDiff, type Result } from '../../../law/index.ts';
import { barChart } from '../../../platform/charts/index.ts';
import { AuthorField, LookOnly, type Page, type PageContext } from '../../../platform/html/index.ts';
import { Breadcrumbs, Button, ButtonRow, Card, ChartFigure, EmptyState, ErrorSummary, Grid, Hidden, LinkButton, Notice, PageHeading, Pagination, ResultTag, Section, Stat, Stats, SummaryList, Table, Tag, TextArea, Timeline } from '../../../platform/html/components/index.ts';
import { JobProgress, jobRefreshSeconds, type JobView } from '../../../platform/jobs/index.ts';
import { formatDate, formatNumber, formatTime } from '../../../platform/text/index.ts';
import { headlineOf } from '../../assessment/index.ts';
import { type Adoption, AUTHOR_LENGTH_MAX, INSTALLATION, type InstalledPack, literalList, PackStatusTag, REASON_LENGTH_MAX, termsIn } from '../../lawbook/index.ts';
import type { EffectDetail } from '../actions/open-changes.ts';
import type { DutyEffect, EffectItem, EffectRun, RegimeEffect } from '../model.ts';
import { markWords, pointWords } from '../rules/point-words.ts';
import { obligationsText } from '../text/index.ts';

const BARS_MAX = 15;
const POINTS_SHOWN_MAX = 3;
const COUNTS_SHOWN_MAX = 60;
const MOVED_SHOWN_MAX = 40;
/** What a changed entry is called when it is one of the law's dates or figures. */

export interface ChangesView {
  readonly inForce: readonly Pack[];
  readonly installed: readonly InstalledPack[];
  readonly adoptions: readonly Adoption[];
  readonly runs: readonly EffectRun[];
  /** Packs that stand beside the main law, by digest: they are adopted without a measurement. */
  readonly beside: ReadonlySet<string>;
  readonly adopted?: Adoption | undefined;
}

export function changesPage(frame: PageContext, view: ChangesView): Page {
  const { language } = frame;
  const t = obligationsText.in(language);
  const waiting = view.installed.filter((one) => !one.isInForce);
  return {
    title: t('changes.title'),
    wide: true,
    body: (
      <>
        {view.adopted === undefined ? null : <Notice tone="success">{t('changes.adopt.done', { pack: view.adopted.pack.id, version: view.adopted.pack.version })}</Notice>}
        <PageHeading title={t('changes.title')} lead={t('changes.lead')} />
        <Section title={t('changes.in-force')}>
          <Grid size="large">
            {view.inForce.map((pack) => {
              const act = view.adoptions.find((one) => one.pack.digest === pack.ref.digest && one.act === 'adopt');
              return (
                <Card key={pack.ref.digest} title={`${pack.title[language]} ${pack.ref.version}`} href={`/lawbook/${pack.ref.id}`} meta={<PackStatusTag status={pack.status} language={language} />}>
                  <p>{t(`changes.in-force.${pack.place}`)}</p>
                  {pack.place === 'main' && act?.author === INSTALLATION && frame.may('law.adopt') ? (
                    <p>
                      <a href="/obligations/changes/as-it-stands">{t('changes.keep.link')}</a>
                    </p>
                  ) : null}
                  {act === undefined ? null : <p class="hint">{t('changes.since', { date: formatDate(act.adoptedAt, language), author: authorWords(act.author, language) })}</p>}
                  <p class="hint">
                    <code>{pack.ref.digest.slice(0, 16)}</code>
                  </p>
                </Card>
              );
            })}
          </Grid>
        </Section>
        <Section title={t('changes.waiting')} id="waiting">
          {waiting.length === 0 ? (
            <EmptyState title={t('changes.waiting.none')} action={<LinkButton tone="secondary" href="/lawdesk">{t('changes.waiting.install')}</LinkButton>} />
          ) : (
            <>
              <Table
                caption={t('changes.waiting')}
                captionHidden
                phone="stack"
                rows={waiting}
                rowKey={(one) => one.ref.digest}
                columns={[
                  { key: 'pack', head: t('changes.pack'), rowHead: true, cell: (one) => <a href={`/lawdesk/packs/${one.ref.digest}`}>{one.ref.id}</a> },
                  { key: 'version', head: t('changes.version'), cell: (one) => one.ref.version },
                  { key: 'status', head: t('changes.status'), cell: (one) => <PackStatusTag status={one.status as Pack['status']} language={language} /> },
                  { key: 'installed', head: t('changes.installed-at'), cell: (one) => formatDate(one.installedAt, language) },
                  {
                    key: 'act',
                    head: t('changes.next-step'),
                    cell: (one) =>
                      view.beside.has(one.ref.digest) ? (
                        <a href={`/obligations/changes/beside/${one.ref.digest}`}>{t('changes.beside.look')}</a>
                      ) : !frame.may('law.measure') ? null : (
                        <form method="post" action="/obligations/changes">
                          <Hidden fields={{ digest: one.ref.digest }} />
                          <Button tone="secondary">{t('changes.measure')}</Button>
                        </form>
                      ),
                  },
                ]}
              />
              <p>
                <a href="/lawdesk">{t('changes.waiting.install')}</a>
              </p>
            </>
          )}
        </Section>
        <Section title={t('changes.runs')}>
          {view.runs.length === 0 ? (
            <p class="hint">{t('changes.runs.none')}</p>
          ) : (
            <Table
              caption={t('changes.runs')}
              captionHidden
              phone="stack"
              rows={view.runs}
              rowKey={(run) => run.id}
              columns={[
                { key: 'when', head: t('changes.run.when'), rowHead: true, cell: (run) => <a href={`/obligations/changes/${run.id}`}>{formatTime(run.startedAt, language)}</a> },
                { key: 'change', head: t('changes.run.change'), cell: (run) => t('changes.run.from-to', { from: versionWords(run.from), to: versionWords(run.to) }) },
                { key: 'affected', head: t('changes.run.affected'), numeric: true, cell: (run) => (run.summary === undefined ? t('changes.run.running') : formatNumber(run.summary.affected, language)) },
              ]}
            />
          )}
        </Section>
        <Section title={t('changes.acts')}>
          <Timeline items={view.adoptions.map((act) => actItem(act, language))} />
        </Section>
      </>
    ),
  };
}

function actItem(act: Adoption, language: Language) {
  const t = obligationsText.in(language);
  const effects = act.effects as { readonly affected?: number; readonly systems?: number; readonly run?: string } | null | undefined;
  return {
    title: t(act.previousDigest === act.pack.digest ? 'changes.act.keep' : `changes.act.${act.act}`, { pack: act.pack.id, version: act.pack.version }),
    date: act.adoptedAt,
    when: formatDate(act.adoptedAt, language),
    children: (
      <>
        <p>{t('changes.act.by', { author: authorWords(act.author, language) })}</p>
        {act.author === INSTALLATION ? null : <p>{act.reason}</p>}
        {typeof effects?.affected === 'number' && typeof effects.systems === 'number' ? (
          <p>
            <a href={`/obligations/changes/${effects.run ?? ''}`}>{t('changes.act.effects', { affected: effects.affected, systems: effects.systems })}</a>
          </p>
        ) : null}
        <p class="hint">
          <code class="obligations-digest">{act.pack.digest}</code>
        </p>
      </>
    ),
  };
}

function authorWords(author: string, language: Language): string {
  return author === INSTALLATION ? obligationsText.in(language)('changes.act.installation') : author;
}

function versionWords(ref: { readonly id: string; readonly version: string }): string {
  return `${ref.id} ${ref.version}`;
}

export interface RunView {
  readonly run: EffectRun;
  readonly job: JobView | undefined;
  /** The newer pack first: labels are taken from it where it has them. */
  readonly packs: readonly Pack[];
  readonly diff: PackDiff | undefined;
  readonly inForce: Pack | undefined;
  readonly items: readonly EffectItem[];
  readonly touches?: string | undefined;
  readonly firstHref?: string | undefined;
  readonly nextHref?: string | undefined;
  readonly progressScript: string;
  readonly refusal?: { readonly message: string; readonly author: string; readonly reason: string } | undefined;
}

export function runPage(frame: PageContext, view: RunView): Page {
  const { language } = frame;
  const { run, job } = view;
  const t = obligationsText.in(language);
  const isBusy = run.summary === undefined && job !== undefined && jobRefreshSeconds(job) !== undefined;
  const [from, to] = [versionWords(run.from), versionWords(run.to)];
  return {
    title: t('changes.run.title', { to }),
    wide: true,
    ...(isBusy ? { scripts: [view.progressScript], refreshSeconds: 2 } : {}),
    body: (
      <>
        <Breadcrumbs items={[{ label: t('changes.title'), href: '/obligations/changes' }]} />
        {view.refusal === undefined ? null : <ErrorSummary errors={[{ message: view.refusal.message, field: view.inForce?.ref.digest === run.from.digest ? signField(frame) : undefined }]} />}
        <PageHeading title={t('changes.run.title', { to })} lead={t('changes.run.lead', { from, to, asOf: formatDate(run.asOf, language), knownOn: formatDate(run.knownOn, language) })} />
        {run.summary !== undefined ? null : isBusy && job !== undefined ? <JobProgress job={job} language={language} returnTo={`/obligations/changes/${run.id}`} /> : <Notice tone="error">{t('changes.run.failed')}</Notice>}
        {run.summary === undefined ? null : <RunFigures view={view} language={language} />}
        {view.diff === undefined ? null : <LawDifference diff={view.diff} packs={view.packs} language={language} />}
        {run.summary === undefined || run.summary.affected === 0 ? null : <AffectedSystems view={view} language={language} />}
        {run.summary === undefined ? null : <AdoptForm frame={frame} view={view} />}
      </>
    ),
  };
}

function RunFigures({ view, language }: { readonly view: RunView; readonly language: Language }): VNode | null {
  const { run, packs } = view;
  const t = obligationsText.in(language);
  if (run.summary === undefined) return null;
  const { systems, affected, withDropped, counts, headlines } = run.summary;
  const newer = packs[0];
  const shown = counts.slice(0, COUNTS_SHOWN_MAX);
  const words = (point: string, shift: string): string => t('changes.list.points', { label: pointWords(packs, point, language), shift: t(`changes.shift.${shift as RegimeEffect['shift'] | DutyEffect['shift']}`) });
  const top = counts[0];
  return (
    <>
      <Stats>
        <Stat label={t('changes.run.systems')} value={formatNumber(systems, language)} />
        <Stat label={t('changes.run.affected-stat')} value={formatNumber(affected, language)} />
        <Stat label={t('changes.run.dropped')} value={formatNumber(withDropped, language)} />
      </Stats>
      {affected === 0 ? <Notice>{t('changes.run.nothing')}</Notice> : null}
      {headlines.length === 0 || newer === undefined ? null : (
        <Section title={t('changes.run.headlines')}>
          <Table
            caption={t('changes.run.headlines')}
            captionHidden
            dense
            rows={headlines}
            rowKey={(one) => `${one.from} ${one.to}`}
            columns={[
              { key: 'from', head: t('changes.from'), rowHead: true, cell: (one) => headlineOf(packs.at(-1) ?? newer, one.from, language) },
              { key: 'to', head: t('changes.to'), cell: (one) => headlineOf(newer, one.to, language) },
              { key: 'systems', head: t('changes.systems'), numeric: true, cell: (one) => formatNumber(one.systems, language) },
            ]}
          />
        </Section>
      )}
      {top === undefined ? null : (
        <Section title={t('changes.counts')}>
          <ChartFigure
            title={t('changes.counts.chart')}
            chart={barChart({ language, categoryLabel: t('changes.point'), valueLabel: t('changes.systems'), bars: counts.slice(0, BARS_MAX).map((one) => ({ label: words(one.point, one.shift), value: one.systems })) })}
            note={t('changes.counts.chart.note', { point: words(top.point, top.shift), systems: formatNumber(top.systems, language) })}
          />
          <Table
            caption={t('changes.counts')}
            captionHidden
            dense
            rows={shown}
            rowKey={(one) => `${one.point} ${one.shift}`}
            columns={[
              { key: 'point', head: t('changes.point'), rowHead: true, cell: (one) => <PointName packs={packs} point={one.point} language={language} /> },
              { key: 'shift', head: t('changes.shift'), cell: (one) => t(`changes.shift.${one.shift}`) },
              { key: 'systems', head: t('changes.systems'), numeric: true, cell: (one) => <a href={`/obligations/changes/${run.id}?touches=${encodeURIComponent(one.point)}#systems`}>{formatNumber(one.systems, language)}</a> },
            ]}
          />
        </Section>
      )}
    </>
  );
}

function PointName({ packs, point, language }: { readonly packs: readonly Pack[]; readonly point: string; readonly language: Language }): VNode {
  const t = obligationsText.in(language);
  return (
    <>
      {pointWords(packs, point, language)} <span class="hint">({point.startsWith('duty:') ? t('changes.kind.duty') : t('changes.kind.regime')})</span>
    </>
  );
}

function LawDifference({ diff, packs, language }: { readonly diff: PackDiff; readonly packs: readonly Pack[]; readonly language: Language }): VNode {
  const t = obligationsText.in(language);
  const law = diff.entries.filter((entry) => entry.concern === 'law').length;
  return (
    <Section title={t('changes.law')}>
      <p>{t('changes.law.entries', { law, other: diff.entries.length - law })}</p>
      {diff.movedDates.length === 0 ? null : (
        <Table
          caption={t('changes.law.moved')}
          dense
          rows={diff.movedDates.slice(0, MOVED_SHOWN_MAX)}
          rowKey={(one) => `${one.kind}:${one.id}:${one.field}:${one.before}`}
          columns={[
            { key: 'entry', head: t('changes.law.entry'), rowHead: true, cell: (one) => <EntryName packs={packs} entry={`${one.kind}:${one.id}`} language={language} /> },
            { key: 'from', head: t('changes.from'), cell: (one) => formatDate(one.before, language) },
            { key: 'to', head: t('changes.to'), cell: (one) => formatDate(one.after, language) },
          ]}
        />
      )}
      <p>
        <a href={`/lawdesk/difference?from=${diff.from.digest}&to=${diff.to.digest}`}>{t('changes.law.desk')}</a>
      </p>
    </Section>
  );
}

/** In the words of the pack where it is one of its dates; else its id alone. */
/** An entry of the law by its label, with the id that people quote; the newer law is asked first. */
function EntryName({ packs, entry, language }: { readonly packs: readonly Pack[]; readonly entry: string; readonly language: Language }): VNode {
  const content = packs.map((pack) => entriesOf(pack).get(entry)?.content).find((one) => one !== undefined);
  const label = (content?.['label'] as { readonly [L in Language]?: string } | undefined)?.[language];
  const id = entry.slice(entry.indexOf(':') + 1);
  return label === undefined ? <code>{id}</code> : (
    <>
      {label} <code class="hint">{id}</code>
    </>
  );
}

function AffectedSystems({ view, language }: { readonly view: RunView; readonly language: Language }): VNode {
  const { run, packs, items } = view;
  const t = obligationsText.in(language);
  return (
    <Section title={t('changes.list')} id="systems">
      {view.touches === undefined ? null : (
        <p>
          {t('changes.list.filtered', { point: pointWords(packs, view.touches, language) })} · <a href={`/obligations/changes/${run.id}#systems`}>{t('changes.list.clear')}</a>
        </p>
      )}
      {!run.hasItems ? (
        <Notice>{t('changes.run.no-items')}</Notice>
      ) : items.length === 0 ? (
        <EmptyState title={t('changes.list.none')} />
      ) : (
        <>
          <Table
            caption={t('changes.list')}
            captionHidden
            phone="stack"
            rows={items}
            rowKey={(item) => item.systemId}
            columns={[
              { key: 'system', head: t('changes.list.system'), rowHead: true, cell: (item) => <a href={`/obligations/changes/${run.id}/systems/${item.systemId}`}>{item.name}</a> },
              { key: 'body', head: t('changes.list.body'), cell: (item) => item.bodyName },
              { key: 'class', head: t('changes.list.class'), cell: (item) => <ClassMove item={item} packs={packs} language={language} /> },
              { key: 'regimes', head: t('changes.list.regimes'), width: 'wide', cell: (item) => <Points points={item.regimes.map((one) => ({ point: `regime:${one.id}`, words: t(`changes.shift.${one.shift}`) }))} packs={packs} language={language} /> },
              { key: 'duties', head: t('changes.list.duties'), width: 'wide', cell: (item) => <Points points={item.duties.map((one) => ({ point: `duty:${one.id}`, words: dutyShiftWords(one, language) }))} packs={packs} language={language} /> },
            ]}
          />
          <Pagination previous={view.firstHref} next={view.nextHref} />
        </>
      )}
    </Section>
  );
}

function ClassMove({ item, packs, language }: { readonly item: EffectItem; readonly packs: readonly Pack[]; readonly language: Language }): VNode | null {
  const [newer, older] = [packs[0], packs.at(-1)];
  if (newer === undefined || older === undefined) return null;
  const { from, to } = item.headline;
  if (from === to) return <>{headlineOf(newer, to, language)}</>;
  return (
    <>
      {headlineOf(older, from, language)} → <strong>{headlineOf(newer, to, language)}</strong>
    </>
  );
}

function dutyShiftWords(effect: DutyEffect, language: Language): string {
  const t = obligationsText.in(language);
  return effect.shift === 'moves' ? `${markWords(effect.from, language)} → ${markWords(effect.to, language)}` : t(`changes.shift.${effect.shift}`);
}

function Points({ points, packs, language }: { readonly points: readonly { readonly point: string; readonly words: string }[]; readonly packs: readonly Pack[]; readonly language: Language }): VNode | null {
  const t = obligationsText.in(language);
  if (points.length === 0) return null;
  return (
    <ul class="obligations-points">
      {points.slice(0, POINTS_SHOWN_MAX).map(({ point, words }) => (
        <li key={point}>{t('changes.list.points', { label: pointWords(packs, point, language), shift: words })}</li>
      ))}
      {points.length > POINTS_SHOWN_MAX ? <li class="hint">{t('changes.list.more', { count: points.length - POINTS_SHOWN_MAX })}</li> : null}
    </ul>
  );
}

function AdoptForm({ frame, view }: { readonly frame: PageContext; readonly view: RunView }): VNode {
  const { run, inForce, refusal } = view;
  const { language } = frame;
  const t = obligationsText.in(language);
  const body = ((): ComponentChildren => {
    if (inForce?.ref.digest === run.to.digest) return <Notice tone="success">{t('changes.adopt.is-in-force')}</Notice>;
    if (inForce?.ref.digest !== run.from.digest) return <Notice tone="warning">{t('changes.adopt.not-now', { version: versionWords(run.from) })}</Notice>;
    return <AdoptFields frame={frame} action={`/obligations/changes/${run.id}/adopt`} version={versionWords(run.to)} refusal={refusal} />;
  })();
  return (
    <Section title={t('changes.adopt.title')} id="adopt">
      {body}
    </Section>
  );
}

/** Where a refusal of the act is shown: a signed-in person has no name to correct. */
function signField(frame: PageContext): string {
  return frame.person === undefined ? 'author' : 'reason';
}

function AdoptFields({ frame, action, version, refusal, kept }: { readonly frame: PageContext; readonly action: string; readonly version: string; readonly refusal: RunView['refusal']; readonly kept?: string }): VNode {
  const t = obligationsText.in(frame.language);
  if (!frame.may('law.adopt')) return <LookOnly frame={frame} />;
  return (
    <form method="post" action={action}>
      {kept === undefined ? <p>{t('changes.adopt.lead')}</p> : <Hidden fields={{ digest: kept }} />}
      <AuthorField frame={frame} name="author" label={t('changes.adopt.author')} value={refusal?.author} error={refusal?.message} maxLength={AUTHOR_LENGTH_MAX} required autocomplete="name" />
      <TextArea name="reason" label={t('changes.adopt.reason')} hint={t('changes.adopt.reason.hint')} value={refusal?.reason} error={frame.person === undefined ? undefined : refusal?.message} maxLength={REASON_LENGTH_MAX} rows={3} required />
      <ButtonRow>
        <Button>{t('changes.adopt.button', { version })}</Button>
      </ButtonRow>
    </form>
  );
}

export function besidePage(frame: PageContext, view: { readonly pack: Pack; readonly diff: PackDiff | undefined; readonly isInForce: boolean; readonly refusal?: RunView['refusal'] }): Page {
  const { language } = frame;
  const t = obligationsText.in(language);
  const { ref } = view.pack;
  return {
    title: t('changes.beside.title', { pack: view.pack.title[language], version: ref.version }),
    body: (
      <>
        <Breadcrumbs items={[{ label: t('changes.title'), href: '/obligations/changes' }]} />
        {view.refusal === undefined ? null : <ErrorSummary errors={[{ message: view.refusal.message, field: view.isInForce ? undefined : signField(frame) }]} />}
        <PageHeading title={t('changes.beside.title', { pack: view.pack.title[language], version: ref.version })} lead={t('changes.beside.lead')} />
        {view.diff === undefined ? <Notice>{t('changes.beside.first')}</Notice> : <LawDifference diff={view.diff} packs={[view.pack]} language={language} />}
        <Section title={t('changes.adopt.title')} id="adopt">
          {view.isInForce ? <Notice tone="success">{t('changes.adopt.is-in-force')}</Notice> : <AdoptFields frame={frame} action={`/obligations/changes/beside/${ref.digest}`} version={versionWords(ref)} refusal={view.refusal} />}
        </Section>
      </>
    ),
  };
}

/** The law that the installation brought, adopted as it stands. */
export function keepPage(frame: PageContext, { pack, act, refusal }: { readonly pack: Pack; readonly act: Adoption | undefined; readonly refusal?: RunView['refusal'] }): Page {
  const { language } = frame;
  const t = obligationsText.in(language);
  const isOpen = act?.author === INSTALLATION;
  return {
    title: t('changes.keep.title'),
    body: (
      <>
        <Breadcrumbs items={[{ label: t('changes.title'), href: '/obligations/changes' }]} />
        {refusal === undefined ? null : <ErrorSummary errors={[{ message: refusal.message, field: isOpen ? signField(frame) : undefined }]} />}
        <PageHeading title={t('changes.keep.title')} lead={t('changes.keep.lead')} />
        <Section title={t('changes.in-force')}>
          <Card title={`${pack.title[language]} ${pack.ref.version}`} href={`/lawbook/${pack.ref.id}`} meta={<PackStatusTag status={pack.status} language={language} />}>
            <p>{t('changes.in-force.main')}</p>
            <p class="hint">
              <code class="obligations-digest">{pack.ref.digest}</code>
            </p>
          </Card>
        </Section>
        <Section title={t('changes.adopt.title')} id="adopt">
          {isOpen ? <AdoptFields frame={frame} action="/obligations/changes/as-it-stands" version={versionWords(pack.ref)} refusal={refusal} kept={pack.ref.digest} /> : <Notice tone="success">{t('changes.adopt.is-in-force')}</Notice>}
        </Section>
      </>
    ),
  };
}

export function effectPage(frame: PageContext, detail: EffectDetail): Page {
  const { language } = frame;
  const { item, run } = detail;
  const t = obligationsText.in(language);
  const packs = [detail.to.pack, detail.from.pack];
  return {
    title: t('changes.detail.title', { name: item.name }),
    wide: true,
    body: (
      <>
        <Breadcrumbs
          items={[
            { label: t('changes.title'), href: '/obligations/changes' },
            { label: t('changes.run.title', { to: versionWords(run.to) }), href: `/obligations/changes/${run.id}` },
          ]}
        />
        <PageHeading title={t('changes.detail.title', { name: item.name })} caption={item.bodyName} />
        <p>
          <ClassMove item={item} packs={packs} language={language} />
        </p>
        {item.dropped.length === 0 ? null : (
          <Section title={t('changes.detail.dropped')}>
            <p>{t('changes.detail.dropped.lead')}</p>
            <ul>
              {item.dropped.map((id) => (
                <li key={id}>{(detail.to.pack.facts.find((fact) => fact.id === id) ?? detail.from.pack.facts.find((fact) => fact.id === id))?.ask[language] ?? id}</li>
              ))}
            </ul>
          </Section>
        )}
        {item.regimes.length === 0 ? null : (
          <Section title={t('changes.list.regimes')}>
            {item.regimes.map((effect) => (
              <PointDetail key={effect.id} detail={detail} point={`regime:${effect.id}`} conclusion={effect.id} language={language}>
                <ResultOrAbsent result={effect.from} language={language} /> → <ResultOrAbsent result={effect.to} language={language} />
              </PointDetail>
            ))}
          </Section>
        )}
        {item.duties.length === 0 ? null : (
          <Section title={t('changes.list.duties')}>
            {item.duties.map((effect) => (
              <PointDetail key={effect.id} detail={detail} point={`duty:${effect.id}`} conclusion={`duty.${effect.id}`} language={language}>
                <Tag>{t(`changes.shift.${effect.shift}`)}</Tag> {markWords(effect.from, language)} → <strong>{markWords(effect.to, language)}</strong>
              </PointDetail>
            ))}
          </Section>
        )}
        <p>
          <a href={`/assessment/${item.systemId}`}>{t('changes.detail.interview')}</a>
        </p>
      </>
    ),
  };
}

function ResultOrAbsent({ result, language }: { readonly result: Result | undefined; readonly language: Language }): VNode {
  return result === undefined ? <Tag>{obligationsText.in(language)('changes.mark.absent')}</Tag> : <ResultTag result={result} />;
}

function PointDetail({ detail, point, conclusion, language, children }: { readonly detail: EffectDetail; readonly point: string; readonly conclusion: string; readonly language: Language; readonly children: ComponentChildren }): VNode {
  const t = obligationsText.in(language);
  const { from, to } = detail;
  const outcome = outcomeIn(to.duties, conclusion) ?? outcomeIn(from.duties, conclusion);
  const pack = outcomeIn(to.duties, conclusion) === undefined ? from.pack : to.pack;
  const reason = outcome?.reasons[0];
  const because = detail.because.get(point.startsWith('duty:') ? point : conclusion) ?? [];
  const rows = [
    ...(reason === undefined ? [] : [{ label: t('changes.detail.reason'), value: <ReasonList words={literalList(pack, reason.because, language, termsIn(language))} /> }]),
    ...(because.length === 0 ? [] : [{ label: t('changes.detail.because'), value: because.map((key) => <EntryName key={key} packs={[to.pack, from.pack]} entry={key} language={language} />).flatMap((entry, index) => (index === 0 ? [entry] : ['; ', entry])) }]),
  ];
  return (
    <section class="obligations-point">
      <h3>
        <PointName packs={[to.pack, from.pack]} point={point} language={language} />
      </h3>
      <p>{children}</p>
      {rows.length === 0 ? null : <SummaryList compact rows={rows} />}
    </section>
  );
}

function outcomeIn(duties: DutiesDecision, id: string): Outcome | undefined {
  return duties.decision.outcomes.find((outcome) => outcome.id === id);
}

function ReasonList({ words }: { readonly words: readonly { readonly question: string; readonly answer: string }[] }): VNode {
  return (
    <ul>
      {words.map(({ question, answer }) => (
        <li key={question}>
          {question} <strong>{answer}</strong>
        </li>
      ))}
    </ul>
  );
}
