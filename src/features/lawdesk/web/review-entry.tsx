/** One entry of a pack for counsel: what it says, where it comes from, what it decides, and the form for her verdict. */

import type { VNode } from 'preact';
import type { Language } from '../../../base/index.ts';
import { type Diagram, latestTime, type Pack, parameterAt, type SentenceTree } from '../../../law/index.ts';
import { AuthorField, LookOnly, type Page, type PageContext } from '../../../platform/html/index.ts';
import { Breadcrumbs, Button, ButtonRow, Details, DiffView, ErrorSummary, Hidden, Notice, PageHeading, Progress, Radios, ResultTag, type RuleResult, Section, SummaryList, type SummaryRow, Table, Tag, TextArea, TextInput, Timeline } from '../../../platform/html/components/index.ts';
import { formatDate } from '../../../platform/text/index.ts';
import { FactsList, labelOf, lawbookText } from '../../lawbook/index.ts';
import { LICENCE_LENGTH_MAX, REMARK_LENGTH_MAX, reviewerWords, REVIEWER_LENGTH_MAX, type ReviewRow, type ReviewSheet } from '../actions/reviews.ts';
import type { CaseRun } from '../rules/case-runs.ts';
import { authorityOf, citationsOf, conditionsIn, type Entry, evidenceOf, isEntryKind, isLocalised, isPlainMap, type Plain, type PlainMap, scalarText } from '../rules/entries.ts';
import type { EntryFieldChange } from '../rules/entry-change.ts';
import { VERDICTS } from '../rules/review-state.ts';
import type { Review } from '../store/remarks.ts';
import { lawdeskReviewText } from '../text/review/index.ts';
import { DiagramFigure } from './diagram.tsx';
import { entryHref, listHref, type ReviewView } from './review-address.ts';
import { SentenceDifference } from './sentence-difference.tsx';
import { SentenceView } from './sentence-tree.tsx';
import { CitationView, fieldPathWords, fieldWords, InLanguages, isAuthority, isEvidence, kindWords, PlainView, StateTag, titleWords } from './words.tsx';

export const CASES_SHOWN_MAX = 12;
export const USERS_SHOWN_MAX = 40;

export interface EntryParts {
  readonly view: ReviewView;
  readonly sheet: ReviewSheet;
  readonly row: ReviewRow;
  readonly review: Review | undefined;
  readonly around: { readonly previous: ReviewRow | undefined; readonly next: ReviewRow | undefined; readonly position: number; readonly matching: number };
  readonly usedBy: readonly Entry[];
  readonly cases: readonly CaseRun[];
  readonly casesInAll: number;
  readonly diagram: Diagram | undefined;
  /** Since the newest remark on other content than this. */
  readonly changes: { readonly since: { readonly version: string; readonly reviewer: string; readonly madeAt: string }; readonly fields: readonly EntryFieldChange[] } | undefined;
  readonly form: { readonly verdict: string; readonly remark: string; readonly proposal: string; readonly reviewer: string; readonly licence: string };
  readonly errors: readonly { readonly field?: string; readonly message: string }[];
}

