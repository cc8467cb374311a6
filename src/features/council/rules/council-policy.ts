/** What verifiers of this log need to know of a council: its seats, the witnesses outside, and how many of each make a head final (C2SP tlog-policy). */

import { KEY_TYPES, parseVkey, type Policy, type PolicyLog, type PolicyWitness, type VerifierKey } from '../../../proof/index.ts';
import { nodeSuite as suite } from '../../../proof/node-suite.ts';
import { printSeat } from '../../../proof/council/lines.ts';
import type { Roll } from '../../../proof/council/roll-text.ts';

function keyOf(vkey: string): VerifierKey | undefined {
  const parsed = parseVkey(suite, vkey);
  return parsed.ok && parsed.value.type === KEY_TYPES.cosignature ? parsed.value : undefined;
}

/** `given` names the addresses of outside witnesses; a roll has none. Undefined where the roll's keys cannot be read. */
export function councilPolicy(roll: Roll, quorum: number, log: PolicyLog, given: readonly PolicyWitness[]): Policy | undefined {
  const seats = roll.seats.map(({ seat, cosign }) => ({ name: `seat${printSeat(seat)}`, key: keyOf(cosign) }));
  const outside = roll.outside.keys.map((vkey, at) => {
    const key = keyOf(vkey);
    const known = given.find((witness) => witness.key.name === key?.name && witness.key.id === key?.id);
    return { name: `outside${at + 1}`, key, ...(known?.url === undefined ? {} : { url: known.url }) };
  });
  const witnesses = [...seats, ...outside].flatMap(({ key, ...rest }): PolicyWitness[] => (key === undefined ? [] : [{ ...rest, key }]));
  if (witnesses.length !== seats.length + outside.length) return undefined;
  return {
    logs: [log],
    witnesses,
    groups: [
      { name: 'seats', threshold: quorum, members: seats.map(({ name }) => name) },
      { name: 'outside', threshold: roll.outside.needed, members: outside.map(({ name }) => name) },
      { name: 'council', threshold: 2, members: ['seats', 'outside'] },
    ],
    quorum: 'council',
  };
}
