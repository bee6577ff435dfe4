import type { Resource } from '@konfig/core';
import { deployment, resource } from '../world';
import type { AnyCluster } from './cluster';

export function refusedFields(cluster: AnyCluster): void {
  const { served } = cluster;
  describe('what the server refuses for its fields', () => {
    const told = async (wished: Resource) =>
      (await cluster.world.plan(wished)).flatMap(({ problems }) =>
        problems.map(({ at, message, hint }) => [`${at?.split(' ')[1]}: ${message}`, hint ?? []].flat().join(' ')),
      );

    test('is told for all of them at once, with what was meant', async () => {
      const wished = deployment('default', { spec: { replica: 3, paused: 'true' }, container: { readynessProbe: {}, tty: 'no' } });
      expect((await told(wished)).sort()).toEqual([
        'spec.paused: Deployment/web: paused is "true", but must be true or false. Write it without quotes: true.',
        'spec.replica: Deployment/web: spec has no field replica. Did you mean replicas?',
        'spec.template.spec.containers[name=app].readynessProbe: Deployment/web: an entry of containers has no field readynessProbe. Did you mean readinessProbe?',
        'spec.template.spec.containers[name=app].tty: Deployment/web: tty is "no", but must be true or false.',
      ]);
    });

    test('of a custom kind too', async () => {
      const group = {
        group: 'home.example',
        scope: 'Namespaced',
        names: { kind: 'Vane', plural: 'vanes', singular: 'vane', listKind: 'VaneList' },
      };
      const schema = { type: 'object', properties: { spec: { type: 'object', properties: { blades: { type: 'integer' } } } } };
      const versions = [{ name: 'v1', served: true, storage: true, schema: { openAPIV3Schema: schema } }];
      const crd = { apiVersion: 'apiextensions.k8s.io/v1', kind: 'CustomResourceDefinition', metadata: { name: 'vanes.home.example' } };
      await cluster.world.create(resource({ ...crd, spec: { ...group, versions } }));
      await served('/apis/home.example/v1/vanes');
      const vane = { apiVersion: 'home.example/v1', kind: 'Vane', metadata: { name: 'one', namespace: 'default' }, spec: { blade: 3 } };
      expect(await told(resource(vane))).toEqual([
        'spec.blade: Vane/one: blade is a field that its kind does not have. Did you mean blades?',
      ]);
    });
  });
}
