// The kinds of values that Service, Job and CronJob take, field by field.
import { isOutput } from '../output';
import {
  amount,
  anything,
  duration,
  either,
  fields,
  isNumber,
  isRecord,
  kind,
  laterText,
  list,
  map,
  number,
  object,
  oneOf,
  type Shape,
  text,
  texts,
  truth,
} from '../shape';

const portNumber = 'a whole number from 1 to 65535';
const image = "an image like 'registry.example/shop:1.4.0'";
const protocol = oneOf('TCP', 'UDP', 'SCTP');
const words = list(laterText('text'), "a list of texts, like ['node', 'server.js']");
const count = number('a whole number from 0');
const named = (name: string) => text(`a name like '${name}'`);

const port = either(
  number(portNumber, 1),
  fields({ port: number(portNumber, 1), protocol, named: truth, hostPort: number(portNumber) }, '', ['port']),
);

const asks = ['http', 'tcp', 'grpc', 'exec'];
const noProbe = kind(() => false, "one of { http: '/healthz' }, { tcp: 'http' }, { grpc: 'grpc' } and { exec: ['pg_isready'] }");
const probe: Shape = (value, field, tell) => {
  const isProbe = isRecord(value) && asks.some((ask) => value[ask] !== undefined);
  return (isProbe ? probeFields : noProbe)(value, field, tell);
};
const probeFields = fields(
  {
    http: text("a path like '/healthz'", '/'),
    tcp: named('http'),
    grpc: named('grpc'),
    exec: words,
    port: named('http'),
    headers: texts,
    service: text('the name of a gRPC service'),
    scheme: oneOf('HTTP', 'HTTPS'),
    initialDelay: duration,
    period: duration,
    timeout: duration,
    failureThreshold: number('a whole number from 1'),
    successThreshold: number('a whole number from 1'),
  },
  '',
);

const bytes = amount("bytes with a unit, like '256Mi' or '256Mi-512Mi'");
const resources = fields(
  {
    cpu: amount("cores or thousandths of one, like 0.5, '250m' or '250m-500m'"),
    memory: bytes,
    ephemeralStorage: bytes,
    others: map(amount('a whole number'), "an object like { 'nvidia.com/gpu': 1 }"),
  },
  "an object like { cpu: '250m', memory: '256Mi' }",
);

// A program cannot wait, so a file that was read in an async way comes in as a Promise.
const content = laterText('its text; read it with readFileSync, not with a Promise', '');
const file = either(
  laterText('its text, or configFile(…); read it with readFileSync, not with a Promise'),
  fields({ content, mode: number('permissions like 0o440') }, '', ['content']),
);

const aVolume = "a volume like volume.emptyDir('data')";
const volume = kind((value) => isRecord(value) && typeof value.name === 'string' && isRecord(value.source), aVolume);
const mount: Shape = (value, field, tell) => {
  if (!isRecord(value) || !('volume' in value)) return volume(value, field, tell);
  const fit = mounted(value, field, tell);
  return isRecord(fit) && fit.volume !== undefined ? fit : undefined;
};
const mounted = fields({ volume, readOnly: truth, subPath: text("a path inside the volume, like 'conf'") }, '', ['volume']);

const containerFields = fields(
  {
    image: laterText(image, 'missing'),
    imagePullPolicy: oneOf('Always', 'IfNotPresent', 'Never'),
    restartPolicy: oneOf('Always'),
    command: words,
    args: words,
    ports: map(port, 'an object of ports by name, like { http: 8080 }'),
    // Its values are told apart where they are written into the pod.
    env: map(anything, "an object of values by name, like { LEVEL: 'info' }"),
    readiness: probe,
    liveness: probe,
    startup: probe,
    resources,
    files: map(file, "an object of texts by path, like { '/etc/app.conf': '…' }"),
    mounts: map(mount, `an object by path, like { '/data': volume.emptyDir('data') }`),
    security: object('an object like { runAsUser: 1000 }'),
    workingDir: laterText("a path like '/app'"),
    drain: duration,
  },
  `an object like { image: 'registry.example/shop:1.4.0' }`,
  [],
  { image: 'missing' },
);

// Where the ports are none, whatever a probe asks for would be missed too.
const container: Shape = (value, field, tell) => {
  const fit = containerFields(value, field, tell);
  const isPortless = isRecord(value) && isRecord(fit) && value.ports !== undefined && fit.ports === undefined;
  return isPortless ? { ...fit, readiness: undefined, liveness: undefined, startup: undefined } : fit;
};

