/** The few numbers that motions go by and that no constitution fixes. */

import { Button, ButtonRow, Notice, PageHeading, Radios, TextInput } from '../../../platform/html/components/index.ts';
import { LookOnly, type Page, type PageContext } from '../../../platform/html/index.ts';
import type { Settings } from '../model.ts';
import { motionText } from '../text/index.ts';

export function settingsPage(frame: PageContext, settings: Settings, isSaved: boolean): Page {
  const t = motionText.in(frame.language);
  return {
    title: t('settings.title'),
    body: (
      <>
        {isSaved ? <Notice tone="success" announce title={t('said.saved')} /> : null}
        <PageHeading title={t('settings.title')} lead={t('settings.lead')} />
        {frame.may('motion.set') ? (
          <form method="post" action="/motions/settings">
            <TextInput name="supporters" inputMode="numeric" width="5" label={t('settings.supporters')} hint={t('settings.supporters-hint')} value={String(settings.supportersMin)} required />
            <Radios name="adopt" legend={t('settings.adopt')} hint={t('settings.adopt-hint')} value={settings.adoptByDecision ? 'yes' : 'no'} options={[{ value: 'yes', label: t('settings.yes') }, { value: 'no', label: t('settings.no') }]} />
            <TextInput name="hours" inputMode="numeric" width="5" label={t('settings.hours')} value={String(settings.closingNoticeHours)} required />
            <ButtonRow>
              <Button>{t('form.save')}</Button>
            </ButtonRow>
          </form>
        ) : (
          <LookOnly frame={frame} />
        )}
      </>
    ),
  };
}
