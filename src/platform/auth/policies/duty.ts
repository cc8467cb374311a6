/** Duties of a system with their dates. */

import { noun, SEEN_BY_ALL } from './model.ts';

export const duty = noun(
  { az: 'Vəzifə', en: 'Duty', ru: 'Обязанность' },
  {
    see: { label: { az: 'vəzifələri və müddətləri görmək', en: 'see duties and due dates', ru: 'видеть обязанности и сроки' }, mode: 'see', roles: SEEN_BY_ALL },
  },
);
