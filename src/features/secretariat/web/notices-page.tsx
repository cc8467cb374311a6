/** Which letters a person wants. */

import { BackLink, Button, Checkboxes, PageHeading } from '../../../platform/html/components/index.ts';
import type { Page, PageContext } from '../../../platform/html/index.ts';
import { NOTICE_KINDS, type NoticeKind } from '../model.ts';
import { secretariatText } from '../text/index.ts';
import { Told } from './words.tsx';

export function noticesPage(frame: PageContext, off: readonly NoticeKind[], said: string | undefined): Page {
  const t = secretariatText.in(frame.language);
  return {
    title: t('notices.title'),
    body: (
      <>
        <BackLink href="/secretariat/desk">{t('desk.title')}</BackLink>
        <Told said={said} language={frame.language} />
        <PageHeading title={t('notices.title')} lead={t('notices.lead')} />
        <form method="post" action="/secretariat/notices">
          <Checkboxes name="on" legend={t('notices.which')} values={NOTICE_KINDS.filter((kind) => !off.includes(kind))} options={NOTICE_KINDS.map((kind) => ({ value: kind, label: t(`notice.${kind}`), hint: t(`notice-hint.${kind}`) }))} />
          <Button>{t('form.save')}</Button>
        </form>
      </>
    ),
  };
}
