/** Mails through a real SMTP server that agrees, hesitates, refuses and breaks off; and into the folder where there is no server. */

import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import type { AddressInfo, Socket } from 'node:net';
import { join } from 'node:path';
import { SMTPServer, type SMTPServerOptions } from 'smtp-server';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { makeCertificates } from '../../../test/support/certificates.ts';
import { openEmpty } from '../../../test/support/image.ts';
import type { Language } from '../../base/index.ts';
import { systemScope } from '../auth/index.ts';
import { systemClock } from '../clock/index.ts';
import { type Database, migrate, migrationsOf } from '../db/index.ts';
import { loadTheme, mailPartsOf } from '../html/themes/index.ts';
import { createJobs, type JobView } from '../jobs/index.ts';
import { createLog } from '../log/index.ts';
import { fileDelivery } from './deliver.ts';
import { checkMail, type MailBlock, type MailRequest, openMail, type SmtpServer } from './index.ts';

const theme = loadTheme('azerbaijan');
const folders: string[] = [];
const folder = (): string => {
  const made = mkdtempSync(join(tmpdir(), 'mizan-mail-'));
  folders.push(made);
  return made;
};
let database: Database;
beforeAll(async () => {
  database = await openEmpty({ standing: systemScope });
  await migrate(database, migrationsOf('platform'));
});
const servers: SMTPServer[] = [];
afterEach(async () => {
  await Promise.all(servers.splice(0).map(async (server) => new Promise<void>((resolve) => server.close(() => resolve()))));
});
afterAll(async () => {
  await database.close();
  for (const path of folders) rmSync(path, { recursive: true, force: true });
});

interface Received {
  readonly from: string;
  readonly to: readonly string[];
  readonly message: string;
  readonly encrypted: boolean;
  readonly user: string | undefined;
}

const refusal = (code: number, text: string): Error => Object.assign(new Error(text), { responseCode: code });

/** `before` may refuse a mail whose content has arrived, or end the connection. */
async function listen(options: SMTPServerOptions = {}, before: (tries: number) => Error | undefined = () => undefined): Promise<{ readonly port: number; readonly received: Received[]; tries(): number }> {
  const received: Received[] = [];
  let tries = 0;
  const server = new SMTPServer({
    authOptional: true,
    logger: false,
    closeTimeout: 100,
    onData: (stream, session, callback) => {
      const chunks: Buffer[] = [];
      stream.on('data', (chunk: Buffer) => chunks.push(chunk));
      stream.on('end', () => {
        const error = before(++tries);
        if (error !== undefined) return callback(error);
        const { mailFrom, rcptTo } = session.envelope;
        received.push({
          from: mailFrom === false ? '' : (mailFrom?.address ?? ''),
          to: rcptTo.map(({ address }) => address),
          message: Buffer.concat(chunks).toString('latin1'),
          encrypted: session.secure,
          user: session.user as string | undefined,
        });
        return callback(null, 'taken');
      });
    },
    ...options,
  });
  // What a client breaks off is no error of the test.
  server.on('error', () => undefined);
  servers.push(server);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', () => resolve()));
  return { port: (server.server.address() as AddressInfo).port, received, tries: () => tries };
}

const at = (port: number, server: Partial<SmtpServer> = {}): SmtpServer => ({ host: '127.0.0.1', port, encryption: 'optional', login: undefined, ...server });

const invitation: MailRequest = {
  to: 'Leyla@Nazirlik.example',
  subject: 'Dəvət: “Səhiyyə Nazirliyi” reyestrə qoşulur və bu mövzu qəsdən çox uzundur, çünki başlıq bir sətrə sığmamalıdır — ğüşçöı ƏĞIİÖŞÜÇ',
  language: 'az',
  blocks: [
    { kind: 'paragraph', text: 'Hörmətli Leyla xanım,\nsizi reyestrə dəvət edirlər. <script>alert(1)</script> & "dırnaq"' },
    { kind: 'code', text: '482 913' },
    { kind: 'button', label: 'Dəvəti qəbul edin', url: 'https://register.example/identity/invitation?token=abc&x=1' },
  ],
};

interface Sent {
  readonly view: JobView;
  readonly state: Awaited<ReturnType<ReturnType<typeof openMail>['state']>>;
  readonly check: Awaited<ReturnType<ReturnType<typeof openMail>['check']>>;
}

