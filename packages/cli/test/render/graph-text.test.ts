import type { Graph, GraphNode } from '../../src/graph';
import { graphText } from '../../src/render/graph-text';

const namespace = 'main:Namespace/shop';
const api = 'main:Deployment.apps/shop/api';
const service = 'main:Service/shop/api';
const migrate = 'main:Job.batch/shop/migrate';

const node = (id: string, level: number, live?: GraphNode['live']): GraphNode => ({
  id,
  target: 'main',
  type: 'v1/Any',
  level,
  ...(live ? { live } : {}),
});

const shop: Graph = {
  stack: 'shop/dev',
  nodes: [
    node(namespace, 1, { health: 'ready', message: 'is there' }),
    node(api, 2, { health: 'degraded', message: '0 of 1 ready' }),
    node(service, 2, { health: 'ready', message: '1 endpoint' }),
    node(migrate, 3, { health: 'absent', message: 'is not applied yet' }),
  ],
  edges: [
    { from: api, on: namespace, until: 'present', explicit: false },
    { from: service, on: namespace, until: 'present', explicit: false },
    { from: migrate, on: namespace, until: 'present', explicit: false },
    { from: migrate, on: api, until: 'ready', explicit: true },
    { from: migrate, on: service, until: 'ready', explicit: true },
  ],
};

test('what is waited for stands behind what waits', () => {
  expect(graphText(shop, { color: false, width: 120 })).toBe(`\
shop/dev  4 resources on 3 levels

1  ✔ Namespace/shop  is there
2  ✖ Deployment/api  0 of 1 ready        ← Namespace/shop
   ✔ Service/api     1 endpoint          ← Namespace/shop
3  ◌ Job/migrate     is not applied yet  ← Deployment/api ready*, Namespace/shop, Service/api ready*

* was written: dependsOn, or a value of the other one
`);
});

test('in forty columns it stands below, and no line wraps', () => {
  expect(graphText(shop, { color: false, width: 40 })).toBe(`\
shop/dev  4 resources on 3 levels

1  ✔ Namespace/shop  is there
2  ✖ Deployment/api  0 of 1 ready
     ← Namespace/shop
   ✔ Service/api     1 endpoint
     ← Namespace/shop
3  ◌ Job/migrate     is not applied yet
     ← Deployment/api ready*,
       Namespace/shop, Service/api
       ready*

* was written: dependsOn, or a value of
the other one
`);
});
