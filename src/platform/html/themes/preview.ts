/** A theme as a set of files that can be opened without a server: sample pages, legal pages, a mail and a document in every language offered. */

import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import type { Language } from '../../../base/index.ts';
import { renderDocument } from '../../documents/index.ts';
import { installationRoot } from '../../files/root.ts';
import { type Assets, loadAssets } from '../../http/index.ts';
import { layOut } from '../../mail/compose.ts';
import { componentsPage } from '../components-page.tsx';
import { say } from '../examples/index.ts';
import { type Page, type PageContext, renderPage } from '../page.tsx';
import { aboutPage } from './about-pages.tsx';
import { LEGAL_SLUGS, type Theme, type ThemeProblem } from './format.ts';
import { documentIssuerOf, mailPartsOf } from './parts.ts';
import { PREVIEW_PAGES, previewBanner, previewDocument, previewPage } from './preview-pages.tsx';

export interface PreviewFile {
  readonly body: Uint8Array;
  readonly type: string;
}

/** Relative path → file; `index.html` is the first page in the default language. Links lead within the set. */
export async function previewFiles(theme: Theme, problems: readonly ThemeProblem[]): Promise<ReadonlyMap<string, PreviewFile>> {
  const assets = loadAssets(theme, readdirSync(join(installationRoot, 'src/features')));
  const files = new Map<string, PreviewFile>();
  for (const [path, { body, type }] of assets.files) if (!path.startsWith('/assets/islands/')) files.set(path.slice(1), { body, type });
  const add = (name: string, text: string): void => void files.set(name, { body: Buffer.from(text), type: 'text/html; charset=utf-8' });

  for (const language of theme.languages) {
    const pages: [string, (frame: PageContext) => Page][] = [
      ...PREVIEW_PAGES.map((name): [string, (frame: PageContext) => Page] => [name, () => previewPage(name, theme, problems, language)]),
      ['components', componentsPage],
      ...LEGAL_SLUGS.map((slug): [string, (frame: PageContext) => Page] => [`about/${slug}`, (frame) => aboutPage(slug, frame)]),
    ];
    for (const [name, build] of pages) {
      const frame = frameOf(theme, assets, language, name === 'index' ? '/' : `/${name}`);
      add(fileName(name, language), withinFiles(renderPage(build(frame), frame), language, theme));
    }
    const mail = previewMail(theme, language);
    add(`mail-${language}.html`, mail.html);
    files.set(`mail-${language}.txt`, { body: Buffer.from(mail.text), type: 'text/plain; charset=utf-8' });
    const { blocks, ...head } = previewDocument(language);
    files.set(`document-${language}.pdf`, { body: await renderDocument({ language, ...head, issuer: documentIssuerOf(theme, language) }, blocks), type: 'application/pdf' });
  }
  const first = files.get(fileName('index', theme.defaultLanguage));
  if (first !== undefined) files.set('index.html', first);
  return files;
}

function frameOf(theme: Theme, assets: Assets, language: Language, url: string): PageContext {
  const labels = (az: string, en: string, ru: string) => ({ az, en, ru });
  return {
    language,
    url,
    theme,
    area: 'public',
    may: (policy) => policy === 'public',
    navigation: [
      { href: '/', policy: 'public', label: labels('Ana səhifə', 'Home', 'Главная') },
      { href: '/register', policy: 'public', label: labels('Reyestr', 'Register', 'Реестр') },
      { href: '/entry', policy: 'public', label: labels('Qeyd', 'Entry', 'Запись') },
      { href: '/components', policy: 'public', label: labels('Komponentlər', 'Components', 'Компоненты') },
      { href: '/checks', policy: 'public', label: labels('Yoxlama', 'Checks', 'Проверка') },
    ],
    banner: previewBanner(theme, language),
    styles: assets.stylesOf(theme),
  };
}

const fileName = (page: string, language: Language): string => `${page.replace('/', '-')}-${language}.html`;

/** Addresses of the register become names of files beside the page; those that the set does not hold lead nowhere. */
function withinFiles(html: string, language: Language, theme: Theme): string {
  const pages = new Set<string>([...PREVIEW_PAGES, 'components', ...LEGAL_SLUGS.map((slug) => `about/${slug}`)]);
  return html.replaceAll(/(href|src|action)="\/([^"]*)"/g, (_whole, attribute: string, rest: string) => {
    if (rest.startsWith('assets/')) return `${attribute}="${rest}"`;
    const [path = '', query = ''] = rest.replaceAll('&amp;', '&').split('?');
    const asked = theme.languages.find((one) => new URLSearchParams(query).get('lang') === one) ?? language;
    const page = path === '' ? 'index' : path;
    if (/^(?:document|mail)-/.test(page)) return `${attribute}="${page}"`;
    return `${attribute}="${pages.has(page) ? fileName(page, asked) : '#main'}"`;
  });
}

/** A mail as it is really laid out, with invented content; sent to nobody. */
function previewMail(theme: Theme, language: Language): { readonly html: string; readonly text: string } {
  const words = say(language);
  return layOut(
    words('Önizləmə: qeydiniz qəbul edildi', 'Preview: your entry was accepted', 'Предпросмотр: ваша запись принята'),
    [
      { kind: 'paragraph', text: words('Bu, mövzunun məktub hissələrini göstərən önizləmədir. Heç kimə göndərilməyib.', 'This preview shows the mail parts of the theme. It was sent to nobody.', 'Этот предпросмотр показывает части темы для писем. Никому не отправлено.') },
      { kind: 'code', text: '0000 0000' },
      { kind: 'button', label: words('Qeydi aç', 'Open the entry', 'Открыть запись'), url: 'https://register.invalid/' },
    ],
    mailPartsOf(theme, language),
    language,
  );
}
