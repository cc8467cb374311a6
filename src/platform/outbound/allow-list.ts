/** The list of places that Mizan may call: each entry is one host and port, written by the operator. Empty until somebody writes one. */

import { isIP } from 'node:net';
import { no, type Verdict, yes } from '../../base/index.ts';

export const OUTBOUND_ENTRIES_MAX = 100;
const ENTRY_LENGTH_MAX = 300;

export interface OutboundEntry {
  /** Lower case, international names in their ASCII form, IPv6 without brackets. */
  readonly host: string;
  readonly port: number;
  readonly protocol: 'https:' | 'http:';
  /** The operator said that this name leads into an inner network. */
  readonly inner: boolean;
  /** The host is an address: what the operator typed is called as it is. */
  readonly literal: boolean;
}

/**
 * Reads `OUTBOUND_ALLOW`: entries `host:port` with commas or spaces between, each with `http://` before it when the place has no TLS, and with
 * `private:` before that when the name leads into an inner network. The refusal is a sentence for the operator.
 */
export function parseOutboundAllow(text: string): Verdict<readonly OutboundEntry[]> {
  const words = text.split(/[\s,]+/).filter((word) => word !== '');
  if (words.length > OUTBOUND_ENTRIES_MAX) return no(`OUTBOUND_ALLOW has ${words.length} entries; at most ${OUTBOUND_ENTRIES_MAX} are read.`);
  const entries: OutboundEntry[] = [];
  for (const word of words) {
    const entry = parseEntry(word);
    if (entry === undefined) return no(`OUTBOUND_ALLOW: “${word.slice(0, ENTRY_LENGTH_MAX)}” is not host:port. Write for example login.example:443, http://proxy.example:8080, private:login.ministry.example:443 or [2001:db8::1]:443; no path, no user, no *.`);
    if (entries.some((other) => other.host === entry.host && other.port === entry.port)) return no(`OUTBOUND_ALLOW names ${entry.host}:${entry.port} twice. Keep one.`);
    entries.push(entry);
  }
  return yes(entries);
}

function parseEntry(word: string): OutboundEntry | undefined {
  const parts = /^(private:)?(https?:\/\/)?([^/@?#\s:*%]+|\[[0-9a-fA-F:.]+\]):(\d{1,5})$/.exec(word);
  if (parts === null || word.length > ENTRY_LENGTH_MAX) return undefined;
  const [, inner, scheme = 'https://', name = '', digits = ''] = parts;
  const port = Number(digits);
  if (port < 1 || port > 65_535) return undefined;
  const url = URL.parse(`${scheme}${name}:${digits}`);
  if (url === null) return undefined;
  const host = bareHost(url.hostname);
  // A number in a strange spelling would be allowed as an address nobody meant.
  if (isIP(host) === 4 && host !== name) return undefined;
  if (isIP(host) === 0 && !/^[a-z0-9_]([a-z0-9_.-]*[a-z0-9_])?$/.test(host)) return undefined;
  return { host, port, protocol: scheme === 'http://' ? 'http:' : 'https:', inner: inner !== undefined, literal: isIP(host) !== 0 };
}

/** IPv6 without the brackets of an address line. */
export function bareHost(hostname: string): string {
  return hostname.startsWith('[') ? hostname.slice(1, -1) : hostname;
}

/** The entry that allows calling this place: same scheme, host and port. */
export function entryFor(entries: readonly OutboundEntry[], url: URL): OutboundEntry | undefined {
  const port = url.port === '' ? (url.protocol === 'https:' ? 443 : 80) : Number(url.port);
  const host = bareHost(url.hostname);
  return entries.find((entry) => entry.protocol === url.protocol && entry.host === host && entry.port === port);
}
