// The embedded cluster of a monorepo: which one runs, and how to reach it. Kept in `.konfig/cluster/`.
import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { KonfigError } from '@konfig/core';

export interface RunningCluster {
  readonly server: string;
  readonly pid: number;
}

export function clusterFolder(root: string): string {
  return join(root, '.konfig', 'cluster');
}

export function kubeconfigFile(root: string): string {
  return join(clusterFolder(root), 'kubeconfig');
}

/** Fails with TARGET_UNREACHABLE, saying how to start one. */
export function runningCluster(root: string): RunningCluster {
  const found = findCluster(root);
  if (found) return found;
  throw new KonfigError({
    code: 'TARGET_UNREACHABLE',
    message: `No embedded cluster runs for ${root}.`,
    hint: 'Start one: konfig cluster start --background.',
  });
}

export function findCluster(root: string): RunningCluster | undefined {
  try {
    const found = JSON.parse(readFileSync(join(clusterFolder(root), 'running.json'), 'utf8')) as RunningCluster;
    process.kill(found.pid, 0);
    return found;
  } catch {
    // No file, or its process has gone.
    return undefined;
  }
}

export function noteCluster(root: string, cluster: RunningCluster, kubeconfig: string): void {
  mkdirSync(clusterFolder(root), { recursive: true });
  writeFileSync(kubeconfigFile(root), kubeconfig);
  writeFileSync(join(clusterFolder(root), 'running.json'), `${JSON.stringify(cluster)}\n`);
}

export function forgetCluster(root: string): void {
  rmSync(join(clusterFolder(root), 'running.json'), { force: true });
}
