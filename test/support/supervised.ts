/** The built product as a service manager runs it: when the process ends, it is started again at once, whatever ended it. */

import { type ChildProcess, spawn } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { freePort } from './postgres.ts';

const root = join(import.meta.dirname, '../..');
const READY_MS_MAX = 120_000;
const READY_POLL_MS = 20;
const ANSWER_MS_MAX = 90_000;

export interface Supervised {
  readonly address: string;
  readonly dataDir: string;
  /** Of the process that runs now. */
  pid(): number | undefined;
  /** How often it was started. */
  starts(): number;
  /** The token of the present start; the file of an earlier one until it is ready. */
  token(): string;
  /** Lines of level error and above that it logged. */
  readonly errors: readonly string[];
  send(method: string, path: string, options?: { readonly json?: unknown; readonly form?: FormData; readonly headers?: Readonly<Record<string, string>> }): Promise<Response>;
  /** Resolves with the milliseconds until `/health/ready` says 200. */
  ready(): Promise<number>;
  kill(): Promise<void>;
  stop(): Promise<void>;
}

export async function supervise(dataDir: string, environment: Readonly<Record<string, string>> = {}): Promise<Supervised> {
  const port = await freePort();
  const address = `http://127.0.0.1:${port}`;
  const errors: string[] = [];
  let child: ChildProcess | undefined;
  let starts = 0;
  let isStopping = false;
  const start = (): void => {
    starts += 1;
    const one = spawn(process.execPath, [join(root, 'dist/cli.js'), 'start'], { env: { PATH: process.env['PATH'] ?? '', NODE_COMPILE_CACHE: process.env['NODE_COMPILE_CACHE'], DATA_DIR: dataDir, PORT: String(port), LOG_LEVEL: 'error', ...environment }, stdio: ['ignore', 'ignore', 'pipe'] });
    child = one;
    one.stderr.on('data', (piece: Buffer) => errors.push(...piece.toString().split('\n').filter((line) => line !== '')));
    one.once('exit', () => {
      if (!isStopping) start();
    });
  };
  start();
  const self: Supervised = {
    address,
    dataDir,
    errors,
    pid: () => child?.pid,
    starts: () => starts,
    token: () => (JSON.parse(readFileSync(join(dataDir, 'server.json'), 'utf8')) as { token: string }).token,
    // A kept connection may be closed by the server just when the next request takes it.
    send: async (method, path, { json, form, headers } = {}) =>
      fetch(`${address}${path}`, {
        method,
        headers: { connection: 'close', authorization: `Bearer ${self.token()}`, ...(json === undefined ? {} : { 'content-type': 'application/json' }), ...headers },
        ...(json === undefined ? {} : { body: JSON.stringify(json) }),
        ...(form === undefined ? {} : { body: form }),
        signal: AbortSignal.timeout(ANSWER_MS_MAX),
      }),
    ready: async () => {
      const began = performance.now();
      while (performance.now() - began < READY_MS_MAX) {
        const answer = await fetch(`${address}/health/ready`, { headers: { connection: 'close' }, signal: AbortSignal.timeout(READY_MS_MAX) }).catch(() => undefined);
        await answer?.arrayBuffer();
        if (answer?.status === 200) return performance.now() - began;
        await pause(READY_POLL_MS);
      }
      throw new Error(`it is not ready after ${READY_MS_MAX} ms: ${errors.slice(-5).join('\n')}`);
    },
    kill: async () => {
      const one = child;
      if (one === undefined) return;
      const ended = new Promise((resolve) => one.once('exit', resolve));
      one.kill('SIGKILL');
      await ended;
    },
    stop: async () => {
      isStopping = true;
      const one = child;
      if (one === undefined || one.exitCode !== null || one.signalCode !== null) return;
      const ended = new Promise((resolve) => one.once('exit', resolve));
      one.kill('SIGTERM');
      await ended;
    },
  };
  return self;
}
