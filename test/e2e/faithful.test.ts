// The embedded cluster answers as the real one does: the same requests to both, and every answer compared, but for what is drawn by lot.
import { askUntil } from '../scenarios/ask-until';
import { type EmbeddedCluster, openEmbeddedCluster } from '../scenarios/embedded-cluster';
import { type HttpAnswer, type HttpRequest, sendHttp, type WatchEvent, watchHttp } from '../scenarios/http';
import { openRealCluster, type RealCluster } from '../scenarios/real-cluster';
import { admissionCases } from './admission-cases';
import { applyCases } from './apply-cases';
import { apps, core, deployment, deployments } from './built-in-objects';
import { customCases } from './custom-cases';
import { defaultCases } from './default-cases';
import { deleteCases } from './delete-cases';
import type { Case, CaseRequest } from './faithful-case';
import { patchCases } from './patch-cases';
import { refusalCases } from './refusal-cases';
import { get, remove } from './requests';

interface Divergence {
  /** Each is found at least once among the lines that `differences` gives. */
  readonly at: readonly RegExp[];
  readonly because: string;
}

/** Where the two may differ, and why that does no harm. A place where they no longer differ fails its case, so that this list stays true. */
const divergences: { readonly [name: string]: readonly Divergence[] } = {
  'what server-side apply refuses': [
    {
      at: [/^2 \S+ \S+ \.body \.message:/, /^12 \S+ \S+ \.body \.message:/],
      because: 'a body without apiVersion and unreadable YAML are refused in other words',
    },
    { at: [/^14 \S+ \S+ \.body:/], because: 'the real one answers for a group that nobody has with plain text' },
  ],
  'scales that are none, of a wrong type, or of something else': [
    { at: [/^19 .* \.managedFields \.1:/], because: 'the real one forgets who has scaled to nothing' },
  ],
  'Services, Secrets and others that are not valid': [
    {
      at: [/^3 .*\.body \.message:/, /^3 .*\.causes \.0 \.message:/],
      because: 'the real one prints the fields of a Go struct as the value',
    },
    {
      at: [/^9 .*\.body \.message:/, /^9 .*\.causes \.0 \.message:/],
      because: 'the real one prints the fields of a Go struct as the value',
    },
  ],
  'names by generateName': [
    {
      at: [
        /^2 .*\.body \.message:/,
        /^2 .*\.details \.name:/,
        /^2 .*\.causes \.0 \.message:/,
        /^2 .*\.causes \.0 \.field:/,
        /^2 .*\.causes \.1:/,
      ],
      because: 'the real one tells a bad prefix twice, once with what it has drawn',
    },
  ],
  'lists: selectors of labels and fields, pages, and selectors that are none': [
    { at: [/^8 .*\.body \.message:/], because: 'a selector that is none is refused in other words' },
  ],
  'definitions that are not valid': [
    { at: [/^15 .*\.body \.message:/, /^15 .*\.causes \.0 \.message:/], because: 'the real one says more of a bad pattern' },
    {
      at: [20, 29].flatMap((n) => [new RegExp(`^${n} .*\\.body \\.message:`), new RegExp(`^${n} .*\\.causes \\.0 \\.message:`)]),
      because: 'the real one prints the fields of a Go struct as the value',
    },
  ],
  'the scale of custom resources': [
    {
      at: [/^4 .*\.managedFields \.1 \.time:/, /^11 .*\.managedFields \.1 \.time:/],
      because: 'the real one forgets when the scale was written',
    },
    { at: [/^10 .*\.body \.message:/], because: 'the real one says of a scale of a wrong type that nobody has registered scales' },
  ],
  'several versions of one kind, without conversion': [
    {
      at: [/^3 .*\.metadata \.managedFields:/, /^4 .*\.metadata \.managedFields:/, /^5 .*\.metadata \.managedFields:/],
      because: 'the real one forgets all managers when one of them has a field that the other version lacks',
    },
  ],
  'only the metadata of objects': [
    { at: [/^3 .*\.items: real null, embedded \[\]$/], because: 'an empty list is a list' },
    { at: [/^5 .*\.columnDefinitions \.\d+ \.description: .*, embedded ""$/], because: 'columns have no descriptions' },
  ],
};

