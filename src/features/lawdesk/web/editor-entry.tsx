/** One entry of a draft for people who do not write YAML: its condition as a sentence tree of forms, its texts, sources, dates and cases. */

import type { ComponentChildren, VNode } from 'preact';
import { type Language, LANGUAGES } from '../../../base/index.ts';
import { type Pack, writeSyntax } from '../../../law/index.ts';
import { LookOnly, type Page, type PageContext } from '../../../platform/html/index.ts';
import { Button, ButtonRow, Details, ErrorSummary, Hidden, Notice, PageHeading, SearchBox, Section, Select, type SelectOption, TextArea, TextInput } from '../../../platform/html/components/index.ts';
import { lawbookText } from '../../lawbook/index.ts';
import { conditionsIn, type Entry, isPlainMap, localisedIn, type Plain, scalarText } from '../rules/entries.ts';
import { FIELD_TEXT_LENGTH_MAX, FIELDS, type FieldSpec } from '../rules/entry-forms.ts';
import { type NodePath, nodeAt, parsePath, pathText, treeOfCondition } from '../rules/sentence.ts';
import { lawdeskEditorText } from '../text/editor/index.ts';
import { AnswerForm, Found } from './editor-answer.tsx';
import { choiceWords, evidenceOptions } from './choice-words.ts';
import { CaseForm } from './editor-case.tsx';
import { type EditorParts, type EditorView, EntryForm } from './editor-form.tsx';
import { ListsForms } from './editor-lists.tsx';
import { DiagramFigure } from './diagram.tsx';
import { ChangedCaseView, DraftHead, editHref, ProblemView, UndoForm } from './editor-list.tsx';
import { CaseView, conditionTitle } from './review-entry.tsx';
import { SentenceView } from './sentence-tree.tsx';
import { fieldPathWords, fieldWords, kindWords, titleWords } from './words.tsx';

export function editorPage(frame: PageContext, parts: EditorParts): Page {
  const { language } = frame;
  const { state, entry } = parts;
  const t = lawdeskEditorText.in(language);
  const pack = state.pack ?? state.base.pack;
  const isOpen = state.end === undefined && frame.may('law.draft');
  return {
    title: `${titleWords(entry, language)} – ${state.draft.title}`,
    body: (
      <div class="lawdesk-editor">
        <ErrorSummary errors={parts.error === undefined ? [] : [{ message: parts.error }]} />
        <DraftHead state={state} language={language} current="entry" crumb={kindWords(entry.kind, language)} />
        <PageHeading caption={`${kindWords(entry.kind, language)} · ${entry.id}`} title={titleWords(entry, language)} />
        {parts.saved ? <Notice tone="success" announce title={t('saved', { step: state.step })}>{state.undoable === undefined ? null : <UndoForm state={state} language={language} />}</Notice> : null}
        {parts.problems.length === 0 ? null : (
          <Section title={t('problems.here')}>
            {parts.problems.slice(0, 20).map((problem, index) => (
              <ProblemView key={index} problem={problem} state={state} language={language} />
            ))}
          </Section>
        )}
        {state.end === undefined && !isOpen ? <LookOnly frame={frame} /> : null}
        <Conditions {...parts} pack={pack} canChange={isOpen} language={language} />
        <Cases {...parts} pack={pack} language={language} />
        {parts.diagram === undefined ? null : (
          <Section title={t('diagram.title')} id="diagram">
            <DiagramFigure pack={pack} diagram={parts.diagram} title={titleWords(entry, language)} language={language} />
          </Section>
        )}
        {isOpen ? (
          <>
            {entry.kind === 'case' ? <CaseForm {...parts} pack={pack} language={language} /> : null}
            {entry.kind === 'parameter' ? <ValuesForm {...parts} language={language} /> : null}
            <ListsForms {...parts} pack={pack} language={language} />
            <TextsForm {...parts} language={language} />
            {Array.isArray(entry.data['cite']) || ['rule', 'definition', 'fact', 'reading', 'duty'].includes(entry.kind) ? <CitationsForm {...parts} pack={pack} language={language} /> : null}
            {FIELDS[entry.kind].length === 0 ? null : <FieldsForm {...parts} pack={pack} language={language} />}
            <WholeEntry {...parts} language={language} />
          </>
        ) : null}
      </div>
    ),
  };
}

