// What the API server decides, asked of the Kubernetes runtime on a real control plane.
import { appendFileSync } from 'node:fs';
import { join } from 'node:path';
import { isError, type LogLine, type Problem, type Resource } from '@konfig/core';
import { describeAnyCluster } from '../../packages/runtimes/test/kubernetes/any-cluster';
import {
  type AnyWorld,
  configMap,
  deployment,
  impatient,
  namespace,
  openWorld,
  resource,
  until,
} from '../../packages/runtimes/test/kubernetes/world';
import { startTestbed, type Testbed } from '../testbed/testbed';

let testbed: Testbed;
beforeAll(async () => {
  testbed = await startTestbed();
}, 120_000);
afterAll(() => testbed?.stop(), 60_000);

describeAnyCluster(() => openWorld({ kubeconfig: testbed.kubeconfig }, async () => {}, impatient), { isReal: true });

describe('permissions', () => {
  const worlds: AnyWorld[] = [];
  afterAll(async () => {
    for (const world of worlds) await world.stop();
  });

  /** A user who may do only this, in a namespace of the same name. */
  async function userWith(name: string, ...rules: readonly string[]): Promise<AnyWorld> {
    await testbed.kubectl(['create', 'namespace', name]);
    for (const [i, rule] of rules.entries()) {
      const [verbs = '', resources = ''] = rule.split(' ');
      await testbed.kubectl(['create', 'role', `${name}-${i}`, '-n', name, `--verb=${verbs}`, `--resource=${resources}`]);
      await testbed.kubectl(['create', 'rolebinding', `${name}-${i}`, '-n', name, `--role=${name}-${i}`, `--user=${name}`]);
    }
    const world = await openWorld({ kubeconfig: await testbed.kubeconfigFor(name) }, async () => {});
    worlds.push(world);
    return world;
  }

  const create = (...resources: readonly Resource[]) => resources.map(({ id, type }) => ({ resource: id, type, verb: 'create' as const }));
  const told = (problems: readonly Problem[]) => problems.map(({ message }) => message.replace(/ \([\s\S]*\)\.$/, '.')).sort();

  const all = 'get,list,watch,create,patch';

  test('whoever would grant more than they hold needs escalate or bind, told once for all roles', async () => {
    const world = await userWith('grace', `${all} roles.rbac.authorization.k8s.io,rolebindings.rbac.authorization.k8s.io`);
    const rbac = { apiVersion: 'rbac.authorization.k8s.io/v1' };
    const role = (name: string) =>
      resource({
        ...rbac,
        kind: 'Role',
        metadata: { name, namespace: 'grace' },
        rules: [{ apiGroups: [''], resources: ['secrets'], verbs: ['get'] }],
      });
    const binding = resource({
      ...rbac,
      kind: 'RoleBinding',
      metadata: { name: 'admins', namespace: 'grace' },
      roleRef: { apiGroup: 'rbac.authorization.k8s.io', kind: 'ClusterRole', name: 'edit' },
      subjects: [],
    });
    const wished = [role('a'), role('b'), binding];
    const rows = await world.plan(...wished);
    expect(rows.map(({ problems }) => problems[0]?.message.split(': ')[0])).toEqual([
      'Role/a grants permissions that you do not hold yourself',
      'Role/b grants permissions that you do not hold yourself',
      'RoleBinding/admins grants permissions that you do not hold yourself',
    ]);
    const missing = await world.connection.missingPermissions(create(...wished), world.signal);
    expect(told(missing)).toEqual([
      'You may not bind clusterroles.rbac.authorization.k8s.io in namespace grace, which RoleBinding/admins needs.',
      'You may not escalate roles.rbac.authorization.k8s.io in namespace grace, which Role/a and Role/b need.',
    ]);
    expect(missing.map(({ hint }) => hint)).toContain(
      'Ask for a Role with the verb bind on clusterroles.rbac.authorization.k8s.io named edit, or for what is granted.',
    );
  });

  test('what records need is told with the rest, one problem for each verb and kind', async () => {
    const world = await userWith('rob', 'get,list,watch configmaps', 'get,create leases.coordination.k8s.io');
    world.connection.keepsRecordsIn('rob');
    const missing = await world.connection.missingPermissions(create(configMap('a', 'rob', {}), configMap('b', 'rob', {})), world.signal);
    const records = 'the records in namespace rob need.';
    expect(told(missing)).toEqual(
      [
        'You may not create configmaps in namespace rob, which ConfigMap/a and ConfigMap/b need.',
        'You may not patch configmaps in namespace rob, which ConfigMap/a and ConfigMap/b need.',
        ...['get', 'list', 'create', 'update', 'patch', 'delete'].map(
          (verb) => `You may not ${verb} secrets in namespace rob, which ${records}`,
        ),
        ...['update', 'patch'].map((verb) => `You may not ${verb} leases.coordination.k8s.io in namespace rob, which ${records}`),
      ].sort(),
    );
  });

  test('logs that may not be read are told with the verb that is missing', async () => {
    const world = await userWith('lena', 'get,list,watch pods,deployments.apps,replicasets.apps');
    const admin = await openWorld({ kubeconfig: testbed.kubeconfig }, async () => {});
    worlds.push(admin);
    const wished = deployment('lena', { spec: { replicas: 1 } });
    await admin.create(wished);
    await until(admin, wished, ({ health }) => health === 'ready');
    const reading = world.connection.logs({ resources: [wished], follow: true }, () => {}, world.signal);
    await expect(reading).rejects.toMatchObject({
      problems: [{ code: 'PERMISSION_MISSING', hint: 'Ask for the verb get on pods/log in namespace lena.', at: wished.id }],
    });
  });

  test('what may not be followed beside a resource is a warning', async () => {
    const world = await userWith('wanda', `${all} deployments.apps,replicasets.apps,events`, 'get pods/log');
    const missing = await world.connection.missingPermissions(create(deployment('wanda')), world.signal);
    expect(missing.filter(isError)).toEqual([]);
    expect(told(missing)).toEqual([
      'You may not list pods in namespace wanda: how Deployment/web is can only be told in part.',
      'You may not watch pods in namespace wanda: how Deployment/web is can only be told in part.',
    ]);
  });
});

