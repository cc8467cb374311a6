/** A council as a pack: the text of its numbers, and beside it names, terms, oath and reasons in three languages. Both have to fit each other. */

import { z } from 'zod';
import { type Language, type LocalisedText, no, type Verdict, yes } from '../../../base/index.ts';
import { checkConstitution, type Constitution, type ConstitutionReport, parseConstitution } from '../../../proof/council/constitution.ts';
import { DOMAIN_KINDS, type DomainKind } from '../../../proof/council/roll-text.ts';

const WORDS_CHARS_MAX = 1000;
const words = z.strictObject({ az: z.string().min(1).max(WORDS_CHARS_MAX), en: z.string().min(1).max(WORDS_CHARS_MAX), ru: z.string().min(1).max(WORDS_CHARS_MAX) });
const slug = z.string().regex(/^[a-z][a-z0-9-]{0,39}$/);

/** Bodies that may be asked to support one nomination, at most. */
export const SUPPORT_MAX = 20;
const YEARS_MAX = 20;
const ALTERNATES_MOST = 5;

const manifest = z.strictObject({
  id: slug,
  version: z.string().regex(/^[0-9]+\.[0-9]+\.[0-9]+$/),
  name: words,
  terms: z.strictObject({ years: z.int().min(1).max(YEARS_MAX), most: z.int().min(1).max(YEARS_MAX) }),
  alternates: z.int().min(0).max(ALTERNATES_MOST),
  oath: words,
  constituencies: z.record(slug, z.strictObject({ name: words, who: words, 'nominated-by': words, support: z.int().min(0).max(SUPPORT_MAX) })),
  classes: z.record(slug, z.strictObject({ name: words, use: words })),
  domains: z.strictObject(Object.fromEntries(DOMAIN_KINDS.map((kind) => [kind, z.strictObject({ name: words, why: words })])) as Record<DomainKind, z.ZodObject<{ name: typeof words; why: typeof words }>>),
});

export type CouncilManifest = z.infer<typeof manifest>;

export interface CouncilPack {
  readonly constitution: Constitution;
  readonly manifest: CouncilManifest;
}

export interface PackProblem {
  /** A code of the constitution's rules, or one of the manifest's. */
  readonly code: string;
  readonly line?: number;
  /** The number or the place in the manifest, and what was found there. */
  readonly detail?: string;
}

/** Reads and judges the numbers alone. */
export function judgeConstitution(text: string): Verdict<{ readonly constitution: Constitution; readonly report: ConstitutionReport }, PackProblem> {
  const parsed = parseConstitution(text);
  if (!parsed.ok) return parsed;
  const report = checkConstitution(parsed.value);
  return report.ok ? yes({ constitution: parsed.value, report: report.value }) : report;
}

/** `council` is the name the pack's text is read under: a pack serves every country, a council has one name. */
export function readCouncilPack(text: string, given: unknown, council?: string): Verdict<CouncilPack, PackProblem> {
  const judged = judgeConstitution(text);
  if (!judged.ok) return judged;
  const constitution = council === undefined ? judged.value.constitution : { ...judged.value.constitution, council };
  const read = manifest.safeParse(given);
  if (!read.success) {
    const [issue] = read.error.issues;
    return no({ code: 'manifest-form', detail: `${issue?.path.join('.') ?? ''}: ${issue?.message ?? ''}` });
  }
  const unlike = differenceOf('constituencies', constitution.constituencies, read.data.constituencies) ?? differenceOf('classes', constitution.classes, read.data.classes);
  return unlike === undefined ? yes({ constitution, manifest: read.data }) : no({ code: 'manifest-other-numbers', detail: unlike });
}

function differenceOf(where: string, numbers: readonly { readonly name: string }[], told: Readonly<Record<string, unknown>>): string | undefined {
  const missing = numbers.find(({ name }) => told[name] === undefined)?.name;
  const surplus = Object.keys(told).find((name) => !numbers.some((one) => one.name === name));
  return missing === undefined && surplus === undefined ? undefined : `${where}.${missing ?? surplus}`;
}

/** What a constituency is called; its own word where the pack does not know it, as when a council was founded with other numbers. */
export const constituencyName = (pack: Pick<CouncilPack, 'manifest'>, name: string, language: Language): string => wordIn(pack.manifest.constituencies[name]?.name, language) ?? name;
export const className = (pack: Pick<CouncilPack, 'manifest'>, name: string, language: Language): string => wordIn(pack.manifest.classes[name]?.name, language) ?? name;
export const domainName = (pack: Pick<CouncilPack, 'manifest'>, kind: DomainKind, language: Language): string => pack.manifest.domains[kind].name[language];

const wordIn = (text: LocalisedText | undefined, language: Language): string | undefined => text?.[language];