export function reviewEntryPage(frame: PageContext, parts: EntryParts): Page {
  const { language } = frame;
  const t = lawdeskReviewText.in(language);
  const { view, sheet, row } = parts;
  const { pack } = sheet.version;
  const { entry } = row;
  const title = titleWords(entry, language);
  return {
    title: `${title} – ${t('home.title')}`,
    body: (
      <div class="lawdesk-review">
        <ErrorSummary errors={parts.errors} />
        <Breadcrumbs items={[{ label: t('home.title'), href: '/lawdesk/review' }, { label: `${pack.ref.id} ${pack.ref.version}`, href: listHref(view) }, { label: kindWords(entry.kind, language) }]} />
        <Progress id="review-progress" label={t('progress.label')} done={sheet.reviewed} total={sheet.rows.length} />
        <Neighbours {...parts} language={language} />
        <PageHeading caption={`${kindWords(entry.kind, language)} · ${entry.id}`} title={title} tags={<StateTag state={row.state} language={language} />} />
        {parts.changes === undefined ? null : (
          <Notice tone="warning" title={t('changed.title')}>
            <p>{t('changed.since', { who: parts.changes.since.reviewer, version: parts.changes.since.version, date: formatDate(parts.changes.since.madeAt, language) })}</p>
            <DiffView changes={parts.changes.fields.map((change) => ({ ...change, label: fieldPathWords(change.field, language) }))} beforeLabel={t('changed.before')} afterLabel={t('changed.after')} />
            <SentenceDifference from={pack} to={pack} changes={parts.changes.fields} language={language} />
          </Notice>
        )}
        <RestsChanged row={row} sheet={sheet} view={view} language={language} />
        <Wording entry={entry} language={language} />
        <Conditions pack={pack} entry={entry} view={view} language={language} />
        <LawFields pack={pack} entry={entry} view={view} sheet={sheet} language={language} />
        <Sources pack={pack} entry={entry} language={language} />
        {parts.diagram === undefined ? null : (
          <Section title={t('diagram.title')} id="diagram">
            <DiagramFigure pack={pack} diagram={parts.diagram} title={title} language={language} />
          </Section>
        )}
        <Cases {...parts} pack={pack} language={language} />
        <UsedBy {...parts} language={language} />
        <History row={row} language={language} />
        {frame.may('law.review') ? <VerdictForm {...parts} frame={frame} /> : <LookOnly frame={frame} />}
        <Neighbours {...parts} language={language} isRepeated />
        <Details summary={t('keys.title')}>
          <p>{t('keys.body')}</p>
        </Details>
      </div>
    ),
  };
}

/** Above and below a long page; the shortcuts and the landmark belong to the first. */
/** The verdict stands, since the entry says what it said; but something it names says something else. */
function RestsChanged({ row, sheet, view, language }: Pick<EntryParts, 'row' | 'sheet' | 'view'> & { readonly language: Language }): VNode | null {
  const t = lawdeskReviewText.in(language);
  if (row.restsChanged.length === 0) return null;
  const { digest } = sheet.version.pack.ref;
  return (
    <Notice tone="warning" title={t('rests.title')}>
      <p>{t('rests.body')}</p>
      <ul>
        {row.restsChanged.slice(0, USERS_SHOWN_MAX).map(({ kind, id, since }) => {
          const target = sheet.rows.find(({ entry }) => entry.kind === kind && entry.id === id)?.entry;
          return (
            <li key={`${kind}:${id}`}>
              {target === undefined ? <code>{id}</code> : <a href={entryHref(view, target.kind, target.id)}>{titleWords(target, language)}</a>} {isEntryKind(kind) ? <span class="muted">{kindWords(kind, language)}</span> : null}
              <br />
              <a class="small" href={`/lawdesk/difference?${new URLSearchParams({ from: since.digest, to: digest, kind }).toString()}`}>{t('rests.since', { who: reviewerWords(since), version: since.version, date: formatDate(since.madeAt, language) })}</a>
            </li>
          );
        })}
      </ul>
    </Notice>
  );
}

function Neighbours({ view, around, language, isRepeated = false }: EntryParts & { readonly language: Language; readonly isRepeated?: boolean }): VNode {
  const t = lawdeskReviewText.in(language);
  const { previous, next } = around;
  const Frame = isRepeated ? 'div' : 'nav';
  return (
    <Frame class="pagination" {...(isRepeated ? {} : { 'aria-label': t('neighbours.label') })}>
      {previous === undefined ? (
        <span />
      ) : (
        <a class="pagination__link" href={entryHref(view, previous.entry.kind, previous.entry.id)} rel="prev" accessKey={isRepeated ? undefined : 'p'}>
          <span class="arrow arrow--back" aria-hidden="true" />
          {t('neighbours.previous')}
        </a>
      )}
      <p class="pagination__summary">
        <a href={listHref(view)}>{t('neighbours.position', { position: Math.min(around.position, around.matching), total: around.matching })}</a>
      </p>
      {next === undefined ? (
        <span />
      ) : (
        <a class="pagination__link pagination__link--next" href={entryHref(view, next.entry.kind, next.entry.id)} rel="next" accessKey={isRepeated ? undefined : 'n'}>
          {t('neighbours.next')}
          <span class="arrow" aria-hidden="true" />
        </a>
      )}
    </Frame>
  );
}

