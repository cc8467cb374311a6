/** Finds the declared name a mistyped one was probably meant to be. */

const NAME_LENGTH_COMPARED_MAX = 80;

/** The closest of `names` within a third of the length of `wrong`, or undefined. Ties go to the first. */
export function nearestName(wrong: string, names: Iterable<string>): string | undefined {
  const target = wrong.slice(0, NAME_LENGTH_COMPARED_MAX).toLowerCase();
  let best: string | undefined;
  let bestDistance = Math.max(2, Math.floor(target.length / 3)) + 1;
  for (const name of names) {
    if (Math.abs(name.length - target.length) >= bestDistance) continue;
    const distance = editDistance(target, name.slice(0, NAME_LENGTH_COMPARED_MAX).toLowerCase(), bestDistance);
    if (distance < bestDistance) {
      best = name;
      bestDistance = distance;
    }
  }
  return best;
}

/** Levenshtein distance, given up (answering `limit`) once it cannot fall below `limit`. */
function editDistance(a: string, b: string, limit: number): number {
  let previous = Array.from({ length: b.length + 1 }, (_, j) => j);
  for (let i = 1; i <= a.length; i++) {
    const row = [i];
    let least = i;
    for (let j = 1; j <= b.length; j++) {
      const substitute = previous[j - 1]! + (a[i - 1] === b[j - 1] ? 0 : 1);
      const cell = Math.min(substitute, previous[j]! + 1, row[j - 1]! + 1);
      row.push(cell);
      if (cell < least) least = cell;
    }
    if (least >= limit) return limit;
    previous = row;
  }
  return previous[b.length]!;
}

/** ` Did you mean “…”?` or the empty text. */
export function didYouMean(wrong: string, names: Iterable<string>): string {
  const name = nearestName(wrong, names);
  return name === undefined ? '' : ` Did you mean “${name}”?`;
}
