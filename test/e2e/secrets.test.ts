// Secrets where companies keep them: SOPS, Vault, AWS Secrets Manager (as moto plays it), another cluster object, a command. Read by the konfig command, used on a
// real control plane, and nowhere to be seen.
import { chmodSync, writeFileSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import type { Monorepo } from '../scenarios/monorepo';
import { service } from '../scenarios/programs';
import { openRealCluster } from '../scenarios/real-cluster';
import { said, sceneOf, words } from '../scenarios/scene';
import { buildKept, encrypt, type Kept, type MotoServer, startMoto, startVault, type VaultServer } from '../testbed/secrets/servers';

const canaries = {
  ENV: 'c4n4ry-of-the-environment',
  SOPS: 'c4n4ry of SOPS: "quoted" & <angled>',
  VAULT: 'c4n4ry+of/vault?=%',
  CLUSTER: '-----BEGIN KEY-----\nc4n4ryOfTheClusterFirstLine\nc4n4ryOfTheClusterSecondLine\n-----END KEY-----\n',
  EXEC: 'c4n4ry-of-a-c0mmand',
  AWS: 'c4n4ry-of-äws-😀',
};

describe('secrets on a real control plane', () => {
  const scene = sceneOf(openRealCluster);
  let kept: Kept;
  let vault: VaultServer;
  let moto: MotoServer | undefined;

  beforeAll(async () => {
    kept = await buildKept();
    vault = await startVault(kept);
    await vault.request('POST', 'secret/data/shop/db', { data: { user: 'shop', password: 'an older one' } });
    await vault.request('POST', 'secret/data/shop/db', { data: { user: 'shop', password: canaries.VAULT } });
    moto = kept.moto === undefined ? undefined : await startMoto(kept.moto);
    if (!moto) console.warn('AWS Secrets Manager is not tried: moto needs Python 3.');
    await moto?.putSecret('prod/db', JSON.stringify({ password: canaries.AWS }));
    const theirs = {
      apiVersion: 'v1',
      kind: 'Secret',
      metadata: { name: 'theirs', namespace: 'default' },
      stringData: { 'tls.key': canaries.CLUSTER },
    };
    await scene.cluster.testbed.kubectl(['apply', '-f', '-'], JSON.stringify(theirs));
  }, 900_000);
  afterAll(async () => {
    await Promise.all([vault?.stop(), moto?.stop()]);
  });

  test('CI has all of them', () => {
    expect(process.env.CI === undefined || moto !== undefined).toBe(true);
  });

  /** A service that wants one secret from each place. */
  async function shop(name: string): Promise<{ readonly monorepo: Monorepo; readonly env: NodeJS.ProcessEnv }> {
    const places = [
      "ENV: secret.env('SHOP_PASSWORD')",
      "SOPS: secret.sops({ file: 'secrets.yaml', path: ['db', 'password'] })",
      "VAULT: secret.vault({ path: 'shop/db', key: 'password' })",
      "CLUSTER: secret.kubernetes({ namespace: 'default', name: 'theirs', key: 'tls.key' })",
      "EXEC: secret.exec({ command: './helper', args: ['show'] })",
      ...(moto ? ["AWS: secret.aws({ name: 'prod/db', key: 'password' })"] : []),
    ];
    const monorepo = scene.shop(name, [service('web', { container: `env: { ${places.join(', ')} }` })], { imports: 'Service, secret' });
    monorepo.write(
      'package.json',
      JSON.stringify({ ...JSON.parse(monorepo.read('package.json')), konfig: { projects: ['projects/*'], secretCommands: ['./helper'] } }),
    );
    const key = await encrypt(kept, join(monorepo.folder, 'secrets.yaml'), `db:\n  password: '${canaries.SOPS}'\n`);
    const helper = join(monorepo.folder, 'helper');
    writeFileSync(helper, `#!/bin/sh\n[ "$1" = show ] && echo '${canaries.EXEC}'\n`);
    chmodSync(helper, 0o755);
    const env = {
      PATH: [kept.bin, process.env.PATH].join(delimiter),
      SHOP_PASSWORD: canaries.ENV,
      SOPS_AGE_KEY_FILE: key,
      VAULT_ADDR: vault.address,
      VAULT_TOKEN: vault.token,
      ...moto?.env,
    };
    return { monorepo, env };
  }

  test('from every source reach the container, and nothing else', async () => {
    const { cluster } = scene;
    const { monorepo, env } = await shop('everywhere');
    const run = (...args: string[]) => monorepo.start(args, env).ended;
    const told = [
      await run('preview', 'everywhere/dev', '--verbose'),
      await run('apply', 'everywhere/dev', '--yes', '--output', 'ndjson'),
      await run('preview', 'everywhere/dev', '--exit-code', '-o', 'plan.json'),
      await run('status', 'everywhere/dev', '--output', 'json'),
      await run('show', 'everywhere/dev@1', '--output', 'json'),
      await run('explain', 'everywhere/dev', 'Secret/web-env', '--live'),
      await run('history', 'everywhere/dev'),
    ];
    expect(told.map(({ code }) => code)).toEqual(told.map(() => 0));
    const held = (await cluster.list('/api/v1/namespaces/everywhere/secrets')).find(({ metadata }) => metadata.name === 'web-env');
    const values = Object.entries(held?.data ?? {}).map(([name, value]) => [name, Buffer.from(value, 'base64').toString()]);
    const { AWS, ...others } = canaries;
    const wanted = moto ? { ...others, AWS } : others;
    expect(Object.fromEntries(values)).toEqual(wanted);

    // Containers say what they should not; without its sources the Secret in the cluster tells what to mask.
    const writings = [JSON.stringify, encodeURIComponent, (text: string) => Buffer.from(`shop:${text}`).toString('base64')];
    const lines = Object.values(wanted).flatMap((value) => writings.map((write) => `2026-11-22T09:00:00Z stdout F tried ${write(value)}`));
    writeFileSync(join(cluster.testbed.folder, 'container.log'), `${lines.join('\n')}\n`);
    const logs = [await run('logs', 'everywhere/dev', 'web'), await monorepo.konfig('logs', 'everywhere/dev', 'web')];
    for (const { stdout } of logs) expect(stdout.match(/ tried \S*\(secret\)/g)).toHaveLength(lines.length);
    told.push(...logs);

    const records = await cluster.list('/api/v1/namespaces/konfig/secrets');
    const stored = records.flatMap((object) => Object.values(object.data ?? {})).map((value) => unpacked(Buffer.from(value, 'base64')));
    expect(stored.length).toBeGreaterThan(0);
    for (const text of [...told.map(said), ...stored, monorepo.read('plan.json')])
      expect(text).not.toMatch(/c4n4ry|YzRuNHJ5|M0bjRye|jNG40cn/);
  });

  test('that cannot be had are told all at once, with what to do, and nothing is changed', async () => {
    const { cluster } = scene;
    const { monorepo, env } = await shop('missing');
    const ran = await monorepo.start(['apply', 'missing/dev', '--yes'], {
      ...env,
      SHOP_PASSWORD: '',
      SOPS_AGE_KEY_FILE: '/dev/null',
      VAULT_TOKEN: 'hvs.t0ken-of-nobody',
      ...(moto && { AWS_ENDPOINT_URL: 'http://127.0.0.1:1' }),
    }).ended;
    expect(ran.code).not.toBe(0);
    expect(words(ran)).toMatch(/environment variable SHOP_PASSWORD, which is empty/);
    expect(words(ran)).toMatch(/value db\.password in the SOPS file secrets\.yaml, which cannot be decrypted: sops failed with \d+: /);
    expect(words(ran)).toMatch(/key password of secret\/shop\/db in Vault, which may not be read: http\S+ says 403/);
    if (moto) expect(words(ran)).toMatch(/key password of AWS secret prod\/db, which cannot be read: .*ECONNREFUSED/);
    expect(said(ran)).not.toMatch(/c4n4ry|t0ken-of-nobody|wJalrXUtn/);
    expect(await cluster.list('/api/v1/namespaces/missing/secrets')).toEqual([]);
  });
});

function unpacked(bytes: Buffer): string {
  try {
    return gunzipSync(bytes).toString();
  } catch {
    return bytes.toString();
  }
}
