/** What the actions of motions work with. */

import type { Json, Language } from '../../../base/index.ts';
import type { Suite } from '../../../proof/suite.ts';
import type { Clock } from '../../../platform/clock/index.ts';
import type { Database, Tx } from '../../../platform/db/index.ts';
import type { FileStore } from '../../../platform/files/index.ts';
import type { Jobs } from '../../../platform/jobs/index.ts';
import type { Log } from '../../../platform/log/index.ts';
import type { Assessment } from '../../assessment/index.ts';
import type { Council } from '../../council/index.ts';
import type { Lawbook } from '../../lawbook/index.ts';
import type { Registry } from '../../registry/index.ts';
import type { Motion } from '../model.ts';
import type { MotionStore } from '../store/motions.ts';

/** One annex that the platform itself freezes when a motion about a system is submitted; undefined where there is nothing yet. */
export interface DossierPart {
  readonly name: string;
  readonly of: (systemId: string) => Promise<Json | undefined>;
}

export type NoticeKind = 'scheduled' | 'opened' | 'closing' | 'decided';

export interface MotionsParts {
  readonly database: Database;
  readonly clock: Clock;
  readonly suite: Suite;
  readonly council: Council;
  readonly registry: Registry;
  readonly lawbook: Lawbook;
  readonly assessment: Assessment;
  readonly jobs: Jobs;
  readonly files: FileStore;
  readonly log?: Pick<Log, 'error'>;
  /** For words that reach a reader through another part, which knows no language. */
  readonly language: Language;
  /** Further parts of the dossier, from features that motions do not know (duties, impact assessments). */
  readonly dossier?: readonly DossierPart[];
  /** Keeps an act for good, in its transaction. */
  readonly record?: (tx: Tx, act: { readonly act: string; readonly number: string; readonly option: string; readonly state: string; readonly motion: string | undefined; readonly detail: string | undefined }) => Promise<void>;
  /** Tells members; never waited for longer than it takes to queue letters. */
  readonly notify?: (kind: NoticeKind, motion: Motion) => Promise<void>;
}

export interface Work extends MotionsParts {
  readonly store: MotionStore;
}
