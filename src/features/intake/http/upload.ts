/** Takes an uploaded file off the wire straight to disk, with the text fields beside it. */

import type { FastifyRequest } from 'fastify';
import { Refused } from '../../../platform/http/index.ts';
import type { Intake } from '../actions/intake.ts';
import { UnreadableFile } from '../model/refusal.ts';
import type { StoredFile } from '../store/files.ts';
import { refusalText, unreadable } from './refusals.ts';

export interface Upload {
  readonly file: StoredFile;
  readonly fileName: string;
  readonly fields: Readonly<Record<string, string>>;
}

/** A refusal is heard only by a sender who may finish: one that is cut off sees a broken connection instead. */
async function expectRoom(request: FastifyRequest, intake: Intake): Promise<void> {
  try {
    await intake.expect(Number(request.headers['content-length'] ?? 0));
  } catch (error) {
    let left = request.server.uploadBytesMax;
    for await (const piece of request.raw) {
      left -= (piece as Buffer).length;
      if (left < 0) break;
    }
    throw error;
  }
}

/** Reads every part, in any order; more than one file, or none, is refused. */
export async function receiveUpload(request: FastifyRequest, intake: Intake): Promise<Upload> {
  const { language } = request.frame;
  const fields: Record<string, string> = {};
  let file: { readonly stored: StoredFile; readonly name: string } | undefined;
  if (!request.isMultipart()) throw new Refused('file-missing', refusalText('file-missing', {}, language), { status: 415 });
  try {
    await expectRoom(request, intake);
    for await (const part of request.parts()) {
      if (part.type === 'field') fields[part.fieldname] = String(part.value);
      else if (file !== undefined) part.file.resume();
      else {
        const stored = await intake.keepFile(part.file);
        // The multipart parser stops quietly at its limit and only marks the stream.
        if (part.file.truncated) throw new UnreadableFile('file-too-large', { bytes: stored.bytes, max: request.server.uploadBytesMax });
        file = { stored, name: part.filename };
      }
    }
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'FST_REQ_FILE_TOO_LARGE') throw unreadable(new UnreadableFile('file-too-large', { max: request.server.uploadBytesMax }), language);
    throw unreadable(error, language);
  }
  if (file === undefined || (file.stored.bytes === 0 && file.name === '')) throw new Refused('file-missing', refusalText('file-missing', {}, language), { status: 422 });
  return { file: file.stored, fileName: file.name, fields };
}
