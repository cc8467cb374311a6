/** Background work. */

import { noun } from './model.ts';

export const job = noun(
  { az: 'Fon işi', en: 'Job', ru: 'Фоновая работа' },
  {
    see: { label: { az: 'işlərin gedişini görmək', en: 'follow jobs', ru: 'следить за работами' }, mode: 'see', roles: { administrator: 'all', officer: 'all', counsel: 'all', inspector: 'all', auditor: 'all', owner: 'own', editor: 'own', viewer: 'own', analyst: 'own' } },
    cancel: { label: { az: 'işi dayandırmaq', en: 'cancel a job', ru: 'отменить работу' }, mode: 'act', roles: { administrator: 'all', officer: 'all', counsel: 'all', owner: 'own', editor: 'own' } },
  },
);
