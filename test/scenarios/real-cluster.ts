// The real control plane of test/testbed, as the scenarios want it.
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { startTestbed, type Testbed } from '../testbed/testbed';
import { type Objects, objectsOf, type ScenarioCluster, serverOf, targetOf } from './cluster';
import { lastWords } from './programs';

export interface RealCluster extends ScenarioCluster {
  readonly testbed: Testbed;
}

export async function openRealCluster(): Promise<RealCluster> {
  const testbed = await startTestbed();
  const server = serverOf(testbed.kubeconfig);
  const objects = objectsOf(server);
  await giveNodesDisks(objects);
  writeFileSync(join(testbed.folder, 'container.log'), `${new Date().toISOString()} stdout F ${lastWords}\n`);
  return {
    ...objects,
    testbed,
    server,
    target: targetOf(testbed.kubeconfig),
    hasCloud: false,
    interrupt: () => testbed.restartApiServer(),
    stop: () => testbed.stop(),
  };
}

/** A node of the test bed says nothing of its disk, and a pod that asks for some finds no room. */
async function giveNodesDisks({ list, patch }: Objects): Promise<void> {
  const disk = { 'ephemeral-storage': '100Gi' };
  for (const { metadata } of await list('/api/v1/nodes'))
    await patch(`/api/v1/nodes/${metadata.name}/status`, { status: { capacity: disk, allocatable: disk } }, 'testbed');
}
