/** The words of the crosswalk feature: what is opened at start, and what somebody ticks. */

import type { Framework, FrameworkItem, ItemId, MappingSet, Crosswalk, Step } from '../../law/crosswalk/index.ts';

/** Ticks of one request: the largest framework and all duties twice over fit many times. */
export const TICKS_MAX = 1_000;
export const TICK_LENGTH_MAX = 120;
export const SEARCH_LENGTH_MAX = 200;

/** What a form sends for the list of duties; the other lists go by the framework's id. */
export const DUTIES = 'duties';

export interface Ticks {
  readonly done: readonly ItemId[];
  /** Ids of duties that are done, and of those that do not bind whoever asks. */
  readonly duties: readonly string[];
  readonly unbound: readonly string[];
}

/** A mapping file byte for byte, for download. */
export interface MappingFile {
  readonly set: MappingSet;
  readonly text: string;
  readonly sha256: string;
}

export interface Crosswalks {
  readonly crosswalk: Crosswalk;
  readonly files: readonly MappingFile[];
  framework(id: string): Framework | undefined;
  item(id: ItemId): { readonly framework: Framework; readonly item: FrameworkItem } | undefined;
  /** Rows that touch the item, each read from it. */
  relations(id: ItemId): readonly Step[];
  readonly rowCount: number;
  readonly reviewedCount: number;
}
