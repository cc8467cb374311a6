/** How much of the disk under a folder is free for this user. */

import { statfs } from 'node:fs/promises';

/** In bytes; throws when the folder is gone. A quota of the user may be tighter than what the disk tells. */
export async function freeBytes(folder: string): Promise<number> {
  const { bavail, bsize } = await statfs(folder);
  return bavail * bsize;
}
