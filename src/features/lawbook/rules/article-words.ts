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
  [/^points? (\d+(?:-\d+)?(?:, \d+(?:-\d+)?)*)$/, { az: 'bənd $1', ru: 'п. $1' }],
  [/^Annex ([IVXLC]+) Section ([A-Z]|\d+)$/, { az: '$1 Əlavə, bölmə $2', ru: 'приложение $1, раздел $2' }],
  [/^Law ([\w-]+)$/, { az: '$1 nömrəli Qanun', ru: 'Закон № $1' }],
  [/^Decree (\d+)$/, { az: '$1 nömrəli Fərman', ru: 'Указ № $1' }],
  [/^Decree of (\d+\.\d+\.\d+)$/, { az: '$1 tarixli Fərman', ru: 'Указ от $1' }],
  [/^Decision (\d+)$/, { az: '$1 nömrəli Qərar', ru: 'Постановление № $1' }],
  [/^Draft of (\d+\.\d+\.\d+)$/, { az: '$1 tarixli layihə', ru: 'проект от $1' }],
  [/^section (\d[\w()]*)$/, { az: 'bölmə $1', ru: 'раздел $1' }],
];

const AMENDED = /^(.+) (as amended|inserted) by Reg\. \(EU\) (\d+\/\d+)$/;
const OF_THE_ACT = /^(.+) of the AI Act$/;
const WITH = /^(Art\. \S+) with (Art\. \S+)$/;
const ON = /^on (Art\. \S+)$/;
const SUBPARAGRAPH = /^(Art\. \S+), (first|second|third) subparagraph$/;
const ORDINALS: Readonly<Record<string, { readonly [L in Exclude<Language, 'en'>]: string }>> = {
  first: { az: 'birinci', ru: 'первый' },
  second: { az: 'ikinci', ru: 'второй' },
  third: { az: 'üçüncü', ru: 'третий' },
};
const REGULATION_FIRST = /^Reg\. \(EU\) (\d+\/\d+) (Art\. .+)$/;

export function articleWords(article: string, language: Language): string {
  if (language === 'en') return article;
  const [, amended, how, by] = AMENDED.exec(article) ?? [];
  if (amended !== undefined && by !== undefined) {
    const place = articleWords(amended, language);
    if (language === 'az') return `${place}, (Aİ) ${by} nömrəli Reqlamentlə ${how === 'inserted' ? 'əlavə edilib' : 'dəyişdirilib'}`;
    return how === 'inserted' ? `${place}, добавлена Регламентом (ЕС) ${by}` : `${place} в редакции Регламента (ЕС) ${by}`;
  }
  const [, ofTheAct] = OF_THE_ACT.exec(article) ?? [];
  if (ofTheAct !== undefined) return language === 'az' ? `Sİ Aktı, ${articleWords(ofTheAct, language)}` : `${articleWords(ofTheAct, language)} Акта об ИИ`;
  const [, one, other] = WITH.exec(article) ?? [];
  if (one !== undefined && other !== undefined) return language === 'az' ? `${articleWords(one, language)}, ${articleWords(other, language)} ilə birlikdə` : `${articleWords(one, language)} во взаимосвязи со ${articleWords(other, language)}`;
  const [, about] = ON.exec(article) ?? [];
  if (about !== undefined) return language === 'az' ? `${articleWords(about, language)} haqqında` : `о ${articleWords(about, language)}`;
  const [, paragraph, ordinal] = SUBPARAGRAPH.exec(article) ?? [];
  if (paragraph !== undefined && ordinal !== undefined) return `${articleWords(paragraph, language)}, ${ORDINALS[ordinal]?.[language] ?? ''} ${language === 'az' ? 'abzas' : 'абзац'}`;
  const [, regulation, rest] = REGULATION_FIRST.exec(article) ?? [];
  if (regulation !== undefined && rest !== undefined) return `${language === 'az' ? `(Aİ) ${regulation} nömrəli Reqlament` : `Регламент (ЕС) ${regulation}`}, ${articleWords(rest, language)}`;
  const form = FORMS.find(([pattern]) => pattern.test(article));
  return form === undefined ? article : article.replace(form[0], form[1][language]);
}

/** The place in the reader's language, and what the pack adds to it in English: `: the later of the two routes`. */
export function articleParts(article: string, language: Language): { readonly words: string; readonly english: string } {
  if (language === 'en') return { words: article, english: '' };
  const whole = articleWords(article, language);
  if (whole !== article) return { words: whole, english: '' };
  for (const { index } of [...article.matchAll(/[,:;] /g)].reverse()) {
    const place = article.slice(0, index);
    const words = articleWords(place, language);
    if (words !== place) return { words, english: article.slice(index) };
  }
  return { words: '', english: article };
}
