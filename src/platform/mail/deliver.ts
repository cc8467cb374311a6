/** The two ways a mail leaves: to an SMTP server, or into a folder of .eml files where there is none. */

import { randomUUID } from 'node:crypto';
import { mkdir, open, readdir, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import tls from 'node:tls';
import { createTransport } from 'nodemailer';
import { no, type Verdict, yes } from '../../base/index.ts';
import type { SmtpServer } from './settings.ts';

/** The oldest are dropped beyond. */
export const OUTBOX_FILES_MAX = 500;
const CONNECT_MS_MAX = 10_000;
const SILENCE_MS_MAX = 30_000;
/** One mail from the first byte to the last answer. */
const SEND_MS_MAX = 90_000;
const REPLY_BYTES_MAX = 64 * 1024;

export interface Envelope {
  readonly from: string;
  readonly to: string;
  /** Names the file in the outbox: sorts by time, the same at every try. */
  readonly name: string;
}

export interface Delivery {
  readonly way: 'smtp' | 'files';
  /** `host:port`, or the folder. */
  readonly place: string;
  readonly encrypted: SmtpServer['encryption'] | 'none';
  /** Resolves when the other side has taken the mail. Throws DeliveryFailure. */
  deliver(envelope: Envelope, message: Buffer, signal: AbortSignal): Promise<void>;
  /** Connects, encrypts and signs in without sending; the refusal is a short reason. */
  check(): Promise<Verdict<true>>;
}

/** `why` holds codes only: what servers write around them may name people. */
export class DeliveryFailure extends Error {
  /** The server will never take this mail. */
  readonly final: boolean;
  readonly why: string;
  constructor(final: boolean, why: string, cause: unknown) {
    super(`not delivered: ${why}`, { cause });
    this.name = 'DeliveryFailure';
    this.final = final;
    this.why = why;
  }
}

interface SmtpError extends Error {
  readonly code?: string;
  readonly responseCode?: number;
  readonly response?: string;
}

/** `authorities` are believed besides those that Node knows; `greeting` is the name this machine gives itself. */
export function smtpDelivery(server: SmtpServer, options: { readonly authorities?: readonly string[]; readonly greeting: string }): Delivery {
  const { host, port, encryption, login } = server;
  const authorities = options.authorities === undefined ? {} : { ca: [...tls.getCACertificates('default'), ...options.authorities] };
  const transport = createTransport({
    host,
    port,
    secure: encryption === 'tls',
    requireTLS: encryption === 'starttls',
    // Whoever may do without encryption gets no more by a certificate nobody checks, and no less.
    tls: { ...authorities, rejectUnauthorized: encryption !== 'optional' },
    ...(login === undefined ? {} : { auth: { user: login.user, pass: login.password } }),
    name: options.greeting,
    connectionTimeout: CONNECT_MS_MAX,
    greetingTimeout: CONNECT_MS_MAX,
    dnsTimeout: CONNECT_MS_MAX,
    socketTimeout: SILENCE_MS_MAX,
    maxResponseSize: REPLY_BYTES_MAX,
    disableFileAccess: true,
    disableUrlAccess: true,
    logger: false,
  });
  return {
    way: 'smtp',
    place: `${host.includes(':') ? `[${host}]` : host}:${port}`,
    encrypted: encryption,
    deliver: async ({ from, to }, message, signal) => {
      try {
        await transport.sendMail({ envelope: { from, to: [to] }, raw: message, signal: AbortSignal.any([signal, AbortSignal.timeout(SEND_MS_MAX)]) });
      } catch (error) {
        throw failureOf(error as SmtpError);
      }
    },
    check: async () => {
      try {
        await transport.verify();
        return yes(true);
      } catch (error) {
        return no(failureOf(error as SmtpError).why);
      }
    },
  };
}

/** A 5xx about sender, recipient or content is final. Everything else may pass: a wrong password and a bad certificate are mended by the operator. */
function failureOf(error: SmtpError): DeliveryFailure {
  const status = error.responseCode ?? 0;
  const enhanced = /^\d{3}[ -](\d\.\d{1,3}\.\d{1,3})\b/.exec(error.response ?? '')?.[1];
  const cause = (error.cause as NodeJS.ErrnoException | undefined)?.code;
  const why = [error.code ?? 'unknown', status === 0 ? undefined : String(status), enhanced, cause].filter((part) => part !== undefined).join(' ');
  return new DeliveryFailure(status >= 500 && (error.code === 'EENVELOPE' || error.code === 'EMESSAGE'), why, error);
}

/** Whole messages as files that any mail program opens, for their owner alone. */
export function fileDelivery(folder: string, filesMax = OUTBOX_FILES_MAX): Delivery {
  const prepare = async (): Promise<void> => void (await mkdir(folder, { recursive: true, mode: 0o700 }));
  return {
    way: 'files',
    place: folder,
    encrypted: 'none',
    deliver: async ({ name }, message) => {
      const partial = join(folder, `.${randomUUID()}`);
      try {
        await prepare();
        const file = await open(partial, 'wx', 0o600);
        try {
          await file.writeFile(message);
          await file.sync();
        } finally {
          await file.close();
        }
        await rename(partial, join(folder, `${name}.eml`));
        await dropOldest(folder, filesMax);
      } catch (error) {
        await rm(partial, { force: true }).catch(() => undefined);
        throw new DeliveryFailure(false, `outbox ${(error as NodeJS.ErrnoException).code ?? 'unknown'}`, error);
      }
    },
    check: async () => {
      try {
        await prepare();
        return yes(true);
      } catch (error) {
        return no(`outbox ${(error as NodeJS.ErrnoException).code ?? 'unknown'}`);
      }
    },
  };
}

async function dropOldest(folder: string, filesMax: number): Promise<void> {
  const names = (await readdir(folder)).filter((name) => name.endsWith('.eml')).sort();
  for (const name of names.slice(0, Math.max(0, names.length - filesMax))) await rm(join(folder, name), { force: true });
}
