/** Whether an SVG may be served and drawn: a drawing and nothing else. What is not known to be harmless is refused, with its line. */

/** Elements that only draw. No script, foreignObject, image, use, style, animation, text, filter or link. */
const ELEMENTS = new Set(['svg', 'g', 'path', 'rect', 'circle', 'ellipse', 'line', 'polyline', 'polygon', 'title', 'desc', 'defs', 'linearGradient', 'radialGradient', 'stop', 'clipPath']);
const ATTRIBUTES = new Set([
  'xmlns', 'viewBox', 'width', 'height', 'version', 'preserveAspectRatio', 'id', 'role', 'aria-label', 'aria-hidden', 'xml:space',
  'd', 'x', 'y', 'x1', 'y1', 'x2', 'y2', 'cx', 'cy', 'r', 'rx', 'ry', 'fx', 'fy', 'points', 'transform', 'pathLength',
  'fill', 'fill-opacity', 'fill-rule', 'stroke', 'stroke-width', 'stroke-opacity', 'stroke-linecap', 'stroke-linejoin', 'stroke-miterlimit', 'stroke-dasharray', 'stroke-dashoffset',
  'opacity', 'color', 'clip-path', 'clip-rule', 'clipPathUnits', 'gradientUnits', 'gradientTransform', 'spreadMethod', 'offset', 'stop-color', 'stop-opacity', 'vector-effect', 'shape-rendering',
]);
const ELEMENTS_MAX = 2000;
const DEPTH_MAX = 30;

export interface SvgProblem {
  /** From 1. */
  readonly line: number;
  readonly message: string;
}

const NAME = String.raw`[A-Za-z_][\w:.-]*`;
const TAG = new RegExp(String.raw`^<(/?)(${NAME})((?:\s+${NAME}\s*=\s*(?:"[^"<]*"|'[^'<]*'))*)\s*(/?)>`);
const ATTRIBUTE = new RegExp(String.raw`(${NAME})\s*=\s*(?:"([^"<]*)"|'([^'<]*)')`, 'g');

/** Every fault of the drawing, in the order of the text; none means that it may be used. `text` has been measured for size already. */
export function svgProblems(text: string): readonly SvgProblem[] {
  const problems: SvgProblem[] = [];
  const open: string[] = [];
  let elements = 0;
  let at = 0;
  const tell = (message: string): void => void problems.push({ line: text.slice(0, at).split('\n').length, message });
  const fatal = (message: string): readonly SvgProblem[] => {
    tell(message);
    return problems;
  };

  const declaration = /^\uFEFF?\s*(?:<\?xml\s[^?<>]*\?>\s*)?/.exec(text);
  at = declaration?.[0].length ?? 0;
  while (at < text.length) {
    const rest = text.slice(at, at + 100_000);
    if (rest.startsWith('<!--')) {
      const end = text.indexOf('-->', at);
      if (end === -1) return fatal('a comment does not end');
      at = end + 3;
    } else if (rest.startsWith('<!') || rest.startsWith('<?')) {
      return fatal('document types, entities, CDATA and processing instructions are not taken');
    } else if (rest.startsWith('<')) {
      const tag = TAG.exec(rest);
      if (tag === null) return fatal('this is not well-formed XML: a tag is broken');
      const [whole, closing = '', name = '', attributes = '', empty = ''] = tag;
      if (closing !== '') {
        if (open.pop() !== name) return fatal(`</${name}> closes nothing that is open`);
      } else {
        elements += 1;
        if (elements > ELEMENTS_MAX) return fatal(`a drawing has at most ${ELEMENTS_MAX} elements`);
        if (!ELEMENTS.has(name)) tell(`<${name}> is not taken: a logo only draws`);
        if (elements === 1 && name !== 'svg') return fatal('the first element is not <svg>');
        if (elements > 1 && open.length === 0) return fatal('there is something after </svg>');
        if (elements === 1 && !/\sviewBox\s*=/.test(attributes)) tell('<svg> has no viewBox, so it cannot be drawn in any size');
        for (const [, attribute = '', one, other] of attributes.matchAll(ATTRIBUTE)) attributeProblem(name, attribute, one ?? other ?? '', tell);
        if (empty === '') open.push(name);
        if (open.length > DEPTH_MAX) return fatal(`elements lie more than ${DEPTH_MAX} deep`);
      }
      at += whole.length;
    } else {
      const next = text.indexOf('<', at);
      const words = text.slice(at, next === -1 ? text.length : next);
      // The line told is that of the first letter, not of the spaces before it.
      at += Math.max(0, words.search(/\S/));
      const inWords = open.at(-1) === 'title' || open.at(-1) === 'desc';
      if (words.trim() !== '' && !inWords) tell('letters outside <title> and <desc> are not taken: draw them as paths');
      if (/&(?!amp;|lt;|gt;|quot;|apos;)/.test(words)) tell('only the five entities of XML are taken');
      at = next === -1 ? text.length : next;
    }
  }
  if (elements === 0) tell('there is no drawing in it');
  else if (open.length > 0) tell(`<${open.at(-1)}> does not end`);
  return problems;
}

function attributeProblem(element: string, name: string, value: string, tell: (message: string) => void): void {
  if (!ATTRIBUTES.has(name)) {
    tell(name.startsWith('on') ? `${name}= on <${element}> would run a script` : `${name}= on <${element}> is not taken${name === 'style' ? ': write fill, stroke and so on as attributes' : ''}`);
    return;
  }
  if (name === 'xmlns') {
    if (value !== 'http://www.w3.org/2000/svg') tell(`xmlns is “${value}”, not that of SVG`);
    return;
  }
  if (name === 'aria-label') return;
  // Spaces and control characters hide an address from a search for it; entities, too.
  const bare = value.replaceAll(/[\s\p{Cc}]/gu, '').toLowerCase();
  if (bare.includes('&') || bare.includes('\\')) tell(`${name}= on <${element}> holds an entity or an escape`);
  else if (/url\((?!#[\w-]+\))/.test(bare) || /^[a-z][a-z0-9+.-]*:/.test(bare) || bare.includes('//')) tell(`${name}= on <${element}> points outside of the drawing`);
}

/** Width by height of the viewBox; undefined when there is none. */
export function svgRatio(text: string): number | undefined {
  const [, , width, height] = (/\sviewBox\s*=\s*["']\s*([^"']+)["']/.exec(text)?.[1] ?? '').trim().split(/[\s,]+/).map(Number);
  return width !== undefined && height !== undefined && width > 0 && height > 0 ? width / height : undefined;
}
