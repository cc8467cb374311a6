/** Bundles the server and the command line for the pinned Node; packages of node_modules stay outside the bundle. */

import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { rolldown } from 'rolldown';

const root = join(import.meta.dirname, '..');
const bundle = await rolldown({
  cwd: root,
  input: { cli: 'src/app/cli.ts' },
  platform: 'node',
  external: (id) => !id.startsWith('.') && !id.startsWith('/') && !/^[A-Za-z]:/.test(id),
  transform: { jsx: { runtime: 'automatic', importSource: 'preact' } },
  tsconfig: 'tsconfig.json',
});
await bundle.write({ dir: join(root, 'dist'), format: 'esm', sourcemap: true, entryFileNames: '[name].js', chunkFileNames: '[name]-[hash].js' });
writeFileSync(join(root, 'dist', '.built'), '');
