/** The file of the CNIL's PIA program: take one over, or take one away. */

import { Button, ErrorSummary, FileUpload, LinkButton, PageHeading, Section } from '../../../platform/html/components/index.ts';
import { LookOnly, type Page, type PageContext } from '../../../platform/html/index.ts';
import { IMPORT_BYTES_MAX, type ImpactView } from '../model.ts';
import { impactText } from '../text/index.ts';
import { Trail } from './assessment-page.tsx';

export function piaPage(frame: PageContext, view: ImpactView, refusal?: string): Page {
  const { language } = frame;
  const t = impactText.in(language);
  const { row } = view;
  return {
    title: `${t('pia.title')} (№ ${row.number}): ${row.systemName}`,
    body: (
      <>
        <Trail view={view} language={language} at={{ label: t('pia.title'), href: `/impact/${row.id}/pia` }} />
        {refusal === undefined ? null : <ErrorSummary errors={[{ message: refusal, field: 'pia-file' }]} />}
        <PageHeading title={t('pia.title')} caption={row.systemName} lead={t('pia.lead')} />
        <Section title={t('pia.out')}>
          <p>{t('pia.out-body')}</p>
          <LinkButton href={`/impact/${row.id}/pia.json`}>{t('pia.out')}</LinkButton>
        </Section>
        {row.state === 'open' && !frame.may('impact.write') ? <LookOnly frame={frame} /> : null}
        {row.state !== 'open' || !frame.may('impact.write') ? null : (
          <Section title={t('pia.in')}>
            <p>{t('pia.in-body')}</p>
            <form method="post" action={`/impact/${row.id}/pia?after=${row.step}`} enctype="multipart/form-data">
              <FileUpload id="pia-file" name="file" label={t('page.import-file')} accept=".json" megabytesMax={IMPORT_BYTES_MAX / 1024 / 1024} required />
              <Button tone="secondary">{t('page.import-send')}</Button>
            </form>
          </Section>
        )}
      </>
    ),
  };
}
