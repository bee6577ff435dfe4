import { namespace, resource, startWorld, type TestWorld } from './world';

let world: TestWorld;
let hasCrds: boolean;
beforeAll(async () => {
  world = await startWorld();
  hasCrds = (await world.send('GET', '/apis/apiextensions.k8s.io/v1')).status === 200;
  if (!hasCrds) process.stderr.write('skipped: the embedded cluster has no CustomResourceDefinitions yet\n');
});
afterAll(() => world.stop());

test('a kind that the cluster does not know is an error, unless its CRD is in the plan', async () => {
  if (!hasCrds) return;
  const custom = resource({ apiVersion: 'shop.example/v1', kind: 'Basket', metadata: { name: 'b', namespace: 'kinds' }, spec: {} });
  const crd = resource({
    apiVersion: 'apiextensions.k8s.io/v1',
    kind: 'CustomResourceDefinition',
    metadata: { name: 'baskets.shop.example' },
    spec: {
      group: 'shop.example',
      scope: 'Namespaced',
      names: { kind: 'Basket', plural: 'baskets' },
      versions: [
        {
          name: 'v1',
          served: true,
          storage: true,
          schema: { openAPIV3Schema: { type: 'object', 'x-kubernetes-preserve-unknown-fields': true } },
        },
      ],
    },
  });
  expect((await world.plan(namespace('kinds'), custom)).flatMap((row) => row.problems)).toMatchObject([{ code: 'KIND_UNKNOWN' }]);
  const rows = await world.plan(namespace('kinds'), custom, crd);
  expect(rows.map(({ checked, problems }) => [checked, problems.length])).toEqual([
    ['server', 0],
    ['none', 0],
    ['server', 0],
  ]);
});

test('a custom resource is made as soon as its CRD is served', async () => {
  if (!hasCrds) return;
  const crd = resource({
    apiVersion: 'apiextensions.k8s.io/v1',
    kind: 'CustomResourceDefinition',
    metadata: { name: 'lamps.shop.example' },
    spec: {
      group: 'shop.example',
      scope: 'Namespaced',
      names: { kind: 'Lamp', plural: 'lamps' },
      versions: [
        {
          name: 'v1',
          served: true,
          storage: true,
          schema: { openAPIV3Schema: { type: 'object', 'x-kubernetes-preserve-unknown-fields': true } },
        },
      ],
    },
  });
  const lamp = resource({
    apiVersion: 'shop.example/v1',
    kind: 'Lamp',
    metadata: { name: 'one', namespace: 'custom' },
    spec: { watts: 5 },
  });
  await world.create(namespace('custom'), crd, lamp);
  expect(await world.changes(lamp)).toEqual([]);
});
