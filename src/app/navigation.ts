/** The links in the header of every page, in order. */

import type { NavigationItem } from '../platform/html/index.ts';

export const NAVIGATION: readonly NavigationItem[] = [
  { href: '/', area: 'public', label: { az: 'Ana səhifə', en: 'Home', ru: 'Главная' } },
  { href: '/registry', area: 'public', label: { az: 'Reyestr', en: 'Register', ru: 'Реестр' } },
  { href: '/lawbook', area: 'public', label: { az: 'Qanunlar', en: 'Law', ru: 'Законы' } },
  { href: '/exports', area: 'public', label: { az: 'Açıq məlumatlar', en: 'Open data', ru: 'Открытые данные' } },
  { href: '/assessment', area: 'workspace', label: { az: 'İş siyahısı', en: 'Work list', ru: 'Список дел' } },
  { href: '/obligations', area: 'workspace', label: { az: 'Vəzifələr', en: 'Duties', ru: 'Обязанности' } },
  { href: '/impact', area: 'workspace', label: { az: 'Təsirin qiymətləndirilməsi', en: 'Impact assessments', ru: 'Оценки воздействия' } },
  { href: '/lawdesk', area: 'workspace', label: { az: 'Hüquq masası', en: 'Law desk', ru: 'Правовой стол' } },
  { href: '/registry/mine', area: 'workspace', label: { az: 'Qeydlər', en: 'Entries', ru: 'Записи' } },
  { href: '/intake', area: 'workspace', label: { az: 'İdxal', en: 'Import', ru: 'Импорт' } },
  { href: '/portal/dashboard', area: 'workspace', label: { az: 'İcmal', en: 'Dashboard', ru: 'Обзор' } },
];
