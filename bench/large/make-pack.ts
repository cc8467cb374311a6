/** Makes packs of any size for measuring: one shaped like a real body of law, one shaped to explode. */

import type { PackFile } from '../../src/law/index.ts';

const RULES_A_REGIME = 20;
const USES = 8;

const words = (az: string, en: string, ru: string): string => `{ az: "${az}", en: "${en}", ru: "${ru}" }`;
const cite = (article: string): string => `[ { act: act, article: "Art. ${article}" } ]`;

/**
 * A pack with about `rules` rules in regimes of twenty: eight uses, each a conclusion with one or two general rules and an exception, over
 * eight facts with gates, all behind one scope. Each conclusion has a case in which it holds, fails, and its exception decides.
 */
export function largePack(rules: number): readonly PackFile[] {
  const regimes = Array.from({ length: Math.floor(rules / RULES_A_REGIME) }, (_, at) => `R${String(at).padStart(3, '0')}`);
  return [
    { path: 'pack.yaml', text: manifest(regimes) },
    { path: 'parameters.yaml', text: `parameters:\n${regimes.map(parameters).join('')}` },
    { path: 'facts.yaml', text: `facts:\n${scopeFacts()}${regimes.map(facts).join('')}` },
    { path: 'rules.yaml', text: rulesFile(regimes) },
    { path: 'cases.yaml', text: `cases:\n${scopeCases()}${regimes.map(cases).join('')}` },
  ];
}

function manifest(regimes: readonly string[]): string {
  return `id: large
version: 1.0.0
engine: 1
jurisdiction: XX
title: ${words('Böyük qanun', 'Large law', 'Большой закон')}
status: draft
valid_from: 2025-01-01
known_from: 2025-01-01
legal_basis: [ { key: act, title: ${words('Qanun', 'Act', 'Закон')} } ]
files: [ parameters.yaml, facts.yaml, rules.yaml, cases.yaml ]
families:
${regimes.map((id) => `  - { id: ${id}, weight: 10, requires: scope, label: ${words(`Rejim ${id}`, `Regime ${id}`, `Режим ${id}`)} }\n`).join('')}headline:
${regimes.slice(0, 20).map((id) => `  - { id: ${id}, when: ${id}, label: ${words(`Rejim ${id}`, `Regime ${id}`, `Режим ${id}`)} }\n`).join('')}  - { id: open, when: open, label: ${words('Açıq', 'Open', 'Открыто')} }
  - { id: none, label: ${words('Yoxdur', 'None', 'Нет')} }
`;
}

function parameters(id: string, at: number): string {
  return `  applies.${id}: { type: date, label: ${words('Tarix', 'Date', 'Дата')}, values: [ { value: ${2026 + (at % 3)}-08-02, known: 2025-01-01, source: "Art. ${at + 1}", ev: V }, { value: 2029-02-02, known: 2026-07-27, source: "Art. ${at + 1} as amended", ev: V } ] }
  limit.${id}: { type: number, label: ${words('Hədd', 'Limit', 'Предел')}, values: [ { value: ${10 + (at % 90)}, known: 2025-01-01, source: "Art. ${at + 1}", ev: V } ] }
`;
}

function fact(id: string, type: string, more: string): string {
  return `  - id: ${id}
    group: ${id.split('.')[0]}
    type: ${type}
${more === '' ? '' : `    ${more}\n`}    ask: ${words(`${id} tətbiq olunurmu?`, `Does ${id} apply to the system?`, `Относится ли ${id} к системе?`)}
    help: ${words('Sistemin təyinatına baxın.', 'Look at the intended purpose of the system.', 'Посмотрите на назначение системы.')}
    example: ${words('Məsələn, müsahibələrin seçilməsi.', 'For example, the choice of interviews.', 'Например, отбор на собеседования.')}
    why: ${words('Cavab rejimi müəyyən edir.', 'The answer decides the regime.', 'Ответ определяет режим.')}
    cite: ${cite('3')}
`;
}

function valuesOf(ids: readonly string[]): string {
  return `values: [ ${ids.map((id) => `{ id: ${id}, label: ${words(`Dəyər ${id}`, `Value ${id}`, `Значение ${id}`)} }`).join(', ')} ]`;
}

const uses = Array.from({ length: USES }, (_, at) => `u${at}`);
const FIELDS = ['health', 'schools', 'police', 'credit'];

function scopeFacts(): string {
  return `${fact('S.infers', 'bool', '')}${fact('S.nexus', 'enum', valuesOf(['here', 'serves', 'abroad']))}${fact('S.military', 'bool', 'applies_if: S.infers')}${fact('S.research', 'bool', 'applies_if: S.infers')}`;
}

function facts(id: string): string {
  return [
    fact(`${id}.field`, 'enum', valuesOf([...FIELDS, 'other'])),
    fact(`${id}.use`, 'set', `applies_if: ${id}.field != other\n    ${valuesOf(uses)}`),
    fact(`${id}.person`, 'bool', `applies_if: ${id}.field != other`),
    fact(`${id}.decides`, 'bool', `applies_if: ${id}.person`),
    fact(`${id}.profiles`, 'bool', `applies_if: ${id}.person`),
    fact(`${id}.narrow`, 'bool', `applies_if: ${id}.field != other`),
    fact(`${id}.reviewed`, 'bool', `applies_if: ${id}.narrow`),
    fact(`${id}.count`, 'number', ''),
  ].join('');
}

function rule(id: string, concludes: string, when: string, more: string): string {
  return `  - id: ${id}
    concludes: ${concludes}
    when: ${when}
    label: ${words(`Qayda ${id}`, `The rule ${id} says when this use is covered.`, `Правило ${id}`)}
    cite: ${cite(String(id.length))}
    ev: V
    authority: law
${more}`;
}

