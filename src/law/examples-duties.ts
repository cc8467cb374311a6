/** An example act with duties, dates and transitions, small enough to check by hand: the AI Act in little. Shared by tests and benches. */

import { conclusionYaml, examplePack, factYaml, ruleYaml } from './examples.ts';
import type { PackFile } from './model.ts';

const text = (words: string): string => `{ az: "${words} (az)", en: "${words}", ru: "${words} (ru)" }`;

export const DUTIES_MANIFEST = `
families:
  - { id: high_risk, weight: 30, label: ${text('High risk')} }
  - { id: prohibited, weight: 100, label: ${text('Prohibited')} }
  - { id: transparency, weight: 10, label: ${text('Transparency')} }
  - { id: role, weight: 5, layer: duties, label: ${text('Role')} }
  - { id: duty, weight: 1, layer: duties, label: ${text('Duty')} }
headline:
  - { id: prohibited, when: prohibited, label: ${text('Prohibited')} }
  - { id: high-risk, when: high_risk, label: ${text('High risk')} }
  - { id: open, when: open, label: ${text('Open')} }
  - { id: none, label: ${text('None')} }
`;

function parameterYaml(id: string, type: 'date' | 'number', values: readonly (readonly [value: string, known: string])[]): string {
  return `  ${id}:\n    type: ${type}\n    label: ${text(id)}\n    values: [ ${values.map(([value, known]) => `{ value: ${value}, known: ${known}, source: "Art. ${id}", ev: V }`).join(', ')} ]\n`;
}

const FIRST = '2024-07-12';
/** The day on which the amending act became known. */
const AMENDED = '2026-07-27';

const PARAMETERS = `parameters:
${parameterYaml('applies.default', 'date', [['2026-08-02', FIRST]])}${parameterYaml('applies.ch5', 'date', [['2025-08-02', FIRST]])}${parameterYaml('applies.ban', 'date', [['2026-12-02', AMENDED]])}${parameterYaml('applies.route.III', 'date', [['2026-08-02', FIRST], ['2027-12-02', AMENDED]])}${parameterYaml('applies.route.I', 'date', [['2027-08-02', FIRST], ['2028-08-02', AMENDED]])}${parameterYaml('trans.111_1.before', 'date', [['2027-08-02', FIRST]])}${parameterYaml('trans.111_1', 'date', [['2030-12-31', FIRST]])}${parameterYaml('trans.111_2.one_day', 'date', [['2026-08-02', FIRST], ['2027-12-02', AMENDED]])}${parameterYaml('trans.111_2.first', 'date', [['2026-08-02', FIRST]])}${parameterYaml('trans.111_2.public', 'date', [['2030-08-02', FIRST]])}${parameterYaml('trans.111_3.before', 'date', [['2025-08-02', FIRST]])}${parameterYaml('trans.111_3', 'date', [['2027-08-02', FIRST]])}${parameterYaml('trans.111_4.before', 'date', [['2026-08-02', AMENDED]])}${parameterYaml('trans.111_4', 'date', [['2026-12-02', AMENDED]])}${parameterYaml('amended', 'date', [[AMENDED, AMENDED]])}${parameterYaml('fine.5.fixed', 'number', [['35000000', FIRST]])}${parameterYaml('fine.5.percent', 'number', [['7', FIRST]])}${parameterYaml('fine.50.fixed', 'number', [['15000000', FIRST]])}${parameterYaml('fine.50.percent', 'number', [['3', FIRST]])}${parameterYaml('incident.days', 'number', [['15', FIRST]])}${parameterYaml('incident.death', 'number', [['10', FIRST]])}${parameterYaml('docs.years', 'number', [['10', FIRST]])}`;

const values = (...ids: readonly string[]): string => `, values: [ ${ids.map((id) => `{ id: ${id}, label: ${text(id)} }`).join(', ')} ]`;
const FACTS = `facts:
${factYaml('use', 'set', values('hiring', 'benefits', 'credit', 'insurance', 'device'))}${factYaml('profiling', 'bool', ', applies_if: "use has any [hiring, benefits, credit, insurance]"')}${factYaml('narrow', 'bool', ', applies_if: "use has any [hiring, benefits, credit, insurance]"')}${factYaml('pictures', 'enum', values('none', 'intended', 'unsafe'))}${factYaml('chatbot', 'bool')}${factYaml('generator', 'bool')}${factYaml('model', 'bool')}${factYaml('provides', 'bool')}${factYaml('deploys', 'bool')}${factYaml('size', 'enum', values('small', 'medium', 'smc', 'large'))}${factYaml('institution', 'bool')}${factYaml('death', 'bool')}${factYaml('annex_x', 'bool', ', applies_if: high_risk')}${factYaml('public_use', 'bool', ', applies_if: high_risk')}${factYaml('first_placed', 'date', ', applies_if: high_risk or transparency')}${factYaml('changed', 'bool', ', applies_if: high_risk')}${factYaml('design_change', 'date', ', applies_if: changed')}${factYaml('model_placed', 'date', ', applies_if: model')}`;