const containers = "the containers by name: { web: { image: 'registry.example/shop:1.4.0' } }";
const pod = {
  containers: map(container, containers, { missing: { image: 'missing' } }),
  initContainers: map(container, containers),
  name: named('web'),
  labels: texts,
  annotations: texts,
  podLabels: texts,
  podAnnotations: texts,
  serviceAccount: either(
    kind((value) => value === true || typeof value === 'string', 'true, the name of one that is there, or an object like { token: true }'),
    fields({ name: named('web'), token: truth, annotations: texts }, ''),
  ),
  security: object('an object like { runAsUser: 1000 }'),
  terminationGracePeriod: duration,
  imagePullSecrets: list(laterText('the name of a Secret'), "a list of names, like ['registry']"),
  nodeSelector: texts,
  tolerations: list(object("an object like { key: 'gpu', operator: 'Exists' }"), "a list, like [{ key: 'gpu', operator: 'Exists' }]"),
  priorityClass: laterText('the name of a PriorityClass'),
  override: map(anything, 'an object with the fields to lay over'),
  versionedConfig: truth,
};

const servicePort = either(
  number(portNumber, { port: 1, to: false }),
  fields(
    {
      port: number(portNumber, 1),
      to: kind(
        (value) => value === false || isNumber(value) || typeof value === 'string',
        'the name of a container port, a number, or false',
      ),
      protocol,
      appProtocol: text("a protocol like 'http'"),
      nodePort: number('a whole number from 30000 to 32767'),
      named: truth,
    },
    '',
  ),
);

/** What `expose` is told, and `service`. */
export const exposureShape = fields(
  {
    type: oneOf('ClusterIP', 'NodePort', 'LoadBalancer'),
    ports: map(servicePort, 'an object of ports by name, like { http: 80 }'),
    name: named('web'),
    headless: truth,
    labels: texts,
    annotations: texts,
    override: object('an object with the fields to lay over'),
  },
  "an object like { type: 'LoadBalancer' }",
  [],
  {},
);

// What is no object at all has been told by the Component, which is told first.
const propsOf = (known: { readonly [field: string]: Shape }, required: readonly string[], instead: object): Shape => {
  const shape = fields(known, '', required);
  return (value = {}, field, tell) => (isRecord(value) ? shape(value, field, tell) : instead);
};
const something = { containers: { missing: { image: 'missing' } } };

export const serviceShape = propsOf(
  {
    ...pod,
    replicas: kind((value) => isNumber(value) || value === 'autoscaled', "a whole number from 0, or 'autoscaled'"),
    service: either(
      kind((value) => value === false, "an object like { type: 'LoadBalancer' }, or false"),
      exposureShape,
    ),
    selector: texts,
    strategy: either(
      kind((value) => value === 'recreate', "'recreate', or an object like { maxSurge: 1 }"),
      object(''),
    ),
  },
  ['containers'],
  something,
);

const run = {
  ...pod,
  restartPolicy: oneOf('Never', 'OnFailure'),
  backoffLimit: count,
  deadline: duration,
  completions: count,
  parallelism: count,
  ttlAfterFinished: duration,
};

export const jobShape = propsOf({ ...run, runWhen: oneOf('changed', 'always', 'once') }, ['containers'], something);

export const cronJobShape = propsOf(
  {
    ...run,
    schedule: text("five fields, minute hour day-of-month month day-of-week: '0 3 * * *' is every night at three", '@daily'),
    timeZone: text("a time zone like 'Europe/Berlin'"),
    concurrencyPolicy: oneOf('Allow', 'Forbid', 'Replace'),
    startingDeadline: duration,
    keepSucceeded: count,
    keepFailed: count,
    suspend: truth,
  },
  ['containers', 'schedule'],
  { ...something, schedule: '@daily' },
);

/** A variable's value: one of the forms of EnvValue. What is missing is told of elsewhere. */
export function isEnvValue(value: unknown): boolean {
  if (typeof value !== 'object') return typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean';
  if (isOutput(value)) return true;
  if (!isRecord(value)) return false;
  const isText = (field: string) => typeof value[field] === 'string';
  return isText('field') || isText('resource') || (isText('key') && (isText('configMap') || isText('secret')));
}
