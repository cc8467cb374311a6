/** The workspace side of an entry: next steps, what is still to be told, the product it is a deployment of, confirmations. */

import type { VNode } from 'preact';
import { Breadcrumbs, Button, ButtonRow, Details, LinkButton, Notice, PageHeading, Section, Select, TextInput } from '../../../platform/html/components/index.ts';
import type { Page, PageContext } from '../../../platform/html/index.ts';
import type { Status, SystemEntry } from '../model.ts';
import { missingFor, TRANSITIONS } from '../rules/lifecycle.ts';
import { registryText } from '../text/index.ts';
import { fieldLabel } from './parts.tsx';

/** What the reader may do with this entry. */
export interface Can {
  readonly change: boolean;
  readonly register: boolean;
  readonly link: boolean;
}

/** An organisation's submitted entry goes back to it, and the one who sends it back says why. */
function isSendingBack(entry: SystemEntry, to: Status, can: Can): boolean {
  return can.register && entry.organisationId !== undefined && entry.status === 'submitted' && to === 'draft';
}

export function Steps({ entry, frame, said, can }: { readonly entry: SystemEntry; readonly frame: PageContext; readonly said?: string | undefined; readonly can: Can }): VNode {
  const t = registryText.in(frame.language);
  const next = can.change ? TRANSITIONS[entry.status].filter((to) => to !== 'registered' || can.register) : [];
  return (
    <Section title={t('manage.next')}>
      {said === undefined ? null : (
        <Notice tone="success" announce>
          {said}
        </Notice>
      )}
      {next.map((to) => {
        const missing = missingFor(entry.record, to);
        return missing.length === 0 ? null : (
          <Notice key={to} tone="warning" title={t('manage.missing', { status: t(`status.${to}`) })}>
            {missing.map((key, index) => (
              <>
                {index === 0 ? '' : ', '}
                <a href={`/registry/${entry.id}/edit#${key}`}>{fieldLabel(key, frame.language)}</a>
              </>
            ))}
          </Notice>
        );
      })}
      {entry.status === 'submitted' && !can.register ? <Notice>{t('manage.wait')}</Notice> : null}
      <ButtonRow>
        {entry.status === 'withdrawn' || !can.change ? null : <LinkButton href={`/registry/${entry.id}/edit`}>{t('manage.edit')}</LinkButton>}
        {next
          .filter((to) => missingFor(entry.record, to).length === 0)
          .map((to) => (
            <LinkButton key={to} href={`/registry/${entry.id}/move?to=${to}`} tone={to === 'withdrawn' ? 'danger' : 'secondary'}>
              {isSendingBack(entry, to, can) ? t('manage.send-back') : t(`manage.move-${to}`)}
            </LinkButton>
          ))}
        {frame.may('assessment.see') ? (
          <LinkButton href={`/assessment/${entry.id}`} tone="secondary">
            {t(frame.may('assessment.answer') ? 'manage.assess' : 'manage.assessment')}
          </LinkButton>
        ) : null}
        {entry.status === 'registered' || (entry.status === 'withdrawn' && entry.registeredAt !== undefined) ? (
          <LinkButton href={`/registry/${entry.id}`} tone="quiet">
            {t('manage.public-page')}
          </LinkButton>
        ) : null}
      </ButtonRow>
    </Section>
  );
}

export function ProductForm({ entry, frame }: { readonly entry: SystemEntry; readonly frame: PageContext }): VNode {
  const t = registryText.in(frame.language);
  return (
    <Details summary={t('manage.link-title')}>
      <p>{t('manage.link-lead')}</p>
      <form method="post" action={`/registry/${entry.id}/product`}>
        <input type="hidden" name="revision" value={String(entry.revision)} />
        <TextInput name="productName" label={t('manage.link-name')} value={entry.product?.name ?? entry.record.name} maxLength={300} />
        <TextInput name="productProvider" label={t('manage.link-provider')} value={entry.record.providerName} maxLength={300} optional />
        <ButtonRow>
          <Button tone="secondary">{t('manage.link-save')}</Button>
          {entry.product === undefined ? null : (
            <Button tone="quiet" name="remove" value="1">
              {t('manage.link-remove')}
            </Button>
          )}
        </ButtonRow>
      </form>
    </Details>
  );
}

/** Whose the entry is, and to whom it may be given. */
export function OwnerForm({ entry, frame, organisations }: { readonly entry: SystemEntry; readonly frame: PageContext; readonly organisations: readonly { readonly id: string; readonly name: string }[] }): VNode {
  const t = registryText.in(frame.language);
  return (
    <Details summary={t('manage.owner-title')}>
      <p>{t('manage.owner-lead', { body: entry.body.name })}</p>
      <form method="post" action={`/registry/${entry.id}/organisation`}>
        <Select name="organisation" label={t('manage.owner')} value={entry.organisationId ?? ''} emptyLabel={t('manage.owner-none')} options={organisations.map(({ id, name }) => ({ value: id, label: name }))} />
        <ButtonRow>
          <Button tone="secondary">{t('manage.owner-save')}</Button>
        </ButtonRow>
      </form>
    </Details>
  );
}

export function confirmPage(frame: PageContext, entry: SystemEntry, to: Status, can: Can): Page {
  const t = registryText.in(frame.language);
  const isBack = isSendingBack(entry, to, can);
  const step = isBack ? t('manage.send-back') : t(`manage.move-${to}`);
  return {
    title: step,
    body: (
      <>
        <Breadcrumbs items={[{ href: '/registry/mine', label: t('mine.title') }, { href: `/registry/${entry.id}/manage`, label: entry.record.name }, { label: step }]} />
        <PageHeading title={t('manage.confirm-title', { step, name: entry.record.name })} lead={isBack ? t('manage.confirm-send-back') : t(`manage.confirm-${to}`)} />
        <form method="post" action={`/registry/${entry.id}/move`}>
          <input type="hidden" name="revision" value={String(entry.revision)} />
          <input type="hidden" name="to" value={to} />
          <TextInput name="reason" label={t('form.reason')} hint={t('form.reason-hint')} optional={!isBack} required={isBack} maxLength={500} />
          <ButtonRow>
            <Button tone={to === 'withdrawn' ? 'danger' : 'primary'}>{step}</Button>
            <LinkButton href={`/registry/${entry.id}/manage`} tone="quiet">
              {t('form.cancel')}
            </LinkButton>
          </ButtonRow>
        </form>
      </>
    ),
  };
}
