/** The law browser: packs, regimes, rules with source, date and mark, questions, values by date, worked cases, disputed readings. */

import type { ComponentChildren, VNode } from 'preact';
import type { Language } from '../../../base/index.ts';
import { type Conclusion, type FactAnswer, type FactDefinition, isInForce, type Pack, type PackRef, parameterAt, type Rule } from '../../../law/index.ts';
import type { Page, PageContext } from '../../../platform/html/index.ts';
import { Breadcrumbs, Button, Card, Code, DateInput, Details, EmptyState, Grid, Notice, PageHeading, Prose, ResultTag, SearchBox, Section, SummaryList, Table, Tabs, Tag } from '../../../platform/html/components/index.ts';
import { formatDate } from '../../../platform/text/index.ts';
import type { LawDates } from '../model.ts';
import { answerWords } from '../rules/answer-words.ts';
import { articleParts, articleWords } from '../rules/article-words.ts';
import { citationWords, indexOf, isUnconfirmed, labelOf } from '../rules/wording.ts';
import { searchPacks } from '../rules/search.ts';
import { lawbookText } from '../text/index.ts';
import { ConditionView } from './condition.tsx';

type Version = { readonly ref: PackRef; readonly status: string; readonly installedAt: string };

export function indexPage(frame: PageContext, packs: readonly Pack[]): Page {
  const t = lawbookText.in(frame.language);
  return {
    title: t('title'),
    description: t('intro'),
    body: (
      <>
        <PageHeading title={t('title')} lead={t('intro')} />
        <Search language={frame.language} />
        <Notice tone="info">{t('not-advice')}</Notice>
        <Section title={t('packs')}>
          <Grid size="large">
            {packs.map((pack) => (
              <Card key={pack.ref.digest} title={pack.title[frame.language]} href={`/lawbook/${pack.ref.id}`} meta={<PackStatusTag status={pack.status} language={frame.language} />}>
                <p>
                  {t('pack.rules', { count: pack.rules.length })}, {t('pack.facts', { count: pack.facts.length })}, {t('pack.cases', { count: pack.cases.length })}
                </p>
              </Card>
            ))}
          </Grid>
        </Section>
        <p>
          <a href="/crosswalk">{t('crosswalk')}</a>
        </p>
      </>
    ),
  };
}

export function packPage(frame: PageContext, pack: Pack, versions: readonly Version[]): Page {
  const { language } = frame;
  const t = lawbookText.in(language);
  const families = [...new Set(pack.conclusions.map((conclusion) => conclusion.family))];
  return {
    title: pack.title[language],
    body: (
      <>
        <Trail language={language} pack={pack} />
        <PageHeading title={pack.title[language]} tags={<PackStatusTag status={pack.status} language={language} />} lead={t('not-advice')} />
        <PackTabs pack={pack} language={language} current="" />
        <Search language={language} />
        {families.map((family) => (
          <Section key={family} title={labelOf(pack, family, language)} id={`family-${family}`}>
            <ul class="lawbook-regimes">
              {pack.conclusions
                .filter((conclusion) => conclusion.family === family)
                .map((conclusion) => (
                  <li key={conclusion.id}>
                    <a href={`/lawbook/${pack.ref.id}/regime/${conclusion.id}`}>{conclusion.label[language]}</a>
                    <span class="lawbook-regimes__article">{articlesOf(pack, conclusion, language)}</span>
                  </li>
                ))}
            </ul>
          </Section>
        ))}
        <Section title={t('pack.sources')}>
          <ul>
            {pack.legalBasis.map((basis) => (
              <li key={basis.key}>
                {basis.title[language]}
                {basis.oj === undefined ? null : <> · <span lang="en">{basis.oj}</span></>}
              </li>
            ))}
          </ul>
        </Section>
        <Section title={t('pack.versions')}>
          <Table
            caption={t('pack.versions')}
            captionHidden
            rows={versions}
            rowKey={(version) => version.ref.digest}
            columns={[
              { key: 'version', head: t('pack.version'), cell: (version) => version.ref.version, rowHead: true },
              { key: 'status', head: t('pack.status'), cell: (version) => <PackStatusTag status={version.status as Pack['status']} language={language} /> },
              { key: 'since', head: t('pack.versions.installed'), cell: (version) => formatDate(version.installedAt, language) },
              { key: 'digest', head: t('pack.digest'), cell: (version) => <Code>{version.ref.digest}</Code> },
            ]}
          />
        </Section>
      </>
    ),
  };
}

