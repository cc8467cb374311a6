/** Looks at the network: the port, the address people know, proxies, and the other machines that Mizan may call. */

import { lookup } from 'node:dns/promises';
import { createServer, connect as connectTo } from 'node:net';
import { checkMail, readAuthorities } from '../../platform/mail/index.ts';
import { findServer } from '../server-file.ts';
import { fail, type Look, ok, warn } from './model.ts';

const ANSWER_MS_MAX = 5000;
const LOOPBACK = new Set(['127.0.0.1', '::1', 'localhost']);

export const server: Look = {
  subject: 'server',
  examine: async ({ config }) => {
    const found = await findServer(config.dataDir);
    return ok('server', found === undefined ? 'none runs for this data folder; commands open the register themselves' : `runs as process ${found.pid} at ${found.url}`);
  },
};

export const port: Look = {
  subject: 'port',
  examine: async ({ config }) => {
    const running = await findServer(config.dataDir);
    if (running !== undefined && new URL(running.url).port === String(config.port)) return ok('port', `${config.port} is used by the server of this data folder`);
    const problem = await new Promise<string | undefined>((resolve) => {
      const probe = createServer();
      probe.once('error', (error: NodeJS.ErrnoException) => resolve(error.code ?? 'unknown'));
      probe.listen(config.port, config.host, () => probe.close(() => resolve(undefined)));
    });
    if (problem === undefined) return ok('port', `${config.port} on ${config.host} is free`);
    const advice = problem === 'EADDRINUSE' ? 'Stop the other program or set another PORT.' : problem === 'EADDRNOTAVAIL' || problem === 'ENOTFOUND' ? 'HOST is no address of this machine: set HOST to one (127.0.0.1 behind a proxy).' : 'Set PORT to a number from 1024 upwards.';
    return fail('port', `${config.port} on ${config.host}: ${problem}`, advice);
  },
};

export const publicAddress: Look = {
  subject: 'address',
  examine: ({ config }) => {
    const { publicUrl, host } = config;
    if (publicUrl === undefined) return LOOPBACK.has(host) ? ok('address', `this machine only (${host})`) : warn('address', `HOST is ${host} without PUBLIC_URL: links in mail and sign-in with other services lead nowhere`, 'Set PUBLIC_URL to the address people type, https://….');
    const url = new URL(publicUrl);
    if (url.protocol !== 'https:') {
      return LOOPBACK.has(url.hostname) ? ok('address', publicUrl) : fail('address', `${publicUrl}: passwords and cookies travel in the clear, and passkeys do not work`, 'Put a proxy with TLS in front and set PUBLIC_URL=https://….');
    }
    if (!config.hosts.includes(url.hostname)) return fail('address', `requests for ${url.hostname} are refused`, 'Set PUBLIC_URL to the name that people type.');
    if (!LOOPBACK.has(host)) return warn('address', `${publicUrl}, and HOST=${host} can be reached past the proxy, without TLS`, 'Set HOST=127.0.0.1 where the proxy runs on this machine, or let a firewall admit the proxy alone.');
    return ok('address', publicUrl);
  },
};

export const proxies: Look = {
  subject: 'proxies',
  examine: ({ config: { publicUrl, trustedProxies, port: own } }) => {
    const isBehind = publicUrl !== undefined && (publicUrl.startsWith('https://') || (new URL(publicUrl).port || '80') !== String(own));
    if (isBehind && trustedProxies.length === 0) return warn('proxies', `${publicUrl} is served by a proxy that is not named: every act is recorded from its address, and its limits count for all people together`, 'Set TRUSTED_PROXIES to the address of the proxy, for example TRUSTED_PROXIES=127.0.0.1.');
    const wide = trustedProxies.find((range) => /\/(?:\d)$/.test(range));
    if (wide !== undefined) return warn('proxies', `${wide} believes almost anybody's word about who sent a request`, 'Name the address of the proxy itself.');
    return ok('proxies', trustedProxies.length === 0 ? 'none' : trustedProxies.join(', '));
  },
};

export const outbound: Look = {
  subject: 'calls out',
  examine: async ({ config: { outboundAllow } }) => {
    const unknown: string[] = [];
    for (const { host, port: number, literal } of outboundAllow) {
      if (!literal && (await lookup(host).catch(() => undefined)) === undefined) unknown.push(`${host}:${number}`);
    }
    if (unknown.length > 0) return fail('calls out', `no address is known for ${unknown.join(', ')}`, 'Check the spelling in OUTBOUND_ALLOW and the name server of this machine (/etc/resolv.conf).');
    return ok('calls out', outboundAllow.length === 0 ? 'nothing is allowed (OUTBOUND_ALLOW is empty)' : outboundAllow.map(({ host, port: number }) => `${host}:${number}`).join(', '));
  },
};

/** What a server says after `say`; a name of the failure otherwise. */
async function ask(host: string, number: number, say: string): Promise<{ readonly said: string } | { readonly failed: string }> {
  return new Promise((resolve) => {
    const socket = connectTo({ host, port: number }, () => socket.write(say));
    const end = (answer: { readonly said: string } | { readonly failed: string }): void => {
      resolve(answer);
      socket.destroy();
    };
    socket.setTimeout(ANSWER_MS_MAX, () => end({ failed: 'no answer' }));
    socket.once('error', (error: NodeJS.ErrnoException) => end({ failed: error.code ?? error.message }));
    socket.once('data', (data: Buffer) => end({ said: data.toString('latin1') }));
    socket.once('close', () => end({ failed: 'closed at once' }));
  });
}

export const mail: Look = {
  subject: 'mail',
  examine: async ({ config: { smtp, smtpAuthoritiesFile, publicUrl, dataDir } }) => {
    if (smtp === undefined) return ok('mail', 'kept in files under outbox/ (SMTP_URL is not set)');
    const { place, verdict } = await checkMail({ smtp, publicUrl, dataDir, ...(smtpAuthoritiesFile === undefined ? {} : { authorities: readAuthorities(smtpAuthoritiesFile) }) });
    if (verdict.ok) return ok('mail', `${place} answers`);
    return fail('mail', `${place}: ${verdict.refusal}`, 'Check name, port, user and password in SMTP_URL and the firewall (smtps:// for port 465). Invitations and notices wait until the mail server takes them.');
  },
};

export const scanner: Look = {
  subject: 'virus scanner',
  examine: async ({ environment }) => {
    const text = environment['CLAMD'];
    if (text === undefined || text === '' || text.startsWith('/')) return ok('virus scanner', text === undefined || text === '' ? 'none (CLAMD is not set)' : `socket ${text}`);
    const at = text.lastIndexOf(':');
    const answer = await ask(text.slice(0, at).replaceAll(/[[\]]/g, ''), Number(text.slice(at + 1)), 'zPING\0');
    if ('failed' in answer) return fail('virus scanner', `${text}: ${answer.failed}`, 'Start clamd, or leave CLAMD out; until then uploads are refused.');
    if (!answer.said.startsWith('PONG')) return fail('virus scanner', `${text} is no clamd`, 'Check host and port in CLAMD.');
    return ok('virus scanner', `${text} answers`);
  },
};
