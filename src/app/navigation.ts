/** The links in the header of every page, in order, and where people arrive who come for the first time. */

import type { PolicyName } from '../platform/auth/index.ts';
import type { NavigationItem } from '../platform/html/index.ts';

export const NAVIGATION: readonly NavigationItem[] = [
  { href: '/', policy: 'public', label: { az: 'Ana səhifə', en: 'Home', ru: 'Главная' } },
  { href: '/registry', policy: 'public', label: { az: 'Reyestr', en: 'Register', ru: 'Реестр' } },
  { href: '/lawbook', policy: 'public', label: { az: 'Qanunlar', en: 'Law', ru: 'Законы' } },
  { href: '/decisions', policy: 'public', label: { az: 'Qərarlar', en: 'Decisions', ru: 'Решения' } },
  { href: '/motions', policy: 'public', label: { az: 'Təkliflər', en: 'Motions', ru: 'Предложения' } },
  { href: '/members', policy: 'public', label: { az: 'Üzvlər', en: 'Members', ru: 'Члены' } },
  { href: '/secretariat', policy: 'public', label: { az: 'İclaslar', en: 'Sittings', ru: 'Заседания' } },
  { href: '/exports', policy: 'public', label: { az: 'Açıq məlumatlar', en: 'Open data', ru: 'Открытые данные' } },
  { href: '/seats', policy: 'seat.use', label: { az: 'Mənim yerim', en: 'My seat', ru: 'Моё место' } },
  { href: '/assessment', policy: 'assessment.see', label: { az: 'İş siyahısı', en: 'Work list', ru: 'Список дел' } },
  { href: '/obligations', policy: 'duty.see', label: { az: 'Vəzifələr', en: 'Duties', ru: 'Обязанности' } },
  { href: '/impact', policy: 'impact.see', label: { az: 'Təsir qiymətləndirməsi', en: 'Impact assessments', ru: 'Оценки воздействия' } },
  { href: '/lawdesk', policy: 'law.see', label: { az: 'Hüquq masası', en: 'Law desk', ru: 'Правовой стол' } },
  { href: '/registry/mine', policy: 'system.see', label: { az: 'Qeydlər', en: 'Entries', ru: 'Записи' } },
  { href: '/intake', policy: 'file.seeImports', label: { az: 'İdxal', en: 'Import', ru: 'Импорт' } },
  { href: '/portal/dashboard', policy: 'platform.overview', label: { az: 'İcmal', en: 'Dashboard', ru: 'Обзор' } },
  { href: '/identity/organisations', policy: 'organisation.see', label: { az: 'Qurumlar', en: 'Organisations', ru: 'Организации' } },
];

/** The first administrator begins at the dashboard, which tells what to do next. */
export const START_HREF = '/portal/dashboard';

/** Who was invited arrives at the first of these that the role opens: who administers at the dashboard, who works with entries at those of their organisation. */
export const ARRIVALS: readonly { readonly policy: PolicyName; readonly href: string }[] = [
  { policy: 'platform.sample', href: START_HREF },
  { policy: 'system.see', href: '/registry/mine' },
  { policy: 'seat.use', href: '/seats' },
  { policy: 'sitting.see', href: '/secretariat/desk' },
];
