/** A condition as nested lists that read as sentences: the question, then the answer the law looks for. */

import type { ComponentChildren, VNode } from 'preact';
import type { Language } from '../../../base/index.ts';
import { type Pack, type SentenceLeaf, type SentenceTree, treeOf } from '../../../law/index.ts';
import { formatDate } from '../../../platform/text/index.ts';
import { type NodePath, pathText } from '../rules/sentence.ts';
import { lawdeskReviewText } from '../text/review/index.ts';

export interface SentenceViewProps {
  readonly pack: Pack;
  /** The condition as the pack writes it. */
  readonly text: string;
  readonly language: Language;
  /** Where the thing a condition names is shown. */
  readonly hrefOf: (kind: string, id: string) => string | undefined;
  /** Drawn after each node: the editor's way in. */
  readonly after?: (path: NodePath, node: SentenceTree) => ComponentChildren;
}

export function SentenceView(props: SentenceViewProps): VNode {
  const tree = treeOf(props.pack, props.text);
  const t = lawdeskReviewText.in(props.language);
  if (!tree.ok) {
    return (
      <div class="lawdesk-sentence">
        <p>{t('sentence.unreadable', { message: tree.refusal.message })}</p>
        <code>{props.text}</code>
      </div>
    );
  }
  return (
    <div class="lawdesk-sentence">
      <Branch {...props} node={tree.value} path={[]} />
    </div>
  );
}

function Branch(props: SentenceViewProps & { readonly node: SentenceTree; readonly path: NodePath; readonly negated?: boolean }): VNode {
  const { node, path, language } = props;
  const t = lawdeskReviewText.in(language);
  const after = props.after?.(path, node);
  const id = `node-${pathText(path) || 'root'}`;
  switch (node.op) {
    case 'all':
    case 'any':
      return (
        <div class={`lawdesk-sentence__group lawdesk-sentence__group--${node.op}`} id={id}>
          <div class="lawdesk-sentence__line">
            <span class="lawdesk-sentence__joint">{node.op === 'all' ? t('sentence.all') : t('sentence.any')}</span>
            {after}
          </div>
          <ul>
            {node.of.map((part, index) => (
              <li key={index}>
                <Branch {...props} negated={false} node={part} path={[...path, index]} />
              </li>
            ))}
          </ul>
        </div>
      );
    case 'not':
      // “Not” before a single question is its opposite answer; before a group it is said of the whole.
      if (node.of.op === 'leaf') {
        return (
          <div class="lawdesk-sentence__line" id={id}>
            <Leaf {...props} leaf={node.of} negated />
            {after}
          </div>
        );
      }
      return (
        <div class="lawdesk-sentence__group lawdesk-sentence__group--not" id={id}>
          <div class="lawdesk-sentence__line">
            <span class="lawdesk-sentence__joint">{t('sentence.not')}</span>
            {after}
          </div>
          <ul>
            <li>
              <Branch {...props} node={node.of} path={[...path, 0]} />
            </li>
          </ul>
        </div>
      );
    case 'true':
    case 'false':
      return (
        <div class="lawdesk-sentence__line" id={id}>
          <span>{node.op === 'true' ? t('sentence.always') : t('sentence.never')}</span>
          {after}
        </div>
      );
    case 'leaf':
      return (
        <div class="lawdesk-sentence__line" id={id}>
          <Leaf {...props} leaf={node} negated={false} />
          {after}
        </div>
      );
  }
}

function Leaf({ leaf, negated, language, hrefOf }: SentenceViewProps & { readonly leaf: SentenceLeaf; readonly negated: boolean }): VNode {
  const t = lawdeskReviewText.in(language);
  const { subject } = leaf;
  const label = subject.label?.[language] ?? subject.id;
  const href = subject.kind === 'unknown' ? undefined : hrefOf(subject.kind, subject.id);
  const isQuestion = subject.kind === 'fact';
  const answer = leafAnswer(leaf, negated, language);
  return (
    <span class="lawdesk-sentence__leaf">
      {negated && !isQuestion ? <strong>{t('sentence.not-so')} </strong> : null}
      {subject.kind === 'unknown' ? <strong class="lawdesk-sentence__unknown">{t('sentence.unknown-name', { name: subject.id })}</strong> : href === undefined ? label : <a href={href}>{label}</a>}
      {answer === undefined ? null : (
        <>
          {' '}
          <span class="lawdesk-sentence__answer">{answer}</span>
        </>
      )}
    </span>
  );
}

/** The answer a leaf looks for, in words; undefined where standing alone says it. */
export function leafAnswer(leaf: SentenceLeaf, negated: boolean, language: Language): string | undefined {
  const t = lawdeskReviewText.in(language);
  const values = leaf.values.map((value) => value.label?.[language] ?? value.id).join('; ');
  const turned = (text: string): string => (negated ? t('sentence.answer-not', { value: text }) : text);
  switch (leaf.relation) {
    case 'true':
      return leaf.subject.kind === 'fact' ? (negated ? t('sentence.no') : t('sentence.yes')) : undefined;
    case 'is':
    case 'has':
      return turned(values);
    case 'is-not':
      return t('sentence.other-than', { value: values });
    case 'in':
    case 'has-any':
      return turned(leaf.values.length === 1 ? values : t('sentence.one-of', { values }));
    case 'has-none':
      return turned(t('sentence.none'));
    default: {
      const limit = leaf.limit?.parameter === undefined ? dateOrText(leaf.limit?.text ?? '', language) : (leaf.limit.parameter.label?.[language] ?? leaf.limit.parameter.id);
      return turned(t(`sentence.compare.${leaf.relation}`, { limit }));
    }
  }
}

function dateOrText(text: string, language: Language): string {
  return /^\d{4}-\d{2}-\d{2}$/.test(text) ? formatDate(text, language) : text;
}