const RULES = `readings:
  - { id: RD.ch9, default: A, label: ${text('From when 73 applies')}, options: [ { id: A, label: ${text('The later')} }, { id: B, label: ${text('Its own day')} } ], cite: [ { act: act, article: "Art. 73" } ], ev: C }
  - { id: RD.cut, default: A, label: ${text('Which day cuts off')}, options: [ { id: A, label: ${text('Own route')} }, { id: B, label: ${text('One day')} } ], cite: [ { act: act, article: "Art. 111" } ], ev: C }
conclusions:
${['4a', '5a', '5b', '5c'].map((point) => conclusionYaml(`high_risk.III.${point}`, ', family: high_risk')).join('')}${conclusionYaml('high_risk.I', ', family: high_risk')}${conclusionYaml('prohibited.ba', ', family: prohibited')}${conclusionYaml('transparency.50-1', ', family: transparency')}${conclusionYaml('transparency.50-2', ', family: transparency')}${conclusionYaml('gpai', '')}${conclusionYaml('role.provider', ', family: role')}${conclusionYaml('role.deployer', ', family: role')}rules:
${[['4a', 'hiring'], ['5a', 'benefits'], ['5b', 'credit'], ['5c', 'insurance']].map(([point, use]) => ruleYaml(`III.${point}`, `high_risk.III.${point}`, `use has ${use} and (profiling or not narrow)`, ', applies: $applies.route.III')).join('')}${ruleYaml('I', 'high_risk.I', 'use has device', ', applies: $applies.route.I')}${ruleYaml('a5-ba', 'prohibited.ba', 'pictures != none', ', applies: $applies.ban')}${ruleYaml('a50-1', 'transparency.50-1', 'chatbot', ', applies: $applies.default')}${ruleYaml('a50-2', 'transparency.50-2', 'generator', ', applies: $applies.default')}${ruleYaml('a53', 'gpai', 'model', ', applies: $applies.ch5')}${ruleYaml('a3-3', 'role.provider', 'provides')}${ruleYaml('a3-4', 'role.deployer', 'deploys')}${ruleYaml('free-model', 'duty.G.DOC', 'size = small', ', kind: exception')}`;

const line = (id: string, rest: string): string => `      - { id: "${id}", ${rest}, label: ${text(id)}, cite: [ { act: act, article: "Art. ${id}" } ] }\n`;
const CUT = `      - { id: cut, lines: [ { when: RD.cut = B, date: $trans.111_2.one_day }, { if: "$amended >= $amended", date: route }, { date: $trans.111_2.first } ] }\n`;
const OLDER = `${line('111_1', 'when: annex_x, if: first_placed < $trans.111_1.before, date: $trans.111_1')}${line('111_2-changed', 'if: first_placed < cut and design_change >= cut, date: "max(base, design_change)"')}${line('111_2-public', 'when: public_use, if: first_placed < cut, date: $trans.111_2.public')}${line('111_2-exempt', 'if: first_placed < cut, date: never, again: design_change')}`;
export const TIMINGS = `timings:
  - id: high-risk
    label: ${text('High risk')}
    dates:
${CUT}      - { id: base, lines: [ { date: "max(article, route)" } ] }
    due:
${OLDER}${line('ordinary', 'date: base')}  - id: chapter-9
    label: ${text('Chapter IX')}
    dates:
${CUT}      - { id: base, lines: [ { when: RD.ch9 = B, date: article }, { date: "max(article, route)" } ] }
    due:
${OLDER}${line('ordinary', 'date: base')}  - id: article
    label: ${text('Own day')}
    due:
${line('ordinary', 'date: article')}  - id: marking
    label: ${text('Marking')}
    due:
${line('111_4', 'if: first_placed < $trans.111_4.before, date: $trans.111_4')}${line('placing', 'date: "max(article, first_placed)"')}  - id: model
    label: ${text('Models')}
    due:
${line('111_3', 'if: model_placed < $trans.111_3.before, date: $trans.111_3')}${line('placing', 'date: "max(article, model_placed)"')}`;

