/** The overlays as shipped: sound together with their base, every own rule national and unconfirmed, and the Azerbaijani one changing nothing of the Act. */

import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { CivilDate } from '../base/index.ts';
import { checkPack, compileLaw, decide, isLeftOpen, latestTime, loadPack } from './index.ts';
import type { Facts, Pack, PackFile, PackProblem } from './index.ts';

const root = join(import.meta.dirname, '../../packs/law');
/** The whole law, base included, is proved at each of its dates. */
const CHECKED_WITHIN_MS = 600_000;

function filesOf(id: string): readonly PackFile[] {
  return readdirSync(join(root, id), { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && entry.name.endsWith('.yaml'))
    .map((entry) => join(entry.parentPath, entry.name))
    .map((path) => ({ path: path.slice(join(root, id).length + 1).replaceAll('\\', '/'), text: readFileSync(path, 'utf8') }));
}

function load(id: string): Pack {
  const loaded = loadPack(filesOf(id), { packs: filesOf });
  if (!loaded.ok) throw new Error(JSON.stringify(loaded.refusal, null, 1));
  return loaded.value;
}

const isOwn = (pack: Pack, key: string): boolean => pack.spots.has(key) && !pack.origins.has(key);
const told = (problems: readonly PackProblem[], severity: PackProblem['severity']): readonly string[] => [...new Set(problems.filter((problem) => problem.severity === severity).map(({ code }) => code))].sort();

describe('the Azerbaijan overlay', () => {
  const az = load('az');
  const law = compileLaw(az, latestTime(az));

  it('has no error, and no case of the Act comes out otherwise under it', () => {
    const problems = checkPack(az);
    expect(problems.filter(({ severity }) => severity === 'error')).toEqual([]);
    expect(told(problems, 'warning')).toEqual(['awaits-value']);
  }, CHECKED_WITHIN_MS);

  it('shows nothing of its own as settled law', () => {
    expect(az.status).toBe('needs_local_counsel');
    const own = [...az.rules.filter(({ id }) => isOwn(az, `rule:${id}`)), ...az.duties.filter(({ id }) => isOwn(az, `duty:${id}`))];
    expect(own.length).toBeGreaterThan(30);
    expect(own.filter(({ authority }) => authority !== 'national').map(({ id }) => id)).toEqual([]);
    // Only that the Act does not bind without a link to the EU was read in an operative text.
    expect(own.filter(({ evidence }) => evidence === 'V' || evidence === 'G').map(({ id }) => id)).toEqual(['az-reference']);
  });

  it('knows no legal minimum of internet speed, and would use one as soon as it is fixed', () => {
    const minimum = az.parameters.find(({ id }) => id === 'isp.min_mbps')!;
    expect(isLeftOpen(minimum, latestTime(az))).toBe(true);
    const below = (pack: Pack): string | undefined => decide(compileLaw(pack, { asOf: '2027-01-01' as CivilDate, knownOn: '2027-01-01' as CivilDate }), { 'az.online_service': true, 'az.isp_mbps': 24 }).outcomes.find(({ id }) => id === 'az.isp_below_minimum')?.result;
    expect(below(az)).toBe('fails');
    const fixed = filesOf('az').map((file) => (file.path === 'parameters.yaml' ? { ...file, text: file.text.replace(/(\{ value: null.*\n)/, '$1      - { value: 25, known: 2026-12-01, source: "Decision 1", ev: S }\n') } : file));
    const loaded = loadPack(fixed, { packs: filesOf });
    expect(loaded.ok && below(loaded.value)).toBe('holds');
  });

  const TRANSFER: Facts = { 'az.data': ['personal_special'], 'az.hosting': 'foreign_cloud', 'az.recipient_country': 'foreign' };
  it.each<readonly [string, Facts, string]>([
    ['nobody assessed and nobody consented', { 'az.adequacy': 'not_assessed', 'az.consent_crossborder': false }, 'holds'],
    ['not sufficient', { 'az.adequacy': 'not_adequate', 'az.consent_crossborder': false }, 'holds'],
    ['sufficient', { 'az.adequacy': 'adequate' }, 'fails'],
    ['consent', { 'az.consent_crossborder': true }, 'fails'],
    ['nothing said', {}, 'undetermined'],
  ])('bars a transfer of personal data abroad until a ground is shown: %s', (_, facts, result) => {
    expect(decide(law, { ...TRANSFER, ...facts }).outcomes.find(({ id }) => id === 'az.transfer_barred')?.result).toBe(result);
  });

  it('keeps no headline open: what the Act settles is settled', () => {
    const outside: Facts = { 'S.infers': false };
    const { headline, ask } = decide(law, outside);
    expect(headline.id).toBe('outside');
    expect(ask).toContain('az.data');
  });
});

describe('the invented country', () => {
  const xy = load('xy-talvoria');

  it('has no error; its warnings name what it changes of the Act', () => {
    const problems = checkPack(xy);
    expect(problems.filter(({ severity }) => severity === 'error')).toEqual([]);
    expect(told(problems, 'warning')).toEqual(['base-case-differs']);
  }, CHECKED_WITHIN_MS);

  it('says in every text of its own, in three languages, that it is invented', () => {
    const texts = ['pack.yaml', 'law.yaml', 'cases.yaml'].flatMap((path) => filesOf('xy-talvoria').find((file) => file.path === path)!.text.match(/(?:az|en|ru): "[^"]*"/g) ?? []);
    expect(texts.length).toBeGreaterThan(80);
    expect(texts.filter((text) => !/uydurma|invented|вымышлен/i.test(text))).toEqual([]);
  });
});