export function conclusionPage(frame: PageContext, pack: Pack, conclusion: Conclusion, dates: LawDates): Page {
  const { language } = frame;
  const t = lawbookText.in(language);
  const rules = pack.rules.filter((rule) => rule.concludes === conclusion.id && isInForce(rule, dates));
  const general = rules.filter((rule) => rule.kind === 'general');
  const exceptions = rules.filter((rule) => rule.kind === 'exception').sort((a, b) => a.priority - b.priority);
  const requires = pack.families.find((family) => family.id === conclusion.family)?.requires;
  const cases = pack.cases.filter((one) => conclusion.id in one.expect);
  return {
    title: conclusion.label[language],
    description: conclusion.plain[language],
    body: (
      <>
        <Trail language={language} pack={pack} last={conclusion.label[language]} />
        <PageHeading title={conclusion.label[language]} caption={labelOf(pack, conclusion.family, language)} lead={conclusion.plain[language]} />
        <DatesForm language={language} dates={dates} action={`/lawbook/${pack.ref.id}/regime/${conclusion.id}`} />
        {rules.length === 0 ? <Notice tone="warning">{t('conclusion.no-rule-yet')}</Notice> : null}
        {general.length === 0 ? null : (
          <Section title={t('conclusion.general')}>
            {general.map((rule) => (
              <RuleView key={rule.id} pack={pack} rule={rule} dates={dates} language={language} />
            ))}
          </Section>
        )}
        {requires === undefined ? null : (
          <Section title={t('conclusion.requires')}>
            <ConditionView pack={pack} condition={requires} language={language} />
          </Section>
        )}
        {exceptions.length === 0 ? null : (
          <Section title={t('conclusion.exception')}>
            {exceptions.map((rule) => (
              <RuleView key={rule.id} pack={pack} rule={rule} dates={dates} language={language} />
            ))}
          </Section>
        )}
        {cases.length === 0 ? null : (
          <Section title={t('conclusion.cases')} lead={t('case.good')}>
            {cases.map((one) => (
              <Details
                key={one.id}
                summary={
                  <>
                    <ResultTag result={one.expect[conclusion.id] ?? 'undetermined'} /> {one.title[language]}
                  </>
                }
              >
                <Prose>
                  <p>{one.story[language]}</p>
                </Prose>
                <FactsList pack={pack} facts={one.facts} language={language} />
              </Details>
            ))}
          </Section>
        )}
      </>
    ),
  };
}

