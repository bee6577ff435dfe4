// The real places that secrets are kept in: SOPS with age keys, Vault, and AWS Secrets Manager as moto plays it. All on 127.0.0.1.
import { type ChildProcess, execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { text } from 'node:stream/consumers';
import { promisify } from 'node:util';

const run = promisify(execFile);

export interface Kept {
  /** The folder with `sops`, for a PATH. */
  readonly bin: string;
  /** Undefined where there is no Python to run it. */
  readonly moto: string | undefined;
}

/** Builds what is not there yet; that takes minutes, the first time. */
export async function buildKept(): Promise<Kept> {
  const child = spawn(join(__dirname, 'build.sh'), { stdio: ['ignore', 'pipe', 'inherit'] });
  const [lines, [code]] = await Promise.all([text(child.stdout), once(child, 'close')]);
  if (code !== 0) throw new Error(`test/testbed/secrets/build.sh ended with ${code}; it said why above.`);
  const folder = lines.trimEnd().split('\n').at(-1) ?? '';
  const moto = join(folder, 'moto', 'bin', 'moto_server');
  return { bin: join(folder, 'bin'), moto: existsSync(moto) ? moto : undefined };
}

/** Encrypts a file in its place with a new age key; gives the file that the key is in. */
export async function encrypt({ bin }: Kept, file: string, content: string): Promise<string> {
  const key = `${file}.age`;
  await run(join(bin, 'age-keygen'), ['-o', key]);
  const recipient = /public key: (\S+)/.exec(readFileSync(key, 'utf8'))?.[1] as string;
  writeFileSync(file, content);
  await run(join(bin, 'sops'), ['--encrypt', '--age', recipient, '--in-place', file]);
  return key;
}

export interface Server {
  readonly address: string;
  stop(): Promise<void>;
}

export interface VaultServer extends Server {
  /** May do everything. */
  readonly token: string;
  request(method: 'POST' | 'DELETE', path: string, body?: object): Promise<unknown>;
}

/** A Vault with a KV engine, version 2, at `secret`. */
export async function startVault({ bin }: Kept): Promise<VaultServer> {
  const child = spawn(join(bin, 'vault'), { stdio: ['pipe', 'pipe', 'ignore'] });
  const [line] = (await once(createInterface({ input: child.stdout }), 'line')) as [string];
  const [address, token] = line.split(' ') as [string, string];
  const request = async (method: string, path: string, body?: object) => {
    const answer = await fetch(`${address}/v1/${path}`, {
      method,
      headers: { 'X-Vault-Token': token },
      ...(body ? { body: JSON.stringify(body) } : {}),
    });
    if (!answer.ok) throw new Error(`${method} ${path}: ${answer.status} ${await answer.text()}`);
    return answer.status === 204 ? undefined : answer.json();
  };
  await request('POST', 'sys/mounts/secret', { type: 'kv', options: { version: '2' } });
  return { address, token, request, stop: () => end(child) };
}

export interface MotoServer extends Server {
  /** What the AWS client needs to find it. */
  readonly env: { readonly [name: string]: string };
  /** Gives the id of the version. */
  putSecret(name: string, value: string): Promise<string>;
}

export async function startMoto(program: string): Promise<MotoServer> {
  const child = spawn(program, ['-H', '127.0.0.1', '-p', '0'], { stdio: ['ignore', 'ignore', 'pipe'] });
  let said = '';
  const address = await new Promise<string>((resolve, reject) => {
    child.stderr.on('data', (chunk: Buffer) => {
      said += chunk;
      const found = /Running on (http:\/\/127\.0\.0\.1:\d+)/.exec(said)?.[1];
      if (found) resolve(found);
    });
    child.once('exit', () => reject(new Error(`moto_server ended:\n${said}`)));
  });
  const env = {
    AWS_ENDPOINT_URL: address,
    AWS_REGION: 'eu-central-1',
    AWS_ACCESS_KEY_ID: 'AKIAIOSFODNN7EXAMPLE',
    AWS_SECRET_ACCESS_KEY: 'wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY',
  };
  const putSecret = async (Name: string, SecretString: string) => {
    const answer = await fetch(address, {
      method: 'POST',
      headers: {
        'X-Amz-Target': 'secretsmanager.CreateSecret',
        'Content-Type': 'application/x-amz-json-1.1',
        Authorization: 'AWS4-HMAC-SHA256 Credential=AKIAIOSFODNN7EXAMPLE/20260101/eu-central-1/secretsmanager/aws4_request',
      },
      body: JSON.stringify({ Name, SecretString }),
    });
    if (!answer.ok) throw new Error(`CreateSecret: ${answer.status} ${await answer.text()}`);
    return ((await answer.json()) as { readonly VersionId: string }).VersionId;
  };
  return { address, env, putSecret, stop: () => end(child) };
}

async function end(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const ended = once(child, 'exit');
  child.kill();
  await ended;
}
