/** Configuration from the environment, parsed and checked once at start. */

import { isIP } from 'node:net';
import { resolve } from 'node:path';
import { no, type Verdict, yes } from '../../base/index.ts';
import { type ClamdPlace, parseClamd } from '../files/clamd-place.ts';
import { parseThemeHosts, type ThemeHosts } from '../html/themes/host-names.ts';
import { type LogFile, readLogFile } from '../log/log-file.ts';
import { parseMailFrom, parseSmtpUrl, type Sender, type SmtpServer } from '../mail/settings.ts';
import { type OutboundEntry, parseOutboundAllow } from '../outbound/allow-list.ts';
import { settingsFromFiles } from '../secrets/settings.ts';

export interface Config {
  readonly host: string;
  readonly port: number;
  /** Absolute path of the data folder: embedded database, attachments, lock. */
  readonly dataDir: string;
  /** PostgreSQL ≥ 15; undefined means the embedded database in `dataDir`. */
  readonly databaseUrl: string | undefined;
  readonly logLevel: 'fatal' | 'error' | 'warn' | 'info' | 'debug' | 'silent';
  /** Folder name under themes/. */
  readonly theme: string;
  /** Host name → theme, for hosts that are answered in another one. */
  readonly themeHosts: ThemeHosts;
  readonly uploadBytesMax: number;
  /** The address under which people know the register, without a slash at the end; undefined on a machine of one's own. */
  readonly publicUrl: string | undefined;
  /** Names that requests may come in under, besides those of this machine: the host of PUBLIC_URL and those of THEME_HOSTS. */
  readonly hosts: readonly string[];
  /** Addresses or ranges of reverse proxies whose X-Forwarded headers are believed. */
  readonly trustedProxies: readonly string[];
  /** Undefined: mails become files in DATA_DIR/outbox. */
  readonly smtp: SmtpServer | undefined;
  readonly mailFrom: Sender | undefined;
  /** A file of certificates of the authority that signed the mail server's. */
  readonly smtpAuthoritiesFile: string | undefined;
  /** The only places that may be called; none when empty. */
  readonly outboundAllow: readonly OutboundEntry[];
  /** Where weaknesses are reported, as an address of a mail, a page or a telephone; undefined: the contact of the theme. */
  readonly securityContact: string | undefined;
  /** Undefined: uploads are judged by Mizan alone. */
  readonly clamd: ClamdPlace | undefined;
  /** Name of the transparency log; undefined: the one it has, or one of its own. */
  readonly logOrigin: string | undefined;
  /** A tlog-policy file of the witnesses that are asked to cosign, and their quorum. */
  readonly logPolicyFile: string | undefined;
  /** A tlog-policy file of the logs that this platform witnesses. */
  readonly logWitnessedFile: string | undefined;
  /** The constitution that a council is founded with here; undefined: the council of 33. */
  readonly councilConstitutionFile: string | undefined;
  /** Undefined: the log goes to the standard error output. */
  readonly logFile: LogFile | undefined;
}

export interface ConfigProblem {
  readonly variable: string;
  readonly message: string;
}

const LOG_LEVELS = ['fatal', 'error', 'warn', 'info', 'debug', 'silent'] as const;
const LOOPBACK_HOSTS = new Set(['127.0.0.1', '::1', 'localhost']);
const UPLOAD_MEGABYTES_DEFAULT = 256;
const UPLOAD_MEGABYTES_MAX = 4096;
const TRUSTED_PROXIES_MAX = 50;

