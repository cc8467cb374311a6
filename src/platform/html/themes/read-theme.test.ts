/** Reading a theme: every wrong thing is told with file, line, path, rule and what to do; a theme that fails is not used. */

import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import { documentIssuerOf, loadTheme, mailPartsOf, readTheme, themeCss, themeTemplate } from './index.ts';

const folders: string[] = [];
afterEach(() => {
  for (const folder of folders.splice(0)) rmSync(folder, { recursive: true });
});

/** A new theme with `change` made to its theme.yaml, and other files beside it. */
function themeWith(change: (yaml: string) => string, files: Readonly<Record<string, string | Buffer>> = {}): string {
  const folder = mkdtempSync(join(tmpdir(), 'themes-'));
  folders.push(folder);
  for (const { path, text } of themeTemplate({ country: 'XX', languages: ['en', 'az', 'ru'] })) writeFileSync(join(folder, path), path === 'theme.yaml' ? change(text) : text);
  for (const [path, content] of Object.entries(files)) writeFileSync(join(folder, path), content);
  return folder;
}

const problemsOf = (folder: string) => readTheme(folder).problems.filter(({ rule }) => rule !== 'folder-name');
const woff2 = (length: number, stated = length): Buffer => {
  const bytes = Buffer.alloc(length);
  bytes.write('wOF2', 'latin1');
  bytes.writeUInt32BE(stated, 8);
  return bytes;
};
const withFont = (yaml: string): string => `${yaml}\ntypography:\n  fonts:\n    - { family: "Own", file: own.woff2 }\n`;

describe('a new theme', () => {
  it('has only the warning that nobody can be reached', () => {
    expect(problemsOf(themeWith((yaml) => yaml)).map(({ severity, rule }) => [severity, rule])).toEqual([['warning', 'contact-missing']]);
  });
  it('with a contact has none', () => {
    expect(problemsOf(themeWith((yaml) => `${yaml}\ncontact: { body: { az: "A", en: "B", ru: "C" }, email: a@example.org }\n`))).toEqual([]);
  });
});

