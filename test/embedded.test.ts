import { openEmbeddedCluster } from './scenarios/embedded-cluster';
import { service } from './scenarios/programs';
import { describeScenarios } from './scenarios/scenarios';
import { applied, phasesOf, sceneOf, words } from './scenarios/scene';

describeScenarios('on the embedded cluster', openEmbeddedCluster);

describe('on an embedded cluster whose answers get lost', () => {
  const scene = sceneOf(openEmbeddedCluster);

  test('changes whose answers never come are made once; a busy and a failing server are asked again', async () => {
    const { cluster } = scene;
    const monorepo = scene.shop('answers', [service('web'), service('api')]);
    cluster.inject([
      { fault: 'disconnect', method: 'PATCH', path: '/apis/apps/v1/namespaces/answers/*', times: 2, afterHandling: true },
      { fault: 'disconnect', method: 'PATCH', path: '/api/v1/namespaces/answers/services/*', times: 2 },
      { fault: 'request', method: 'PATCH', path: '/api/v1/namespaces/answers', times: 1, status: 429 },
      { fault: 'request', method: 'GET', path: '/apis/apps/v1/*', times: 1, status: 500 },
      { fault: 'disconnect', path: '/api/v1/namespaces/konfig/secrets*', times: 3, afterHandling: true },
    ]);
    await applied(monorepo, 'answers/dev');
    const deployments = await cluster.list('/apis/apps/v1/namespaces/answers/deployments');
    expect(deployments.map(({ metadata, status }) => `${metadata.name} ${status?.observedGeneration} ${status?.readyReplicas}`)).toEqual([
      'api 1 1',
      'web 1 1',
    ]);
    expect(await phasesOf(monorepo, 'answers/dev')).toEqual(['succeeded']);
    expect(await monorepo.konfig('preview', 'answers/dev', '--exit-code')).toMatchObject({ code: 0 });
  });
});

describe('on an embedded cluster with quotas', () => {
  const scene = sceneOf(openEmbeddedCluster);

  test('what a quota refuses fails the step with the words of the server', async () => {
    const { cluster } = scene;
    await cluster.create('/api/v1/namespaces', { metadata: { name: 'full' } });
    await cluster.create('/api/v1/namespaces/full/resourcequotas', { metadata: { name: 'all' }, spec: { hard: { services: '0' } } });
    const monorepo = scene.shop('full', [service('web')]);
    const ran = await monorepo.konfig('apply', 'full/dev', '--yes');
    expect(ran.code).not.toBe(0);
    expect(words(ran)).toContain('exceeded quota: all, requested: services=1, used: services=0, limited: services=0');
  });
});

describe('on an embedded cluster with volumes', () => {
  const scene = sceneOf(openEmbeddedCluster);
  const claim = (mode: string) =>
    `new ApiObject(this, 'data', { apiVersion: 'v1', kind: 'PersistentVolumeClaim', metadata: { name: 'data' }, spec: { accessModes: ['${mode}'], resources: { requests: { storage: '1Gi' } } } });`;
  const above = ["import { ApiObject } from 'cdk8s';"];

  test('what holds data is replaced only when it is named', async () => {
    const { cluster } = scene;
    const uidOf = async () => (await cluster.get('/api/v1/namespaces/disks/persistentvolumeclaims/data'))?.metadata.uid;
    const monorepo = scene.shop('disks', [claim('ReadWriteOnce')], { above });
    await applied(monorepo, 'disks/dev');
    const before = await uidOf();
    const file = 'projects/disks/app.ts';
    monorepo.write(file, monorepo.read(file).replace('ReadWriteOnce', 'ReadWriteMany'));
    const refused = await monorepo.konfig('apply', 'disks/dev', '--yes');
    expect(refused.code).toBe(3);
    expect(words(refused)).toMatch(/RESOURCE_IMMUTABLE.*replacing it would lose data.*--replace PersistentVolumeClaim\/data/);
    expect(await uidOf()).toBe(before);
    await applied(monorepo, 'disks/dev', '--replace', 'PersistentVolumeClaim/data');
    expect(await uidOf()).not.toBe(before);
  });
});