function RuleView({ pack, rule, dates, language }: { readonly pack: Pack; readonly rule: Rule; readonly dates: LawDates; readonly language: Language }): VNode {
  const t = lawbookText.in(language);
  const parameter = rule.applies === undefined ? undefined : pack.parameters.find((one) => one.id === rule.applies);
  const applies = parameter === undefined ? undefined : parameterAt(parameter, dates);
  return (
    <article class="lawbook-rule">
      <p class="lawbook-rule__text">
        {rule.kind === 'exception' && rule.then === 'holds' ? <strong>{t('conclusion.exception-holds')}: </strong> : null}
        {rule.label[language]}
      </p>
      <SummaryList
        compact
        rows={[
          { label: t('rule.sources'), value: <Sources pack={pack} cite={rule.cite} language={language} /> },
          ...(applies === undefined ? [] : [{ label: t('rule.applies-from'), value: <>{formatDate(String(applies.value), language)} (<Place article={applies.source} language={language} />)</> }]),
          ...(rule.knownFrom === undefined ? [] : [{ label: t('rule.known-from'), value: formatDate(rule.knownFrom, language) }]),
          {
            label: t('rule.mark'),
            value: (
              <>
                <Tag tone={rule.evidence === 'V' || rule.evidence === 'G' ? 'success' : 'warning'}>{t(`evidence.${rule.evidence}`)}</Tag> {t(`authority.${rule.authority}`)}
                {isUnconfirmed(pack, rule.authority) ? <> <Tag tone="warning">{t('rule.unconfirmed')}</Tag></> : null}
              </>
            ),
          },
        ]}
      />
      <Details summary={t('rule.tree')}>
        <ConditionView pack={pack} condition={rule.when} language={language} />
      </Details>
    </article>
  );
}

export function factsPage(frame: PageContext, pack: Pack): Page {
  const { language } = frame;
  const t = lawbookText.in(language);
  const groups = [...new Set(pack.facts.map((fact) => fact.group))];
  return {
    title: t('nav.facts'),
    body: (
      <>
        <Trail language={language} pack={pack} last={t('nav.facts')} />
        <PageHeading title={t('nav.facts')} caption={pack.title[language]} />
        <PackTabs pack={pack} language={language} current="/facts" />
        {groups.map((group) => (
          <ul key={group} class="lawbook-regimes">
            {pack.facts
              .filter((fact) => fact.group === group)
              .map((fact) => (
                <li key={fact.id}>
                  <a href={`/lawbook/${pack.ref.id}/fact/${fact.id}`}>{fact.ask[language]}</a>
                  <span class="lawbook-regimes__article">{fact.cite.map((cite) => articleWords(cite.article, language)).join(', ')}</span>
                </li>
              ))}
          </ul>
        ))}
      </>
    ),
  };
}

export function factPage(frame: PageContext, pack: Pack, fact: FactDefinition): Page {
  const { language } = frame;
  const t = lawbookText.in(language);
  return {
    title: fact.ask[language],
    body: (
      <>
        <Trail language={language} pack={pack} last={fact.id} />
        <PageHeading title={fact.ask[language]} caption={t('nav.facts')} lead={fact.help[language]} />
        <SummaryList
          rows={[
            { label: t('fact.why'), value: fact.why[language] },
            { label: t('fact.example'), value: fact.example[language] },
            ...(fact.values.length === 0 ? [] : [{ label: t('fact.values'), value: <List items={fact.values.map((value) => value.label[language])} /> }]),
            ...(fact.appliesIf === undefined ? [] : [{ label: t('fact.gate'), value: <ConditionView pack={pack} condition={fact.appliesIf} language={language} /> }]),
            { label: t('fact.who'), value: t(`fact.who.${fact.who}`) },
            { label: t('rule.sources'), value: <Sources pack={pack} cite={fact.cite} language={language} /> },
          ]}
        />
      </>
    ),
  };
}

/** Where a provision stands; what the pack adds to it in English is marked as English. */
function Place({ article, language }: { readonly article: string; readonly language: Language }): VNode {
  const { words, english } = articleParts(article, language);
  return (
    <>
      {words}
      {english === '' ? null : <span lang="en">{english}</span>}
    </>
  );
}

