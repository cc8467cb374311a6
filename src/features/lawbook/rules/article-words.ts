/** Says the place of a provision in the reader's language: `Annex III point 4(a)` is “III Əlavə, bənd 4(a)” and “приложение III, пункт 4(a)”. */

import type { Language } from '../../../base/index.ts';

type Form = readonly [pattern: RegExp, words: { readonly [L in Exclude<Language, 'en'>]: string }];

/** Packs cite in English; what fits no form is shown as it is written. */
const FORMS: readonly Form[] = [
  [/^Art\. (\d[\w()\-–]*)$/, { az: 'maddə $1', ru: 'ст. $1' }],
  [/^Recital (\d+)$/, { az: 'mülahizə $1', ru: 'преамбула, пункт $1' }],
  [/^Annex ([IVXLC]+)$/, { az: '$1 Əlavə', ru: 'приложение $1' }],
  [/^Annex ([IVXLC]+) point ([\w()]+)$/, { az: '$1 Əlavə, bənd $2', ru: 'приложение $1, пункт $2' }],
  [/^Annex ([IVXLC]+) points ([\d()a-z]+(?:(?:, |-|–)[\d()a-z]+)*)$/, { az: '$1 Əlavə, bəndlər $2', ru: 'приложение $1, пункты $2' }],
  [/^Annex ([IVXLC]+) Section ([A-Z])$/, { az: '$1 Əlavə, bölmə $2', ru: 'приложение $1, раздел $2' }],
  [/^Law ([\w-]+)$/, { az: '$1 nömrəli Qanun', ru: 'Закон № $1' }],
  [/^Decree (\d+)$/, { az: '$1 nömrəli Fərman', ru: 'Указ № $1' }],
  [/^Decree of (\d+\.\d+\.\d+)$/, { az: '$1 tarixli Fərman', ru: 'Указ от $1' }],
  [/^Decision (\d+)$/, { az: '$1 nömrəli Qərar', ru: 'Постановление № $1' }],
  [/^Draft of (\d+\.\d+\.\d+)$/, { az: '$1 tarixli layihə', ru: 'проект от $1' }],
  [/^section (\d[\w()]*)$/, { az: 'bölmə $1', ru: 'раздел $1' }],
];

const AMENDED = /^(.+) (as amended|inserted) by Reg\. \(EU\) (\d+\/\d+)$/;
const REGULATION_FIRST = /^Reg\. \(EU\) (\d+\/\d+) (Art\. .+)$/;

export function articleWords(article: string, language: Language): string {
  if (language === 'en') return article;
  const [, amended, how, by] = AMENDED.exec(article) ?? [];
  if (amended !== undefined && by !== undefined) {
    const place = articleWords(amended, language);
    if (language === 'az') return `${place}, (Aİ) ${by} nömrəli Reqlamentlə ${how === 'inserted' ? 'əlavə edilib' : 'dəyişdirilib'}`;
    return how === 'inserted' ? `${place}, добавлена Регламентом (ЕС) ${by}` : `${place} в редакции Регламента (ЕС) ${by}`;
  }
  const [, regulation, rest] = REGULATION_FIRST.exec(article) ?? [];
  if (regulation !== undefined && rest !== undefined) return `${language === 'az' ? `(Aİ) ${regulation} nömrəli Reqlament` : `Регламент (ЕС) ${regulation}`}, ${articleWords(rest, language)}`;
  const form = FORMS.find(([pattern]) => pattern.test(article));
  return form === undefined ? article : article.replace(form[0], form[1][language]);
}
