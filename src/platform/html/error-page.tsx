/** The page that tells a person what went wrong and what to do next. */

import type { Problem } from '../http/errors.ts';
import { platformText } from '../text/platform/index.ts';
import { ButtonRow, ErrorSummary, LinkButton, PageHeading } from './components/index.ts';
import type { Page, PageContext } from './page.tsx';

export function errorPage(problem: Problem, context: PageContext): Page {
  const t = platformText.in(context.language);
  const [title, body] = words(problem, t);
  return {
    // That a page is missing tells itself; what a request lacked is said to be an error before all else.
    title: problem.status === 404 ? title : `${t('field.error')} ${title}`,
    body: (
      <>
        <PageHeading title={title} lead={body} />
        {problem.errors === undefined || problem.errors.length === 0 ? null : (
          <ErrorSummary
            title={t('error.details')}
            errors={problem.errors.map((error) => ({
              message: (
                <>
                  {error.path === '' ? null : <code>{error.path}</code>} {error.message}
                </>
              ),
            }))}
          />
        )}
        <ButtonRow>
          <LinkButton href="/">{t('error.home')}</LinkButton>
        </ButtonRow>
      </>
    ),
  };
}

function words(problem: Problem, t: ReturnType<typeof platformText.in>): readonly [string, string] {
  switch (problem.status) {
    case 404:
      return [t('error.not-found.title'), t('error.not-found.body')];
    case 413:
      return [t('error.too-large.title'), problem.detail ?? t('error.bad-request.title')];
    case 429:
      return [t('error.too-many.title'), problem.detail ?? t('error.too-many.body', { seconds: 60 })];
    case 503:
      if (problem.code === 'database-broken') return [t('error.database-broken.title'), t('error.database-broken.body')];
      if (problem.code === 'database-away') return [t('error.database-away.title'), t('error.database-away.body')];
      return [t('error.busy.title'), t('error.busy.body')];
    case 507:
      return [t('error.disk-full.title'), t('error.disk-full.body')];
    default:
      return problem.status >= 500
        ? [t('error.fault.title'), t('error.fault.body', { id: problem.instance })]
        : [t('error.bad-request.title'), problem.detail ?? problem.title];
  }
}