export function parametersPage(frame: PageContext, pack: Pack): Page {
  const { language } = frame;
  const t = lawbookText.in(language);
  const rows = pack.parameters.flatMap((parameter) => parameter.values.map((value, index) => ({ parameter, value, first: index === 0 })));
  return {
    title: t('nav.dates'),
    wide: true,
    body: (
      <>
        <Trail language={language} pack={pack} last={t('nav.dates')} />
        <PageHeading title={t('nav.dates')} caption={pack.title[language]} lead={t('parameter.intro')} />
        <PackTabs pack={pack} language={language} current="/parameters" />
        <Table
          caption={t('nav.dates')}
          captionHidden
          rows={rows}
          rowKey={(row, index) => `${row.parameter.id}-${index}`}
          columns={[
            { key: 'name', head: t('parameter.name'), cell: (row) => row.parameter.label[language], rowHead: true, width: 'wide' },
            { key: 'value', head: t('parameter.value'), cell: (row) => (row.value.value === null ? t('parameter.open') : row.parameter.type === 'date' ? formatDate(String(row.value.value), language) : String(row.value.value)), numeric: true },
            { key: 'from', head: t('parameter.from'), cell: (row) => (row.value.from === undefined ? '' : formatDate(row.value.from, language)) },
            { key: 'known', head: t('parameter.known'), cell: (row) => formatDate(row.value.known, language) },
            { key: 'source', head: t('parameter.source'), cell: (row) => <Place article={row.value.source} language={language} /> },
            { key: 'mark', head: t('rule.mark'), cell: (row) => t(`evidence.${row.value.evidence}`) },
          ]}
        />
      </>
    ),
  };
}

export function casesPage(frame: PageContext, pack: Pack): Page {
  const { language } = frame;
  const t = lawbookText.in(language);
  return {
    title: t('nav.cases'),
    body: (
      <>
        <Trail language={language} pack={pack} last={t('nav.cases')} />
        <PageHeading title={t('nav.cases')} caption={pack.title[language]} lead={t('case.good')} />
        <PackTabs pack={pack} language={language} current="/cases" />
        {pack.cases.map((one) => (
          <Details key={one.id} summary={one.title[language]}>
            <Prose>
              <p>{one.story[language]}</p>
            </Prose>
            <h2 class="lawbook-case__part">{t('case.expect')}</h2>
            <ul class="lawbook-expect">
              {Object.entries(one.expect).map(([id, result]) => (
                <li key={id}>
                  <ResultTag result={result} /> <a href={`/lawbook/${pack.ref.id}/regime/${id}`}>{labelOf(pack, id, language)}</a>
                </li>
              ))}
            </ul>
            <h2 class="lawbook-case__part">{t('case.facts')}</h2>
            <FactsList pack={pack} facts={one.facts} language={language} />
          </Details>
        ))}
      </>
    ),
  };
}

export function readingsPage(frame: PageContext, pack: Pack): Page {
  const { language } = frame;
  const t = lawbookText.in(language);
  return {
    title: t('nav.readings'),
    body: (
      <>
        <Trail language={language} pack={pack} last={t('nav.readings')} />
        <PageHeading title={t('nav.readings')} caption={pack.title[language]} lead={t('reading.intro')} />
        <PackTabs pack={pack} language={language} current="/readings" />
        {pack.readings.map((reading) => (
          <Section key={reading.id} title={reading.label[language]}>
            <ul>
              {reading.options.map((option) => (
                <li key={option.id}>
                  {option.label[language]} {option.id === reading.default ? <Tag tone="brand">{t('reading.default')}</Tag> : null}
                </li>
              ))}
            </ul>
            <p>
              <Sources pack={pack} cite={reading.cite} language={language} />
            </p>
          </Section>
        ))}
      </>
    ),
  };
}

export function searchPage(frame: PageContext, packs: readonly Pack[], q: string): Page {
  const { language } = frame;
  const t = lawbookText.in(language);
  const hits = searchPacks(packs, q, language);
  return {
    title: t('search.results', { count: hits.length, q }),
    body: (
      <>
        <Breadcrumbs items={[{ label: t('title'), href: '/lawbook' }]} />
        <PageHeading title={t('search.results', { count: hits.length, q })} />
        <Search language={language} value={q} />
        {hits.length === 0 ? (
          <EmptyState title={t('search.empty')} />
        ) : (
          <ul class="lawbook-regimes">
            {hits.map((hit) => (
              <li key={hit.href}>
                <a href={hit.href}>{hit.title}</a>
                <span class="lawbook-regimes__article">{hit.detail}</span>
              </li>
            ))}
          </ul>
        )}
      </>
    ),
  };
}

