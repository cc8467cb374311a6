/** The crosswalk over HTTP: pages in three languages, files byte for byte, answers for programs, and the bad input they meet. */

import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseHTML } from 'linkedom';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Served, serve } from '../../../test/support/serve.ts';
import { fixedClock } from '../../platform/clock/index.ts';
import { migrate } from '../../platform/db/index.ts';
import { lawbookMigrations, openLawbook } from '../lawbook/index.ts';
import { crosswalkFolder, crosswalkRoutes, openCrosswalk } from './index.ts';

let served: Served;
const folder = mkdtempSync(join(tmpdir(), 'mizan-crosswalk-'));
/** One row of the files, turned into one that two people reviewed. */
const REVIEWED = 'eu-ai-act--nist-ai-rmf.sssom.tsv';

beforeAll(async () => {
  // Reading all law holds the thread for seconds; that is no overload of the server.
  served = await serve({ limits: { eventLoopDelayMsMax: Number.POSITIVE_INFINITY } });
  await migrate(served.database, [...lawbookMigrations()]);
  const lawbook = await openLawbook({ database: served.database, clock: fixedClock('2026-11-23T09:00:00.000Z') });
  cpSync(crosswalkFolder(), folder, { recursive: true });
  const path = join(folder, REVIEWED);
  writeFileSync(path, readFileSync(path, 'utf8').replace(/^(aiact:art-9\t.*nist:MAP-1\.5\t.*mizan:project\t)(\t)/m, '$1mizan:one|mizan:two$2'));
  crosswalkRoutes(served.app, { crosswalks: openCrosswalk(folder), lawbook });
});
afterAll(async () => {
  await served.close();
  rmSync(folder, { recursive: true, force: true });
});

const get = (url: string, language = 'en') => served.app.inject({ method: 'GET', url, headers: { accept: 'text/html', cookie: `mizan_language=${language}` } });
const page = async (url: string, language = 'en'): Promise<Document> => {
  const answer = await get(url, language);
  expect(answer.statusCode, url).toBe(200);
  return parseHTML(answer.body).document;
};
const api = async (url: string): Promise<{ readonly status: number; readonly value: unknown }> => {
  const answer = await served.app.inject({ method: 'GET', url });
  return { status: answer.statusCode, value: answer.json() };
};

describe('the pages', () => {
  it.each(['az', 'en', 'ru'])('show the matrix, a framework, an item and the ticks in %s', async (language) => {
    const matrix = await page('/crosswalk', language);
    expect(matrix.querySelectorAll('table tbody tr').length).toBeGreaterThanOrEqual(16);
    for (const url of ['/crosswalk/iso-42001', '/crosswalk/nist-ai-rmf/MAP-1.5', '/crosswalk/count', '/crosswalk/count?from=oecd']) expect((await page(url, language)).querySelector('h1')?.textContent).not.toBe('');
  });

  it('link only to what is there', async () => {
    const links = [...(await page('/crosswalk')).querySelectorAll('main a')].map((link) => link.getAttribute('href') ?? '');
    const own = [...new Set(links.filter((href) => href.startsWith('/crosswalk')))];
    expect(own.length).toBeGreaterThan(100);
    for (const href of own) expect((await get(href)).statusCode, href).toBe(200);
  });

  it('find items by code and by word, in the reader’s language', async () => {
    const rows = async (query: string, language = 'en'): Promise<number> => (await page(`/crosswalk/nist-ai-rmf?${query}`, language)).querySelectorAll('tbody tr').length;
    expect(await rows('')).toBe(72);
    expect(await rows('q=map+1.5')).toBe(1);
    expect(await rows('q=MAP-1.5')).toBe(1);
    expect(await rows('q=RISK+H%C6%8FDD%C4%B0', 'az')).toBe(1);
    expect(await rows('group=manage')).toBe(13);
    expect((await rows('mapped=yes')) + (await rows('mapped=no'))).toBe(72);
    expect(await rows('q=zzz')).toBe(0);
    expect(await rows('mapped=%27%3B--&group=none')).toBe(0);
  });

  it('keep the ticks of the other lists when one is sent', async () => {
    const document = await page('/crosswalk/count?from=oecd&done=nist:MAP-1.5&duty=PR.RM&unbound=PR.CERT');
    const hidden = [...document.querySelectorAll('form[action="/crosswalk/count#result"] input[type=hidden]')].map((input) => `${input.getAttribute('name')}=${input.getAttribute('value')}`);
    expect(hidden).toEqual(['from=oecd', 'done=nist:MAP-1.5', 'duty=PR.RM', 'unbound=PR.CERT']);
  });

  it('write nothing of an address into the page as markup', async () => {
    expect((await get('/crosswalk/nist-ai-rmf?q=%3Cscript%3Ealert(1)%3C%2Fscript%3E')).body).not.toContain('<script>alert');
    expect((await get('/crosswalk/count?done=%3Cscript%3E&from=%3Cscript%3E')).body).not.toContain('<script>');
  });

  it.each(['/crosswalk/none', '/crosswalk/oecd/9.9', '/crosswalk/sets/..%2Fthemes.yaml', '/crosswalk/sets/themes.yaml', '/crosswalk/constructor'])('%s is not there', async (url) => {
    expect((await get(url)).statusCode).toBe(404);
  });

  it('refuse more ticks than there can be', async () => {
    expect((await get(`/crosswalk/count?done=${'x'.repeat(200)}`)).statusCode).toBe(400);
  });

  it('give a mapping file as it lies on disk', async () => {
    const answer = await get(`/crosswalk/sets/${REVIEWED}`);
    expect(answer.body).toBe(readFileSync(join(folder, REVIEWED), 'utf8'));
    expect(answer.headers['content-type']).toContain('text/tab-separated-values');
  });
});

