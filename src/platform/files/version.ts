/** Which Mizan this is, as package.json says. */

import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { installationRoot } from './root.ts';

export const softwareVersion: string = (JSON.parse(readFileSync(join(installationRoot, 'package.json'), 'utf8')) as { version: string }).version;
