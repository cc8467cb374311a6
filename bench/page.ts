/** How many public pages a second: ours beside bare Fastify that sends the same bytes with the same headers, in the same run. */

import { fork } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import autocannon from 'autocannon';
import fastify from 'fastify';
import { compose } from '../src/app/compose.ts';
import { readConfig } from '../src/platform/config/index.ts';

const SECONDS = Number(process.env['BENCH_SECONDS'] ?? 6);
const ROUNDS = 3;
const CONNECTIONS = 20;
const HEADERS = { accept: 'text/html', 'accept-language': 'en', 'accept-encoding': 'br' };
const RESULTS = join(import.meta.dirname, 'results/page.txt');

if (process.argv[2] === 'serve') await serve();
else await measure();

/** Our server on an embedded database with the sample data, and a bare one that sends the bytes of our page; both told to the parent. */
async function serve(): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), 'mizan-bench-'));
  const config = readConfig({ DATA_DIR: folder, PORT: '0', LOG_LEVEL: 'silent' });
  if (!config.ok) throw new Error('configuration');
  const mizan = await compose(config.value, { limits: { requestsPerMinuteMax: 100_000_000, routeLimitsFactor: 1_000_000 } });
  const ours = await mizan.server.listen({ host: '127.0.0.1', port: 0 });
  const loaded = await fetch(`${ours}/api/v1/samples`, { method: 'POST', headers: { 'content-type': 'application/json' }, body: '{"language":"en"}' });
  if (!loaded.ok) throw new Error(`the sample data could not be loaded: ${await loaded.text()}`);
  const first = await mizan.server.inject({ url: '/api/v1/systems?limit=1' });
  const id = (JSON.parse(first.body) as { items: { id: string }[] }).items[0]?.id ?? '';
  const paths = ['/', '/registry', `/registry/${id}`];
  const bare = fastify({ logger: false });
  for (const path of paths) {
    const page = await mizan.server.inject({ url: path, headers: { ...HEADERS, host: 'localhost' } });
    const kept = Object.entries(page.headers).filter(([name]) => !['content-length', 'date', 'connection', 'keep-alive'].includes(name));
    bare.get(path, (_request, reply) => {
      for (const [name, value] of kept) void reply.header(name, value);
      return reply.send(page.rawPayload);
    });
  }
  const plain = await bare.listen({ host: '127.0.0.1', port: 0 });
  process.send?.({ ours, plain, paths });
  process.on('message', () => {
    void (async () => {
      await bare.close();
      await mizan.close();
      rmSync(folder, { recursive: true, force: true });
      process.exit(0);
    })();
  });
}

async function measure(): Promise<void> {
  const child = fork(import.meta.filename, ['serve'], { execArgv: [...process.execArgv] });
  const { ours, plain, paths } = await new Promise<{ ours: string; plain: string; paths: readonly string[] }>((resolve) => {
    child.once('message', (message) => resolve(message as { ours: string; plain: string; paths: readonly string[] }));
  });
  const lines = [`Public pages, ${CONNECTIONS} connections, ${ROUNDS} × ${SECONDS} s each in turn, best round; the load comes from the other core`];
  for (const path of paths) {
    const best = { ours: 0, plain: 0 };
    let bytes = 0;
    for (let round = 0; round < ROUNDS; round++) {
      for (const who of ['plain', 'ours'] as const) {
        const result = await autocannon({ url: `${who === 'ours' ? ours : plain}${path}`, connections: CONNECTIONS, duration: SECONDS, headers: HEADERS });
        if (result.non2xx > 0) throw new Error(`${result.non2xx} answers were not 2xx`);
        best[who] = Math.max(best[who], result.requests.average);
        if (who === 'ours') bytes = Math.round(result.throughput.total / result.requests.total);
      }
    }
    const name = path.replace(/[0-9a-f-]{36}/, ':id');
    lines.push(`${name.padEnd(16)} ours ${Math.round(best.ours)}/s   bare Fastify ${Math.round(best.plain)}/s   ratio ${((100 * best.ours) / best.plain).toFixed(0)} % (aim ≥ 30 %)   ${bytes} bytes an answer, headers included`);
  }
  child.send('stop');
  console.log(lines.join('\n'));
  if (SECONDS >= 6) writeFileSync(RESULTS, `${lines.join('\n')}\n`);
}
