/** The record of acts. */

import { noun } from './model.ts';

export const audit = noun(
  { az: 'Əməllərin qeydi', en: 'Audit record', ru: 'Журнал действий' },
  {
    see: { label: { az: 'kimin nə etdiyini görmək', en: 'see who did what', ru: 'видеть, кто что сделал' }, mode: 'see', roles: { administrator: 'all', auditor: 'all', owner: 'own' } },
    policies: { label: { az: 'icazələr cədvəlini görmək', en: 'see the table of permissions', ru: 'видеть таблицу прав' }, mode: 'see', roles: {}, anyAccount: true },
  },
);
