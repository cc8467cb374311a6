/** What commands write: results to the output, everything else (progress, questions, problems) to the error output. */

import { createInterface } from 'node:readline/promises';

const BAR_WIDTH = 30;

export interface Progress {
  show(done: number, total: number | null, note: string | null): void;
  end(): void;
}

/** A bar that redraws one line; silent when nobody looks (not a terminal). */
export function progressBar(label: string): Progress {
  const out = process.stderr;
  if (!out.isTTY) return { show: () => undefined, end: () => undefined };
  return {
    show: (done, total, note) => {
      const share = total === null || total === 0 ? 0 : Math.min(1, done / total);
      const filled = Math.round(share * BAR_WIDTH);
      const numbers = total === null ? String(done) : `${done}/${total} ${Math.floor(share * 100)} %`;
      const line = `${label} [${'█'.repeat(filled)}${'·'.repeat(BAR_WIDTH - filled)}] ${numbers} ${note ?? ''}`;
      out.write(`\r\u001B[K${line.slice(0, (out.columns ?? 100) - 1)}`);
    },
    end: () => void out.write('\r\u001B[K'),
  };
}

/** Asks yes or no on the terminal; no when nobody can answer. */
export async function confirm(question: string): Promise<boolean> {
  if (!process.stdin.isTTY || !process.stderr.isTTY) return false;
  const reader = createInterface({ input: process.stdin, output: process.stderr });
  try {
    return /^(y|yes|hə|bəli|да|д)$/i.test((await reader.question(`${question} [y/N] `)).trim());
  } finally {
    reader.close();
  }
}

export function print(text: string): void {
  process.stdout.write(`${text}\n`);
}

export function tell(text: string): void {
  process.stderr.write(`${text}\n`);
}
