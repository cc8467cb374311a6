/** Sends mails in the background: queued at once, delivered at least once, tried again for a day while the server says “later”. */

import { randomUUID } from 'node:crypto';
import { join } from 'node:path';
import { Fault, type Instant, type Json, type Language, type Verdict } from '../../base/index.ts';
import { systemScope, within } from '../auth/index.ts';
import type { Clock } from '../clock/index.ts';
import type { Tx } from '../db/index.ts';
import type { MailParts } from '../html/themes/index.ts';
import { type Jobs, type RunningJob, TryLater } from '../jobs/index.ts';
import type { Log } from '../log/index.ts';
import { layOut, type MailBlock, packMail, type ReadyMail } from './compose.ts';
import { type Delivery, DeliveryFailure, fileDelivery, smtpDelivery } from './deliver.ts';
import { mailAddress, oneLine, type Sender, type SmtpServer } from './settings.ts';

const JOB = 'platform.send-mail';
const MINUTE_MS = 60_000;
/** Greylisting asks for minutes, a broken server for hours; after a day the links inside have expired anyway. */
const RETRY_DELAYS_MS = [1, 5, 10, 30, 60, 120, 240, 480, 480].map((minutes) => minutes * MINUTE_MS);
const SENDER_NAME_LENGTH_MAX = 100;
const STATE_JOBS_MAX = 100;

export interface MailRequest {
  /** One address; several readers get a mail each. */
  readonly to: string;
  readonly subject: string;
  readonly language: Language;
  readonly blocks: readonly MailBlock[];
  /** Another theme's parts than the standard ones, for a register with several host names. */
  readonly parts?: MailParts;
}

export interface MailState {
  readonly way: Delivery['way'];
  readonly place: string;
  readonly encrypted: Delivery['encrypted'];
  /** Taken by the other side since this process started. */
  readonly sent: number;
  readonly lastSentAt: Instant | undefined;
  /** Among the latest 100 mails. */
  readonly waiting: number;
  readonly failed: number;
  /** Of this process; codes only. Cleared by the next success. */
  readonly lastFailure: { readonly at: Instant; readonly why: string } | undefined;
}

export interface Mail {
  /**
   * Queues a mail and answers the id of its job; nobody waits for a mail server. With `transaction` it is sent only if that commits; inside
   * a transaction always pass it (the embedded engine has one connection, which would wait for itself).
   * Fault `bad-mail-address`, `mail-link-elsewhere` (a button leads out of the register), `too-many-jobs`.
   */
  send(mail: MailRequest, transaction?: Tx): Promise<string>;
  /** For health, doctor and the page of the administrator. */
  state(): Promise<MailState>;
  /** Connects and signs in without sending; the refusal is a short reason in codes. */
  check: Delivery['check'];
}

export interface MailOptions {
  /** Undefined: files in DATA_DIR/outbox. */
  readonly smtp: SmtpServer | undefined;
  readonly authorities?: readonly string[];
  /** Undefined: no-reply at the host of `publicUrl`, which a real mail server will hardly take. */
  readonly from: Sender | undefined;
  /** The address of the register; undefined on a machine of one's own, where links lead to that machine. */
  readonly publicUrl: string | undefined;
  /** Further addresses of the same register (a theme per host name). */
  readonly otherUrls?: readonly string[];
  readonly dataDir: string;
  /** The standard theme's parts: `(language) => mailPartsOf(theme, language)`. */
  readonly parts: (language: Language) => MailParts;
  readonly jobs: Jobs;
  readonly clock: Clock;
  readonly log: Log;
  /** Pauses between tries; as many tries more as there are pauses. */
  readonly retryDelaysMs?: readonly number[];
}

type Queued = ReadyMail & { readonly [key: string]: Json };

/** Opens the mail room and defines its job; call it before `jobs.begin()`. */
export function openMail(options: MailOptions): Mail {
  const { publicUrl, jobs, clock } = options;
  const host = hostOf(publicUrl);
  const delivery = deliveryOf(options);
  const seen: Seen = { sent: 0, lastSentAt: undefined, lastFailure: undefined };
  jobs.define<Queued>(JOB, async (job) => run(job, delivery, options, seen), { policy: 'public', quick: true, secretInput: true });
  return {
    send: async (request, transaction) => {
      const mail = ready(request, options, host, clock.now());
      const start = async (): Promise<string> => jobs.start(JOB, { ...mail }, transaction);
      // Also somebody who is not signed in may have a mail sent (the link to a new password); a transaction has the rights it was begun with.
      return transaction === undefined ? within(systemScope, start) : start();
    },
    state: async () => {
      const latest = await within(systemScope, async () => jobs.list({ name: JOB, limit: STATE_JOBS_MAX }));
      const { way, place, encrypted } = delivery;
      return { way, place, encrypted, ...seen, waiting: latest.filter(({ state }) => state === 'waiting' || state === 'running').length, failed: latest.filter(({ state }) => state === 'failed').length };
    },
    check: async () => delivery.check(),
  };
}

