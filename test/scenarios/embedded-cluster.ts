// The embedded cluster, as the scenarios want it.
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Cluster, type Fault, startCluster } from '@konfig/cluster';
import { objectsOf, type ScenarioCluster, targetOf } from './cluster';

export interface EmbeddedCluster extends ScenarioCluster {
  /** Replaces the faults of the cluster. */
  inject(faults: readonly Fault[]): void;
}

export async function openEmbeddedCluster(): Promise<EmbeddedCluster> {
  const folder = mkdtempSync(join(tmpdir(), 'konfig-cluster-'));
  const start = (port: number): Promise<Cluster> => startCluster({ port, podStartMillis: 50, stateFile: join(folder, 'objects.json') });
  let cluster = await start(0);
  const server = { url: cluster.server };
  const kubeconfig = join(folder, 'kubeconfig');
  writeFileSync(kubeconfig, cluster.kubeconfig());
  return {
    ...objectsOf(server),
    server,
    target: targetOf(kubeconfig),
    hasCloud: true,
    inject: (faults) => cluster.inject(faults),
    async interrupt() {
      await cluster.stop();
      cluster = await start(Number(new URL(server.url).port));
    },
    async stop() {
      await cluster.stop();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}
