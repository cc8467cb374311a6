/** Inventories that come in and files that go out. */

import { noun, SEEN_BY_REGULATOR } from './model.ts';

export const file = noun(
  { az: 'Fayl', en: 'File', ru: 'Файл' },
  {
    seeImports: { label: { az: 'idxalları görmək', en: 'see imports', ru: 'видеть импорты' }, mode: 'see', roles: SEEN_BY_REGULATOR },
    import: { label: { az: 'inventar idxal etmək', en: 'import an inventory', ru: 'импортировать перечень' }, mode: 'act', roles: { administrator: 'all', officer: 'all' } },
    export: { label: { az: 'dərc edilməmiş qeydləri də ixrac etmək', en: 'export entries that are not published too', ru: 'экспортировать и неопубликованные записи' }, mode: 'see', roles: { administrator: 'all', officer: 'all', counsel: 'all', inspector: 'all', auditor: 'all', owner: 'own', editor: 'own', viewer: 'own' } },
  },
);
