/** The log as people see it: its head, who cosigned it, the newest entries, one entry, and how to check all of it. */

import type { VNode } from 'preact';
import type { Language } from '../../../base/index.ts';
import { base64, hex } from '../../../proof/bytes.ts';
import type { Page, PageContext } from '../../../platform/html/index.ts';
import { Breadcrumbs, EmptyState, LinkButton, Notice, PageHeading, Pagination, Prose, Section, SummaryList, Table } from '../../../platform/html/components/index.ts';
import { formatNumber, formatTime } from '../../../platform/text/index.ts';
import type { LedgerEntry, LogName, PublishedHead, Standing } from '../model.ts';
import { viewOf } from '../rules/events.ts';
import { ledgerText } from '../text/index.ts';

export interface LogView {
  readonly name: LogName;
  readonly head: PublishedHead | undefined;
  readonly standing: Standing;
  readonly waiting: number;
  /** Names of witnesses of the policy with the names of their keys. */
  readonly witnesses: readonly { readonly name: string; readonly keyName: string }[];
  /** Public heads, the newest first: some were cosigned by seats of a council. */
  readonly heads: readonly PublishedHead[];
  /** The newest first. */
  readonly entries: readonly LedgerEntry[];
  readonly previous: string | undefined;
  readonly next: string | undefined;
}

/** Keys and hashes are longer than a phone is wide: they break anywhere. */
function Exact({ children }: { readonly children: string }): VNode {
  return <code class="ledger-exact">{children}</code>;
}

/** Kinds of events that are told in words. */
const KINDS = ['registry.change', 'registry.changes', 'lawbook.adoption', 'platform.act'] as const;

export function logPage(frame: PageContext, view: LogView): Page {
  const { language } = frame;
  const t = ledgerText.in(language);
  return {
    title: t('title'),
    description: t('lead'),
    body: (
      <>
        <PageHeading title={t('title')} lead={t('lead')} />
        <Halted standing={view.standing} language={language} />
        <Head view={view} language={language} />
        <Witnesses view={view} language={language} />
        <Council view={view} language={language} />
        <Entries view={view} language={language} />
        <Section title={t('verify')}>
          <Prose>
            <ol>
              <li>{t('verify.one')}</li>
              <li>{t('verify.two')}</li>
              <li>{t('verify.three')}</li>
            </ol>
            <p>{t('verify.files')}</p>
            <ul>
              <li><a href="/log/checkpoint">{t('verify.checkpoint')}</a></li>
              <li><a href="/log/policy">{t('verify.policy')}</a></li>
            </ul>
          </Prose>
        </Section>
      </>
    ),
  };
}

function Halted({ standing, language }: { readonly standing: Standing; readonly language: Language }): VNode | null {
  if (standing.state !== 'halted') return null;
  const t = ledgerText.in(language);
  const signed = standing.headSize === undefined ? '—' : formatNumber(standing.headSize, language);
  return (
    <Notice tone="error" title={t('halted')}>
      <p>{t('halted.why', { reason: t(`halt.${standing.halt}`), signed, held: formatNumber(standing.databaseSize, language) })}</p>
    </Notice>
  );
}

function Head({ view: { name, head, waiting }, language }: { readonly view: LogView; readonly language: Language }): VNode {
  const t = ledgerText.in(language);
  return (
    <Section title={t('head')}>
      {head === undefined ? <p>{t('head.none')}</p> : null}
      <SummaryList
        rows={[
          { label: t('head.origin'), value: <Exact>{name.origin}</Exact> },
          ...(head === undefined
            ? []
            : [
                { label: t('head.size'), value: formatNumber(head.size, language) },
                { label: t('head.root'), value: <Exact>{base64(head.root)}</Exact> },
                { label: t('head.signed'), value: formatTime(head.signedAt, language) },
              ]),
          { label: t('head.key'), value: <Exact>{name.vkey}</Exact> },
          { label: t('head.waiting'), value: formatNumber(waiting, language) },
        ]}
      />
    </Section>
  );
}

function Witnesses({ view: { head, witnesses }, language }: { readonly view: LogView; readonly language: Language }): VNode {
  const t = ledgerText.in(language);
  if (witnesses.length === 0) return <Section title={t('witnesses')}><p>{t('witnesses.none')}</p></Section>;
  return (
    <Section title={t('witnesses')}>
      <Table
        caption={t('witnesses.caption')}
        phone="stack"
        rows={witnesses}
        rowKey={(one) => one.name}
        columns={[
          { key: 'name', head: t('witnesses.name'), rowHead: true, cell: (one) => one.name },
          {
            key: 'state',
            head: t('witnesses.state'),
            cell: (one) => {
              const cosigned = head?.cosigned.find(({ name }) => name === one.keyName);
              return cosigned === undefined ? t('witnesses.not') : t('witnesses.cosigned', { at: formatTime(cosigned.at, language) });
            },
          },
        ]}
      />
    </Section>
  );
}

