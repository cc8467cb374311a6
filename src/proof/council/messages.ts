/** What seats and operator say to each other, whatever carries it; every claim in it is proven by the signatures inside. */

/** A seat by its number, or who runs the log. */
export type Address = number | 'operator';

/** Entries one request for a cosignature carries at most; who is further behind is asked in steps. */
export const COSIGN_ENTRIES_MAX = 4096;

export const REFUSED_REASONS = ['starting', 'signature', 'size', 'entry', 'fork', 'missing', 'sits-out'] as const;
export type RefusedReason = (typeof REFUSED_REASONS)[number];

export type Message =
  /** A ballot or commitment as a signed note, or a sealed text that reveals one. */
  | { readonly kind: 'cast'; readonly note: string }
  | { readonly kind: 'receipt'; readonly note: string }
  /** Asks for a cosignature: a checkpoint the log signed, the entries from `from` up to it, the latest certified checkpoint. */
  | { readonly kind: 'cosign'; readonly note: string; readonly from: number; readonly entries: readonly string[]; readonly certified: string | undefined }
  | { readonly kind: 'cosigned'; readonly text: string; readonly line: string }
  /** Why not: the size the seat stands at, the index of a bad entry, or the casts that the tree lacks. */
  | { readonly kind: 'refused'; readonly reason: RefusedReason; readonly size: number; readonly entry?: number; readonly missing?: readonly string[] }
  /** A seat that starts asks what others know of its own past. */
  | { readonly kind: 'where' }
  | { readonly kind: 'here'; readonly certified: string | undefined; readonly casts: readonly string[] }
  /** The operator asks for all casts of a round before it asks for the cut. */
  | { readonly kind: 'held-asked'; readonly round: string }
  | { readonly kind: 'held'; readonly round: string; readonly casts: readonly string[] };
