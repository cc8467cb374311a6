/** Counts the requests that are being answered, and refuses those beyond a number before they cost anything: a wait without end helps nobody. */

import type { FastifyReply, FastifyRequest } from 'fastify';

/** Owner of the count. Call the answer once a request, before anything that costs; it throws 503 `busy` when `max()` requests are under way. */
export function countAtOnce(max: () => number, isExempt: (request: FastifyRequest) => boolean): (request: FastifyRequest, reply: FastifyReply) => void {
  let underWay = 0;
  return (request, reply) => {
    if (isExempt(request)) return;
    if (underWay >= max()) throw Object.assign(new Error('busy'), { statusCode: 503, code: 'busy' });
    underWay += 1;
    let isOver = false;
    const leave = (): void => {
      if (isOver) return;
      isOver = true;
      underWay -= 1;
    };
    // A reader who goes away ends the answer without finishing it.
    reply.raw.once('finish', leave);
    reply.raw.once('close', leave);
  };
}