const openApiDivergences: readonly Divergence[] = [
  { at: [/^ManagedFieldsEntry \.properties \.fieldsV1 \.\$ref:/], because: 'a set of fields is any object' },
  {
    at: [
      /^PersistentVolumeClaimStatus \.properties \.allocatedResourceStatuses \.x-kubernetes-map-type: real "granular"/,
      /^PersistentVolumeSpec \.properties \.claimRef \.x-kubernetes-map-type: real "granular"/,
    ],
    because: 'granular is the default',
  },
  {
    at: [/^AppArmorProfile \.x-kubernetes-unions:/, /^SeccompProfile \.x-kubernetes-unions:/, /^PodSchedulingGroup \.x-kubernetes-unions:/],
    because: 'unions tell nothing that anybody reads',
  },
  {
    at: [/^PersistentVolumeClaim \.x-kubernetes-group-version-kind:/],
    because: 'within a StatefulSet it is another struct to the real one',
  },
  {
    at: ['additionalItems', 'additionalProperties', 'default', 'dependencies', 'enum', 'example', 'items'].map(
      (field) => new RegExp(`^JSONSchemaProps \\.properties \\.${field} .*\\$ref:`),
    ),
    because: 'schemas in definitions hold themselves in forms that have no name here',
  },
];

const allCases = [...defaultCases, ...applyCases, ...patchCases, ...refusalCases, ...deleteCases, ...customCases, ...admissionCases];

describe('the embedded cluster beside the real one', () => {
  let real: RealCluster;
  let embedded: EmbeddedCluster;

  beforeAll(async () => {
    [real, embedded] = await Promise.all([openRealCluster(), openEmbeddedCluster()]);
  }, 120_000);
  afterAll(async () => {
    await Promise.all([real?.stop(), embedded?.stop()]);
  }, 60_000);

  const askBoth = <T>(ask: (cluster: RealCluster | EmbeddedCluster) => Promise<T>) => Promise.all([ask(real), ask(embedded)]);

  for (const [i, one] of allCases.entries()) {
    test(one.name, async () => {
      const namespace = `case-${i}`;
      await askBoth((cluster) => cluster.create('/api/v1/namespaces', { metadata: { name: namespace } }));
      await askBoth((cluster) => define(cluster, one, namespace));
      const [expected, found] = await askBoth((cluster) => answersOf(cluster, one, namespace));
      const all = expected.flatMap((answer, n) => differences(label(one.requests[n] as HttpRequest, n), answer, found[n]));
      expect(surprises(all, divergences[one.name] ?? [])).toEqual(none);
    });
  }

  test('discovery tells the same of every kind that it has', async () => {
    const [, groups] = await askBoth((cluster) => read<{ groups: { versions: { groupVersion: string }[] }[] }>(cluster, '/apis'));
    const roots = ['/api/v1', ...groups.groups.flatMap((group) => group.versions.map((version) => `/apis/${version.groupVersion}`))];
    const all: string[] = [];
    for (const root of roots) {
      const [expected, found] = await askBoth((cluster) => read<{ resources?: { name: string }[] }>(cluster, root));
      for (const resource of found.resources ?? [])
        all.push(
          ...differences(
            `${root} ${resource.name}`,
            without(expected.resources?.find(({ name }) => name === resource.name)),
            without(resource),
          ),
        );
    }
    const because = 'the embedded one also deletes all namespaces at once';
    expect(surprises(all, [{ at: [/^\/api\/v1 namespaces \.verbs/], because }])).toEqual(none);
  });

  test('a DaemonSet and a change of it come to the same status, pods and revisions', async () => {
    const [expected, found] = await askBoth(daemons);
    expect(differences('daemons', expected, found)).toEqual([]);
  });

  test('an autoscaler without metrics comes to the same conditions and the same scale', async () => {
    const [expected, found] = await askBoth(autoscaler);
    expect(differences('autoscaler', expected, found)).toEqual([]);
  });

  test('a namespace and a definition that are held back say the same of it, and go when they can', async () => {
    const [expected, found] = await askBoth(heldBack);
    expect(differences('held', expected, found)).toEqual([]);
  });

  test('OpenAPI tells the same of every field that it knows: types, list keys, patch strategies, what is required', async () => {
    const documents = await read<{ paths: Record<string, { serverRelativeURL: string }> }>(embedded, '/openapi/v3');
    const roots = Object.keys(documents.paths).filter((root) => !root.includes('example'));
    const all = new Set<string>();
    const unknown = new Set<string>();
    for (const root of roots) {
      const [expected, found] = await askBoth((cluster) => read<OpenApiDocument>(cluster, `/openapi/v3/${root}`));
      for (const [name, schema] of Object.entries(found.components.schemas)) {
        const wanted = expected.components.schemas[name];
        if (!wanted) unknown.add(name);
        else
          for (const difference of differences(name.split('.').at(-1) as string, typesOnly(wanted), typesOnly(schema))) all.add(difference);
      }
    }
    expect(surprises([...all], openApiDivergences)).toEqual(none);
    expect([...unknown]).toEqual([]);
    expect(roots.length).toBeGreaterThan(10);
  });

  test('a rollout, a second one and a foreground delete come to the same conditions, objects and last events', async () => {
    const [expected, found] = await askBoth(rollout);
    const all = differences('rollout', expected, found);
    expect(all).toEqual([]);
  });
});

