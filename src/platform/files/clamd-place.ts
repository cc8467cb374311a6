/** Where a virus scanner listens, as the setting CLAMD names it. */

import { no, type Verdict, yes } from '../../base/index.ts';

export type ClamdPlace = { readonly path: string } | { readonly host: string; readonly port: number };

const PORT_MAX = 65_535;

/** `127.0.0.1:3310`, `[::1]:3310`, or the path of a socket that begins with a slash. */
export function parseClamd(text: string): Verdict<ClamdPlace> {
  if (text.startsWith('/')) return yes({ path: text });
  const [, host = '', digits = ''] = /^(\[[0-9a-fA-F:]+\]|[A-Za-z0-9.-]+):(\d{1,5})$/.exec(text) ?? [];
  const port = Number(digits);
  if (host === '' || port < 1 || port > PORT_MAX) return no(`CLAMD is "${text}"; set host:port or the path of a socket, for example CLAMD=127.0.0.1:3310 or CLAMD=/run/clamav/clamd.ctl.`);
  return yes({ host: host.replaceAll(/[[\]]/g, ''), port });
}
