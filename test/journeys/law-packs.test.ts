/** Packs come in over HTTP: a sound one is kept beside the law in force, any other is refused by name, and what is in force stays. */

import { createPrivateKey, createPublicKey, type KeyObject } from 'node:crypto';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseHTML } from 'linkedom';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { templateFiles } from '../../src/app/commands/pack-template.ts';
import { civil, type CivilDate, type Language, LANGUAGES } from '../../src/base/index.ts';
import { lawbookMigrations, openLawbook } from '../../src/features/lawbook/index.ts';
import { type Lawdesk, lawdeskMigrations, lawdeskRoutes, openLawdesk, readBundle, writeBundle } from '../../src/features/lawdesk/index.ts';
import { installRefusalCode, installRefusalText } from '../../src/features/lawdesk/rules/install-words.ts';
import { keyText, loadPack, type Manifest, manifestOf, manifestText, type Pack, type PackFile, readKey, signManifest, trustedKeyLine, verifyManifest } from '../../src/law/index.ts';
import { fixedClock } from '../../src/platform/clock/index.ts';
import { readConfig } from '../../src/platform/config/index.ts';
import { type Database, migrationsOf } from '../../src/platform/db/index.ts';
import { loadTheme } from '../../src/platform/html/index.ts';
import { createServer, loadAssets, type MizanServer } from '../../src/platform/http/index.ts';
import { createLog } from '../../src/platform/log/index.ts';
import { type ClamdPlace, writeZip } from '../../src/platform/files/index.ts';
import { onEveryEngine } from '../support/engines.ts';
import { asOperator, OPERATOR_TOKEN } from '../support/operator.ts';
import { byContent, listenAsScanner } from '../support/scanner.ts';
import { TEST_VIRUS } from '../../src/platform/files/test-virus.ts';

/** Keys of this test only, from fixed seeds. */
function keyOf(seed: number): KeyObject {
  return createPrivateKey({ key: Buffer.concat([Buffer.from('302e020100300506032b657004220420', 'hex'), Buffer.alloc(32, seed)]), format: 'der', type: 'pkcs8' });
}
const [press, lawyer, old, stranger] = [keyOf(11), keyOf(12), keyOf(13), keyOf(14)];
const publicOf = (key: KeyObject): string => keyText(createPublicKey(key));
const fingerprintOf = (key: KeyObject): string => {
  const read = readKey(publicOf(key));
  return read.ok ? read.value.fingerprint : '';
};

const shipped = templateFiles({ id: 'demo', jurisdiction: 'XX' });
const edited = (edits: readonly (readonly [string, string])[]): readonly PackFile[] => shipped.map((file) => ({ path: file.path, text: edits.reduce((text, [from, to]) => text.replaceAll(from, to), file.text) }));
const loaded = (files: readonly PackFile[]): Pack => {
  const pack = loadPack(files);
  if (!pack.ok) throw new Error(JSON.stringify(pack.refusal));
  return pack.value;
};

interface Recipe {
  readonly version?: string;
  readonly edits?: readonly (readonly [string, string])[];
  readonly key?: KeyObject;
  readonly counsel?: KeyObject;
  readonly issued?: string;
  readonly validUntil?: string;
  readonly change?: (manifest: Manifest) => Manifest;
}

/** A signed pack as a publisher makes it, with what a recipe makes different. */
function signed({ version = '0.2.0', edits = [], key = press, counsel, issued = '2026-11-01', validUntil, change }: Recipe = {}): { readonly files: readonly PackFile[]; readonly manifest: string } {
  const files = edited([['version: 0.1.0', `version: ${version}`], ...edits]);
  const plain = manifestOf({ pack: loaded(files), files, issued: civil(issued), ...(validUntil === undefined ? {} : { validUntil: civil(validUntil) }) });
  const published = signManifest(plain, { role: 'publisher', name: 'Law press' }, key);
  const whole = counsel === undefined ? published : signManifest(published, { role: 'counsel', name: 'L. Counsel', licence: 'B-17', signedAt: civil(issued) }, counsel);
  return { files, manifest: manifestText(change?.(whole) ?? whole) };
}
const zipOf = (recipe: Recipe = {}): Buffer => writeBundle(signed(recipe));

