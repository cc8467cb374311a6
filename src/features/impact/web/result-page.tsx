/** The result of an assessment: level, what follows, why, what would lower it, facts for the law, and what can be done next. */

import type { VNode } from 'preact';
import type { Language } from '../../../base/index.ts';
import { Button, ButtonRow, Card, EmptyState, ErrorSummary, Hidden, LinkButton, Notice, PageHeading, Section, Table, Tag } from '../../../platform/html/components/index.ts';
import { LookOnly, type Page, type PageContext } from '../../../platform/html/index.ts';
import { formatDate } from '../../../platform/text/index.ts';
import { answerWords } from '../../lawbook/index.ts';
import type { Comparison, Explanation, ImpactView, Offer, Published, Recomputed } from '../model.ts';
import { answerText, changeText, levelLabel, questionOf } from '../rules/answer-text.ts';
import { impactText } from '../text/index.ts';
import { AnswerWords } from './answer-words.tsx';
import { MissingList, ReviseForm, Trail } from './assessment-page.tsx';
import { StateTag } from './list-page.tsx';
import { Headline, levelOf, ResultParts } from './result-parts.tsx';

export interface ResultView {
  readonly view: ImpactView;
  readonly explanation: Explanation;
  readonly offers: readonly Offer[];
  readonly recomputed: Recomputed | undefined;
  readonly said?: string | undefined;
  readonly refusal?: string | undefined;
}

export function resultPage(frame: PageContext, { view, explanation, offers, recomputed, said, refusal }: ResultView): Page {
  const { language } = frame;
  const t = impactText.in(language);
  const { row, questionnaire, assessed } = view;
  const label = levelLabel(questionnaire, levelOf(assessed.result), language);
  const level = questionnaire.levels.find((one) => one.id === levelOf(assessed.result));
  const title = t('result.title', { questionnaire: questionnaire.title[language] });
  return {
    title: `${title} (№ ${row.number}): ${row.systemName}`,
    body: (
      <>
        <Trail view={view} language={language} at={{ label: t('page.result'), href: `/impact/${row.id}/result` }} />
        {refusal === undefined ? null : <ErrorSummary errors={[{ message: refusal }]} />}
        {said === undefined ? null : (
          <Notice tone="success" announce>
            <p>{said}</p>
          </Notice>
        )}
        <PageHeading title={title} caption={row.systemName} tags={<StateTag state={row.state} language={language} />} />
        {assessed.isComplete ? (
          label === undefined ? null : (
            <Notice title={t('result.level-is', { level: label })}>{level?.plain === undefined ? null : <p>{level.plain[language]}</p>}</Notice>
          )
        ) : (
          <Notice tone="warning" title={t('result.incomplete')}>
            <p>{t('result.incomplete-body', { count: assessed.missing.length })}</p>
          </Notice>
        )}
        <Headline view={view} language={language} />
        {assessed.consequences.length === 0 ? null : (
          <Section title={t('result.consequences')}>
            <ul class="impact-consequences">
              {assessed.consequences.map((one, index) => (
                <li key={index}>
                  <strong>{one.label[language]}</strong>
                  {one.plain === undefined ? null : <p>{one.plain[language]}</p>}
                  {one.cite.length === 0 ? null : <p class="hint">{one.cite.join('; ')}</p>}
                </li>
              ))}
            </ul>
          </Section>
        )}
        <ResultParts view={view} language={language} />
        {explanation === undefined ? null : <Lower view={view} explanation={explanation} language={language} />}
        {assessed.isComplete ? null : <MissingList view={view} language={language} />}
        <Offers frame={frame} view={view} offers={offers} />
        <Asleep view={view} language={language} />
        <Next frame={frame} view={view} recomputed={recomputed} />
      </>
    ),
  };
}

function Lower({ view, explanation, language }: { readonly view: ImpactView; readonly explanation: NonNullable<Explanation>; readonly language: Language }): VNode {
  const t = impactText.in(language);
  return (
    <Section title={t('result.lower')} lead={t('result.lower-lead', { count: explanation.changes.length, level: levelLabel(view.questionnaire, explanation.level, language) ?? '' })}>
      <Table
        caption={t('result.lower')}
        captionHidden
        phone="stack"
        rows={explanation.changes.map((change) => changeText(view.questionnaire, change, view.answers[change.question], language))}
        columns={[
          { key: 'question', head: t('result.question'), rowHead: true, cell: (one) => one.question },
          { key: 'from', head: t('result.now'), cell: (one) => one.from },
          { key: 'to', head: t('result.instead'), cell: (one) => one.to },
        ]}
      />
      <p class="hint">{explanation.isLeast ? t('result.lower-least') : t('result.lower-some')}</p>
    </Section>
  );
}

