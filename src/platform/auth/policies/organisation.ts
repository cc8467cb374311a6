/** Organisations, their people, and how they sign in. */

import { noun } from './model.ts';

export const organisation = noun(
  { az: 'Qurum', en: 'Organisation', ru: 'Организация' },
  {
    see: { label: { az: 'qurumları və üzvlərini görmək', en: 'see organisations and their members', ru: 'видеть организации и их участников' }, mode: 'see', roles: { administrator: 'all', officer: 'all', counsel: 'all', inspector: 'all', auditor: 'all', owner: 'own', editor: 'own', viewer: 'own' } },
    create: { label: { az: 'qurum və ya tabe qurum yaratmaq', en: 'make an organisation or one below it', ru: 'создать организацию или подчинённую' }, mode: 'act', roles: { administrator: 'all', owner: 'own' } },
    change: { label: { az: 'qurumu dəyişmək, köçürmək, bağlamaq', en: 'change, move or close an organisation', ru: 'изменить, переместить, закрыть организацию' }, mode: 'act', roles: { administrator: 'all', owner: 'own' } },
    invite: { label: { az: 'üzv dəvət etmək', en: 'invite a member', ru: 'пригласить участника' }, mode: 'act', roles: { administrator: 'all', owner: 'own' } },
    grant: { label: { az: 'rolları vermək və geri almaq', en: 'grant and revoke roles', ru: 'давать и отзывать роли' }, mode: 'act', roles: { administrator: 'all', owner: 'own' }, stepUp: true },
    connect: { label: { az: 'vahid giriş və SCIM qurmaq', en: 'set up single sign-on and SCIM', ru: 'настроить единый вход и SCIM' }, mode: 'act', roles: { administrator: 'all' }, stepUp: true },
  },
);
