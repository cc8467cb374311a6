/** Entries of the register and their attachments. */

import { noun, SEEN_BY_ALL, WRITTEN_BY_EDITORS } from './model.ts';

export const system = noun(
  { az: 'Sistem', en: 'System', ru: 'Система' },
  {
    see: { label: { az: 'qeydi və onun tarixçəsini görmək', en: 'see an entry with its history', ru: 'видеть запись и её историю' }, mode: 'see', roles: SEEN_BY_ALL },
    create: { label: { az: 'yeni qeyd yaratmaq', en: 'make an entry', ru: 'создать запись' }, mode: 'act', roles: WRITTEN_BY_EDITORS },
    change: { label: { az: 'qeydi və qoşmaları dəyişmək, təqdim etmək, geri götürmək', en: 'change, submit or withdraw an entry and its attachments', ru: 'изменить, подать или отозвать запись и вложения' }, mode: 'act', roles: WRITTEN_BY_EDITORS },
    register: { label: { az: 'təqdim edilmiş qeydi reyestrə daxil etmək', en: 'put a submitted entry on the register', ru: 'внести поданную запись в реестр' }, mode: 'act', roles: { administrator: 'all', officer: 'all' } },
    link: { label: { az: 'qeydi məhsulla bağlamaq', en: 'link entries of one product', ru: 'связать записи одного продукта' }, mode: 'act', roles: { administrator: 'all', officer: 'all' } },
  },
);
