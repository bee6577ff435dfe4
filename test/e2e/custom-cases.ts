// What both clusters are asked about CustomResourceDefinitions and their objects; NS stands for the namespace of the case, also in groups.
import type { Case } from './faithful-case';
import { apply, get, jsonPatch, merge, post, put, remove, strategic } from './requests';

const group = 'NS.example.com';
const definitions = '/apis/apiextensions.k8s.io/v1/customresourcedefinitions';
const lamps = `/apis/${group}/v1/namespaces/NS/lamps`;
const table = 'application/json;as=Table;g=meta.k8s.io;v=v1';

const definition = (schema: object, version: object = {}, spec: object = {}) => ({
  apiVersion: 'apiextensions.k8s.io/v1',
  kind: 'CustomResourceDefinition',
  metadata: { name: `lamps.${group}` },
  spec: {
    group,
    scope: 'Namespaced',
    names: { kind: 'Lamp', plural: 'lamps', shortNames: ['lp'], categories: ['all', 'home'] },
    versions: [
      { name: 'v1', served: true, storage: true, schema: { openAPIV3Schema: { type: 'object', properties: schema } }, ...version },
    ],
    ...spec,
  },
});
/** A scale of the lamp that a case makes. */
const scale = { apiVersion: 'autoscaling/v1', kind: 'Scale', metadata: { name: 'one' }, spec: { replicas: 1 } };
const lamp = (spec: unknown, more: object = {}, name = 'one') => ({
  apiVersion: `${group}/v1`,
  kind: 'Lamp',
  metadata: { name },
  spec,
  ...more,
});
const object = (properties: object, more: object = {}) => ({ type: 'object', properties, ...more });
const withStatus = { subresources: { status: {} } };

const rules = object(
  {
    watts: { type: 'integer', minimum: 1, maximum: 100 },
    ratio: { type: 'number', exclusiveMinimum: true, minimum: 0, multipleOf: 0.5 },
    color: { type: 'string', enum: ['red', 'green'], default: 'green' },
    code: { type: 'string', pattern: '^[a-z]+$', minLength: 2, maxLength: 4 },
    since: { type: 'string', format: 'date-time' },
    address: { type: 'string', format: 'ipv4' },
    on: { type: 'boolean' },
    port: { 'x-kubernetes-int-or-string': true },
    tags: { type: 'array', items: { type: 'string' }, minItems: 1, maxItems: 3, 'x-kubernetes-list-type': 'set' },
    sockets: {
      type: 'array',
      'x-kubernetes-list-type': 'map',
      'x-kubernetes-list-map-keys': ['name'],
      items: object({ name: { type: 'string' }, volts: { type: 'integer', default: 230 } }, { required: ['name'] }),
    },
    labels: { type: 'object', additionalProperties: { type: 'string' }, maxProperties: 2 },
    free: { type: 'object', 'x-kubernetes-preserve-unknown-fields': true },
    inner: { type: 'object', 'x-kubernetes-embedded-resource': true, 'x-kubernetes-preserve-unknown-fields': true },
    maybe: { type: 'string', nullable: true },
    a: { type: 'string' },
    b: { type: 'string' },
  },
  { required: ['watts'], oneOf: undefined },
);