describe('programs', () => {
  it('read frameworks, sets and items', async () => {
    expect(await api('/api/v1/crosswalk')).toMatchObject({ status: 200, value: { frameworks: [{ id: 'eu-ai-act', items: 35 }, { id: 'nist-ai-rmf', items: 72 }, { id: 'iso-42001', items: 67 }, {}, {}, {}] } });
    expect(await api('/api/v1/crosswalk/frameworks/oecd')).toMatchObject({ status: 200, value: { id: 'oecd', items: [{ id: 'oecd:1.1' }, {}, {}, {}, {}, {}, {}, {}, {}, {}] } });
  });

  it('see which claim counts', async () => {
    const { value } = await api('/api/v1/crosswalk/mappings?item=aiact:art-9');
    const { mappings } = value as { readonly mappings: readonly { readonly item: string; readonly counts: boolean; readonly shortfalls: readonly string[] }[] };
    expect(mappings.filter((one) => one.counts).map((one) => one.item)).toEqual(['nist:MAP-1.5']);
    expect(mappings.find((one) => one.item === 'nist:MAP-5.1')?.shortfalls).toEqual(['not-reviewed']);
  });

  const counted = async (query: string): Promise<readonly string[]> => {
    const { value } = await api(`/api/v1/crosswalk/count?${query}`);
    const { frameworks } = value as { readonly frameworks: readonly { readonly items: readonly { readonly item: string; readonly status: string }[] }[] };
    return frameworks.flatMap((one) => one.items.filter((item) => item.status === 'met' || item.status === 'counted').map((item) => `${item.item} ${item.status}`));
  };

  it('count a done article over the reviewed row, and not the other way: the article asks for more', async () => {
    expect(await counted('done=aiact:art-9')).toEqual(['aiact:art-9 met', 'nist:MAP-1.5 counted']);
    expect(await counted('done=nist:MAP-1.5')).toEqual(['nist:MAP-1.5 met']);
  });

  it('count from the duties of the Act', async () => {
    expect(await counted('duty=PR.RM')).toEqual(['aiact:art-9 met', 'aiact:art-9-9 met', 'nist:MAP-1.5 counted']);
    expect(await counted('duty=PR.LOG')).toEqual([]);
    expect(await counted('duty=PR.LOG&unbound=PR.LOG.RBI')).toEqual(['aiact:art-12 met']);
  });

  it.each<readonly [string, string]>([
    ['/api/v1/crosswalk/frameworks/none', 'unknown-framework'],
    ['/api/v1/crosswalk/mappings?item=nist:9', 'unknown-item'],
    ['/api/v1/crosswalk/count?done=nist:9', 'unknown-item'],
    ['/api/v1/crosswalk/count?duty=NO.SUCH', 'unknown-item'],
    ['/api/v1/crosswalk/count?unbound=NO.SUCH', 'unknown-item'],
  ])('are told what %s lacks', async (url, code) => {
    expect(await api(url)).toMatchObject({ status: 404, value: { code } });
  });
});

describe('a folder that is wrong', () => {
  it('stops the start by file, line and what to do', () => {
    const broken = mkdtempSync(join(tmpdir(), 'mizan-crosswalk-broken-'));
    cpSync(crosswalkFolder(), broken, { recursive: true });
    const path = join(broken, REVIEWED);
    writeFileSync(path, readFileSync(path, 'utf8').replace('\t0.6\t', '\t6\t'));
    expect(() => openCrosswalk(broken)).toThrow(/eu-ai-act--nist-ai-rmf\.sssom\.tsv:14 bad-confidence/);
    rmSync(broken, { recursive: true, force: true });
  });

  it('that is not there is an installation without crosswalks', () => {
    expect(openCrosswalk(join(folder, 'nowhere')).crosswalk).toEqual({ frameworks: [], themes: [], sets: [] });
  });
});
