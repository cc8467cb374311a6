/** The order of the run: the longest files first, so that the end does not wait for one of them, and files that mostly wait beside files that keep a core busy. */

import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { BaseSequencer, type TestSpecification } from 'vitest/node';

const root = join(import.meta.dirname, '../..');

/** By measure on a quiet machine, longest first. A file that is not named comes after these, the largest first. */
const LONG: readonly string[] = [
  'test/e2e/pages.test.ts',
  'test/e2e/walk.test.ts',
  'test/journeys/several-nodes.test.ts',
  'test/journeys/isolation.test.ts',
  'test/e2e/story-law.test.ts',
  'test/e2e/story-identity.test.ts',
  'src/app/cli.test.ts',
  'test/journeys/bundle.test.ts',
  'test/journeys/killed.test.ts',
  'test/journeys/backup.test.ts',
  'test/journeys/faults.test.ts',
  'src/platform/backup/backup.test.ts',
  'src/app/commands/pack.test.ts',
  'test/journeys/import-killed.test.ts',
  'test/journeys/disk-full.test.ts',
  'test/journeys/law-packs.test.ts',
  'src/platform/jobs/jobs.test.ts',
  'src/features/identity/http/account.test.ts',
  'src/features/identity/http/sign-in.test.ts',
  'src/features/intake/actions/intake.test.ts',
  'src/app/commands/theme.test.ts',
  'src/features/identity/http/passkey.test.ts',
  'test/e2e/story.test.ts',
  'test/e2e/components.test.ts',
  'src/features/lawdesk/rules/shipped-packs.test.ts',
];

const gone = LONG.filter((path) => !existsSync(join(root, path)));
if (gone.length > 0) throw new Error(`test/support/longest-first.ts names files that are not there: ${gone.join(', ')}`);

const places = new Map(LONG.map((path, index) => [join(root, path), index]));
const placeOf = ({ moduleId }: TestSpecification): number => places.get(moduleId) ?? LONG.length;

export default class LongestFirst extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    return (await super.sort(files)).sort((a, b) => placeOf(a) - placeOf(b));
  }
}
