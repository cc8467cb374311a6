/** Several faces behind one server: each host gets its own sheet, names, languages and legal pages, and kept pages never cross over. */

import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { readConfig } from '../../config/index.ts';
import { createServer, loadAssets, type MizanServer } from '../../http/index.ts';
import { createLog } from '../../log/index.ts';
import { aboutRoutes, LEGAL_SLUGS, loadThemes } from './index.ts';

let app: MizanServer;

beforeAll(async () => {
  const config = readConfig({ LOG_LEVEL: 'silent', THEME: 'neutral', THEME_HOSTS: 'register.example=azerbaijan,open.example=talvoria' });
  if (!config.ok) throw new Error(JSON.stringify(config.refusal));
  const themes = loadThemes(config.value.theme, config.value.themeHosts);
  app = await createServer({ config: config.value, log: createLog(config.value), theme: themes.main, themes, assets: loadAssets(themes.all, []), navigation: [] });
  aboutRoutes(app);
});
afterAll(async () => app?.close());

async function page(host: string, url = '/about/privacy', headers: Readonly<Record<string, string>> = {}): Promise<{ readonly status: number; readonly body: string; readonly style: string; readonly language: string }> {
  const answer = await app.inject({ url, headers: { host, accept: 'text/html', ...headers } });
  return { status: answer.statusCode, body: answer.body, style: /href="(\/assets\/mizan-[^"]+)"/.exec(answer.body)?.[1] ?? '', language: /<html lang="(\w+)"/.exec(answer.body)?.[1] ?? '' };
}

describe('a host', () => {
  it.each([
    ['127.0.0.1', 'en', 'AI register', 'neutral'],
    ['register.example', 'az', 'Süni intellekt sistemlərinin dövlət reyestri', 'azerbaijan'],
    ['open.example:8443', 'ru', 'Бюллетень открытости Талвории', 'talvoria'],
  ])('%s speaks %s and is called %s', async (host, language, name, id) => {
    const shown = await page(host);
    expect(shown).toMatchObject({ status: 200, language });
    expect(shown.body).toContain(name);
    expect(shown.body).toContain(`/assets/theme/${id}/logo.svg`);
  });

  it('that nobody named is not answered', async () => expect((await page('evil.example')).status).toBe(421));

  it('has a sheet of its own', async () => {
    const styles = await Promise.all(['127.0.0.1', 'register.example', 'open.example'].map(async (host) => (await page(host)).style));
    expect(new Set(styles).size).toBe(3);
    const sheets = await Promise.all(styles.map(async (url) => (await app.inject({ url, headers: { host: '127.0.0.1' } })).body));
    expect(sheets.map((css) => /--brand:(#\w+)/.exec(css)?.[1])).toEqual(['#12475c', '#005a86', '#6a1f4b']);
  });

  it('never gets a page kept for another, whichever was asked first', async () => {
    for (const host of ['open.example', '127.0.0.1', 'register.example', '127.0.0.1', 'open.example']) {
      const shown = await page(host, '/about/terms', { 'accept-language': 'en' });
      expect(shown.body.includes('Talvoria'), host).toBe(host === 'open.example');
    }
  });

  it('orders its languages in its own way', async () => {
    const order = (body: string): string[] => [...(/language-switch"[^>]*>(.*?)<\/nav>/s.exec(body)?.[1] ?? '').matchAll(/ lang="(\w+)"/g)].map((match) => match[1] ?? '');
    expect(order((await page('open.example')).body)).toEqual(['ru', 'en', 'az']);
    expect(order((await page('register.example')).body)).toEqual(['az', 'en', 'ru']);
  });

  it('sends the letters its theme asks for, and only then', async () => {
    const css = (await app.inject({ url: (await page('open.example')).style, headers: { host: '127.0.0.1' } })).body;
    const font = /url\((fonts\/[^)]+)\)/.exec(css)?.[1] ?? '';
    const answer = await app.inject({ url: `/assets/${font}`, headers: { host: '127.0.0.1', 'accept-encoding': 'br' } });
    expect([answer.statusCode, answer.headers['content-type'], answer.headers['content-encoding']]).toEqual([200, 'font/ttf', 'br']);
    expect((await app.inject({ url: (await page('127.0.0.1')).style, headers: { host: '127.0.0.1' } })).body).not.toContain('@font-face');
  });
});

describe('legal pages', () => {
  it.each(LEGAL_SLUGS.flatMap((slug) => ['az', 'en', 'ru'].map((language) => [slug, language] as const)))('/about/%s in %s is a page of its own, linked in the footer', async (slug, language) => {
    for (const host of ['127.0.0.1', 'register.example', 'open.example']) {
      const { body, status } = await page(host, `/about/${slug}?lang=${language}`);
      expect(status).toBe(200);
      expect(body).toContain(`<a href="/about/${slug}">`);
      expect(body).not.toMatch(/\{(?:name|regulator)\}|\*\*|undefined/);
      // More than the frame and the contact: there are headings with words below them.
      expect((/<div class="prose">(.*?)<\/div>/s.exec(body)?.[1] ?? '').match(/<h2>[^<]+<\/h2><p>[^<]+|<h2>[^<]+<\/h2><ul>/g)?.length ?? 0).toBeGreaterThanOrEqual(2);
    }
  });

  it('say who can be reached, or that nobody has stated it', async () => {
    expect((await page('127.0.0.1')).body).toContain('has not stated a contact');
    expect((await page('open.example')).body).toContain('mailto:openness@talvoria.invalid');
  });

  it('of another name do not exist', async () => expect((await page('127.0.0.1', '/about/cookies')).status).toBe(404));
});