async function send(smtp: SmtpServer | undefined, request: Partial<MailRequest> = {}, options: { readonly authorities?: readonly string[]; readonly dataDir?: string; readonly delays?: readonly number[] } = {}): Promise<Sent> {
  const jobs = await createJobs({ database, clock: systemClock, log: createLog({ logLevel: 'silent' }) });
  const mail = openMail({
    smtp,
    ...(options.authorities === undefined ? {} : { authorities: options.authorities }),
    from: { name: undefined, address: 'register@register.example' },
    publicUrl: 'https://register.example',
    dataDir: options.dataDir ?? folder(),
    parts: (language) => mailPartsOf(theme, language),
    jobs,
    clock: systemClock,
    log: createLog({ logLevel: 'silent' }),
    retryDelaysMs: options.delays ?? [1, 1],
  });
  await jobs.begin();
  try {
    const view = await jobs.wait(await mail.send({ ...invitation, ...request }));
    return { view, state: await mail.state(), check: await mail.check() };
  } finally {
    await jobs.stop();
  }
}

/** Reads a message as a mail program does: unfolded headers, encoded words, parts by their transfer encoding. Written for this test alone. */
function read(message: string): { readonly headers: ReadonlyMap<string, string>; readonly parts: ReadonlyMap<string, string> } {
  const split = (text: string): { readonly headers: ReadonlyMap<string, string>; readonly body: string } => {
    const end = text.indexOf('\r\n\r\n');
    const lines = text.slice(0, end).replaceAll(/\r\n[ \t]+/g, ' ').split('\r\n');
    return { headers: new Map(lines.map((line) => [line.slice(0, line.indexOf(':')).toLowerCase(), line.slice(line.indexOf(':') + 1).trim()])), body: text.slice(end + 4) };
  };
  const quoted = (text: string): Buffer => Buffer.from(text.replaceAll(/=\r\n/g, '').replaceAll(/=([0-9A-F]{2})/g, (_all, hex: string) => String.fromCharCode(Number.parseInt(hex, 16))), 'latin1');
  const word = (text: string): string => text.replaceAll(/\?=\s+=\?/g, '?==?').replaceAll(/=\?utf-8\?([qb])\?([^?]*)\?=/gi, (_all, kind: string, content: string) => (kind.toLowerCase() === 'b' ? Buffer.from(content, 'base64') : quoted(content.replaceAll('_', ' '))).toString('latin1'));
  const { headers, body } = split(message);
  const boundary = /boundary="?([^";]+)"?/.exec(headers.get('content-type') ?? '')?.[1];
  const parts = new Map<string, string>();
  for (const part of body.split(`--${boundary}`).slice(1, -1)) {
    const inner = split(part.replace(/^\r\n/, ''));
    const encoding = inner.headers.get('content-transfer-encoding');
    const bytes = encoding === 'base64' ? Buffer.from(inner.body, 'base64') : encoding === 'quoted-printable' ? quoted(inner.body.replace(/\r\n$/, '')) : Buffer.from(inner.body, 'latin1');
    parts.set((inner.headers.get('content-type') ?? '').split(';')[0] ?? '', bytes.toString('utf8').replaceAll('\r\n', '\n'));
  }
  return { headers: new Map([...headers].map(([name, value]) => [name, Buffer.from(word(value), 'latin1').toString('utf8')])), parts };
}

