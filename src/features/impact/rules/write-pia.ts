/** Writes answers of the questionnaire `dpia` as a file of the CNIL's PIA program, onto the file they were taken from where there is one. */

import type { Instant, Json } from '../../../base/index.ts';
import { type Answers, type Cell, type Row, rowsOf } from '../../../law/questionnaire/index.ts';
import { ALL_QUESTIONS, EVALUATION_STATES, fromPia, GAUGE_QUESTIONS, HEAD_CHOICES, HEAD_TEXTS, isMap, LIST_QUESTIONS, PARTS, type PiaMap, present, readComment, readDay, readEvaluation, readFlag, readNumber, readPlain, readRich } from './cnil-pia.ts';
import { cleanHtml, htmlOfText } from './pia-text.ts';

export interface PiaToWrite {
  readonly answers: Answers;
  /** What the file is called where it was not taken over: the name of the system. */
  readonly name: string;
  readonly startedAt: Instant;
  readonly changedAt: Instant;
  /** The file taken over: what the questionnaire does not know, and what did not change, stays as it is there (rich text is cleaned). */
  readonly base?: unknown;
}

type Draft = Record<string, Json>;

export function toPia({ answers, name, startedAt, changedAt, base }: PiaToWrite): PiaMap {
  // A file that cannot be read cannot be written on.
  const old: Draft = isMap(base) && fromPia(base).ok ? structuredClone<Draft>(base) : {};
  const write = new PiaWriter(startedAt, changedAt);
  const measures = write.measures(rowsOf(answers['measures']), listOf(old, 'measures'));
  return {
    ...old,
    pia: write.head(answers, isMap(old['pia']) ? { ...old['pia'] } : { id: 1, name, category: '', created_at: startedAt, updated_at: changedAt, is_example: 0 }),
    answers: write.answers(answers, listOf(old, 'answers')),
    measures: measures.list,
    evaluations: write.evaluations(rowsOf(answers['measures']), rowsOf(answers['evaluations']), measures, listOf(old, 'evaluations')),
    comments: write.comments(rowsOf(answers['comments']), measures, listOf(old, 'comments')),
  };
}

function listOf(file: Draft, key: string): Draft[] {
  const list = file[key];
  return Array.isArray(list) ? list.filter(isMap).map((item) => ({ ...item })) : [];
}

interface WrittenMeasures {
  readonly list: Draft[];
  /** Id of each row's measure. */
  readonly ids: readonly number[];
  /** Ids of the old file by row of the old file, as it was read. */
  readonly oldIds: readonly (number | undefined)[];
  readonly gone: ReadonlySet<number>;
}

class PiaWriter {
  private readonly startedAt: Instant;
  private readonly changedAt: Instant;

  constructor(startedAt: Instant, changedAt: Instant) {
    this.startedAt = startedAt;
    this.changedAt = changedAt;
  }

  head(answers: Answers, pia: Draft): Draft {
    for (const { key, question, max } of HEAD_TEXTS) {
      const text = answers[question];
      if (readPlain(pia[key], '', max) !== text) put(pia, key, typeof text === 'string' ? text : undefined);
    }
    for (const { key, question, ids } of HEAD_CHOICES) {
      const answer = answers[question];
      const number = typeof answer === 'string' ? ids.indexOf(answer) : -1;
      const before = readNumber(pia[key]) ?? -1;
      if (number !== before) put(pia, key, number < 0 ? undefined : number);
    }
    const asked = answers['people-asked'];
    if (readFlag(pia['concerned_people_searched_opinion']) !== asked) put(pia, 'concerned_people_searched_opinion', typeof asked === 'boolean' ? asked : undefined);
    return pia;
  }

