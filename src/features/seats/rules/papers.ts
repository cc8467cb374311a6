/** The dossier of a motion as the motions desk serves it: read by form, then every digest recomputed from what the reader is shown. */

import type { Json } from '../../../base/index.ts';
import { hex, utf8, type Suite } from '../../../proof/index.ts';
import { parseMotion, type Motion } from '../../../proof/council/motion-text.ts';

const TEXT_CHARS_MAX = 1_000_000;
export const ANNEXES_MAX = 200;
export const ANNEX_BYTES_MAX = 64 * 1024 * 1024;

export interface PaperAnnex {
  readonly digest: string;
  readonly bytes: number;
  readonly type: string;
  readonly name: string;
  /** A path on the same server. */
  readonly href: string;
}

export interface Papers {
  readonly manifest: string;
  readonly texts: Readonly<Record<string, string>>;
  readonly annexes: readonly PaperAnnex[];
}

type Fields = Readonly<Record<string, Json | undefined>>;
const fieldsOf = (value: Json | undefined): Fields => (value !== null && typeof value === 'object' && !Array.isArray(value) ? (value as Fields) : {});
const wordOf = (value: Json | undefined): string => (typeof value === 'string' ? value : '');

function annexIn(value: Json): readonly PaperAnnex[] {
  const { digest, bytes, type, name, href } = fieldsOf(value);
  // Only places below the server that gave the page are fetched, whatever the papers say.
  const isOwn = typeof href === 'string' && href.startsWith('/') && !href.startsWith('//');
  return typeof digest === 'string' && typeof bytes === 'number' && isOwn ? [{ digest: digest.replace(/^sha256:/, ''), bytes, type: wordOf(type), name: wordOf(name), href }] : [];
}

/** The dossier's form; anything else is no dossier. */
export function readPapers(value: Json): Papers | undefined {
  const { manifest, texts, annexes } = fieldsOf(value);
  const read = Object.entries(fieldsOf(texts)).filter((each): each is [string, string] => typeof each[1] === 'string' && each[1].length <= TEXT_CHARS_MAX);
  if (typeof manifest !== 'string' || manifest.length > TEXT_CHARS_MAX || read.length === 0) return undefined;
  return { manifest, texts: Object.fromEntries(read), annexes: (Array.isArray(annexes) ? (annexes as readonly Json[]) : []).slice(0, ANNEXES_MAX).flatMap(annexIn) };
}

export interface PapersReport {
  readonly motion: Motion | undefined;
  /** Recomputed from the manifest. */
  readonly digest: string;
  /** Whether that is what the ballot would name. */
  readonly isVotedOn: boolean;
  readonly texts: readonly { readonly language: string; readonly text: string | undefined; readonly digest: string; readonly named: string; readonly agrees: boolean }[];
  /** Annexes of the manifest with the place to fetch each from, where the dossier has one. */
  readonly annexes: readonly { readonly digest: string; readonly bytes: number; readonly type: string; readonly offered: PaperAnnex | undefined }[];
}

/** Recomputes the digest of the manifest and of each text from exactly what is shown; `votedOn` is what OPEN names. */
export function checkPapers(suite: Suite, papers: Papers, votedOn: string): PapersReport {
  const digestOf = (text: string): string => hex(suite.sha256(utf8(text)));
  const read = parseMotion(papers.manifest);
  const digest = digestOf(papers.manifest);
  const motion = read.ok ? read.value : undefined;
  const texts = (motion?.texts ?? []).map(({ language, digest: named }) => {
    const text = papers.texts[language];
    const own = text === undefined ? '' : digestOf(text);
    return { language, text, digest: own, named, agrees: own === named };
  });
  const annexes = (motion?.annexes ?? []).map((annex) => ({ ...annex, offered: papers.annexes.find((one) => one.digest === annex.digest) }));
  return { motion, digest, isVotedOn: motion !== undefined && digest === votedOn, texts, annexes };
}
