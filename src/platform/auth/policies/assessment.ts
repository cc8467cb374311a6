/** Answers, classifications and the work list. */

import { noun, SEEN_BY_ALL, WRITTEN_BY_EDITORS } from './model.ts';

export const assessment = noun(
  { az: 'Təsnifat', en: 'Classification', ru: 'Классификация' },
  {
    see: { label: { az: 'cavabları və nəticələri görmək', en: 'see answers and results', ru: 'видеть ответы и результаты' }, mode: 'see', roles: SEEN_BY_ALL },
    answer: { label: { az: 'suallara cavab vermək', en: 'answer questions', ru: 'отвечать на вопросы' }, mode: 'act', roles: WRITTEN_BY_EDITORS },
    decide: { label: { az: 'nəticəni qeydə almaq', en: 'record a result', ru: 'зафиксировать результат' }, mode: 'act', roles: WRITTEN_BY_EDITORS },
    screen: { label: { az: 'bütün qeydləri ilkin yoxlamaq', en: 'pre-screen all entries', ru: 'предварительно просмотреть все записи' }, mode: 'act', roles: { administrator: 'all' } },
  },
);
