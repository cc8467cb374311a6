/** The words of bringing a pack in: what came, what was found, what became of it. */

import type { Instant } from '../../../base/index.ts';
import type { ManifestRefusal, PackFile, PackProblem, Signer } from '../../../law/index.ts';

/** Of one upload; the packs of a country are a few hundred kilobytes. */
export const BUNDLE_BYTES_MAX = 16 * 1024 * 1024;
export const BUNDLE_MEMBERS_MAX = 600;
export const BUNDLE_UNPACKED_BYTES_MAX = 32 * 1024 * 1024;
export const FILE_NAME_LENGTH_MAX = 200;
export const AUTHOR_LENGTH_MAX = 200;
export const REASON_LENGTH_MAX = 2_000;
export const INSTALLS_SHOWN_MAX = 200;
export const PROBLEMS_KEPT_MAX = 50;

/** What an upload holds: the manifest as text, and every YAML file. */
export interface Bundle {
  readonly manifest?: string;
  readonly files: readonly PackFile[];
}

/** The second line is what the look at every upload finds; `not-scanned`: a virus scanner is configured and gives no clear word. */
export interface BundleRefusal {
  readonly code:
    | 'not-a-zip' | 'too-many-members' | 'too-large' | 'encrypted' | 'no-pack' | 'not-utf-8'
    | 'broken-archive' | 'active-content' | 'archive-bomb' | 'embedded-files' | 'infected' | 'two-kinds' | 'not-scanned';
  readonly file?: string;
  readonly max?: number;
}

/** Why a pack was not kept. */
export type InstallRefusal =
  | { readonly stage: 'bundle'; readonly bundle: BundleRefusal }
  | { readonly stage: 'manifest'; readonly manifest: ManifestRefusal }
  /** It cannot be read as law, or its check finds errors. */
  | { readonly stage: 'law'; readonly code: 'does-not-load' | 'has-errors'; readonly problems: readonly PackProblem[] };

export interface CheckResult {
  readonly errors: number;
  readonly warnings: number;
  readonly cases: number;
  readonly passed: number;
  /** Errors first, at most PROBLEMS_KEPT_MAX. */
  readonly problems: readonly PackProblem[];
}

/** One attempt. `installed`: kept now; `present`: the same version was here already. */
export interface Install {
  readonly number: number;
  readonly at: Instant;
  readonly actor: string;
  readonly author: string;
  readonly fileName: string;
  readonly uploadSha256: string;
  readonly uploadBytes: number;
  readonly outcome: 'installed' | 'present' | 'refused';
  readonly packId?: string;
  readonly version?: string;
  readonly digest?: string;
  readonly manifest?: string;
  readonly signers: readonly Signer[];
  readonly refusal?: InstallRefusal;
  readonly check?: CheckResult;
}
