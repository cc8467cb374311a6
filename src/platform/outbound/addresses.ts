/** Which network addresses are the open internet, which belong to an inner network, and which nobody is ever sent to. */

import { BlockList, isIP } from 'node:net';

/**
 * `public`: globally reachable. `private`: this machine and inner networks (RFC 1918, RFC 6598, RFC 4193, loopback).
 * `forbidden`: metadata services of clouds, link-local, multicast, documentation, translation and tunnel prefixes, and what is no address.
 */
export type AddressKind = 'public' | 'private' | 'forbidden';

/** IANA Special-Purpose Address Registries (IPv4, IPv6), as of 2026. */
const PRIVATE_V4 = ['10.0.0.0/8', '100.64.0.0/10', '127.0.0.0/8', '172.16.0.0/12', '192.168.0.0/16'];
const FORBIDDEN_V4 = ['0.0.0.0/8', '169.254.0.0/16', '192.0.0.0/24', '192.0.2.0/24', '192.88.99.0/24', '198.18.0.0/15', '198.51.100.0/24', '203.0.113.0/24', '224.0.0.0/4', '240.0.0.0/4'];
/** Metadata services outside the link-local range: they hand out keys of the machine. */
const METADATA_V4 = ['100.100.100.200', '168.63.129.16'];
const PRIVATE_V6 = ['::1/128', 'fc00::/7'];
const METADATA_V6 = ['fd00:ec2::254', 'fd20:ce::254'];
/** Inside the range of global addresses, and not global: Teredo and other protocols, documentation, 6to4. */
const FORBIDDEN_IN_GLOBAL_V6 = ['2001::/23', '2001:db8::/32', '2002::/16', '3fff::/20'];
/** All of IPv6 that is given out for global use; what lies outside (mapped IPv4, NAT64, link-local, multicast) is refused without a list. */
const GLOBAL_V6 = ['2000::/3'];

const privateV4 = listOf('ipv4', PRIVATE_V4);
const forbiddenV4 = listOf('ipv4', [...FORBIDDEN_V4, ...METADATA_V4.map((address) => `${address}/32`)]);
const privateV6 = listOf('ipv6', PRIVATE_V6);
const forbiddenV6 = listOf('ipv6', [...FORBIDDEN_IN_GLOBAL_V6, ...METADATA_V6.map((address) => `${address}/128`)]);
const globalV6 = listOf('ipv6', GLOBAL_V6);

function listOf(family: 'ipv4' | 'ipv6', ranges: readonly string[]): BlockList {
  const list = new BlockList();
  for (const range of ranges) {
    const [network = '', bits = ''] = range.split('/');
    list.addSubnet(network, Number(bits), family);
  }
  return list;
}

/** The kind of an address in its usual spelling, as a resolver answers it. Anything else (a zone, a decimal or octal spelling, a name) is forbidden. */
export function kindOfAddress(address: string): AddressKind {
  const family = isIP(address);
  if (family === 4) {
    if (forbiddenV4.check(address, 'ipv4')) return 'forbidden';
    return privateV4.check(address, 'ipv4') ? 'private' : 'public';
  }
  if (family !== 6 || address.includes('%') || address.includes('.')) return 'forbidden';
  if (forbiddenV6.check(address, 'ipv6')) return 'forbidden';
  if (privateV6.check(address, 'ipv6')) return 'private';
  return globalV6.check(address, 'ipv6') ? 'public' : 'forbidden';
}
