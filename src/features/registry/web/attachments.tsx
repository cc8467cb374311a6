/** Attachments on the page of an entry: the public's list, and the workspace's list with its form. */

import type { VNode } from 'preact';
import { Button, ButtonRow, Checkboxes, FileUpload, Section, Select } from '../../../platform/html/components/index.ts';
import type { PageContext } from '../../../platform/html/index.ts';
import { ATTACHMENT_BYTES_MAX } from '../../../platform/files/index.ts';
import { type Attachment, ATTACHMENT_KINDS } from '../store/attachments.ts';
import { registryText } from '../text/index.ts';

export function AttachmentList({ systemId, items, frame, mayChange = false }: { readonly systemId: string; readonly items: readonly Attachment[]; readonly frame: PageContext; readonly mayChange?: boolean }): VNode | null {
  const t = registryText.in(frame.language);
  const inWorkspace = frame.area === 'workspace';
  if (items.length === 0 && !inWorkspace) return null;
  const base = `/registry/${systemId}${inWorkspace ? '/manage' : ''}/attachments`;
  return (
    <Section title={t('attachment.title')} id="attachments">
      {items.length === 0 ? <p class="muted">{t('attachment.none')}</p> : (
        <ul class="registry-items">
          {items.map((one) => (
            <li key={one.id}>
              <a href={`${base}/${one.id}`} download>
                {one.name}
              </a>{' '}
              <span class="muted">
                {t(`attachment.kind.${one.kind}`)}, {t('attachment.size', { kilobytes: Math.max(1, Math.round(one.bytes / 1024)) })}
                {one.isPublic ? '' : `, ${t('attachment.not-public')}`}
              </span>
              {mayChange ? (
                <form method="post" action={`/registry/${systemId}/attachments/${one.id}/remove`}>
                  <Button tone="quiet">
                    {t('attachment.remove')}
                    <span class="visually-hidden"> {one.name}</span>
                  </Button>
                </form>
              ) : null}
            </li>
          ))}
        </ul>
      )}
      {mayChange ? <AttachmentForm systemId={systemId} frame={frame} /> : null}
    </Section>
  );
}

function AttachmentForm({ systemId, frame }: { readonly systemId: string; readonly frame: PageContext }): VNode {
  const t = registryText.in(frame.language);
  return (
    <form method="post" action={`/registry/${systemId}/attachments`} enctype="multipart/form-data">
      <Select name="kind" label={t('attachment.kind')} value="other" options={ATTACHMENT_KINDS.map((kind) => ({ value: kind, label: t(`attachment.kind.${kind}`) }))} />
      <Checkboxes name="public" legend={t('attachment.public')} legendHidden options={[{ value: 'yes', label: t('attachment.public'), hint: t('attachment.public-hint') }]} />
      <FileUpload name="file" label={t('attachment.file')} hint={t('attachment.lead', { megabytes: ATTACHMENT_BYTES_MAX / 1024 / 1024 })} />
      <ButtonRow>
        <Button tone="secondary">{t('attachment.add')}</Button>
      </ButtonRow>
    </form>
  );
}