function Offers({ frame, view, offers }: { readonly frame: PageContext; readonly view: ImpactView; readonly offers: readonly Offer[] }): VNode | null {
  const { language } = frame;
  const t = impactText.in(language);
  if (offers.length === 0) return null;
  return (
    <Section title={t('facts.title')} lead={t('facts.lead')}>
      <Table
        caption={t('facts.title')}
        captionHidden
        phone="stack"
        rows={offers}
        rowKey={(offer) => offer.fact.id}
        columns={[
          { key: 'fact', head: t('facts.fact'), rowHead: true, cell: (offer) => offer.fact.ask[language] },
          { key: 'here', head: t('facts.here'), cell: (offer) => answerWords(offer.fact, offer.value, language) },
          { key: 'held', head: t('facts.held'), cell: (offer) => (offer.held === undefined ? t('answer.none') : answerWords(offer.fact, offer.held, language)) },
          {
            key: 'act',
            head: t('facts.act'),
            cell: (offer) =>
              offer.isSame ? (
                <Tag tone="success" mark="full">
                  {t('facts.same')}
                </Tag>
              ) : !frame.may('impact.take') ? null : (
                <form method="post" action={`/impact/${view.row.id}/facts`}>
                  <Hidden fields={{ fact: offer.fact.id }} />
                  <Button tone="secondary">{t('facts.take')}</Button>
                </form>
              ),
          },
        ]}
      />
    </Section>
  );
}

function Asleep({ view, language }: { readonly view: ImpactView; readonly language: Language }): VNode | null {
  const t = impactText.in(language);
  const { asleep } = view.assessed;
  if (asleep.length === 0) return null;
  return (
    <Section title={t('result.asleep', { count: asleep.length })} lead={t('result.asleep-lead')}>
      <ul>
        {asleep.map((id) => (
          <li key={id}>{questionOf(view.questionnaire, id)?.ask[language] ?? id}</li>
        ))}
      </ul>
    </Section>
  );
}

function Next({ frame, view, recomputed }: { readonly frame: PageContext; readonly view: ImpactView; readonly recomputed: Recomputed | undefined }): VNode {
  const { language } = frame;
  const t = impactText.in(language);
  const { row, assessed, seal } = view;
  const tone = recomputed?.kind === 'equal' ? 'success' : 'error';
  return (
    <Section title={t('next.title')} id="next">
      {row.state === 'open' && assessed.isComplete && !frame.may('impact.seal') ? <LookOnly frame={frame} /> : null}
      {row.state === 'open' && assessed.isComplete && frame.may('impact.seal') ? (
        <form method="post" action={`/impact/${row.id}/finish`}>
          <p>{t('next.finish-body')}</p>
          <Hidden fields={{ after: String(row.step) }} />
          <Button>{t('next.finish')}</Button>
        </form>
      ) : null}
      {seal === undefined ? null : (
        <>
          <p class="impact-digest">SHA-256 {seal.sha256}</p>
          {recomputed === undefined ? null : (
            <Notice tone={tone} title={t(`recomputed.${recomputed.kind}`)}>
              <p>{t(`recomputed.${recomputed.kind}-body`)}</p>
            </Notice>
          )}
          <ButtonRow>
            <LinkButton tone="secondary" href={`/impact/${row.id}/result?recompute=yes#next`}>
              {t('next.recompute')}
            </LinkButton>
            <LinkButton tone="secondary" href={`/impact/${row.id}/seal.json`}>
              {t('next.record')}
            </LinkButton>
          </ButtonRow>
          {frame.may('impact.publish') ? (
            <form method="post" action={`/impact/${row.id}/publish`}>
              <p>{seal.publishedAt === undefined ? t('next.publish-body') : t('next.published', { date: formatDate(seal.publishedAt, language) })}</p>
              <Hidden fields={{ public: seal.publishedAt === undefined ? 'yes' : 'no' }} />
              <Button tone="secondary">{t(seal.publishedAt === undefined ? 'next.publish' : 'next.unpublish')}</Button>
            </form>
          ) : seal.publishedAt === undefined ? null : (
            <p>{t('next.published', { date: formatDate(seal.publishedAt, language) })}</p>
          )}
          {frame.may('impact.write') ? <ReviseForm view={view} language={language} label={t('page.revise')} /> : null}
        </>
      )}
      <p>
        <a href={`/impact/${row.id}`}>{t('next.back')}</a> · <a href={`/impact/${row.id}/answers`}>{t('page.all-answers')}</a> · <a href={`/impact/${row.id}/result.pdf`}>PDF</a> · <a href={`/impact/${row.id}/export.json`}>JSON</a>
      </p>
    </Section>
  );
}

