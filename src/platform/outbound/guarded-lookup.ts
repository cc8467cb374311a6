/** Finds the addresses of allowed places: a name is resolved once a connection, and every address is checked before one is used. */

import { lookup as lookUp } from 'node:dns/promises';
import { isIP, type LookupFunction } from 'node:net';
import { Fault } from '../../base/index.ts';
import { kindOfAddress } from './addresses.ts';
import type { OutboundEntry } from './allow-list.ts';

/** Answers the addresses of a name; throws when there are none. */
export type Resolve = (host: string) => Promise<readonly string[]>;

const ADDRESSES_MAX = 32;
const RESOLVE_MS_MAX = 5000;

const fromSystem: Resolve = async (host) => (await lookUp(host, { all: true, order: 'verbatim' })).map(({ address }) => address);

export function notAllowed(place: string): Fault {
  return new Fault('outbound-not-allowed', `Mizan calls only places that the operator has allowed, and ${place} is not among them. If it should be, add it to OUTBOUND_ALLOW and start again.`, { place });
}

/** Which addresses a connection to this place may use, and how they are found. */
export interface GuardedLookup {
  readonly lookup: LookupFunction;
  /** Whether the lookup gave this address, or the operator wrote it. */
  readonly isChecked: (address: string | undefined) => boolean;
}

/** A lookup for `node:net` that answers checked addresses of this place, whatever name is asked. Faults: `outbound-private-address`, `outbound-not-resolved`. */
export function guardedLookup(entry: OutboundEntry, resolve: Resolve = fromSystem): GuardedLookup {
  const checked = new Set<string>(entry.literal ? [entry.host] : []);
  const answer = async (all: boolean, callback: Parameters<LookupFunction>[2]): Promise<void> => {
    let addresses: readonly { readonly address: string; readonly family: number }[];
    try {
      addresses = await addressesOf(entry, resolve);
    } catch (error) {
      callback(error as NodeJS.ErrnoException, []);
      return;
    }
    for (const { address } of addresses) checked.add(address);
    const [first] = addresses;
    if (all || first === undefined) callback(null, [...addresses]);
    else callback(null, first.address, first.family);
  };
  return { lookup: (_name, options, callback) => void answer(options.all === true, callback), isChecked: (address) => checked.has(address ?? '') };
}

/** One bad address spoils the answer: a name that mixes good and inner addresses waits for us to try the other one. */
async function addressesOf(entry: OutboundEntry, resolve: Resolve): Promise<readonly { readonly address: string; readonly family: number }[]> {
  const place = `${entry.host}:${entry.port}`;
  let addresses: readonly string[];
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Error('no answer in time')), RESOLVE_MS_MAX);
  });
  try {
    addresses = await Promise.race([resolve(entry.host), late]);
  } catch (error) {
    throw new Fault('outbound-not-resolved', `The name ${entry.host} cannot be resolved. Check the name in OUTBOUND_ALLOW and the name server of this machine.`, { place }, { cause: error });
  } finally {
    clearTimeout(timer);
  }
  if (addresses.length === 0 || addresses.length > ADDRESSES_MAX) throw new Fault('outbound-not-resolved', `The name ${entry.host} leads to ${addresses.length} addresses; 1 to ${ADDRESSES_MAX} are used.`, { place });
  for (const address of addresses) {
    const kind = kindOfAddress(address);
    if (kind === 'public' || (kind === 'private' && entry.inner)) continue;
    throw new Fault(
      'outbound-private-address',
      kind === 'private'
        ? `The name ${entry.host} leads to ${address}, an address of an inner network or of this machine. If that is meant, write private:${place} in OUTBOUND_ALLOW.`
        : `The name ${entry.host} leads to ${address}, an address that is never called by name (metadata service, link-local, multicast, tunnel). Check who answers for this name.`,
      { place, address },
    );
  }
  return addresses.map((address) => ({ address, family: isIP(address) }));
}
