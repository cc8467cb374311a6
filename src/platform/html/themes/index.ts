/** The door of the themes: reading, checking, choosing by host, and what pages, documents and mails take from one. */

export { aboutPage, aboutRoutes } from './about-pages.tsx';
export { contrast, type MeasuredPair, measure, ratioInWords } from './contrast.ts';
export { NOTO_SANS_FACES, themeCss } from './css.ts';
export { type Contact, LEGAL_SLUGS, type LegalSlug, type Theme, type ThemeProblem } from './format.ts';
export { hostName, parseThemeHosts, THEME_ID, type ThemeHosts } from './host-names.ts';
export { loadThemes, type Themes, themesOf } from './hosts.ts';
export { type Colours, coloursOf, SCHEMES } from './palette.ts';
export { documentIssuerOf, type MailParts, mailPartsOf } from './parts.ts';
export { type PreviewFile, previewFiles } from './preview.ts';
export { installedThemes, loadTheme, type ReadTheme, readTheme, themeProblemLine } from './read-theme.ts';
export { themeTemplate } from './template.ts';