export function FactsList({ pack, facts, language }: { readonly pack: Pack; readonly facts: { readonly [id: string]: FactAnswer }; readonly language: Language }): VNode {
  const index = indexOf(pack);
  return (
    <SummaryList
      compact
      rows={Object.entries(facts).map(([id, answer]) => ({ label: index.facts.get(id)?.ask[language] ?? id, value: answerWords(index.facts.get(id), answer, language) }))}
    />
  );
}

export function Sources({ pack, cite, language }: { readonly pack: Pack; readonly cite: Rule['cite']; readonly language: Language }): VNode {
  return <>{cite.map((one) => citationWords(pack, one, language)).join('; ')}</>;
}

export function DatesForm({ language, dates, action, children }: { readonly language: Language; readonly dates: LawDates; readonly action: string; readonly children?: ComponentChildren }): VNode {
  const t = lawbookText.in(language);
  return (
    <form class="lawbook-dates" method="get" action={action}>
      <DateInput id="asOf" name="asOf" label={t('dates.asOf')} value={dates.asOf} />
      <DateInput id="knownOn" name="knownOn" label={t('dates.knownOn')} value={dates.knownOn} />
      <Button tone="secondary">{t('dates.apply')}</Button>
      {children}
    </form>
  );
}

export function PackStatusTag({ status, language }: { readonly status: Pack['status']; readonly language: Language }): VNode {
  return <Tag tone={status === 'adopted' || status === 'counsel_signed' ? 'success' : 'warning'}>{lawbookText.in(language)(`status.${status}`)}</Tag>;
}

function PackTabs({ pack, language, current }: { readonly pack: Pack; readonly language: Language; readonly current: string }): VNode {
  const t = lawbookText.in(language);
  const tabs: readonly [path: string, label: string, count: number][] = [
    ['', t('nav.conclusions'), pack.conclusions.length],
    ['/facts', t('nav.facts'), pack.facts.length],
    ['/parameters', t('nav.dates'), pack.parameters.length],
    ['/cases', t('nav.cases'), pack.cases.length],
    ['/readings', t('nav.readings'), pack.readings.length],
  ];
  return <Tabs label={pack.title[language]} tabs={tabs.map(([path, label, count]) => ({ href: `/lawbook/${pack.ref.id}${path}`, label, count, current: path === current }))} />;
}

function Trail({ language, pack, last }: { readonly language: Language; readonly pack: Pack; readonly last?: string }): VNode {
  const t = lawbookText.in(language);
  return (
    <Breadcrumbs
      items={[{ label: t('title'), href: '/lawbook' }, last === undefined ? { label: pack.title[language] } : { label: pack.title[language], href: `/lawbook/${pack.ref.id}` }, ...(last === undefined ? [] : [{ label: last }])]}
    />
  );
}

function Search({ language, value }: { readonly language: Language; readonly value?: string }): VNode {
  const t = lawbookText.in(language);
  return <SearchBox action="/lawbook/search" label={t('search.label')} value={value} hint={t('search.empty')} />;
}

function List({ items }: { readonly items: readonly string[] }): VNode {
  return (
    <ul>
      {items.map((item) => (
        <li key={item}>{item}</li>
      ))}
    </ul>
  );
}

/** The articles of a regime's general rules, for lists. */
function articlesOf(pack: Pack, conclusion: Conclusion, language: Language): string {
  return [...new Set(pack.rules.filter((rule) => rule.concludes === conclusion.id && rule.kind === 'general').flatMap((rule) => rule.cite.map((cite) => articleWords(cite.article, language))))].slice(0, 4).join(', ');
}

