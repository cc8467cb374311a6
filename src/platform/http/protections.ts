/** Headers that every answer carries, what crawlers are told, and where to report a weakness (RFC 9116). */

import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import type { Clock } from '../clock/index.ts';
import type { Config } from '../config/index.ts';
import type { Themes } from '../html/themes/hosts.ts';
import { Refused } from './errors.ts';
import { platformText } from '../text/platform/index.ts';

/** Nothing of a device is needed but keys of people who sign in with one. */
const PERMISSIONS = [
  'accelerometer=()', 'autoplay=()', 'bluetooth=()', 'camera=()', 'display-capture=()', 'encrypted-media=()', 'fullscreen=()', 'geolocation=()', 'gyroscope=()', 'hid=()', 'idle-detection=()', 'magnetometer=()', 'microphone=()', 'midi=()',
  'payment=()', 'picture-in-picture=()', 'screen-wake-lock=()', 'serial=()', 'usb=()', 'web-share=()', 'xr-spatial-tracking=()', 'publickey-credentials-create=(self)', 'publickey-credentials-get=(self)',
].join(', ');
/** A file that was sent or made is never a page of this origin, whatever a browser takes it for. */
export const DOWNLOAD_POLICY = "default-src 'none'; frame-ancestors 'none'; base-uri 'none'; form-action 'none'; sandbox";
const CONTACT_VALID_DAYS = 180;
const DAY_MS = 24 * 3600 * 1000;

/** Adds what helmet does not know: what a device may do, what may be kept, and that downloads stay downloads. */
export function protectAnswers(app: FastifyInstance): void {
  app.addHook('onRequest', (_request, reply, done) => {
    void reply.header('permissions-policy', PERMISSIONS);
    done();
  });
  app.addHook('onSend', async (request, reply, payload) => {
    // What somebody signed in is shown stays nowhere: not in a proxy, not in the browser after they have gone.
    const isPersonal = request.frame?.area === 'workspace' || (request.caller !== undefined && request.caller.kind !== 'public') || reply.statusCode >= 400;
    if (isPersonal && !isAsset(request)) void reply.header('cache-control', 'no-store');
    else if (!reply.hasHeader('cache-control')) void reply.header('cache-control', 'private, max-age=0, must-revalidate');
    if (request.frame?.area === 'workspace') void reply.header('x-robots-tag', 'noindex, nofollow');
    if (reply.hasHeader('content-disposition')) void reply.header('content-security-policy', DOWNLOAD_POLICY).header('x-content-type-options', 'nosniff');
    return payload;
  });
}

function isAsset(request: FastifyRequest): boolean {
  return request.routeOptions.url?.startsWith('/assets/') === true;
}

export interface WellKnownParts {
  readonly config: Pick<Config, 'publicUrl' | 'securityContact'>;
  readonly themes: Themes;
  readonly clock: Pick<Clock, 'now'>;
}

/** `/robots.txt` and `/.well-known/security.txt`. */
export function wellKnownRoutes(app: FastifyInstance, { config, themes, clock }: WellKnownParts): void {
  const text = (reply: FastifyReply, body: string): FastifyReply => reply.header('content-type', 'text/plain; charset=utf-8').header('cache-control', 'public, max-age=3600').send(body);
  app.get('/robots.txt', { config: { policy: 'public' }, schema: { hide: true } }, (_request, reply) => text(reply, robots(app.knownRoutes)));
  const tell = (request: FastifyRequest, reply: FastifyReply): FastifyReply => {
    const theme = themes.of(request.headers.host);
    const contact = config.securityContact ?? (theme.contact?.email === undefined ? undefined : `mailto:${theme.contact.email}`);
    if (contact === undefined) throw new Refused('not-found', platformText.in(request.frame.language)('security-contact.none'), { status: 404 });
    const expires = new Date(Math.floor(Date.parse(clock.now()) / DAY_MS + CONTACT_VALID_DAYS) * DAY_MS).toISOString().replace('.000', '');
    const canonical = config.publicUrl?.startsWith('https://') === true ? [`Canonical: ${config.publicUrl}/.well-known/security.txt`, `Policy: ${config.publicUrl}/about/imprint`] : [];
    return text(reply, `${[`Contact: ${contact}`, `Expires: ${expires}`, `Preferred-Languages: ${theme.languages.join(', ')}`, ...canonical].join('\n')}\n`);
  };
  app.get('/.well-known/security.txt', { config: { policy: 'public' }, schema: { hide: true } }, tell);
}

/** Crawlers read the public register and nothing else: no workspace, no sign-in, no interface for programs, no downloads of everything. */
function robots(routes: readonly { readonly method: string; readonly url: string; readonly policy: string }[]): string {
  const ways = new Set(['/api/', '/identity/', '/exports/', '/metrics', '/health/']);
  for (const { method, url, policy } of routes) if (method === 'GET' && policy !== 'public') ways.add(url.replaceAll(/:[^/.]+/g, '*'));
  const kept = [...ways].sort().filter((way, _index, all) => !all.some((other) => other !== way && other.endsWith('/') && way.startsWith(other)));
  return `User-agent: *\n${kept.map((way) => `Disallow: ${way}\n`).join('')}`;
}
