/** The embedded database belongs to one process: real processes try to share it, and one is killed. */

import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { chmodSync, existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { afterAll, describe, expect, it } from 'vitest';
import { openDatabase } from './index.ts';

const folder = mkdtempSync(join(tmpdir(), 'mizan-open-'));
const children: ChildProcess[] = [];
afterAll(() => {
  for (const child of children) child.kill('SIGKILL');
  rmSync(folder, { recursive: true, force: true });
});

/** A process that opens the data folder, writes a row, says what happened, and stays. */
async function opener(dataDir: string): Promise<{ readonly said: string; readonly child: ChildProcess }> {
  const program = `
    import { openDatabase } from ${JSON.stringify(join(import.meta.dirname, 'open.ts'))};
    try {
      const database = await openDatabase({ dataDir: ${JSON.stringify(dataDir)}, databaseUrl: undefined });
      await database.execute('create table if not exists kept (pid integer)');
      await database.execute('insert into kept values (' + process.pid + ')');
      console.log('open');
      setInterval(() => undefined, 1000);
    } catch (error) {
      console.log(error.code + ' ' + JSON.stringify(error.detail));
      process.exit(3);
    }`;
  const child = spawn(process.execPath, ['--input-type=module', '-e', program], { stdio: ['ignore', 'pipe', 'ignore'] });
  children.push(child);
  const [said] = (await once(createInterface({ input: child.stdout }), 'line')) as [string];
  return { said, child };
}

describe('the data folder', () => {
  it('is opened by one process; a second is told who has it; a killed one leaves nothing in the way and loses nothing', async () => {
    const dataDir = join(folder, 'shared');
    const one = await opener(dataDir);
    expect(one.said).toBe('open');
    const two = await opener(dataDir);
    expect(two.said).toBe(`data-folder-in-use {"pid":${one.child.pid}}`);
    await expect(openDatabase({ dataDir, databaseUrl: undefined })).rejects.toMatchObject({ code: 'data-folder-in-use', detail: { pid: one.child.pid }, message: expect.stringContaining('DATA_DIR') as string });

    one.child.kill('SIGKILL');
    await once(one.child, 'exit');
    expect(existsSync(join(dataDir, 'mizan.lock'))).toBe(true);
    const three = await opener(dataDir);
    expect(three.said).toBe('open');
    three.child.kill('SIGKILL');
    await once(three.child, 'exit');

    const database = await openDatabase({ dataDir, databaseUrl: undefined });
    expect((await database.execute('select pid from kept')).rows.map((row) => row['pid'])).toEqual([one.child.pid, three.child.pid]);
    await database.close();
    expect(existsSync(join(dataDir, 'mizan.lock'))).toBe(false);
  });

  it('whose lock names a process number that meanwhile belongs to another is taken over', async () => {
    const dataDir = join(folder, 'reused');
    await (await openDatabase({ dataDir, databaseUrl: undefined })).close();
    for (const owner of [JSON.stringify({ pid: 1, started: 'long ago' }), '{ half', '']) {
      writeFileSync(join(dataDir, 'mizan.lock'), owner);
      const database = await openDatabase({ dataDir, databaseUrl: undefined });
      expect(JSON.parse(readFileSync(join(dataDir, 'mizan.lock'), 'utf8'))).toMatchObject({ pid: process.pid });
      await database.close();
    }
  });

  it('that is no folder or may not be written is named', async () => {
    const file = join(folder, 'a-file');
    writeFileSync(file, '');
    await expect(openDatabase({ dataDir: join(file, 'inside'), databaseUrl: undefined })).rejects.toMatchObject({ code: 'data-folder-not-writable' });
    // Root may write anywhere, so this holds for ordinary users only.
    if (process.getuid?.() === 0) return;
    const locked = mkdtempSync(join(folder, 'locked-'));
    chmodSync(locked, 0o500);
    await expect(openDatabase({ dataDir: locked, databaseUrl: undefined })).rejects.toMatchObject({ code: 'data-folder-not-writable' });
  });
});

describe('a database server', () => {
  it('that does not answer is told with what to check', async () => {
    const closed = createServer();
    closed.listen(0, '127.0.0.1');
    await once(closed, 'listening');
    const { port } = closed.address() as { port: number };
    closed.close();
    await once(closed, 'close');
    await expect(openDatabase({ dataDir: folder, databaseUrl: `postgres://mizan:secret@127.0.0.1:${port}/mizan` })).rejects.toMatchObject({ code: 'database-not-reached', message: expect.not.stringContaining('secret') as string });
  });
});
