/** Pages of packs: the index of the desk, all versions, one version, one attempt to bring a pack in. */

import type { ComponentChildren, VNode } from 'preact';
import type { Language } from '../../../base/index.ts';
import type { Authority, Evidence, Pack, PackProblem } from '../../../law/index.ts';
import { AuthorField, LookOnly, type Page, type PageContext } from '../../../platform/html/index.ts';
import {
  Breadcrumbs, Button, ButtonRow, Details, EmptyState, ErrorSummary, type ErrorSummaryItem, FileUpload, LinkButton, Notice, PageHeading, Section, SummaryList, type SummaryRow, Table, Tag, type TagTone,
} from '../../../platform/html/components/index.ts';
import { formatDate, formatNumber } from '../../../platform/text/index.ts';
import { type InstalledPack, lawbookText, PackStatusTag } from '../../lawbook/index.ts';
import type { Origin, PackVersion, SignatureState } from '../actions/install.ts';
import { AUTHOR_LENGTH_MAX, BUNDLE_BYTES_MAX, type CheckResult, type Install } from '../model/install.ts';
import type { DeskKey } from '../model/keys.ts';
import { installRefusalText } from '../rules/install-words.ts';
import { manifestRefusalText } from '../rules/refusal-words.ts';
import { readableFingerprint, shortDigest } from '../rules/short-digest.ts';
import { packsText } from '../text/packs/index.ts';

export interface VersionRow {
  readonly row: InstalledPack;
  readonly origin: Origin;
}

export interface PacksParts {
  readonly versions: readonly VersionRow[];
  readonly attempts: readonly Install[];
  readonly keys: readonly DeskKey[];
  readonly errors?: readonly ErrorSummaryItem[];
  readonly author?: string;
}

const ATTEMPTS_ON_INDEX = 5;
const AUTHORITIES: readonly Authority[] = ['law', 'delegated', 'guidance_final', 'guidance_draft', 'national', 'regulator_decision'];
const EVIDENCE: readonly Evidence[] = ['V', 'S', 'G', 'D', 'K', 'C'];

export function indexPage(frame: PageContext, parts: PacksParts & { readonly inForce: readonly Pack[]; readonly more: readonly VNode[] }): Page {
  const { language } = frame;
  const t = packsText.in(language);
  return {
    title: t('title'),
    body: (
      <>
        <PageHeading title={t('title')} lead={t('lead')} />
        <Section title={t('in-force')} id="in-force">
          <SummaryList
            rows={parts.inForce.map((pack) => ({
              label: t(`place.${pack.place}`),
              value: (
                <>
                  <a href={`/lawdesk/packs/${pack.ref.digest}`}>{pack.title[language]}</a> {pack.ref.version} <PackStatusTag status={pack.status} language={language} />
                </>
              ),
            }))}
          />
        </Section>
        <Section title={t('packs.title')} id="packs" lead={t('packs.lead')}>
          <VersionTable versions={parts.versions} language={language} />
          <ButtonRow>
            {frame.may('law.install') ? <LinkButton href="/lawdesk/packs#new">{t('install.title')}</LinkButton> : null}
            <LinkButton href="/lawdesk/keys" tone="secondary">{`${t('keys.title')} (${formatNumber(parts.keys.filter((key) => key.revokedAt === undefined).length, language)})`}</LinkButton>
          </ButtonRow>
        </Section>
        {parts.more}
        {parts.attempts.length === 0 ? null : (
          <Section title={t('attempts.title')} id="attempts">
            <AttemptTable attempts={parts.attempts.slice(0, ATTEMPTS_ON_INDEX)} language={language} />
          </Section>
        )}
      </>
    ),
  };
}

