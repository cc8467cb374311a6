/** The pack that `mizan pack new` begins with: small, complete, and plainly not law yet. */

import type { PackFile } from '../../law/index.ts';

export interface TemplateChoice {
  readonly id: string;
  readonly jurisdiction: string;
  /** Id of the pack it extends. */
  readonly extends?: string;
}

/** Names of a pack that extends another get a prefix, so that they do not meet those of the base. */
export function templateFiles(choice: TemplateChoice): readonly PackFile[] {
  const prefix = choice.extends === undefined ? '' : `${choice.jurisdiction.toLowerCase().replaceAll(/[^a-z0-9]/g, '')}.`;
  return [
    { path: 'pack.yaml', text: packYaml(choice, prefix) },
    { path: 'law.yaml', text: lawYaml(prefix) },
    { path: 'cases.yaml', text: casesYaml(prefix) },
  ];
}

function packYaml({ id, jurisdiction, extends: base }: TemplateChoice, prefix: string): string {
  return `# A law pack to begin with. Its one rule is an invented example: replace it by the law you write down.
# The format: docs/spec/law-pack.md. Check it with “mizan pack check”, run its cases with “mizan pack test”.
id: ${id}
version: 0.1.0
engine: 1
jurisdiction: ${jurisdiction}
${base === undefined ? '' : `extends:\n  - { id: ${base} }\n`}title:
  az: "Yeni qanun paketi (nümunə)"
  en: "New law pack (example)"
  ru: "Новый пакет законов (пример)"
status: draft
valid_from: 2026-01-01
known_from: 2026-01-01
legal_basis:
  - key: ${prefix}act
    title:
      az: "Nümunə aktı"
      en: "Example act"
      ru: "Пример акта"
files:
  - law.yaml
  - cases.yaml
families:
  - id: ${prefix}notice
    weight: 5
    label:
      az: "Məlumatlandırma"
      en: "Notice"
      ru: "Уведомление"
headline:
  - id: ${prefix}notice
    when: ${prefix}notice
    label:
      az: "Şəxsə bildirilməlidir"
      en: "The person must be told"
      ru: "Человека нужно уведомить"
${base === undefined ? `  - id: open
    when: open
    label:
      az: "Hələ açıqdır"
      en: "Still open"
      ru: "Ещё открыто"
  - id: none
    label:
      az: "Vəzifə yaranmır"
      en: "No duty"
      ru: "Обязанности нет"
` : ''}`;
}

