/** Somebody saved first: where you began, what they saved, what you wrote, and a choice for each field. */

import { Button, ButtonRow, EmptyState, Fieldset, LinkButton, Notice, PageHeading } from '../../../platform/html/components/index.ts';
import type { Page, PageContext } from '../../../platform/html/index.ts';
import { fieldOf } from '../fields.ts';
import { type SystemEntry, type SystemRecord, valueOf } from '../model.ts';
import { conflicts, proposal } from '../rules/merge.ts';
import { registryText } from '../text/index.ts';
import { fieldLabel, FieldValue } from './parts.tsx';

export interface StaleView {
  readonly current: SystemEntry;
  readonly base: SystemRecord | undefined;
  readonly baseRevision: number;
  readonly yours: SystemRecord;
  readonly reason: string;
}

export function stalePage(frame: PageContext, view: StaleView): Page {
  const { language } = frame;
  const t = registryText.in(language);
  const { current, base, yours } = view;
  const fields = conflicts(base, current.record, yours);
  const title = t('stale.title');
  const shown = (record: SystemRecord | undefined, key: string) => {
    const field = fieldOf(key);
    const value = record === undefined ? undefined : valueOf(record, key);
    return field === undefined || value === undefined ? <span class="muted">{t('form.choose')}</span> : <FieldValue field={field} value={value} language={language} />;
  };
  return {
    title,
    wide: true,
    body: (
      <>
        <PageHeading title={title} caption={current.record.name} lead={t('stale.lead', { current: current.revision, base: view.baseRevision })} />
        {fields.length === 0 ? (
          <EmptyState title={t('stale.same')} action={<LinkButton href={`/registry/${current.id}/manage`}>{t('mine.manage')}</LinkButton>} />
        ) : (
          <form method="post" action={`/registry/${current.id}/edit`}>
            <input type="hidden" name="revision" value={String(current.revision)} />
            <input type="hidden" name="reason" value={view.reason} />
            <input type="hidden" name="yours" value={JSON.stringify(yours)} />
            {fields.map((conflict) => (
              <Fieldset key={conflict.key} id={`pick.${conflict.key}`} legend={fieldLabel(conflict.key, language)} hint={t(conflict.changedBy === 'both' ? 'stale.both' : conflict.changedBy === 'yours' ? 'stale.only-yours' : 'stale.only-theirs')}>
                <div class="registry-three">
                  <div>
                    <strong>{t('stale.base')}</strong>
                    <div>{shown(base, conflict.key)}</div>
                  </div>
                  <div>
                    <strong>{t('stale.theirs')}</strong>
                    <div>{shown(current.record, conflict.key)}</div>
                    <label>
                      <input type="radio" name={`pick.${conflict.key}`} value="theirs" checked={proposal(conflict) === 'theirs'} /> {t('stale.take-theirs')}
                    </label>
                  </div>
                  <div>
                    <strong>{t('stale.yours')}</strong>
                    <div>{shown(yours, conflict.key)}</div>
                    <label>
                      <input type="radio" name={`pick.${conflict.key}`} value="yours" checked={proposal(conflict) === 'yours'} /> {t('stale.take-yours')}
                    </label>
                  </div>
                </div>
              </Fieldset>
            ))}
            <ButtonRow>
              <Button>{t('stale.save')}</Button>
              <LinkButton href={`/registry/${current.id}/manage`} tone="quiet">
                {t('form.cancel')}
              </LinkButton>
            </ButtonRow>
          </form>
        )}
        {fields.length === 0 ? null : <Notice tone="info">{t('stale.base')}: {t('page.version', { revision: view.baseRevision })}</Notice>}
      </>
    ),
  };
}