/** Reads every setting of docs/guide/operate/settings.md. Every problem is told at once, each with what to set. */
export function readConfig(given: Readonly<Record<string, string | undefined>>): Verdict<Config, readonly ConfigProblem[]> {
  // `PORT=` in a service file means that nothing is set.
  const set = Object.fromEntries(Object.entries(given).filter(([, value]) => value !== '')) as Readonly<Record<string, string | undefined>>;
  const problems: ConfigProblem[] = [];
  const tell = (variable: string, message: string): void => void problems.push({ variable, message });
  // What holds a password may stand in a file instead.
  const filled = settingsFromFiles(set, ['DATABASE_URL', 'SMTP_URL']);
  if (!filled.ok) problems.push(...filled.refusal);
  const environment = filled.ok ? filled.value : set;

  const port = Number(environment['PORT'] ?? '8080');
  if (!Number.isInteger(port) || port < 0 || port > 65_535) {
    tell('PORT', `PORT is "${environment['PORT']}"; set a whole number from 0 to 65535, for example PORT=8080.`);
  }
  const host = environment['HOST'] ?? '127.0.0.1';
  const publicUrl = environment['PUBLIC_URL']?.replace(/\/+$/, '');
  const publicHost = hostOf(publicUrl);
  if (publicUrl !== undefined && publicHost === undefined) {
    tell('PUBLIC_URL', `PUBLIC_URL is "${publicUrl}"; set the address people type, without a path, for example PUBLIC_URL=https://register.example.`);
  }
  if (!LOOPBACK_HOSTS.has(host) && environment['ALLOW_HTTP'] !== 'yes' && publicUrl?.startsWith('https://') !== true) {
    tell('HOST', `HOST is "${host}", so others can reach this server, and passwords must not travel in the clear. Put a proxy with TLS in front and set PUBLIC_URL=https://…; in a closed network for a trial set ALLOW_HTTP=yes.`);
  }
  const trustedProxies = (environment['TRUSTED_PROXIES'] ?? '').split(',').map((one) => one.trim()).filter((one) => one !== '');
  const strange = trustedProxies.find((one) => !isAddressRange(one));
  if (strange !== undefined || trustedProxies.length > TRUSTED_PROXIES_MAX) {
    tell('TRUSTED_PROXIES', `TRUSTED_PROXIES holds "${strange ?? 'too many entries'}"; list at most ${TRUSTED_PROXIES_MAX} addresses or ranges, for example TRUSTED_PROXIES=127.0.0.1,10.0.0.0/8.`);
  }
  const databaseUrl = environment['DATABASE_URL'];
  if (databaseUrl !== undefined && !/^postgres(ql)?:\/\//.test(databaseUrl)) {
    tell('DATABASE_URL', 'DATABASE_URL must begin with postgres:// or postgresql://, for example postgres://mizan@localhost:5432/mizan. Leave it out for the embedded database.');
  }
  const logLevel = environment['LOG_LEVEL'] ?? 'info';
  if (!(LOG_LEVELS as readonly string[]).includes(logLevel)) {
    tell('LOG_LEVEL', `LOG_LEVEL is "${logLevel}"; set one of ${LOG_LEVELS.join(', ')}.`);
  }
  const theme = environment['THEME'] ?? 'neutral';
  if (!/^[a-z][a-z0-9-]{0,40}$/.test(theme)) {
    tell('THEME', `THEME is "${theme}"; set the name of a folder under themes/, for example THEME=neutral.`);
  }
  const themeHosts = parseThemeHosts(environment['THEME_HOSTS'] ?? '');
  if (!themeHosts.ok) tell('THEME_HOSTS', themeHosts.refusal);
  const uploadMegabytes = Number(environment['UPLOAD_MAX_MB'] ?? UPLOAD_MEGABYTES_DEFAULT);
  if (!Number.isInteger(uploadMegabytes) || uploadMegabytes < 1 || uploadMegabytes > UPLOAD_MEGABYTES_MAX) {
    tell('UPLOAD_MAX_MB', `UPLOAD_MAX_MB is "${environment['UPLOAD_MAX_MB']}"; set whole megabytes from 1 to ${UPLOAD_MEGABYTES_MAX}.`);
  }
  const smtp = environment['SMTP_URL'] === undefined ? undefined : parseSmtpUrl(environment['SMTP_URL']);
  if (smtp?.ok === false) tell('SMTP_URL', smtp.refusal);
  const mailFrom = environment['MAIL_FROM'] === undefined ? undefined : parseMailFrom(environment['MAIL_FROM']);
  if (mailFrom?.ok === false) tell('MAIL_FROM', mailFrom.refusal);
  if (smtp !== undefined && mailFrom === undefined) tell('MAIL_FROM', 'SMTP_URL is set, so mails need a sender that the mail server takes: set MAIL_FROM, for example MAIL_FROM=register@example.org.');
  const outboundAllow = parseOutboundAllow(environment['OUTBOUND_ALLOW'] ?? '');
  if (!outboundAllow.ok) tell('OUTBOUND_ALLOW', outboundAllow.refusal);
  const securityContact = readContact(environment['SECURITY_CONTACT']);
  if (securityContact === null) tell('SECURITY_CONTACT', `SECURITY_CONTACT is "${environment['SECURITY_CONTACT']}"; set where weaknesses are reported, for example SECURITY_CONTACT=mailto:security@register.example or an https:// page.`);
  const clamd = environment['CLAMD'] === undefined ? undefined : parseClamd(environment['CLAMD']);
  if (clamd?.ok === false) tell('CLAMD', clamd.refusal);
  const logOrigin = environment['LOG_ORIGIN'];
  if (logOrigin !== undefined && !/^[^\s+]{1,200}$/u.test(logOrigin)) tell('LOG_ORIGIN', `LOG_ORIGIN is "${logOrigin}"; set a name without spaces and without +, best the address of the log without https://, for example LOG_ORIGIN=register.example/log.`);
  const logFile = readLogFile(environment);
  if (!logFile.ok) problems.push(...logFile.refusal);
  if (problems.length > 0) return no(problems);
  return yes({
    host,
    port,
    dataDir: resolve(environment['DATA_DIR'] ?? './data'),
    databaseUrl,
    logLevel: logLevel as Config['logLevel'],
    theme,
    themeHosts: themeHosts.ok ? themeHosts.value : new Map(),
    uploadBytesMax: uploadMegabytes * 1024 * 1024,
    publicUrl,
    hosts: [...new Set([...(publicHost === undefined ? [] : [publicHost]), ...(themeHosts.ok ? themeHosts.value.keys() : [])])],
    trustedProxies,
    smtp: smtp?.ok === true ? smtp.value : undefined,
    mailFrom: mailFrom?.ok === true ? mailFrom.value : undefined,
    smtpAuthoritiesFile: environment['SMTP_CA_FILE'],
    securityContact: securityContact ?? undefined,
    clamd: clamd?.ok === true ? clamd.value : undefined,
    outboundAllow: outboundAllow.ok ? outboundAllow.value : [],
    councilConstitutionFile: environment['COUNCIL_CONSTITUTION'] === undefined ? undefined : resolve(environment['COUNCIL_CONSTITUTION']),
    logOrigin,
    logPolicyFile: environment['LOG_POLICY'],
    logWitnessedFile: environment['LOG_WITNESSED'],
    logFile: logFile.ok ? logFile.value : undefined,
  });
}

