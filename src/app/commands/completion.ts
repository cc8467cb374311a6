/** `mizan completion SHELL`: prints what a shell needs to complete commands, options and files. */

import { Argument, type Command } from 'commander';
import { print } from '../terminal.ts';

const SHELLS = ['bash', 'zsh', 'fish'] as const;
type Shell = (typeof SHELLS)[number];

interface Words {
  /** `pack check` → what may follow. */
  readonly path: string;
  readonly description: string;
  readonly next: readonly string[];
}

export function addCompletion(program: Command): void {
  program
    .command('completion')
    .description('print completion for a shell, for example: source <(mizan completion bash)')
    .addArgument(new Argument('<shell>', 'the shell').choices(SHELLS))
    .action((shell: Shell) => print(completionFor(shell, wordsOf(program))));
}

/** Every command with the sub-commands and long options that may follow it. */
export function wordsOf(command: Command, path: readonly string[] = []): readonly Words[] {
  const next = [...command.commands.map((one) => one.name()), ...command.options.map((one) => one.long).filter((long) => long !== null && long !== undefined), '--help'];
  return [{ path: path.join(' '), description: command.description(), next }, ...command.commands.flatMap((one) => wordsOf(one, [...path, one.name()]))];
}

export function completionFor(shell: Shell, words: readonly Words[]): string {
  if (shell === 'fish') return fish(words);
  const cases = words.map(({ path, next }) => `    '${path}') words='${next.join(' ')}' ;;`).join('\n');
  const body = `_mizan() {
  local path='' word words=''
  local -a typed
  typed=("\${COMP_WORDS[@]:1:COMP_CWORD-1}")
  for word in "\${typed[@]}"; do
    case "$word" in -*) ;; *) case " ${[...new Set(words.flatMap(({ path }) => path.split(' ')))].filter((one) => one !== '').join(' ')} " in *" $word "*) path="\${path:+$path }$word" ;; esac ;; esac
  done
  case "$path" in
${cases}
  esac
  COMPREPLY=($(compgen -W "$words" -- "\${COMP_WORDS[COMP_CWORD]}") $(compgen -f -- "\${COMP_WORDS[COMP_CWORD]}"))
}
complete -o filenames -F _mizan mizan`;
  return shell === 'bash' ? body : `#compdef mizan\nautoload -U +X bashcompinit && bashcompinit\n${body}`;
}

function fish(words: readonly Words[]): string {
  const lines = words.flatMap(({ path, next }) => {
    const depth = path === '' ? [] : path.split(' ');
    const condition = depth.length === 0 ? '__fish_use_subcommand' : depth.map((one) => `__fish_seen_subcommand_from ${one}`).join('; and ');
    return next.map((word) => {
      const description = words.find((one) => one.path === [...depth, word].join(' '))?.description.replaceAll("'", '’').replaceAll('`', '') ?? '';
      return word.startsWith('--') ? `complete -c mizan -n '${condition}' -l ${word.slice(2)}` : `complete -c mizan -n '${condition}' -a ${word} -d '${description}'`;
    });
  });
  return lines.join('\n');
}