/** What a DaemonSet comes to: its status, what its pods are made of, and its revisions, before and after a change. */
async function daemons(cluster: Cluster): Promise<unknown> {
  await cluster.create('/api/v1/namespaces', { metadata: { name: 'daemons' } });
  const [sets, pods, revisions] = [`${apps}/daemonsets`, `${core}/pods`, `${apps}/controllerrevisions`].map((path) =>
    path.replace('NS', 'daemons'),
  ) as [string, string, string];
  const isOut = (generation: number) => (event: WatchEvent) => {
    const { observedGeneration, desiredNumberScheduled, updatedNumberScheduled, numberAvailable } = event.object.status ?? {};
    return (
      observedGeneration === generation && [updatedNumberScheduled, numberAvailable].every((count) => count === desiredNumberScheduled)
    );
  };
  const { replicas: _, ...spec } = deployment([{ name: 'web', image: 'web:1' }]).spec;
  await cluster.create(sets, { apiVersion: 'apps/v1', kind: 'DaemonSet', metadata: { name: 'web' }, spec });
  const first = await watchHttp(cluster.server, `${sets}?watch=true`, isOut(1));
  await cluster.patch(`${sets}/web`, { spec: { template: { metadata: { annotations: { turn: '2' } } } } }, 'test');
  const second = await watchHttp(cluster.server, `${sets}?watch=true`, isOut(2));
  const made = (await cluster.list(pods)).filter((pod) => !('deletionTimestamp' in pod.metadata));
  const kept = await cluster.list(revisions);
  return {
    first: first.at(-1)?.object.status,
    second: second.at(-1)?.object.status,
    pods: made.map(({ metadata, spec: { affinity, tolerations } = {} }) => ({
      labels: { ...metadata.labels, 'controller-revision-hash': '<hash>' },
      affinity: JSON.stringify(affinity).replace(/\["[a-z0-9-]+"\]/, '["<node>"]'),
      tolerations,
    })),
    revisions: kept.map((one) => (one as unknown as { revision: number }).revision).sort(),
  };
}

/** What an autoscaler says when nobody measures anything, after it has brought its target within its bounds. */
async function autoscaler(cluster: Cluster): Promise<unknown> {
  await cluster.create('/api/v1/namespaces', { metadata: { name: 'scaled' } });
  const all = '/apis/autoscaling/v2/namespaces/scaled/horizontalpodautoscalers';
  await cluster.create(deployments.replace('NS', 'scaled'), deployment([{ name: 'web', image: 'web:1' }], { replicas: 1 }));
  await cluster.create(all, {
    metadata: { name: 'web' },
    spec: { scaleTargetRef: { apiVersion: 'apps/v1', kind: 'Deployment', name: 'web' }, minReplicas: 2, maxReplicas: 4 },
  });
  const isActive = ({ object: { status } }: WatchEvent): boolean => JSON.stringify(status?.conditions ?? []).includes('ScalingActive');
  const status = (await watchHttp(cluster.server, `${all}?watch=true`, isActive)).at(-1)?.object.status;
  const [target] = await cluster.list(deployments.replace('NS', 'scaled'));
  return { status: normal(status, { versions: new Map(), isControlled: false }), replicas: target?.spec?.replicas };
}