type Shared = EditorParts & { readonly language: Language };

function viewHref({ state, entry }: Pick<EditorParts, 'state' | 'entry'>, view: Partial<Record<keyof EditorView, string>>, anchor = 'panel'): string {
  const query = new URLSearchParams(Object.entries(view).filter(([, value]) => value !== ''));
  return `${editHref(state, entry.kind, entry.id, query.size === 0 ? '' : `?${query.toString()}`)}#${anchor}`;
}

function Conditions(props: Shared & { readonly pack: Pack; readonly canChange: boolean }): VNode | null {
  const { pack, state, entry, view, canChange, language } = props;
  const t = lawdeskEditorText.in(language);
  const conditions = conditionsIn(entry.data);
  if (conditions.length === 0) return null;
  return (
    <Section title={t('condition.title')} id="condition" lead={canChange ? t('condition.lead') : undefined}>
      {conditions.map(({ path, text }) => {
        const name = path.join('.');
        const isOpen = canChange && view.condition === name;
        const after = (at: NodePath): ComponentChildren => {
          const isHere = isOpen && view.at === pathText(at);
          return canChange ? (
            <span class="lawdesk-node-actions">
              <a href={viewHref(props, { condition: name, at: pathText(at) || 'root' })} aria-current={isHere ? 'true' : undefined}>
                {t('condition.change')}
                <span class="visually-hidden"> {at.length === 0 ? t('condition.whole') : t('condition.part', { number: at.map((step) => step + 1).join('.') })}</span>
              </a>
            </span>
          ) : null;
        };
        return (
          <div key={name}>
            {conditions.length === 1 && name === 'when' ? null : <h3>{conditionTitle(path, language)}</h3>}
            <SentenceView pack={pack} text={text} language={language} hrefOf={(kind, id) => (kind === 'unknown' ? undefined : editHref(state, kind, id))} after={(at) => after(at)} />
            {isOpen ? <NodePanel {...props} name={name} text={text} /> : null}
            <Details summary={t('condition.as-written')}>
              <pre class="code" tabIndex={0} role="group" aria-label={t('condition.as-written')}>
                <code>{text}</code>
              </pre>
            </Details>
          </div>
        );
      })}
    </Section>
  );
}

