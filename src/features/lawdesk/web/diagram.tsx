/** A decision diagram as a drawing, and the same as numbered sentences for those who do not see it or want to read it out. */

import type { VNode } from 'preact';
import type { Language } from '../../../base/index.ts';
import type { Diagram, DiagramNode, Pack } from '../../../law/index.ts';
import { Details, Figure } from '../../../platform/html/components/index.ts';
import { indexOf, valueLabel } from '../../lawbook/index.ts';
import { lawdeskReviewText } from '../text/review/index.ts';

/** Pixels of the drawing. */
const COLUMN = 210;
const ROW = 118;
const BOX = { width: 186, height: 62 } as const;
const LETTERS_A_LINE = 25;
const LINES_MAX = 3;
const MARGIN = { x: BOX.width / 2 + 12, y: BOX.height / 2 + 12 } as const;

export function DiagramFigure({ pack, diagram, title, language }: { readonly pack: Pack; readonly diagram: Diagram; readonly title: string; readonly language: Language }): VNode {
  const t = lawdeskReviewText.in(language);
  const width = Math.round(diagram.width * COLUMN + 2 * MARGIN.x);
  const height = Math.round(diagram.height * ROW + 2 * MARGIN.y);
  const x = (value: number): number => Math.round(value * COLUMN + MARGIN.x);
  const y = (value: number): number => Math.round(value * ROW + MARGIN.y);
  return (
    <Figure title={title} note={diagram.isTruncated ? t('diagram.truncated') : t('diagram.note')}>
      <div class="lawdesk-diagram" tabIndex={0} role="group" aria-label={t('diagram.scroll', { title })}>
        <svg width={width} height={height} viewBox={`0 0 ${width} ${height}`} role="img" aria-label={t('diagram.alternative', { title })}>
          {diagram.edges.map((edge, index) => {
            const points = edge.points.map((point) => [x(point.x), y(point.y)] as const);
            return <path key={index} class="lawdesk-diagram__edge" fill="none" d={curve(points)} />;
          })}
          {diagram.edges.map((edge, index) => {
            const [from, to] = [edge.points[0], edge.points[1]];
            if (from === undefined || to === undefined) return null;
            const lines = linesOf(answerWords(pack, diagram, edge.from, edge.answers, language), 22, 2);
            // Labels stand a third of the way down, so that those of one node part from each other.
            const at = { x: x(from.x + (to.x - from.x) * 0.5), y: y(from.y) + BOX.height / 2 + 16 };
            return (
              <text key={index} class="lawdesk-diagram__answer" x={at.x} y={at.y} text-anchor="middle">
                {lines.map((line, number) => (
                  <tspan key={number} x={at.x} dy={number === 0 ? 0 : 13}>
                    {line}
                  </tspan>
                ))}
              </text>
            );
          })}
          {diagram.nodes.map((node) => {
            const lines = linesOf(nodeWords(pack, node, language), LETTERS_A_LINE, LINES_MAX);
            return (
              <g key={node.id} class={`lawdesk-diagram__node lawdesk-diagram__node--${node.kind}`}>
                <title>{nodeWords(pack, node, language)}</title>
                <rect x={x(node.x) - BOX.width / 2} y={y(node.y) - BOX.height / 2} width={BOX.width} height={BOX.height} rx={node.kind === 'test' ? 4 : 31} />
                <text x={x(node.x)} y={y(node.y) - (lines.length - 1) * 8 + 4} text-anchor="middle">
                  {lines.map((line, number) => (
                    <tspan key={number} x={x(node.x)} dy={number === 0 ? 0 : 16}>
                      {line}
                    </tspan>
                  ))}
                </text>
              </g>
            );
          })}
        </svg>
      </div>
      <Details summary={t('diagram.as-text')}>
        <ol class="lawdesk-diagram__text">
          {diagram.nodes
            .filter((node) => node.kind === 'test')
            .map((node) => (
              <li key={node.id} value={node.id + 1}>
                {nodeWords(pack, node, language)}
                <ul>
                  {diagram.edges
                    .filter((edge) => edge.from === node.id)
                    .map((edge, index) => {
                      const target = diagram.nodes[edge.to];
                      return (
                        <li key={index}>
                          <strong>{answerWords(pack, diagram, edge.from, edge.answers, language)}</strong>: {target?.kind === 'test' ? t('diagram.go-to', { number: edge.to + 1 }) : target === undefined ? '' : nodeWords(pack, target, language)}
                        </li>
                      );
                    })}
                </ul>
              </li>
            ))}
        </ol>
      </Details>
    </Figure>
  );
}

function nodeWords(pack: Pack, node: DiagramNode, language: Language): string {
  const t = lawdeskReviewText.in(language);
  if (node.kind === 'holds') return t('diagram.holds');
  if (node.kind === 'fails') return t('diagram.fails');
  if (node.kind === 'more' || node.test === undefined) return t('diagram.more');
  const { id, kind, value } = node.test;
  if (kind === 'reading') return pack.readings.find((reading) => reading.id === id)?.label[language] ?? id;
  const question = indexOf(pack).facts.get(id)?.ask[language] ?? id;
  return value === undefined ? question : `${question} ${valueLabel(pack, id, value, language)}?`;
}

function answerWords(pack: Pack, diagram: Diagram, from: number, answers: readonly string[], language: Language): string {
  const t = lawdeskReviewText.in(language);
  const test = diagram.nodes[from]?.test;
  return answers
    .map((answer) => {
      if (answer === 'yes' && test?.kind === 'fact' && isYesNo(pack, test.id, test.value)) return t('sentence.yes');
      if (answer === 'no' && test?.kind === 'fact' && isYesNo(pack, test.id, test.value)) return t('sentence.no');
      if (test?.kind === 'reading') return answer;
      return test === undefined ? answer : valueLabel(pack, test.id, answer, language);
    })
    .join('; ');
}

function isYesNo(pack: Pack, fact: string, value: string | undefined): boolean {
  return value !== undefined || indexOf(pack).facts.get(fact)?.type === 'bool';
}

function curve(points: readonly (readonly [number, number])[]): string {
  const [first, ...rest] = points;
  if (first === undefined) return '';
  let text = `M${first[0]} ${first[1]}`;
  let [px, py] = first;
  for (const [nx, ny] of rest) {
    const middle = Math.round((py + ny) / 2);
    text += `C${px} ${middle} ${nx} ${middle} ${nx} ${ny}`;
    [px, py] = [nx, ny];
  }
  return text;
}

/** Breaks words into lines; what does not fit ends in an ellipsis (the sentences below have all of it). */
function linesOf(text: string, letters: number, max: number): readonly string[] {
  const lines: string[] = [];
  for (const word of text.split(/\s+/)) {
    const last = lines.at(-1);
    if (last !== undefined && last.length + 1 + word.length <= letters) lines[lines.length - 1] = `${last} ${word}`;
    else lines.push(word);
  }
  const shown = lines.slice(0, max);
  return lines.length <= max ? shown : shown.map((line, index) => (index === max - 1 ? `${line.slice(0, letters - 1)}…` : line));
}
