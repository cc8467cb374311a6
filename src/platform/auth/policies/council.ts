/** The council itself: who founds it and who watches how its seats answer. */

import { noun } from './model.ts';

export const council = noun(
  { az: 'Şura', en: 'Council', ru: 'Совет' },
  {
    found: { label: { az: 'açarlar mərasiminin siyahısından şura təsis etmək', en: 'found the council from the roll of the key ceremony', ru: 'учредить Совет по списку с церемонии ключей' }, mode: 'act', roles: { administrator: 'all' }, stepUp: true },
    watch: { label: { az: 'yerlərin cavab verib-vermədiyini izləmək', en: 'watch whether the seats answer', ru: 'следить, отвечают ли места' }, mode: 'see', roles: { administrator: 'all', secretariat: 'all', 'council-member': 'all', auditor: 'all' } },
  },
);
