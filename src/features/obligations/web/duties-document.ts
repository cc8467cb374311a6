/** The duties of one system as a document for paper and as rows for a table program. */

import { createHash } from 'node:crypto';
import { canonical, csvField, type Json, type Language } from '../../../base/index.ts';
import { type DocumentBlock, type DocumentHead, renderDocument } from '../../../platform/documents/index.ts';
import { formatDate } from '../../../platform/text/index.ts';
import { articleWords, citationWords, labelOf, lawbookText } from '../../lawbook/index.ts';
import type { DutySheet } from '../actions/open-obligations.ts';
import type { StandingDuty } from '../rules/duty-state.ts';
import { articlesWords, cautions, clockWords, dueWords, lengthWords, stateWords } from '../rules/duty-words.ts';
import { obligationsText } from '../text/index.ts';

/** Duties by role with dates and sources; the digest at the foot names exactly these facts, dates and this pack. */
export async function dutiesPdf(sheet: DutySheet, language: Language, issuer: DocumentHead['issuer']): Promise<Uint8Array> {
  const t = obligationsText.in(language);
  const { entry, pack, dates, duties, decision } = sheet;
  const content = { pack: pack.ref, dates, facts: sheet.facts, duties: duties.map((one) => ({ id: one.duty.id, result: one.outcome.result, due: one.due ?? null })) };
  const digest = createHash('sha256').update(canonical(JSON.parse(JSON.stringify(content)) as Json), 'utf8').digest('hex');
  const roles = decision.roles.filter((role) => role.result === 'holds').map((role) => labelOf(pack, role.id, language));
  const blocks: DocumentBlock[] = [
    {
      kind: 'facts',
      rows: [
        [t('document.system'), `${entry.record.name} (№ ${entry.number})`],
        [t('document.body'), entry.body.name],
        [t('document.dates'), t('duties.dates', { asOf: formatDate(dates.asOf, language), knownOn: formatDate(dates.knownOn, language) })],
        [t('document.roles'), roles.length === 0 ? t('duties.roles.none') : roles.join('; ')],
        [t('document.pack'), `${pack.ref.id}@${pack.ref.version}`],
        // In halves: a line does not break inside a word of 64 letters.
        ['SHA-256', `${pack.ref.digest.slice(0, 32)} ${pack.ref.digest.slice(32)}`],
      ],
    },
    { kind: 'notice', tone: 'info', text: lawbookText.in(language)('not-advice') },
    { kind: 'heading', level: 1, text: t('document.overview') },
    {
      kind: 'table',
      columns: [
        { label: t('document.duty'), width: 2 },
        { label: t('document.due'), width: 2 },
        { label: t('duties.article'), width: 1 },
      ],
      rows: duties.map((one) => [one.duty.label[language], stateWords(one, language), one.duty.cite.map((cite) => articleWords(cite.article, language)).join('; ')]),
    },
    ...pack.dutyGroups.flatMap((group): DocumentBlock[] => {
      const members = duties.filter((one) => one.duty.group === group.id);
      return members.length === 0 ? [] : [{ kind: 'heading', level: 1, text: group.label[language] }, ...members.flatMap((one) => dutyBlocks(sheet, one, language))];
    }),
  ];
  return renderDocument({ language, title: t('document.title'), subtitle: entry.record.name, issuer, date: formatDate(dates.asOf, language), digest }, blocks);
}

function dutyBlocks({ pack }: DutySheet, one: StandingDuty, language: Language): DocumentBlock[] {
  const t = obligationsText.in(language);
  const { duty } = one;
  const rows: [string, string][] = [
    [t('document.due'), [stateWords(one, language), ...cautions(pack, one, language)].join('; ')],
    [t('duties.article'), duty.cite.map((cite) => citationWords(pack, cite, language)).join('; ')],
    [t('duties.who'), duty.roles.map((role) => labelOf(pack, role, language)).join('; ')],
  ];
  const add = (label: string, items: readonly string[]): void => {
    if (items.length > 0) rows.push([label, items.join('; ')]);
  };
  add(t('duties.annex'), duty.annex.map((cite) => articleWords(cite.article, language)));
  add(t('duties.evidence'), duty.artefacts.map((artefact) => artefact.label[language]));
  add(t('duties.retention'), one.retention.map(({ retention, length }) => t('duties.retention.item', { label: retention.label[language], length: lengthWords(length, retention.unit, language) })));
  add(t('duties.clocks'), one.clocks.map(({ clock, length }) => clockWords(clock, length, language)));
  add(t('duties.relief'), one.relief.map((relief) => relief.label[language]));
  for (const dependence of one.dueUnderReadings) {
    const reading = pack.readings.find((candidate) => candidate.id === dependence.reading);
    add(t('duties.reading', { reading: reading?.label[language] ?? dependence.reading }), Object.entries(dependence.dues).map(([option, due]) => t('duties.reading.option', { option, due: dueWords(due, language) })));
  }
  rows.push([t('duties.sanction'), one.sanction === undefined ? t('duties.sanction.none') : one.sanction.label[language]]);
  return [{ kind: 'heading', level: 2, text: duty.label[language] }, { kind: 'paragraph', text: duty.plain[language] }, { kind: 'facts', rows }];
}

/** RFC 4180 with a head in the reader's language; dates stay YYYY-MM-DD. */
export function dutiesCsv({ pack, duties }: DutySheet, language: Language): string {
  const t = obligationsText.in(language);
  const head = [t('csv.id'), t('document.duty'), t('duties.who'), t('csv.state'), t('csv.earliest'), t('csv.latest'), t('csv.articles'), t('duties.evidence'), t('duties.what')];
  const rows = duties.map((one) => {
    const { due, duty } = one;
    const [earliest, latest] = due?.kind === 'date' ? [due.date, due.date] : due?.kind === 'between' ? [due.earliest ?? '', due.mayBeNever ? '' : (due.latest ?? '')] : ['', ''];
    return [duty.id, duty.label[language], duty.roles.map((role) => labelOf(pack, role, language)).join('; '), stateWords(one, language), earliest, latest, articlesWords(pack, one, language), duty.artefacts.map((artefact) => artefact.label[language]).join('; '), duty.plain[language]];
  });
  // The mark tells table programs that the file is UTF-8.
  return `\u{FEFF}${[head, ...rows].map((row) => row.map(csvField).join(',')).join('\r\n')}\r\n`;
}
