/** The matrix of themes and frameworks, the frameworks, and the files to take away. */

import type { VNode } from 'preact';
import type { Language } from '../../../base/index.ts';
import type { Framework, Theme } from '../../../law/crosswalk/index.ts';
import { isReviewed } from '../../../law/crosswalk/index.ts';
import type { Page, PageContext } from '../../../platform/html/index.ts';
import { Card, Grid, LinkButton, Notice, PageHeading, Section, Table, Tag } from '../../../platform/html/components/index.ts';
import type { Crosswalks } from '../model.ts';
import { addressOf, codeOf } from '../rules/words.ts';
import { crosswalkText } from '../text/index.ts';

export function matrixPage(frame: PageContext, crosswalks: Crosswalks): Page {
  const { language } = frame;
  const t = crosswalkText.in(language);
  const { frameworks, themes } = crosswalks.crosswalk;
  return {
    title: t('title'),
    description: t('intro'),
    wide: true,
    body: (
      <>
        <PageHeading title={t('title')} lead={t('intro')} actions={<LinkButton href="/crosswalk/count">{t('count.link')}</LinkButton>} />
        <ReviewNotice crosswalks={crosswalks} language={language} />
        <Section title={t('matrix')} lead={t('matrix.lead')}>
          <Table
            caption={t('matrix')}
            captionHidden
            phone="stack"
            rows={themes}
            rowKey={(theme) => theme.id}
            columns={[
              { key: 'theme', head: t('matrix.theme'), rowHead: true, cell: (theme) => theme.label[language] },
              ...frameworks.map((framework) => ({ key: framework.id, head: framework.title[language], cell: (theme: Theme) => <Cell crosswalks={crosswalks} framework={framework} theme={theme} language={language} /> })),
            ]}
          />
        </Section>
        <Section title={t('frameworks')}>
          <Grid>
            {frameworks.map((framework) => (
              <Card key={framework.id} title={framework.title[language]} href={`/crosswalk/${framework.id}`} meta={<IdsTag framework={framework} language={language} />}>
                <p>
                  {framework.version}. {t('framework.items', { count: framework.items.length })}, {t('framework.mapped', { count: framework.items.filter((item) => crosswalks.relations(item.id).length > 0).length })}
                </p>
              </Card>
            ))}
          </Grid>
        </Section>
        <Section title={t('sets')} lead={t('sets.lead')}>
          <Table
            caption={t('sets')}
            captionHidden
            phone="stack"
            rows={crosswalks.files}
            rowKey={(file) => file.set.id}
            columns={[
              { key: 'name', head: t('sets.name'), rowHead: true, cell: (file) => <a href={`/crosswalk/sets/${file.set.file}`}>{file.set.file}</a> },
              { key: 'rows', head: t('sets.rows'), numeric: true, cell: (file) => file.set.rows.length },
              { key: 'reviewed', head: t('sets.reviewed'), numeric: true, cell: (file) => file.set.rows.filter(isReviewed).length },
              { key: 'licence', head: t('sets.licence'), cell: (file) => file.set.licence },
            ]}
          />
        </Section>
      </>
    ),
  };
}

function Cell({ crosswalks, framework, theme, language }: { readonly crosswalks: Crosswalks; readonly framework: Framework; readonly theme: Theme; readonly language: Language }): VNode {
  const items = theme.items.flatMap((id) => {
    const found = crosswalks.item(id);
    return found?.framework === framework ? [found.item] : [];
  });
  if (items.length === 0) return <span class="crosswalk-none">{crosswalkText.in(language)('matrix.none')}</span>;
  return (
    <ul class="crosswalk-codes">
      {items.map((item) => (
        <li key={item.id}>
          <a href={addressOf(framework, item)} title={item.label[language]}>
            {codeOf(item, language)}
          </a>
        </li>
      ))}
    </ul>
  );
}

/** What the rows are worth as they stand: counted from the files, never written by hand. */
export function ReviewNotice({ crosswalks, language }: { readonly crosswalks: Crosswalks; readonly language: Language }): VNode {
  const t = crosswalkText.in(language);
  return <Notice tone="warning">{crosswalks.reviewedCount === 0 ? t('review.none') : t('review.some', { rows: crosswalks.rowCount, reviewed: crosswalks.reviewedCount })}</Notice>;
}

export function IdsTag({ framework, language }: { readonly framework: Framework; readonly language: Language }): VNode {
  const t = crosswalkText.in(language);
  const { evidence } = framework;
  if (evidence === 'V' || evidence === 'S' || evidence === 'K') return <Tag tone={evidence === 'V' ? 'success' : 'warning'}>{t(`evidence.${evidence}`)}</Tag>;
  return <Tag tone="warning">{t('evidence.other', { mark: evidence })}</Tag>;
}
