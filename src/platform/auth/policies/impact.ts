/** Impact assessments. */

import { noun, SEEN_BY_ALL, WRITTEN_BY_EDITORS } from './model.ts';

export const impact = noun(
  { az: 'Təsirin qiymətləndirilməsi', en: 'Impact assessment', ru: 'Оценка воздействия' },
  {
    see: { label: { az: 'qiymətləndirmələri görmək', en: 'see assessments', ru: 'видеть оценки' }, mode: 'see', roles: SEEN_BY_ALL },
    write: { label: { az: 'qiymətləndirmə başlamaq, doldurmaq, yenidən baxmaq', en: 'begin, fill in and revise an assessment', ru: 'начать, заполнить и пересмотреть оценку' }, mode: 'act', roles: WRITTEN_BY_EDITORS },
    seal: { label: { az: 'qiymətləndirməni bitirmək və möhürləmək', en: 'finish and seal an assessment', ru: 'завершить и запечатать оценку' }, mode: 'act', roles: WRITTEN_BY_EDITORS },
    publish: { label: { az: 'nəticəni dərc etmək', en: 'publish the outcome', ru: 'опубликовать итог' }, mode: 'act', roles: { administrator: 'all', officer: 'all', owner: 'own' } },
    take: { label: { az: 'cavabları qanunun faktları kimi qəbul etmək', en: 'take answers over as facts of the law', ru: 'принять ответы как факты закона' }, mode: 'act', roles: { administrator: 'all', officer: 'all' } },
  },
);
