// The real control plane of test/testbed, as the scenarios want it.
import { startTestbed, type Testbed } from '../testbed/testbed';
import type { KubernetesObject, ScenarioCluster } from './cluster';

export interface RealCluster extends ScenarioCluster {
  readonly testbed: Testbed;
}

export async function openRealCluster(): Promise<RealCluster> {
  const testbed = await startTestbed();
  const raw = async (args: readonly string[], input?: string) => {
    const ran = await testbed.kubectl(args, input);
    if (ran.code !== 0 && !/NotFound|not find/.test(ran.stderr)) throw new Error(`kubectl ${args.join(' ')}: ${ran.stderr}`);
    return ran;
  };
  return {
    testbed,
    target: `kubernetes({ kubeconfig: ${JSON.stringify(testbed.kubeconfig)} })`,
    kubeconfig: testbed.kubeconfig,
    async get(path) {
      const { code, stdout } = await raw(['get', '--raw', path]);
      return code === 0 ? (JSON.parse(stdout) as KubernetesObject) : undefined;
    },
    async list(path) {
      const { code, stdout } = await raw(['get', '--raw', path]);
      return code === 0 ? (JSON.parse(stdout) as { items: readonly KubernetesObject[] }).items : [];
    },
    async patch(path, patch, manager) {
      const { resource, namespace, name } = namesIn(path);
      await raw(['patch', resource, name, '-n', namespace, '--type=merge', `--field-manager=${manager}`, '-p', JSON.stringify(patch)]);
    },
    async remove(path) {
      await raw(['delete', '--raw', path]);
    },
    interrupt: () => testbed.restartApiServer(),
    stop: () => testbed.stop(),
  };
}

/** `/apis/apps/v1/namespaces/shop/deployments/web` → deployments.apps, shop, web */
function namesIn(path: string): { readonly resource: string; readonly namespace: string; readonly name: string } {
  const found = /^\/(?:api|apis\/([^/]+))\/[^/]+\/namespaces\/([^/]+)\/([^/]+)\/([^/]+)$/.exec(path);
  if (!found) throw new Error(`${path} is not the path of an object in a namespace.`);
  return { resource: found[1] ? `${found[3]}.${found[1]}` : (found[3] as string), namespace: found[2] as string, name: found[4] as string };
}
