/** Documents say what is so: links, settings, problem codes, and nothing that does not belong into the repository. */

import { execFileSync } from 'node:child_process';
import { existsSync, globSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { describe, expect, it } from 'vitest';

const root = join(import.meta.dirname, '../..');
const read = (path: string): string => readFileSync(join(root, path), 'utf8');
const tracked = execFileSync('git', ['ls-files', '-z'], { cwd: root, encoding: 'utf8' }).split('\0').filter((path) => path !== '' && existsSync(join(root, path)));
const documents = tracked.filter((path) => path.endsWith('.md'));
const code = globSync('src/**/*.{ts,tsx}', { cwd: root }).filter((path) => !/\.test\.tsx?$/.test(path));
const source = code.map(read).join('\n');
const all = (text: string, pattern: RegExp): string[] => [...new Set([...text.matchAll(pattern)].map((match) => match[1] ?? ''))].sort();

/** GitHub's name of a heading. */
const anchorOf = (heading: string): string => heading.toLowerCase().replaceAll(/[^\p{L}\p{N}\s-]/gu, '').trim().replaceAll(/\s/g, '-');

describe('links', () => {
  it.each(documents)('of %s lead somewhere', (path) => {
    // Code may look like a link.
    const text = read(path).replaceAll(/```[\s\S]*?```/g, '').replaceAll(/`[^`\n]*`/g, '');
    const broken = all(text, /\]\(([^)\s]+)\)/g).filter((link) => {
      if (/^(https?:|mailto:)/.test(link)) return false;
      const [file = '', anchor] = link.split('#');
      const target = file === '' ? path : join(dirname(path), file);
      if (!existsSync(join(root, target))) return true;
      return anchor !== undefined && !all(read(target), /^#+ (.+)$/gm).map(anchorOf).includes(anchor);
    });
    expect(broken).toEqual([]);
  });
});

describe('settings', () => {
  const known = [...all(`${read('src/platform/config/index.ts')}\n${read('src/platform/log/log-file.ts')}`, /environment\['([A-Z_]+)'\]/g), ...all(read('src/platform/log/log-file.ts'), /^ {2}([A-Z_]+): \{ otherwise/gm)].sort();

  it('stand in the table of the operator, each and no other', () => {
    expect(known.length).toBeGreaterThan(5);
    expect(all(read('docs/guide/operate/README.md'), /^\| `([A-Z][A-Z_]+)` \|/gm)).toEqual(known);
  });

  it('that documents set or name exist', () => {
    // Constants of the code are named in capitals, too; they are not settings.
    const constants = all(`${source}\n${read('test/tidy/rooms.test.ts')}`, /const ([A-Z][A-Z_]+)\b/g);
    // Of commands, not of the server.
    const elsewhere = all(source, /(?:process\.env|environment)(?:\.|\[')([A-Z][A-Z_]+)/g);
    const namesIn = (text: string): string[] => [...all(text, /`([A-Z]+_[A-Z_]+)`/g), ...all(text, /^(?:\$ )?([A-Z]+(?:_[A-Z]+)*)=\S+ (?:npm|npx|node) /gm)];
    const named = documents.flatMap((path) => namesIn(read(path)).map((name) => ({ path, name })));
    expect(named.length).toBeGreaterThan(0);
    expect(named.filter(({ name }) => !known.includes(name.replace(/_FILE$/, '')) && !constants.includes(name) && !elsewhere.includes(name))).toEqual([]);
  });
});

describe('problem codes', () => {
  const codesIn = (path: string, heading: string): string[] => {
    const section = read(path).split(`## ${heading}\n`)[1]?.split('\n## ')[0] ?? '';
    return [...section.matchAll(/^\| (`[^|]+`) \|/gm)].flatMap((row) => all(row[1] ?? '', /`([a-z0-9-]+)`/g));
  };
  const integrate = codesIn('docs/guide/integrate/README.md', 'Problem codes');
  const operate = codesIn('docs/guide/operate/README.md', 'Faults that stop a start or a command');
  const imports = all(read('docs/guide/integrate/README.md').split('has `refusal` with a code:')[1]?.split('\n\n')[1] ?? '', /`([a-z-]+)`/g);

  const faults = all(source, /new Fault\(\s*'([a-z0-9-]+)'/g);
  const members = (path: string, name: string): string[] => all(read(path).split(`export type ${name} =`)[1]?.split(/;\n|\n\n/)[0] ?? '', /'([a-z0-9-]+)'/g);
  const unions = [
    ...all(read('src/features/registry/actions/refusals.ts'), /code: '([a-z-]+)'/g),
    ...all(/export type IntakeRefusal = .*/.exec(read('src/features/intake/actions/intake.ts'))?.[0] ?? '', /code: '([a-z-]+)'/g),
    ...all(read('src/features/assessment/model.ts').split('export type AnswerRefusal')[1] ?? '', /kind: '([a-z-]+)'/g),
    ...all(read('src/features/lawbook/model.ts').split('export type AdoptRefusal')[1]?.split('export interface')[0] ?? '', /kind: '([a-z-]+)'/g),
    ...all(read('src/features/obligations/actions/open-changes.ts').split('export type MeasureRefusal')[1]?.split('/** One affected')[0] ?? '', /kind: '([a-z-]+)'/g),
    ...all(read('src/features/identity/actions/admin-refusals.ts'), /code: '([a-z-]+)'/g),
    ...all(/const TAKEN_OVER = \[[^\]]*/.exec(read('src/features/identity/actions/admin-refusals.ts'))?.[0] ?? '', /'([a-z-]+)'/g),
    ...all(read('src/features/council/model.ts').split('export interface CouncilRefusal')[1]?.split('\n}')[0] ?? '', /'(council-[a-z-]+)'/g),
    ...all(read('src/features/council/http/protocol.ts'), /code: '(council-[a-z-]+)'/g),
    ...members('src/platform/auth/model.ts', 'ScopeRefusal'),
    ...members('src/platform/files/types.ts', 'TypeRefusal'),
    ...members('src/platform/files/store.ts', 'FileRefusal'),
    ...members('src/features/registry/actions/attachments.ts', 'AttachmentRefusal'),
  ];
  const refusals = [...all(source, /new Refused\(\s*'([a-z-]+)'/g), ...all(source, /refusedFile\('([a-z-]+)'/g), ...all(source, /statusCode: \d+, code: '([a-z-]+)'/g), ...unions];
  const unreadable = all(source, /new UnreadableFile\('([a-z-]+)'/g);
  /** Made in `problemOf` itself. */
  const general = ['bad-request', 'fault', 'too-many-requests', 'broken-upload'];

  it('were found in code and guides', () => {
    for (const list of [integrate, operate, imports, faults, refusals, unreadable, unions]) expect(list.length).toBeGreaterThan(10);
  });

  it('of the code stand in a guide', () => {
    expect([...new Set(refusals)].filter((name) => !integrate.includes(name)).sort()).toEqual([]);
    expect(faults.filter((name) => !integrate.includes(name) && !operate.includes(name))).toEqual([]);
    expect([...new Set(unreadable)].filter((name) => !imports.includes(name)).sort()).toEqual([]);
  });

  it('of single sign-on and SCIM stand in their own table, and nothing else does', () => {
    const section = read('docs/guide/integrate/README.md').split('## Codes of single sign-on and SCIM\n')[1]?.split('\n## ')[0] ?? '';
    const told = [...section.matchAll(/^\| (`[^|]+`) \|/gm)].flatMap((row) => all(row[1] ?? '', /`([A-Za-z0-9-]+)`/g));
    const codesOf = (path: string, name: string): string[] => all((read(path).split(`export type ${name} =`)[1]?.split('export interface')[0] ?? '').replaceAll(/why: [^}]*/g, ''), /'([a-z0-9-]+)'/g);
    const inCode = [...codesOf('src/features/identity/actions/providers.ts', 'ProviderRefusal'), ...codesOf('src/features/identity/actions/sso.ts', 'SsoRefusal'), ...all(/scimType\?: ([^;]*)/.exec(read('src/features/identity/rules/scim.ts'))?.[1] ?? '', /'([A-Za-z]+)'/g)];
    expect(inCode.length).toBeGreaterThan(20);
    expect([...told].sort()).toEqual([...new Set(inCode)].sort());
  });

  it('of the guides stand in the code, each once', () => {
    const inCode = new Set([...refusals, ...faults, ...unreadable, ...general]);
    expect([...integrate, ...operate, ...imports].filter((name) => !inCode.has(name))).toEqual([]);
    expect(integrate.filter((name, index) => integrate.indexOf(name) !== index)).toEqual([]);
    expect(operate.filter((name) => integrate.includes(name))).toEqual([]);
  });
});

describe('the repository', () => {
  /** A letter in brackets keeps each pattern from finding itself. */
  const forbidden: readonly (readonly [string, RegExp])[] = [
    ['unfinished work', /\bTOD[O]\b|\bFIXM[E]\b|[Cc]oming [s]oon|[Ll]orem [i]psum/],
    ['a path of one machine', /(?<![\w./-])\/(?:root|work|home\/\w+|Users\/\w+)\//],
    ['a package registry', /registry\.(?:npm[j]s|yarn[p]kg)|\bnpm[j]s\.(?:org|com)|\bartifactor[y]\b|\bverdacci[o]\b/i],
  ];
  /** Other people's terms, and pictures. */
  const skipped = (path: string): boolean => path === 'LICENSE' || /\.(?:png|jpg|ico|woff2|pdf|xlsx|gz|zip)$/.test(path);

  it.each(forbidden)('holds no mention of %s', (_what, pattern) => {
    const found = tracked.filter((path) => !skipped(path)).flatMap((path) => {
      const line = read(path).split('\n').findIndex((text) => pattern.test(text));
      return line === -1 ? [] : [`${path}:${line + 1}`];
    });
    expect(found).toEqual([]);
  });

  it('has a page about every feature', () => {
    const features = new Set(code.flatMap((path) => /^src\/features\/([^/]+)\//.exec(path)?.[1] ?? []));
    expect(features.size).toBeGreaterThan(3);
    expect([...features].filter((feature) => !existsSync(join(root, 'src/features', feature, 'README.md')))).toEqual([]);
  });
});
