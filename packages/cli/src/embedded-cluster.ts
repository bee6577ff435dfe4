// The embedded cluster of a monorepo: which one runs, and how to reach it. Kept in `.konfig/cluster/`.
import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { KonfigError, type ProcessIdentity } from '@konfig/core';
import { isRunning } from '@konfig/engine';

export interface RunningCluster {
  readonly server: string;
  readonly process: ProcessIdentity;
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
    // Its pid may be another process's by now, which is none of our business.
    return isRunning(found.process) ? found : undefined;
  } catch {
    // No file, or not one of ours.
    return undefined;
  }
}

/** Makes the folder for it. Fails with RECORD_WRITE. */
export function makeClusterFolder(root: string): void {
  try {
    mkdirSync(clusterFolder(root), { recursive: true });
  } catch (error) {
    const message = `make ${clusterFolder(root)}: ${(error as Error).message}`;
    throw new KonfigError(
      { code: 'RECORD_WRITE', message, hint: 'Konfig keeps its state in .konfig: make room, or give the right to write.' },
      { cause: error },
    );
  }
}

export function noteCluster(root: string, cluster: RunningCluster, kubeconfig: string): void {
  makeClusterFolder(root);
  writeFileSync(kubeconfigFile(root), kubeconfig);
  writeFileSync(join(clusterFolder(root), 'running.json'), `${JSON.stringify(cluster)}\n`);
}

/** Forgets this process's cluster; another one that was started here meanwhile stays noted. */
export function forgetCluster(root: string): void {
  if (findCluster(root)?.process.pid === process.pid) rmSync(join(clusterFolder(root), 'running.json'), { force: true });
}
