/** Putting an entry on the register is an act of its own, whatever else somebody may change. */

import type { FastifyRequest } from 'fastify';
import type { PolicyName } from '../../../platform/auth/index.ts';
import { Denied } from '../../../platform/http/index.ts';
import type { Status, SystemEntry } from '../model.ts';

export function demandRegister(request: FastifyRequest, entry: SystemEntry, to: Status): void {
  if (to === 'registered' && !request.mayIn('system.register', entry.organisationId)) throw new Denied('not-permitted', 'system.register');
}

/** How a change of status is named in the record of acts: by what the table of permissions calls it. */
export function moveAsRecorded(request: FastifyRequest): PolicyName {
  return (request.body as { to?: unknown } | undefined)?.to === 'registered' ? 'system.register' : 'system.change';
}
