/** A theme as commands find it: a folder anywhere, read and checked. */

import { existsSync } from 'node:fs';
import { join } from 'node:path';
import type { Theme, ThemeProblem } from '../../platform/html/index.ts';
import { Exit, EXIT } from '../exit.ts';
import { tell } from '../terminal.ts';

/** Loaded only when it is needed: it brings the pages with it. */
export const loadThemeRoom = async (): Promise<typeof import('../../platform/html/index.ts')> => import('../../platform/html/index.ts');

export function mustBeFolder(folder: string): string {
  if (!existsSync(join(folder, 'theme.yaml'))) throw new Exit(EXIT.usage, `${folder} holds no theme.yaml. Begin a theme with: mizan theme new ${folder}`);
  return folder;
}

/** The theme, or the end of the command with what is wrong; warnings are told beside the result. */
export async function themeOrExit(folder: string): Promise<{ readonly theme: Theme; readonly problems: readonly ThemeProblem[] }> {
  const { readTheme, themeProblemLine } = await loadThemeRoom();
  const { theme, problems } = readTheme(mustBeFolder(folder));
  const lines = problems.map((problem) => themeProblemLine(folder, problem));
  if (theme === undefined) throw new Exit(EXIT.refused, [...lines, `${folder} cannot be used as a theme.`].join('\n'), { code: 'theme-not-readable', problems: problems.map((problem) => ({ ...problem })) });
  for (const line of lines) tell(line);
  return { theme, problems };
}
