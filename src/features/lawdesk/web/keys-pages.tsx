/** Pages of keys: whom the register believes, how a key is added, and how one is revoked. */

import type { VNode } from 'preact';
import type { Language } from '../../../base/index.ts';
import { AuthorField, LookOnly, type Page, type PageContext } from '../../../platform/html/index.ts';
import { Button, EmptyState, ErrorSummary, PageHeading, Section, SummaryList, Table, Tag, TextArea, Timeline } from '../../../platform/html/components/index.ts';
import { compareText, formatDate } from '../../../platform/text/index.ts';
import { AUTHOR_LENGTH_MAX, REASON_LENGTH_MAX } from '../model/install.ts';
import { type DeskKey, KEY_LINES_LENGTH_MAX, type KeyAct, type KeyRefusal } from '../model/keys.ts';
import { keyRefusalText } from '../rules/install-words.ts';
import { readableFingerprint } from '../rules/short-digest.ts';
import { packsText } from '../text/packs/index.ts';
import { Digest, Trail } from './packs-pages.tsx';

export interface KeysParts {
  readonly keys: readonly DeskKey[];
  readonly acts: readonly KeyAct[];
  readonly refusal?: KeyRefusal;
  readonly given?: { readonly lines: string; readonly author: string; readonly reason: string };
}

/** The field an error belongs to. */
function fieldOf(refusal: KeyRefusal | undefined): 'author' | 'reason' | 'lines' | undefined {
  if (refusal === undefined) return undefined;
  return refusal.code === 'no-author' ? 'author' : refusal.code === 'no-reason' ? 'reason' : 'lines';
}

export function keysPage(frame: PageContext, { keys, acts, refusal, given }: KeysParts): Page {
  const { language } = frame;
  const t = packsText.in(language);
  const message = refusal === undefined ? undefined : keyRefusalText(refusal, language);
  const field = fieldOf(refusal);
  return {
    title: t('keys.title'),
    body: (
      <>
        <Trail language={language} last={t('keys.title')} />
        <ErrorSummary errors={message === undefined ? [] : [{ field, message }]} />
        <PageHeading title={t('keys.title')} lead={t('keys.lead')} />
        {keys.length === 0 ? <EmptyState title={t('keys.empty')} /> : <KeyTable keys={keys} language={language} />}
        <Section title={t('keys.add')} id="add">
          {!frame.may('law.trust') ? <LookOnly frame={frame} /> : (
            <form method="post" action="/lawdesk/keys">
              <TextArea name="lines" label={t('keys.lines')} hint={t('keys.lines.hint')} rows={4} maxLength={KEY_LINES_LENGTH_MAX} value={given?.lines} error={field === 'lines' ? message : undefined} code required />
              <TextArea name="reason" label={t('keys.reason')} hint={t('keys.reason-add.hint')} rows={2} maxLength={REASON_LENGTH_MAX} value={given?.reason} error={field === 'reason' ? message : undefined} required />
              <AuthorField frame={frame} name="author" label={t('author')} hint={t('author.hint')} maxLength={AUTHOR_LENGTH_MAX} width="half" value={given?.author} error={field === 'author' ? message : undefined} required />
              <Button>{t('keys.add')}</Button>
            </form>
          )}
        </Section>
        <History acts={acts} language={language} />
      </>
    ),
  };
}

export interface KeyParts {
  readonly key: DeskKey;
  readonly acts: readonly KeyAct[];
  readonly refusal?: KeyRefusal;
  readonly given?: { readonly author: string; readonly reason: string };
}

export function keyPage(frame: PageContext, { key, acts, refusal, given }: KeyParts): Page {
  const { language } = frame;
  const t = packsText.in(language);
  const message = refusal === undefined ? undefined : keyRefusalText(refusal, language);
  const field = fieldOf(refusal);
  return {
    title: key.name,
    body: (
      <>
        <Trail language={language} keys last={key.name} />
        <ErrorSummary errors={message === undefined ? [] : [{ field, message }]} />
        <PageHeading title={key.name} caption={t(`role.${key.role}`)} tags={<StateTag state={key} language={language} />} />
        <SummaryList
          rows={[
            { label: t('keys.fingerprint'), value: <><strong>{readableFingerprint(key.fingerprint)}</strong><br /><Digest of={key.fingerprint} /></> },
            { label: t('key.key'), value: <Digest of={key.key} /> },
            { label: t('keys.added'), value: t('keys.by', { date: formatDate(key.addedAt, language), author: key.addedBy }) },
          ]}
        />
        {key.revokedAt === undefined && frame.may('law.trust') ? (
          <Section title={t('keys.revoke')} id="revoke" lead={t('keys.revoke.lead')}>
            <form method="post" action={`/lawdesk/keys/${key.fingerprint}/revoke`}>
              <TextArea name="reason" label={t('keys.reason')} rows={2} maxLength={REASON_LENGTH_MAX} value={given?.reason} error={field === 'reason' ? message : undefined} required />
              <AuthorField frame={frame} name="author" label={t('author')} hint={t('author.hint')} maxLength={AUTHOR_LENGTH_MAX} width="half" value={given?.author} error={field === 'author' ? message : undefined} required />
              <Button tone="danger">{t('keys.revoke')}</Button>
            </form>
          </Section>
        ) : null}
        <History acts={acts} language={language} />
      </>
    ),
  };
}

/** By what a key may do, and then by name in the order of the language. */
function inOrder(keys: readonly DeskKey[], language: Language): readonly DeskKey[] {
  const compare = compareText(language);
  return keys.toSorted((one, two) => (one.role === two.role ? compare(one.name, two.name) : one.role < two.role ? -1 : 1));
}

function KeyTable({ keys, language }: { readonly keys: readonly DeskKey[]; readonly language: Language }): VNode {
  const t = packsText.in(language);
  return (
    <Table
      caption={t('keys.title')}
      captionHidden
      phone="stack"
      rows={inOrder(keys, language)}
      rowKey={(key) => key.fingerprint}
      columns={[
        { key: 'name', head: t('keys.name'), cell: (key) => <a href={`/lawdesk/keys/${key.fingerprint}`}>{key.name}</a>, rowHead: true },
        { key: 'role', head: t('keys.role'), cell: (key) => t(`role.${key.role}`) },
        { key: 'fingerprint', head: t('keys.fingerprint'), cell: (key) => <code>{readableFingerprint(key.fingerprint)}</code> },
        { key: 'added', head: t('keys.added'), cell: (key) => t('keys.by', { date: formatDate(key.addedAt, language), author: key.addedBy }) },
        { key: 'state', head: t('keys.state'), cell: (key) => <StateTag state={key} language={language} /> },
      ]}
    />
  );
}

function StateTag({ state, language }: { readonly state: DeskKey; readonly language: Language }): VNode {
  const t = packsText.in(language);
  return state.revokedAt === undefined ? <Tag tone="success">{t('keys.believed')}</Tag> : <Tag tone="error">{t('keys.revoked', { date: formatDate(state.revokedAt, language) })}</Tag>;
}

function History({ acts, language }: { readonly acts: readonly KeyAct[]; readonly language: Language }): VNode | null {
  const t = packsText.in(language);
  if (acts.length === 0) return null;
  return (
    <Section title={t('keys.history')} id="history">
      <Timeline items={acts.map((one) => ({ title: t(`keys.act.${one.act}`, { name: one.name, author: one.author }), date: one.at, when: formatDate(one.at, language), kind: one.act === 'revoke' ? 'important' : 'plain', children: one.reason }))} />
    </Section>
  );
}
