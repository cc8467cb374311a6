/** The page of all imports: a form for a new one, the earlier ones, and the sources that are known. */

import type { VNode } from 'preact';
import type { Page, PageContext } from '../../../platform/html/index.ts';
import { Button, ButtonRow, Card, Details, EmptyState, FileUpload, Grid, PageHeading, Pagination, Section, Select, Table } from '../../../platform/html/components/index.ts';
import { formatNumber, formatTime } from '../../../platform/text/index.ts';
import type { ImportView } from '../model/import.ts';
import { intakeText } from '../text/index.ts';
import type { KnownProfile } from '../store/profiles.ts';
import { StateTag } from './state-tag.tsx';

export const ENCODINGS = ['utf-8', 'windows-1252', 'windows-1251', 'windows-1254', 'utf-16le', 'utf-16be', 'iso-8859-5', 'koi8-r', 'cp866', 'gb18030', 'shift_jis'] as const;

export interface ListParts {
  readonly imports: readonly ImportView[];
  readonly next?: string;
  readonly profiles: readonly KnownProfile[];
  readonly megabytesMax: number;
  readonly chosen?: string;
}

export function listPage(frame: PageContext, parts: ListParts): Page {
  const t = intakeText.in(frame.language);
  return {
    title: t('title'),
    wide: true,
    body: (
      <>
        <PageHeading title={t('title')} lead={t('lead')} />
        <Section title={t('upload.title')} id="new">
          <UploadForm frame={frame} parts={parts} />
        </Section>
        <Section title={t('list.title')} id="earlier">
          {parts.imports.length === 0 ? <EmptyState title={t('list.empty')} level={3} /> : <ImportTable frame={frame} parts={parts} />}
        </Section>
        <Section title={t('profiles.title')} id="profiles" lead={t('profiles.lead')}>
          <Grid size="large">
            {parts.profiles.map((known) => (
              <ProfileCard key={known.profile.id} known={known} frame={frame} />
            ))}
          </Grid>
        </Section>
      </>
    ),
  };
}

function UploadForm({ frame, parts }: { readonly frame: PageContext; readonly parts: ListParts }): VNode {
  const t = intakeText.in(frame.language);
  return (
    <form method="post" action="/intake" encType="multipart/form-data">
      <FileUpload name="file" label={t('upload.file')} hint={t('upload.file.hint')} accept=".csv,.tsv,.txt,.xlsx,.json,.jsonl,.ndjson" megabytesMax={parts.megabytesMax} required />
      <Select
        name="profile"
        label={t('upload.profile')}
        hint={t('upload.profile.hint')}
        value={parts.chosen}
        options={[...parts.profiles.map(({ profile }) => ({ value: profile.id, label: profile.name[frame.language] })), { value: 'unmapped', label: t('upload.unknown') }]}
      />
      <Details summary={t('upload.encoding')}>
        <Select name="encoding" label={t('import.encoding')} emptyLabel={t('upload.encoding.auto')} options={ENCODINGS.map((name) => ({ value: name, label: name }))} />
      </Details>
      <ButtonRow>
        <Button>{t('upload.submit')}</Button>
      </ButtonRow>
    </form>
  );
}

function ImportTable({ frame, parts }: { readonly frame: PageContext; readonly parts: ListParts }): VNode {
  const { language } = frame;
  const t = intakeText.in(language);
  const names = new Map(parts.profiles.map(({ profile }) => [profile.id, profile.name[language]]));
  return (
    <>
      <Table
        caption={t('list.title')}
        captionHidden
        phone="stack"
        rows={parts.imports}
        rowKey={(view) => view.id}
        columns={[
          { key: 'file', head: t('list.file'), rowHead: true, cell: (view) => <a href={`/intake/${view.id}`}>{view.fileName || view.fileSha256.slice(0, 12)}</a> },
          { key: 'source', head: t('list.source'), cell: (view) => names.get(view.profile) ?? view.rules.name[language] },
          { key: 'state', head: t('list.state'), cell: (view) => <StateTag state={view.state} language={language} /> },
          { key: 'rows', head: t('list.rows'), numeric: true, cell: (view) => (view.counts === null ? '' : formatNumber(view.counts.read, language)) },
          { key: 'when', head: t('list.when'), cell: (view) => <time dateTime={view.createdAt}>{formatTime(view.createdAt, language)}</time> },
        ]}
      />
      <Pagination {...(parts.next === undefined ? {} : { next: parts.next })} />
    </>
  );
}

function ProfileCard({ known, frame }: { readonly known: KnownProfile; readonly frame: PageContext }): VNode {
  const { profile } = known;
  const t = intakeText.in(frame.language);
  return (
    <Card
      title={profile.name[frame.language]}
      meta={<code>{profile.id}</code>}
      footer={
        <a href={`/intake/profiles/${profile.id}.yaml`} download>
          {t('profiles.download')}
        </a>
      }
    >
      <p>{profile.note[frame.language]}</p>
      <p>{t('profiles.publisher', { publisher: profile.publisher })}</p>
      <p>{t('profiles.licence', { licence: profile.licence })}</p>
      <p>{t('profiles.status', { status: t(`entry.${profile.status}`) })}</p>
    </Card>
  );
}
