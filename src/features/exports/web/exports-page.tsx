/** The open-data page: every format with what it is for. */

import type { Page, PageContext } from '../../../platform/html/index.ts';
import { Notice, PageHeading, Table } from '../../../platform/html/components/index.ts';
import { FORMATS } from '../model.ts';
import { exportsText } from '../text/index.ts';

export function exportsPage(frame: PageContext, q: string | undefined): Page {
  const t = exportsText.in(frame.language);
  const query = q === undefined || q === '' ? '' : `?q=${encodeURIComponent(q)}`;
  return {
    title: t('title'),
    description: t('lead'),
    body: (
      <>
        <PageHeading title={t('title')} lead={t('lead')} />
        {query === '' ? null : <Notice>{t('filtered', { q: q ?? '' })}</Notice>}
        <Table
          caption={t('title')}
          captionHidden
          phone="stack"
          rows={FORMATS}
          rowKey={(format) => format}
          columns={[
            { key: 'format', head: t('format'), cell: (format) => <strong>{format.toUpperCase()}</strong>, rowHead: true },
            { key: 'for', head: t('for'), cell: (format) => t(format), width: 'wide' },
            {
              key: 'download',
              head: t('download'),
              cell: (format) => (
                <a href={`/exports/${format}${query}`} download>
                  {t('download')} {format.toUpperCase()}
                </a>
              ),
            },
          ]}
        />
      </>
    ),
  };
}
