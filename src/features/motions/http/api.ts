/** Motions for programs. */

import { z } from 'zod';
import type { MizanServer } from '../../../platform/http/index.ts';
import { type Motion, type MotionView, ROWS_DEFAULT, ROWS_MAX } from '../model.ts';
import { encodeListKey } from '../rules/list-key.ts';
import { byId, cursorOf, filterOf, listQuery, type MotionRouteParts, viewOr404 } from './pages.ts';

const tags = ['motions'];
const loose = z.looseObject({});

export function motionApi(app: MizanServer, { motions }: MotionRouteParts): void {
  app.get('/api/v1/motions', { config: { policy: 'public', api: true }, schema: { tags, summary: 'Motions of the council, latest change first', querystring: listQuery.extend({ limit: z.coerce.number().int().min(1).max(ROWS_MAX).default(ROWS_DEFAULT) }), response: { 200: z.object({ items: z.array(loose), next: z.string().optional() }) } } }, async (request) => {
    const { items, next } = await motions.list(filterOf(request.query), request.query.limit, cursorOf(request.query.after, request.frame.language));
    return { items: items.map(outline), ...(next === undefined ? {} : { next: encodeListKey(next) }) };
  });
  app.get('/api/v1/motions/:id', { config: { policy: 'public', api: true }, schema: { tags, summary: 'One motion: texts, papers with their digests, amendments, history, effect', params: byId, response: { 200: loose } } }, async (request) => whole(await viewOr404(motions, request, request.params.id)));
}

function outline({ moverName: _name, movedBy: _by, jobId: _job, ...motion }: Motion): Record<string, unknown> {
  return { ...motion };
}

function whole({ motion, annexes, amendments, events, rivals, round }: MotionView): Record<string, unknown> {
  return {
    ...outline(motion),
    annexes: annexes.map(({ position, name, source, sha256, bytes, mediaType }) => ({ position, name, source, sha256, bytes, mediaType, href: `/motions/v1/annexes/${sha256}` })),
    amendments: amendments.map(({ id, number, act, paragraph, text, reason, state, supporters, at }) => ({ id, number, act, paragraph, text, reason, state, supporters, at })),
    events,
    rivals: rivals.map(({ id, option }) => ({ id, option })),
    ...(round === undefined ? {} : { round: { stage: round.stage, closesS: round.closesS, outcome: round.outcome ?? null, certified: round.certified } }),
  };
}
