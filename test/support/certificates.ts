/** Makes an authority and a certificate for 127.0.0.1 and some names with openssl, so that tests talk real TLS. Undefined where openssl is absent. */

import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

export interface Certificates {
  /** The authority in PEM, to be trusted. */
  readonly authority: string;
  readonly key: string;
  readonly cert: string;
}

export function makeCertificates(names: readonly string[]): Certificates | undefined {
  const folder = mkdtempSync(join(tmpdir(), 'mizan-tls-'));
  const run = (...parameters: string[]): void => void execFileSync('openssl', parameters, { cwd: folder, stdio: 'pipe' });
  const key = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-nodes'];
  try {
    run('req', '-x509', ...key, '-keyout', 'authority.key', '-out', 'authority.pem', '-days', '2', '-subj', '/CN=Authority of the tests');
    run('req', ...key, '-keyout', 'server.key', '-out', 'server.csr', '-subj', '/CN=server');
    writeFileSync(join(folder, 'names'), `subjectAltName=IP:127.0.0.1${names.map((name) => `,DNS:${name}`).join('')}\n`);
    run('x509', '-req', '-in', 'server.csr', '-CA', 'authority.pem', '-CAkey', 'authority.key', '-days', '2', '-extfile', 'names', '-out', 'server.pem');
    const read = (name: string): string => readFileSync(join(folder, name), 'utf8');
    return { authority: read('authority.pem'), key: read('server.key'), cert: read('server.pem') };
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error;
    console.warn('SKIPPED: tests over TLS need the command openssl.');
    return undefined;
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
