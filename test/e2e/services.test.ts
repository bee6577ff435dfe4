// Acme's registry on a real PostgreSQL, beside a real control plane: one plan, one release over both.
import { verifyService } from '@konfig/runtimes';
import { postgresStore } from '@konfig/service-kit';
import { Pool } from 'pg';
import { registryService } from '../../konfig/services/registry/src/registry';
import { describeStore } from '../../packages/service-kit/test/store-contract';
import type { Monorepo, Ran } from '../scenarios/monorepo';
import { openRealCluster } from '../scenarios/real-cluster';
import { said, sceneOf, words } from '../scenarios/scene';
import { type Postgres, startPostgres } from '../testbed/terraform/postgres';

const token = 'canary-token-of-the-registry';
const alerts = 'https://alerts.acme.example/canary-alerts';
const scene = sceneOf(openRealCluster);
let postgres: Postgres;
let pool: Pool;
let url: string;
let stop: () => Promise<void>;
beforeAll(async () => {
  postgres = await startPostgres();
  const { host, port, user, password } = postgres;
  pool = new Pool({ host, port, user, password, database: 'postgres' });
  // What the server says when it is stopped.
  pool.on('error', () => {});
  const registry = await registryService({ pool, identity: 'registry of the test bed', tokens: [token], teams: ['team-shop'] });
  ({ url, close: stop } = await registry.listen());
});
afterAll(async () => {
  await stop();
  await pool.end();
  await postgres.stop();
});

function catalog(): Monorepo & { run(...args: string[]): Promise<Ran> } {
  const monorepo = scene.company();
  const file = 'workspaces/dev.ts';
  const workspace = monorepo.read(file);
  monorepo.write(
    file,
    workspace
      .replace('{ kubernetes,', '{ httpService, kubernetes, secret,')
      .replace('operations:', `targets: { registry: httpService({ url: '${url}', token: secret.env('REGISTRY_TOKEN') }) },\n  operations:`),
  );
  return { ...monorepo, run: (...args) => monorepo.start(args, { REGISTRY_TOKEN: token, CATALOG_ALERTS: alerts }).ended };
}

async function must(running: Promise<Ran>): Promise<Ran> {
  const ran = await running;
  if (ran.code !== 0) throw new Error(`ended with ${ran.code}:\n${said(ran)}`);
  return ran;
}

test('the registry keeps its protocol', async () => {
  const { results, left } = await verifyService({ url, token });
  // It has nothing that cannot change in place.
  expect(results.filter(({ outcome }) => outcome !== 'passed')).toEqual([
    { name: 'what cannot change in place is said by the plan, and refused by an apply', outcome: 'not here' },
  ]);
  expect(left).toEqual([]);
  expect(await postgres.query('select count(*) from entries')).toBe('0');
});

test('the catalog is entered, runs with what the registry tells, and leaves it when it goes', async () => {
  const monorepo = catalog();
  const shown = await must(monorepo.run('preview', 'catalog/dev'));
  expect(words(shown)).toContain('+ Entry/catalog-dev');
  expect(await postgres.query('select count(*) from entries')).toBe('0');

  await must(monorepo.run('apply', 'catalog/dev', '--yes'));
  const [id, key] = (await postgres.query("select number || '|' || key from entries where name = 'catalog-dev'")).split('|') as [
    string,
    string,
  ];
  const spec = JSON.stringify((await scene.cluster.get('/apis/apps/v1/namespaces/catalog/deployments/catalog'))?.spec);
  expect(spec).toContain('"value":"http://catalog-dev.services.acme.example:8080"');
  expect(spec).toContain(`"value":"svc-${id.padStart(4, '0')}"`);
  expect(spec).not.toContain(key);
  const secrets = await scene.cluster.list('/api/v1/namespaces/catalog/secrets');
  expect(secrets.map(({ data }) => Buffer.from(data?.REGISTRY_KEY ?? '', 'base64').toString())).toContain(key);
  expect(await monorepo.run('preview', 'catalog/dev', '--exit-code')).toMatchObject({ code: 0 });

  await postgres.query("update entries set tier = 'bronze' where name = 'catalog-dev'");
  expect(words(await monorepo.run('drift', 'catalog/dev'))).toMatch(/Entry\/catalog-dev.*config\.tier/);
  const file = 'projects/catalog/konfig.ts';
  monorepo.write(file, monorepo.read(file).replace("tier: 'silver'", "tier: 'gold'"));
  expect(words(await must(monorepo.run('apply', 'catalog/dev', '--yes')))).toContain('bronze → gold');
  expect(await postgres.query("select tier from entries where name = 'catalog-dev'")).toBe('gold');

  const destroyed = await must(monorepo.run('destroy', 'catalog/dev', '--yes'));
  expect(await postgres.query('select count(*) from entries')).toBe('0');
  for (const ran of [shown, destroyed]) expect(said(ran)).not.toMatch(/canary/);
});

