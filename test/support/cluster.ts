/** A PostgreSQL of its own for tests that end it: it writes as a real one does (fsync on), dies in three ways and is started again by nobody but `start`. */

import { execFileSync, spawnSync } from 'node:child_process';
import { chmodSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { asServerUser, freePort, serverPrograms } from './postgres.ts';

/** The postmaster is killed; the whole server is told to drop everything; one backend is killed, at which the server throws all others out. */
export const SERVER_DEATHS = ['postmaster', 'immediate', 'backend'] as const;
export type ServerDeath = (typeof SERVER_DEATHS)[number];

export interface Cluster {
  readonly url: string;
  readonly port: number;
  /** Starts it, or waits until its remains are gone and starts it again, as a service manager would. */
  start(): Promise<void>;
  /** Kills without a word; resolves when it is dead, or for `backend` at once. */
  kill(death: ServerDeath): Promise<void>;
  /** Ends it in good order. */
  stop(): void;
  remove(): void;
}

const START_ATTEMPTS_MAX = 100;
const START_WAIT_MS = 100;

/** Undefined where the programs of PostgreSQL are not installed. */
export async function createCluster(): Promise<Cluster | undefined> {
  const bin = serverPrograms();
  if (bin === undefined) return undefined;
  const folder = mkdtempSync(join(tmpdir(), 'mizan-cluster-'));
  chmodSync(folder, 0o777);
  const data = join(folder, 'data');
  const port = await freePort();
  const command = (program: string, args: readonly string[]): readonly [string, readonly string[]] => asServerUser(join(bin, program), args);
  const [initdb, initArgs] = command('initdb', ['-D', data, '-U', 'mizan', '--auth=trust', '-E', 'UTF8', '--locale=C.UTF-8']);
  execFileSync(initdb, [...initArgs], { stdio: 'pipe', cwd: folder });
  const control = (...args: readonly string[]): number | null => {
    const [program, full] = command('pg_ctl', ['-D', data, ...args]);
    return spawnSync(program, [...full], { stdio: 'ignore', cwd: folder }).status;
  };
  const isDead = (pid: number): boolean => {
    try {
      process.kill(pid, 0);
      // A process that is dead and not yet collected holds nothing any more.
      return readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ')[1]?.startsWith('Z') === true;
    } catch {
      return true;
    }
  };
  const postmaster = (): number => Number(readFileSync(join(data, 'postmaster.pid'), 'utf8').split('\n')[0]);
  return {
    url: `postgres://mizan@127.0.0.1:${port}/postgres`,
    port,
    start: async () => {
      for (let attempt = 1; attempt <= START_ATTEMPTS_MAX; attempt++) {
        if (control('-w', '-l', join(folder, 'log'), '-o', `-p ${port} -c listen_addresses=127.0.0.1 -c unix_socket_directories='' -c max_connections=200`, 'start') === 0) return;
        await pause(START_WAIT_MS);
      }
      throw new Error(`PostgreSQL did not start: ${readFileSync(join(folder, 'log'), 'utf8').slice(-2000)}`);
    },
    kill: async (death) => {
      const pid = postmaster();
      if (death === 'immediate') {
        control('-m', 'immediate', '-W', 'stop');
      } else if (death === 'postmaster') {
        process.kill(pid, 'SIGKILL');
      } else {
        const children = readFileSync(`/proc/${pid}/task/${pid}/children`, 'utf8').trim().split(' ').map(Number);
        // Backends come after the helpers of the server; the last one works for us.
        const last = children.at(-1);
        if (last !== undefined) process.kill(last, 'SIGKILL');
        return;
      }
      while (!isDead(pid)) await pause(5);
    },
    stop: () => void control('-m', 'fast', '-w', 'stop'),
    remove: () => {
      control('-m', 'immediate', '-w', 'stop');
      rmSync(folder, { recursive: true, force: true });
    },
  };
}
