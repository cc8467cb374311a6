/**
 * Draws Observable Plot figures on the server and makes them fit the content policy: Plot writes style elements and
 * style attributes, which the policy forbids, so they become attributes or fall away, and colours are classes.
 */

import { plot, type PlotOptions } from '@observablehq/plot';
import { parseHTML } from 'linkedom';

/** linkedom's own types describe the browser's window, which this program does not load; these are the parts used here. */
interface SvgElement {
  readonly tagName: string;
  readonly attributes: Iterable<{ readonly name: string; readonly value: string }>;
  readonly outerHTML: string;
  getAttribute(name: string): string | null;
  setAttribute(name: string, value: string): void;
  removeAttribute(name: string): void;
  remove(): void;
  querySelector(selector: string): SvgElement | null;
  querySelectorAll(selector: string): Iterable<SvgElement>;
}

const { document } = parseHTML('<!doctype html><html><body></body></html>') as unknown as { document: unknown };

/** Styles Plot writes that have an attribute of the same meaning. The rest (white-space, overflow) is in the style sheet. */
const STYLE_ATTRIBUTES = new Set(['fill', 'stroke', 'stroke-width', 'stroke-dasharray', 'opacity', 'fill-opacity', 'stroke-opacity', 'text-anchor', 'font-size', 'font-weight', 'font-variant', 'paint-order']);

/** Attributes that the style sheet sets, so that dark mode and the page's letters apply. */
const FRAME_ATTRIBUTES = ['class', 'fill', 'font-family', 'font-size', 'role'];

export const LETTERS_PX = 14;

/** The SVG text of a figure. `class` names on marks choose colours (see the style sheet of charts). */
export function drawSvg(options: PlotOptions): string {
  const drawn = plot({ ...options, document: document as Document }) as unknown as SvgElement;
  const svg = drawn.tagName.toLowerCase() === 'svg' ? drawn : drawn.querySelector('svg');
  if (svg === null) throw new Error('Plot drew no svg');
  for (const style of svg.querySelectorAll('style')) style.remove();
  for (const element of [svg, ...svg.querySelectorAll('*')]) styleToAttributes(element);
  for (const name of FRAME_ATTRIBUTES) svg.removeAttribute(name);
  svg.setAttribute('class', 'chart__svg');
  svg.setAttribute('font-size', String(LETTERS_PX));
  // The box around it is the picture with the name; the drawing itself is silent.
  svg.setAttribute('aria-hidden', 'true');
  svg.setAttribute('focusable', 'false');
  for (const element of svg.querySelectorAll('[aria-label]')) element.removeAttribute('aria-label');
  for (const element of svg.querySelectorAll('[aria-description]')) element.removeAttribute('aria-description');
  // Coordinates to a tenth of a pixel, inside tags only: the figures of the reader's text stay as they are.
  return svg.outerHTML.replaceAll(/<[^>]*>/g, (tag) => tag.replaceAll(/-?\d+\.\d{2,}/g, (number) => String(Math.round(Number(number) * 10) / 10)));
}

function styleToAttributes(element: SvgElement): void {
  const style = element.getAttribute('style');
  if (style === null) return;
  for (const declaration of style.split(';')) {
    const [name = '', value = ''] = declaration.split(':').map((part) => part.trim());
    if (STYLE_ATTRIBUTES.has(name)) element.setAttribute(name, value);
  }
  element.removeAttribute('style');
}
