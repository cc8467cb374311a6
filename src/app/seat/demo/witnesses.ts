/** Outside witnesses of the demonstration: three small C2SP witnesses in this very process, which is what makes them no outside at all. */

import { randomBytes } from 'node:crypto';
import { createServer, type Server } from 'node:http';
import { codeOfUnread, cosign, judgeAddCheckpoint, KEY_TYPES, type NoteSigner, originOf, parseAddCheckpointBytes, parseVkey, printLine, printVkey, TLOG_SIZE_TYPE, verifierKey, type WitnessedLog } from '../../../proof/index.ts';
import { nodeSuite as suite, signerOf } from '../../../proof/node-suite.ts';

const BODY_BYTES_MAX = 1024 * 1024;

export interface DemoWitness {
  readonly name: string;
  readonly vkey: string;
  readonly url: string;
  readonly close: () => Promise<void>;
}

/** The log's key becomes known after the witness's: whoever gives the policy to the log starts with the witnesses. */
export interface WitnessedKey {
  origin: string;
  vkey: string | undefined;
}

export async function openWitness(name: string, log: WitnessedKey, clockS: () => number): Promise<DemoWitness> {
  const signer: NoteSigner = { name, ...signerOf(new Uint8Array(randomBytes(32))) };
  let seen: WitnessedLog['last'];
  const server: Server = createServer((request, response) => {
    const parts: Buffer[] = [];
    let bytes = 0;
    request.on('data', (part: Buffer) => {
      bytes += part.length;
      if (bytes > BODY_BYTES_MAX) request.destroy();
      else parts.push(part);
    });
    request.on('end', () => {
      const answer = (status: number, body = '', type = 'text/plain'): void => void response.writeHead(status, { 'content-type': type }).end(body);
      if (request.method !== 'POST' || request.url !== '/add-checkpoint') return answer(404);
      const read = parseAddCheckpointBytes(Buffer.concat(parts));
      if (!read.ok) return answer(codeOfUnread(read.refusal));
      const key = log.vkey === undefined ? undefined : parseVkey(suite, log.vkey);
      const known = key?.ok === true && originOf(read.value) === log.origin ? { keys: [key.value], ...(seen === undefined ? {} : { last: seen }) } : undefined;
      const judged = judgeAddCheckpoint(suite, known, read.value);
      if (judged.code === 409) return answer(409, judged.body, TLOG_SIZE_TYPE);
      if (judged.code !== 200) return answer(judged.code);
      seen = judged.last;
      return answer(200, printLine(cosign(suite, signer, read.value.note.text, clockS())));
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  return {
    name,
    vkey: printVkey(verifierKey(suite, name, KEY_TYPES.cosignature, signer.publicKey)),
    url: `http://127.0.0.1:${typeof address === 'object' && address !== null ? address.port : 0}`,
    close: async () => {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}