describe('what is wrong is told', () => {
  it.each([
    ['a missing member', (yaml: string) => yaml.replace(/^shortName:.*\n/m, ''), 'missing', 'shortName', ''],
    ['an unknown member', (yaml: string) => `slogan: x\n${yaml}`, 'unknown-member', 'slogan', 'slogan'],
    ['a misspelt role', (yaml: string) => yaml.replace('dark: {', 'dark: { brnad: "#000000",'), 'unknown-member', 'colours.dark.brnad', 'dark: {'],
    ['a colour that is none', (yaml: string) => yaml.replace(/brand: "#12475c"/, 'brand: blue'), 'shape', 'colours.light.brand', 'light: {'],
    ['a missing language', (yaml: string) => yaml.replace(/, ru: "Реестр ИИ" }/, ' }'), 'missing', 'name.ru', 'name: {'],
    ['an empty text', (yaml: string) => yaml.replace('en: "AI register"', 'en: " "'), 'shape', 'name.en', 'name: {'],
    ['a language twice', (yaml: string) => yaml.replace('[en, az, ru]', '[en, en]'), 'shape', 'languages', 'languages:'],
    ['a default that is not offered', (yaml: string) => yaml.replace('[en, az, ru]', '[az, ru]'), 'default-not-offered', 'defaultLanguage', 'defaultLanguage:'],
    ['a country that is no code', (yaml: string) => yaml.replace('country: XX', 'country: Xanadu'), 'shape', 'country', 'country:'],
    ['another format', (yaml: string) => yaml.replace('format: 1', 'format: 2'), 'shape', 'format', 'format:'],
    ['a logo that is elsewhere', (yaml: string) => yaml.replace('logo: logo.svg', 'logo: ../logo.svg'), 'shape', 'logo', 'logo:'],
    ['a logo that is not there', (yaml: string) => yaml.replace('logo: logo.svg', 'logo: other.svg'), 'svg-missing', 'logo', 'logo:'],
    ['a family that leaves its quotation marks', (yaml: string) => `${yaml}\ntypography: { text: ['a"; } body { display: none'] }\n`, 'shape', 'typography.text.0', 'typography:'],
    ['a font that is not there', withFont, 'font-missing', 'typography.fonts.0.file', 'own.woff2'],
    ['broken YAML', (yaml: string) => yaml.replace('name: {', 'name: {{'), 'yaml', '', 'shortName:'],
    ['an alias', (yaml: string) => yaml.replace('name: {', 'name: &n {').replace(/^shortName:.*/m, 'shortName: *n'), 'yaml', '', ''],
    ['an e-mail address that is none', (yaml: string) => `${yaml}\ncontact: { body: { az: "A", en: "B", ru: "C" }, email: nobody }\n`, 'shape', 'contact.email', 'email:'],
  ])('%s', (_what, change, rule, path, words) => {
    const folder = themeWith(change);
    const found = problemsOf(folder);
    expect(found.map((problem) => [problem.rule, problem.path]), JSON.stringify(found)).toContainEqual([rule, path]);
    const problem = found.find((one) => one.rule === rule && one.path === path);
    expect(readFileSync(join(folder, 'theme.yaml'), 'utf8').split('\n')[(problem?.line ?? 0) - 1] ?? '').toContain(words);
    expect(problem?.next).not.toBe('');
    expect(readTheme(folder).theme).toBeUndefined();
  });

  it.each([
    ['light', 'brand', '#9ab8c4', 'brand #9ab8c4 on paper #ffffff'],
    ['light', 'on-brand', '#556677', 'on-brand #556677 on brand #12475c'],
    ['dark', 'brand', '#223344', 'brand #223344 on paper #141b21'],
  ])('low contrast in %s: %s %s', (scheme, role, colour, words) => {
    const folder = themeWith((yaml) => yaml.replace(new RegExp(`(${scheme}: \\{[^}]*(?<![\\w-])${role}: )"#[0-9a-f]{6}"`), `$1"${colour}"`));
    const found = problemsOf(folder).filter(({ rule }) => rule === 'contrast');
    expect(found.map(({ message }) => message).join('\n')).toContain(words);
    expect(found[0]?.message).toMatch(/has \d+\.\d\d : 1; needed is \d\.\d\d : 1/);
    expect(readFileSync(join(folder, 'theme.yaml'), 'utf8').split('\n')[(found[0]?.line ?? 0) - 1]).toContain(`${scheme}: {`);
    expect(readTheme(folder).theme).toBeUndefined();
  });

  it('an accent of documents that is too light', () => {
    expect(problemsOf(themeWith((yaml) => `${yaml}\ndocuments: { accent: "#cccccc" }\n`)).map(({ path }) => path)).toContain('documents.accent');
  });

  it.each([
    ['font-broken', Buffer.from('not a font')],
    ['font-broken', woff2(100, 99)],
    ['font-too-large', woff2(500 * 1024)],
  ])('a font: %s', (rule, bytes) => {
    expect(problemsOf(themeWith(withFont, { 'own.woff2': bytes })).map((problem) => problem.rule)).toContain(rule);
  });

  it.each([
    ['legal-missing', 'privacy: { en: "A" }\n'],
    ['legal-text', 'from: neutral\nimprint: { en: "[a](javascript:x)" }\n'],
    ['unknown-theme', 'from: atlantis\n'],
    ['from-chain', 'from: azerbaijan\n'],
    ['unknown-member', 'from: neutral\ncookies: { en: "A" }\n'],
  ])('legal texts: %s', (rule, text) => {
    expect(problemsOf(themeWith((yaml) => yaml, { 'legal.yaml': text })).map((problem) => problem.rule)).toContain(rule);
  });

  it('a text that is not UTF-8, and one that is too large', () => {
    expect(problemsOf(themeWith((yaml) => yaml, { 'theme.yaml': Buffer.from([0xff, 0xfe, 0x41]) }))[0]?.message).toContain('UTF-8');
    expect(problemsOf(themeWith((yaml) => yaml, { 'theme.yaml': '#'.repeat(300 * 1024) }))[0]?.rule).toBe('too-large');
  });

  it('at start, with the fault that stops it', () => expect(() => loadTheme('../secrets')).toThrow('There is no theme'));
});

describe('what others take from a theme', () => {
  const theme = loadTheme('talvoria');

  it('is a style sheet without anything but its colours, letters and corners', () => {
    const css = themeCss(theme, (file) => `fonts/${file}`);
    expect(css).toContain('--brand: #6a1f4b;');
    expect(css).toContain('--headings: "Georgia", "Noto Serif", "Liberation Serif", "Times New Roman", serif;');
    expect(css).toContain('--radius: 10px;');
    expect(css).toContain('src: url(fonts/NotoSans_400Regular.ttf)');
    expect(css.match(/prefers-color-scheme: dark/g)).toHaveLength(1);
  });

  it('is an issuer of documents', () => {
    expect(documentIssuerOf(theme, 'en')).toMatchObject({ name: 'Chamber of Openness (an invented example)', header: 'Talvoria, an invented country', accent: '#4a1233' });
    expect(documentIssuerOf(loadTheme('neutral'), 'az')).toMatchObject({ name: 'Süni intellekt reyestri', header: '', footer: '', accent: '#12475c' });
  });

  it('are the parts of a mail, with names where a theme states none', () => {
    expect(mailPartsOf(theme, 'ru')).toMatchObject({ sender: 'Бюллетень Талвории (пример)', colours: { accent: '#6a1f4b' } });
    expect(mailPartsOf(loadTheme('neutral'), 'en')).toMatchObject({ sender: 'AI register', signature: 'The body that keeps the register', colours: { accent: '#12475c', onAccent: '#ffffff' } });
  });
});
