/** Legal texts as they are written in legal.yaml: headings, paragraphs, lists, bold, links, and places for names. Nothing else is markup. */

export type Inline = { readonly kind: 'text' | 'bold'; readonly text: string } | { readonly kind: 'link'; readonly text: string; readonly href: string };
export type LegalBlock = { readonly kind: 'heading' | 'paragraph'; readonly parts: readonly Inline[] } | { readonly kind: 'list'; readonly items: readonly (readonly Inline[])[] };

/** Names a text may hold in braces; they come from the theme. */
export const LEGAL_PLACES = ['name', 'regulator'] as const;
export type LegalPlaces = { readonly [P in (typeof LEGAL_PLACES)[number]]: string };

/** Ways within the register, the web and mail; never `javascript:`, never an address without its scheme. */
const HREF = /^(?:\/(?!\/)[\w/.?=&#%-]*|https:\/\/[\w.-]+(?::\d+)?(?:\/[\w/.?=&#%~+,:;()-]*)?|mailto:[^\s<>"']+@[\w.-]+)$/;
const INLINE = /\*\*([^*]+)\*\*|\[([^\]]+)\]\(([^)\s]*)\)/g;

/** What is wrong with a text, as sentences. */
export function legalProblems(text: string): readonly string[] {
  const problems: string[] = [];
  for (const [, , , href] of text.matchAll(INLINE)) {
    if (href !== undefined && !HREF.test(href)) problems.push(`The link to “${href}” is not taken: links begin with /, https:// or mailto:.`);
  }
  for (const [whole, place = ''] of text.matchAll(/\{([^{}]*)\}/g)) {
    if (!(LEGAL_PLACES as readonly string[]).includes(place)) problems.push(`${whole} is not known: a text may hold ${LEGAL_PLACES.map((one) => `{${one}}`).join(' and ')}.`);
  }
  if (/<[a-z/!]/i.test(text)) problems.push('HTML is not taken; it would be shown as it is written.');
  if (/^#(?!# )/m.test(text)) problems.push('Headings begin with “## ”; the title of the page is given by the register.');
  return problems;
}

/** Blocks are divided by empty lines; `## ` begins a heading, `- ` an item of a list. */
export function parseLegal(text: string, places: LegalPlaces): readonly LegalBlock[] {
  const filled = text.replaceAll(/\{(name|regulator)\}/g, (_whole, place: keyof LegalPlaces) => places[place]);
  return filled
    .split(/\n\s*\n/)
    .map((block) => block.trim())
    .filter((block) => block !== '')
    .flatMap((block): LegalBlock[] => {
      if (block.startsWith('## ')) {
        const [heading = '', ...rest] = block.split('\n');
        const below = rest.join('\n').trim();
        return [{ kind: 'heading', parts: parseInline(heading.slice(3)) }, ...(below === '' ? [] : blocksBelow(below))];
      }
      return blocksBelow(block);
    });
}

function blocksBelow(block: string): LegalBlock[] {
  const first = block.search(/^- /m);
  if (first === -1) return [{ kind: 'paragraph', parts: parseInline(joined(block)) }];
  const before = block.slice(0, first).trim();
  const items = block.slice(first).split(/^- /m).map(joined).filter((item) => item !== '').map(parseInline);
  return [...(before === '' ? [] : [{ kind: 'paragraph', parts: parseInline(joined(before)) } as const]), { kind: 'list', items }];
}

const joined = (text: string): string => text.replaceAll(/\s+/g, ' ').trim();

function parseInline(text: string): readonly Inline[] {
  const parts: Inline[] = [];
  let at = 0;
  for (const match of text.matchAll(INLINE)) {
    if (match.index > at) parts.push({ kind: 'text', text: text.slice(at, match.index) });
    const [whole, bold, label, href] = match;
    if (bold !== undefined) parts.push({ kind: 'bold', text: bold });
    else if (label !== undefined && href !== undefined && HREF.test(href)) parts.push({ kind: 'link', text: label, href });
    else parts.push({ kind: 'text', text: whole });
    at = match.index + whole.length;
  }
  if (at < text.length) parts.push({ kind: 'text', text: text.slice(at) });
  return parts;
}