  answers(answers: Answers, list: Draft[]): Draft[] {
    for (const id of ALL_QUESTIONS) {
      const own = answers[`q${id}`];
      const why = answers[`q${id}-why`];
      // Where a file answers a question twice, the last counts.
      const old = list.findLast((item) => readNumber(item['reference_to']) === id);
      if (old === undefined && own === undefined && why === undefined) continue;
      const item = old ?? this.added(list, { reference_to: id, data: { text: null, gauge: null, list: [] } });
      const data: Draft = isMap(item['data']) ? { ...item['data'] } : {};
      if (LIST_QUESTIONS.includes(id)) writeList(data, rowsOf(own));
      else if (GAUGE_QUESTIONS.includes(id)) {
        writeGauge(data, 'gauge', typeof own === 'number' ? own : undefined);
        writeRich(data, 'text', why as string | undefined);
      } else writeRich(data, 'text', own as string | undefined);
      item['data'] = data;
    }
    return list;
  }

  measures(rows: readonly Row[], old: Draft[]): WrittenMeasures {
    const isFilled = (item: Draft): boolean => readPlain(item['title'], '', Infinity) !== undefined || readRich(item['content'], '', Infinity) !== undefined;
    const open = new Set(old);
    let highest = Math.max(0, ...old.map((item) => readNumber(item['id']) ?? 0));
    const ids: number[] = [];
    const list = rows.map((row) => {
      const kept = [...open].find((item) => readPlain(item['title'], '', Infinity) === row['title'] && isFilled(item));
      if (kept !== undefined) open.delete(kept);
      const item: Draft = kept ?? { ...this.stamps(), placeholder: '' };
      const id = readNumber(item['id']) ?? ++highest;
      if (readNumber(item['id']) === undefined) item['id'] = id;
      ids.push(id);
      if (readPlain(item['title'], '', Infinity) !== row['title']) put(item, 'title', row['title']);
      writeRich(item, 'content', row['content'] as string | undefined);
      return item;
    });
    const gone = new Set([...open].filter(isFilled).flatMap((item) => readNumber(item['id']) ?? []));
    const oldIds = old.filter(isFilled).map((item) => readNumber(item['id']));
    return { list: [...list, ...[...open].filter((item) => !isFilled(item))], ids, oldIds, gone };
  }

  evaluations(measureRows: readonly Row[], partRows: readonly Row[], { ids, gone }: WrittenMeasures, old: Draft[]): Draft[] {
    const open = new Set(old);
    const taken = (reference: string): Draft | undefined => {
      const item = [...open].find((one) => one['reference_to'] === reference);
      if (item !== undefined) open.delete(item);
      return item;
    };
    const added: Draft[] = [];
    const write = (reference: string, cells: Row, isMeasure: boolean): Draft => {
      const item = taken(reference) ?? this.added(added, { id: nextId([...old, ...added]), reference_to: reference, status: 0, gauges: { x: 0, y: 0 }, estimated_implementation_date: null, global_status: cells['status'] === undefined ? 0 : 2 });
      writeEvaluation(item, cells, isMeasure);
      return item;
    };
    const parts = partRows.map(({ part, ...cells }) => write(String(part), cells, false));
    measureRows.forEach(({ title: _title, content: _content, ...cells }, index) => {
      const reference = `3.1.${ids[index] ?? ''}`;
      if (Object.keys(cells).length > 0 || [...open].some((one) => one['reference_to'] === reference)) write(reference, cells, true);
    });
    // Parts stand where parts stood, in the order of the rows; what was taken out goes, and what the questionnaire does not show stays.
    const inPlace = old.flatMap((item): Draft[] => {
      const reference = typeof item['reference_to'] === 'string' ? item['reference_to'] : '';
      if (PARTS.includes(reference)) return parts.splice(0, 1);
      return open.has(item) && [...gone].some((id) => reference === `3.1.${id}`) ? [] : [item];
    });
    return [...inPlace, ...parts, ...added.filter((item) => !inPlace.includes(item) && !parts.includes(item))];
  }

