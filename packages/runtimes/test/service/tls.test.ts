// A service with a certificate of the company's own, which wants one of its callers.
import { execFileSync, spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { createServer, type Server } from 'node:https';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { JsonObject, KonfigError } from '@konfig/core';
import { service } from '@konfig/service-kit';
import { open } from './troubled-service';

const hasOpenssl = spawnSync('openssl', ['version']).status === 0;
if (!hasOpenssl) process.stderr.write('skipped: there is no openssl to make certificates with\n');

let folder: string;
let server: Server;
let url: string;
const pem = (name: string) => readFileSync(join(folder, name), 'utf8');

/** An authority, and by it a certificate for 127.0.0.1 and one for whoever calls. */
function makeCertificates(): void {
  const openssl = (...args: string[]) => execFileSync('openssl', args, { cwd: folder, stdio: 'pipe' });
  openssl('req', '-x509', '-newkey', 'rsa:2048', '-nodes', '-keyout', 'ca.key', '-out', 'ca.pem', '-days', '2', '-subj', '/CN=Acme');
  for (const [name, subject] of [
    ['server', '/CN=127.0.0.1'],
    ['caller', '/CN=konfig'],
  ] as const) {
    openssl(
      'req',
      '-newkey',
      'rsa:2048',
      '-nodes',
      '-keyout',
      `${name}.key`,
      '-out',
      `${name}.csr`,
      '-subj',
      subject,
      '-addext',
      'subjectAltName=IP:127.0.0.1',
    );
    openssl(
      'x509',
      '-req',
      '-in',
      `${name}.csr`,
      '-CA',
      'ca.pem',
      '-CAkey',
      'ca.key',
      '-CAcreateserial',
      '-out',
      `${name}.pem`,
      '-days',
      '2',
      '-copy_extensions',
      'copyall',
    );
  }
}

const whereItCan = hasOpenssl ? describe : describe.skip;
whereItCan('a service behind TLS', () => {
  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), 'konfig-tls-'));
    makeCertificates();
    const { handler } = service({ name: 'things', identity: 'things', authentication: 'none', types: {} });
    const tls = { key: pem('server.key'), cert: pem('server.pem'), ca: pem('ca.pem'), requestCert: true, rejectUnauthorized: true };
    server = createServer(tls, handler);
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    url = `https://127.0.0.1:${(server.address() as AddressInfo).port}`;
  });
  afterAll(async () => {
    await new Promise((resolve) => server.close(resolve));
    rmSync(folder, { recursive: true, force: true });
  });

  const codeOf = (config: JsonObject) =>
    open(url, {}, config).then(
      async (connection) => {
        await connection.close();
        return connection.identity;
      },
      (error: KonfigError) => error.problems[0]?.code,
    );

  test('is opened with its authority and a certificate of ours', async () => {
    expect(await codeOf({ tls: { ca: pem('ca.pem'), cert: pem('caller.pem'), key: pem('caller.key') } })).toBe('things');
  });

  test('is not trusted without its authority', async () => {
    expect(await codeOf({})).toBe('TARGET_CREDENTIALS');
  });

  test('does not let in who has no certificate', async () => {
    // TLS 1.3 lets the caller finish its handshake first: what it sees of the refusal depends on who is quicker.
    expect(await codeOf({ tls: { ca: pem('ca.pem') } })).toMatch(/^TARGET_(CREDENTIALS|UNREACHABLE)$/);
  });
});
