/** Bundles the server and the command line for the pinned Node (packages of node_modules stay outside), and each island for browsers. */

import { existsSync, globSync, rmSync, writeFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { rolldown } from 'rolldown';

const root = join(import.meta.dirname, '..');
const bundle = await rolldown({
  cwd: root,
  input: { cli: 'src/app/cli.ts', seat: 'src/app/seat/main.ts', 'check-worker': 'src/features/lawdesk/actions/check-worker.ts', 'snapshot-worker': 'src/platform/backup/snapshot-worker.ts' },
  platform: 'node',
  external: (id) => !id.startsWith('.') && !id.startsWith('/') && !/^[A-Za-z]:/.test(id),
  tsconfig: 'tsconfig.json',
});
await bundle.write({ dir: join(root, 'dist'), format: 'esm', sourcemap: true, entryFileNames: '[name].js', chunkFileNames: '[name]-[hash].js' });

// An island is one file `islands/<name>.ts` of the platform or of a feature; its name is unique in the tree, and it shares no chunk with others.
const islands = globSync('src/{platform/html,features/*/web}/islands/*.{ts,tsx}', { cwd: root }).filter((path) => !/\.test\.tsx?$/.test(path));
const islandFolder = join(root, 'dist', 'islands');
if (existsSync(islandFolder)) rmSync(islandFolder, { recursive: true });
for (const path of islands) {
  const name = basename(path).replace(/\.tsx?$/, '');
  const island = await rolldown({ cwd: root, input: { [name]: path }, platform: 'browser', tsconfig: 'tsconfig.json' });
  await island.write({ dir: islandFolder, format: 'esm', minify: true, entryFileNames: '[name].js' });
}
writeFileSync(join(root, 'dist', '.built'), '');
