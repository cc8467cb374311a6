#!/usr/bin/env node
/** `npm test`: sets up what is missing, then type check, lint, unused code, tests. `--static` leaves the tests out. Further arguments go to Vitest. */

import { spawnSync } from 'node:child_process';
import { dirname, join } from 'node:path';
import { ensureBuild, ensurePackages, pinnedNode, root } from './mizan.mjs';

ensurePackages();
const node = pinnedNode();
const modules = join(root, 'node_modules');
const env = { ...process.env, PATH: `${dirname(node)}${process.platform === 'win32' ? ';' : ':'}${process.env.PATH ?? ''}` };

function run(title, script, ...args) {
  console.log(`\n— ${title}`);
  const result = spawnSync(node, [join(modules, script), ...args], { cwd: root, stdio: 'inherit', env });
  if (result.status !== 0) {
    console.error(`\n${title}: failed`);
    process.exit(result.status ?? 1);
  }
}

const rest = process.argv.slice(2).filter((argument) => argument !== '--static');
if (rest.length === 0) {
  run('types', 'typescript/bin/tsc', '-p', '.');
  run('lint', 'oxlint/bin/oxlint', '--type-aware', '--quiet');
  run('unused code', 'knip/bin/knip.js', '--no-progress');
}
if (!process.argv.includes('--static')) {
  ensureBuild(node);
  run('tests', 'vitest/vitest.mjs', 'run', ...rest);
}
