/** What the workspace adds to the pages of the register. */

import type { VNode } from 'preact';
import { LinkButton } from '../../../platform/html/components/index.ts';
import type { PageContext } from '../../../platform/html/index.ts';
import type { SystemEntry } from '../model.ts';
import type { Attachment } from '../store/attachments.ts';
import { registryText } from '../text/index.ts';
import { AttachmentList } from './attachments.tsx';
import { SourceCells } from './entry-page.tsx';
import { type Can, OwnerForm, ProductForm, Steps } from './manage-parts.tsx';

export function publicFiles(frame: PageContext, entry: SystemEntry, files: readonly Attachment[]): VNode {
  return <AttachmentList systemId={entry.id} items={files} frame={frame} />;
}

interface WorkspaceView {
  readonly said: string | undefined;
  /** Undefined where there is no folder for files. */
  readonly files: readonly Attachment[] | undefined;
  readonly can: Can;
  /** Undefined where organisations are not known. */
  readonly organisations: readonly { readonly id: string; readonly name: string }[] | undefined;
}

export const workspaceParts = {
  list: (frame: PageContext): { readonly title: string; readonly lead: string; readonly actions?: VNode } => {
    const t = registryText.in(frame.language);
    return { title: t('mine.title'), lead: t('mine.lead'), ...(frame.may('system.create') ? { actions: <LinkButton href="/registry/new">{t('mine.new')}</LinkButton> } : {}) };
  },
  entry: (frame: PageContext, entry: SystemEntry, { said, files, can, organisations }: WorkspaceView): { readonly before: VNode; readonly after: VNode; readonly mayRestore: boolean } => {
    const t = registryText.in(frame.language);
    const sentence = said === 'saved' ? t('manage.saved', { revision: entry.revision }) : said === 'moved' ? t('manage.moved', { status: t(`status.${entry.status}`) }) : said === 'attached' ? t('attachment.added') : said === 'given' ? t('manage.owner-saved') : undefined;
    return {
      before: <Steps entry={entry} frame={frame} said={sentence} can={can} />,
      mayRestore: can.change,
      after: (
        <>
          {files === undefined ? null : <AttachmentList systemId={entry.id} items={files} frame={frame} mayChange={can.change} />}
          {can.link ? <ProductForm entry={entry} frame={frame} /> : null}
          {can.link && organisations !== undefined ? <OwnerForm entry={entry} frame={frame} organisations={organisations} /> : null}
          <SourceCells record={entry.record} frame={frame} />
        </>
      ),
    };
  },
};
