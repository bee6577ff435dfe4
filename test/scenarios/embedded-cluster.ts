// The embedded cluster, as the scenarios want it.
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Cluster, type Fault, startCluster } from '@konfig/cluster';
import { objectsOf, type ScenarioCluster, targetOf } from './cluster';

export interface EmbeddedCluster extends ScenarioCluster {
  /** Replaces the faults of the cluster. */
  inject(faults: readonly Fault[]): void;
  /** Ends it; `resume` starts it again at the same address, with its objects. */
  pause(): Promise<void>;
  resume(): Promise<void>;
}

export async function openEmbeddedCluster(): Promise<EmbeddedCluster> {
  const folder = mkdtempSync(join(tmpdir(), 'konfig-cluster-'));
  const start = (port: number): Promise<Cluster> => startCluster({ port, podStartMillis: 50, stateFile: join(folder, 'objects.json') });
  let cluster = await start(0);
  const server = { url: cluster.server };
  const kubeconfig = join(folder, 'kubeconfig');
  writeFileSync(kubeconfig, cluster.kubeconfig());
  const pause = () => cluster.stop();
  const resume = async () => {
    cluster = await start(Number(new URL(server.url).port));
  };
  return {
    ...objectsOf(server),
    server,
    target: targetOf(kubeconfig),
    hasCloud: true,
    inject: (faults) => cluster.inject(faults),
    pause,
    resume,
    async interrupt() {
      await pause();
      await resume();
    },
    async stop() {
      await cluster.stop();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}
