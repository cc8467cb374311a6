/** Where mails go and whom they come from, as an operator writes it: SMTP_URL, SMTP_CA_FILE, MAIL_FROM; and what an address is. */

import { X509Certificate } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { isIP } from 'node:net';
import { Fault, no, type Verdict, yes } from '../../base/index.ts';

/** RFC 5321 §4.5.3.1: a path has at most 256 characters with its brackets. */
export const ADDRESS_LENGTH_MAX = 254;
const LOCAL_PART_LENGTH_MAX = 64;
const SENDER_NAME_LENGTH_MAX = 100;
const AUTHORITIES_BYTES_MAX = 1024 * 1024;
const LOOPBACK = new Set(['localhost', '127.0.0.1', '::1']);

export interface SmtpServer {
  readonly host: string;
  readonly port: number;
  /** `tls`: from the first byte. `starttls`: before anything is said, or nothing is sent. `optional`: where it is offered, and by any certificate. */
  readonly encryption: 'tls' | 'starttls' | 'optional';
  readonly login: { readonly user: string; readonly password: string } | undefined;
}

export interface Sender {
  /** Undefined: the theme's name in the language of the reader. */
  readonly name: string | undefined;
  readonly address: string;
}

const SMTP_EXAMPLE = 'for example smtps://mizan:password@mail.example:465 or smtp://mail.example:587';

/**
 * Reads `SMTP_URL`. `smtps://` speaks TLS from the start (port 465), `smtp://` demands STARTTLS (port 587); only a server on this machine, or
 * one marked `?insecure=yes`, may do without. The refusal is a sentence for the operator and never repeats the address: it may hold a password.
 */
export function parseSmtpUrl(text: string): Verdict<SmtpServer> {
  const url = URL.parse(text);
  if (url === null || (url.protocol !== 'smtp:' && url.protocol !== 'smtps:') || url.hostname === '') return no(`SMTP_URL is not the address of a mail server; set ${SMTP_EXAMPLE}. Write signs like @ : / % in a password as %40 %3A %2F %25.`);
  if ((url.pathname !== '' && url.pathname !== '/') || url.hash !== '') return no(`SMTP_URL holds more than a server; leave out what follows the port. Set ${SMTP_EXAMPLE}.`);
  const insecure = url.searchParams.get('insecure');
  if ([...url.searchParams.keys()].some((key) => key !== 'insecure') || (insecure !== null && insecure !== 'yes')) return no('SMTP_URL knows one option only: ?insecure=yes, for a mail server without TLS in a closed network.');
  const bracketed = URL.parse(`http://${url.hostname}`)?.hostname;
  const host = bracketed?.replaceAll(/^\[|\]$/g, '');
  if (host === undefined || (isIP(host) === 0 && !/^[a-z0-9_]([a-z0-9_.-]*[a-z0-9])?$/.test(host))) return no(`SMTP_URL names no host; set ${SMTP_EXAMPLE}.`);
  if (insecure !== null && url.protocol === 'smtps:') return no('SMTP_URL begins with smtps:// and says ?insecure=yes. Leave one of them out.');
  let login: SmtpServer['login'];
  try {
    login = url.username === '' && url.password === '' ? undefined : { user: decodeURIComponent(url.username), password: decodeURIComponent(url.password) };
  } catch {
    return no('SMTP_URL has a user or password with a % that is no escape; write it as %25.');
  }
  if (login !== undefined && (login.user === '' || login.password === '')) return no('SMTP_URL has a user without a password, or a password without a user. Give both or none.');
  if (url.port === '0') return no(`SMTP_URL has the port 0; set ${SMTP_EXAMPLE}.`);
  if (url.protocol === 'smtps:') return yes({ host, port: Number(url.port || 465), encryption: 'tls', login });
  return yes({ host, port: Number(url.port || 587), encryption: insecure === 'yes' || LOOPBACK.has(host) ? 'optional' : 'starttls', login });
}

/**
 * One mail address in the form in which it is stored and compared: the domain in lower case and ASCII, the part before @ as written. No names, no
 * comments, no quotes, no lists, no line ends, and neither % nor !, by which old mail servers send a letter on to another host: what passes can
 * stand in a header and in a command to a mail server as it is.
 */
export function mailAddress(text: string): Verdict<string, 'bad-mail-address'> {
  const parts = /^([A-Za-z0-9#$&'*+/=?^_`{|}~-]+(?:\.[A-Za-z0-9#$&'*+/=?^_`{|}~-]+)*)@([^\s@:/?#[\]\\%]+)$/.exec(text.trim());
  const [, local = '', name = ''] = parts ?? [];
  const domain = URL.parse(`http://${name}`)?.hostname ?? '';
  const good = parts !== null && local.length <= LOCAL_PART_LENGTH_MAX && isIP(domain) === 0 && /^(?=.{1,253}$)([a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?$|^localhost$/.test(domain);
  return good && local.length + domain.length < ADDRESS_LENGTH_MAX ? yes(`${local}@${domain}`) : no('bad-mail-address');
}

/** Reads `MAIL_FROM`: an address, or a name with the address in angle brackets. */
export function parseMailFrom(text: string): Verdict<Sender> {
  const named = /^\s*"?([^"<>]*?)"?\s*<([^<>]+)>\s*$/.exec(text);
  const address = mailAddress(named?.[2] ?? text);
  const name = oneLine(named?.[1] ?? '', SENDER_NAME_LENGTH_MAX);
  if (!address.ok) return no('MAIL_FROM is not a mail address; set for example MAIL_FROM=register@ministry.example or MAIL_FROM="AI register <register@ministry.example>".');
  return yes({ name: name === '' ? undefined : name, address: address.value });
}

/** The certificates of the file that `SMTP_CA_FILE` names, in PEM. Fault `mail-authorities-not-read`. */
export function readAuthorities(path: string): readonly string[] {
  const told = `SMTP_CA_FILE names ${path}. It must be a file of certificates in PEM (-----BEGIN CERTIFICATE-----) of at most ${AUTHORITIES_BYTES_MAX} bytes.`;
  try {
    const found = readFileSync(path, 'utf8').slice(0, AUTHORITIES_BYTES_MAX).match(/-----BEGIN CERTIFICATE-----[^-]+-----END CERTIFICATE-----/g) ?? [];
    if (found.length === 0) throw new Fault('mail-authorities-not-read', told, { path });
    for (const pem of found) new X509Certificate(pem).fingerprint256.trim();
    return found;
  } catch (error) {
    if (error instanceof Fault) throw error;
    throw new Fault('mail-authorities-not-read', told, { path }, { cause: error });
  }
}

/** Without control characters, line ends and signs that turn the direction of writing; cut at `lengthMax` characters. Nothing that comes out can begin a header of its own. */
export function oneLine(text: string, lengthMax: number): string {
  // oxlint-disable-next-line no-control-regex -- control characters are what is removed
  const clean = text.toWellFormed().normalize('NFC').replaceAll(/[\u0000-\u001F\u007F-\u009F\u2028\u2029\u200E\u200F\u202A-\u202E\u2066-\u2069\uFEFF]+/g, ' ').replaceAll(/ {2,}/g, ' ').trim();
  const characters = Array.from(clean);
  return characters.length <= lengthMax ? clean : `${characters.slice(0, lengthMax - 1).join('')}…`;
}
