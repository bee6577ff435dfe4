// Who konfig is to the API server, and what it says when that is not enough: nothing is changed, and nobody sees a stack trace.
import { chmodSync, copyFileSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { targetOf } from '../scenarios/cluster';
import type { Monorepo, Ran } from '../scenarios/monorepo';
import { service, workspaceFile } from '../scenarios/programs';
import { openRealCluster } from '../scenarios/real-cluster';
import { sceneOf, words } from '../scenarios/scene';

describe('credentials on a real control plane', () => {
  const scene = sceneOf(openRealCluster);

  /** A stack `<name>/dev` on the same cluster, by another kubeconfig. */
  function shopAs(name: string, kubeconfig: string): Monorepo {
    const monorepo = scene.shop(name, [service('web')]);
    monorepo.write('workspaces/here.ts', workspaceFile({ target: targetOf(kubeconfig) }));
    return monorepo;
  }

  /** The administrator's kubeconfig with another user: `{ exec: … }`. */
  function kubeconfigWith(file: string, user: object): string {
    const { testbed } = scene.cluster;
    const config = JSON.parse(readFileSync(testbed.kubeconfig, 'utf8')) as { users: { user: object }[] };
    const path = join(testbed.folder, file);
    writeFileSync(path, JSON.stringify({ ...config, users: config.users.map((one) => ({ ...one, user })) }));
    return path;
  }

  /** Every command that needs the cluster ends with 1 and this, and leaves the cluster as it was. */
  async function eachEndsWith(monorepo: Monorepo, stack: string, pattern: RegExp): Promise<void> {
    for (const command of [['preview'], ['apply', '--yes'], ['status']]) {
      const ran = await monorepo.konfig(command[0] as string, stack, ...command.slice(1));
      expect(words(ran)).toMatch(pattern);
      expect(ran.code).toBe(1);
      expect(isWithoutTrace(ran)).toBe(true);
    }
  }

  async function isUntouched(name: string): Promise<boolean> {
    const { cluster } = scene;
    const leases = await cluster.list('/apis/coordination.k8s.io/v1/namespaces/konfig/leases');
    const records = await cluster.list('/api/v1/namespaces/konfig/secrets');
    const kept = [...leases, ...records].filter((object) => JSON.stringify(object.metadata).includes(name));
    return kept.length === 0 && (await cluster.get(`/api/v1/namespaces/${name}`)) === undefined;
  }

  test('a token that is not taken is told with what to do', async () => {
    const monorepo = shopAs('token', await scene.cluster.testbed.tokenKubeconfig('expired-long-ago'));
    await eachEndsWith(
      monorepo,
      'token/dev',
      /TARGET_CREDENTIALS https:\/\/127\.0\.0\.1:\d+ refuses the credentials \(401\).* log in again/,
    );
    expect(await isUntouched('token')).toBe(true);
  });

  test('whoever may look but not change is told all that is missing before anything is changed', async () => {
    const { cluster } = scene;
    const monorepo = shopAs('reader', await cluster.testbed.kubeconfigFor('rita', 'readers'));
    const { testbed } = cluster;
    await testbed.kubectl(['create', 'namespace', 'konfig']);
    await testbed.kubectl(['create', 'clusterrolebinding', 'readers', '--clusterrole=view', '--group=readers']);
    // All that records need but the last verb.
    const records = ['--verb=get,list,create,update,patch', '--resource=secrets,leases.coordination.k8s.io'];
    await testbed.kubectl(['create', 'role', 'records', '-n', 'konfig', ...records]);
    await testbed.kubectl(['create', 'rolebinding', 'records', '-n', 'konfig', '--role=records', '--group=readers']);
    const ran = await monorepo.konfig('apply', 'reader/dev', '--yes');
    expect(ran.code).toBe(1);
    const missing = words(ran).match(/You may not \w+ \S+ in [\w ]+/g) ?? [];
    expect([...missing].sort()).toEqual([
      'You may not create deployments.apps in namespace reader',
      'You may not create namespaces in the whole cluster',
      'You may not create services in namespace reader',
      'You may not delete secrets in namespace konfig',
      'You may not patch deployments.apps in namespace reader',
      'You may not patch namespaces in the whole cluster',
      'You may not patch services in namespace reader',
    ]);
    expect(await isUntouched('reader')).toBe(true);
  });

  test('a credential plugin gives the token; when it fails, it is named', async () => {
    const { testbed } = scene.cluster;
    await testbed.kubectl(['create', 'clusterrolebinding', 'deployers', '--clusterrole=cluster-admin', '--serviceaccount=default:default']);
    const { stdout: token } = await testbed.kubectl(['create', 'token', 'default']);
    const credential = { apiVersion: 'client.authentication.k8s.io/v1', kind: 'ExecCredential', status: { token: token.trim() } };
    const plugin = join(testbed.folder, 'log-in.sh');
    const apiVersion = 'client.authentication.k8s.io/v1';
    const kubeconfig = kubeconfigWith('exec.kubeconfig', { exec: { apiVersion, command: plugin, interactiveMode: 'Never' } });
    const monorepo = shopAs('plugin', kubeconfig);

    writeFileSync(plugin, `#!/bin/sh\ncat <<'END'\n${JSON.stringify(credential)}\nEND\n`);
    chmodSync(plugin, 0o755);
    expect(await monorepo.konfig('apply', 'plugin/dev', '--yes')).toMatchObject({ code: 0 });
    expect(await monorepo.konfig('destroy', 'plugin/dev', '--yes')).toMatchObject({ code: 0 });

    writeFileSync(plugin, '#!/bin/sh\necho "Your session has ended." >&2\nexit 3\n');
    await eachEndsWith(
      monorepo,
      'plugin/dev',
      /TARGET_CREDENTIALS Target main: the credential plugin \S+\/log-in\.sh failed: .*Your session has ended/,
    );
  });

  // The last one: nothing comes after it.
  test('a server that does not run cannot be reached', async () => {
    const monorepo = scene.shop('gone', [service('web')]);
    // The bed takes its kubeconfigs along.
    const kubeconfig = join(monorepo.folder, 'kubeconfig');
    copyFileSync(scene.cluster.testbed.kubeconfig, kubeconfig);
    monorepo.write('workspaces/here.ts', workspaceFile({ target: targetOf(kubeconfig) }));
    await scene.cluster.testbed.stop();
    await eachEndsWith(monorepo, 'gone/dev', /TARGET_UNREACHABLE https:\/\/127\.0\.0\.1:\d+ .*ECONNREFUSED.* Is the server running/);
  });
});

function isWithoutTrace(ran: Ran): boolean {
  return !/\n\s+at .*\(?.*\.[cm]?[jt]s:\d+:\d+\)?|node:internal|INTERNAL/.test(`${ran.stdout}\n${ran.stderr}`);
}