/** Everything that can be done with the open node. */
function NodePanel(props: Shared & { readonly pack: Pack; readonly name: string; readonly text: string }): VNode {
  const { pack, view, name, text, language, state, entry } = props;
  const t = lawdeskEditorText.in(language);
  const at = parsePath(view.at) ?? [];
  const tree = treeOfCondition(text);
  const node = tree.ok ? nodeAt(tree.value, at) : undefined;
  if (node === undefined) return <Notice tone="warning" title={t('panel.gone')} />;
  const isGroup = node.op === 'all' || node.op === 'any';
  const parent = tree.ok && at.length > 0 ? nodeAt(tree.value, at.slice(0, -1)) : undefined;
  const hasSiblings = parent !== undefined && (parent.op === 'all' || parent.op === 'any');
  const hidden = { condition: name, at: view.at };
  const act = (value: string, label: string, tone: 'secondary' | 'danger' = 'secondary'): VNode => (
    <Button key={value} name="act" value={value} tone={tone}>
      {label}
    </Button>
  );
  const place = at.length === 0 ? t('condition.whole') : t('condition.part', { number: at.map((step) => step + 1).join('.') });
  return (
    <div class="lawdesk-panel" id="panel">
      <h3>{t('panel.title', { place })}</h3>
      <SentenceView pack={pack} text={nodeText(text, at)} language={language} hrefOf={() => undefined} />
      <EntryForm state={state} entry={entry} form="sentence">
        <Hidden fields={hidden} />
        <ButtonRow>
          {isGroup ? act('switch', node.op === 'all' ? t('act.to-any') : t('act.to-all')) : null}
          {act('negate', node.op === 'not' ? t('act.un-negate') : t('act.negate'))}
          {hasSiblings ? [act('up', t('act.up')), act('down', t('act.down')), act('wrap-all', t('act.wrap-all')), act('wrap-any', t('act.wrap-any'))] : null}
          {isGroup && at.length > 0 ? act('unwrap', t('act.unwrap')) : null}
          {at.length === 0 ? null : act('remove', t('act.remove'), 'danger')}
        </ButtonRow>
      </EntryForm>
      {!isGroup && view.mode === '' ? <AnswerForm {...props} hidden={{ ...hidden, act: 'replace' }} named={undefined} node={node} /> : null}
      {view.mode !== '' && view.name !== '' ? <AnswerForm {...props} hidden={{ ...hidden, act: view.mode }} named={view.name} node={undefined} /> : null}
      <Details summary={t('panel.add')} open={view.mode === 'add' || isGroup}>
        <p>{isGroup ? t('panel.add-group') : t('panel.add-beside')}</p>
        <SearchBox action={editHref(state, entry.kind, entry.id)} id="add-q" label={t('panel.search')} hint={t('panel.search-hint')} value={view.mode === 'add' ? view.q : ''} keep={{ condition: name, at: view.at || 'root', mode: 'add' }} />
        {view.mode === 'add' ? <Found pack={pack} q={view.q} language={language} hrefOf={(id) => viewHref(props, { condition: name, at: view.at || 'root', mode: 'add', name: id })} /> : null}
      </Details>
      {isGroup ? null : (
        <Details summary={t('panel.other')} open={view.mode === 'replace'}>
          <SearchBox action={editHref(state, entry.kind, entry.id)} id="replace-q" label={t('panel.other')} hint={t('panel.search-hint')} value={view.mode === 'replace' ? view.q : ''} keep={{ condition: name, at: view.at || 'root', mode: 'replace' }} />
          {view.mode === 'replace' ? <Found pack={pack} q={view.q} language={language} hrefOf={(id) => viewHref(props, { condition: name, at: view.at || 'root', mode: 'replace', name: id })} /> : null}
        </Details>
      )}
      <p>
        <a href={viewHref(props, {}, 'condition')}>{t('panel.close')}</a>
      </p>
    </div>
  );
}

/** The text of one node; read back from the tree so that the panel shows just that. */
function nodeText(text: string, at: NodePath): string {
  const tree = treeOfCondition(text);
  const node = tree.ok ? nodeAt(tree.value, at) : undefined;
  return node === undefined ? text : writeSyntax(node);
}

function Cases({ state, pack, runs, runsInAll, changed, entry, language }: Shared & { readonly pack: Pack }): VNode | null {
  const t = lawdeskEditorText.in(language);
  if (entry.kind === 'basis' || entry.kind === 'headline' || entry.kind === 'duty-group') return null;
  if (state.problems.length > 0) return <Section title={t('cases.title')}><Notice tone="warning" title={t('cases.wait')} /></Section>;
  const failing = runs.filter((run) => !run.passes);
  const rest = runs.filter((run) => run.passes && !changed.some((one) => one.run === run));
  return (
    <Section title={t('cases.title')} id="cases" lead={runsInAll > runs.length ? t('cases.some', { shown: runs.length, count: runsInAll }) : t('cases.lead')}>
      {runs.length === 0 ? <p>{t('cases.none')}</p> : failing.length === 0 ? <Notice tone="success" title={t('cases.all-pass', { count: runs.length })} /> : <Notice tone="error" title={t('cases.failing', { count: failing.length })} />}
      {changed.length === 0 ? null : (
        <>
          <h3>{t('cases.changed', { count: changed.length })}</h3>
          {changed.slice(0, 20).map((one) => (
            <ChangedCaseView key={one.run.workedCase.id} one={one} pack={pack} state={state} language={language} />
          ))}
        </>
      )}
      {failing
        .filter((run) => !changed.some((one) => one.run === run))
        .slice(0, 20)
        .map((run) => (
          <CaseView key={run.workedCase.id} pack={pack} run={run} rule={entry.kind === 'rule' ? entry.id : undefined} language={language} />
        ))}
      {rest.length === 0 ? null : (
        <Details summary={t('cases.passing', { count: rest.length })}>
          {rest.slice(0, 20).map((run) => (
            <CaseView key={run.workedCase.id} pack={pack} run={run} rule={entry.kind === 'rule' ? entry.id : undefined} language={language} />
          ))}
        </Details>
      )}
    </Section>
  );
}