// The last one: it ends the API server.
describe('a followed log', () => {
  test('goes on over a restart of the API server, without a line lost or repeated', async () => {
    const world = await openWorld({ kubeconfig: testbed.kubeconfig }, async () => {});
    const wished = deployment('said', { spec: { replicas: 1 } });
    await world.create(namespace('said'), wished);
    await until(world, wished, ({ health }) => health === 'ready');
    const say = (text: string) => appendFileSync(join(testbed.folder, 'container.log'), `${new Date().toISOString()} stdout F ${text}\n`);
    const lines: LogLine[] = [];
    const stop = new AbortController();
    const timer = setTimeout(() => stop.abort(), 60_000);
    const heard = (text: string) =>
      new Promise<void>((resolve, reject) => {
        const look = () => {
          if (lines.some((line) => line.text === text)) resolve();
          else if (stop.signal.aborted) reject(new Error(`"${text}" was never told; ${JSON.stringify(lines)}`));
          else setTimeout(look, 20);
        };
        look();
      });
    const following = world.connection.logs({ resources: [wished], follow: true }, (line) => lines.push(line), stop.signal);
    await heard('No container runs in a test bed.');
    say('before');
    await heard('before');
    await testbed.restartApiServer();
    say('after');
    await heard('after');
    clearTimeout(timer);
    stop.abort();
    await following;
    await world.stop();
    expect(lines.map(({ text }) => text)).toEqual(['No container runs in a test bed.', 'before', 'after']);
    expect(lines.every(({ id, from }) => id === wished.id && /^web-.*\/app$/.test(from))).toBe(true);
  });
});
