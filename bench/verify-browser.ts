/**
 * Measures the check of a whole decision in Chromium by the page that people keep, beside its signatures alone in the same browser:
 * `npm run bench verify-browser`. Results go to bench/results/verify-browser.txt.
 */

import { createHash } from 'node:crypto';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { availableParallelism, tmpdir } from 'node:os';
import { join } from 'node:path';
import process from 'node:process';
import { rolldown } from 'rolldown';
import { loadThemes } from '../src/platform/html/index.ts';
import { loadAssets } from '../src/platform/http/index.ts';
import { offlinePage } from '../src/features/decisions/rules/offline-page.ts';
import { printDecision } from '../src/proof/council/bundle.ts';
import { nodeSuite } from '../src/proof/node-suite.ts';
import { chromiumPath, launchBrowser } from '../test/support/browser.ts';
import { carriedDecision, keyOf } from '../test/support/council-world.ts';

/** The aim for a reader's first file, whose keys were never looked at before. */
const FIRST_MS_MAX = 300;
const PAGES = 7;
const AGAIN = 10;
const root = join(import.meta.dirname, '..');
const lines: string[] = [];
const say = (line: string): void => {
  console.log(line);
  lines.push(line);
};
const median = (values: readonly number[]): number => values.toSorted((one, other) => one - other)[Math.floor(values.length / 2)] ?? Number.NaN;
const shown = (values: readonly number[]): string => `median ${median(values).toFixed(0)} ms, slowest ${Math.max(...values).toFixed(0)} ms`;

if (chromiumPath === undefined) process.exit(0);
const folder = mkdtempSync(join(tmpdir(), 'mizan-verify-bench-'));
const browser = await launchBrowser();
try {
  const { decision, world } = carriedDecision(nodeSuite);
  const file = join(folder, 'decision.json');
  writeFileSync(file, printDecision(decision));

  const island = await rolldown({ cwd: root, input: { verify: 'src/features/decisions/web/islands/decision-verify.tsx' }, platform: 'browser', tsconfig: 'tsconfig.json' });
  await island.write({ dir: folder, format: 'esm', minify: true, entryFileNames: '[name].js' });
  const assets = loadAssets(loadThemes('neutral').all, ['decisions']);
  const html = offlinePage({ script: readFileSync(join(folder, 'verify.js'), 'utf8'), style: assets.files.get(assets.styles[0] ?? '')?.body.toString() ?? '', sha256: (text) => createHash('sha256').update(text).digest('base64'), title: 'bench', language: 'en', noScript: '' });
  writeFileSync(join(folder, 'verify.html'), html);

  // The signatures alone: 22 cosignatures, 2 witnesses, the log, 25 ballots and OPEN, by the same suite in the same browser.
  const suite = await rolldown({ cwd: root, input: { noble: 'src/proof/noble-suite.ts' }, platform: 'browser', tsconfig: 'tsconfig.json' });
  await suite.write({ dir: folder, format: 'iife', name: 'noble', minify: true, entryFileNames: '[name].js' });
  const signatures = [decision.checkpoint, decision.ballots, decision.open].flatMap((note) => note.slice(note.lastIndexOf('\n\n') + 2).trimEnd().split('\n')).length;

  const first: number[] = [];
  const again: number[] = [];
  for (let page = 0; page < PAGES; page += 1) {
    const context = await browser.newContext({ offline: true });
    const window = await context.newPage();
    await window.goto(`file://${join(folder, 'verify.html')}`);
    await window.setInputFiles('#verify-file', file);
    await window.fill('#verify-pin', world.pin.roll);
    for (let run = 1; run <= AGAIN; run += 1) {
      await window.click('.verify button[type=submit]');
      await window.waitForSelector(`[data-result=accepted][data-run="${run}"]`);
      (run === 1 ? first : again).push(Number(await window.getAttribute('[data-result]', 'data-took')));
    }
    await context.close();
  }

  const bare: number[] = [];
  const context = await browser.newContext({ offline: true });
  const window = await context.newPage();
  await window.addScriptTag({ content: readFileSync(join(folder, 'noble.js'), 'utf8') });
  const signer = keyOf('bench');
  const message = new TextEncoder().encode('a text of the size of a ballot '.repeat(10));
  const given = JSON.stringify({ key: [...signer.publicKey], message: [...message], signature: [...signer.sign(message)] });
  for (let run = 0; run < AGAIN; run += 1) {
    bare.push(
      await window.evaluate<number>(`(() => {
        const { key, message, signature } = ${given};
        const [k, m, s] = [key, message, signature].map((bytes) => new Uint8Array(bytes));
        const from = performance.now();
        for (let left = ${signatures}; left > 0; left -= 1) if (!noble.nobleSuite.verify(k, m, s)) throw new Error('refused');
        return performance.now() - from;
      })()`),
    );
  }
  const [cold = Number.NaN, ...warm] = bare;
  await context.close();

  say(`Chromium ${browser.version()}, ${availableParallelism()} cores; page of ${html.length} bytes, decision of ${readFileSync(file).length} bytes with ${signatures} signatures and a roll of 33 seats and 8 alternates`);
  say(`first file in a new window, every key of the roll admitted: ${shown(first)} (${PAGES} windows; aim ${FIRST_MS_MAX} ms)`);
  say(`the same file again, its keys known:                        ${shown(again)} (${again.length} runs)`);
  say(`its ${signatures} signatures alone, noble in the same browser:      ${cold.toFixed(0)} ms cold, ${shown(warm)}`);
  say(`whole check beside its signatures: ${(median(again) / median(warm)).toFixed(2)} times`);
  if (median(first) > FIRST_MS_MAX) {
    say(`MISSED: ${median(first).toFixed(0)} ms is more than ${FIRST_MS_MAX} ms`);
    process.exitCode = 1;
  }
  mkdirSync(join(root, 'bench/results'), { recursive: true });
  writeFileSync(join(root, 'bench/results/verify-browser.txt'), `${lines.join('\n')}\n`);
} finally {
  await browser.close();
  rmSync(folder, { recursive: true, force: true });
}
