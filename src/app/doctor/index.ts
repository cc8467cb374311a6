/** Everything the doctor looks at, in the order of its report. */

import { database } from './database.ts';
import { backup, dataFolder, disk, fileSystem, leftovers, lock, outbox, secrets } from './folder.ts';
import { build, documents, fonts, packs, securityContact, theme } from './installation.ts';
import { clock, memory, node, openFiles } from './machine.ts';
import type { Look } from './model.ts';
import { mail, outbound, port, proxies, publicAddress, scanner, server } from './network.ts';

export { examine, type Finding, type Look, settingsFindings, surroundings } from './model.ts';

export const LOOKS: readonly Look[] = [
  node, memory, openFiles, clock, build, dataFolder, fileSystem, disk, server, lock, leftovers, secrets, port, publicAddress, proxies, database, backup, packs, theme, fonts, documents, outbox, mail, outbound, scanner, securityContact,
];