describe('a mail', () => {
  it('arrives whole, in both forms', async () => {
    const server = await listen();
    const { view, state, check } = await send(at(server.port));
    expect(view).toMatchObject({ state: 'done', result: { tries: 1 } });
    expect(state).toMatchObject({ way: 'smtp', place: `127.0.0.1:${server.port}`, sent: 1, waiting: 0, lastFailure: undefined });
    expect(check).toEqual({ ok: true, value: true });
    const [got] = server.received;
    expect(got).toMatchObject({ from: 'register@register.example', to: ['Leyla@nazirlik.example'] });
    const { headers, parts } = read(got?.message ?? '');
    expect(headers.get('subject')).toBe(invitation.subject);
    expect(headers.get('from')).toBe(`${mailPartsOf(theme, 'az').sender} <register@register.example>`);
    expect(headers.get('to')).toBe('Leyla@nazirlik.example');
    expect(headers.get('message-id')).toMatch(/^<[0-9a-f-]{36}@register\.example>$/);
    expect([headers.get('auto-submitted'), headers.get('content-language'), headers.has('x-mailer'), headers.has('bcc')]).toEqual(['auto-generated', 'az', false, false]);
    expect(Math.abs(Date.parse(headers.get('date') ?? '') - Date.now())).toBeLessThan(60_000);
    const [text, html] = [parts.get('text/plain') ?? '', parts.get('text/html') ?? ''];
    expect(text).toContain('Hörmətli Leyla xanım,\nsizi reyestrə dəvət edirlər. <script>alert(1)</script> & "dırnaq"\n\n    482 913\n\nDəvəti qəbul edin:\nhttps://register.example/identity/invitation?token=abc&x=1\n\n-- \n');
    expect(text).toContain(mailPartsOf(theme, 'az').footer);
    expect(html).toContain('<html lang="az">');
    expect(html).toContain('Hörmətli Leyla xanım,<br>sizi');
    expect(html).toContain('&lt;script&gt;');
    expect(html).toContain('href="https://register.example/identity/invitation?token=abc&amp;x=1"');
    expect(html).toContain(mailPartsOf(theme, 'az').colours.accent);
    expect(html).not.toMatch(/<(script|img|link|iframe|object|form|input|base)|src=|url\(|@import/i);
    expect([...html.matchAll(/https?:\/\/[^"<\s]+/g)].every(([url]) => url.startsWith('https://register.example/'))).toBe(true);
    // RFC 5322 §2.1.1: no line is longer than 998 characters, and headers are ASCII.
    for (const line of (got?.message ?? '').split('\r\n')) expect(line.length).toBeLessThanOrEqual(998);
    expect((got?.message ?? '').split('\r\n\r\n')[0]).toMatch(/^[\t\r\n -~]*$/);
  });

  it.each<[Language, string]>([
    ['ru', `Приглашение в реестр систем искусственного интеллекта: ${'Министерство здравоохранения, '.repeat(4)}`.slice(0, 190).trim()],
    ['az', 'İzzət, Ilqar və Şəhla: ğ ı ö ş ç ü ə — Ğ I Ö Ş Ç Ü Ə İ'],
    ['en', 'An emoji that two code units make: 👩‍⚖️ and a family 👨‍👩‍👧‍👦 in a long enough subject, so that it is folded'],
    ['en', '=?utf-8?Q?not_encoded?= and a % and a ? and _ underscores'],
  ])('in %s has its subject back: %s', async (language, subject) => {
    const server = await listen();
    await send(at(server.port), { language, subject });
    const { headers, parts } = read(server.received[0]?.message ?? '');
    expect(headers.get('subject')).toBe(subject.normalize('NFC'));
    expect(parts.get('text/plain')).toContain(mailPartsOf(theme, language).signature);
  });

  it('cannot be given headers or readers by what people write', async () => {
    const server = await listen();
    const evil = 'Salam\r\nBcc: spy@evil.example\r\nX-Evil: yes\r\n\r\nbody\u2028\u0000\u202E';
    const parts = { ...mailPartsOf(theme, 'az'), sender: `Reyestr" <spy@evil.example>,\r\nBcc: spy@evil.example` };
    await send(at(server.port), { subject: evil, parts, blocks: [{ kind: 'paragraph', text: '.\r\nMAIL FROM:<spy@evil.example>\r\n.\r\n' }, { kind: 'code', text: evil }] });
    expect(server.received).toHaveLength(1);
    const { headers } = read(server.received[0]?.message ?? '');
    expect(server.received[0]?.to).toEqual(['Leyla@nazirlik.example']);
    expect([headers.has('bcc'), headers.has('x-evil')]).toEqual([false, false]);
    expect(headers.get('subject')).toBe('Salam Bcc: spy@evil.example X-Evil: yes body');
    expect(headers.get('from')).toMatch(/<register@register\.example>$/);
  });

  it.each<[string, Partial<MailRequest>, string]>([
    ['to a list', { to: 'a@x.example, b@x.example' }, 'bad-mail-address'],
    ['to a line end', { to: 'a@x.example\r\nRCPT TO:<b@x.example>' }, 'bad-mail-address'],
    ...['https://evil.example/', 'https://register.example.evil.example/', 'https://register.example@evil.example/', 'http://register.example/', 'javascript:alert(1)', '//evil.example/', 'https://register.example:444/', 'https://u:p@register.example/', ' https://register.example/', 'http://127.0.0.1:8080/'].map(
      (url): [string, Partial<MailRequest>, string] => [`with a link to ${url}`, { blocks: [{ kind: 'button', label: 'x', url } satisfies MailBlock] }, 'mail-link-elsewhere'],
    ),
  ])('%s is not queued', async (_what, request, code) => {
    await expect(send(undefined, request)).rejects.toMatchObject({ code });
  });
});

describe('a server', () => {
  it('that asks to come back later gets the same mail again', async () => {
    const server = await listen({}, (tries) => (tries < 3 ? refusal(451, 'greylisted, ask leyla@nazirlik.example') : undefined));
    const { view, state } = await send(at(server.port));
    expect(view).toMatchObject({ state: 'done', result: { tries: 3 } });
    expect(server.tries()).toBe(3);
    expect(server.received).toHaveLength(1);
    expect(state).toMatchObject({ sent: 1, lastFailure: undefined });
  });

  it.each([
    ['the reader', { onRcptTo: (_address, _session, callback) => callback(refusal(550, '5.1.1 no such person leyla@nazirlik.example')) } satisfies SMTPServerOptions, 'EENVELOPE 550 5.1.1'],
    ['the sender', { onMailFrom: (_address, _session, callback) => callback(refusal(553, '5.7.1 not you')) } satisfies SMTPServerOptions, 'EENVELOPE 553 5.7.1'],
  ])('that refuses %s for good is not asked again', async (_whom, options, why) => {
    const server = await listen(options);
    const { view, state } = await send(at(server.port));
    expect(view).toMatchObject({ state: 'failed', error: { code: 'mail-refused' } });
    expect(view.error?.message).toContain(why);
    expect(view.error?.message).not.toContain('nazirlik');
    expect(state.lastFailure?.why).toBe(why);
  });

  it('that refuses the content for good is asked once', async () => {
    const server = await listen({}, () => refusal(554, '5.6.0 spam'));
    expect((await send(at(server.port))).view).toMatchObject({ state: 'failed', error: { code: 'mail-refused' } });
    expect(server.tries()).toBe(1);
  });

  it('that never takes it is given up after the last try', async () => {
    const server = await listen({}, () => refusal(421, 'busy'));
    const { view } = await send(at(server.port), {}, { delays: [1, 1, 1] });
    expect(view).toMatchObject({ state: 'failed', done: 3, error: { code: 'mail-not-delivered' } });
    expect(server.tries()).toBe(4);
  });

  it('that is lost in the middle of the content gets the mail again', async () => {
    let lost = 0;
    const sockets: Socket[] = [];
    const server = await listen({
      onData: (stream, _session, callback) => {
        if (lost++ > 0) {
          stream.on('end', () => callback(null, 'taken'));
          stream.resume();
          return;
        }
        stream.once('data', () => {
          for (const socket of sockets) socket.destroy();
        });
      },
    });
    servers[0]?.server.on('connection', (socket) => sockets.push(socket));
    expect((await send(at(server.port))).view).toMatchObject({ state: 'done', result: { tries: 2 } });
    expect(lost).toBe(2);
  });

  it('that is not there is told in codes', async () => {
    const { view, state, check } = await send(at(1), {}, { delays: [] });
    expect(view).toMatchObject({ state: 'failed', error: { code: 'mail-not-delivered' } });
    expect(state.lastFailure?.why).toMatch(/^ESOCKET|ECONNREFUSED/);
    expect(check).toMatchObject({ ok: false });
    expect(await checkMail({ smtp: at(1), publicUrl: undefined, dataDir: '' })).toMatchObject({ place: '127.0.0.1:1', verdict: { ok: false } });
  });

  it.each([['right', 'gizli-söz', 'done'], ['wrong', 'başqa', 'failed']])('that wants a password, and gets a %s one', async (_which, password, state) => {
    const server = await listen({
      authOptional: false,
      allowInsecureAuth: true,
      onAuth: (auth, _session, callback) => (auth.username === 'mizan' && auth.password === 'gizli-söz' ? callback(null, { user: 'mizan' }) : callback(refusal(535, '5.7.8 wrong'))),
    });
    const { view, state: told } = await send(at(server.port, { login: { user: 'mizan', password } }), {}, { delays: [] });
    expect(view.state).toBe(state);
    expect(JSON.stringify([view, told])).not.toContain(password);
    if (state === 'failed') expect(told.lastFailure?.why).toBe('EAUTH 535 5.7.8');
    else expect(server.received[0]?.user).toBe('mizan');
  });
});

const certificates = makeCertificates(['mail.example']);
describe.skipIf(certificates === undefined)('encryption', () => {
  const { authority, ...tls } = certificates ?? { authority: '', key: '', cert: '' };
  it.each([
    ['STARTTLS, a certificate nobody knows', 'starttls', {}, false, false],
    ['STARTTLS, an authority of SMTP_CA_FILE', 'starttls', {}, true, true],
    ['TLS from the start, a certificate nobody knows', 'tls', { secure: true }, false, false],
    ['TLS from the start, an authority of SMTP_CA_FILE', 'tls', { secure: true }, true, true],
    ['STARTTLS demanded, and not offered', 'starttls', { disabledCommands: ['STARTTLS'] }, true, false],
    ['optional, any certificate', 'optional', {}, false, true],
  ] as const)('%s', async (_what, encryption, options, trusted, delivered) => {
    const server = await listen({ ...tls, ...options, disabledCommands: 'disabledCommands' in options ? [...options.disabledCommands] : [] });
    const { view, state, check } = await send(at(server.port, { encryption }), {}, { delays: [], ...(trusted ? { authorities: [authority] } : {}) });
    expect(view.state).toBe(delivered ? 'done' : 'failed');
    expect(check.ok).toBe(delivered);
    expect(server.received.map(({ encrypted }) => encrypted)).toEqual(delivered ? [true] : []);
    expect(state.lastFailure?.why).toEqual(delivered ? undefined : expect.stringMatching(/ETLS|ESOCKET/));
  });
});

describe('without a server', () => {
  it('mails lie in a folder of their owner alone, whole', async () => {
    const dataDir = folder();
    const { view, state } = await send(undefined, {}, { dataDir });
    expect(view.state).toBe('done');
    expect(state).toMatchObject({ way: 'files', place: join(dataDir, 'outbox'), sent: 1 });
    const [name = '', ...rest] = readdirSync(join(dataDir, 'outbox'));
    expect([rest, /^\d{4}-\d\d-\d\dT[\d-]+Z-[0-9a-f-]{36}\.eml$/.test(name)]).toEqual([[], true]);
    expect([statSync(join(dataDir, 'outbox')).mode & 0o777, statSync(join(dataDir, 'outbox', name)).mode & 0o777]).toEqual([0o700, 0o600]);
    const message = readFileSync(join(dataDir, 'outbox', name), 'latin1');
    expect(message.replaceAll('\r\n', '')).not.toMatch(/[\r\n]/);
    const { headers, parts } = read(message);
    expect(headers.get('subject')).toBe(invitation.subject);
    expect([...parts.keys()]).toEqual(['text/plain', 'text/html']);
  });

  it('the oldest are dropped beyond the maximum', async () => {
    const outbox = join(folder(), 'outbox');
    const delivery = fileDelivery(outbox, 3);
    for (const name of ['1', '2', '3', '4', '5', '5']) await delivery.deliver({ from: 'a@x.example', to: 'b@x.example', name }, Buffer.from(name), new AbortController().signal);
    expect(readdirSync(outbox).sort()).toEqual(['3.eml', '4.eml', '5.eml']);
  });

  it('a folder that cannot be written is tried again and told', async () => {
    const dataDir = folder();
    writeFileSync(join(dataDir, 'outbox'), 'in the way');
    const { view, state, check } = await send(undefined, {}, { dataDir, delays: [1] });
    expect(view).toMatchObject({ state: 'failed', error: { code: 'mail-not-delivered' } });
    expect([state.lastFailure?.why, check.ok]).toEqual(['outbox EEXIST', false]);
    rmSync(join(dataDir, 'outbox'));
    mkdirSync(join(dataDir, 'outbox'));
    expect((await send(undefined, {}, { dataDir })).view.state).toBe('done');
  });
});

describe('what was sent', () => {
  it('is not kept in the queue', async () => {
    const { rows } = await database.execute(`select input from platform_jobs where name = 'platform.send-mail'`);
    expect(rows.length).toBeGreaterThan(15);
    expect(new Set(rows.map(({ input }) => input))).toEqual(new Set([null]));
  });
});
