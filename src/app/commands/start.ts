/** `mizan start`: serves pages and the interface for programs until it is told to stop. */

import type { Command } from 'commander';
import { Fault } from '../../base/index.ts';
import type { Mizan } from '../compose.ts';
import { Exit, EXIT } from '../exit.ts';
import { writeServerFile } from '../server-file.ts';
import { print, tell } from '../terminal.ts';
import { settings } from './settings.ts';

/** A terminal sends the signal to every process of a group and the starter passes it on: the same wish, told twice. */
const REPEATED_SIGNAL_MS = 1000;
/** How long people and programs are told with 503 that the database is broken before the process ends. */
const BROKEN_ANSWERS_MS = 3000;

export function addStart(program: Command): void {
  program
    .command('start')
    .description('serve pages and the interface for programs (this is what `mizan` alone does)')
    .action(async () => {
      const config = settings();
      const { compose } = await import('../compose.ts');
      const mizan = await compose(config);
      // From here on nothing in this process calls a place that the operator has not allowed, whatever a library would like.
      mizan.outbound.install();
      let address: string;
      let removeFile: () => void;
      try {
        address = await mizan.server.listen({ host: config.host, port: config.port });
        removeFile = writeServerFile(config.dataDir, address, mizan.operatorToken);
      } catch (error) {
        await mizan.close();
        throw notListening(error, config.host, config.port);
      }
      // Listened for before anybody is told that it is ready, and may stop it.
      const stopped = Promise.race([stopSignal(), brokenSignal(mizan)]);
      process.on('SIGUSR2', () => mizan.reopenLog());
      print(`Mizan is ready: ${address}`);
      const link = await mizan.identity.setUp.link();
      if (link.ok) print(`Nobody is registered yet. Open this address once, within a day, to name the regulator and its first administrator:\n${link.value}`);
      const signal = await stopped;
      if (signal instanceof Fault) {
        removeFile();
        await endBroken(mizan, signal);
      }
      tell(`Mizan stops (${signal}): running requests and jobs get ten seconds.`);
      removeFile();
      await mizan.close();
    });
}

function notListening(error: unknown, host: string, port: number): Error {
  const { code } = error as NodeJS.ErrnoException;
  if (code === 'EADDRINUSE') {
    return new Exit(EXIT.usage, `Port ${port} on ${host} is taken by another program. Stop it, or set another port: PORT=${port < 65_535 ? port + 1 : 8080} (PORT=0 takes any free one).`);
  }
  if (code === 'EACCES') return new Exit(EXIT.usage, `This user may not listen on port ${port}. Set a port from 1024 upwards, for example PORT=8080.`);
  return error instanceof Error ? error : new Fault('not-listening', `Mizan cannot listen on ${host}:${port}.`);
}

/** Resolves when the embedded database cannot go on in this process. */
async function brokenSignal(mizan: Mizan): Promise<Fault> {
  const { broken } = mizan.database;
  return new Promise((resolve) => {
    const tellIt = (): void => resolve(broken.reason as Fault);
    if (broken.aborted) tellIt();
    else broken.addEventListener('abort', tellIt, { once: true });
  });
}

/** Says once why, lets requests under way hear it, and ends: the recovery of the database is the next process's work. */
async function endBroken(mizan: Mizan, fault: Fault): Promise<never> {
  mizan.log.fatal({ code: fault.code, ...fault.detail }, fault.message);
  await new Promise((resolve) => setTimeout(resolve, BROKEN_ANSWERS_MS));
  process.exit(EXIT.restart);
}

async function stopSignal(): Promise<string> {
  return new Promise((resolve) => {
    let first = 0;
    for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
      process.on(signal, () => {
        const now = performance.now();
        if (first !== 0 && now - first > REPEATED_SIGNAL_MS) process.exit(EXIT.fault);
        if (first === 0) first = now;
        resolve(signal);
      });
    }
  });
}
