/** The page that people keep: one HTML file with its script and style inside, and a policy by digest that lets nothing else run or load. */

export interface OfflineParts {
  /** The built island `decision-verify`. */
  readonly script: string;
  /** The style sheet of the theme. */
  readonly style: string;
  /** Base64 of the SHA-256 of a text. */
  readonly sha256: (text: string) => string;
  readonly title: string;
  readonly language: string;
  /** Shown where no script runs. */
  readonly noScript: string;
}

const escaped = (text: string): string => text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('"', '&quot;');

/** Letters of the theme cannot come along: the file would be twenty times as large. The system's own take their place. */
const withoutFonts = (css: string): string => css.replaceAll(/@font-face\{[^}]*\}/g, '');

export function offlinePage({ script, style, sha256, title, language, noScript }: OfflineParts): string {
  // An end tag inside the script would end it for the browser; in JavaScript the backslash changes nothing.
  const code = script.replaceAll(/<\/(script)/gi, '<\\/$1').replaceAll('<!--', '<\\!--');
  const css = withoutFonts(style).replaceAll(/<\/style[^>]*>?/gi, '');
  const policy = `default-src 'none'; script-src 'sha256-${sha256(code)}'; style-src 'sha256-${sha256(css)}'; base-uri 'none'; form-action 'none'`;
  return `<!DOCTYPE html>
<html lang="${escaped(language)}">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${escaped(policy)}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="referrer" content="no-referrer">
<meta name="color-scheme" content="light dark">
<title>${escaped(title)}</title>
<style>${css}</style>
</head>
<body class="area-public">
<main class="site-main" id="main">
<div data-verify="alone"><p>${escaped(noScript)}</p></div>
</main>
<script type="module">${code}</script>
</body>
</html>
`;
}
