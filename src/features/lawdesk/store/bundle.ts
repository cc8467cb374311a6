/** A pack as it travels: a ZIP with `pack.json` and the YAML files, at the top or in one folder. */

import { MANIFEST_FILE, type PackFile, textOfBytes } from '../../../law/index.ts';
import { no, type Verdict, yes } from '../../../base/index.ts';
import { readZip, writeZip } from '../../../platform/files/index.ts';
import { type Bundle, BUNDLE_BYTES_MAX, BUNDLE_MEMBERS_MAX, BUNDLE_UNPACKED_BYTES_MAX, type BundleRefusal } from '../model/install.ts';

/** Reads an archive. What is neither YAML nor the manifest (a README, a picture) is no part of the law and is passed over. */
export async function readBundle(archive: Buffer): Promise<Verdict<Bundle, BundleRefusal>> {
  if (archive.length > BUNDLE_BYTES_MAX) return no({ code: 'too-large', max: Math.floor(BUNDLE_BYTES_MAX / 1024 ** 2) });
  const read = await readZip(archive, { membersMax: BUNDLE_MEMBERS_MAX, bytesMax: BUNDLE_UNPACKED_BYTES_MAX }, isPart);
  if (!read.ok) return no({ code: read.refusal, max: read.refusal === 'too-many-members' ? BUNDLE_MEMBERS_MAX : Math.floor(BUNDLE_UNPACKED_BYTES_MAX / 1024 ** 2) });
  const top = folderOfPack(read.value.map((member) => member.path));
  if (top === undefined) return no({ code: 'no-pack' });
  const files: PackFile[] = [];
  let manifest: string | undefined;
  for (const { path, bytes } of read.value) {
    const own = path.startsWith(top) ? path.slice(top.length) : path;
    const text = textOfBytes(bytes);
    if (text === undefined) return no({ code: 'not-utf-8', file: own });
    if (own === MANIFEST_FILE) manifest = text;
    else files.push({ path: own, text });
  }
  return yes({ files, ...(manifest === undefined ? {} : { manifest }) });
}

/** Archives made on a Mac carry shadows of each file. */
function isPart(path: string): boolean {
  if (path.startsWith('__MACOSX/')) return false;
  return /\.ya?ml$/i.test(path) || path === MANIFEST_FILE || path.endsWith(`/${MANIFEST_FILE}`);
}

/** The prefix under which pack.yaml lies: nothing, or the one folder that was packed; undefined when there is none. */
function folderOfPack(paths: readonly string[]): string | undefined {
  const found = paths.filter((path) => path === 'pack.yaml' || /^[^/]+\/pack\.yaml$/.test(path)).sort((one, two) => one.length - two.length)[0];
  return found?.slice(0, -'pack.yaml'.length);
}

/** The same bytes for the same pack. */
export function writeBundle(bundle: Bundle): Buffer {
  const members = [...(bundle.manifest === undefined ? [] : [{ path: MANIFEST_FILE, text: bundle.manifest }]), ...bundle.files];
  return writeZip(members.map(({ path, text }) => ({ path, bytes: Buffer.from(text, 'utf8') })));
}