/** All answers on one page, to be read and printed. */
export function answersPage(frame: PageContext, view: ImpactView): Page {
  const { language } = frame;
  const t = impactText.in(language);
  const { row, questionnaire, assessed } = view;
  return {
    title: `${t('page.all-answers')}: ${row.systemName}`,
    body: (
      <>
        <Trail view={view} language={language} at={{ label: t('page.all-answers'), href: `/impact/${row.id}/answers` }} />
        <PageHeading title={t('page.all-answers')} caption={`${questionnaire.title[language]}: ${row.systemName}`} />
        {questionnaire.pages.map((page) => {
          const shown = page.questions.filter((question) => question.type !== 'note' && assessed.visibility.get(question.id)?.sight !== 'hidden');
          return shown.length === 0 ? null : (
            <Section key={page.id} title={page.title[language]}>
              {shown.map((question) => (
                <div class="impact-question" key={question.id}>
                  <p>
                    <strong>{question.ask[language]}</strong>
                  </p>
                  <AnswerWords text={answerText(question, assessed.counting[question.id], language)} language={language} />
                  {view.evidence.filter((item) => item.question === question.id).map((item) => (
                    <p class="hint" key={item.id}>
                      {item.name}
                    </p>
                  ))}
                </div>
              ))}
            </Section>
          );
        })}
      </>
    ),
  };
}

export function comparePage(frame: PageContext, { before, after, differences }: Comparison): Page {
  const { language } = frame;
  const t = impactText.in(language);
  const figures = (view: ImpactView): string => {
    const { result, isComplete } = view.assessed;
    const points = result.kind === 'tallies' ? t('result.of', { value: result.value, max: result.max }) : undefined;
    const label = isComplete ? levelLabel(view.questionnaire, levelOf(result), language) : t('result.incomplete');
    return [label, points].filter((part) => part !== undefined).join(', ');
  };
  const name = (view: ImpactView): VNode => <a href={`/impact/${view.row.id}`}>{t('compare.name', { number: view.row.number, date: formatDate(view.row.changedAt, language) })}</a>;
  return {
    title: `${t('compare.title')}: ${after.row.systemName}`,
    wide: true,
    body: (
      <>
        <Trail view={after} language={language} at={{ label: t('compare.title'), href: `/impact/${after.row.id}/compare?with=${before.row.id}` }} />
        <PageHeading title={t('compare.title')} caption={after.row.systemName} />
        {before.questionnaire.ref.digest === after.questionnaire.ref.digest ? null : (
          <Notice>
            <p>{t('compare.versions', { before: before.questionnaire.ref.version, after: after.questionnaire.ref.version })}</p>
          </Notice>
        )}
        <div class="impact-compare">
          {[before, after].map((view) => (
            <Card key={view.row.id} title={name(view)} level={2}>
              <p>{figures(view)}</p>
              <StateTag state={view.row.state} language={language} />
            </Card>
          ))}
        </div>
        {differences.length === 0 ? (
          <EmptyState title={t('compare.same')}>{t('compare.same-body')}</EmptyState>
        ) : (
          <Table
            caption={t('compare.differences', { count: differences.length })}
            phone="stack"
            rows={differences}
            rowKey={(one) => one.question}
            columns={[
              { key: 'question', head: t('result.question'), rowHead: true, cell: (one) => (questionOf(after.questionnaire, one.question) ?? questionOf(before.questionnaire, one.question))?.ask[language] ?? one.question },
              { key: 'before', head: name(before), cell: (one) => <Cellular view={before} question={one.question} language={language} /> },
              { key: 'after', head: name(after), cell: (one) => <Cellular view={after} question={one.question} language={language} /> },
            ]}
          />
        )}
      </>
    ),
  };
}

function Cellular({ view, question, language }: { readonly view: ImpactView; readonly question: string; readonly language: Language }): VNode {
  const asked = questionOf(view.questionnaire, question);
  return <AnswerWords text={asked === undefined ? impactText.in(language)('compare.not-asked') : answerText(asked, view.assessed.counting[question], language)} language={language} />;
}

/** What the public entry of a system shows of published assessments: kind, level, date, digest; never answers. */
export function publicImpactSection(published: readonly Published[], language: Language): VNode | undefined {
  const t = impactText.in(language);
  if (published.length === 0) return undefined;
  return (
    <Section title={t('public.title')}>
      <ul class="impact-public">
        {published.map(({ row, questionnaire, seal }) => {
          const label = levelLabel(questionnaire, row.level, language);
          return (
            <li key={row.id}>
              <strong>{questionnaire?.title[language] ?? row.kind}</strong> {label === undefined ? null : <Tag tone="brand">{label}</Tag>} {t('public.finished', { date: formatDate(seal.sealedAt, language), version: row.version })}
              <span class="impact-digest">SHA-256 {seal.sha256}</span>
            </li>
          );
        })}
      </ul>
    </Section>
  );
}
