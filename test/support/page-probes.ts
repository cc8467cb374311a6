/** What is measured inside the browser, on the page as it stands: functions that are sent there whole, so each stands on its own. */

/** A place where the Tab key stopped. Lengths are CSS pixels of the document. */
export interface Stop {
  /** Place among all elements that take focus by Tab, in the order of the document; −1 for one that was not expected. */
  readonly index: number;
  readonly what: string;
  readonly left: number;
  readonly top: number;
  readonly right: number;
  readonly bottom: number;
  /** Widest part of the focus mark in px and its contrast with what lies around it. */
  readonly markPx: number;
  readonly markContrast: number;
  /** The outline stays in forced colours, shadows and backgrounds do not. */
  readonly outlinePx: number;
  readonly hidden: boolean;
}

export interface Walk {
  readonly stops: readonly Stop[];
  /** Elements that take focus by Tab, in the order of the document, by their names. Radios of a group count once. */
  readonly expected: readonly string[];
}

/** Puts the measuring into the page. Before each key press the place of the focus is recorded as it stands then, scrolled into view. */
export function watchFocus(): void {
  const isShown = (one: Element): boolean => one.checkVisibility({ checkVisibilityCSS: true, checkOpacity: false, contentVisibilityAuto: false });
  const name = (one: Element): string => `${one.tagName.toLowerCase()}${one.id === '' ? '' : `#${one.id}`} “${(one.getAttribute('aria-label') ?? one.textContent ?? '').trim().replaceAll(/\s+/g, ' ').slice(0, 50)}”`;
  const all = [...document.querySelectorAll<HTMLElement>('a[href], button, input, select, textarea, summary, [tabindex], audio[controls], video[controls], iframe')].filter(
    (one) => one.tabIndex >= 0 && !one.matches(':disabled, [type=hidden]') && isShown(one) && (one.tagName !== 'SUMMARY' || one.parentElement?.tagName === 'DETAILS'),
  );
  const groups = new Map<string, HTMLElement>();
  for (const one of all) {
    if (!(one instanceof HTMLInputElement) || one.type !== 'radio') continue;
    const group = `${one.form?.id ?? ''} ${[...document.forms].indexOf(one.form as HTMLFormElement)} ${one.name}`;
    if (one.checked || !groups.has(group)) groups.set(group, one);
  }
  const radios = new Set(groups.values());
  const expected = all.filter((one) => !(one instanceof HTMLInputElement) || one.type !== 'radio' || radios.has(one));
  const rgb = (text: string): readonly number[] => (/[\d.]+/g[Symbol.match](text) ?? []).map(Number);
  const luminance = ([red = 0, green = 0, blue = 0]: readonly number[]): number => {
    const [r = 0, g = 0, b = 0] = [red, green, blue].map((part) => (part / 255 <= 0.04045 ? part / 255 / 12.92 : ((part / 255 + 0.055) / 1.055) ** 2.4));
    return 0.2126 * r + 0.7152 * g + 0.0722 * b;
  };
  const contrast = (a: readonly number[], b: readonly number[]): number => {
    const [high = 0, low = 0] = [luminance(a), luminance(b)].toSorted((x, y) => y - x);
    return (high + 0.05) / (low + 0.05);
  };
  const around = (one: Element): readonly number[] => {
    for (let at = one.parentElement; at !== null; at = at.parentElement) {
      const colour = rgb(getComputedStyle(at).backgroundColor);
      if (colour.length === 3 || (colour[3] ?? 0) === 1) return colour.slice(0, 3);
    }
    return [255, 255, 255];
  };
  const stops: unknown[] = [];
  const record = (): void => {
    const one = document.activeElement;
    if (!(one instanceof HTMLElement) || one === document.body) return;
    const box = one.getBoundingClientRect();
    const style = getComputedStyle(one);
    const ground = around(one);
    const outlinePx = style.outlineStyle === 'none' ? 0 : Number.parseFloat(style.outlineWidth);
    const marks = outlinePx === 0 ? [] : [{ px: outlinePx, colour: rgb(style.outlineColor) }];
    for (const [, colour = '', x = '0', y = '0', blur = '0', spread = '0'] of style.boxShadow.matchAll(/(rgba?\([^)]+\)) (-?[\d.]+)px (-?[\d.]+)px (-?[\d.]+)px (-?[\d.]+)px/g)) {
      marks.push({ px: Math.max(Math.abs(Number(x)), Math.abs(Number(y)), Number(spread)) - (Number(blur) > 0 ? Number(blur) : 0), colour: rgb(colour) });
    }
    const best = marks.filter(({ px }) => px >= 2).map((mark) => ({ px: mark.px, contrast: contrast(mark.colour, ground) })).toSorted((a, b) => b.contrast - a.contrast)[0];
    // Obscured is what no point of it can be touched: something lies over it, or it is outside the window.
    const points = [[0.5, 0.5], [0.1, 0.2], [0.9, 0.2], [0.1, 0.8], [0.9, 0.8]].map(([x = 0, y = 0]) => [Math.max(box.left, 0) + x * (Math.min(box.right, innerWidth) - Math.max(box.left, 0)), Math.max(box.top, 0) + y * (Math.min(box.bottom, innerHeight) - Math.max(box.top, 0))] as const);
    const seen = points.some(([left, top]) => {
      const hit = document.elementFromPoint(left, top);
      return hit !== null && (one.contains(hit) || hit.contains(one) && hit !== document.documentElement && hit !== document.body || (one instanceof HTMLInputElement && [...(one.labels ?? [])].some((label) => label.contains(hit) || label.parentElement === hit)));
    });
    // Where it stands in the document, whatever is scrolled, the page or a frame within it.
    let [x, y] = [scrollX, scrollY];
    for (let at = one.parentElement; at !== null && at !== document.body; at = at.parentElement) [x, y] = [x + at.scrollLeft, y + at.scrollTop];
    stops.push({ index: expected.indexOf(one), what: name(one), left: box.left + x, top: box.top + y, right: box.right + x, bottom: box.bottom + y, markPx: best?.px ?? 0, markContrast: best?.contrast ?? 0, outlinePx, hidden: !seen });
  };
  const kept = globalThis as unknown as { mizanWalk: () => unknown; mizanWalked: () => boolean };
  // Round: out of the page, or at its first element again.
  kept.mizanWalked = () => document.activeElement === document.body || stops.filter((stop) => (stop as { index: number }).index === 0).length > 1;
  addEventListener('keydown', record, true);
  kept.mizanWalk = () => {
    record();
    removeEventListener('keydown', record, true);
    return { stops, expected: expected.map(name) };
  };
}

