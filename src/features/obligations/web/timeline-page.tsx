/** The timeline of one system: its own days and those of the law in one row, and how each due date moved as law was published. */

import type { VNode } from 'preact';
import type { CivilDate, Language } from '../../../base/index.ts';
import type { Page, PageContext } from '../../../platform/html/index.ts';
import { Breadcrumbs, PageHeading, Section, Table, Timeline, type TimelineItem } from '../../../platform/html/components/index.ts';
import { formatDate } from '../../../platform/text/index.ts';
import { answerWords, DatesForm } from '../../lawbook/index.ts';
import type { DutySheet, KnownOn } from '../actions/open-obligations.ts';
import { settledDate, type StandingDuty } from '../rules/duty-state.ts';
import { dueWords, stateWords } from '../rules/duty-words.ts';
import { obligationsText } from '../text/index.ts';

export function timelinePage(frame: PageContext, { sheet, known }: { readonly sheet: DutySheet; readonly known: readonly KnownOn[] }): Page {
  const { language } = frame;
  const { entry, dates } = sheet;
  const t = obligationsText.in(language);
  const title = t('timeline.title', { name: entry.record.name });
  const items = timelineItems(sheet, language);
  const moved = movedRows(known, language);
  return {
    title,
    wide: true,
    body: (
      <>
        <Breadcrumbs items={[{ label: t('title'), href: '/obligations' }, { label: entry.record.name, href: `/obligations/${entry.id}` }]} />
        <PageHeading title={title} caption={entry.body.name} lead={t('timeline.lead')} />
        <DatesForm language={language} dates={dates} action={`/obligations/${entry.id}/timeline`} />
        <Section title={t('timeline.days')}>{items.length === 0 ? <p class="hint">{t('timeline.none')}</p> : <Timeline items={items} />}</Section>
        <Section title={t('timeline.known')}>
          <p>{t('timeline.known.lead')}</p>
          {moved.length === 0 ? (
            <p class="hint">{t('timeline.known.none')}</p>
          ) : (
            <Table
              caption={t('timeline.known')}
              captionHidden
              dense
              rows={moved}
              rowKey={(row) => row.id}
              columns={[
                { key: 'duty', head: t('document.duty'), rowHead: true, cell: (row) => <a href={`/obligations/${entry.id}?asOf=${dates.asOf}&knownOn=${dates.knownOn}#duty-${row.id}`}>{row.label}</a> },
                ...known.map(({ knownOn }, index) => ({ key: knownOn, head: t('timeline.known.on', { date: formatDate(knownOn, language) }), cell: (row: MovedRow) => <Cell row={row} index={index} /> })),
              ]}
            />
          )}
        </Section>
      </>
    ),
  };
}

interface MovedRow {
  readonly id: string;
  readonly label: string;
  readonly cells: readonly string[];
}

/** Duties whose standing is not the same on every day of publication. */
function movedRows(known: readonly KnownOn[], language: Language): readonly MovedRow[] {
  const duties = new Map<string, StandingDuty>();
  for (const { duties: standing } of known) for (const one of standing) duties.set(one.duty.id, one);
  return [...duties.values()].flatMap(({ duty }) => {
    const cells = known.map((column) => {
      const one = column.duties.find((candidate) => candidate.duty.id === duty.id);
      if (one === undefined) return dueWords('no-duty', language);
      return one.outcome.result === 'holds' && one.due !== undefined ? dueWords(one.due, language) : stateWords(one, language);
    });
    return new Set(cells).size < 2 ? [] : [{ id: duty.id, label: duty.label[language], cells }];
  });
}

function Cell({ row, index }: { readonly row: MovedRow; readonly index: number }): VNode {
  const isMoved = index > 0 && row.cells[index] !== row.cells[index - 1];
  return isMoved ? <strong>{row.cells[index]}</strong> : <>{row.cells[index]}</>;
}

function timelineItems({ pack, facts, duties, dates, entry }: DutySheet, language: Language): readonly TimelineItem[] {
  const t = obligationsText.in(language);
  const kindOf = (date: string): 'plain' | 'future' => (date > dates.asOf ? 'future' : 'plain');
  const own = pack.facts.flatMap((fact): TimelineItem[] => {
    const answer = facts[fact.id];
    if (fact.type !== 'date' || typeof answer !== 'string') return [];
    return [{ title: fact.ask[language], date: answer, when: answerWords(fact, answer, language), kind: kindOf(answer) }];
  });
  const byDay = new Map<CivilDate, StandingDuty[]>();
  for (const one of duties) {
    const date = one.outcome.result === 'holds' ? settledDate(one.due) : undefined;
    if (date !== undefined) byDay.set(date, [...(byDay.get(date) ?? []), one]);
  }
  const due = [...byDay].map(
    ([date, ones]): TimelineItem => ({
      title: t('timeline.duties', { count: ones.length }),
      date,
      when: formatDate(date, language),
      kind: date > dates.asOf ? 'future' : 'important',
      children: (
        <ul class="obligations-days">
          {ones.map(({ duty }) => (
            <li key={duty.id}>
              <a href={`/obligations/${entry.id}?asOf=${dates.asOf}&knownOn=${dates.knownOn}#duty-${duty.id}`}>{duty.label[language]}</a>
            </li>
          ))}
        </ul>
      ),
    }),
  );
  const all = [...own, ...due];
  if (all.length === 0) return [];
  return [...all, { title: t('timeline.today'), date: dates.asOf, when: formatDate(dates.asOf, language), kind: 'important' as const }].sort((a, b) => a.date.localeCompare(b.date, 'en'));
}