const folder = mkdtempSync(join(tmpdir(), 'mizan-law-packs-'));
const packsFolder = join(folder, 'law');
beforeAll(() => {
  mkdirSync(join(packsFolder, 'demo'), { recursive: true });
  for (const { path, text } of shipped) writeFileSync(join(packsFolder, 'demo', path), text);
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

interface Desk {
  readonly app: MizanServer;
  readonly lawdesk: Lawdesk;
  readonly database: Database;
  readonly clock: ReturnType<typeof fixedClock>;
  page(url: string, language?: Language): Promise<{ readonly status: number; readonly document: Document }>;
  form(url: string, values: Readonly<Record<string, string>>): Promise<{ readonly status: number; readonly location: string; readonly document: Document }>;
  upload(url: string, file: { readonly name: string; readonly content: Buffer } | undefined, author: string, language?: Language): Promise<{ readonly status: number; readonly location: string; readonly body: string; readonly document: Document }>;
}

async function deskOn(database: Database, clamd?: ClamdPlace): Promise<Desk> {
  const config = readConfig({ DATA_DIR: join(folder, 'data'), LOG_LEVEL: 'silent' });
  if (!config.ok) throw new Error(JSON.stringify(config.refusal));
  const clock = fixedClock('2026-11-23T09:00:00.000Z');
  const lawbook = await openLawbook({ database, clock, packsFolder });
  const lawdesk = await openLawdesk({ database, clock, lawbook, packsFolder, clamd });
  const theme = loadTheme('neutral');
  const app = await createServer({ operatorToken: OPERATOR_TOKEN, config: config.value, log: createLog(config.value), theme, assets: loadAssets(theme, ['lawdesk']), navigation: [], limits: { eventLoopDelayMsMax: 120_000 } });
  asOperator(app);
  lawdeskRoutes(app, lawdesk, { adoptHref: (digest) => `/obligations/effects/${digest}` });
  const headers = (language: Language): Record<string, string> => ({ accept: 'text/html', cookie: `mizan_language=${language}` });
  const told = (answer: { statusCode: number; headers: Record<string, number | string | string[] | undefined>; body: string }): { status: number; location: string; body: string; document: Document } => ({
    status: answer.statusCode,
    location: [answer.headers['location'] ?? ''].join(),
    body: answer.body,
    document: parseHTML(answer.body).document,
  });
  return {
    app,
    lawdesk,
    database,
    clock,
    page: async (url, language = 'en') => told(await app.inject({ method: 'GET', url, headers: headers(language) })),
    form: async (url, values) => told(await app.inject({ method: 'POST', url, headers: { ...headers('en'), 'content-type': 'application/x-www-form-urlencoded' }, payload: new URLSearchParams(values).toString() })),
    upload: async (url, file, author, language = 'en') => {
      const boundary = 'mizan-law-packs';
      const parts: Buffer[] = [Buffer.from(`--${boundary}\r\ncontent-disposition: form-data; name="author"\r\n\r\n${author}\r\n`)];
      if (file !== undefined) parts.push(Buffer.from(`--${boundary}\r\ncontent-disposition: form-data; name="file"; filename="${file.name}"\r\ncontent-type: application/zip\r\n\r\n`), file.content, Buffer.from('\r\n'));
      parts.push(Buffer.from(`--${boundary}--\r\n`));
      return told(await app.inject({ method: 'POST', url, headers: { ...headers(language), ...(url.startsWith('/api/') ? { accept: 'application/json' } : {}), 'content-type': `multipart/form-data; boundary=${boundary}` }, payload: Buffer.concat(parts) }));
    },
  };
}

const textOf = (document: Document): string => (document.querySelector('main')?.textContent ?? '').replaceAll(/\s+/g, ' ');
const migrations = (): Parameters<Parameters<Parameters<typeof onEveryEngine>[0]>[0]>[0] => [...migrationsOf('platform'), ...lawbookMigrations(), ...lawdeskMigrations()];
const keyLines = [trustedKeyLine({ role: 'publisher', key: publicOf(press), name: 'Law press' }), trustedKeyLine({ role: 'counsel', key: publicOf(lawyer), name: 'L. Counsel' }), trustedKeyLine({ role: 'publisher', key: publicOf(old), name: 'Old press' })].join('\n');

/** A sound pack with one more member that is no part of the law. */
function zipWith([path, content]: readonly [string, string | Buffer], recipe: Recipe = {}): Buffer {
  const source = signed(recipe);
  return writeZip([...source.files.map((file) => ({ path: file.path, bytes: Buffer.from(file.text) })), { path: 'pack.json', bytes: Buffer.from(source.manifest) }, { path, bytes: Buffer.from(content) }]);
}

/** What comes in, and under which name it is refused. */
const good = signed();
const bad: readonly (readonly [string, () => Buffer, string])[] = [
  ['no archive', () => Buffer.from('id: demo'), 'not-a-zip'],
  ['an archive without a pack', () => writeZip([{ path: 'other.yaml', bytes: Buffer.from('a: 1') }]), 'no-pack'],
  ['a pack larger than any may be', () => Buffer.alloc(17 * 1024 * 1024, 1), 'too-large'],
  ['a file in another encoding', () => writeZip([{ path: 'pack.yaml', bytes: Buffer.from([0x69, 0x64, 0xff]) }]), 'not-utf-8'],
  ['a program beside the law', () => zipWith(['tool.exe', 'x']), 'active-content'],
  ['an archive in the archive', () => zipWith(['more.zip', zipOf()]), 'embedded-files'],
  ['a file twice', () => zipWith(['law.yaml', 'rules: []']), 'broken-archive'],
  ['a file that unpacks without end', () => zipWith(['README.md', Buffer.alloc(5 * 1024 * 1024)]), 'archive-bomb'],
  ['the test virus beside the law', () => zipWith(['README.md', TEST_VIRUS]), 'infected'],
  ['no manifest', () => writeBundle({ files: good.files }), 'unsigned'],
  ['a manifest without a signature', () => zipOf({ change: ({ publisher: _publisher, ...rest }) => rest }), 'unsigned'],
  ['a manifest edited by hand', () => writeBundle({ ...good, manifest: JSON.stringify(JSON.parse(good.manifest), null, 2) }), 'malformed'],
  ['a manifest that is no JSON', () => writeBundle({ ...good, manifest: 'signed, believe me' }), 'malformed'],
  ['a stranger’s signature', () => zipOf({ key: stranger }), 'unknown-key'],
  ['a counsel who publishes', () => zipOf({ key: lawyer }), 'unknown-key'],
  ['a counsel nobody knows', () => zipOf({ counsel: stranger }), 'unknown-key'],
  ['the signature of another version', () => zipOf({ version: '0.3.0', change: (manifest) => ({ ...manifest, publisher: (JSON.parse(good.manifest) as Manifest).publisher! }) }), 'wrong-signature'],
  ['a prolonged end', () => zipOf({ validUntil: '2026-12-31', change: (manifest) => ({ ...manifest, valid_until: '2030-12-31' as CivilDate }) }), 'wrong-signature'],
  ['a revoked key', () => zipOf({ key: old }), 'key-revoked'],
  ['an end in the past', () => zipOf({ validUntil: '2026-11-22' }), 'expired'],
  ['a beginning in the future', () => zipOf({ issued: '2026-11-24' }), 'not-yet-valid'],
  ['an older version', () => zipOf({ version: '0.0.9' }), 'downgraded'],
  ['the version in force with other content', () => zipOf({ version: '0.1.0', edits: [['2026-07-01', '2026-09-01']] }), 'version-reused'],
  ['a changed file', () => writeBundle({ ...good, files: good.files.map((file) => (file.path === 'law.yaml' ? { ...file, text: file.text.replace('priority: 10', 'priority: 11') } : file)) }), 'file-changed'],
  ['a missing file', () => writeBundle({ ...good, files: good.files.filter((file) => file.path !== 'cases.yaml') }), 'file-missing'],
  ['one file more', () => writeBundle({ ...good, files: [...good.files, { path: 'more.yaml', text: 'rules: []\n' }] }), 'extra-file'],
  ['a newer engine', () => writeBundle({ files: good.files, manifest: manifestText(signManifest({ ...manifestOf({ pack: loaded(good.files), files: good.files, issued: civil('2026-11-01') }), engine_min: 9 }, { role: 'publisher', name: 'Law press' }, press)) }), 'engine-too-old'],
  ['a manifest that says more than its pack', () => writeBundle({ files: good.files, manifest: manifestText(signManifest({ ...manifestOf({ pack: loaded(good.files), files: good.files, issued: civil('2026-11-01') }), jurisdiction: 'YY' }, { role: 'publisher', name: 'Law press' }, press)) }), 'malformed'],
  ['law that cannot be read', () => brokenButSigned([['when: N.decides', 'when: N.nowhere']]), 'does-not-load'],
  ['law whose cases fail', () => zipOf({ edits: [['{ notice.decision: fails }', '{ notice.decision: holds }']] }), 'has-errors'],
];

/** A national overlay of the demo pack, made for one version of it. */
function overlayZip(base: readonly PackFile[], version = '0.1.0'): Buffer {
  const files = templateFiles({ id: 'overlay', jurisdiction: 'AZ', extends: 'demo' }).map(({ path, text }) => ({ path, text: text.replace('version: 0.1.0', `version: ${version}`) }));
  const pack = loadPack(files, { packs: (id) => (id === 'demo' ? base : undefined) });
  if (!pack.ok) throw new Error(JSON.stringify(pack.refusal));
  const manifest = signManifest(manifestOf({ pack: pack.value, files, issued: civil('2026-11-01') }), { role: 'publisher', name: 'Law press' }, press);
  return writeBundle({ files, manifest: manifestText(manifest) });
}

/** An overlay of a pack that is not here. */
function nowhereZip(): Buffer {
  const manifest = { ...manifestOf({ pack: loaded(good.files), files: good.files, issued: civil('2026-11-01') }), extends: [{ id: 'nowhere', version: '1.0.0', digest: 'a'.repeat(64) }] };
  return writeBundle({ files: good.files, manifest: manifestText(signManifest(manifest, { role: 'publisher', name: 'Law press' }, press)) });
}

/** Signed by hand: no command would sign it. */
function brokenButSigned(edits: readonly (readonly [string, string])[]): Buffer {
  const sound = signed();
  const files = edited([['version: 0.1.0', 'version: 0.2.0'], ...edits]);
  const manifest = { ...(JSON.parse(sound.manifest) as Manifest), files: manifestOf({ pack: loaded(sound.files), files, issued: civil('2026-11-01') }).files };
  return writeBundle({ files, manifest: manifestText(signManifest(manifest, { role: 'publisher', name: 'Law press' }, press)) });
}

onEveryEngine((open) => {
  let desk: Desk;
  beforeAll(async () => {
    desk = await deskOn(await open(migrations()));
    return async () => desk.app.close();
  });
  const state = async (): Promise<unknown> => ({
    inForce: desk.lawdesk.lawbook.packs().map((pack) => pack.ref),
    adoptions: await desk.lawdesk.lawbook.adoptions(),
    kept: (await desk.lawdesk.lawbook.installed()).map((row) => row.ref.digest),
  });

  it('without a key nothing is believed, and the page says so first', async () => {
    expect(textOf((await desk.page('/lawdesk/packs')).document)).toContain('No key is believed here yet');
    const refused = await desk.upload('/lawdesk/packs', { name: 'demo.zip', content: zipOf() }, 'A. Officer');
    expect(refused.status).toBe(422);
    expect(textOf(refused.document)).toContain('a key nobody here believes');
  });

  it('keys are added by an act with author and reason, and refused with words', async () => {
    const bads = [
      [{ lines: keyLines, author: '', reason: 'r' }, 'Give your name'],
      [{ lines: keyLines, author: 'A. Officer', reason: ' ' }, 'Give a reason'],
      [{ lines: '# nothing', author: 'A. Officer', reason: 'r' }, 'no key in the lines'],
      [{ lines: 'publisher ed25519:AAAA Press', author: 'A. Officer', reason: 'r' }, 'Line 1 has no Ed25519 key'],
      [{ lines: `publisher ed25519:AQ${'A'.repeat(41)} Press`, author: 'A. Officer', reason: 'r' }, 'any signature would fit'],
    ] as const;
    for (const [values, words] of bads) {
      const answer = await desk.form('/lawdesk/keys', values);
      expect([answer.status, textOf(answer.document).includes(words)], words).toEqual([422, true]);
    }
    expect(await desk.lawdesk.keys.list()).toEqual([]);
    expect((await desk.form('/lawdesk/keys', { lines: keyLines, author: 'A. Officer', reason: 'Compared by telephone' })).status).toBe(303);
    // One of three is known: none of them is added twice, and none half.
    const again = await desk.form('/lawdesk/keys', { lines: `${trustedKeyLine({ role: 'publisher', key: publicOf(stranger), name: 'Stranger' })}\n${keyLines}`, author: 'A. Officer', reason: 'r' });
    expect([again.status, textOf(again.document).includes('is here already')]).toEqual([422, true]);
    expect((await desk.lawdesk.keys.list()).map((key) => key.name)).toEqual(['L. Counsel', 'Law press', 'Old press']);
    expect((await desk.form(`/lawdesk/keys/${fingerprintOf(old)}/revoke`, { author: 'A. Officer', reason: '' })).status).toBe(422);
    expect((await desk.form(`/lawdesk/keys/${fingerprintOf(old)}/revoke`, { author: 'A. Officer', reason: 'Its safe was opened' })).status).toBe(303);
    expect((await desk.form(`/lawdesk/keys/${fingerprintOf(old)}/revoke`, { author: 'A. Officer', reason: 'Again' })).status).toBe(422);
    expect((await desk.form(`/lawdesk/keys/${'0'.repeat(64)}/revoke`, { author: 'A. Officer', reason: 'Again' })).status).toBe(404);
    expect((await desk.lawdesk.keys.acts()).map(({ act, name, author, reason }) => [act, name, author, reason])).toEqual([
      ['revoke', 'Old press', 'A. Officer', 'Its safe was opened'],
      ['add', 'Old press', 'A. Officer', 'Compared by telephone'],
      ['add', 'L. Counsel', 'A. Officer', 'Compared by telephone'],
      ['add', 'Law press', 'A. Officer', 'Compared by telephone'],
    ]);
    const page = textOf((await desk.page(`/lawdesk/keys/${fingerprintOf(old)}`)).document);
    expect(page).toContain('Its safe was opened');
    expect(page).not.toContain('Revoke this key');
  });

  it.each(bad)('%s is refused in three languages, recorded, and the law in force stays', async (_what, make, code) => {
    const before = await state();
    const content = make();
    const said = new Set<string>();
    for (const language of LANGUAGES) {
      const answer = await desk.upload('/lawdesk/packs', { name: 'demo.zip', content }, 'A. Officer', language);
      const attempt = (await desk.lawdesk.packs.attempts())[0];
      const refusal = attempt?.refusal;
      if (refusal === undefined) throw new Error(`accepted: ${answer.location}`);
      expect([answer.status, attempt?.outcome, installRefusalCode(refusal)]).toEqual([422, 'refused', code]);
      const words = installRefusalText(refusal, language);
      expect(textOf(answer.document)).toContain(words.replaceAll(/\s+/g, ' '));
      expect(textOf(answer.document)).toContain('demo 0.1.0');
      said.add(words);
      expect(textOf((await desk.page(`/lawdesk/packs/attempts/${attempt?.number ?? 0}`, language)).document)).toContain(words.replaceAll(/\s+/g, ' '));
    }
    expect(said.size).toBe(3);
    expect(await state()).toEqual(before);
    // A restart finds the same.
    const again = await openLawbook({ database: desk.database, clock: desk.clock, packsFolder });
    expect(again.packs().map((pack) => pack.ref)).toEqual(desk.lawdesk.lawbook.packs().map((pack) => pack.ref));
  });

  it('an incomplete form is told field by field', async () => {
    const before = (await desk.lawdesk.packs.attempts()).length;
    const answer = await desk.upload('/lawdesk/packs', undefined, ' ');
    expect(answer.status).toBe(422);
    expect(textOf(answer.document)).toContain('Choose a file');
    expect(textOf(answer.document)).toContain('Give your name');
    expect((await desk.lawdesk.packs.attempts()).length).toBe(before);
  });

  it('programs hear the same with a code', async () => {
    const refused = await desk.upload('/api/v1/lawdesk/packs', { name: 'demo.zip', content: zipOf({ version: '0.0.9' }) }, 'A. Officer');
    expect(refused.status).toBe(422);
    expect(JSON.parse(refused.body)).toMatchObject({ code: 'pack-refused', errors: [{ path: 'downgraded' }] });
    const keys = JSON.parse((await desk.app.inject({ url: '/api/v1/lawdesk/keys' })).body) as { keys: { name: string; revokedOn: string | null }[] };
    expect(keys.keys.map(({ name, revokedOn }) => [name, revokedOn])).toEqual([['L. Counsel', null], ['Law press', null], ['Old press', '2026-11-23']]);
  });

  it('a sound pack is kept beside the law in force, shows who answers for it, and comes out as it came in', async () => {
    const inForce = desk.lawdesk.lawbook.packs()[0]?.ref;
    const source = signed({ counsel: lawyer, validUntil: '2026-12-31' });
    // As people pack it: in a folder, with a README, by a machine that adds its own files.
    const members = [...source.files, { path: 'pack.json', text: source.manifest }, { path: 'README.md', text: '# Demo' }].map(({ path, text }) => ({ path: `demo/${path}`, bytes: Buffer.from(text) }));
    const sent = await desk.upload('/lawdesk/packs', { name: 'şəhər "demo".zip', content: writeZip([...members, { path: '__MACOSX/demo/._pack.yaml', bytes: Buffer.from([0, 5, 22, 7]) }]) }, 'A. Officer');
    const digest = loaded(source.files).ref.digest;
    expect([sent.status, sent.location.split('?')[0]]).toEqual([303, `/lawdesk/packs/${digest}`]);
    expect(desk.lawdesk.lawbook.packs()[0]?.ref).toEqual(inForce);
    const versions = JSON.parse((await desk.app.inject({ url: '/api/v1/lawdesk/packs' })).body) as { packs: Record<string, unknown>[] };
    expect(versions.packs.map(({ version, origin, inForce: stands }) => [version, origin, stands])).toEqual(expect.arrayContaining([['0.2.0', 'installed', false], ['0.1.0', 'built-in', true]]));
    for (const [language, words] of [['en', ['sound today', 'Law press', 'L. Counsel (B-17)', '31 December 2026', '3 of 3', 'installed under a signature', 'See its effects and adopt']], ['az', ['bu gün etibarlıdır', 'B-17', '3, cəmi 3']], ['ru', ['действительна сегодня', 'B-17', '3 из 3']]] as const) {
      const page = await desk.page(`/lawdesk/packs/${digest}`, language);
      expect(page.status).toBe(200);
      for (const word of words) expect(textOf(page.document), language).toContain(word);
    }
    const download = await desk.app.inject({ url: `/lawdesk/packs/${digest}/bundle` });
    expect(download.headers['content-disposition']).toContain('demo-0.2.0.zip');
    const bundle = await readBundle(download.rawPayload);
    if (!bundle.ok) throw new Error(bundle.refusal.code);
    expect(bundle.value.manifest).toBe(source.manifest);
    expect(verifyManifest({ text: bundle.value.manifest, files: bundle.value.files, trustedKeys: await desk.lawdesk.keys.trusted(), now: civil('2026-11-23') }).ok).toBe(true);
    const again = await desk.upload('/api/v1/lawdesk/packs', { name: 'again.zip', content: download.rawPayload }, 'A. Officer');
    expect([again.status, JSON.parse(again.body)]).toEqual([201, expect.objectContaining({ outcome: 'present', pack: { id: 'demo', version: '0.2.0', digest }, check: { errors: 0, warnings: 3, cases: 3, passed: 3 } })]);
  });

  it('a pack is taken only with the clear word of the scanner', async () => {
    const heard: Buffer[] = [];
    const scanner = await listenAsScanner((content) => {
      heard.push(content);
      return content.includes('known') ? 'stream: Some.Thing FOUND\0' : byContent(content);
    });
    const scanned = await deskOn(desk.database, scanner.place);
    try {
      const before = await state();
      const sound = zipWith(['README.md', 'well'], { counsel: lawyer, validUntil: '2026-12-31' });
      // What the directory of an archive says of itself stands in plain letters: a name the scanner knows.
      const named = zipWith(['known.md', 'x']);
      const refused = await scanned.upload('/api/v1/lawdesk/packs', { name: 'demo.zip', content: named }, 'A. Officer');
      expect([refused.status, JSON.parse(refused.body)]).toEqual([422, expect.objectContaining({ code: 'pack-refused', errors: [expect.objectContaining({ path: 'infected' }) as unknown] })]);
      expect(await state()).toEqual(before);
      expect(heard.map((one) => one.equals(named))).toEqual([true]);
      expect((await scanned.upload('/api/v1/lawdesk/packs', { name: 'demo.zip', content: sound }, 'A. Officer')).status).toBe(201);
      scanner.server.close();
      const [asProgram, asPerson] = [await scanned.upload('/api/v1/lawdesk/packs', { name: 'demo.zip', content: sound }, 'A. Officer'), await scanned.upload('/lawdesk/packs', { name: 'demo.zip', content: sound }, 'A. Officer')];
      expect([asProgram.status, (JSON.parse(asProgram.body) as { code: string }).code]).toEqual([503, 'not-scanned']);
      expect([asPerson.status, textOf(asPerson.document).includes('The virus scanner gives no clear answer')]).toEqual([503, true]);
      expect((await desk.lawdesk.packs.attempts()).slice(0, 2).map((one) => one.outcome)).toEqual(['refused', 'refused']);
    } finally {
      scanner.server.close();
      await scanned.app.close();
    }
  });

  it('an overlay comes in with the base it was made for, and with no other', async () => {
    const other = await desk.upload('/api/v1/lawdesk/packs', { name: 'overlay.zip', content: overlayZip(signed().files) }, 'A. Officer');
    expect([other.status, JSON.parse(other.body)]).toEqual([422, expect.objectContaining({ errors: [expect.objectContaining({ path: 'base-differs' }) as unknown] })]);
    const right = await desk.upload('/api/v1/lawdesk/packs', { name: 'overlay.zip', content: overlayZip(shipped) }, 'A. Officer');
    expect([right.status, JSON.parse(right.body)]).toEqual([201, expect.objectContaining({ outcome: 'installed', check: { errors: 0, warnings: expect.any(Number) as number, cases: 3, passed: 3 } })]);
    const { digest } = (JSON.parse(right.body) as { pack: { digest: string } }).pack;
    const page = textOf((await desk.page(`/lawdesk/packs/${digest}`)).document);
    for (const words of ['Extends', 'demo 0.1.0', 'sound today']) expect(page).toContain(words);
    const nowhere = await desk.upload('/api/v1/lawdesk/packs', { name: 'nowhere.zip', content: nowhereZip() }, 'A. Officer');
    expect(JSON.parse(nowhere.body)).toMatchObject({ errors: [{ path: 'base-missing' }] });
  });

  it('an adopted version bars its predecessors; a revoked key and a passed day are told afterwards', async () => {
    const { digest } = loaded(signed().files).ref;
    const adopted = await desk.lawdesk.lawbook.adopt({ digest, author: 'Council', reason: 'Vote', effects: {} });
    expect(adopted.ok).toBe(true);
    const older = await desk.upload('/lawdesk/packs', { name: 'older.zip', content: zipOf({ version: '0.1.9' }) }, 'A. Officer');
    expect([older.status, textOf(older.document).includes('Version 0.1.9 is older than 0.2.0')]).toEqual([422, true]);
    expect(desk.lawdesk.lawbook.packs()[0]?.ref.digest).toBe(digest);
    expect(await desk.lawdesk.packs.objection(digest)).toBeUndefined();
    desk.clock.move('2027-01-01T09:00:00.000Z');
    expect(await desk.lawdesk.packs.objection(digest)).toMatchObject({ code: 'expired' });
    expect(textOf((await desk.page(`/lawdesk/packs/${digest}`)).document)).toContain('no longer stands');
    desk.clock.move('2026-11-23T09:00:00.000Z');
    await desk.form(`/lawdesk/keys/${fingerprintOf(press)}/revoke`, { author: 'A. Officer', reason: 'Lost' });
    expect(await desk.lawdesk.packs.objection(digest)).toMatchObject({ code: 'key-revoked', name: 'Law press' });
    // It was adopted and stays so: taking law out of force is an act of its own.
    expect(desk.lawdesk.lawbook.packs()[0]?.ref.digest).toBe(digest);
    expect(await desk.lawdesk.packs.objection(loaded(shipped).ref.digest)).toBeUndefined();
  });

  it('what ships with the program needs no signature, and is checked when asked', async () => {
    const { digest } = loaded(shipped).ref;
    const page = await desk.page(`/lawdesk/packs/${digest}`);
    expect(textOf(page.document)).toContain('held by the register itself');
    expect(textOf(page.document)).toContain('was not checked since the program started');
    expect((await desk.form(`/lawdesk/packs/${digest}/check`, {})).status).toBe(303);
    expect(textOf((await desk.page(`/lawdesk/packs/${digest}`)).document)).toContain('3 of 3');
    // After an update of the program the earlier version still needs no signature.
    const updated = join(folder, 'updated');
    mkdirSync(join(updated, 'demo'), { recursive: true });
    for (const { path, text } of edited([['version: 0.1.0', 'version: 0.9.0']])) writeFileSync(join(updated, 'demo', path), text);
    const lawbook = await openLawbook({ database: desk.database, clock: desk.clock, packsFolder: updated });
    const after = await openLawdesk({ database: desk.database, clock: desk.clock, lawbook, packsFolder: updated });
    expect((await after.packs.versions()).map(({ row, origin }) => [row.ref.version, origin]).sort()).toEqual([['0.1.0', 'built-in'], ['0.1.0', 'installed'], ['0.2.0', 'installed'], ['0.9.0', 'built-in']]);
    const index = textOf((await desk.page('/lawdesk')).document);
    for (const word of ['In force', 'main law', 'demo 0.2.0', 'ships with the program']) expect(index).toContain(word);
    for (const url of [`/lawdesk/packs/${'0'.repeat(64)}`, '/lawdesk/packs/attempts/999999', `/lawdesk/packs/${'0'.repeat(64)}/bundle`, `/lawdesk/keys/${'0'.repeat(64)}`]) expect((await desk.page(url)).status, url).toBe(404);
  });
});
