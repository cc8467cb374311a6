/** What the log leaves out: queries, secrets by name, and the tokens of one-time links. */

import { Writable } from 'node:stream';
import { expect, it } from 'vitest';
import { createLog } from './index.ts';

function logged(about: object): string {
  let text = '';
  createLog({ logLevel: 'info' }, new Writable({
    write: (chunk: Buffer, _encoding, done) => {
      text += chunk.toString('utf8');
      done();
    },
  })).info(about, 'seen');
  return text;
}

const TOKEN = 'DxnZe4gCNn3eLUwkl8rUeWIq9O0htWdVFcluGdWSotc';
const DIGEST = '8d3a8c0f7f0bb1e6a3a5b1d6f2c4e7a98d3a8c0f7f0bb1e6a3a5b1d6f2c4e7a9';

it.each([
  [`/identity/recover/${TOKEN}`, '/identity/recover/[left out]'],
  [`/identity/join/${TOKEN}?lang=az`, '/identity/join/[left out]'],
  ['/registry?q=Leyla', '/registry'],
  [`/lawdesk/packs/${DIGEST}`, `/lawdesk/packs/${DIGEST}`],
  ['/registry/11111111-1111-4111-8111-111111111111/manage', '/registry/11111111-1111-4111-8111-111111111111/manage'],
])('%s is logged as %s', (url, path) => {
  expect((JSON.parse(logged({ req: { id: '1', method: 'GET', url } })) as { req: { path: string } }).req.path).toBe(path);
});

it('leaves out what is secret by its name', () => {
  expect(logged({ password: 'pw-1', token: 'tk-1', inner: { password: 'pw-2' } })).not.toMatch(/pw-|tk-/);
});