  comments(rows: readonly Row[], { ids, oldIds, gone }: WrittenMeasures, old: Draft[]): Draft[] {
    const open = old.map((item) => ({ item, row: readComment(item, '', oldIds), about: readNumber(item['reference_to']) }));
    const list = rows.map((row) => {
      const measure = typeof row['measure'] === 'number' ? ids[row['measure'] - 1] : undefined;
      const at = open.findIndex((one) => one.row !== undefined && one.row['text'] === row['text'] && one.row['question'] === row['question'] && (one.row['measure'] === undefined ? undefined : one.about) === measure);
      const [kept] = at < 0 ? [] : open.splice(at, 1);
      if (kept !== undefined) return kept.item;
      const about = row['question'] === undefined ? (measure ?? null) : Number(row['question']);
      return { ...this.stamps(), description: row['text'] ?? '', reference_to: about, for_measure: row['question'] === undefined && measure !== undefined };
    });
    for (const item of list) item['id'] ??= nextId([...list, ...old]);
    return [...list, ...open.filter((one) => one.row === undefined && !(one.about !== undefined && one.item['for_measure'] === true && gone.has(one.about))).map((one) => one.item)];
  }

  private stamps(): Draft {
    return { pia_id: 1, created_at: this.startedAt, updated_at: this.changedAt };
  }

  private added(list: Draft[], item: Draft): Draft {
    const whole: Draft = { id: nextId(list), ...this.stamps(), ...item };
    list.push(whole);
    return whole;
  }
}

function nextId(list: readonly Draft[]): number {
  return 1 + Math.max(0, ...list.map((item) => readNumber(item['id']) ?? 0));
}

function put(item: Draft, key: string, value: Cell | undefined): void {
  item[key] = value === undefined ? null : (value as Json);
}

/** Rich text that still says the same keeps its form, cleaned; other text is written anew. */
function writeRich(item: Draft, key: string, text: string | undefined): void {
  const old = item[key];
  if (readRich(old, '', Infinity) !== text) put(item, key, text === undefined ? undefined : htmlOfText(text));
  else if (typeof old === 'string') item[key] = cleanHtml(old);
}

function writeGauge(item: Draft, key: string, step: number | undefined): void {
  if ((readNumber(item[key]) ?? 0) !== (step ?? 0)) item[key] = step ?? 0;
}

function writeList(data: Draft, rows: readonly Row[]): void {
  const items = rows.map((row) => String(row['item'] ?? ''));
  const old = Array.isArray(data['list']) ? data['list'].filter((item) => typeof item === 'string' && item.trim() !== '') : [];
  if (JSON.stringify(old) !== JSON.stringify(items)) data['list'] = items;
}

/** `isMeasure`: gauges belong to the three risks only and are left alone. */
function writeEvaluation(item: Draft, cells: Row, isMeasure: boolean): void {
  const before = readEvaluation(item, '');
  const now = present(cells);
  if (before['status'] !== now['status']) item['status'] = Math.max(0, EVALUATION_STATES.indexOf(now['status'] as (typeof EVALUATION_STATES)[number]));
  writeRich(item, 'evaluation_comment', now['comment'] as string | undefined);
  writeRich(item, 'action_plan_comment', now['plan'] as string | undefined);
  if (readDay(item['estimated_implementation_date']) !== now['due']) put(item, 'estimated_implementation_date', now['due'] === undefined ? undefined : `${String(now['due'])}T00:00:00.000Z`);
  if (before['person'] !== now['person']) put(item, 'person_in_charge', now['person']);
  if (isMeasure) return;
  const gauges: Draft = isMap(item['gauges']) ? { ...item['gauges'] } : {};
  writeGauge(gauges, 'x', now['severity-after'] as number | undefined);
  writeGauge(gauges, 'y', now['likelihood-after'] as number | undefined);
  if (isMap(item['gauges']) || Object.keys(gauges).length > 0) item['gauges'] = gauges;
}
