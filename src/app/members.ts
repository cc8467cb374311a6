/** What the register of members needs from features it does not know: the log. */

import type { Ledger } from '../features/ledger/index.ts';
import type { MembersParts } from '../features/members/index.ts';
import type { Clock } from '../platform/clock/index.ts';

export function recordMembers(ledger: Pick<Ledger, 'record'>, clock: Clock): NonNullable<MembersParts['record']> {
  return async (tx, { act, body, secret }) => ledger.record(tx, { kind: 'members.act', at: clock.now(), body: { act, ...body }, ...(secret === undefined ? {} : { private: secret }) });
}
