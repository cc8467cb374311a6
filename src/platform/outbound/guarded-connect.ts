/** Opens connections to allowed places only: the name is resolved once, every address is checked, and no other address is used. */

import { buildConnector } from 'undici';
import { entryFor, type OutboundEntry } from './allow-list.ts';
import { CONNECT_MS_MAX } from './call.ts';
import { guardedLookup, notAllowed, type Resolve } from './guarded-lookup.ts';

export interface ConnectOptions {
  readonly entries: readonly OutboundEntry[];
  readonly resolve?: Resolve;
  /** Certificates of authorities in PEM, besides those that Node knows. */
  readonly authorities?: readonly string[];
}

/** A connector for an undici Agent. Faults: `outbound-not-allowed`, `outbound-private-address`, `outbound-not-resolved`. */
export function guardedConnector({ entries, resolve, authorities }: ConnectOptions): buildConnector.connector {
  const connectors = new Map(entries.map((entry) => [entry, connectorOf(entry, resolve, authorities)]));
  return (options, callback) => {
    const host = options.hostname.includes(':') && !options.hostname.startsWith('[') ? `[${options.hostname}]` : options.hostname;
    const url = URL.parse(`${options.protocol}//${host}${options.port === '' ? '' : `:${options.port}`}`);
    const connect = url === null ? undefined : connectors.get(entryFor(entries, url) as OutboundEntry);
    if (connect === undefined) callback(notAllowed(`${options.hostname}:${options.port}`), null);
    else connect(options, callback);
  };
}

function connectorOf(entry: OutboundEntry, resolve: Resolve | undefined, authorities: readonly string[] | undefined): buildConnector.connector {
  const { lookup, isChecked } = guardedLookup(entry, resolve);
  const connect = buildConnector({ lookup, timeout: CONNECT_MS_MAX, allowH2: false, ...(authorities === undefined ? {} : { ca: [...authorities] }) });
  return (options, callback) =>
    connect(options, (...[error, socket]) => {
      if (error !== null) return callback(error, null);
      // The lookup above is the only way to an address; should a library ever find another, this ends it before a byte is sent.
      if (isChecked(socket.remoteAddress)) return callback(null, socket);
      socket.destroy();
      return callback(notAllowed(`${entry.host}:${entry.port}`), null);
    });
}
