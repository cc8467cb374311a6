#!/usr/bin/env node
/** `npm run bench [name …]`: runs bench/*.ts on the pinned Node, one after the other; each writes bench/results/<name>.txt. */

import { spawnSync } from 'node:child_process';
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { ensureBuild, ensurePackages, pinnedNode, root } from './mizan.mjs';

ensurePackages();
const node = pinnedNode();
ensureBuild(node);
const wanted = process.argv.slice(2);
for (const file of readdirSync(join(root, 'bench')).filter((name) => name.endsWith('.ts')).sort()) {
  if (wanted.length > 0 && !wanted.includes(file.slice(0, -3))) continue;
  console.log(`\n— bench/${file}`);
  const result = spawnSync(node, ['--expose-gc', '--import', join(root, 'scripts', 'load-tsx.mjs'), join(root, 'bench', file)], { cwd: root, stdio: 'inherit' });
  if (result.status !== 0) process.exitCode = 1;
}
