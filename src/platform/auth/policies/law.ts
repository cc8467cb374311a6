/** Law packs: bringing in, reviewing, writing, measuring, adopting. */

import { noun, SEEN_BY_REGULATOR } from './model.ts';

export const law = noun(
  { az: 'Qanun', en: 'Law', ru: 'Закон' },
  {
    see: { label: { az: 'hüquq masasını və dəyişikliklərin təsirini görmək', en: 'see the law desk and the effects of changes', ru: 'видеть правовой стол и последствия изменений' }, mode: 'see', roles: SEEN_BY_REGULATOR },
    install: { label: { az: 'imzalanmış paket gətirmək', en: 'bring in a signed pack', ru: 'внести подписанный пакет' }, mode: 'act', roles: { administrator: 'all', counsel: 'all' } },
    trust: { label: { az: 'imza açarlarını idarə etmək', en: 'manage signing keys', ru: 'управлять ключами подписи' }, mode: 'act', roles: { administrator: 'all' }, stepUp: true },
    review: { label: { az: 'hüquqi rəy vermək', en: 'review as counsel', ru: 'давать правовое заключение' }, mode: 'act', roles: { administrator: 'all', counsel: 'all' } },
    draft: { label: { az: 'layihə yazmaq', en: 'write a draft', ru: 'писать проект' }, mode: 'act', roles: { administrator: 'all', counsel: 'all' } },
    measure: { label: { az: 'dəyişikliyin təsirini ölçmək', en: 'measure the effects of a change', ru: 'измерить последствия изменения' }, mode: 'act', roles: { administrator: 'all', counsel: 'all', officer: 'all' } },
    adopt: { label: { az: 'qanunu qüvvəyə mindirmək', en: 'put law in force', ru: 'ввести закон в действие' }, mode: 'act', roles: { administrator: 'all', counsel: 'all' }, stepUp: true },
  },
);
