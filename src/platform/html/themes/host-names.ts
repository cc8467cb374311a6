/** Host names and names of themes, as settings state them. Loaded by every command, so it loads nothing of the themes themselves. */

import { no, type Verdict, yes } from '../../../base/index.ts';

export const THEME_ID = /^[a-z][a-z0-9-]{0,40}$/;
export const THEME_HOSTS_MAX = 64;
const HOST_LENGTH_MAX = 253;
const LABEL = /^(?!-)[a-z0-9-]{1,63}(?<!-)$/;

/** Host name → name of a theme. */
export type ThemeHosts = ReadonlyMap<string, string>;

/**
 * Reads `register.example=my-country,ai.example=neutral`. Host names in ASCII (punycode for others), without port and without
 * star; each once. The refusal is a sentence that says what to write.
 */
export function parseThemeHosts(text: string): Verdict<ThemeHosts> {
  const hosts = new Map<string, string>();
  const parts = text.split(',').map((part) => part.trim()).filter((part) => part !== '');
  if (parts.length > THEME_HOSTS_MAX) return no(`THEME_HOSTS names ${parts.length} hosts; at most ${THEME_HOSTS_MAX} are taken.`);
  for (const part of parts) {
    const [given = '', theme = '', ...more] = part.split('=').map((one) => one.trim());
    const host = given.toLowerCase().replace(/\.$/, '');
    const isHost = host.length <= HOST_LENGTH_MAX && host.split('.').every((label) => LABEL.test(label));
    if (more.length > 0 || !isHost || !THEME_ID.test(theme)) return no(`THEME_HOSTS has “${part}”; write host=theme, the host without port, for example THEME_HOSTS=register.example=neutral.`);
    if (hosts.has(host)) return no(`THEME_HOSTS names ${host} twice; leave one.`);
    hosts.set(host, theme);
  }
  return yes(hosts);
}

/** The name in a Host header: small letters, without port and without the dot at its end. */
export function hostName(header: string | undefined): string {
  return (header ?? '').toLowerCase().replace(/:\d{1,5}$/, '').replace(/\.$/, '');
}
