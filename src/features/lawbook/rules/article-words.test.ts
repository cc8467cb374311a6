/** Places of provisions are said in three languages, and never lost. */

import { expect, it } from 'vitest';
import { articleParts, articleWords } from './article-words.ts';

it.each([
  ['Art. 5(1)(e)', 'maddə 5(1)(e)', 'ст. 5(1)(e)'],
  ['Art. 6(3)(a)-(d)', 'maddə 6(3)(a)-(d)', 'ст. 6(3)(a)-(d)'],
  ['Recital 59', 'mülahizə 59', 'преамбула, пункт 59'],
  ['Annex XIII', 'XIII Əlavə', 'приложение XIII'],
  ['Annex III point 4(a)', 'III Əlavə, bənd 4(a)', 'приложение III, пункт 4(a)'],
  ['Annex III points 1, 6, 7', 'III Əlavə, bəndlər 1, 6, 7', 'приложение III, пункты 1, 6, 7'],
  ['Annex I Section B', 'I Əlavə, bölmə B', 'приложение I, раздел B'],
  ['Art. 113(c)(i) as amended by Reg. (EU) 2026/1744', 'maddə 113(c)(i), (Aİ) 2026/1744 nömrəli Reqlamentlə dəyişdirilib', 'ст. 113(c)(i) в редакции Регламента (ЕС) 2026/1744'],
  ['Reg. (EU) 2024/1689 Art. 113(a) as amended by Reg. (EU) 2026/1744', '(Aİ) 2024/1689 nömrəli Reqlament, maddə 113(a), (Aİ) 2026/1744 nömrəli Reqlamentlə dəyişdirilib', 'Регламент (ЕС) 2024/1689, ст. 113(a) в редакции Регламента (ЕС) 2026/1744'],
  ['Law 998-IIIQ', '998-IIIQ nömrəli Qanun', 'Закон № 998-IIIQ'],
  ['Decree 718', '718 nömrəli Fərman', 'Указ № 718'],
  ['Decree of 27.2.2026', '27.2.2026 tarixli Fərman', 'Указ от 27.2.2026'],
  ['Decision 229', '229 nömrəli Qərar', 'Постановление № 229'],
  ['Draft of 25.2.2026', '25.2.2026 tarixli layihə', 'проект от 25.2.2026'],
  ['Art. 6(1b) of the AI Act', 'Sİ Aktı, maddə 6(1b)', 'ст. 6(1b) Акта об ИИ'],
  ['Art. 6(3), first subparagraph', 'maddə 6(3), birinci abzas', 'ст. 6(3), первый абзац'],
  ['on Art. 50(2)', 'maddə 50(2) haqqında', 'о ст. 50(2)'],
  ['points 75-76, 90', 'bənd 75-76, 90', 'п. 75-76, 90'],
  ['Annex XI Section 1', 'XI Əlavə, bölmə 1', 'приложение XI, раздел 1'],
  ['Art. 111(2) with Art. 113(c)', 'maddə 111(2), maddə 113(c) ilə birlikdə', 'ст. 111(2) во взаимосвязи со ст. 113(c)'],
  ['section 4', 'bölmə 4', 'раздел 4'],
  ['Annex I Section A as first published', 'Annex I Section A as first published', 'Annex I Section A as first published'],
  ['points 57-59 on Art. 50(2)', 'points 57-59 on Art. 50(2)', 'points 57-59 on Art. 50(2)'],
])('%s', (article, az, ru) => {
  expect([articleWords(article, 'en'), articleWords(article, 'az'), articleWords(article, 'ru')]).toEqual([article, az, ru]);
});

it.each([
  ['Art. 111(2) with Art. 113(c): the later of the two', 'ст. 111(2) во взаимосвязи со ст. 113(c)', ': the later of the two'],
  ['Art. 6, read as one day: the first', 'ст. 6', ', read as one day: the first'],
  ['Recital 59', 'преамбула, пункт 59', ''],
  ['Decision of the regulator', '', 'Decision of the regulator'],
])('%s: what is added in English stays English', (article, words, english) => {
  expect(articleParts(article, 'ru')).toEqual({ words, english });
  expect(articleParts(article, 'en')).toEqual({ words: article, english: '' });
});