function lawYaml(prefix: string): string {
  return `parameters:
  ${prefix}applies.notice:
    type: date
    label:
      az: "Məlumatlandırmanın başlanğıcı"
      en: "Start of notice"
      ru: "Начало уведомления"
    values:
      - { value: 2026-07-01, known: 2026-01-01, source: "Example act Art. 9", ev: K }
facts:
  - id: ${prefix}N.decides
    group: ${prefix}notice
    type: bool
    ask:
      az: "Sistem ayrıca bir şəxs barədə qərar verir, yoxsa belə qərarı hazırlayır?"
      en: "Does the system decide about a single person, or prepare such a decision?"
      ru: "Принимает или готовит ли система решение об отдельном человеке?"
    help:
      az: "Qərarı sonda insan imzalasa da, cavab “bəli”dir."
      en: "Also yes when a human signs the decision in the end."
      ru: "Да и тогда, когда решение в конце подписывает человек."
    example:
      az: "Müavinət üçün müraciətə rəy verən sistem."
      en: "A system that gives an opinion on an application for a benefit."
      ru: "Система, которая даёт заключение по заявлению на пособие."
    why:
      az: "Bildirmək vəzifəsi buna bağlıdır."
      en: "The duty to tell depends on it."
      ru: "От этого зависит обязанность уведомить."
    cite: [ { act: ${prefix}act, article: "Art. 3" } ]
  - id: ${prefix}N.secret
    group: ${prefix}notice
    type: bool
    applies_if: ${prefix}N.decides
    ask:
      az: "Bildiriş cinayət təqibinə mane olardı?"
      en: "Would telling the person defeat a criminal investigation?"
      ru: "Помешало бы уведомление уголовному расследованию?"
    help:
      az: "Yalnız konkret iş üçün, vəzifəli şəxsin yazılı qərarı olduqda “bəli”."
      en: "Yes only for a given case and with a written decision of an official."
      ru: "Да только для конкретного дела и при письменном решении должностного лица."
    example:
      az: "Axtarışda olan şəxsin müraciəti yoxlanılır."
      en: "The application of a person who is being searched for is examined."
      ru: "Проверяется заявление разыскиваемого человека."
    why:
      az: "Bu halda bildiriş verilmir."
      en: "Then no notice is given."
      ru: "Тогда уведомления не дают."
    cite: [ { act: ${prefix}act, article: "Art. 4" } ]
conclusions:
  - id: ${prefix}notice.decision
    family: ${prefix}notice
    label:
      az: "Qərar barədə bildiriş"
      en: "Notice of a decision"
      ru: "Уведомление о решении"
    plain:
      az: "Qərarında sistemin iştirak etdiyi şəxsə bu barədə bildirilir."
      en: "A person about whom a system helped to decide is told so."
      ru: "Человеку, решение о котором помогла принять система, об этом сообщают."
rules:
  - id: ${prefix}notice
    concludes: ${prefix}notice.decision
    when: ${prefix}N.decides
    applies: $${prefix}applies.notice
    label:
      az: "Şəxs barədə qərar verən və ya onu hazırlayan sistem haqqında həmin şəxsə bildirilir."
      en: "Whoever uses a system that decides about a person, or prepares the decision, tells that person."
      ru: "Тот, кто применяет систему, решающую о человеке или готовящую решение, сообщает об этом человеку."
    cite: [ { act: ${prefix}act, article: "Art. 3" } ]
    ev: K
    authority: national
  - id: ${prefix}notice-secret
    concludes: ${prefix}notice.decision
    kind: exception
    priority: 10
    when: ${prefix}N.secret
    label:
      az: "Bildiriş cinayət təqibinə mane olarsa, verilmir."
      en: "No notice is given where it would defeat a criminal investigation."
      ru: "Уведомления не дают, если оно помешало бы уголовному расследованию."
    cite: [ { act: ${prefix}act, article: "Art. 4" } ]
    ev: K
    authority: national
`;
}

function casesYaml(prefix: string): string {
  const one = (id: string, titles: readonly [string, string, string], stories: readonly [string, string, string], facts: string, expected: string, dates = ''): string => `  - id: ${id}
    title:
      az: "${titles[0]}"
      en: "${titles[1]}"
      ru: "${titles[2]}"
    story:
      az: "${stories[0]}"
      en: "${stories[1]}"
      ru: "${stories[2]}"
    facts: { ${facts} }
    expect: { ${prefix}notice.decision: ${expected} }
${dates}`;
  return `cases:
${one(
  `${prefix}benefit`,
  ['Müavinət müraciəti', 'An application for a benefit', 'Заявление на пособие'],
  ['Sistem müavinət müraciətinə rəy verir, qərarı məmur imzalayır.', 'A system gives an opinion on an application; an officer signs the decision.', 'Система даёт заключение по заявлению, решение подписывает сотрудник.'],
  `${prefix}N.decides: yes, ${prefix}N.secret: no`,
  'holds',
  `    dates: { ${prefix}notice.decision: 2026-07-01 }\n`,
)}${one(
  `${prefix}translation`,
  ['Tərcümə sistemi', 'A translation system', 'Система перевода'],
  ['Sistem mətnləri tərcümə edir və heç kim barədə qərar vermir.', 'The system translates texts and decides about nobody.', 'Система переводит тексты и ни о ком не решает.'],
  `${prefix}N.decides: no`,
  'fails',
)}${one(
  `${prefix}investigation`,
  ['Cinayət təqibi', 'A criminal investigation', 'Уголовное расследование'],
  ['Bildiriş axtarışda olan şəxsi xəbərdar edərdi.', 'Notice would warn a person who is being searched for.', 'Уведомление предупредило бы разыскиваемого.'],
  `${prefix}N.decides: yes, ${prefix}N.secret: yes`,
  'fails',
)}`;
}