const TEXT_FIELDS = ['label', 'ask', 'plain', 'title', 'help', 'example', 'why', 'story'];

/** The sentence of the law in the pack's words, in all three languages at once: counsel compares them. */
function Wording({ entry, language }: { readonly entry: Entry; readonly language: Language }): VNode {
  const t = lawdeskReviewText.in(language);
  return (
    <Section title={t('wording.title')}>
      <SummaryList rows={TEXT_FIELDS.flatMap((key): SummaryRow[] => {
          const text = entry.data[key];
          return isLocalised(text) ? [{ label: fieldWords(key, language), value: <InLanguages text={text} /> }] : [];
        })} />
      {typeof entry.data['note'] === 'string' ? (
        <p>
          <strong>{fieldWords('note', language)}:</strong> {entry.data['note']}
        </p>
      ) : null}
    </Section>
  );
}

export function conditionTitle(path: readonly (string | number)[], language: Language): string {
  return path.length === 1 ? fieldWords(String(path[0]), language) : fieldPathWords(path.map((step) => (typeof step === 'number' ? String(step + 1) : step)).join('.'), language);
}

function Conditions({ pack, entry, view, language }: { readonly pack: Pack; readonly entry: Entry; readonly view: ReviewView; readonly language: Language }): VNode | null {
  const conditions = conditionsIn(entry.data);
  const t = lawdeskReviewText.in(language);
  if (conditions.length === 0) return null;
  return (
    <Section title={t('condition.title')} id="condition">
      {conditions.map(({ path, text }) => (
        <div key={path.join('.')}>
          {conditions.length === 1 && path.join('.') === 'when' ? null : <h3>{conditionTitle(path, language)}</h3>}
          <Unfolding pack={pack} text={text} view={view} language={language} depth={0} />
          <Details summary={t('condition.as-written')}>
            <pre class="code" tabIndex={0} role="group" aria-label={t('condition.as-written')}>
              <code>{text}</code>
            </pre>
          </Details>
        </div>
      ))}
    </Section>
  );
}

/** Definitions inside definitions that are unfolded in place; deeper ones are a link away. */
const UNFOLDED_DEPTH_MAX = 3;

/** A sentence in which every definition it names can be read where it stands. */
function Unfolding({ pack, text, view, language, depth }: { readonly pack: Pack; readonly text: string; readonly view: ReviewView; readonly language: Language; readonly depth: number }): VNode {
  const t = lawdeskReviewText.in(language);
  const definitionOf = (node: SentenceTree): Pack['definitions'][number] | undefined => {
    const leaf = node.op === 'not' ? node.of : node;
    return leaf.op === 'leaf' && leaf.subject.kind === 'definition' ? pack.definitions.find((one) => one.id === leaf.subject.id) : undefined;
  };
  return (
    <SentenceView
      pack={pack}
      text={text}
      language={language}
      hrefOf={(kind, id) => entryHref(view, kind, id)}
      after={(_path, node) => {
        const definition = depth >= UNFOLDED_DEPTH_MAX ? undefined : definitionOf(node);
        return definition === undefined ? null : (
          <div class="lawdesk-unfolded">
            <Details summary={t('condition.unfold')} open={depth === 0}>
              <Unfolding pack={pack} text={definition.when.text} view={view} language={language} depth={depth + 1} />
            </Details>
          </div>
        );
      }}
    />
  );
}

const SHOWN_ELSEWHERE = new Set([...TEXT_FIELDS, 'id', 'key', 'note', 'when', 'applies_if', 'requires', 'cite', 'annex', 'ev', 'authority', 'type', 'cost', 'mutable', 'sensitivity', 'who', 'group']);

