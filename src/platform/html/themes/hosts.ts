/** Which theme a request is answered in: several registers, or several faces of one, behind one server, told apart by host name. */

import type { Theme } from './format.ts';
import { hostName, type ThemeHosts } from './host-names.ts';
import { loadTheme } from './read-theme.ts';

export interface Themes {
  /** The theme of every host that is not named. */
  readonly main: Theme;
  /** Each theme in use once, the main one first. */
  readonly all: readonly Theme[];
  /** By the value of the Host header, port or not; the main theme for what is not known. */
  of(host: string | undefined): Theme;
}

/** Loads the main theme and those of the hosts. Throws Fault `theme-not-loaded` for the first that cannot be used. */
export function loadThemes(main: string, hosts: ThemeHosts = new Map()): Themes {
  return themesOf(loadTheme(main), new Map([...hosts].map(([host, id]) => [host, loadTheme(id)])));
}

/** Puts loaded themes together; two hosts of one theme share it. */
export function themesOf(main: Theme, hosts: ReadonlyMap<string, Theme> = new Map()): Themes {
  const all = new Map([[main.id, main]]);
  for (const theme of hosts.values()) if (!all.has(theme.id)) all.set(theme.id, theme);
  const byHost = new Map([...hosts].map(([host, theme]) => [host, all.get(theme.id) ?? main]));
  return { main, all: [...all.values()], of: (host) => (byHost.size === 0 ? main : (byHost.get(hostName(host)) ?? main)) };
}
