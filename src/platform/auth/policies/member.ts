/** Members of the council: the register of who holds a place. */

import { noun } from './model.ts';

export const member = noun(
  { az: 'Üzv', en: 'Member', ru: 'Член Совета' },
  {
    see: { label: { az: 'üzvlərin reyestrini katibliyin gördüyü kimi görmək', en: 'see the register of members as the secretariat does', ru: 'видеть реестр членов так, как секретариат' }, mode: 'see', roles: { administrator: 'all', secretariat: 'all', 'council-member': 'all', auditor: 'all' } },
    nominate: { label: { az: 'yerə namizəd göstərmək', en: 'propose somebody for a place', ru: 'выдвигать кандидата на место' }, mode: 'act', roles: { administrator: 'all', secretariat: 'all', 'council-member': 'all' } },
    declare: { label: { az: 'üzvlərin maraqlarını bəyan etmək', en: 'declare interests of members', ru: 'заявлять об интересах членов' }, mode: 'act', roles: { administrator: 'all', secretariat: 'all', 'council-member': 'all' } },
    write: { label: { az: 'üzvlərin müddətlərini və andlarını qeyd etmək, namizədlər barədə qərar vermək', en: 'enter terms and oaths of members, decide on nominations', ru: 'вносить сроки и присяги членов, решать о кандидатурах' }, mode: 'act', roles: { administrator: 'all', secretariat: 'all' } },
  },
);
