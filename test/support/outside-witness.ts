/** A witness outside the council over HTTP (C2SP tlog-witness): the product's judgement, with what it cosigned kept in memory. */

import { randomBytes } from 'node:crypto';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { cosign, judgeAddCheckpoint, KEY_TYPES, type NoteSigner, parseAddCheckpointBytes, parseVkey, printLine, printVkey, verifierKey } from '../../src/proof/index.ts';
import { nodeSuite as suite, signerOf } from '../../src/proof/node-suite.ts';

export interface OutsideWitness {
  readonly name: string;
  readonly vkey: string;
  readonly url: string;
  /** The log it witnesses, known only once that has its key. */
  follow(logVkey: string): void;
  close(): Promise<void>;
}

export async function outsideWitness(name: string): Promise<OutsideWitness> {
  const signer: NoteSigner = { name, ...signerOf(new Uint8Array(randomBytes(32))) };
  let log: ReturnType<typeof parseVkey> | undefined;
  let last: { readonly size: number; readonly root: Uint8Array } | undefined;
  const server = createServer((request, response) => {
    const parts: Buffer[] = [];
    request.on('data', (part: Buffer) => parts.push(part));
    request.on('end', () => {
      const read = parseAddCheckpointBytes(Buffer.concat(parts));
      if (!read.ok || log?.ok !== true) {
        response.writeHead(log === undefined ? 404 : 400).end();
        return;
      }
      const judged = judgeAddCheckpoint(suite, { keys: [log.value], ...(last === undefined ? {} : { last }) }, read.value);
      if (judged.code === 409) response.writeHead(409, { 'content-type': 'text/x.tlog.size' }).end(judged.body);
      else if (judged.code === 200) {
        ({ last } = judged);
        response.writeHead(200).end(printLine(cosign(suite, signer, read.value.note.text, Math.floor(Date.now() / 1000))));
      } else response.writeHead(judged.code).end(judged.refusal.code);
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    name,
    vkey: printVkey(verifierKey(suite, name, KEY_TYPES.cosignature, signer.publicKey)),
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    follow: (vkey) => {
      log = parseVkey(suite, vkey);
    },
    close: async () => {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}
