/** Style sheets, theme files and island scripts, read once at start and served under names that carry their digest. */

import { createHash } from 'node:crypto';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { extname, join } from 'node:path';
import { brotliCompressSync, constants, gzipSync } from 'node:zlib';
import type { FastifyInstance } from 'fastify';
import { installationRoot } from '../files/root.ts';
import { NOTO_SANS_FACES, themeCss } from '../html/themes/css.ts';
import type { Theme } from '../html/themes/format.ts';

const TYPES: Readonly<Record<string, string>> = {
  '.css': 'text/css; charset=utf-8',
  '.svg': 'image/svg+xml',
  '.js': 'text/javascript; charset=utf-8',
  '.woff2': 'font/woff2',
  '.ttf': 'font/ttf',
};

export interface Assets {
  /** Paths of the style sheets of a page in the main theme, in order. */
  readonly styles: readonly string[];
  /** The same for another theme in use; each has a sheet of its own. */
  stylesOf(theme: Theme): readonly string[];
  /** Every file that is served, by its path. */
  readonly files: ReadonlyMap<string, { readonly body: Buffer; readonly type: string }>;
  /** Path of an island's script by its name. */
  island(name: string): string;
  register(app: FastifyInstance): void;
}

interface Asset {
  readonly body: Buffer;
  readonly type: string;
  readonly forEver: boolean;
}

/** Packed once at start, best first; a slow line gets a fifth of the bytes and no request pays for packing. */
interface Packed {
  readonly encoding: string;
  readonly body: Buffer;
}

/**
 * Puts the colours of a theme, the platform's style sheets (src/platform/html/styles, in the order of their names) and those of
 * features (`web/style.css`) into one sheet for each theme; finds built islands in dist/islands. The first theme is the main one.
 */
export function loadAssets(themes: Theme | readonly Theme[], features: readonly string[]): Assets {
  const files = new Map<string, Asset>();
  const styleFolder = join(installationRoot, 'src/platform/html/styles');
  const sheets = [
    ...readdirSync(styleFolder).filter((name) => name.endsWith('.css')).sort().map((name) => join(styleFolder, name)),
    ...features.map((feature) => join(installationRoot, 'src/features', feature, 'web/style.css')).filter((path) => existsSync(path)),
  ];
  const shared = sheets.map((path) => readFileSync(path, 'utf8')).map(tightCss).join('');
  const styles = new Map([themes].flat().map((theme) => [theme.id, addTheme(files, theme, shared)]));
  const main = [...styles.values()][0] ?? [];
  const islands = new Map<string, string>();
  const islandFolder = join(installationRoot, 'dist/islands');
  for (const name of existsSync(islandFolder) ? readdirSync(islandFolder).filter((one) => one.endsWith('.js')) : []) {
    const body = readFileSync(join(islandFolder, name));
    const path = `/assets/islands/${name.slice(0, -3)}-${digest(body)}.js`;
    islands.set(name.slice(0, -3), path);
    files.set(path, { body, type: 'text/javascript; charset=utf-8', forEver: true });
  }
  return {
    styles: main,
    stylesOf: (theme) => styles.get(theme.id) ?? main,
    files,
    island: (name) => islands.get(name) ?? `/assets/islands/${name}.js`,
    register: (app) => {
      for (const [path, asset] of files) {
        const packed = packedForms(asset);
        app.get(path, { config: { policy: 'public' }, schema: { hide: true } }, (request, reply) => {
          const accepted = request.headers['accept-encoding'] ?? '';
          const form = packed.find(({ encoding }) => new RegExp(`\\b${encoding}\\b(?!;q=0(?:\\.0+)?(?:,|$))`).test(accepted));
          if (form !== undefined) void reply.header('content-encoding', form.encoding);
          return reply
            .header('content-type', asset.type)
            .header('vary', 'Accept-Encoding')
            .header('cache-control', asset.forEver ? 'public, max-age=31536000, immutable' : 'public, max-age=3600')
            .send(form?.body ?? asset.body);
        });
      }
    },
  };
}

/** Adds the sheet, the logo and the letters of a theme; answers the paths of its sheets. Nothing else of its folder is served. */
function addTheme(files: Map<string, Asset>, theme: Theme, shared: string): readonly string[] {
  const fontPath = new Map<string, string>();
  const addFont = (name: string, path: string): void => {
    const body = readFileSync(path);
    const served = `/assets/fonts/${digest(body)}-${name.toLowerCase()}`;
    fontPath.set(name, served);
    files.set(served, { body, type: TYPES[extname(name)] ?? 'application/octet-stream', forEver: true });
  };
  for (const font of theme.typography.fonts) {
    if ('file' in font) addFont(font.file, join(theme.folder, font.file));
    else for (const { folder } of NOTO_SANS_FACES) addFont(`NotoSans_${folder}.ttf`, join(installationRoot, 'node_modules/@expo-google-fonts/noto-sans', folder, `NotoSans_${folder}.ttf`));
  }
  // The sheet lies in /assets, so the address is told from there: a folder of files shows the same as the server.
  const css = Buffer.from(tightCss(themeCss(theme, (file) => (fontPath.get(file) ?? '').slice('/assets/'.length))) + shared);
  const style = `/assets/mizan-${digest(css)}.css`;
  files.set(style, { body: css, type: 'text/css; charset=utf-8', forEver: true });
  files.set(`/assets/theme/${theme.id}/${theme.logo}`, { body: readFileSync(join(theme.folder, theme.logo)), type: 'image/svg+xml', forEver: false });
  return [style];
}

const LARGE_BYTES = 256 * 1024;
const BROTLI_QUALITY_LARGE = 9;
const PACKED_TYPES = new Set(['text/css; charset=utf-8', 'text/javascript; charset=utf-8', 'image/svg+xml', 'font/ttf']);

function packedForms({ body, type }: Asset): readonly Packed[] {
  if (!PACKED_TYPES.has(type)) return [];
  // The best compression of half a megabyte of letters takes a second; the next best a tenth of it.
  const quality = body.length > LARGE_BYTES ? BROTLI_QUALITY_LARGE : constants.BROTLI_MAX_QUALITY;
  return [
    { encoding: 'br', body: brotliCompressSync(body, { params: { [constants.BROTLI_PARAM_QUALITY]: quality } }) },
    { encoding: 'gzip', body: gzipSync(body) },
  ].filter((one) => one.body.length < body.length);
}

/** Takes comments and needless spaces out of a sheet. Our sheets hold no braces, semicolons or double spaces inside quotation marks. */
export function tightCss(css: string): string {
  return css
    .replaceAll(/\/\*[\s\S]*?\*\//g, '')
    .replaceAll(/\s+/g, ' ')
    .replaceAll(/ ?([{};,]) ?/g, '$1')
    .replaceAll(/: /g, ':')
    .replaceAll(';}', '}')
    .trim();
}

function digest(body: Buffer): string {
  return createHash('sha256').update(body).digest('hex').slice(0, 12);
}
