/** Motions of the council. */

import { noun, type Policy } from './model.ts';

const SEEN: Policy['roles'] = { administrator: 'all', officer: 'all', counsel: 'all', inspector: 'all', auditor: 'all', 'council-member': 'all', secretariat: 'all' };
const MOVED: Policy['roles'] = { officer: 'all', counsel: 'all', 'council-member': 'all', secretariat: 'all' };

export const motion = noun(
  { az: 'Təklif', en: 'Motion', ru: 'Предложение' },
  {
    see: { label: { az: 'təklifləri və layihələri görmək', en: 'see motions and drafts', ru: 'видеть предложения и проекты' }, mode: 'see', roles: SEEN },
    write: { label: { az: 'təklif hazırlamaq, təqdim etmək və geri götürmək', en: 'draft, submit and withdraw motions', ru: 'готовить, вносить и отзывать предложения' }, mode: 'act', roles: MOVED },
    support: { label: { az: 'təklifi və ya düzəlişi dəstəkləmək', en: 'support a motion or an amendment', ru: 'поддержать предложение или поправку' }, mode: 'act', roles: { 'council-member': 'all' } },
    amend: { label: { az: 'düzəliş vermək', en: 'propose an amendment', ru: 'предложить поправку' }, mode: 'act', roles: MOVED },
    admit: { label: { az: 'yolverilənliyə qərar vermək və düzəlişləri qeydə almaq', en: 'decide on admissibility and amendments', ru: 'решать о допустимости и поправках' }, mode: 'act', roles: { secretariat: 'all' } },
    schedule: { label: { az: 'səsverməni təyin etmək və açmaq', en: 'schedule and open a vote', ru: 'назначить и открыть голосование' }, mode: 'act', roles: { secretariat: 'all' } },
    follow: { label: { az: 'qərarın icrasını izləmək', en: 'follow up a decision', ru: 'следить за исполнением решения' }, mode: 'act', roles: { secretariat: 'all', officer: 'all' } },
    set: { label: { az: 'təkliflərin qaydalarını dəyişmək', en: 'change the settings of motions', ru: 'менять настройки предложений' }, mode: 'act', roles: { administrator: 'all', secretariat: 'all' }, stepUp: true },
  },
);
