/** A theme gives the platform a country's face: names, logo, colours. Read from themes/ at start, checked, never code. */

import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse } from 'yaml';
import { z } from 'zod';
import { Fault } from '../../base/index.ts';
import { installationRoot } from '../files/root.ts';

const localised = z.object({ az: z.string().min(1), en: z.string().min(1), ru: z.string().min(1) });
const themeFile = z.object({
  name: localised,
  tagline: localised,
  footer: localised,
  logo: z.string().regex(/^[a-z0-9-]+\.svg$/),
  defaultLanguage: z.enum(['az', 'en', 'ru']),
  /** ISO 3166-1 alpha-2 of the country that runs the register; `XX` when none. */
  country: z.string().regex(/^[A-Z]{2}$/),
  /** Id of the law pack that a new register of this country begins with; the first that can be main when left out. */
  law: z.string().regex(/^[a-z][a-z0-9-]{0,60}$/).optional(),
});

export type Theme = z.infer<typeof themeFile> & { readonly id: string; readonly folder: string };

export function loadTheme(id: string): Theme {
  const folder = join(installationRoot, 'themes', id);
  if (!existsSync(join(folder, 'theme.yaml'))) {
    const known = readdirSync(join(installationRoot, 'themes')).filter((name) => existsSync(join(installationRoot, 'themes', name, 'theme.yaml')));
    throw new Fault('theme-not-loaded', `There is no theme “${id}”. Set THEME to one of: ${known.join(', ')}.`, { theme: id });
  }
  try {
    return { ...themeFile.parse(parse(readFileSync(join(folder, 'theme.yaml'), 'utf8'))), id, folder };
  } catch (error) {
    throw new Fault('theme-not-loaded', `The theme themes/${id}/theme.yaml cannot be used: ${error instanceof Error ? error.message : 'unknown'}`, { theme: id }, { cause: error });
  }
}
