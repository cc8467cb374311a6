/** People as the administrator sees them. */

import { noun } from './model.ts';

export const person = noun(
  { az: 'Şəxs', en: 'Person', ru: 'Человек' },
  {
    see: { label: { az: 'şəxsləri və sessiyalarını görmək', en: 'see people and their sessions', ru: 'видеть людей и их сеансы' }, mode: 'see', roles: { administrator: 'all', auditor: 'all' } },
    lock: { label: { az: 'hesabı bloklamaq, sessiyaları bitirmək', en: 'lock an account and end its sessions', ru: 'заблокировать учётную запись и завершить сеансы' }, mode: 'act', roles: { administrator: 'all' }, stepUp: true },
    recover: { label: { az: 'bərpa keçidi göndərmək', en: 'send a recovery link', ru: 'отправить ссылку восстановления' }, mode: 'act', roles: { administrator: 'all' }, stepUp: true },
  },
);
