/** Which words differ between two texts: the longest common run of words stays, the rest is marked. */

export interface Piece {
  readonly text: string;
  readonly changed: boolean;
}

/** Above this many words on a side the work would grow too large; the whole text is then marked. */
const WORDS_MAX = 600;

/** The pieces of each side joined give the texts back exactly, spaces included. */
export function wordDifference(before: string, after: string): { readonly before: readonly Piece[]; readonly after: readonly Piece[] } {
  const a = wordsOf(before);
  const b = wordsOf(after);
  if (a.length > WORDS_MAX || b.length > WORDS_MAX) return { before: [{ text: before, changed: before !== after }], after: [{ text: after, changed: before !== after }] };
  const { keptA, keptB } = commonWords(a, b);
  return { before: join(a, keptA), after: join(b, keptB) };
}

/** Words with the space that follows them, so that joining restores the text. */
function wordsOf(text: string): string[] {
  return text.match(/\s*\S+\s*?(?=\s|$)|\s+$/g) ?? (text === '' ? [] : [text]);
}

/** Longest common subsequence by the classical table; words compare without their spaces. */
function commonWords(a: readonly string[], b: readonly string[]): { keptA: Uint8Array; keptB: Uint8Array } {
  const left = a.map((word) => word.trim());
  const right = b.map((word) => word.trim());
  const width = right.length + 1;
  const lengths = new Uint16Array((left.length + 1) * width);
  const at = (i: number, j: number): number => lengths[i * width + j] ?? 0;
  for (let i = left.length - 1; i >= 0; i--) {
    for (let j = right.length - 1; j >= 0; j--) {
      lengths[i * width + j] = left[i] === right[j] ? at(i + 1, j + 1) + 1 : Math.max(at(i + 1, j), at(i, j + 1));
    }
  }
  const keptA = new Uint8Array(left.length);
  const keptB = new Uint8Array(right.length);
  for (let i = 0, j = 0; i < left.length && j < right.length; ) {
    if (left[i] === right[j]) {
      keptA[i++] = 1;
      keptB[j++] = 1;
    } else if (at(i + 1, j) >= at(i, j + 1)) i++;
    else j++;
  }
  return { keptA, keptB };
}

function join(words: readonly string[], kept: Uint8Array): Piece[] {
  const pieces: { text: string; changed: boolean }[] = [];
  words.forEach((text, index) => {
    const changed = kept[index] === 0;
    const last = pieces.at(-1);
    if (last !== undefined && last.changed === changed) last.text += text;
    else pieces.push({ text, changed });
  });
  return pieces;
}
