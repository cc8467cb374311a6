/** Waits for a job and draws its progress; an interrupt cancels the job. */

import type { Client } from '../client.ts';
import { Exit, EXIT } from '../exit.ts';
import type { Progress } from '../terminal.ts';

const LOOK_MS = 250;

interface JobAnswer {
  readonly state: 'waiting' | 'running' | 'done' | 'failed' | 'cancelled';
  readonly done: number;
  readonly total: number | null;
  readonly note: string | null;
  readonly error: { readonly code: string; readonly message: string } | null;
}

/** Returns when the job is done; a failed or cancelled one becomes an Exit. */
export async function followJob(client: Client, id: string, progress: Progress): Promise<void> {
  const cancel = (): void => void client.request('POST', `/api/v1/jobs/${id}/cancel`, {}).catch(() => undefined);
  process.once('SIGINT', cancel);
  try {
    for (;;) {
      const job = await client.request<JobAnswer>('GET', `/api/v1/jobs/${id}`);
      progress.show(job.done, job.total, job.note);
      if (job.state === 'done') return;
      if (job.state === 'cancelled') throw new Exit(EXIT.refused, 'Cancelled; nothing was changed.', { code: 'cancelled' });
      if (job.state === 'failed') throw new Exit(EXIT.fault, `${job.error?.message ?? 'The job failed.'} (${job.error?.code ?? 'fault'})`, { code: job.error?.code ?? 'fault', detail: job.error?.message ?? '' });
      await new Promise((resolve) => setTimeout(resolve, LOOK_MS));
    }
  } finally {
    process.off('SIGINT', cancel);
    progress.end();
  }
}
