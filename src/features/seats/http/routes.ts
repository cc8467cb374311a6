/** Routes of the console: its page under each of its addresses, and the door for what members sign besides ballots. */

import { z } from 'zod';
import { type Assets, type MizanServer, Refused, sendPage } from '../../../platform/http/index.ts';
import type { Language } from '../../../base/index.ts';
import { DEMANDS_WAITING_MAX, NOTE_CHARS_MAX, type NoteRefusal, OPINION_CHARS_MAX, type Seats, VIEWS } from '../model.ts';
import { seatsText } from '../text/index.ts';
import { shellPage } from '../web/shell-page.tsx';

export interface SeatsRouteParts {
  readonly seats: Seats;
  readonly assets: Assets;
}

/** Three texts of an opinion and the note; within what the server takes at all. */
const BODY_BYTES_MAX = 768 * 1024;

function refused(refusal: NoteRefusal, language: Language): Refused {
  const t = seatsText.in(language);
  const { code } = refusal;
  if (code === 'seats-note-refused') return new Refused(code, t('api.note-refused', { rule: refusal.rule }), { status: 422 });
  const key = ({ 'seats-note-form': 'api.note-form', 'seats-note-signature': 'api.note-signature', 'seats-note-text': 'api.note-text', 'seats-note-too-many': 'api.note-too-many', 'seats-not-founded': 'api.not-founded' } as const)[code];
  return new Refused(code, t(key), { status: code === 'seats-not-founded' ? 409 : 422 });
}

export function seatsRoutes(app: MizanServer, { seats, assets }: SeatsRouteParts): void {
  const config = { policy: 'seat.use' as const };
  for (const view of VIEWS) {
    app.get(view === 'standing' ? '/seats' : `/seats/${view}`, { config, schema: { hide: true } }, async (request, reply) => {
      const facts = await seats.facts();
      return sendPage(request, reply.header('cache-control', 'no-store'), (frame) => shellPage(frame, { view, facts, script: assets.island('seat-console') }));
    });
  }
  const language = z.string().regex(/^[a-z]{2,3}$/);
  app.get(
    '/seats/v1/demands',
    { config, schema: { hide: true, response: { 200: z.object({ demands: z.array(z.object({ digest: z.string(), text: z.string(), texts: z.record(language, z.string()), seats: z.array(z.number()) })).max(DEMANDS_WAITING_MAX) }) } } },
    async (_request, reply) => {
      const demands = await seats.demands();
      return reply.header('cache-control', 'no-store').send({ demands: demands.map((each) => ({ ...each, seats: [...each.seats] })) });
    },
  );
  app.post(
    '/seats/v1/notes',
    { config: { policy: 'seat.sign' as const }, bodyLimit: BODY_BYTES_MAX, schema: { hide: true, body: z.object({ note: z.string().min(1).max(NOTE_CHARS_MAX), texts: z.record(language, z.string().max(OPINION_CHARS_MAX + 1)).default({}) }) } },
    async (request, reply) => {
      const taken = await seats.take(request.body.note, request.body.texts);
      if (!taken.ok) throw refused(taken.refusal, request.frame.language);
      return reply.status(taken.value.state === 'logged' ? 201 : 202).send(taken.value);
    },
  );
}
