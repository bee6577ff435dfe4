// The real control plane of test/testbed, as the scenarios want it.
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { startTestbed, type Testbed } from '../testbed/testbed';
import { objectsOf, type ScenarioCluster, serverOf, targetOf } from './cluster';
import { lastWords } from './programs';

export interface RealCluster extends ScenarioCluster {
  readonly testbed: Testbed;
}

export async function openRealCluster(): Promise<RealCluster> {
  const testbed = await startTestbed();
  const server = serverOf(testbed.kubeconfig);
  const objects = objectsOf(server);
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
