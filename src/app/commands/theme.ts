/** `mizan theme …`: begin a theme, check it, look at it. Needs no register and no running server. */

import { existsSync, mkdirSync, readdirSync, writeFileSync } from 'node:fs';
import { basename, join, resolve } from 'node:path';
import type { Command } from 'commander';
import { Fault, isLanguage, type Language, LANGUAGES } from '../../base/index.ts';
import { Exit, EXIT } from '../exit.ts';
import { print } from '../terminal.ts';
import { counted } from './pack-files.ts';
import { loadThemeRoom, mustBeFolder } from './theme-folder.ts';
import { addThemePreview } from './theme-preview.ts';

export function addTheme(program: Command): void {
  const theme = program.command('theme').description('the country’s face: names, colours, letters, texts');
  addThemeNew(theme);
  addThemeCheck(theme);
  addThemePreview(theme);
}

function addThemeNew(theme: Command): void {
  theme
    .command('new')
    .description('begin a theme: writes a small complete one that passes its check')
    .argument('<folder>', 'a new or an empty folder, for example themes/my-country; its name becomes the name of the theme')
    .option('--country <code>', 'country code as in ISO 3166', 'XX')
    .option('--languages <list>', 'languages offered, the default first', LANGUAGES.join(','))
    .action(async (folder: string, options: { readonly country: string; readonly languages: string }) => {
      const { THEME_ID, readTheme, themeProblemLine, themeTemplate } = await loadThemeRoom();
      const id = basename(resolve(folder));
      if (!THEME_ID.test(id)) throw new Exit(EXIT.usage, `“${id}” cannot be the name of a theme: small letters, digits and hyphens, beginning with a letter.`);
      if (!/^[A-Z]{2}$/.test(options.country)) throw new Exit(EXIT.usage, `“${options.country}” is no country code: two capital letters, XX for none.`);
      const languages: readonly Language[] = options.languages.split(',').map((one) => one.trim()).filter(isLanguage);
      if (languages.length === 0 || languages.join(',') !== options.languages.replaceAll(' ', '') || new Set(languages).size !== languages.length) {
        throw new Exit(EXIT.usage, `“${options.languages}” is no list of languages: some of ${LANGUAGES.join(', ')}, each once, for example --languages az,ru.`);
      }
      if (existsSync(folder) && readdirSync(folder).length > 0) throw new Exit(EXIT.usage, `${folder} is not empty. Name a new folder: nothing is overwritten.`);
      try {
        mkdirSync(folder, { recursive: true });
        for (const { path, text } of themeTemplate({ country: options.country, languages })) writeFileSync(join(folder, path), text, { flag: 'wx' });
      } catch (error) {
        throw new Fault('theme-not-written', `${folder} could not be written (${(error as NodeJS.ErrnoException).code ?? 'unknown'}).`, {}, { cause: error });
      }
      const { theme: read, problems } = readTheme(folder);
      if (read === undefined) throw new Exit(EXIT.refused, problems.map((problem) => themeProblemLine(folder, problem)).join('\n'));
      print(`The theme ${id} begins in ${folder}: theme.yaml, legal.yaml, logo.svg.`);
      print(`\nNext: write your names, colours and contact, then\n  mizan theme check ${folder}\n  mizan theme preview ${folder}\nIt is used with THEME=${id} once its folder lies under themes/ of the installation.`);
    });
}

function addThemeCheck(theme: Command): void {
  theme
    .command('check')
    .description('check a theme: members, languages, legal texts, drawings, letters, contrast in light and dark')
    .argument('<folder>', 'folder of the theme, for example themes/neutral')
    .option('--json', 'print {theme, problems, errors, warnings} as JSON')
    .action(async (folder: string, options: { readonly json?: boolean }) => {
      const { readTheme, themeProblemLine } = await loadThemeRoom();
      const { theme: read, problems } = readTheme(mustBeFolder(folder));
      const errors = problems.filter((problem) => problem.severity === 'error').length;
      if (options.json === true) print(JSON.stringify({ theme: read?.id ?? null, problems, errors, warnings: problems.length - errors }, null, 2));
      else {
        for (const problem of problems) print(themeProblemLine(folder, problem));
        print(`${problems.length === 0 ? '' : '\n'}${counted(errors, 'error')}, ${counted(problems.length - errors, 'warning')}`);
      }
      if (errors > 0) process.exitCode = EXIT.refused;
    });
}