export function packsPage(frame: PageContext, parts: PacksParts): Page {
  const { language } = frame;
  const t = packsText.in(language);
  const errors = parts.errors ?? [];
  const errorOf = (field: string): ComponentChildren => errors.find((one) => one.field === field)?.message;
  return {
    title: t('packs.title'),
    body: (
      <>
        <Trail language={language} last={t('packs.title')} />
        <ErrorSummary errors={errors} />
        <PageHeading title={t('packs.title')} lead={t('packs.lead')} />
        <Section title={t('packs.all')} id="versions">
          <VersionTable versions={parts.versions} language={language} />
          <Notice>{t('built-in.note')}</Notice>
        </Section>
        <Section title={t('install.title')} id="new">
          {frame.may('law.install') ? (
            <>
              {parts.keys.some((key) => key.revokedAt === undefined) ? null : (
                <Notice tone="warning">
                  {t('install.keys-first')} <a href="/lawdesk/keys">{t('keys.title')}</a>
                </Notice>
              )}
              <form method="post" action="/lawdesk/packs" encType="multipart/form-data">
                <AuthorField frame={frame} name="author" label={t('author')} hint={t('author.hint')} value={parts.author} maxLength={AUTHOR_LENGTH_MAX} width="half" error={errorOf('author')} required />
                <FileUpload name="file" label={t('install.file')} hint={t('install.file.hint')} accept=".zip" megabytesMax={Math.floor(BUNDLE_BYTES_MAX / 1024 ** 2)} error={errorOf('file')} required />
                <Button>{t('install.send')}</Button>
              </form>
            </>
          ) : (
            <LookOnly frame={frame} />
          )}
        </Section>
        <Section title={t('attempts.title')} id="attempts">
          {parts.attempts.length === 0 ? <EmptyState title={t('attempts.empty')} level={3} /> : <AttemptTable attempts={parts.attempts} language={language} />}
        </Section>
      </>
    ),
  };
}

export function attemptPage(frame: PageContext, install: Install, inForce: readonly Pack[]): Page {
  const { language } = frame;
  const t = packsText.in(language);
  const title = t('attempt', { number: install.number });
  const { refusal } = install;
  return {
    title: refusal === undefined ? title : t('refused.title'),
    body: (
      <>
        <Trail language={language} packs last={title} />
        <PageHeading title={refusal === undefined ? title : t('refused.title')} caption={install.fileName} />
        {refusal === undefined ? null : (
          <Notice tone="error" announce>
            <p>{installRefusalText(refusal, language)}</p>
            <p>{t('refused.stays', { packs: inForce.map((pack) => `${pack.ref.id} ${pack.ref.version}`).join(', ') })}</p>
          </Notice>
        )}
        <SummaryList
          rows={[
            { label: t('attempt.outcome'), value: <OutcomeTag outcome={install.outcome} language={language} /> },
            { label: t('attempt.when'), value: formatDate(install.at, language) },
            { label: t('attempt.who'), value: install.author },
            ...(install.packId === undefined ? [] : [{ label: t('pack'), value: install.digest === undefined ? `${install.packId} ${install.version ?? ''}` : <a href={`/lawdesk/packs/${install.digest}`}>{`${install.packId} ${install.version ?? ''}`}</a> }]),
            { label: t('attempt.upload'), value: <Digest of={install.uploadSha256} /> },
          ]}
        />
        {refusal?.stage === 'law' ? <Problems problems={refusal.problems} language={language} /> : null}
        <ButtonRow>
          {frame.may('law.install') ? <LinkButton href="/lawdesk/packs#new" tone="secondary">{t('install.title')}</LinkButton> : null}
        </ButtonRow>
      </>
    ),
  };
}