export const customCases: readonly Case[] = [
  {
    name: 'a definition as it is created, and with more in it',
    requests: [
      post(`${definitions}?dryRun=All`, definition({ spec: rules })),
      post(
        `${definitions}?dryRun=All&fieldManager=konfig`,
        definition(
          { spec: rules, status: object({}) },
          {
            subresources: { status: {}, scale: { specReplicasPath: '.spec.watts', statusReplicasPath: '.status.watts' } },
            additionalPrinterColumns: [{ name: 'Watts', type: 'integer', jsonPath: '.spec.watts' }],
          },
        ),
      ),
      post(`${definitions}?fieldValidation=Strict`, definition({ spec: { type: 'object', unknown: 1 } })),
      post(
        `${definitions}?fieldValidation=Warn&dryRun=All`,
        definition({ spec: { type: 'array', items: { type: 'string', unknown: 1 } } }),
      ),
    ],
  },
  {
    name: 'definitions that are not valid',
    requests: [
      post(definitions, { ...definition({}), metadata: { name: 'other.NS.example.com' } }),
      post(definitions, definition({ spec: { properties: { a: { type: 'string' } } } })),
      post(definitions, definition({ spec: { type: 'array' } })),
      post(definitions, definition({ spec: object({ a: { type: 'strings' } }) })),
      post(definitions, definition({ spec: object({ a: { type: 'array', items: {} } }) })),
      post(
        definitions,
        definition({ spec: { type: 'object', properties: { a: { type: 'string' } }, additionalProperties: { type: 'string' } } }),
      ),
      post(definitions, definition({ metadata: object({ labels: { type: 'object' } }) })),
      post(definitions, definition({ spec: object({ a: { type: 'string', default: 1 } }) })),
      post(definitions, definition({ spec: { ...object({ a: { type: 'string' } }), default: { b: 1 } } })),
      post(definitions, definition({ spec: object({ a: { type: 'string' } }, { anyOf: [{ type: 'object' }] }) })),
      post(
        definitions,
        definition({ spec: object({ a: { type: 'array', 'x-kubernetes-list-type': 'map', items: object({ k: { type: 'string' } }) } }) }),
      ),
      post(
        definitions,
        definition({
          spec: object({
            a: {
              type: 'array',
              'x-kubernetes-list-type': 'map',
              'x-kubernetes-list-map-keys': ['k'],
              items: object({ k: { type: 'string' } }),
            },
          }),
        }),
      ),
      post(
        definitions,
        definition({ spec: object({ a: { type: 'array', 'x-kubernetes-list-type': 'set', items: object({ k: { type: 'string' } }) } }) }),
      ),
      post(definitions, definition({ spec: object({ a: { type: 'string', uniqueItems: true } }) })),
      post(definitions, definition({ spec: object({ a: { type: 'string', pattern: '(' } }) })),
      post(
        definitions,
        definition({ spec: object({ a: { 'x-kubernetes-int-or-string': true, 'x-kubernetes-preserve-unknown-fields': true } }) }),
      ),
      post(definitions, definition({ spec: object({ a: { type: 'object', 'x-kubernetes-embedded-resource': true } }) })),
      post(definitions, definition({}, { schema: undefined })),
      post(definitions, definition({}, { name: 'V1' })),
      post(definitions, definition({}, { storage: false })),
      post(definitions, definition({}, {}, { scope: 'Galaxy' })),
      post(definitions, definition({}, {}, { names: { kind: 'Lamp', listKind: 'Lamp', plural: 'lamps' } })),
      post(definitions, definition({}, {}, { names: { kind: 'Big_Lamp', plural: 'lamps', shortNames: ['L'] } })),
      post(definitions, definition({}, { subresources: { scale: { specReplicasPath: '.status.x', statusReplicasPath: 'x' } } })),
      post(definitions, definition({}, { additionalPrinterColumns: [{ name: 'A', type: 'text', jsonPath: 'spec' }] })),
      post(definitions, definition({}, { deprecationWarning: 'old' })),
      post(definitions, definition({}, {}, { conversion: { strategy: 'Magic' } })),
      post(definitions, definition({}, {}, { preserveUnknownFields: true })),
      post(
        definitions,
        definition({}, { schema: { openAPIV3Schema: { type: 'object', properties: {}, oneOf: [{ required: ['a'] }] } }, ...withStatus }),
      ),
    ],
  },
  {
    name: 'a definition with its conditions, and what of it can be changed',
    definitions: [definition({ spec: rules }, withStatus)],
    requests: [
      get(`${definitions}/lamps.${group}`),
      merge(`${definitions}/lamps.${group}`, { spec: { scope: 'Cluster' } }),
      merge(`${definitions}/lamps.${group}`, { spec: { names: { kind: 'Bulb' } } }),
      jsonPatch(`${definitions}/lamps.${group}`, [{ op: 'replace', path: '/spec/versions/0/name', value: 'v2' }]),
      get(`/apis/${group}`),
      get(`/apis/${group}/v1`),
    ],
  },
  {
    name: 'custom resources: pruned, with defaults, validated',
    definitions: [definition({ spec: rules }, withStatus)],
    requests: [
      post(
        lamps,
        lamp(
          { watts: 5, unknown: 1, maybe: null, on: null, free: { any: { thing: [1] } }, sockets: [{ name: 'a', x: 1 }] },
          { more: 1, status: { a: 1 } },
        ),
      ),
      get(`${lamps}/one`),
      post(`${lamps}?fieldValidation=Strict`, lamp({ watts: 5, unknown: 1, sockets: [{ name: 'a', x: 1 }] }, { more: 1 }, 'two')),
      post(`${lamps}?fieldValidation=Warn`, lamp({ watts: 5, unknown: 1 }, {}, 'two')),
      post(lamps, lamp({ watts: 0 }, {}, 'bad')),
      post(lamps, lamp({ watts: 101 }, {}, 'bad')),
      post(lamps, lamp({ watts: 'many' }, {}, 'bad')),
      post(lamps, lamp({ watts: 1.5 }, {}, 'bad')),
      post(lamps, lamp({}, {}, 'bad')),
      post(lamps, lamp([], {}, 'bad')),
      post(lamps, lamp({ watts: 1, ratio: -0.5 }, {}, 'bad')),
      post(lamps, lamp({ watts: 1, ratio: 0.3 }, {}, 'bad')),
      post(lamps, lamp({ watts: 1, color: 'blue' }, {}, 'bad')),
      post(lamps, lamp({ watts: 1, code: 'A' }, {}, 'bad')),
      post(lamps, lamp({ watts: 1, code: 'abcde' }, {}, 'bad')),
      post(lamps, lamp({ watts: 1, since: 'yesterday' }, {}, 'bad')),
      post(lamps, lamp({ watts: 1, address: '1.2.3' }, {}, 'bad')),
      post(lamps, lamp({ watts: 1, on: 'yes' }, {}, 'bad')),
      post(lamps, lamp({ watts: 1, port: true }, {}, 'bad')),
      post(lamps, lamp({ watts: 1, port: 'http' }, {}, 'port')),
      post(lamps, lamp({ watts: 1, tags: [] }, {}, 'bad')),
      post(lamps, lamp({ watts: 1, tags: ['a', 'b', 'c', 'd'] }, {}, 'bad')),
      post(lamps, lamp({ watts: 1, tags: ['a', 'a'] }, {}, 'bad')),
      post(lamps, lamp({ watts: 1, sockets: [{ name: 'a' }, { name: 'a' }] }, {}, 'bad')),
      post(lamps, lamp({ watts: 1, sockets: [{}] }, {}, 'bad')),
      post(lamps, lamp({ watts: 1, labels: { a: 1 } }, {}, 'bad')),
      post(lamps, lamp({ watts: 1, labels: { a: '1', b: '2', c: '3' } }, {}, 'bad')),
      post(lamps, lamp({ watts: 1, inner: { spec: {} } }, {}, 'bad')),
      post(lamps, { ...lamp({ watts: 1 }), kind: 'Bulb' }),
      post(lamps, { ...lamp({ watts: 1 }), apiVersion: `${group}/v2` }),
      post(lamps, { metadata: { name: 'x' }, spec: { watts: 1 } }),
      post(lamps, lamp({ watts: 1 }, {}, 'Not_A_Name')),
      post(lamps, { ...lamp({ watts: 1 }), metadata: { name: 'x', labels: { a: 1 } } }),
      get(`${lamps}?fieldSelector=spec.watts%3D1`),
      get(`${lamps}/none`),
      get(lamps),
    ],
  },
  {
    name: 'schemas of which one, any or none must fit',
    definitions: [
      definition({
        spec: object(
          { a: { type: 'string' }, b: { type: 'string' }, c: { type: 'integer' } },
          {
            oneOf: [{ required: ['a'] }, { required: ['b'] }],
            anyOf: [{ properties: { c: { minimum: 5 } } }, { properties: { c: { maximum: 1 } } }],
            not: { required: ['a', 'c'] },
          },
        ),
      }),
    ],
    requests: [
      post(lamps, lamp({ a: 'x' }, {}, 'one')),
      post(lamps, lamp({}, {}, 'two')),
      post(lamps, lamp({ a: 'x', b: 'y' }, {}, 'two')),
      post(lamps, lamp({ b: 'x', c: 3 }, {}, 'two')),
      post(lamps, lamp({ a: 'x', c: 7 }, {}, 'two')),
    ],
  },
  {
    name: 'rules in CEL hold back nothing but say that they were not asked',
    definitions: [
      definition({
        spec: object({ watts: { type: 'integer' } }, { required: ['watts'], 'x-kubernetes-validations': [{ rule: 'self.watts < 1000' }] }),
      }),
    ],
    requests: [post(lamps, lamp({ watts: 5 })), post(lamps, lamp({ watts: 'x' }, {}, 'two'))],
  },
  {
    name: 'updates, patches and the status of custom resources',
    definitions: [definition({ spec: rules, status: object({ on: { type: 'boolean' } }) }, withStatus)],
    requests: [
      post(lamps, lamp({ watts: 5 })),
      merge(`${lamps}/one`, { spec: { watts: 6 }, status: { on: true } }),
      merge(`${lamps}/one/status`, { spec: { watts: 7 }, status: { on: true }, metadata: { labels: { a: 'b' }, annotations: { c: 'd' } } }),
      merge(`${lamps}/one/status`, { status: { on: 'yes' } }),
      merge(`${lamps}/one`, { metadata: { labels: { a: 'b' } } }),
      merge(`${lamps}/one`, { spec: { watts: null } }),
      merge(`${lamps}/one?fieldValidation=Strict`, { spec: { unknown: 1 } }),
      jsonPatch(`${lamps}/one`, [{ op: 'add', path: '/spec/tags', value: ['a'] }]),
      strategic(`${lamps}/one`, { spec: { watts: 8 } }),
      put(`${lamps}/one`, lamp({ watts: 9 })),
      put(`${lamps}/none`, lamp({ watts: 9 }, {}, 'none')),
      get(`${lamps}/one/scale`),
      remove(`${lamps}/one`),
      get(`${lamps}/one`),
    ],
  },
  {
    name: 'a custom resource without a status of its own',
    definitions: [definition({ spec: rules, status: object({ on: { type: 'boolean' } }) })],
    requests: [
      post(lamps, lamp({ watts: 5 }, { status: { on: true } })),
      merge(`${lamps}/one`, { status: { on: false } }),
      merge(`${lamps}/one/status`, { status: { on: true } }),
    ],
  },
  {
    name: 'the scale of custom resources',
    definitions: [
      definition(
        {
          spec: object({ replicas: { type: 'integer' } }),
          status: object({ replicas: { type: 'integer' }, selector: { type: 'string' } }),
        },
        {
          subresources: {
            status: {},
            scale: { specReplicasPath: '.spec.replicas', statusReplicasPath: '.status.replicas', labelSelectorPath: '.status.selector' },
          },
        },
      ),
    ],
    requests: [
      post(lamps, lamp({ replicas: 2 })),
      get(`${lamps}/one/scale`),
      merge(`${lamps}/one/scale`, { spec: { replicas: 3 } }),
      merge(`${lamps}/one/status`, { status: { replicas: 3, selector: 'a=b' } }),
      get(`${lamps}/one/scale`),
      merge(`${lamps}/one/scale`, { spec: { replicas: -3 } }),
      merge(`${lamps}/one/scale`, { metadata: { name: 'two' } }),
      put(`${lamps}/one/scale`, { ...scale, metadata: { name: 'two' } }),
      put(`${lamps}/one/scale`, { ...scale, metadata: { name: 'one', uid: 'another' } }),
      put(`${lamps}/one/scale`, { ...scale, spec: { replicas: 'three' } }),
      get(`${lamps}/one`),
    ],
  },
  {
    name: 'columns of custom resources',
    definitions: [
      definition(
        { spec: rules },
        {
          additionalPrinterColumns: [
            { name: 'Watts', type: 'integer', jsonPath: '.spec.watts' },
            { name: 'Color', type: 'string', jsonPath: '.spec.color', description: 'of its light' },
            { name: 'Tags', type: 'string', jsonPath: '.spec.tags', priority: 1 },
            { name: 'First', type: 'string', jsonPath: '.spec.tags[0]' },
            { name: 'Socket', type: 'integer', jsonPath: '.spec.sockets[?(@.name=="b")].volts' },
            { name: 'None', type: 'integer', jsonPath: '.spec.color' },
          ],
        },
      ),
    ],
    requests: [
      post(lamps, lamp({ watts: 5, tags: ['x', 'y'], sockets: [{ name: 'a' }, { name: 'b', volts: 12 }] })),
      get(lamps, table),
      get(`${lamps}/one`, table),
    ],
  },
  {
    name: 'server-side apply of custom resources, by the list types of their schema',
    definitions: [definition({ spec: rules, status: object({}) }, withStatus)],
    requests: [
      apply(`${lamps}/one`, lamp({ watts: 5, tags: ['a'], sockets: [{ name: 'a' }], labels: { x: '1' }, free: { a: { b: 1 }, l: [1] } })),
      apply(
        `${lamps}/one`,
        lamp({ watts: 5, tags: ['b'], sockets: [{ name: 'b' }], labels: { y: '1' }, free: { a: { c: 1 } } }),
        'fieldManager=other',
      ),
      apply(`${lamps}/one`, lamp({ watts: 6 }), 'fieldManager=other'),
      apply(`${lamps}/one`, lamp({ watts: 6, sockets: [{ name: 'a', volts: 1 }] }), 'fieldManager=other&force=true'),
      apply(`${lamps}/one`, lamp({ watts: 6, unknown: 1 })),
      apply(`${lamps}/one`, lamp({ watts: 'x' })),
      merge(`${lamps}/one?fieldManager=third`, { spec: { color: 'red', sockets: [{ name: 'c' }] } }),
      apply(`${lamps}/one/status`, { apiVersion: `${group}/v1`, kind: 'Lamp', metadata: { name: 'one' }, status: {} }),
    ],
  },
  {
    name: 'several versions of one kind, without conversion',
    definitions: [
      definition(
        {},
        {},
        {
          versions: [
            {
              name: 'v1alpha1',
              served: true,
              storage: false,
              deprecated: true,
              schema: { openAPIV3Schema: object({ spec: object({ old: { type: 'string' }, both: { type: 'string', default: 'x' } }) }) },
            },
            {
              name: 'v1',
              served: true,
              storage: true,
              schema: { openAPIV3Schema: object({ spec: object({ new: { type: 'string' }, both: { type: 'string' } }) }) },
            },
            { name: 'v2', served: false, storage: false, schema: { openAPIV3Schema: object({}) } },
          ],
        },
      ),
    ],
    requests: [
      post(`/apis/${group}/v1alpha1/namespaces/NS/lamps`, { ...lamp({ old: 'a', both: 'b' }), apiVersion: `${group}/v1alpha1` }),
      get(`${lamps}/one`),
      merge(`${lamps}/one`, { spec: { new: 'c' } }),
      get(`/apis/${group}/v1alpha1/namespaces/NS/lamps/one`),
      get(`/apis/${group}/v1alpha1/namespaces/NS/lamps`),
      get(`/apis/${group}/v2/namespaces/NS/lamps`),
      get(`/apis/${group}`),
      get(`/apis/${group}/v1alpha1`),
    ],
  },
];