/** A seat's cosigning key is named `seat07.<name of the log>`; whoever else cosigned is a witness outside. */
function Council({ view: { heads, name }, language }: { readonly view: LogView; readonly language: Language }): VNode | null {
  const t = ledgerText.in(language);
  const seatOf = (key: string): string | undefined => (key.endsWith(`.${name.origin}`) ? /^seat([0-9]{2})\./.exec(key)?.[1] : undefined);
  const rows = heads.map(({ size, signedAt, cosigned }) => ({ size, signedAt, seats: cosigned.flatMap((one) => seatOf(one.name) ?? []).toSorted(), others: cosigned.filter((one) => seatOf(one.name) === undefined) })).filter(({ seats }) => seats.length > 0);
  if (rows.length === 0) return null;
  return (
    <Section title={t('council')}>
      <Table
        caption={t('council.caption')}
        phone="stack"
        rows={rows}
        rowKey={({ size }) => size}
        columns={[
          { key: 'size', head: t('head.size'), rowHead: true, width: 'narrow', cell: ({ size }) => formatNumber(size, language) },
          { key: 'signed', head: t('head.signed'), cell: ({ signedAt }) => formatTime(signedAt, language) },
          { key: 'seats', head: t('council.seats'), width: 'wide', cell: ({ seats }) => `${formatNumber(seats.length, language)}: ${seats.join(' ')}` },
          { key: 'others', head: t('council.others'), cell: ({ others }) => others.map((one) => one.name).join(', ') || '—' },
        ]}
      />
    </Section>
  );
}

function Entries({ view: { entries, previous, next }, language }: { readonly view: LogView; readonly language: Language }): VNode {
  const t = ledgerText.in(language);
  if (entries.length === 0) return <Section title={t('entries')}><EmptyState title={t('entries.none')} /></Section>;
  return (
    <Section title={t('entries')}>
      <Table
        caption={t('entries.caption')}
        phone="stack"
        rows={entries}
        rowKey={(one) => String(one.index)}
        columns={[
          { key: 'number', head: t('entries.number'), width: 'narrow', rowHead: true, cell: ({ index }) => <a href={`/log/entries/${index}`}>{formatNumber(index, language)}</a> },
          { key: 'what', head: t('entries.what'), cell: ({ entry }) => <Kind entry={entry} language={language} /> },
          { key: 'when', head: t('entries.when'), cell: ({ entry }) => whenOf(entry, language) },
        ]}
      />
      <Pagination previous={previous} next={next} label={t('entries')} />
    </Section>
  );
}

function Kind({ entry, language }: { readonly entry: Uint8Array; readonly language: Language }): VNode {
  const { kind, type } = viewOf(entry);
  const known = KINDS.find((one) => one === kind);
  return known === undefined ? <Exact>{kind ?? (type === '' ? '—' : type)}</Exact> : <>{ledgerText.in(language)(`kind.${known}`)}</>;
}

function whenOf(entry: Uint8Array, language: Language): string {
  const { at } = viewOf(entry);
  return at === undefined || Number.isNaN(Date.parse(at)) ? '—' : formatTime(at, language);
}

export function entryPage(frame: PageContext, { index, entry, leaf }: LedgerEntry, hasProof: boolean): Page {
  const { language } = frame;
  const t = ledgerText.in(language);
  const title = t('entry.title', { number: formatNumber(index, language) });
  const { type, text } = viewOf(entry);
  return {
    title,
    body: (
      <>
        <Breadcrumbs items={[{ label: t('title'), href: '/log' }, { label: title }]} />
        <PageHeading title={title} />
        <SummaryList
          rows={[
            { label: t('entry.type'), value: <Exact>{type === '' ? '—' : type}</Exact> },
            { label: t('entries.when'), value: whenOf(entry, language) },
            { label: t('entry.leaf'), value: <Exact>{hex(leaf)}</Exact> },
          ]}
        />
        <Section title={t('entry.content')}>
          {text === undefined ? <p>{t('entry.bytes', { size: formatNumber(entry.length, language) })}</p> : <pre class="ledger-entry" tabIndex={0}>{text}</pre>}
          {text?.includes('"private":') === true ? <p>{t('entry.private')}</p> : null}
        </Section>
        {hasProof ? (
          <Section title={t('verify')}>
            <p>{t('entry.proof.why')}</p>
            <LinkButton href={`/log/entries/${index}/proof`}>{t('entry.proof')}</LinkButton>
          </Section>
        ) : null}
      </>
    ),
  };
}