/** What a namespace and a definition say while an object with a finalizer holds them back, and that they go when it goes. */
async function heldBack(cluster: Cluster): Promise<unknown> {
  const [namespace, definition] = [
    '/api/v1/namespaces/held',
    '/apis/apiextensions.k8s.io/v1/customresourcedefinitions/lamps.held.example.com',
  ];
  await cluster.create('/api/v1/namespaces', { metadata: { name: 'held' } });
  await define(cluster, { name: '', requests: [], definitions: [lampDefinition] }, 'held');
  const lamps = '/apis/held.example.com/v1/namespaces/held/lamps';
  const lamp = { apiVersion: 'held.example.com/v1', kind: 'Lamp', metadata: { name: 'one', finalizers: ['x.dev/wait'] } };
  await cluster.create(lamps, lamp);
  await cluster.remove(namespace);
  const watchOne = (path: string, isLast: (event: WatchEvent) => boolean, since = '') => {
    const [collection, name] = [path.slice(0, path.lastIndexOf('/')), path.slice(path.lastIndexOf('/') + 1)];
    return watchHttp(cluster.server, `${collection}?watch=true&fieldSelector=metadata.name%3D${name}&resourceVersion=${since}`, isLast);
  };
  const says = (text: string) => (event: WatchEvent) => JSON.stringify(event.object.status ?? {}).includes(text);
  const held = await watchOne(namespace, says('SomeFinalizersRemain'));
  await cluster.remove(definition);
  const terminating = await watchOne(definition, says('InstanceDeletionInProgress'));
  // From what was seen last, so that nothing is missed however late the watch begins.
  const since = terminating.at(-1)?.object.metadata.resourceVersion;
  const gone = [namespace, definition].map((path) => watchOne(path, ({ type }) => type === 'DELETED', since));
  await cluster.patch(`${lamps}/one`, { metadata: { finalizers: null } }, 'test');
  await Promise.all(gone);
  return [held, terminating].map((events) => normal(events.at(-1)?.object.status, { versions: new Map(), isControlled: false }));
}

const lampDefinition = {
  apiVersion: 'apiextensions.k8s.io/v1',
  kind: 'CustomResourceDefinition',
  metadata: { name: 'lamps.NS.example.com' },
  spec: {
    group: 'NS.example.com',
    scope: 'Namespaced',
    names: { kind: 'Lamp', plural: 'lamps' },
    versions: [{ name: 'v1', served: true, storage: true, schema: { openAPIV3Schema: { type: 'object' } } }],
  },
};

type Cluster = Pick<RealCluster, 'server' | 'get' | 'list' | 'create' | 'patch' | 'remove'>;

interface Answer {
  readonly status: number;
  readonly body: unknown;
}

async function answersOf(cluster: Cluster, { requests, isControlled }: Case, namespace: string): Promise<readonly Answer[]> {
  const answers: Answer[] = [];
  const versions = new Map<string, string>();
  for (const request of requests) {
    const asked = JSON.parse(JSON.stringify(request).replaceAll('NS', namespace)) as CaseRequest;
    const { untilStatus } = asked;
    const holds = (answer: HttpAnswer) => untilStatus === undefined || answer.status === untilStatus;
    const { status, body } = await askUntil(cluster.server, asked, { wish: `status ${untilStatus}`, holds });
    answers.push({ status, body: normal(parsed(body), { versions, isControlled: isControlled ?? false }) });
  }
  return answers;
}

/** Creates the definitions of a case and waits until both their discovery and their lists are there. */
async function define(cluster: Cluster, { definitions = [] }: Case, namespace: string): Promise<void> {
  for (const definition of definitions) {
    const object = JSON.parse(JSON.stringify(definition).replaceAll('NS', namespace)) as {
      metadata: { name: string };
      spec: { group: string; names: { plural: string }; versions: { name: string; served: boolean }[] };
    };
    const path = '/apis/apiextensions.k8s.io/v1/customresourcedefinitions';
    await cluster.create(path, object);
    await watchHttp(cluster.server, `${path}?watch=true&fieldSelector=metadata.name%3D${object.metadata.name}`, ({ object: { status } }) =>
      JSON.stringify(status?.conditions ?? []).includes('InitialNamesAccepted'),
    );
    const { group, names, versions } = object.spec;
    const served = versions.find((version) => version.served)?.name;
    // The real one serves a kind a moment after it says so.
    const [list, discovery] = [get(`/apis/${group}/${served}/${names.plural}`), get(`/apis/${group}/${served}`)];
    await askUntil(cluster.server, list, { wish: 'a list', holds: ({ status }) => status === 200 });
    await askUntil(cluster.server, discovery, { wish: names.plural, holds: ({ body }) => body.includes(`"${names.plural}"`) });
  }
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}

async function read<T>(cluster: Cluster, path: string): Promise<T> {
  return (await cluster.get(path)) as unknown as T;
}

interface Normalising {
  /** Versions of objects, numbered in the order in which they turn up: what stays and what goes up is compared, not the numbers. */
  readonly versions: Map<string, string>;
  readonly isControlled: boolean;
  /** The version of a list is that of the whole cluster. */
  readonly isOfList?: boolean;
}

