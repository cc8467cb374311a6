/** How a page shows a job: a bar, the numbers, how it ended, and a way to cancel. Plain refresh moves it; the island `progress` moves it sooner. */

import type { VNode } from 'preact';
import type { Language } from '../../base/index.ts';
import { formatNumber } from '../text/index.ts';
import { isFinished, type JobView } from './model.ts';
import { jobText } from './text/index.ts';

/** Give pages with this component `refreshSeconds: jobRefreshSeconds(job)` and the script `assets.island('progress')`. */
export function jobRefreshSeconds(job: JobView): number | undefined {
  return isFinished(job.state) ? undefined : 2;
}

export function JobProgress({ job, language, returnTo }: { readonly job: JobView; readonly language: Language; readonly returnTo: string }): VNode {
  const t = jobText.in(language);
  const running = !isFinished(job.state);
  const number = (value: number): string => formatNumber(value, language);
  const counted = job.total === null ? t('done', { done: number(job.done) }) : t('done-of', { done: number(job.done), total: number(job.total) });
  return (
    <section class="job-progress" data-job={job.id} data-state={job.state} data-running={running ? 'yes' : 'no'} data-done={t('done', { done: '{done}' })} data-done-of={t('done-of', { done: '{done}', total: '{total}' })}>
      <p class="job-progress__state" role="status">
        <strong>{t(`state.${job.state}`)}</strong> <span data-part="count">{counted}</span>
      </p>
      {running ? (
        <progress class="job-progress__bar" aria-label={t('progress')} {...(job.total === null ? {} : { max: Math.max(job.total, 1), value: job.done })} />
      ) : null}
      <p class="job-progress__note" data-part="note">
        {job.note}
      </p>
      {job.error === null ? null : (
        <p class="job-progress__error">
          {job.error.message} <code>{job.error.code}</code>
        </p>
      )}
      {running ? (
        <form method="post" action={`/api/v1/jobs/${job.id}/cancel`}>
          <input type="hidden" name="return" value={returnTo} />
          <button type="submit" class="button button--secondary">
            {t('cancel')}
          </button>
        </form>
      ) : null}
    </section>
  );
}
