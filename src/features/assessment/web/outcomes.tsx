/** The law's answers drawn for people: results by family, reasons, what would change them, dates and sources. */

import type { VNode } from 'preact';
import type { Language } from '../../../base/index.ts';
import type { Decision, Literal, Outcome, Pack } from '../../../law/index.ts';
import { Details, Notice, ResultTag, Section, Tag } from '../../../platform/html/components/index.ts';
import { formatDate } from '../../../platform/text/index.ts';
import { articleWords, citationWords, indexOf, isUnconfirmed, labelOf, lawbookText, literalList, outcomesByFamily, termsIn } from '../../lawbook/index.ts';
import { assessmentText } from '../text/index.ts';

const ASK_SHOWN_MAX = 5;

interface View {
  readonly pack: Pack;
  readonly decision: Decision;
  readonly language: Language;
  /** Where a question can be answered; absent on public pages. */
  readonly questionHref?: (fact: string) => string;
}

/** Whether the law binds here, or serves as a yardstick. */
export function BindingNotice({ decision, language }: Pick<View, 'decision' | 'language'>): VNode | null {
  const t = assessmentText.in(language);
  const scope = decision.outcomes.find((outcome) => outcome.id === 'scope');
  const material = decision.outcomes.find((outcome) => outcome.id === 'scope.material');
  if (scope === undefined || material === undefined || material.result === 'fails') return null;
  if (scope.result === 'holds') return <Notice>{t('result.binds')}</Notice>;
  return <Notice>{scope.result === 'fails' ? t('result.reference') : t('result.binding-open')}</Notice>;
}

/** One line a family: its result and the members that hold or are open. */
export function OutcomeOverview({ pack, decision, language }: View): VNode {
  return (
    <ul class="assessment-overview">
      {outcomesByFamily(decision.outcomes).map(({ family, aggregate, members }) => {
        const result = aggregate?.result ?? members[0]?.result ?? 'undetermined';
        const shown = members.filter((member) => member.id !== family && (member.result === 'holds' || member.result === 'disputed'));
        return (
          <li key={family}>
            <ResultTag result={result} /> <strong>{labelOf(pack, family, language)}</strong>
            {shown.length === 0 ? null : <span class="assessment-overview__members">{shown.map((member) => labelOf(pack, member.id, language)).join('; ')}</span>}
          </li>
        );
      })}
    </ul>
  );
}

/** Full account of a decision: what holds, what is open, and, folded, what does not hold. */
export function DecisionView(view: View): VNode {
  const { decision, language } = view;
  const t = assessmentText.in(language);
  const members = outcomesByFamily(decision.outcomes).flatMap((family) => family.members);
  const of = (...results: readonly Outcome['result'][]): readonly Outcome[] => members.filter((outcome) => results.includes(outcome.result));
  const failing = of('fails');
  const blocks: readonly [string, readonly Outcome[]][] = [
    [lawbookText.in(language)('result.holds'), of('holds')],
    [lawbookText.in(language)('result.disputed'), of('disputed')],
    [lawbookText.in(language)('result.undetermined'), of('undetermined')],
  ];
  return (
    <>
      {blocks
        .filter(([, outcomes]) => outcomes.length > 0)
        .map(([title, outcomes]) => (
          <Section key={title} title={title}>
            {outcomes.map((outcome) => (
              <OutcomeView key={outcome.id} outcome={outcome} view={view} />
            ))}
          </Section>
        ))}
      {failing.length === 0 ? null : (
        <Details summary={t('result.others', { count: failing.length })}>
          {failing.map((outcome) => (
            <OutcomeView key={outcome.id} outcome={outcome} view={view} />
          ))}
        </Details>
      )}
    </>
  );
}

function OutcomeView({ outcome, view }: { readonly outcome: Outcome; readonly view: View }): VNode {
  const { pack, decision, language } = view;
  const t = assessmentText.in(language);
  const plain = pack.conclusions.find((one) => one.id === outcome.id)?.plain[language];
  return (
    <article class="assessment-outcome" id={`regime-${outcome.id}`}>
      <h3>
        <ResultTag result={outcome.result} /> <a href={`/lawbook/${pack.ref.id}/regime/${outcome.id}?asOf=${decision.asOf}&knownOn=${decision.knownOn}`}>{labelOf(pack, outcome.id, language)}</a>
      </h3>
      {plain === undefined || outcome.result === 'fails' ? null : <p class="assessment-outcome__plain">{plain}</p>}
      {outcome.result === 'holds' && outcome.dates.appliesFrom !== undefined ? (
        <p>
          <strong>{t('result.applies-from', { date: formatDate(outcome.dates.appliesFrom, language) })}</strong>, {outcome.dates.applies ? t('result.applies-now') : t('result.applies-later')}
          {outcome.dates.source === undefined ? '' : ` (${articleWords(outcome.dates.source, language)})`}
        </p>
      ) : null}
      {outcome.reasons.length === 0 ? null : (
        <div class="assessment-reasons">
          <h4>{t('result.because')}</h4>
          {outcome.reasons.map((reason, index) => (
            <Literals key={index} literals={reason.because} view={view} />
          ))}
          {outcome.reasons.length > 1 ? <p class="hint">{t('result.because.note')}</p> : null}
        </div>
      )}
      {outcome.disputedBy.length === 0 ? null : (
        <p>
          {t('result.disputed-by')}: {outcome.disputedBy.map((fact) => indexOf(pack).facts.get(fact)?.ask[language] ?? fact).join('; ')}
        </p>
      )}
      {outcome.readings.map((reading) => (
        <p key={reading.reading}>
          <Tag tone="warning">{t('result.reading', { reading: pack.readings.find((one) => one.id === reading.reading)?.label[language] ?? reading.reading })}</Tag>{' '}
          {Object.entries(reading.results).map(([option, result]) => (
            <span key={option}>
              {option}: <ResultTag result={result} />{' '}
            </span>
          ))}
        </p>
      ))}
      {outcome.flip === undefined ? null : (
        <Details summary={t('result.would-change')}>
          <p class="hint">{t('result.would-change.note')}</p>
          <Literals literals={outcome.flip.changes} view={view} />
        </Details>
      )}
      {outcome.ask.length === 0 ? null : (
        <div>
          <h4>{t('result.open')}</h4>
          <ul>
            {outcome.ask.slice(0, ASK_SHOWN_MAX).map((fact) => {
              const words = indexOf(pack).facts.get(fact)?.ask[language] ?? fact;
              return <li key={fact}>{view.questionHref === undefined ? words : <a href={view.questionHref(fact)}>{words}</a>}</li>;
            })}
          </ul>
        </div>
      )}
      <p class="assessment-outcome__sources">
        {t('result.sources')}: {outcome.sources.map((source) => citationWords(pack, source, language)).join('; ')}{' '}
        {outcome.evidence === 'V' || outcome.evidence === 'G' ? null : <Tag tone="warning">{outcome.evidence === 'K' ? t('result.unverified') : lawbookText.in(language)(`evidence.${outcome.evidence}`)}</Tag>}
        {isUnconfirmed(pack, outcome.authority) ? <>{' '}<Tag tone="warning">{lawbookText.in(language)('rule.unconfirmed')}</Tag></> : null}
      </p>
    </article>
  );
}

function Literals({ literals, view }: { readonly literals: readonly Literal[]; readonly view: View }): VNode {
  return (
    <ul class="assessment-literals">
      {literalList(view.pack, literals, view.language, termsIn(view.language)).map((words) => (
        <li key={words.question}>
          {words.question} <strong>{words.answer}</strong>
        </li>
      ))}
    </ul>
  );
}