export function dutyYaml(id: string, role: string, when: string, timing: string, more = ''): string {
  return `  - { id: ${id}, role: ${role}, group: all, when: "${when}", timing: ${timing}, label: ${text(id)}, plain: ${text(`Do ${id}.`)}, cite: [ { act: act, article: "Art. ${id}" } ], annex: [ { act: act, article: "Annex ${id}" } ], ev: V, authority: law${more} }\n`;
}

const DUTIES = `duty_groups:
  - { id: all, label: ${text('All')} }
duties:
${dutyYaml('PR.RM', 'role.provider', 'high_risk', 'high-risk', `, article: $applies.default, route: high_risk, evidence: [ { id: risk-file, label: ${text('Risk file')} } ], retention: [ { id: docs, length: $docs.years, unit: years, from: placing, label: ${text('Ten years')} } ], sanction: fine.50, relief: [ { when: "size in [small, medium]", label: ${text('Simplified form')}, cite: [ { act: act, article: "Art. 11" } ] } ]`)}${dutyYaml('PR.INC', 'role.provider', 'high_risk', 'chapter-9', ', article: $applies.default, route: high_risk, sanction: fine.50, clocks: [ incident.days, incident.death ]')}${dutyYaml('T.1', 'role.provider', 'transparency.50-1', 'article', ', article: $applies.default, sanction: fine.50')}${dutyYaml('T.2', 'role.provider', 'transparency.50-2', 'marking', ', article: $applies.default, sanction: fine.50')}${dutyYaml('STOP', '[ role.provider, role.deployer ]', 'prohibited', 'article', ', article: $applies.ban, sanction: fine.5')}${dutyYaml('G.DOC', 'role.provider', 'gpai', 'model', ', article: $applies.ch5, sanction: fine.50')}sanctions:
  - { id: fine.5, label: ${text('Art. 5')}, cite: [ { act: act, article: "Art. 99(3)" } ], fixed: $fine.5.fixed, percent: $fine.5.percent, lower_when: "size in [small, medium]", unless: institution, ev: S }
  - { id: fine.50, label: ${text('Others')}, cite: [ { act: act, article: "Art. 99(4)" } ], fixed: $fine.50.fixed, percent: $fine.50.percent, lower_when: "size in [small, medium, smc]", unless: institution, ev: S }
clocks:
  - { id: incident.days, label: ${text('Fifteen days')}, cite: [ { act: act, article: "Art. 73(2)" } ], length: $incident.days, unit: days, from: awareness }
  - { id: incident.death, label: ${text('Ten days')}, cite: [ { act: act, article: "Art. 73(4)" } ], length: $incident.death, unit: days, from: awareness, when: death }
`;