export function versionPage(frame: PageContext, version: PackVersion, options: { readonly isJustInstalled: boolean; readonly adoptHref?: string }): Page {
  const { language } = frame;
  const t = packsText.in(language);
  const { pack, row } = version;
  const title = `${pack.title[language]}, ${pack.ref.version}`;
  return {
    title,
    body: (
      <>
        <Trail language={language} packs last={`${pack.ref.id} ${pack.ref.version}`} />
        {options.isJustInstalled ? (
          <Notice tone="success" title={t('done.title')} announce>
            {t('done.text')}
          </Notice>
        ) : null}
        <PageHeading
          title={title}
          caption={pack.ref.id}
          tags={
            <>
              {row.isInForce ? <Tag tone="success" mark="full">{t('in-force')}</Tag> : null} <PackStatusTag status={pack.status} language={language} />
            </>
          }
        />
        <SummaryList
          rows={[
            { label: t('origin'), value: t(`origin.${version.origin}`) },
            ...madeRows(version, language),
            { label: t('kept-since'), value: formatDate(row.installedAt, language) },
            { label: t('digest'), value: <Digest of={pack.ref.digest} /> },
            ...(pack.bases.length === 0 ? [] : [{ label: t('signature.extends'), value: <Refs refs={pack.bases} /> }]),
            { label: t('content.title'), value: `${t('content.rules')}: ${formatNumber(pack.rules.length, language)} · ${t('content.facts')}: ${formatNumber(pack.facts.length, language)} · ${t('content.conclusions')}: ${formatNumber(pack.conclusions.length, language)}` },
          ]}
        />
        <ButtonRow>
          {options.adoptHref === undefined || !frame.may('law.measure') ? null : <LinkButton href={options.adoptHref}>{t('adopt')}</LinkButton>}
          <LinkButton href={`/lawdesk/packs/${pack.ref.digest}/bundle`} tone="secondary" download>{t('download')}</LinkButton>
          {row.isInForce ? <LinkButton href={`/lawbook/${pack.ref.id}`} tone="quiet">{t('content.read')}</LinkButton> : null}
        </ButtonRow>
        <SignatureSection version={version} language={language} />
        <CheckSection frame={frame} version={version} />
        <ProvenanceSection pack={pack} language={language} />
      </>
    ),
  };
}

/** From which version, by whom and when a version was made at this desk. */
function madeRows({ made, pack }: PackVersion, language: Language): readonly SummaryRow[] {
  if (made === undefined) return [];
  const t = packsText.in(language);
  return [
    {
      label: t('made.from'),
      value: (
        <>
          <Refs refs={[{ id: pack.ref.id, ...made.base }]} />
          <a href={`/lawdesk/drafts/${made.draftId}`}>{t('made.draft', { step: made.step })}</a>
        </>
      ),
    },
    { label: t('made.by'), value: t('made.by-words', { author: made.author === '' ? t('made.no-name') : made.author, date: formatDate(made.at, language) }) },
  ];
}

function SignatureSection({ version, language }: { readonly version: PackVersion; readonly language: Language }): VNode {
  const t = packsText.in(language);
  const { signature, manifest } = version;
  const ends = manifest?.valid_until;
  return (
    <Section title={t('signature.title')} id="signature">
      <p>
        <SignatureTag state={signature} language={language} />
      </p>
      {signature.kind === 'broken' ? <Notice tone="error">{`${manifestRefusalText(signature.refusal, language)} ${t('signature.no-adoption')}`}</Notice> : null}
      {signature.kind === 'built-in' || signature.kind === 'made-here' ? <p>{t('built-in.note')}</p> : null}
      {signature.kind === 'unsigned' ? <Notice tone="warning">{t('unknown.note')}</Notice> : null}
      {manifest === undefined ? null : (
        <SummaryList
          rows={[
            ...(version.install?.signers ?? []).map((signer) => ({
              label: t(`role.${signer.role}`),
              value: (
                <>
                  {signer.name}
                  {signer.statement === undefined ? null : ` (${signer.statement})`}, {formatDate(signer.on, language)}
                  <br />
                  <a href={`/lawdesk/keys/${signer.fingerprint}`}>{t('signature.fingerprint', { fingerprint: readableFingerprint(signer.fingerprint) })}</a>
                </>
              ),
            })),
            { label: t('signature.issued'), value: formatDate(manifest.issued, language) },
            { label: t('signature.valid-until'), value: ends === undefined ? t('signature.no-end') : formatDate(ends, language) },
            ...(manifest.supersedes === undefined ? [] : [{ label: t('signature.supersedes'), value: <Refs refs={[{ id: manifest.id, ...manifest.supersedes }]} /> }]),
          ]}
        />
      )}
    </Section>
  );
}