test('a team that the registry does not know is told before anything is changed', async () => {
  const monorepo = catalog();
  const file = 'projects/catalog/konfig.ts';
  monorepo.write(file, monorepo.read(file).replace("'team-shop'", "'team-shopp'"));
  const ran = await monorepo.run('apply', 'catalog/dev', '--yes');
  expect(ran.code).toBe(3);
  expect(words(ran)).toMatch(/RESOURCE_REJECTED.*Entry\/catalog-dev: team is team-shopp, which is no team of Acme/);
  expect(await postgres.query('select count(*) from entries')).toBe('0');
});

// Several processes of one service share a database: each test opens its own view of it.
describeStore('in PostgreSQL', () => postgresStore(pool));

test('two services on one database do not get in each other’s way, and hear of each other', async () => {
  const { host, port, user, password } = postgres;
  const pools = [1, 2].map(() => new Pool({ host, port, user, password, database: 'postgres' }));
  for (const one of pools) one.on('error', () => {});
  const made = await Promise.all(
    pools.map((one) => registryService({ pool: one, identity: 'both', tokens: [token], teams: ['team-shop'] })),
  );
  const listening = await Promise.all(made.map((one) => one.listen()));
  const [first, second] = listening.map((one) => one.url) as [string, string];
  const put = (at: string, name: string, size: number) =>
    fetch(`${at}/v1/resources/Entry/${name}`, {
      method: 'PUT',
      headers: { authorization: `Bearer ${token}`, 'idempotency-key': `${at} ${name}` },
      body: JSON.stringify({ owner: 'o', config: { team: 'team-shop', description: 'Of two', port: size }, expects: null }),
    }).then(({ status }) => status);
  const names = Array.from({ length: 12 }, (_, i) => `twice-${i}`);
  const watch = await fetch(`${second}/v1/watch`, { headers: { authorization: `Bearer ${token}` } });
  const statuses = await Promise.all(names.flatMap((name) => [put(first, name, 1), put(second, name, 2)]));
  expect(statuses.filter((status) => status === 200)).toHaveLength(names.length);
  expect(statuses.filter((status) => status === 412)).toHaveLength(names.length);
  const heard = new Set<string>();
  for await (const chunk of watch.body as unknown as AsyncIterable<Uint8Array>) {
    for (const [, name] of new TextDecoder().decode(chunk).matchAll(/"name":"(twice-\d+)"/g)) heard.add(name as string);
    if (heard.size === names.length) break;
  }
  await Promise.all(
    names.map((name) => fetch(`${first}/v1/resources/Entry/${name}`, { method: 'DELETE', headers: { authorization: `Bearer ${token}` } })),
  );
  expect(await postgres.query('select count(*) from entries')).toBe('0');
  await Promise.all(listening.map((one) => one.close()));
  await Promise.all(pools.map((one) => one.end()));
});