/** Everything else that is law in the entry: what it concludes, its dates on both axes, values, options, periods. */
function LawFields({ pack, entry, view, sheet, language }: { readonly pack: Pack; readonly entry: Entry; readonly view: ReviewView; readonly sheet: ReviewSheet; readonly language: Language }): VNode | null {
  const t = lawdeskReviewText.in(language);
  const kinds = new Map(sheet.rows.map((row) => [row.entry.id, row.entry]));
  const hrefOfId = (id: string): { href: string; label: string } | undefined => {
    const target = kinds.get(id);
    return target === undefined || (target.kind === 'family' && entry.kind === 'parameter') ? undefined : { href: entryHref(view, target.kind, target.id), label: titleWords(target, language) };
  };
  const values = entry.data['values'];
  const isDated = entry.kind === 'parameter' && Array.isArray(values);
  const fields = Object.entries(entry.data).filter(([key]) => !SHOWN_ELSEWHERE.has(key) && !(isDated && key === 'values'));
  const applies = entry.data['applies'];
  const parameter = typeof applies === 'string' ? pack.parameters.find((one) => one.id === applies.replace(/^\$/, '')) : undefined;
  const now = parameter === undefined ? undefined : parameterAt(parameter, latestTime(pack));
  if (fields.length === 0 && !isDated) return null;
  return (
    <Section title={t('law.title')}>
      <SummaryList rows={fields.map(([key, value]) => ({ label: fieldWords(key, language), value: <PlainView value={value} language={language} hrefOfId={hrefOfId} /> }))} />
      {isDated ? <DatedValues values={values as readonly Plain[]} language={language} /> : null}
      {parameter === undefined ? null : (
        <>
          <h3>{t('law.applies-dates')}</h3>
          <DatedValues values={parameter.values.map((value): PlainMap => ({ value: value.value, ...(value.from === undefined ? {} : { from: value.from }), known: value.known, source: value.source, ev: value.evidence }))} language={language} />
          {now === undefined ? null : <p class="muted">{t('law.applies-now', { date: formatDate(String(now.value), language) })}</p>}
        </>
      )}
    </Section>
  );
}

function DatedValues({ values, language }: { readonly values: readonly Plain[]; readonly language: Language }): VNode {
  const t = lawdeskReviewText.in(language);
  const law = lawbookText.in(language);
  const rows = values.filter(isPlainMap);
  const day = (value: Plain | undefined): string => (typeof value === 'string' && /^\d{4}-\d{2}-\d{2}$/.test(value) ? formatDate(value, language) : scalarText(value));
  return (
    <Table
      caption={t('law.values')}
      phone="stack"
      rows={rows}
      columns={[
        { key: 'value', head: law('parameter.value'), rowHead: true, cell: (row) => (row['value'] === null ? t('value.not-set') : day(row['value'])) },
        { key: 'from', head: law('parameter.from'), cell: (row) => day(row['from']) || t('law.always') },
        { key: 'known', head: law('parameter.known'), cell: (row) => day(row['known']) },
        { key: 'source', head: law('parameter.source'), cell: (row) => scalarText(row['source']) },
        { key: 'ev', head: law('rule.mark'), cell: (row) => (typeof row['ev'] === 'string' && isEvidence(row['ev']) ? law(`evidence.${row['ev']}`) : '') },
      ]}
    />
  );
}

function Sources({ pack, entry, language }: { readonly pack: Pack; readonly entry: Entry; readonly language: Language }): VNode {
  const t = lawdeskReviewText.in(language);
  const law = lawbookText.in(language);
  const authority = authorityOf(entry);
  const marks = evidenceOf(entry).filter(isEvidence);
  const cite = citationsOf(entry);
  return (
    <Section title={t('sources.title')} id="sources">
      {cite.length === 0 ? (
        <p class="muted">{t('sources.none')}</p>
      ) : (
        <ul>
          {cite.map((one) => (
            <li key={`${one.act} ${one.article}`}>
              <CitationView pack={pack} citation={one} language={language} />
            </li>
          ))}
        </ul>
      )}
      <SummaryList
        rows={[
          ...marks.map((mark): SummaryRow => ({ label: law('rule.mark'), value: <><Tag tone={mark === 'V' || mark === 'G' ? 'success' : 'warning'}>{`${mark} · ${law(`evidence.${mark}`)}`}</Tag> {t(`evidence.meaning.${mark}`)}</> })),
          ...(authority !== undefined && isAuthority(authority) ? [{ label: t('filter.authority'), value: <><Tag>{law(`authority.${authority}`)}</Tag> {t(`authority.meaning.${authority}`)}</> }] : []),
          { label: t('sources.file'), value: <code>{`${entry.file}:${entry.line}`}</code> },
        ]}
      />
    </Section>
  );
}

