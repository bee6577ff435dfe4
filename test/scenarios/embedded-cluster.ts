// The embedded cluster, as the scenarios want it.
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startCluster } from '@konfig/cluster';
import type { KubernetesObject, ScenarioCluster } from './cluster';

export async function openEmbeddedCluster(): Promise<ScenarioCluster> {
  const cluster = await startCluster({ podStartMillis: 50 });
  const folder = mkdtempSync(join(tmpdir(), 'konfig-cluster-'));
  const kubeconfig = join(folder, 'kubeconfig');
  writeFileSync(kubeconfig, cluster.kubeconfig());
  const ask = async (path: string, init: RequestInit = {}) => {
    const response = await fetch(`${cluster.server}${path}`, init);
    const body = (await response.json()) as unknown;
    if (!response.ok && response.status !== 404)
      throw new Error(`${init.method ?? 'GET'} ${path}: ${response.status} ${JSON.stringify(body)}`);
    return response.ok ? body : undefined;
  };
  return {
    target: `kubernetes({ kubeconfig: ${JSON.stringify(kubeconfig)} })`,
    kubeconfig,
    get: async (path) => (await ask(path)) as KubernetesObject | undefined,
    list: async (path) => ((await ask(path)) as { items: readonly KubernetesObject[] } | undefined)?.items ?? [],
    async patch(path, patch, manager) {
      await ask(`${path}?fieldManager=${manager}`, {
        method: 'PATCH',
        headers: { 'content-type': 'application/merge-patch+json' },
        body: JSON.stringify(patch),
      });
    },
    async remove(path) {
      await ask(path, { method: 'DELETE' });
    },
    async interrupt() {
      cluster.inject([{ fault: 'disconnect', times: 1 }]);
    },
    async stop() {
      await cluster.stop();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}