function CheckSection({ frame, version }: { readonly frame: PageContext; readonly version: PackVersion }): VNode {
  const { language } = frame;
  const t = packsText.in(language);
  const { check, pack } = version;
  return (
    <Section title={t('check.title')} id="check">
      {check === undefined && !frame.may('law.install') ? (
        <p>{t('check.none')}</p>
      ) : check === undefined ? (
        <form method="post" action={`/lawdesk/packs/${pack.ref.digest}/check`}>
          <p>
            {t('check.none')} {t('check.slow')}
          </p>
          <Button tone="secondary">{t('check.run')}</Button>
        </form>
      ) : (
        <>
          <CheckSummary check={check} language={language} />
          {check.problems.length === 0 ? null : <Details summary={t('check.problems')}><Problems problems={check.problems} language={language} /></Details>}
        </>
      )}
    </Section>
  );
}

function CheckSummary({ check, language }: { readonly check: CheckResult; readonly language: Language }): VNode {
  const t = packsText.in(language);
  const passedAll = check.passed === check.cases;
  return (
    <SummaryList
      rows={[
        { label: t('check.errors'), value: <Tag tone={check.errors === 0 ? 'success' : 'error'}>{formatNumber(check.errors, language)}</Tag> },
        { label: t('check.warnings'), value: formatNumber(check.warnings, language) },
        { label: t('check.cases'), value: <Tag tone={passedAll ? 'success' : 'error'}>{t('check.of', { passed: formatNumber(check.passed, language), cases: formatNumber(check.cases, language) })}</Tag> },
      ]}
    />
  );
}

/** Only the pack's own rules: those of a pack it extends are that pack's. */
function ProvenanceSection({ pack, language }: { readonly pack: Pack; readonly language: Language }): VNode {
  const t = packsText.in(language);
  const words = lawbookText.in(language);
  const own = pack.rules.filter((rule) => !pack.origins.has(`rule:${rule.id}`));
  const authorities = AUTHORITIES.filter((authority) => own.some((rule) => rule.authority === authority));
  const count = (authority: Authority, evidence?: Evidence): number => own.filter((rule) => rule.authority === authority && (evidence === undefined || rule.evidence === evidence)).length;
  return (
    <Section title={t('provenance.title')} id="provenance" lead={t('provenance.lead')}>
      <Table
        caption={t('provenance.title')}
        captionHidden
        rows={authorities}
        rowKey={(authority) => authority}
        columns={[
          { key: 'authority', head: t('provenance.authority'), cell: (authority) => words(`authority.${authority}`), rowHead: true, width: 'wide' },
          // Only marks that occur: six empty columns tell nothing.
          ...EVIDENCE.filter((evidence) => own.some((rule) => rule.evidence === evidence)).map((evidence) => ({ key: evidence, head: words(`evidence.${evidence}`), cell: (authority: Authority) => count(authority, evidence), numeric: true })),
          { key: 'all', head: t('provenance.all'), cell: (authority) => count(authority), numeric: true },
        ]}
      />
    </Section>
  );
}

function VersionTable({ versions, language }: { readonly versions: readonly VersionRow[]; readonly language: Language }): VNode {
  const t = packsText.in(language);
  return (
    <Table
      caption={t('packs.all')}
      captionHidden
      phone="stack"
      rows={versions}
      rowKey={({ row }) => row.ref.digest}
      empty={t('packs.empty')}
      columns={[
        { key: 'pack', head: t('pack'), cell: ({ row }) => <a href={`/lawdesk/packs/${row.ref.digest}`}>{`${row.ref.id} ${row.ref.version}`}</a>, rowHead: true },
        { key: 'status', head: t('status'), cell: ({ row }) => <PackStatusTag status={row.status as Pack['status']} language={language} /> },
        { key: 'force', head: t('in-force'), cell: ({ row }) => (row.isInForce ? <Tag tone="success" mark="full">{t('in-force')}</Tag> : '–') },
        { key: 'origin', head: t('origin'), cell: ({ origin }) => t(`origin.${origin}`) },
        { key: 'digest', head: t('digest'), cell: ({ row }) => <code>{shortDigest(row.ref.digest)}</code> },
        { key: 'since', head: t('kept-since'), cell: ({ row }) => formatDate(row.installedAt, language) },
      ]}
    />
  );
}

