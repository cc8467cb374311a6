/** What the workspace adds to the pages of the register. */

import type { VNode } from 'preact';
import { LinkButton } from '../../../platform/html/components/index.ts';
import type { PageContext } from '../../../platform/html/index.ts';
import type { SystemEntry } from '../model.ts';
import { registryText } from '../text/index.ts';
import { SourceCells } from './entry-page.tsx';
import { ProductForm, Steps } from './manage-parts.tsx';

export const workspaceParts = {
  list: (frame: PageContext): { readonly title: string; readonly lead: string; readonly actions: VNode } => {
    const t = registryText.in(frame.language);
    return { title: t('mine.title'), lead: t('mine.lead'), actions: <LinkButton href="/registry/new">{t('mine.new')}</LinkButton> };
  },
  entry: (frame: PageContext, entry: SystemEntry, said: string | undefined): { readonly before: VNode; readonly after: VNode } => {
    const t = registryText.in(frame.language);
    const sentence = said === 'saved' ? t('manage.saved', { revision: entry.revision }) : said === 'moved' ? t('manage.moved', { status: t(`status.${entry.status}`) }) : undefined;
    return {
      before: <Steps entry={entry} frame={frame} said={sentence} />,
      after: (
        <>
          <ProductForm entry={entry} frame={frame} />
          <SourceCells record={entry.record} frame={frame} />
        </>
      ),
    };
  },
};
