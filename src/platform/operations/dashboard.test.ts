/** The dashboard and the alert rules ask for figures that a running Mizan really gives, with labels that they really have. */

import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { type Served, serve } from '../../../test/support/serve.ts';
import { installationRoot } from '../files/index.ts';
import { operationRoutes } from './index.ts';

const folder = join(installationRoot, 'deploy/dashboard');
const dashboard = JSON.parse(readFileSync(join(folder, 'mizan.json'), 'utf8')) as { panels: { title: string; targets: { expr: string }[] }[] };
const rules = (parse(readFileSync(join(folder, 'alerts.yaml'), 'utf8')) as { groups: { rules: { alert: string; expr: string }[] }[] }).groups.flatMap((group) => group.rules);
const questions = [...dashboard.panels.flatMap((panel) => panel.targets.map((target) => [panel.title, target.expr] as const)), ...rules.map((rule) => [rule.alert, rule.expr] as const)];

let served: Served;
let figures = '';
beforeAll(async () => {
  served = await serve();
  operationRoutes(served.app, { config: served.config, database: served.database, jobs: served.jobs });
  await served.app.inject('/health/live');
  const answer = await served.app.inject({ url: '/metrics', ...('operatorToken' in served ? { headers: { authorization: `Bearer ${String(served.operatorToken)}` } } : {}) });
  expect(answer.statusCode).toBe(200);
  figures = answer.body;
});
afterAll(async () => served.close());

describe('the dashboard and the alerts', () => {
  it('ask something', () => {
    expect(questions.length).toBeGreaterThan(20);
  });

  it.each(questions)('%s: asks for figures that exist', (_title, expression) => {
    const names = [...expression.matchAll(/\bmizan_\w+/g)].map(([name]) => name);
    const types = new Map([...figures.matchAll(/^# TYPE (\S+) (\S+)$/gm)].map(([, name = '', type = '']) => [name, type]));
    expect(names.length + (expression.startsWith('up{') ? 1 : 0)).toBeGreaterThan(0);
    expect(names.filter((name) => !types.has(name) && !(name.endsWith('_bucket') && types.get(name.slice(0, -'_bucket'.length)) === 'histogram'))).toEqual([]);
    // A rate of a gauge and the last value of a counter mean nothing.
    for (const [, name = ''] of expression.matchAll(/rate\((mizan_\w+)/g)) expect(['counter', 'histogram']).toContain(types.get(name.replace(/_bucket$/, '')));
    for (const [, name = '', label = ''] of expression.matchAll(/(mizan_\w+)\{(?:[^}]*,)?(\w+)(?:=~|=|!~|!=)/g)) if (label !== 'job') expect(new RegExp(`^${name}\\{[^}]*\\b${label}="`, 'm').test(figures), `${name} has ${label}`).toBe(true);
  });
});