/** What cannot be read or reached at this width: parts beyond the edge, frames that scroll and cannot be focused or have no name. */
export function findOverflow(): readonly string[] {
  const found: string[] = [];
  const tell = (one: Element): string => one.outerHTML.replaceAll(/\s+/g, ' ').slice(0, 140);
  const page = document.documentElement;
  const scrolls = (one: Element): boolean => /auto|scroll/.test(getComputedStyle(one).overflowX) && one.scrollWidth > one.clientWidth + 1;
  if (page.scrollWidth > page.clientWidth) {
    const isHeld = (one: Element): boolean => [...document.querySelectorAll('*')].some((frame) => frame !== one && frame.contains(one) && frame !== document.body && frame !== page && getComputedStyle(frame).overflowX !== 'visible');
    const wide = [...document.body.querySelectorAll('*')].filter((one) => one.getBoundingClientRect().right > page.clientWidth + 1 && !isHeld(one));
    found.push(`${page.scrollWidth - page.clientWidth} px sideways: ${wide.slice(-1).map(tell).join('')}`);
  }
  for (const one of document.body.querySelectorAll('*')) {
    if (!one.checkVisibility() || !scrolls(one)) continue;
    if (one.matches('input, textarea, select')) continue;
    const isNamed = (one.getAttribute('aria-label') ?? one.getAttribute('aria-labelledby') ?? '') !== '' && /^(?:region|group|img)$/.test(one.getAttribute('role') ?? (one.tagName === 'SECTION' ? 'region' : ''));
    if (!(one instanceof HTMLElement) || one.tabIndex < 0) found.push(`scrolls and cannot be focused: ${tell(one)}`);
    else if (!isNamed) found.push(`scrolls and has no name: ${tell(one)}`);
  }
  return found;
}

/** Text that is cut: a box that hides what is beyond it, with something beyond it. */
export function findClipped(): readonly string[] {
  const found: string[] = [];
  for (const one of document.body.querySelectorAll<HTMLElement>('*')) {
    const style = getComputedStyle(one);
    if (!/hidden|clip/.test(`${style.overflowX} ${style.overflowY}`) || one.closest('.visually-hidden, svg, [aria-hidden=true]') !== null || style.clipPath !== 'none') continue;
    if (!one.checkVisibility() || (one.textContent ?? '').trim() === '') continue;
    const cut = (/hidden|clip/.test(style.overflowX) && one.scrollWidth > one.clientWidth + 1) || (/hidden|clip/.test(style.overflowY) && one.scrollHeight > one.clientHeight + 1);
    if (cut && one.tagName !== 'BODY') found.push(one.outerHTML.replaceAll(/\s+/g, ' ').slice(0, 140));
  }
  return found;
}

