/** What the workspace adds to the pages of the register. */

import type { VNode } from 'preact';
import { LinkButton } from '../../../platform/html/components/index.ts';
import type { PageContext } from '../../../platform/html/index.ts';
import type { SystemEntry } from '../model.ts';
import type { Attachment } from '../store/attachments.ts';
import { registryText } from '../text/index.ts';
import { AttachmentList } from './attachments.tsx';
import { SourceCells } from './entry-page.tsx';
import { ProductForm, Steps } from './manage-parts.tsx';

export function publicFiles(frame: PageContext, entry: SystemEntry, files: readonly Attachment[]): VNode {
  return <AttachmentList systemId={entry.id} items={files} frame={frame} />;
}

export const workspaceParts = {
  list: (frame: PageContext): { readonly title: string; readonly lead: string; readonly actions: VNode } => {
    const t = registryText.in(frame.language);
    return { title: t('mine.title'), lead: t('mine.lead'), actions: <LinkButton href="/registry/new">{t('mine.new')}</LinkButton> };
  },
  entry: (frame: PageContext, entry: SystemEntry, said: string | undefined, files: readonly Attachment[] | undefined): { readonly before: VNode; readonly after: VNode } => {
    const t = registryText.in(frame.language);
    const sentence = said === 'saved' ? t('manage.saved', { revision: entry.revision }) : said === 'moved' ? t('manage.moved', { status: t(`status.${entry.status}`) }) : said === 'attached' ? t('attachment.added') : undefined;
    return {
      before: <Steps entry={entry} frame={frame} said={sentence} />,
      after: (
        <>
          {files === undefined ? null : <AttachmentList systemId={entry.id} items={files} frame={frame} />}
          <ProductForm entry={entry} frame={frame} />
          <SourceCells record={entry.record} frame={frame} />
        </>
      ),
    };
  },
};
