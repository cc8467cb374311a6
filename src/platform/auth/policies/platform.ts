/** The running of the platform itself. */

import { noun, SEEN_BY_ALL } from './model.ts';

export const platform = noun(
  { az: 'Platforma', en: 'Platform', ru: 'Платформа' },
  {
    overview: { label: { az: 'icmalı görmək', en: 'see the dashboard', ru: 'видеть обзор' }, mode: 'see', roles: SEEN_BY_ALL },
    watch: { label: { az: 'ölçüləri və vəziyyəti izləmək', en: 'watch metrics and state', ru: 'следить за показателями' }, mode: 'see', roles: { administrator: 'all', auditor: 'all' } },
    sample: { label: { az: 'nümunə məlumatları yükləmək və silmək', en: 'load and remove sample data', ru: 'загрузить и удалить примеры' }, mode: 'act', roles: { administrator: 'all' } },
    backup: { label: { az: 'ehtiyat nüsxə çıxarmaq', en: 'take a backup', ru: 'снять резервную копию' }, mode: 'see', roles: { administrator: 'all' }, stepUp: true },
  },
);