/** The spacing that WCAG 1.4.12 lets a reader set; not a style element, which the content policy would refuse. */
export function spaceText(): void {
  const sheet = new CSSStyleSheet();
  sheet.replaceSync('* { line-height: 1.5 !important; letter-spacing: .12em !important; word-spacing: .16em !important } p { margin-bottom: 2em !important }');
  document.adoptedStyleSheets = [...document.adoptedStyleSheets, sheet];
}

/** Letters twice as large, as a reader sets them in the browser without zoom. */
export function enlargeText(): void {
  const sheet = new CSSStyleSheet();
  sheet.replaceSync('html { font-size: 200% !important }');
  document.adoptedStyleSheets = [...document.adoptedStyleSheets, sheet];
}

/** Movements that run although the reader asked for none. */
export function findMovement(): readonly string[] {
  return document.getAnimations().map((one) => `${one.constructor.name} ${(one.effect as KeyframeEffect | null)?.target?.outerHTML.slice(0, 100) ?? ''}`);
}

/** What the structure of a page gets wrong: headings, landmarks, tables, names, words of another language without `lang`. */
export function findStructure(): readonly string[] {
  const found: string[] = [];
  const text = (one: Element): string => (one.textContent ?? '').trim().replaceAll(/\s+/g, ' ');
  const nameOf = (one: Element): string => {
    const by = (one.getAttribute('aria-labelledby') ?? '').split(' ').map((id) => document.getElementById(id)).filter((part) => part !== null);
    if (by.length > 0) return by.map(text).join(' ');
    return (one.getAttribute('aria-label') ?? (text(one) || (one.querySelector('img')?.alt ?? ''))).trim();
  };

  const headings = [...document.querySelectorAll('h1, h2, h3, h4, h5, h6')].filter((one) => one.checkVisibility());
  const ones = headings.filter((one) => one.tagName === 'H1');
  if (ones.length !== 1) found.push(`${ones.length} headings of the first level`);
  let level = 0;
  for (const one of headings) {
    const own = Number(one.tagName[1]);
    if (own > level + 1) found.push(`heading of level ${own} after level ${level}: ${text(one).slice(0, 60)}`);
    level = own;
  }
  if (document.querySelectorAll('main').length !== 1) found.push('not one main landmark');
  for (const landmark of ['nav', 'aside', 'section[aria-label]', '[role=region]', '[role=search]']) {
    const names = [...document.querySelectorAll(landmark)].filter((one) => one.checkVisibility()).map(nameOf);
    if (landmark === 'nav' && names.some((one) => one === '')) found.push('a navigation without a name');
    if (landmark === 'nav' && new Set(names).size !== names.length) found.push(`two navigations of one name: ${names.join(' | ')}`);
  }
  for (const table of document.querySelectorAll('table')) {
    if (text(table.caption ?? document.createElement('i')) === '') found.push(`table without caption: ${table.outerHTML.slice(0, 100)}`);
    if ([...table.querySelectorAll('thead th')].some((head) => head.getAttribute('scope') !== 'col')) found.push(`table head without scope: ${text(table.caption ?? table)}`);
    if (table.querySelector('thead th') === null && table.querySelector('th[scope=row]') === null) found.push(`table without heads: ${text(table.caption ?? table)}`);
  }
  // A name alone must tell buttons apart, or the row, item or group of fields they stand in.
  const place = (one: Element): Element => one.closest('tr, li, fieldset, .card, article, details') ?? document.body;
  const buttons = [...document.querySelectorAll('button, input[type=submit]')].filter((one) => one.checkVisibility());
  const seen = new Map<string, Element>();
  for (const button of buttons) {
    const name = nameOf(button);
    if (name === '') found.push(`button without a name: ${button.outerHTML.slice(0, 120)}`);
    const before = seen.get(name);
    // The same act at both ends of a form is one act.
    const act = (one: Element): string => `${one.getAttribute('name') ?? ''} ${one.getAttribute('value') ?? ''} ${one.getAttribute('formaction') ?? ''}`;
    if (before !== undefined && before.closest('form') === button.closest('form') && act(before) === act(button)) continue;
    if (before !== undefined && place(before) === place(button)) found.push(`two buttons “${name}” in one place`);
    if (before !== undefined && (place(button) === document.body || place(before) === document.body)) found.push(`two buttons “${name}” that nothing tells apart`);
    seen.set(name, button);
  }
  const links = new Map<string, HTMLAnchorElement>();
  for (const link of document.querySelectorAll<HTMLAnchorElement>('a[href]')) {
    if (!link.checkVisibility()) continue;
    const name = nameOf(link);
    const before = links.get(name);
    if (before !== undefined && before.href !== link.href && before.closest('tr, li, dl > *, p, .card, figure, section, fieldset') === link.closest('tr, li, dl > *, p, .card, figure, section, fieldset')) found.push(`two links “${name.slice(0, 60)}” to different places: ${before.getAttribute('href')} ${link.getAttribute('href')}`);
    links.set(name, link);
  }
  for (const field of document.querySelectorAll<HTMLInputElement>('input[type=password], input[type=email], input[autocomplete=username]')) {
    if ((field.getAttribute('autocomplete') ?? '') === '') found.push(`field for sign-in or contact that a password manager cannot fill: ${field.outerHTML.slice(0, 120)}`);
  }
  return found;
}

