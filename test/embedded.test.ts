import { openEmbeddedCluster } from './scenarios/embedded-cluster';
import { service } from './scenarios/programs';
import { describeScenarios } from './scenarios/scenarios';
import { applied, phasesOf, sceneOf } from './scenarios/scene';

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
  }, 60_000);
});
