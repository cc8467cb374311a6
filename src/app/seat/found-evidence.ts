/** Proofs of lies that a seat finds in what it holds; each is a text for the log that stands by itself. */

import { parseCheckpoint, parseNote, printNote } from '../../proof/index.ts';
import type { Note } from '../../proof/index.ts';
import { printEvidence } from '../../proof/council/log-texts.ts';
import type { Held } from '../../proof/council/seat.ts';

interface About {
  readonly council: string;
  readonly epoch: number;
}

/** Two texts of one ballot key in one round: two ballots, or two commitments. Reveals prove nothing alone. */
export function doubleTexts(about: About, held: readonly Held[]): readonly { readonly seat: number; readonly text: string }[] {
  const kinds = { ballot: 'double-ballot', commit: 'double-commitment' } as const;
  return (['ballot', 'commit'] as const).flatMap((kind) => {
    const seats = new Set(held.filter((each) => each.kind === kind).map(({ seat }) => seat));
    return [...seats].flatMap((seat) => {
      const [one, other] = held.filter((each) => each.kind === kind && each.seat === seat);
      if (one === undefined || other === undefined) return [];
      return [{ seat, text: printEvidence({ ...about, kind: kinds[kind], seat, exhibits: [one.note, other.note], proof: [] }) }];
    });
  });
}

const onlyLine = (note: Note, name: string): string | undefined => {
  const lines = note.lines.filter((line) => line.name === name);
  return lines.length === 0 ? undefined : printNote({ text: note.text, lines });
};

/** Two heads of one size that the log signed and that have other roots; undefined where they prove nothing. Both notes carry the log's line. */
export function forkedOperator(about: About & { readonly origin: string }, mine: string, theirs: string): string | undefined {
  const [one, other] = [parseNote(mine), parseNote(theirs)];
  if (!one.ok || !other.ok || one.value.text === other.value.text) return undefined;
  const [first, second] = [parseCheckpoint(one.value.text), parseCheckpoint(other.value.text)];
  if (!first.ok || !second.ok || first.value.size !== second.value.size || first.value.origin !== about.origin || second.value.origin !== about.origin) return undefined;
  const exhibits = [onlyLine(one.value, about.origin), onlyLine(other.value, about.origin)];
  const [exhibit, counterpart] = exhibits;
  if (exhibit === undefined || counterpart === undefined) return undefined;
  return printEvidence({ council: about.council, epoch: about.epoch, kind: 'forked-operator', seat: undefined, exhibits: [exhibit, counterpart], proof: [] });
}