function rulesFile(regimes: readonly string[]): string {
  const definitions = regimes.map((id) => `  - { id: ${id}.hit, when: "${id}.person and ${id}.field != other and (${id}.decides or ${id}.count > $limit.${id})", label: ${words('Hal', 'A listed use of persons’ data', 'Случай')}, cite: ${cite('4')} }
  - { id: ${id}.exempt, when: "${id}.narrow and ${id}.reviewed and not ${id}.profiles", label: ${words('İstisna', 'A narrow and reviewed task', 'Исключение')}, cite: ${cite('5')} }
`);
  const conclusions = regimes.flatMap((id) => uses.map((use) => `  - { id: ${id}.c.${use}, family: ${id}, label: ${words(`${use} istifadəsi`, `The use ${use}`, `Применение ${use}`)}, plain: ${words('Bu istifadə əhatə olunur.', 'This use is covered and has duties.', 'Это применение охвачено.')} }\n`));
  const rules = regimes.flatMap((id) => uses.map((use, at) => [
    rule(`${id}-${use}`, `${id}.c.${use}`, `${id}.hit and ${id}.use has ${use}`, `    applies: $applies.${id}\n`),
    at % 2 === 0 ? rule(`${id}-${use}-profiling`, `${id}.c.${use}`, `${id}.profiles and ${id}.use has ${use} and ${id}.field in [${FIELDS[at % 4]}, ${FIELDS[(at + 1) % 4]}]`, `    applies: $applies.${id}\n`) : '',
    rule(`${id}-${use}-filter`, `${id}.c.${use}`, at % 2 === 0 ? `${id}.exempt and ${id}.field = ${FIELDS[at % 4]}` : `${id}.exempt and ${id}.count <= 500`, '    kind: exception\n    priority: 10\n'),
  ].join('')));
  return `definitions:
${definitions.join('')}conclusions:
  - { id: scope, label: ${words('Qüvvə', 'Scope', 'Сфера')}, plain: ${words('Qanun tətbiq olunur.', 'The law applies.', 'Закон применяется.')} }
${conclusions.join('')}rules:
${rule('scope', 'scope', 'S.infers and S.nexus in [here, serves]', '')}${rule('scope-excluded', 'scope', 'S.military or S.research', '    kind: exception\n    priority: 10\n')}${rules.join('')}`;
}

const COVERED = 'S.infers: yes, S.nexus: here, S.military: no, S.research: no';

function workedCase(id: string, given: string, expected: string): string {
  return `  - id: ${id}
    title: ${words(`Hal ${id}`, `Case ${id}`, `Случай ${id}`)}
    story: ${words('Qurum sistemi insanlar üzərində işlədir.', 'A body uses the system on persons and a clerk looks at the result.', 'Орган применяет систему к людям.')}
    facts: { ${given} }
    expect: { ${expected} }
`;
}

function scopeCases(): string {
  return workedCase('scope-yes', COVERED, 'scope: holds') + workedCase('scope-no', 'S.infers: yes, S.nexus: here, S.military: yes, S.research: no', 'scope: fails');
}

function cases(id: string): string {
  const given = (more: string): string => `${COVERED}, ${id}.use: [${uses.join(', ')}], ${id}.person: yes, ${id}.decides: yes, ${more}`;
  const all = (result: string): string => uses.map((use) => `${id}.c.${use}: ${result}`).join(', ');
  return [
    workedCase(`${id}-all`, given(`${id}.field: health, ${id}.profiles: yes, ${id}.narrow: no, ${id}.count: 5`), all('holds')),
    workedCase(`${id}-none`, `${COVERED}, ${id}.field: other, ${id}.count: 900`, all('fails')),
    ...uses.map((use, at) => workedCase(`${id}-${use}-filtered`, given(`${id}.field: ${FIELDS[at % 4]}, ${id}.profiles: no, ${id}.narrow: yes, ${id}.reviewed: yes, ${id}.count: ${at % 2 === 0 ? 900 : 400}`), `${id}.c.${use}: fails`)),
  ].join('');
}

/**
 * A small pack whose second rule has no small diagram in the order in which the first one meets the facts: pairs of facts far apart, so
 * that everything about the first half has to be remembered. The diagram doubles with every pair.
 */
export function explodingPack(bits: number): readonly PackFile[] {
  const ids = Array.from({ length: bits }, (_, at) => `B${at}`);
  const half = bits / 2;
  const pairs = ids.slice(0, half).map((id, at) => `${id} and ${ids[at + half]!}`);
  const memory = ids.slice(0, half).map((id) => `(${id} or not ${id})`).join(' and ');
  return [{
    path: 'pack.yaml',
    text: `id: exploding
version: 1.0.0
engine: 1
jurisdiction: XX
title: ${words('P', 'P', 'P')}
status: draft
valid_from: 2025-01-01
known_from: 2025-01-01
legal_basis: [ { key: act, title: ${words('Q', 'A', 'З')} } ]
headline: [ { id: none, label: ${words('Y', 'N', 'Н')} } ]
facts:
${ids.map((id) => fact(id, 'bool', '')).join('')}conclusions:
  - { id: small, label: ${words('K', 'Small', 'М')}, plain: ${words('K', 'Small', 'М')} }
  - { id: paired, label: ${words('V', 'Multiplied', 'У')}, plain: ${words('V', 'Multiplied', 'У')} }
rules:
${rule('small', 'small', memory, '')}${rule('far-apart', 'paired', pairs.join(' or '), '')}`,
  }];
}
