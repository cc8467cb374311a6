/** The theme that `mizan theme new` begins with: complete, passes its check, and plainly waits for a country's own names. */

import type { Language } from '../../../base/index.ts';
import { THEME_FORMAT } from './format.ts';
import { coloursOf, OWN_ROLES, type Scheme } from './palette.ts';

export interface ThemeChoice {
  readonly country: string;
  /** In the order in which they are offered; the first is the default. */
  readonly languages: readonly Language[];
}

/** Files by their names. Legal texts come from the neutral theme until the folder has its own. */
export function themeTemplate({ country, languages }: ThemeChoice): readonly { readonly path: string; readonly text: string }[] {
  return [
    { path: 'theme.yaml', text: themeYaml(country, languages) },
    { path: 'legal.yaml', text: LEGAL },
    { path: 'logo.svg', text: logo() },
  ];
}

const colourLine = (scheme: Scheme): string => `{ ${OWN_ROLES.map((role) => `${role}: "${coloursOf(scheme)[role]}"`).join(', ')} }`;

function themeYaml(country: string, languages: readonly Language[]): string {
  return `# A theme to begin with: replace the names, the colours and the logo by your own. The format: docs/spec/theme.md.
# See it with “mizan theme preview”, check it with “mizan theme check”.
format: ${THEME_FORMAT}
name: { az: "Süni intellekt reyestri", en: "AI register", ru: "Реестр ИИ" }
shortName: { az: "Sİ reyestri", en: "AI register", ru: "Реестр ИИ" }
regulator: { az: "Reyestri aparan qurum", en: "The body that keeps the register", ru: "Орган, который ведёт реестр" }
# countryName: { az: "…", en: "…", ru: "…" }
country: ${country}
tagline: { az: "Hüquq, sübut, şəffaflıq", en: "Law, proof, openness", ru: "Право, доказательство, открытость" }
footer:
  az: "Bu reyestr sistemləri işlədən qurumların məlumatlarını göstərir. Hüquqi məsləhət deyil."
  en: "This register shows what the bodies that use the systems have stated. It is not legal advice."
  ru: "Реестр показывает сведения, поданные органами, которые применяют системы. Это не юридическая консультация."
logo: logo.svg
# mark: mark.svg             # drawn on documents; the logo when left out
languages: [${languages.join(', ')}]
defaultLanguage: ${languages[0] ?? 'en'}
# law: my-country             # the law pack that a new register begins with
colours:
  light: ${colourLine('light')}
  dark: ${colourLine('dark')}
corners: soft                # square, soft or round
# typography:
#   headings: ["Georgia", "Noto Serif", "serif"]
#   fonts: [ { shipped: noto-sans } ]
# Required before the register is opened to the public; until then the pages say that no contact has been stated.
# contact:
#   body: { az: "…", en: "…", ru: "…" }
#   address: { az: "…", en: "…", ru: "…" }
#   email: register@example.org
#   phone: "+000 00 000 00 00"
#   oversight: { az: "…", en: "…", ru: "…" }
# documents: { header: { az: "…", en: "…", ru: "…" } }
# mail: { signature: { az: "…", en: "…", ru: "…" } }
`;
}

const LEGAL = `# Pages at /about/…: privacy, accessibility, terms, imprint. What stands here takes the place of the neutral theme's text.
from: neutral
# imprint:
#   en: |
#     ## Publisher
#     {regulator}.
`;

/** A square with a letter-like balance, drawn for this template. */
function logo(): string {
  const { brand, 'on-brand': ink } = coloursOf('light');
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 36 36" role="img" aria-label="Logo"><rect width="36" height="36" rx="18" fill="${brand}"/><path d="M9 24h18M18 10v14M11 13l7-3 7 3" fill="none" stroke="${ink}" stroke-width="2" stroke-linecap="round" stroke-linejoin="round"/></svg>\n`;
}
