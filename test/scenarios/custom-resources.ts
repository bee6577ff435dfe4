// Custom resources and their definitions in one stack: a kind is served a moment after it was made.
import { makeMonorepo } from './monorepo';
import { workspaceFile } from './programs';
import { type Scene, words } from './scene';

export function customResources(scene: Scene): void {
  const program = (withDefinition: boolean) => `import { ApiObject } from 'cdk8s';
import { AppConfig, project } from '@konfig/sdk';
import { here } from '../../workspaces/here';

export default project('lamps').stack('dev', here, (stack) => {
  const app = new AppConfig(stack, 'lamps');
  new ApiObject(app, 'one', { apiVersion: 'home.example/v1', kind: 'Lamp', metadata: { name: 'one' }, spec: { watts: 5 } });
${
  withDefinition
    ? `  new ApiObject(app, 'kind', {
    apiVersion: 'apiextensions.k8s.io/v1',
    kind: 'CustomResourceDefinition',
    metadata: { name: 'lamps.home.example' },
    spec: {
      group: 'home.example',
      scope: 'Namespaced',
      names: { kind: 'Lamp', plural: 'lamps', singular: 'lamp' },
      versions: [{ name: 'v1', served: true, storage: true, schema: { openAPIV3Schema: { type: 'object', properties: { spec: { type: 'object', properties: { watts: { type: 'integer' } } } } } } }],
    },
  });`
    : ''
}
}, { namespace: 'lamps' });
`;

  test('a kind that nobody knows is told before anything is changed; with its definition it is made as soon as it is served', async () => {
    const monorepo = makeMonorepo({ 'workspaces/here.ts': workspaceFile(scene.cluster), 'projects/lamps/konfig.ts': program(false) });
    try {
      const unknown = await monorepo.konfig('apply', 'lamps/dev', '--yes');
      expect(unknown.code).toBe(3);
      expect(words(unknown)).toMatch(/KIND_UNKNOWN[\s\S]*home\.example\/v1[\s\S]*projects\/lamps\/konfig\.ts:7/);
      expect(await scene.cluster.get('/api/v1/namespaces/lamps')).toBeUndefined();

      monorepo.write('projects/lamps/konfig.ts', program(true));
      expect(words(await monorepo.konfig('preview', 'lamps/dev'))).toMatch(/\+ Lamp\/one .*checked offline/);
      const applied = await monorepo.konfig('apply', 'lamps/dev', '--yes');
      expect(words(applied)).toContain('succeeded');
      expect(applied.code).toBe(0);
      expect(await scene.cluster.get('/apis/home.example/v1/namespaces/lamps/lamps/one')).toMatchObject({ spec: { watts: 5 } });
      expect(await monorepo.konfig('preview', 'lamps/dev', '--exit-code')).toMatchObject({ code: 0 });
      expect(await monorepo.konfig('destroy', 'lamps/dev', '--yes')).toMatchObject({ code: 0 });
      // A definition takes all objects of its kind with it, also those of others: it stays, and is nobody's.
      const left = await scene.cluster.get('/apis/apiextensions.k8s.io/v1/customresourcedefinitions/lamps.home.example');
      expect(left?.metadata.annotations?.['konfig.dev/stack']).toBeUndefined();
      expect(left?.metadata.name).toBe('lamps.home.example');
    } finally {
      monorepo.remove();
    }
  });
}