const CONTACT_LENGTH_MAX = 300;

/** RFC 9116 wants an address with its scheme; a bare mail address gets one. Null when it is none, undefined when nothing is set. */
function readContact(text: string | undefined): string | null | undefined {
  if (text === undefined) return undefined;
  const contact = /^[^\s@:/]+@[^\s@:/]+$/.test(text) ? `mailto:${text}` : text;
  return contact.length <= CONTACT_LENGTH_MAX && /^(?:mailto:[^\s@]+@[^\s@]+|https:\/\/\S+|tel:\+[\d-]+)$/.test(contact) ? contact : null;
}

/** The host of an address without path, in lower case; undefined when it is not one. */
function hostOf(text: string | undefined): string | undefined {
  if (text === undefined || !URL.canParse(text)) return undefined;
  const { protocol, hostname, pathname, search, hash, username } = new URL(text);
  return /^https?:$/.test(protocol) && pathname === '/' && search === '' && hash === '' && username === '' ? hostname : undefined;
}

function isAddressRange(text: string): boolean {
  const [address = '', bits, ...rest] = text.split('/');
  const family = isIP(address);
  return family !== 0 && rest.length === 0 && (bits === undefined || (/^\d{1,3}$/.test(bits) && Number(bits) <= (family === 4 ? 32 : 128)));
}
