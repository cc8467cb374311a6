/** PDF by Typst, on this machine, with the fonts of the installation: no system font and no network is used. */

import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { NodeCompiler, PdfStandard } from '@myriaddreamin/typst-ts-node-compiler';
import { assert, canonical, Fault, type Json, type Language } from '../../base/index.ts';
import { installationRoot } from '../files/root.ts';
import { coloursOf } from '../html/themes/palette.ts';
import { DOCUMENT_DATA_BYTES_MAX, type DocumentBlock, type DocumentHead, type DocumentIssuer } from './model.ts';

const FONT_FACES = ['400Regular', '400Regular_Italic', '700Bold', '700Bold_Italic'] as const;
/** Memoised results older than so many documents are dropped, so that memory stays flat. */
const CACHE_AGE_MAX = 10;
/** Words at the foot of each page. They belong to the template, so they are kept beside it. */
const LABELS: { readonly [L in Language]: { readonly page: string; readonly digest: string } } = {
  az: { page: 'Səhifə', digest: 'Həzm (SHA-256):' },
  en: { page: 'Page', digest: 'Digest (SHA-256):' },
  ru: { page: 'Страница', digest: 'Дайджест (SHA-256):' },
};

const PAPER = coloursOf('light');

let compiler: NodeCompiler | undefined;

/** Where the faces of Noto Sans lie, one file each. */
export function fontFiles(): readonly string[] {
  return FONT_FACES.map((face) => join(installationRoot, 'node_modules/@expo-google-fonts/noto-sans', face, `NotoSans_${face}.ttf`));
}

function theCompiler(): NodeCompiler {
  if (compiler !== undefined) return compiler;
  try {
    const fontBlobs = fontFiles().map((path) => readFileSync(path));
    // The workspace bounds what a template can read: this folder, which holds the house template and nothing else of use.
    compiler = NodeCompiler.create({ fontArgs: [{ fontBlobs }], workspace: join(installationRoot, 'src/platform/documents') });
    return compiler;
  } catch (error) {
    throw new Fault('documents-not-ready', 'The fonts or the typesetter of this installation are missing. Run npm ci again.', {}, { cause: error });
  }
}

/**
 * Typesets `source` (Typst, part of the program, never of a user) and answers PDF bytes: tagged, with the language and
 * title the source sets. The source finds `data` as `json(bytes(sys.inputs.data))` and may `#import "house.typ": *`.
 * Throws Fault `document-too-large`, and Fault `document-not-made` when the source does not compile with the data.
 */
export async function renderPdf(source: string, data: Json): Promise<Uint8Array> {
  const json = canonical(data);
  if (Buffer.byteLength(json) > DOCUMENT_DATA_BYTES_MAX) {
    throw new Fault('document-too-large', `The document would hold more than ${DOCUMENT_DATA_BYTES_MAX / 1024 / 1024} MB of text. Choose fewer entries.`, { bytesMax: DOCUMENT_DATA_BYTES_MAX });
  }
  const typesetter = theCompiler();
  try {
    const compiled = typesetter.compile({ mainFileContent: source, inputs: { data: json } });
    const document = compiled.result;
    if (document === null || compiled.hasError()) {
      const found = compiled.takeError();
      throw new Fault('document-not-made', `The document could not be typeset: ${found === null ? 'no reason given' : JSON.stringify(found.shortDiagnostics).slice(0, 500)}`);
    }
    return new Uint8Array(typesetter.pdf(document, { pdfTags: true, pdfStandard: PdfStandard.UA_1 }));
  } catch (error) {
    if (error instanceof Fault) throw error;
    throw new Fault('document-not-made', 'The document could not be typeset.', {}, { cause: error });
  } finally {
    typesetter.evictCache(CACHE_AGE_MAX);
  }
}

const BLOCKS = `#import "house.typ": *
#let data = json(bytes(sys.inputs.data))
#show: house.with(data.head)
#for part in data.blocks { draw(part) }
`;

/** The head as `house` in house.typ wants it, for sources of one's own: `#show: house.with(data.head)`. */
export function houseHead(head: DocumentHead): Json {
  const { language, title, date } = head;
  const issuer: DocumentIssuer = typeof head.issuer === 'string' ? { name: head.issuer, header: '', footer: '', mark: '', accent: PAPER.brand } : head.issuer;
  return { language, title, issuer: { ...issuer }, date, subtitle: head.subtitle ?? '', digest: head.digest ?? '', labels: LABELS[language], colours: documentColours(issuer.accent) };
}

/** Colours of a document by their meaning. Documents are printed, so they are light whatever the reader's screen is. */
function documentColours(accent: string): Json {
  return { ink: PAPER.ink, quiet: PAPER['ink-soft'], line: PAPER.line, shade: PAPER.ground, accent, info: accent, success: PAPER['success-ink'], warning: PAPER['warning-ink'], error: PAPER['error-ink'] };
}

/** Typesets a document made of plain blocks in the house look; no Typst needed. */
export async function renderDocument(head: DocumentHead, blocks: readonly DocumentBlock[]): Promise<Uint8Array> {
  for (const block of blocks) {
    if (block.kind === 'table') assert(block.rows.every((row) => row.length === block.columns.length), 'every row of a table has its columns');
  }
  return renderPdf(BLOCKS, { head: houseHead(head), blocks: withoutGaps(blocks) as unknown as Json });
}

/** PDF/UA wants headings to begin at level 1 and to go down one level at a time; a block list put together from parts may not. */
function withoutGaps(blocks: readonly DocumentBlock[]): readonly DocumentBlock[] {
  let before = 0;
  return blocks.map((block) => {
    if (block.kind !== 'heading') return block;
    before = Math.min(block.level, before + 1);
    return { ...block, level: before as 1 | 2 | 3 };
  });
}
