/** In which of the three languages somebody most likely wrote. */

import { describe, expect, it } from 'vitest';
import { likelyLanguage } from './index.ts';

describe('the likely language', () => {
  it.each([
    ['Оценивает заявления граждан.', 'ru'],
    ['Müraciətləri qiymətləndirir və növbəyə qoyur.', 'az'],
    ['Sistem vergi bəyannamələrini yoxlayır', 'az'],
    ['It ranks the applications of citizens.', 'en'],
    ['Yes: checked by the data protection officer', 'en'],
    ['Müəssisənin adı: Оценивает заявления граждан, поданные через портал.', 'ru'],
    ['', undefined],
    ['42', undefined],
    ['SAP ERP 7.4', undefined],
    ['Leyla Quliyeva', undefined],
    ['x'.repeat(100_000), undefined],
  ])('of “%s” is %s', (text, language) => expect(likelyLanguage(text)).toBe(language));
});