function Cases({ pack, cases, casesInAll, row, language }: EntryParts & { readonly pack: Pack; readonly language: Language }): VNode | null {
  const t = lawdeskReviewText.in(language);
  if (cases.length === 0) return row.entry.kind === 'rule' || row.entry.kind === 'conclusion' || row.entry.kind === 'duty' ? <Section title={t('cases.title')}><p>{t('cases.none')}</p></Section> : null;
  return (
    <Section title={t('cases.title')} id="cases" lead={casesInAll > cases.length ? t('cases.some', { shown: cases.length, count: casesInAll }) : t('cases.lead')}>
      {cases.map((run) => (
        <CaseView key={run.workedCase.id} pack={pack} run={run} rule={row.entry.kind === 'rule' ? row.entry.id : undefined} language={language} />
      ))}
    </Section>
  );
}

export function CaseView({ pack, run, rule, language }: { readonly pack: Pack; readonly run: CaseRun; readonly rule: string | undefined; readonly language: Language }): VNode {
  const t = lawdeskReviewText.in(language);
  const { workedCase } = run;
  const law = lawbookText.in(language);
  return (
    <Details
      summary={
        <>
          <Tag tone={run.passes ? 'success' : 'error'} mark={run.passes ? 'full' : 'empty'}>{run.passes ? t('cases.passes') : t('cases.fails')}</Tag> {workedCase.title[language]}
          {rule !== undefined && run.decisive.has(rule) ? <> <Tag tone="brand">{t('cases.decides')}</Tag></> : null}
        </>
      }
    >
      <p>{workedCase.story[language]}</p>
      {run.fault === undefined ? null : <p>{run.fault}</p>}
      <ul class="lawdesk-case">
        {run.lines.map((line) => (
          <li key={`${line.kind} ${line.id}`}>
            {line.kind === 'result' && isResult(line.got) ? <ResultTag result={line.got} /> : <Tag>{dateWords(line.got, language)}</Tag>} {line.kind === 'due' ? (pack.duties.find((duty) => duty.id === line.id)?.label[language] ?? line.id) : labelOf(pack, line.id, language)}
            {line.passes ? null : <strong> {t('cases.expected', { expected: isResult(line.expected) ? law(`result.${line.expected}`) : dateWords(line.expected, language) })}</strong>}
          </li>
        ))}
      </ul>
      <Details summary={law('case.facts')}>
        <FactsList pack={pack} facts={workedCase.facts} language={language} />
      </Details>
    </Details>
  );
}

/** A date of a case, or the word it uses where there is none. */
export function dateWords(text: string, language: Language): string {
  if (/^\d{4}-\d{2}-\d{2}$/.test(text)) return formatDate(text, language);
  const t = lawdeskReviewText.in(language);
  switch (text) {
    case '':
    case 'undated':
      return t('cases.no-date');
    case 'never':
      return t('cases.never');
    case 'open':
      return t('cases.open');
    case 'no-duty':
      return t('cases.no-duty');
    default:
      return text;
  }
}

export function isResult(text: string): text is RuleResult {
  return ['holds', 'fails', 'undetermined', 'disputed'].includes(text);
}

