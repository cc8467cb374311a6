/** A small made-up inventory of three languages as a table, and records that hold every field and every awkward text. */

import { ALL_FIELDS, type Field, type SystemRecord } from '../../src/features/registry/index.ts';
import { csvField } from '../../src/base/index.ts';

export const INVENTORY_COLUMNS = ['id', 'status', 'name', 'organisation', 'summary', 'purpose', 'outputs', 'sector', 'phase', 'entryLanguage'] as const;

/** Recruitment and benefits stand in Annex III, the chat service owes transparency, and a translation memory owes nothing. */
export const INVENTORY: readonly (readonly string[])[] = [
  ['inv-az', 'registered', 'İşə qəbul köməkçisi', 'Dövlət Məşğulluq Agentliyi', 'Vakansiyaya namizədlərin müraciətlərini süzgəcdən keçirir.', 'Namizədlərin CV-lərini qiymətləndirir və işə qəbul üçün sıralayır.', 'Namizəd üçün bal.', 'employment', 'in-use', 'az'],
  ['inv-en', 'registered', 'Recruitment ranking', 'Civil Service Commission', 'Ranks job applicants.', 'Screens CVs of job applicants and ranks candidates for recruitment interviews.', 'A score for each applicant.', 'employment', 'pilot', 'en'],
  ['inv-ru', 'registered', 'Помощник по пособиям', 'Фонд социальной защиты', 'Проверяет заявления на пособие.', 'Оценивает право граждан на социальные пособия и выявляет мошенничество.', 'Рекомендация специалисту.', 'social-security', 'in-use', 'ru'],
  ['inv-chat', 'registered', 'Service desk chatbot', 'Digital Agency', 'Answers questions of citizens.', 'A chatbot that talks with citizens and answers questions about public services.', 'Text.', 'administration', 'in-use', 'en'],
  ['inv-mt', 'registered', 'Translation memory', 'Digital Agency', 'Suggests sentences that were translated before.', 'Helps translators find sentences translated before.', 'Sentences.', 'culture', 'in-use', 'en'],
  ['inv-draft', 'draft', 'Zirafa planner', 'Hidden Draft Office', 'A plan nobody knows yet: zirafaword.', 'Plans zirafaword.', 'Plans.', 'other', 'idea', 'en'],
];

export function inventoryCsv(rows: readonly (readonly string[])[] = INVENTORY): string {
  return [INVENTORY_COLUMNS, ...rows].map((cells) => cells.map(csvField).join(',')).join('\r\n');
}

/** What breaks tables: quotes, separators, line breaks, formulas, guards, letters of three scripts, characters XML cannot say. */
export const AWKWARD_TEXTS: readonly string[] = [
  'plain',
  'with "quotes", commas; and\ttabs',
  'two\nlines',
  'Windows\r\nlines',
  'old\rreturn',
  '=1+1',
  "'=already guarded",
  "'plain apostrophe",
  '-12.5',
  '+994 is a code',
  '@mention',
  ' spaces at both ends ',
  '\u00a0no-break\u00a0',
  '{"json": true}',
  '[not a list',
  '_x0041_ looks escaped',
  'null',
  'əĞıİöŞçÜ Ёж ﷽ 😀 e\u0301',
  'zero\u200bwidth and \u0001 control',
  '\uFEFFmark inside',
  '007',
  '1e5',
  'TRUE',
];

/** A record with a value in every field; awkward texts go round through the fields, from `start` on. */
export function fullRecord(start: number): SystemRecord {
  let at = start;
  const text = (): string => AWKWARD_TEXTS[at++ % AWKWARD_TEXTS.length] ?? '';
  const single = (type: Field['type']): string => (type === 'date' ? '2024-05' : type === 'link' ? `https://example.az/a?b=1&c=${at++}` : text());
  const values = Object.fromEntries(
    ALL_FIELDS.map((field): [string, unknown] => {
      switch (field.type) {
        case 'choice':
          return [field.key, field.choices?.at(start % field.choices.length)];
        case 'choices':
          return [field.key, field.choices];
        case 'lines':
          return [field.key, [text(), text()]];
        case 'items':
          return [field.key, [Object.fromEntries((field.columns ?? []).map((column) => [column.key, single(column.type)])), { [field.columns?.[0]?.key ?? 'name']: text() }]];
        default:
          return [field.key, single(field.type)];
      }
    }),
  );
  return { ...values, section: 'open', entryLanguage: 'az', sourceColumns: AWKWARD_TEXTS.map((value, index) => ({ name: index % 3 === 0 ? 'repeated' : `column ${index}`, value })) } as unknown as SystemRecord;
}