function AttemptTable({ attempts, language }: { readonly attempts: readonly Install[]; readonly language: Language }): VNode {
  const t = packsText.in(language);
  return (
    <Table
      caption={t('attempts.title')}
      captionHidden
      phone="stack"
      rows={attempts}
      rowKey={(one) => one.number}
      columns={[
        { key: 'number', head: t('attempt.file'), cell: (one) => <a href={`/lawdesk/packs/attempts/${one.number}`}>{one.fileName === '' ? t('attempt', { number: one.number }) : one.fileName}</a>, rowHead: true },
        { key: 'outcome', head: t('attempt.outcome'), cell: (one) => <OutcomeTag outcome={one.outcome} language={language} /> },
        { key: 'why', head: t('pack'), cell: (one) => (one.refusal === undefined ? `${one.packId ?? ''} ${one.version ?? ''}` : installRefusalText(one.refusal, language)), width: 'wide' },
        { key: 'who', head: t('attempt.who'), cell: (one) => one.author },
        { key: 'when', head: t('attempt.when'), cell: (one) => formatDate(one.at, language) },
      ]}
    />
  );
}

function Problems({ problems, language }: { readonly problems: readonly PackProblem[]; readonly language: Language }): VNode {
  return (
    <ul class="lawdesk-problems" aria-label={packsText.in(language)('check.problems')} lang="en">
      {problems.map((problem, index) => (
        <li key={index}>
          <code>{`${problem.file}:${problem.line}`}</code> {problem.message} {problem.fix}
        </li>
      ))}
    </ul>
  );
}

function OutcomeTag({ outcome, language }: { readonly outcome: Install['outcome']; readonly language: Language }): VNode {
  const tone: TagTone = outcome === 'refused' ? 'error' : outcome === 'installed' ? 'success' : 'neutral';
  return <Tag tone={tone}>{packsText.in(language)(`outcome.${outcome}`)}</Tag>;
}

function SignatureTag({ state, language }: { readonly state: SignatureState; readonly language: Language }): VNode {
  const tone: TagTone = state.kind === 'sound' ? 'success' : state.kind === 'broken' ? 'error' : 'neutral';
  return <Tag tone={tone}>{packsText.in(language)(`signature.${state.kind}`)}</Tag>;
}

function Refs({ refs }: { readonly refs: readonly Pack['ref'][] }): VNode {
  return (
    <>
      {refs.map((ref) => (
        <div key={ref.digest}>
          <a href={`/lawdesk/packs/${ref.digest}`}>{`${ref.id} ${ref.version}`}</a> <code>{shortDigest(ref.digest)}</code>
        </div>
      ))}
    </>
  );
}

export function Digest({ of }: { readonly of: string }): VNode {
  return <code class="lawdesk-digest">{of}</code>;
}

export function Trail({ language, packs, keys, last }: { readonly language: Language; readonly packs?: boolean; readonly keys?: boolean; readonly last: string }): VNode {
  const t = packsText.in(language);
  return (
    <Breadcrumbs
      items={[
        { label: t('title'), href: '/lawdesk' },
        ...(packs === true ? [{ label: t('packs.title'), href: '/lawdesk/packs' }] : []),
        ...(keys === true ? [{ label: t('keys.title'), href: '/lawdesk/keys' }] : []),
        { label: last },
      ]}
    />
  );
}