/** Texts of one place beside each other in three languages. */
function TextsForm({ state, entry, language }: Shared): VNode | null {
  const t = lawdeskEditorText.in(language);
  const texts = localisedIn(entry.data);
  if (texts.length === 0) return null;
  return (
    <Section title={t('texts.title')} id="texts" lead={t('texts.lead')}>
      <EntryForm state={state} entry={entry} form="texts">
        {texts.map(({ path, text }) => {
          const name = `text.${path.join('.')}`;
          return (
            <fieldset class="field fieldset" key={name}>
              <legend class="field__label">{fieldPathWords(path.map((step) => (typeof step === 'number' ? String(step + 1) : step)).join('.'), language)}</legend>
              <div class="lawdesk-three">
                {LANGUAGES.map((one) => (
                  <TextArea key={one} name={`${name}.${one}`} label={one.toUpperCase()} value={text[one] ?? ''} rows={(text[one] ?? '').length > 160 ? 5 : 2} maxLength={FIELD_TEXT_LENGTH_MAX} />
                ))}
              </div>
            </fieldset>
          );
        })}
        <Button tone="secondary">{t('texts.save')}</Button>
      </EntryForm>
    </Section>
  );
}

function CitationsForm({ state, entry, pack, language }: Shared & { readonly pack: Pack }): VNode {
  const t = lawdeskEditorText.in(language);
  const cite = Array.isArray(entry.data['cite']) ? (entry.data['cite'] as readonly Plain[]) : [];
  const rows = [...cite.map((one) => (isPlainMap(one) ? { act: scalarText(one['act']), article: scalarText(one['article']) } : { act: '', article: '' })), { act: '', article: '' }];
  return (
    <Section title={t('cite.title')} id="cite" lead={t('cite.lead')}>
      <EntryForm state={state} entry={entry} form="cite">
        {rows.map((row, index) => (
          <div class="lawdesk-rows" key={index}>
            <Select name={`cite.${index}.act`} label={fieldWords('act', language)} value={row.act} emptyLabel="–" options={pack.legalBasis.map((basis) => ({ value: basis.key, label: basis.title[language] }))} />
            <TextInput name={`cite.${index}.article`} label={fieldWords('article', language)} value={row.article} maxLength={300} />
          </div>
        ))}
        <Button tone="secondary">{t('cite.save')}</Button>
      </EntryForm>
    </Section>
  );
}

function ValuesForm({ state, entry, language }: Shared): VNode {
  const t = lawdeskEditorText.in(language);
  const law = lawbookText.in(language);
  const values = Array.isArray(entry.data['values']) ? (entry.data['values'] as readonly Plain[]).filter(isPlainMap) : [];
  return (
    <Section title={t('values.title')} id="values" lead={t('values.lead')}>
      <EntryForm state={state} entry={entry} form="values">
        {[...values, {} as { readonly [key: string]: Plain }].map((row, index) => (
          <fieldset class="field fieldset" key={index}>
            <legend class="visually-hidden">{index < values.length ? t('values.row', { number: index + 1 }) : t('values.new')}</legend>
            {index === values.length ? <h3>{t('values.new')}</h3> : null}
            <div class="lawdesk-rows">
              <TextInput name={`value.${index}.value`} label={law('parameter.value')} value={scalarText(row['value'])} width="10" maxLength={40} />
              <TextInput name={`value.${index}.from`} label={law('parameter.from')} value={scalarText(row['from'])} width="10" maxLength={10} optional />
              <TextInput name={`value.${index}.known`} label={law('parameter.known')} value={scalarText(row['known'])} width="10" maxLength={10} />
              <Select name={`value.${index}.ev`} label={law('rule.mark')} value={scalarText(row['ev'])} emptyLabel="–" options={evidenceOptions(language)} />
              <TextInput name={`value.${index}.source`} label={law('parameter.source')} value={scalarText(row['source'])} maxLength={1000} />
            </div>
          </fieldset>
        ))}
        <Button tone="secondary">{t('values.save')}</Button>
      </EntryForm>
    </Section>
  );
}