const caseYaml = (id: string, facts: string, expectations: string): string => `  - { id: ${id}, title: ${text(id)}, story: ${text(`Case ${id}.`)}, as_of: 2028-01-10, facts: { ${facts} }, ${expectations} }\n`;
const CASES = `cases:
${caseYaml('hiring', 'use: [hiring], profiling: yes, provides: yes, deploys: no, pictures: none, chatbot: no, generator: no, model: no, first_placed: 2028-01-05, annex_x: no', 'expect: { high_risk.III.4a: holds, high_risk.III.5a: fails, high_risk.III.5b: fails, high_risk.III.5c: fails, high_risk.I: fails, prohibited.ba: fails, transparency.50-1: fails, transparency.50-2: fails, gpai: fails, role.provider: holds, role.deployer: fails }, due: { PR.RM: 2027-12-02, PR.INC: 2027-12-02, T.1: no-duty, T.2: no-duty, STOP: no-duty, G.DOC: no-duty }')}${caseYaml('hiring-on-the-day', 'use: [hiring], profiling: yes, provides: yes, first_placed: 2027-12-02, annex_x: no', 'due: { PR.RM: 2027-12-02 }')}${caseYaml('hiring-before', 'use: [hiring], profiling: yes, provides: yes, first_placed: 2027-12-01, annex_x: no, public_use: no, changed: no', 'due: { PR.RM: never, PR.INC: never }')}${caseYaml('hiring-changed', 'use: [hiring], profiling: yes, provides: yes, first_placed: 2027-12-01, annex_x: no, public_use: no, changed: yes, design_change: 2027-12-02', 'due: { PR.RM: 2027-12-02, PR.INC: 2027-12-02 }')}${caseYaml('hiring-as-first-known', 'use: [hiring], profiling: yes, provides: yes, first_placed: 2028-01-05, annex_x: no', 'known_on: 2026-07-26, due: { PR.RM: 2026-08-02, PR.INC: 2026-08-02 }')}${caseYaml('ministry', 'use: [benefits], profiling: yes, provides: yes, first_placed: 2027-01-15, annex_x: no, public_use: yes, changed: no', 'expect: { high_risk.III.5a: holds }, due: { PR.RM: 2030-08-02, PR.INC: 2030-08-02 }')}${caseYaml('ministry-changed', 'use: [benefits], profiling: yes, provides: yes, first_placed: 2027-01-15, annex_x: no, public_use: yes, changed: yes, design_change: 2028-03-01', 'due: { PR.RM: 2028-03-01, PR.INC: 2028-03-01 }')}${caseYaml('large-system', 'use: [benefits], profiling: yes, provides: yes, first_placed: 2027-08-01, annex_x: yes', 'due: { PR.RM: 2030-12-31, PR.INC: 2030-12-31 }')}${caseYaml('credit', 'use: [credit], profiling: yes, narrow: no, provides: yes, first_placed: 2027-12-02, annex_x: no', 'expect: { high_risk.III.5b: holds }, readings: { RD.ch9: B }, due: { PR.INC: 2026-08-02 }')}${caseYaml('insurance', 'use: [insurance], profiling: no, narrow: yes, provides: no', 'expect: { high_risk.III.5c: fails, role.provider: fails }, due: { PR.RM: no-duty, PR.INC: no-duty }')}${caseYaml('insurance-wide', 'use: [insurance], profiling: no, narrow: no, provides: yes, first_placed: 2027-12-01, annex_x: no, public_use: no, changed: no', 'expect: { high_risk.III.5c: holds }, readings: { RD.cut: B }, due: { PR.RM: never }')}${caseYaml('device', 'use: [device], provides: yes, first_placed: 2028-08-01, annex_x: no', 'expect: { high_risk.I: holds }, readings: { RD.cut: B }, due: { PR.RM: 2028-08-02, PR.INC: 2028-08-02 }')}${caseYaml('pictures', 'pictures: intended, provides: no, deploys: yes', 'expect: { prohibited.ba: holds, role.deployer: holds }, dates: { prohibited.ba: 2026-12-02 }, due: { STOP: 2026-12-02 }')}${caseYaml('chatbot', 'chatbot: yes, provides: yes', 'expect: { transparency.50-1: holds }, dates: { transparency.50-1: 2026-08-02 }, due: { T.1: 2026-08-02 }')}${caseYaml('generator', 'generator: yes, provides: yes, first_placed: 2026-08-01', 'expect: { transparency.50-2: holds }, due: { T.2: 2026-12-02 }')}${caseYaml('generator-later', 'generator: yes, provides: yes, first_placed: 2026-08-02', 'due: { T.2: 2026-08-02 }')}${caseYaml('generator-new', 'generator: yes, provides: yes, first_placed: 2026-09-01', 'due: { T.2: 2026-09-01 }')}${caseYaml('model-new', 'model: yes, provides: yes, size: large, model_placed: 2025-09-01', 'due: { G.DOC: 2025-09-01 }')}${caseYaml('renaming', 'use: [hiring], profiling: no, narrow: yes, provides: yes', 'expect: { high_risk.III.4a: fails }')}${caseYaml('model', 'model: yes, provides: yes, size: large, model_placed: 2025-08-01', 'expect: { gpai: holds }, due: { G.DOC: 2027-08-02 }')}${caseYaml('model-later', 'model: yes, provides: yes, size: large, model_placed: 2025-08-02', 'due: { G.DOC: 2025-08-02 }')}${caseYaml('free-model', 'model: yes, provides: yes, size: small, model_placed: 2025-09-01', 'expect: { duty.G.DOC: fails }')}`;

/** High risk on two routes, transparency, a ban, models; roles, six duties, Article 111 and two disputed points. */
export const DUTIES_PACK: readonly PackFile[] = examplePack(DUTIES_MANIFEST, { 'parameters.yaml': PARAMETERS, 'facts.yaml': FACTS, 'rules.yaml': RULES, 'timings.yaml': TIMINGS, 'duties.yaml': DUTIES, 'cases.yaml': CASES });