function UsedBy({ usedBy, view, language }: EntryParts & { readonly language: Language }): VNode | null {
  const t = lawdeskReviewText.in(language);
  if (usedBy.length === 0) return null;
  return (
    <Section title={t('used-by.title')}>
      <Details summary={t('used-by.count', { count: usedBy.length })} open={usedBy.length <= 6}>
        <ul>
          {usedBy.slice(0, USERS_SHOWN_MAX).map((user) => (
            <li key={`${user.kind}:${user.id}`}>
              <a href={entryHref(view, user.kind, user.id)}>{titleWords(user, language)}</a> <span class="muted">{kindWords(user.kind, language)}</span>
            </li>
          ))}
        </ul>
      </Details>
    </Section>
  );
}

function History({ row, language }: { readonly row: ReviewRow; readonly language: Language }): VNode | null {
  const t = lawdeskReviewText.in(language);
  if (row.remarks.length === 0) return null;
  return (
    <Section title={t('history.title')} id="history" lead={t('history.lead')}>
      <Timeline
        items={[...row.remarks].reverse().map((remark) => ({
          date: remark.madeAt,
          title: reviewerWords(remark),
          kind: remark.entryDigest === row.digest ? ('important' as const) : ('plain' as const),
          children: (
            <>
              <p>
                <StateTag state={remark.verdict} language={language} /> <span class="muted">{remark.entryDigest === row.digest ? t('history.on-this', { version: remark.version }) : t('history.on-other', { version: remark.version })}</span>
              </p>
              {remark.remark === '' ? null : <p class="lawdesk-remark">{remark.remark}</p>}
              {remark.proposal === '' ? null : (
                <p class="lawdesk-remark">
                  <strong>{t('form.proposal')}:</strong> {remark.proposal}
                </p>
              )}
            </>
          ),
        }))}
      />
    </Section>
  );
}

function VerdictForm({ frame, view, row, review, form, errors }: EntryParts & { readonly frame: PageContext }): VNode {
  const { language } = frame;
  const t = lawdeskReviewText.in(language);
  const error = (field: string): string | undefined => errors.find((one) => one.field === field)?.message;
  return (
    <Section title={t('form.title')} id="verdict" lead={t('form.lead')}>
      <form method="post" action={entryHref(view, row.entry.kind, row.entry.id)} class="lawdesk-verdict">
        <Hidden fields={{ entryDigest: row.digest, review: review?.id ?? '' }} />
        <Radios name="verdict" legend={t('form.verdict')} value={form.verdict} required error={error('verdict')} options={VERDICTS.map((verdict) => ({ value: verdict, label: t(`verdict.${verdict}`), hint: t(`verdict.hint.${verdict}`) }))} />
        <TextArea name="remark" label={t('form.remark')} hint={t('form.remark-hint')} value={form.remark} rows={4} maxLength={REMARK_LENGTH_MAX} error={error('remark')} optional />
        <TextArea name="proposal" label={t('form.proposal')} hint={t('form.proposal-hint')} value={form.proposal} rows={3} maxLength={REMARK_LENGTH_MAX} error={error('proposal')} optional />
        {review === undefined ? (
          <>
            <Notice tone="info" title={t('sign-in.title')}>
              <p>{t('sign-in.body')}</p>
            </Notice>
            <AuthorField frame={frame} name="reviewer" label={t('form.reviewer')} hint={t('form.reviewer-hint')} value={form.reviewer} maxLength={REVIEWER_LENGTH_MAX} autocomplete="name" width="half" required error={error('reviewer')} />
            <TextInput name="licence" label={t('form.licence')} hint={t('form.licence-hint')} value={form.licence} maxLength={LICENCE_LENGTH_MAX} width="half" required error={error('licence')} />
          </>
        ) : (
          <p>
            {t('form.as', { who: reviewerWords(review) })} <a href={entryHref({ ...view, as: '' }, row.entry.kind, row.entry.id)}>{t('form.other-person')}</a>
          </p>
        )}
        <p class="muted small">{t('form.bound', { digest: row.digest.slice(0, 16) })}</p>
        <ButtonRow>
          <Button name="then" value="next">{t('form.save-next')}</Button>
          <Button name="then" value="stay" tone="secondary">{t('form.save')}</Button>
        </ButtonRow>
      </form>
    </Section>
  );
}