/** Pods that stop do so at their own pace. */
const drawn = new Set(['terminatingReplicas', 'clusterIP', 'nodePort', 'healthCheckNodePort', 'continue']);

/** Lists whose items count as fields of this name. */
const singular: { readonly [key: string]: string } = { clusterIPs: 'clusterIP', cells: 'cell' };

function normal(value: unknown, how: Normalising, key = ''): unknown {
  if (Array.isArray(value)) {
    const items = key === 'managedFields' && how.isControlled ? value.filter((entry) => !isOfController(entry)) : [...value];
    // Go walks over conflicting managers in no order.
    if (key === 'causes') items.sort((a, b) => JSON.stringify(a).localeCompare(JSON.stringify(b)));
    // Both servers put managers in the order of their seconds, and one of the two may have crossed a second in between.
    if (key === 'managedFields') items.sort((a, b) => managerOf(a).localeCompare(managerOf(b)));
    return items.map((item) => normal(item, how, singular[key]));
  }
  if (typeof value === 'object' && value !== null) {
    const entries = Object.entries(value).filter(
      ([name]) =>
        !(how.isControlled && name === 'status' && key === '' && 'metadata' in value) &&
        !(how.isControlled && name === 'deployment.kubernetes.io/revision') &&
        name !== 'storageVersionHash',
    );
    // Whether the controller has been there yet is luck.
    if (how.isControlled && key === 'annotations' && entries.length === 0) return undefined;
    const isOfList = key === 'metadata' && !('name' in value);
    return Object.fromEntries(entries.map(([name, item]) => [name, normal(item, { ...how, isOfList }, name)]));
  }
  if (key === 'resourceVersion' && typeof value === 'string' && value !== '') {
    if (how.isControlled || how.isOfList) return '<version>';
    if (!how.versions.has(value)) how.versions.set(value, `<version ${how.versions.size + 1}>`);
    return how.versions.get(value);
  }
  if (drawn.has(key) && value !== 'None' && value !== '' && value !== undefined) return `<${key}>`;
  // One of the two servers may be asked a second later.
  if (key === 'cell' && typeof value === 'string' && /^\d+s$/.test(value)) return '<age>';
  return typeof value === 'string' ? normalText(withNormalObjects(value, how)) : value;
}

/** With every object that a message prints, in quotes as Go writes them, made normal as an object is. */
function withNormalObjects(text: string, how: Normalising): string {
  return text.replace(/"\{(?:[^"\\]|\\.)*\}"/g, (quoted) => {
    const inner = parsed(quoted);
    const printed = typeof inner === 'string' ? parsed(inner) : inner;
    return isTree(printed) ? JSON.stringify(JSON.stringify(normal(printed, how))) : quoted;
  });
}

function managerOf(entry: unknown): string {
  const { manager, operation, subresource = '' } = entry as { manager?: string; operation?: string; subresource?: string };
  return `${manager} ${operation} ${subresource}`;
}

function isOfController(entry: unknown): boolean {
  return (entry as { manager?: string }).manager === 'kube-controller-manager';
}

function normalText(text: string): string {
  return text
    .replace(/[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}/g, '<uid>')
    .replace(/\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?Z/g, '<time>')
    .replace(/ResourceVersion in record \(\d+\)/g, 'ResourceVersion in record (<version>)')
    .replace(/\bkube-api-access-[a-z0-9]{5}\b/g, 'kube-api-access-<suffix>')
    .replace(/\bdrawn-[a-z0-9]{5}\b/g, 'drawn-<suffix>');
}

function label({ method, path, contentType }: HttpRequest, n: number): string {
  return `${n + 1} ${method === 'PATCH' ? contentType?.replace(/^application\/|\+.*$/g, '') : method} ${path}`;
}

/** Differences that nobody has noted, and those that were noted and are gone. */
function surprises(
  found: readonly string[],
  noted: readonly Divergence[],
): { readonly differ: readonly string[]; readonly agree: readonly RegExp[] } {
  const known = noted.flatMap(({ at }) => at);
  return {
    differ: found.filter((difference) => !known.some((at) => at.test(difference))),
    agree: known.filter((at) => !found.some((difference) => at.test(difference))),
  };
}

const none = { differ: [], agree: [] };

