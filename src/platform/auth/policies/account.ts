/** One's own account. */

import { noun } from './model.ts';

export const account = noun(
  { az: 'Öz hesabı', en: 'Own account', ru: 'Своя учётная запись' },
  {
    see: { label: { az: 'öz hesabını görmək', en: 'see the own account', ru: 'видеть свою учётную запись' }, mode: 'see', roles: {}, anyAccount: true },
    change: { label: { az: 'öz hesabını dəyişmək', en: 'change the own account', ru: 'изменить свою учётную запись' }, mode: 'act', roles: {}, anyAccount: true },
    protect: { label: { az: 'açarları, ikinci amili və API açarlarını dəyişmək', en: 'change passkeys, second factor and API keys', ru: 'менять ключи доступа, второй фактор и ключи API' }, mode: 'act', roles: {}, anyAccount: true, stepUp: true },
  },
);