type Way = Pick<MailOptions, 'smtp' | 'authorities' | 'publicUrl' | 'dataDir'>;

function deliveryOf({ smtp, authorities, publicUrl, dataDir }: Way): Delivery {
  if (smtp === undefined) return fileDelivery(join(dataDir, 'outbox'));
  return smtpDelivery(smtp, { greeting: hostOf(publicUrl), ...(authorities === undefined ? {} : { authorities }) });
}

/** Says whether mails can leave, without the rest of the platform: for doctor. Sends nothing. `place` is a server or a folder. */
export async function checkMail(way: Way): Promise<{ readonly place: string; readonly verdict: Verdict<true> }> {
  const delivery = deliveryOf(way);
  return { place: delivery.place, verdict: await delivery.check() };
}

/** What this process has seen of the other side. Mutable; owner: `run` below. */
interface Seen {
  sent: number;
  lastSentAt: Instant | undefined;
  lastFailure: MailState['lastFailure'];
}

function ready(request: MailRequest, options: MailOptions, host: string, at: Instant): ReadyMail {
  const to = mailAddress(request.to);
  if (!to.ok) throw new Fault('bad-mail-address', 'A mail was to go to something that is no mail address.');
  for (const block of request.blocks) if (block.kind === 'button') checkLink(block.url, options);
  const parts = request.parts ?? options.parts(request.language);
  return {
    to: to.value,
    fromName: oneLine(options.from?.name ?? parts.sender, SENDER_NAME_LENGTH_MAX),
    fromAddress: options.from?.address ?? `no-reply@${host}`,
    language: request.language,
    messageId: `<${randomUUID()}@${host}>`,
    at,
    ...layOut(request.subject, request.blocks, parts, request.language),
  };
}

/** A link to a new password that leads elsewhere gives the account away; a forged Host header is the usual way to it. */
function checkLink(text: string, { publicUrl, otherUrls = [] }: MailOptions): void {
  const url = URL.parse(text);
  const own = [publicUrl, ...otherUrls].some((one) => one !== undefined && URL.parse(one)?.origin === url?.origin);
  const here = publicUrl === undefined && url !== null && /^(localhost|127\.0\.0\.1|\[::1\])$/.test(url.hostname);
  if (url !== null && /^https?:$/.test(url.protocol) && url.username === '' && url.password === '' && url.href === text && (own || here)) return;
  throw new Fault('mail-link-elsewhere', 'A link in a mail does not lead into this register. Set PUBLIC_URL to the address that people use.', { host: url?.host ?? 'none' });
}

/** The host of the register, as far as it can stand behind the @ of an address. */
function hostOf(publicUrl: string | undefined): string {
  const host = publicUrl === undefined ? undefined : URL.parse(publicUrl)?.hostname;
  return host !== undefined && mailAddress(`x@${host}`).ok ? host : 'localhost';
}

async function run(job: RunningJob<Queued>, delivery: Delivery, options: MailOptions, seen: Seen): Promise<Json> {
  const { clock, log, retryDelaysMs = RETRY_DELAYS_MS } = options;
  const mail = job.input;
  const tries = ((job.resumed as { tries?: number } | null | undefined)?.tries ?? 0) + 1;
  try {
    await delivery.deliver({ from: mail.fromAddress, to: mail.to, name: `${mail.at.replaceAll(/[:.]/g, '-')}-${job.id}` }, await packMail(mail), job.signal);
  } catch (error) {
    if (!(error instanceof DeliveryFailure)) throw error;
    // The process stops: this try does not count, and the next start begins with it.
    job.signal.throwIfAborted();
    seen.lastFailure = { at: clock.now(), why: error.why };
    if (error.final) throw new Fault('mail-refused', `The mail server refused this mail for good (${error.why}). Check the address of the reader and MAIL_FROM.`, { why: error.why });
    const delayMs = retryDelaysMs[tries - 1];
    if (delayMs === undefined) throw new Fault('mail-not-delivered', `The mail could not be delivered in ${tries} tries (${error.why}). Check SMTP_URL with mizan doctor, then have it sent again.`, { why: error.why, tries });
    log.warn({ job: job.id, why: error.why, tries, code: 'mail-later' }, 'mail not delivered yet');
    // Whoever caused the mail may have no right to anything.
    await within(systemScope, async () => job.checkpoint({ tries }));
    job.progress(tries, retryDelaysMs.length + 1, error.why);
    throw new TryLater(delayMs, error.why);
  }
  seen.sent += 1;
  seen.lastSentAt = clock.now();
  seen.lastFailure = undefined;
  job.progress(tries, tries);
  return { tries };
}
