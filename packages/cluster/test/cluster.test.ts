import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { deployment, isRolledOut, pathOf, startTestCluster } from './cluster';

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'cluster-'));
});
afterEach(() => rm(folder, { recursive: true }));

test('A cluster with a state file goes on where it was: the same objects, the same identity, and its controllers at work', async () => {
  const stateFile = join(folder, 'state.json');
  const object = deployment('web', 'web:1', { replicas: 2 });
  const first = await startTestCluster({ stateFile });
  await first.apply(object);
  const before = await first.until(pathOf(object), isRolledOut);
  await first.stop();

  const second = await startTestCluster({ stateFile });
  const after = await second.get(pathOf(object));
  expect([second.uid, after.body]).toEqual([first.uid, before]);
  await second.patch(`${pathOf(object)}/scale`, 'merge-patch+json', { spec: { replicas: 3 } });
  await second.until(pathOf(object), (seen) => isRolledOut(seen) && seen.status.replicas === 3);
  await second.delete(pathOf(object));
  await second.until(pathOf(object), (seen) => seen === undefined);
  await second.stop();
});

test('A cluster is there at once, at the port it was given, and gone when stopped', async () => {
  const cluster = await startTestCluster();
  const port = Number(new URL(cluster.server).port);
  await cluster.stop();
  const again = await startTestCluster({ port });
  expect([again.server, JSON.parse(again.kubeconfig()).clusters[0].cluster.server]).toEqual([cluster.server, cluster.server]);
  await again.stop();
  await expect(again.get('/readyz')).rejects.toThrow();
});
