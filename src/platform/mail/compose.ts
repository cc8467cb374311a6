/** Makes a mail out of a few kinds of blocks: plain text and simple HTML say the same, in the theme's colours, without pictures or anything that tells who read it. */

import MailComposer from 'nodemailer/lib/mail-composer';
import { encodeWord } from 'nodemailer/lib/mime-funcs';
import { assert, type Instant, type Language } from '../../base/index.ts';
import type { MailParts } from '../html/themes/index.ts';
import { oneLine } from './settings.ts';

export const MAIL_BLOCKS_MAX = 50;
export const MAIL_BLOCK_LENGTH_MAX = 5000;
export const SUBJECT_LENGTH_MAX = 200;
const LABEL_LENGTH_MAX = 100;
/** RFC 2047 §2 allows 75 characters with the frame. */
const ENCODED_WORD_LENGTH_MAX = 60;

export type MailBlock =
  | { readonly kind: 'paragraph'; readonly text: string }
  /** Something to be typed elsewhere, alone on its line. */
  | { readonly kind: 'code'; readonly text: string }
  /** A link into the register. */
  | { readonly kind: 'button'; readonly label: string; readonly url: string };

/** A mail that is ready to be packed and sent; plain data, so that it can wait in a queue. */
export interface ReadyMail {
  readonly to: string;
  readonly fromName: string;
  readonly fromAddress: string;
  readonly subject: string;
  readonly language: Language;
  readonly text: string;
  readonly html: string;
  readonly messageId: string;
  readonly at: Instant;
}

const escape = (text: string): string => text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;').replaceAll('"', '&quot;').replaceAll("'", '&#39;');

/** Paragraphs keep their line ends; everything else that steers a terminal or a mail program is taken out. */
function clean(text: string): string {
  assert(text.length <= MAIL_BLOCK_LENGTH_MAX, `a block of a mail has at most ${MAIL_BLOCK_LENGTH_MAX} characters`);
  return text.split(/\r\n|\r|\n/).map((line) => oneLine(line, MAIL_BLOCK_LENGTH_MAX)).join('\n').trim();
}

/** Both forms of the same mail. `parts` are the theme's. */
export function layOut(subject: string, blocks: readonly MailBlock[], parts: MailParts, language: Language): { readonly subject: string; readonly text: string; readonly html: string } {
  assert(blocks.length > 0 && blocks.length <= MAIL_BLOCKS_MAX, `a mail has 1 to ${MAIL_BLOCKS_MAX} blocks`);
  const line = oneLine(subject, SUBJECT_LENGTH_MAX);
  return { subject: line, text: textOf(blocks, parts), html: htmlOf(line, blocks, parts, language) };
}

function textOf(blocks: readonly MailBlock[], parts: MailParts): string {
  const body = blocks.map((block) => {
    if (block.kind === 'button') return `${oneLine(block.label, LABEL_LENGTH_MAX)}:\n${block.url}`;
    return block.kind === 'code' ? `    ${oneLine(block.text, MAIL_BLOCK_LENGTH_MAX)}` : clean(block.text);
  });
  // Mail programs know a line of two hyphens and a space as the begin of the signature.
  return `${[...body, `-- \n${clean(parts.signature)}\n${oneLine(parts.name, LABEL_LENGTH_MAX * 2)}`, clean(parts.footer)].join('\n\n')}\n`;
}

function htmlOf(subject: string, blocks: readonly MailBlock[], parts: MailParts, language: Language): string {
  const { accent, onAccent, ink, inkSoft, paper, ground, line } = parts.colours;
  const lines = (text: string): string => escape(clean(text)).replaceAll('\n', '<br>');
  const body = blocks.map((block) => {
    if (block.kind === 'paragraph') return `<p style="margin:0 0 16px">${lines(block.text)}</p>`;
    if (block.kind === 'code') return `<p style="margin:0 0 16px;padding:12px 16px;background:${ground};border:1px solid ${line};font-family:Consolas,Menlo,monospace;font-size:20px;letter-spacing:1px">${escape(oneLine(block.text, MAIL_BLOCK_LENGTH_MAX))}</p>`;
    const url = escape(block.url);
    return `<p style="margin:0 0 8px"><a href="${url}" style="display:inline-block;padding:12px 20px;background:${accent};color:${onAccent};font-weight:bold;text-decoration:none">${escape(oneLine(block.label, LABEL_LENGTH_MAX))}</a></p>\n<p style="margin:0 0 16px;font-size:14px;color:${inkSoft};word-break:break-all">${url}</p>`;
  });
  return `<!doctype html>
<html lang="${language}">
<head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1"><meta name="color-scheme" content="light"><title>${escape(subject)}</title></head>
<body style="margin:0;padding:0;background:${ground};color:${ink};font-family:Arial,Helvetica,sans-serif;font-size:16px;line-height:1.5">
<div style="max-width:600px;margin:0 auto;padding:24px 16px">
<div style="padding:24px;background:${paper};border-top:4px solid ${accent}">
<p style="margin:0 0 16px;font-weight:bold;color:${accent}">${escape(oneLine(parts.name, LABEL_LENGTH_MAX * 2))}</p>
${body.join('\n')}
<p style="margin:24px 0 0">${lines(parts.signature)}</p>
</div>
<p style="margin:16px 0 0;font-size:14px;color:${inkSoft}">${lines(parts.footer)}</p>
</div>
</body>
</html>
`;
}

/** The whole message after RFC 5322 with CRLF line ends: the same bytes go to a server or into the outbox. */
export async function packMail(mail: ReadyMail): Promise<Buffer> {
  return new MailComposer({
    from: { name: mail.fromName, address: mail.fromAddress },
    to: mail.to,
    // A name that looks like an encoded word would be decoded by the reader's program into something nobody has checked.
    subject: mail.subject.includes('=?') ? encodeWord(mail.subject, 'B', ENCODED_WORD_LENGTH_MAX) : mail.subject,
    text: mail.text,
    html: mail.html,
    messageId: mail.messageId,
    date: new Date(mail.at),
    // RFC 3834: no holiday notes, no bounces of bounces. Exchange knows its own name for it.
    headers: { 'Auto-Submitted': 'auto-generated', 'X-Auto-Response-Suppress': 'All', 'Content-Language': mail.language },
    xMailer: false,
    newline: 'windows',
    disableFileAccess: true,
    disableUrlAccess: true,
  }).compile().build();
}
