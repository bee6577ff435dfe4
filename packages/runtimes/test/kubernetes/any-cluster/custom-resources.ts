import type { JsonObject } from '@konfig/core';
import { deployment, resource, stack, until } from '../world';
import type { AnyCluster } from './cluster';

export function customResources(cluster: AnyCluster): void {
  const { apply, served, isReal } = cluster;
  describe('custom resources', () => {
    const watts = { type: 'integer', minimum: 1 };
    const definition = (kind: string, properties: JsonObject, version: JsonObject = {}, spec: JsonObject = {}) => {
      const plural = `${kind.toLowerCase()}s`;
      return resource({
        apiVersion: 'apiextensions.k8s.io/v1',
        kind: 'CustomResourceDefinition',
        metadata: { name: `${plural}.home.example` },
        spec: {
          group: 'home.example',
          scope: 'Namespaced',
          names: { kind, plural, singular: kind.toLowerCase(), listKind: `${kind}List` },
          versions: [versionOf('v1', properties, version)],
          ...spec,
        },
      });
    };
    const versionOf = (name: string, properties: JsonObject, version: JsonObject = {}) => ({
      name,
      served: true,
      storage: true,
      schema: { openAPIV3Schema: { type: 'object', properties: { spec: { type: 'object', ...properties } } } },
      ...version,
    });
    const thing = (kind: string, spec: JsonObject, version = 'v1') =>
      resource({ apiVersion: `home.example/${version}`, kind, metadata: { name: 'one', namespace: 'default' }, spec });

    test('what has a custom resource as its owner is found, of whatever kind, and what hangs from that', async () => {
      const owner = thing('Grill', { watts: 1 });
      await apply(definition('Grill', { properties: { watts } }), 'create');
      await served('/apis/home.example/v1/namespaces/default/grills');
      await apply(owner, 'create');
      const { body } = await cluster.world.send('GET', '/apis/home.example/v1/namespaces/default/grills/one');
      const { uid } = body.metadata as { readonly uid: string };
      const web = deployment('default', { container: { image: 'shop:does-not-exist' }, spec: { replicas: 1 } });
      const ownerReferences = [{ apiVersion: 'home.example/v1', kind: 'Grill', name: 'one', uid, controller: true }];
      const metadata = { name: 'grill', namespace: 'default', ownerReferences };
      await apply({ ...web, id: 'main:Deployment.apps/default/grill', attributes: { ...web.attributes, metadata } }, 'create');
      const seen = await until(cluster.world, owner, ({ related }) => related[0]?.children?.[0]?.children?.[0] !== undefined);
      expect(seen.related).toMatchObject([
        {
          name: 'Deployment/grill',
          children: [{ name: expect.stringMatching(/^ReplicaSet\/grill-/), children: [{ name: expect.stringMatching(/^Pod\/grill-/) }] }],
        },
      ]);
    });

    test('a resource whose definition comes with the plan is checked against its schema, field by field', async () => {
      const kind = definition('Stove', {
        required: ['watts', 'speed'],
        properties: {
          watts,
          speed: { type: 'string', default: 'slow' },
          color: { type: 'string', enum: ['red', 'blue'] },
          shelves: { type: 'array', items: { type: 'object', properties: { name: { type: 'string' }, wide: { type: 'boolean' } } } },
        },
      });
      const [, good] = await cluster.world.plan(kind, thing('Stove', { watts: 5, shelves: [{ name: 'top', wide: true }] }));
      expect(good).toMatchObject({ checked: 'offline', problems: [] });
      const [, bad] = await cluster.world.plan(
        kind,
        thing('Stove', { color: 'green', shelves: [{ name: 'top', wide: 'yes' }], colour: 'red' }),
      );
      expect(bad).toMatchObject({ checked: 'offline' });
      expect(bad?.problems.map(({ at, message }) => [at?.split(' ')[1], message])).toEqual([
        ['spec.color', 'Stove/one cannot have this spec.color: it must be one of "red", "blue".'],
        ['spec.shelves[name=top].wide', 'Stove/one cannot have this spec.shelves[name=top].wide: it must be boolean, not string.'],
        ['spec.colour', 'Stove/one has a field spec.colour that its kind Stove does not have.'],
        ['spec.watts', 'Stove/one cannot have this spec.watts: it is required.'],
      ]);
      const [, old] = await cluster.world.plan(kind, thing('Stove', { watts: 5 }, 'v2'));
      expect(old?.problems).toMatchObject([{ code: 'KIND_UNKNOWN', hint: 'It serves v1: use one of these versions.' }]);
    });

    (isReal ? test : test.skip)('what a rule does not let change in place asks for a replace, with the words of the rule', async () => {
      const rule = { rule: 'self.watts >= oldSelf.watts', message: 'a lamp only becomes brighter' };
      const color = { type: 'string', 'x-kubernetes-validations': [{ rule: 'self == oldSelf' }] };
      const kind = definition('Lamp', { 'x-kubernetes-validations': [rule], properties: { watts, color } });
      await cluster.world.create(kind);
      await served('/apis/home.example/v1/lamps');
      await cluster.world.create(thing('Lamp', { watts: 5, color: 'red' }));
      const [dimmer] = await cluster.world.plan(thing('Lamp', { watts: 4, color: 'red' }));
      expect(dimmer).toMatchObject({ problems: [], immutable: [{ path: 'spec.watts', message: 'a lamp only becomes brighter' }] });
      const [other] = await cluster.world.plan(thing('Lamp', { watts: 5, color: 'blue' }));
      expect(other).toMatchObject({ problems: [], immutable: [{ path: 'spec.color', message: 'failed rule: self == oldSelf' }] });
      const [both] = await cluster.world.plan(thing('Lamp', { watts: 0, color: 'blue' }));
      expect(both?.immutable).toEqual([]);
      expect(both?.problems.map(({ code }) => code)).toContain('RESOURCE_REJECTED');
    });

    test('a new version of a definition says what it takes from the objects that are there', async () => {
      const before = definition('Fan', { properties: { watts, color: { type: 'string' }, note: { type: 'string' } } });
      await cluster.world.create(before);
      await served('/apis/home.example/v1/fans');
      await cluster.world.create(thing('Fan', { watts: 500, color: 'red' }));
      const narrowed = definition('Fan', { properties: { watts: { ...watts, maximum: 100 } } });
      const [row] = await cluster.world.plan(narrowed);
      expect(row?.problems.map(({ severity, message }) => [severity, message])).toEqual([
        [
          'warning',
          'CustomResourceDefinition/fans.home.example: spec.color of version v1: goes; what objects have there is dropped when they are next written; Fan/one would be hit.',
        ],
        [
          'warning',
          'CustomResourceDefinition/fans.home.example: spec.watts of version v1: has the new limit maximum 100; Fan/one would be hit.',
        ],
      ]);
      const moved = definition('Fan', {}, {}, { versions: [versionOf('v2', {})] });
      const [renamed] = await cluster.world.plan(moved);
      expect(renamed?.problems).toMatchObject([{ code: 'RESOURCE_REJECTED', at: expect.stringMatching(/ spec\.versions\[name=v1\]$/) }]);
      const [unserved] = await cluster.world.plan(
        definition('Fan', {}, {}, { versions: [versionOf('v1', {}, { served: false, storage: false }), versionOf('v2', {})] }),
      );
      expect(unserved?.problems[0]).toMatchObject({
        severity: 'warning',
        message: expect.stringContaining('version v1 is no longer served; clients that ask for it will find nothing'),
      });
      const [wide] = await cluster.world.plan(definition('Fan', {}, {}, { scope: 'Cluster' }));
      expect(wide).toMatchObject({ replaceable: false, immutable: [{ path: 'spec.scope' }] });
    });

    test('a resource is checked by the definition that comes with the plan, not by the one that it replaces', async () => {
      const kind = (properties: JsonObject) => definition('Oven', { properties });
      await cluster.world.create(kind({ watts }));
      await served('/apis/home.example/v1/ovens');
      const rows = await cluster.world.plan(kind({ watts, color: { type: 'string' } }), thing('Oven', { color: 'red' }));
      expect(rows[1]).toMatchObject({ checked: 'offline', problems: [] });
      const [, bad] = await cluster.world.plan(kind({ watts: { type: 'string' } }), thing('Oven', { watts: 5 }));
      expect(bad?.problems.map(({ at }) => at)).toEqual(['main:Oven.home.example/default/one spec.watts']);
    });

    test('a definition that goes is not deleted unasked', async () => {
      const kind = definition('Tap', {});
      await cluster.world.create(kind);
      const rows = await cluster.world.connection.plan(
        { stack, wished: [], removed: [{ id: kind.id, type: kind.type }] },
        cluster.world.signal,
      );
      expect(rows).toMatchObject([{ deletable: false, replaceable: false }]);
    });

    test('a deprecated version is told once, with all that use it, and again when it is applied', async () => {
      const old = { deprecated: true, deprecationWarning: 'home.example/v1 Bulb is old, use v2' };
      await cluster.world.create(definition('Bulb', { properties: { watts } }, old));
      await served('/apis/home.example/v1/bulbs');
      const bulbs = ['a', 'b', 'c', 'd', 'e'].map((name) =>
        resource({ apiVersion: 'home.example/v1', kind: 'Bulb', metadata: { name, namespace: 'default' }, spec: { watts: 1 } }),
      );
      const rows = await cluster.world.plan(...bulbs);
      expect(rows.flatMap(({ notes }) => notes)).toEqual(['Bulb/a, Bulb/b, Bulb/c and 2 more: home.example/v1 Bulb is old, use v2']);
      const applied = [];
      for (const bulb of bulbs) applied.push(await apply(bulb, 'create'));
      expect(applied.flatMap(({ warnings }) => warnings)).toEqual(['home.example/v1 Bulb is old, use v2']);
    });
  });
}
