/** ZIP archives: what is written is read, by another reader too, and what lies or is too large is refused. */

import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { readZip, writeZip, type ZipMember } from './zip.ts';

const LIMITS = { membersMax: 20, bytesMax: 100_000 };
const MEMBERS: readonly ZipMember[] = [
  { path: 'pack.yaml', bytes: Buffer.from('id: tiny\n') },
  { path: 'rules/şəhər.yaml', bytes: Buffer.from('a'.repeat(5000)) },
  { path: 'empty.yaml', bytes: Buffer.alloc(0) },
];

describe('an archive', () => {
  it('comes back as it was written, and has the same bytes each time', async () => {
    expect(await readZip(writeZip(MEMBERS), LIMITS)).toEqual({ ok: true, value: MEMBERS });
    expect(writeZip(MEMBERS).equals(writeZip(MEMBERS))).toBe(true);
    expect(await readZip(writeZip([]), LIMITS)).toEqual({ ok: true, value: [] });
  });

  it.runIf(spawnSync('python3', ['--version']).status === 0)('is read by another program', () => {
    const folder = mkdtempSync(join(tmpdir(), 'mizan-zip-'));
    writeFileSync(join(folder, 'a.zip'), writeZip(MEMBERS));
    const run = spawnSync('python3', ['-c', 'import sys, zipfile; z = zipfile.ZipFile(sys.argv[1]); assert z.testzip() is None; print([[i.filename, i.file_size] for i in z.infolist()])', join(folder, 'a.zip')], { encoding: 'utf8' });
    rmSync(folder, { recursive: true });
    expect([run.stderr, run.stdout.trim()]).toEqual(['', "[['pack.yaml', 9], ['rules/şəhər.yaml', 5000], ['empty.yaml', 0]]"]);
  });

  it('gives only what is wanted, and counts only that', async () => {
    expect(await readZip(writeZip(MEMBERS), { membersMax: 3, bytesMax: 9 }, (path) => path === 'pack.yaml')).toEqual({ ok: true, value: [MEMBERS[0]] });
  });
});

describe('a refusal', () => {
  const encrypted = writeZip(MEMBERS);
  // The flag stands in the central directory, eight bytes after its signature.
  const at = encrypted.indexOf(Buffer.from([0x50, 0x4b, 0x01, 0x02])) + 8;
  encrypted.writeUInt16LE(0x0801, at);
  const lying = writeZip(MEMBERS);
  lying.writeUInt32LE(10, lying.lastIndexOf(Buffer.from('rules/şəhər.yaml')) - 46 + 24);
  it.each([
    ['nothing', Buffer.alloc(0), LIMITS, 'not-a-zip'],
    ['a text', Buffer.from('id: tiny'), LIMITS, 'not-a-zip'],
    ['an archive cut short', writeZip(MEMBERS).subarray(0, 60), LIMITS, 'not-a-zip'],
    ['a name that leads out', writeZip([{ path: '../pack.yaml', bytes: Buffer.from('x') }]), LIMITS, 'not-a-zip'],
    ['an absolute name', writeZip([{ path: '/etc/pack.yaml', bytes: Buffer.from('x') }]), LIMITS, 'not-a-zip'],
    ['a size that lies', lying, LIMITS, 'not-a-zip'],
    ['a password', encrypted, LIMITS, 'encrypted'],
    ['too many members', writeZip(MEMBERS), { ...LIMITS, membersMax: 2 }, 'too-many-members'],
    ['much from little', writeZip([{ path: 'bomb', bytes: Buffer.alloc(200_000) }]), LIMITS, 'too-large'],
  ] as const)('for %s', async (_what, archive, limits, refusal) => {
    expect(await readZip(archive, limits)).toEqual({ ok: false, refusal });
  });

  it('or the very content, whatever byte is damaged', async () => {
    const archive = writeZip(MEMBERS);
    await fc.assert(
      fc.asyncProperty(fc.nat({ max: archive.length - 1 }), fc.integer({ min: 1, max: 255 }), async (place, mask) => {
        const damaged = Buffer.from(archive);
        damaged[place] = (damaged[place] ?? 0) ^ mask;
        const read = await readZip(damaged, LIMITS);
        // A damaged name or a header nobody reads is still an archive; a damaged content is not.
        return !read.ok || read.value.every((member) => MEMBERS.some((one) => one.bytes.equals(member.bytes)));
      }),
      { numRuns: 400 },
    );
  });
});
