/** The plain frame of the seat's own pages: they are served by the agent itself, without the platform, and work without scripts. */

import type { Language } from '../../base/index.ts';

/** Markup that is safe to put into a page; text becomes it by `html` alone. */
export interface Markup {
  readonly markup: string;
}

const ENTITIES: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;', "'": '&#39;' };
const escape = (text: string): string => text.replaceAll(/[&<>"']/g, (sign) => ENTITIES[sign] ?? '');

type Part = string | number | Markup | readonly Markup[] | undefined | false;

const written = (part: Part): string => {
  if (part === undefined || part === false) return '';
  if (typeof part === 'string' || typeof part === 'number') return escape(String(part));
  return 'markup' in part ? part.markup : part.map(({ markup }) => markup).join('');
};

/** Every value is text and escaped, unless it is markup already. */
export function html(strings: TemplateStringsArray, ...parts: readonly Part[]): Markup {
  return { markup: strings.map((text, index) => `${text}${index < parts.length ? written(parts[index]) : ''}`).join('') };
}

export const STYLE = `:root{color-scheme:light dark;--line:color-mix(in srgb,CanvasText 25%,Canvas);--good:light-dark(darkgreen,lightgreen);--bad:light-dark(firebrick,lightcoral);--mute:light-dark(dimgray,darkgray);--cast:light-dark(mediumblue,lightskyblue)}
*{box-sizing:border-box}body{font:1rem/1.5 system-ui,sans-serif;margin:0 auto;max-width:72rem;padding:1rem}
h1{font-size:1.5rem}h2{font-size:1.2rem;margin-top:2rem}a{color:LinkText}table{border-collapse:collapse;width:100%}
th,td{text-align:start;padding:.4rem .5rem;border-bottom:1px solid var(--line);vertical-align:top}
.scroll{overflow-x:auto}.digits{font-family:ui-monospace,monospace;overflow-wrap:anywhere}.text{white-space:pre-wrap;border-inline-start:4px solid var(--line);padding:.2rem 1rem;overflow-wrap:anywhere}
.pass{color:var(--good)}.fail{color:var(--bad);font-weight:600}.unknown{color:var(--mute)}
.notice{border:2px solid currentColor;padding:.6rem 1rem;margin:1rem 0}.banner{background:CanvasText;color:Canvas;padding:.6rem 1rem;margin:0 0 1rem;font-weight:600}
label{display:block;margin:.5rem 0}input[type=password],input[type=text],textarea{display:block;width:100%;max-width:32rem;padding:.5rem;font:inherit}
button{font:inherit;padding:.6rem 1.2rem;margin-top:1rem}fieldset{border:1px solid var(--line)}nav{display:flex;gap:1rem;flex-wrap:wrap}
.seats{display:grid;grid-template-columns:repeat(auto-fill,minmax(6.4rem,1fr));gap:.5rem;padding:0;list-style:none}
.seats li{border:2px solid var(--line);border-radius:.5rem;padding:.4rem .5rem;min-height:5.4rem}.seats .dot{display:inline-block;inline-size:.8rem;block-size:.8rem;border-radius:50%;background:var(--mute);margin-inline-end:.3rem}
.seats .cast .dot{background:var(--cast)}.seats .safe .dot{background:var(--good)}.seats .liar{border-style:dashed;border-color:var(--bad)}.seats .liar .dot{background:var(--bad)}.small{font-size:.85rem}`;

export interface Frame {
  readonly language: Language;
  readonly title: string;
  readonly body: Markup;
  /** Seconds after which the page loads itself again. */
  readonly refreshS?: number;
  /** A script whose hash the policy of the page names. */
  readonly script?: string;
  readonly banner?: string;
  /** Path and query of the same page, to which the language is added. */
  readonly here: string;
}

const NAMES: Readonly<Record<Language, string>> = { az: 'Azərbaycanca', en: 'English', ru: 'Русский' };

export function page({ language, title, body, refreshS, script, banner, here }: Frame): string {
  const at = (other: string): string => `${here}${here.includes('?') ? '&' : '?'}lang=${other}`;
  const languages = (['az', 'en', 'ru'] as const).map((other) => (other === language ? html`<span lang="${other}" aria-current="true">${NAMES[other]}</span>` : html`<a lang="${other}" hreflang="${other}" href="${at(other)}">${NAMES[other]}</a>`));
  return `<!doctype html>${html`<html lang="${language}"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1"><title>${title}</title>${refreshS !== undefined && html`<meta http-equiv="refresh" content="${refreshS}">`}<style>${{ markup: STYLE }}</style></head>
<body>${banner !== undefined && html`<p class="banner" role="note">${banner}</p>`}<header><nav>${languages}</nav></header><main>${body}</main>${script !== undefined && html`<script>${{ markup: script }}</script>`}</body></html>`.markup}`;
}
