// `konfig cluster` and what may lie in its way.
import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { type Monorepo, makeMonorepo, type Ran } from '../../../test/scenarios/monorepo';

let monorepo: Monorepo;
beforeEach(() => {
  monorepo = makeMonorepo({
    'projects/shop/konfig.ts': `import { AppConfig, embeddedCluster, project, workspace } from '@konfig/sdk';
export default project('shop').stack('dev', workspace('here', { kubernetes: embeddedCluster() }), (stack) => new AppConfig(stack, 'shop'));
`,
  });
});
afterEach(async () => {
  await monorepo.konfig('cluster', 'stop');
  monorepo.remove();
});

const said = ({ stdout, stderr }: Ran) => `${stdout}${stderr}`;
const folder = () => join(monorepo.folder, '.konfig', 'cluster');

test('it starts behind, tells how to reach it, and stops', async () => {
  expect(said(await monorepo.konfig('cluster', 'start', '--background'))).toMatch(/runs at http:\/\/127\.0\.0\.1:\d+ \(pid \d+\)/);
  expect(said(await monorepo.konfig('cluster', 'status'))).toMatch(/runs at/);
  expect((await monorepo.konfig('cluster', 'kubeconfig')).stdout).toMatch(/127\.0\.0\.1/);
  expect(said(await monorepo.konfig('cluster', 'start'))).toMatch(/USAGE[\s\S]*runs already[\s\S]*konfig cluster stop/);
  expect(said(await monorepo.konfig('cluster', 'stop'))).toMatch(/Stopped/);
  expect(said(await monorepo.konfig('cluster', 'status'))).toMatch(/No embedded cluster runs here/);
});

test('a process that has the pid by now is left alone', async () => {
  await monorepo.konfig('cluster', 'start', '--background');
  const file = join(folder(), 'running.json');
  const noted = readFileSync(file, 'utf8');
  const running = JSON.parse(noted) as { process: { pid: number; born?: string } };
  writeFileSync(file, JSON.stringify({ ...running, process: { ...running.process, pid: process.pid } }));
  expect(said(await monorepo.konfig('cluster', 'status'))).toMatch(/No embedded cluster runs here/);
  expect(said(await monorepo.konfig('cluster', 'stop'))).toMatch(/No embedded cluster runs here/);
  writeFileSync(file, noted);
});

test('a state that cannot be read is named, with the way to go without it', async () => {
  mkdirSync(folder(), { recursive: true });
  writeFileSync(join(folder(), 'objects.json'), '{"half":');
  const ran = await monorepo.konfig('cluster', 'start');
  expect(ran.code).toBe(1);
  expect(said(ran)).toMatch(/RECORD_CORRUPT[\s\S]*objects\.json[\s\S]*--fresh/);
  expect(said(await monorepo.konfig('cluster', 'start', '--background'))).toBe(said(ran));
  expect(await monorepo.konfig('cluster', 'start', '--background', '--fresh')).toMatchObject({ code: 0 });
});

test('a file where .konfig should be is named by what needs the folder, and is in the way of nothing else', async () => {
  rmSync(join(monorepo.folder, '.konfig'), { recursive: true, force: true });
  monorepo.write('.konfig', 'mine');
  const ran = await monorepo.konfig('cluster', 'start');
  expect(ran.code).toBe(1);
  expect(said(ran)).toMatch(/RECORD_WRITE[\s\S]*\.konfig/);
  expect(await monorepo.konfig('synth', 'shop/dev')).toMatchObject({ code: 0 });
});

test('a cluster that was killed is told as one that has ended', async () => {
  await monorepo.konfig('cluster', 'start', '--background');
  const { process: it } = JSON.parse(readFileSync(join(folder(), 'running.json'), 'utf8')) as { process: { pid: number } };
  process.kill(it.pid, 'SIGKILL');
  const ran = await monorepo.konfig('preview', 'shop/dev');
  expect(ran.code).toBe(1);
  expect(said(ran)).toMatch(/TARGET_UNREACHABLE[\s\S]*konfig cluster start/);
});
