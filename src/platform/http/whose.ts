/** Who an act is signed by, and what a reader may do with what belongs to one organisation. */

import type { FastifyRequest } from 'fastify';
import type { PageContext } from '../html/page.tsx';

/** The frame of a page about something of one organisation (undefined: the regulator's): buttons show only what the reader may do there. */
export function frameIn(request: FastifyRequest, organisation: string | undefined): PageContext {
  return { ...request.frame, may: (policy) => request.mayIn(policy, organisation) };
}

/** A signed-in person signs with their own name whatever was typed; a name is typed on the command line of the machine only. */
export function authorOf(request: FastifyRequest, typed: string): string {
  return request.caller.name ?? typed;
}