function FieldsForm({ state, entry, pack, language }: Shared & { readonly pack: Pack }): VNode {
  const t = lawdeskEditorText.in(language);
  return (
    <Section title={t('fields.title')} id="fields" lead={t('fields.lead')}>
      <EntryForm state={state} entry={entry} form="fields">
        <div class="lawdesk-three">
          {FIELDS[entry.kind].map((spec) => (
            <FieldInput key={spec.key} spec={spec} entry={entry} pack={pack} language={language} />
          ))}
        </div>
        <Button tone="secondary">{t('fields.save')}</Button>
      </EntryForm>
    </Section>
  );
}

function FieldInput({ spec, entry, pack, language }: { readonly spec: FieldSpec; readonly entry: Entry; readonly pack: Pack; readonly language: Language }): VNode {
  const value = entry.data[spec.key];
  const text = scalarText(value);
  const name = `field.${spec.key}`;
  const label = fieldWords(spec.key, language);
  const select = (options: readonly SelectOption[]): VNode => <Select name={name} label={label} value={text} emptyLabel="–" options={options.some((option) => option.value === text) || text === '' ? options : [...options, { value: text, label: text }]} />;
  switch (spec.as) {
    case 'choice':
      return select(spec.values.map((one) => ({ value: one, label: choiceWords(spec.key, one, language) })));
    case 'parameter':
      return select(pack.parameters.filter((one) => one.type === 'date').map((one) => ({ value: `$${one.id}`, label: one.label[language] })));
    case 'conclusion':
      return select(pack.conclusions.map((one) => ({ value: one.id, label: one.label[language] })));
    case 'family':
      return select(pack.families.map((one) => ({ value: one.id, label: one.label[language] })));
    case 'option':
      return select((pack.readings.find((one) => one.id === entry.id)?.options ?? []).map((one) => ({ value: one.id, label: one.label[language] })));
    case 'date':
      return <TextInput name={name} label={label} value={text} width="10" maxLength={10} hint="2027-12-02" optional />;
    case 'number':
      return <TextInput name={name} label={label} value={text} width="10" maxLength={20} inputMode="decimal" optional />;
    case 'text':
      return <TextInput name={name} label={label} value={text} maxLength={FIELD_TEXT_LENGTH_MAX} optional />;
  }
}

function WholeEntry({ state, entry, language }: Shared): VNode {
  const t = lawdeskEditorText.in(language);
  return (
    <Section title={t('whole.title')} id="whole">
      <Details summary={t('whole.copy')}>
        <p>{t('whole.copy-body')}</p>
        <EntryForm state={state} entry={entry} form="copy">
          <TextInput name="newId" label={t('whole.new-id')} hint={t('whole.new-id-hint')} width="half" maxLength={120} required />
          <Button tone="secondary">{t('whole.copy-button')}</Button>
        </EntryForm>
      </Details>
      <Details summary={t('whole.remove')}>
        <p>{t('whole.remove-body')}</p>
        <EntryForm state={state} entry={entry} form="remove">
          <Button tone="danger">{t('whole.remove-button')}</Button>
        </EntryForm>
      </Details>
      <p class="muted small">{t('whole.place', { place: `${entry.file}:${entry.line}` })}</p>
    </Section>
  );
}

