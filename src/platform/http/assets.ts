/** Style sheets, theme files and island scripts, read once at start and served under names that carry their digest. */

import { createHash } from 'node:crypto';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { extname, join } from 'node:path';
import { brotliCompressSync, gzipSync } from 'node:zlib';
import type { FastifyInstance } from 'fastify';
import { installationRoot } from '../files/root.ts';
import type { Theme } from '../html/theme.ts';

const TYPES: Readonly<Record<string, string>> = {
  '.css': 'text/css; charset=utf-8',
  '.svg': 'image/svg+xml',
  '.js': 'text/javascript; charset=utf-8',
  '.woff2': 'font/woff2',
  '.png': 'image/png',
};

export interface Assets {
  /** Paths of the style sheets of every page, in order. */
  readonly styles: readonly string[];
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
 * Puts the platform's style sheets (src/platform/html/styles, in the order of their names), those of features
 * (`web/style.css`) and the theme's into one sheet; finds built islands in dist/islands.
 */
export function loadAssets(theme: Theme, features: readonly string[]): Assets {
  const files = new Map<string, Asset>();
  const styleFolder = join(installationRoot, 'src/platform/html/styles');
  const sheets = [
    ...readdirSync(styleFolder).filter((name) => name.endsWith('.css')).sort().map((name) => join(styleFolder, name)),
    ...features.map((feature) => join(installationRoot, 'src/features', feature, 'web/style.css')).filter((path) => existsSync(path)),
    join(theme.folder, 'theme.css'),
  ];
  const css = Buffer.from(sheets.map((path) => readFileSync(path, 'utf8')).map(tightCss).join(''));
  const style = `/assets/mizan-${digest(css)}.css`;
  files.set(style, { body: css, type: 'text/css; charset=utf-8', forEver: true });
  for (const name of readdirSync(theme.folder)) {
    const type = TYPES[extname(name)];
    if (type !== undefined) files.set(`/assets/theme/${theme.id}/${name}`, { body: readFileSync(join(theme.folder, name)), type, forEver: false });
  }
  const islands = new Map<string, string>();
  const islandFolder = join(installationRoot, 'dist/islands');
  for (const name of existsSync(islandFolder) ? readdirSync(islandFolder).filter((one) => one.endsWith('.js')) : []) {
    const body = readFileSync(join(islandFolder, name));
    const path = `/assets/islands/${name.slice(0, -3)}-${digest(body)}.js`;
    islands.set(name.slice(0, -3), path);
    files.set(path, { body, type: 'text/javascript; charset=utf-8', forEver: true });
  }
  return {
    styles: [style],
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

const PACKED_TYPES = new Set(['text/css; charset=utf-8', 'text/javascript; charset=utf-8', 'image/svg+xml']);

function packedForms({ body, type }: Asset): readonly Packed[] {
  if (!PACKED_TYPES.has(type)) return [];
  return [
    { encoding: 'br', body: brotliCompressSync(body) },
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
