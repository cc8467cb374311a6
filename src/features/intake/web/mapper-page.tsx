/** The mapper page: a field of the register for each column of an unknown file, with sample values, saved as a profile. */

import type { VNode } from 'preact';
import { Breadcrumbs, Button, ButtonRow, ErrorSummary, Notice, PageHeading, Radios, Select, Table, TextInput } from '../../../platform/html/components/index.ts';
import type { Page, PageContext } from '../../../platform/html/index.ts';
import type { ImportView } from '../model/import.ts';
import type { ProfileProblem } from '../model/profile.ts';
import { MAPPABLE } from '../rules/draft-profile.ts';
import { intakeText } from '../text/index.ts';

export interface MapperColumn {
  readonly name: string;
  readonly samples: readonly string[];
  /** Field key chosen or found by its name; '' for none. */
  readonly field: string;
}

export interface MapperParts {
  readonly view: ImportView;
  readonly columns: readonly MapperColumn[];
  readonly values: Readonly<Record<string, string>>;
  readonly problems: readonly ProfileProblem[];
  readonly fieldLabel: (key: string) => string;
}

export function mapperPage(frame: PageContext, parts: MapperParts): Page {
  const t = intakeText.in(frame.language);
  const { view, values } = parts;
  return {
    title: t('map.title'),
    wide: true,
    body: (
      <>
        <Breadcrumbs items={[{ label: t('title'), href: '/intake' }, { label: view.fileName, href: `/intake/${view.id}` }, { label: t('map.title') }]} />
        {parts.problems.length === 0 ? null : <ErrorSummary title={t('map.problems')} errors={parts.problems.map((problem) => ({ message: `${problem.path}: ${problem.message}` }))} />}
        <PageHeading title={t('map.title')} lead={t('map.lead')} />
        <Notice tone="info">{t('map.again')}</Notice>
        <form method="post" action={`/intake/${view.id}/map`}>
          <ColumnTable frame={frame} parts={parts} />
          <Select name="key" label={t('map.key')} value={values['key']} emptyLabel={t('map.key.none')} options={parts.columns.map((column, index) => ({ value: String(index), label: column.name }))} />
          <Radios name="date" legend={t('map.date')} value={values['date'] ?? 'day-first'} options={[{ value: 'day-first', label: t('map.date.day') }, { value: 'month-first', label: t('map.date.month') }]} />
          <TextInput name="organisation" label={t('map.organisation')} value={values['organisation']} optional />
          <TextInput name="licence" label={t('map.licence')} value={values['licence']} optional />
          <Radios name="status" legend={t('map.status')} value={values['status'] ?? 'draft'} options={(['draft', 'registered'] as const).map((status) => ({ value: status, label: t(`entry.${status}`) }))} />
          <TextInput name="id" label={t('map.id')} value={values['id'] ?? ''} required width="half" />
          <ButtonRow>
            <Button>{t('map.save')}</Button>
          </ButtonRow>
        </form>
      </>
    ),
  };
}

function ColumnTable({ frame, parts }: { readonly frame: PageContext; readonly parts: MapperParts }): VNode {
  const t = intakeText.in(frame.language);
  const options = MAPPABLE.map((field) => ({ value: field.key, label: parts.fieldLabel(field.key) }));
  return (
    <Table
      caption={t('map.title')}
      captionHidden
      phone="stack"
      rows={parts.columns}
      rowKey={(_column, index) => index}
      columns={[
        { key: 'column', head: t('map.column'), rowHead: true, cell: (column) => <code>{column.name}</code> },
        { key: 'samples', head: t('map.samples'), width: 'wide', cell: (column) => column.samples.map((sample, index) => <div key={index}>{sample}</div>) },
        { key: 'field', head: t('map.field'), cell: (column, index) => <Select name={`field-${index}`} id={`field-${index}`} label={t('map.field.of', { column: column.name })} labelHidden value={column.field} emptyLabel={t('map.none')} options={options} /> },
      ]}
    />
  );
}