/** One line for each place where they differ. */
function differences(place: string, real: unknown, embedded: unknown): readonly string[] {
  if (isTree(real) && isTree(embedded) && Array.isArray(real) === Array.isArray(embedded)) {
    const keys = [...new Set([...Object.keys(real), ...Object.keys(embedded)])];
    return keys.flatMap((key) => differences(`${place} .${key}`, real[key], embedded[key]));
  }
  return real === embedded ? [] : [`${place}: real ${JSON.stringify(real)}, embedded ${JSON.stringify(embedded)}`];
}

function isTree(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null;
}

interface OpenApiDocument {
  readonly components: { readonly schemas: Readonly<Record<string, unknown>> };
}

/** A schema without what only people read; a reference that stands alone in an `allOf` is one. */
function typesOnly(schema: unknown, key = ''): unknown {
  if (Array.isArray(schema)) return key === 'required' ? [...schema].sort() : schema.map((item) => typesOnly(item));
  if (!isTree(schema)) return schema;
  const isNamed = key === 'properties';
  const { allOf, ...rest } = schema;
  const flat = !isNamed && Array.isArray(allOf) && allOf.length === 1 ? { ...(allOf[0] as object), ...rest } : schema;
  const entries = Object.entries(flat).filter(([name]) => isNamed || !['description', 'default', 'enum'].includes(name));
  return Object.fromEntries(entries.map(([name, value]) => [name, typesOnly(value, isNamed ? '' : name)]));
}

function without(resource: object | undefined): object | undefined {
  if (!resource) return undefined;
  const { storageVersionHash: _, ...rest } = resource as { storageVersionHash?: string };
  return rest;
}

/** What a Deployment, its ReplicaSets and Pods go through as it comes up, is changed, and is deleted from below. */
async function rollout(cluster: Cluster): Promise<unknown> {
  await cluster.create('/api/v1/namespaces', { metadata: { name: 'rollout' } });
  const [web, sets, pods] = [`${deployments}/web`, `${apps}/replicasets`, `${core}/pods`].map((path) => path.replace('NS', 'rollout')) as [
    string,
    string,
    string,
  ];
  const all = web.replace('/web', '');
  await cluster.create(all, deployment([{ name: 'web', image: 'web:1' }], { replicas: 2 }));
  const first = await watchHttp(cluster.server, `${all}?watch=true`, isUp);
  await cluster.patch(web, { spec: { template: { metadata: { annotations: { turn: '2' } } } } }, 'test');
  const second = await watchHttp(cluster.server, `${all}?watch=true`, (event) => event.object.metadata.generation === 2 && isUp(event));
  const gone = ({ type }: WatchEvent) => type === 'DELETED';
  // From this version on, so that nothing is missed however late the watch begins.
  const since = second.at(-1)?.object.metadata.resourceVersion;
  const deleted = [all, sets, pods].map((path) => watchHttp(cluster.server, `${path}?watch=true&resourceVersion=${since}`, gone));
  const replicaSets = await cluster.list(sets);
  await sendHttp(cluster.server, remove(web, { kind: 'DeleteOptions', apiVersion: 'v1', propagationPolicy: 'Foreground' }));
  const events = await Promise.all(deleted);
  const left = await Promise.all([all, sets, pods].map((path) => cluster.list(path)));
  return {
    first: statusOf(first),
    second: statusOf(second),
    replicaSets: replicaSets
      .map(({ metadata, spec }) => `revision ${metadata.annotations?.['deployment.kubernetes.io/revision']}: ${spec?.replicas}`)
      .sort(),
    deleted: events.map((of) => `${of.at(-1)?.type} ${of.at(-1)?.object.kind}`),
    left: left.map((objects) => objects.length),
  };
}

function isUp({ object: { metadata, status = {} } }: WatchEvent): boolean {
  const { observedGeneration, replicas, updatedReplicas, availableReplicas } = status;
  if (observedGeneration !== metadata.generation || !JSON.stringify(status).includes('NewReplicaSetAvailable')) return false;
  return [replicas, updatedReplicas, availableReplicas].every((count) => count === 2);
}

function statusOf(events: readonly WatchEvent[]): unknown {
  const status = events.at(-1)?.object.status as { readonly conditions: readonly { readonly type: string }[] };
  const conditions = [...status.conditions].sort((a, b) => a.type.localeCompare(b.type));
  const text = JSON.stringify({ ...status, conditions }).replace(/web-[a-z0-9]{8,10}/g, 'web-<hash>');
  return normal(JSON.parse(text), { versions: new Map(), isControlled: false });
}
