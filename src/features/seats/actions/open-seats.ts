/** What the platform does for consoles: the facts of the page, and taking to the log what members sign besides ballots. */

import { no, yes, type Verdict } from '../../../base/index.ts';
import type { Database } from '../../../platform/db/index.ts';
import { addLines, parseNote, printNote, type Note } from '../../../proof/index.ts';
import { nodeSuite as suite } from '../../../proof/node-suite.ts';
import { openStrictly } from '../../../proof/council/admitted-roll.ts';
import { digestOf } from '../../../proof/council/log-state.ts';
import { parseComplaint, parseDissent, parseRecusal, type LanguageDigests } from '../../../proof/council/seat-texts.ts';
import type { OpenCouncil } from '../../council/index.ts';
import { NOTE_CHARS_MAX, type NoteRefusal, type NoteTaken, OPINION_CHARS_MAX, type Seats } from '../model.ts';
import { createNoteStore } from '../store/notes.ts';

export interface SeatsParts {
  readonly database: Pick<Database, 'db'>;
  readonly council: Pick<OpenCouncil, 'submit' | 'standing' | 'constitution' | 'admitted'>;
}

type Texts = Readonly<Record<string, string>>;
type Taken = Verdict<NoteTaken, NoteRefusal>;

/** The texts by digest, where they are exactly those that the note names. */
function textsNamed(named: LanguageDigests, texts: Texts): Texts | undefined {
  const found = named.flatMap(({ language, digest }) => {
    const text = texts[language];
    return text !== undefined && text.length <= OPINION_CHARS_MAX + 1 && digestOf(suite, text) === digest ? [[digest, text] as const] : [];
  });
  return found.length === named.length ? Object.fromEntries(found) : undefined;
}

export function openSeats({ database, council }: SeatsParts): Seats {
  const store = createNoteStore(database);

  async function logged(note: string): Promise<Taken> {
    const written = await council.submit([note]);
    if (!written.ok) return no({ code: 'seats-note-refused', rule: written.refusal.rule ?? written.refusal.code });
    return yes({ state: 'logged', entry: written.value[0] ?? 0 });
  }

  async function demanded(note: Note, epoch: number, named: LanguageDigests, texts: Texts): Promise<Taken> {
    const admitted = await council.admitted();
    if (admitted === undefined) return no({ code: 'seats-not-founded' });
    const opened = openStrictly(suite, printNote(note), admitted.ballots);
    if (!opened.ok || epoch !== admitted.roll.epoch) return no({ code: 'seats-note-signature' });
    const digest = digestOf(suite, note.text);
    if ((await store.demand(digest)) === undefined) {
      const kept = textsNamed(named, texts);
      if (kept === undefined) return no({ code: 'seats-note-text' });
      if (!(await store.putDemand({ digest, text: note.text, epoch }))) return no({ code: 'seats-note-too-many' });
      await store.putTexts(kept);
    }
    for (const [index, { seat }] of opened.value.signed.entries()) await store.putLine(digest, seat, printNote({ text: note.text, lines: note.lines.slice(index, index + 1) }));
    const lines = (await store.demand(digest))?.lines ?? [];
    if (lines.length < council.constitution().minority) return yes({ state: 'waits', count: lines.length });
    const notes = lines.flatMap(({ note: one }) => {
      const read = parseNote(one);
      return read.ok ? read.value.lines : [];
    });
    const answer = await logged(printNote(addLines({ text: note.text, lines: [] }, ...notes)));
    if (answer.ok && answer.value.state === 'logged') await store.settle(digest, { entry: answer.value.entry });
    else if (!answer.ok && answer.refusal.code === 'seats-note-refused') await store.settle(digest, { refusal: answer.refusal.rule });
    return answer;
  }

  return {
    facts: async () => {
      const constitution = council.constitution();
      const { origin, epoch, state } = await council.standing();
      return { council: constitution.council, origin, epoch: Math.max(1, epoch), seats: constitution.seats, constituencies: constitution.constituencies.map(({ name }) => name), isFounded: state !== 'unfounded' };
    },
    take: async (text, texts) => {
      const note = text.length > NOTE_CHARS_MAX ? undefined : parseNote(text);
      if (note?.ok !== true) return no({ code: 'seats-note-form' });
      const complaint = parseComplaint(note.value.text);
      if (complaint.ok) return demanded(note.value, complaint.value.epoch, complaint.value.texts, texts);
      const dissent = parseDissent(note.value.text);
      if (dissent.ok) {
        const kept = textsNamed(dissent.value.texts, texts);
        if (kept === undefined) return no({ code: 'seats-note-text' });
        const answer = await logged(text);
        if (answer.ok) await store.putTexts(kept);
        return answer;
      }
      return parseRecusal(note.value.text).ok ? logged(text) : no({ code: 'seats-note-form' });
    },
    demands: async () => {
      const { epoch } = await council.standing();
      const rows = await store.waiting(epoch);
      return Promise.all(
        rows.map(async ({ digest, text, lines }) => {
          const read = parseComplaint(text);
          const texts = await Promise.all((read.ok ? read.value.texts : []).map(async (one) => [one.language, await store.text(one.digest)] as const));
          return { digest, text, texts: Object.fromEntries(texts.filter((each): each is [string, string] => each[1] !== undefined)), seats: lines.map(({ seat }) => seat) };
        }),
      );
    },
    text: async (digest) => store.text(digest),
  };
}