/** Words in another language than the page, or the part, says. `language` is that of the page. Names of systems and bodies (`names`) are of no language. */
export function findForeignWords({ language, names }: { readonly language: string; readonly names: readonly string[] }): readonly string[] {
  const found: string[] = [];
  const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  const signs: Readonly<Record<string, RegExp>> = {
    // Three words of grammar that only this language has.
    en: /\b(?:the|of|and|is|are|with|which|that|for|not|this|from)\b/gi,
    az: /(?<![\p{L}])(?:və|ilə|üçün|bu|olan|kimi|bir|ki|edilir|olmaq|deyil|hər|üzrə)(?![\p{L}])/giu,
    ru: /[а-яё]{3,}/gi,
  };
  const least: Readonly<Record<string, number>> = { en: 3, az: 2, ru: 2 };
  for (let node = walker.nextNode(); node !== null; node = walker.nextNode()) {
    const parent = node.parentElement;
    if (parent === null || !parent.checkVisibility() || parent.closest('script, style, code, pre, svg, textarea') !== null) continue;
    const own = parent.closest('[lang]')?.getAttribute('lang') ?? language;
    // A proper name needs no mark, wherever it stands.
    const words = names.reduce((text, name) => text.replaceAll(name, ''), node.textContent ?? '');
    for (const [other, pattern] of Object.entries(signs)) {
      if (own.startsWith(other) || own === 'und' || own === '') continue;
      if ((words.match(pattern) ?? []).length >= (least[other] ?? 2)) {
        found.push(`${other} in ${own}: “${words.trim().replaceAll(/\s+/g, ' ').slice(0, 90)}” in ${parent.tagName.toLowerCase()}.${parent.className}`);
        break;
      }
    }
  }
  return found;
}

/** What a page that refuses a form lacks: a summary that has the focus and is said, links that lead to fields, fields that tell their fault. */
export function findRefusal(): readonly string[] {
  const found: string[] = [];
  const summary = document.querySelector('.error-summary');
  // A page without a form says it as its heading.
  if (summary === null) return document.querySelector('main form') !== null && document.querySelector('main [role=alert]') === null ? ['nothing tells what is wrong'] : [];
  if (summary.getAttribute('role') !== 'alert') found.push('the summary is not announced');
  if (document.activeElement !== summary) found.push(`the focus is on ${document.activeElement?.outerHTML.slice(0, 80) ?? 'nothing'}, not on the summary`);
  for (const link of summary.querySelectorAll<HTMLAnchorElement>('a[href^="#"]')) {
    const field = document.getElementById(decodeURIComponent(link.hash.slice(1)));
    if (field === null) found.push(`“${link.textContent}” leads to ${link.hash}, which is not there`);
    else if (!field.matches('input, select, textarea, button, a, [tabindex], fieldset, details')) found.push(`“${link.textContent}” leads to ${link.hash}, which is no field`);
    else if (!field.checkVisibility() && field.closest('details:not([open])') === null) found.push(`“${link.textContent}” leads to a hidden field`);
    else if (field.matches('input, select, textarea') && field.getAttribute('aria-invalid') !== 'true' && field.closest('fieldset[aria-describedby], fieldset[aria-invalid]') === null) found.push(`field ${link.hash} does not tell that it is wrong`);
  }
  for (const field of document.querySelectorAll('[aria-describedby]')) {
    for (const id of (field.getAttribute('aria-describedby') ?? '').split(' ')) if (document.getElementById(id) === null) found.push(`description ${id} is not there`);
  }
  return found;
}
