import { AppConfig, type Component, CronJob, configFile, Job, Service, type Stack, secret } from '@konfig/sdk';
import { place, problemsIn } from './synth';

// What a program without types may write.
// biome-ignore lint/suspicious/noExplicitAny: the point of these tests.
const untyped = (value: unknown): any => value;

function told(fill: (stack: Stack) => unknown): readonly string[] {
  return problemsIn(fill).map(({ code, at, message, hint }) => {
    expect(code).toBe('PROPS_INVALID');
    return `${at?.replace('shop/dev/', '')}: ${message} ${hint}`;
  });
}

const inService = (props: unknown) => told((stack) => new Service(stack, 'web', untyped(props)));
const inContainer = (fields: object) =>
  inService({ containers: { web: { image: 'web:1', ...fields } } }).map((line) => line.replace('web.containers.web.', ''));

const writeContainers = "Write the containers by name: { web: { image: 'registry.example/shop:1.4.0' } }.";

test('Props that are none, or have no containers, are told for each kind of workload', () => {
  const problems = told((stack) => {
    for (const [i, props] of [null, undefined, 'web:1', {}, { containers: null }, { containers: [] }].entries())
      new Service(stack, `s${i}`, untyped(props));
    new Job(stack, 'job', untyped(null));
    new Job(stack, 'job2', untyped({}));
    new CronJob(stack, 'cron', untyped(null));
    new CronJob(stack, 'cron2', untyped({}));
  });
  expect(problems).toEqual([
    's0: Its props are null. Write an object with its fields: { … }.',
    `s1.containers: containers is undefined. ${writeContainers}`,
    's2: Its props are "web:1". Write an object with its fields: { … }.',
    `s3.containers: containers is undefined. ${writeContainers}`,
    `s4.containers: containers is null. ${writeContainers}`,
    `s5.containers: containers is []. ${writeContainers}`,
    'job: Its props are null. Write an object with its fields: { … }.',
    `job2.containers: containers is undefined. ${writeContainers}`,
    'cron: Its props are null. Write an object with its fields: { … }.',
    `cron2.containers: containers is undefined. ${writeContainers}`,
    "cron2.schedule: schedule is undefined. Write five fields, minute hour day-of-month month day-of-week: '0 3 * * *' is every night at three.",
  ]);
});

test('Fields of a container with a wrong kind of value are told, all of them and nothing that follows from them', () => {
  expect(inService({ containers: { web: null, log: 'log:1' } })).toEqual([
    "web.containers.web: containers.web is null. Write an object like { image: 'registry.example/shop:1.4.0' }.",
    'web.containers.log: containers.log is "log:1". Write an object like { image: \'registry.example/shop:1.4.0\' }.',
  ]);
  const problems = inContainer({
    image: 5,
    command: 'sh',
    args: ['-c', 5],
    ports: [8080],
    env: [{ name: 'A', value: 'b' }],
    readiness: { http: '/' },
    liveness: '/healthz',
    startup: {},
    resources: 'small',
    files: { '/a': Promise.resolve('a'), '/b': configFile(untyped(Promise.resolve('b'))), '/c': null },
    mounts: { '/data': 'data', '/more': { volume: null } },
    security: true,
    drain: 5,
  });
  expect(problems.map((line) => line.slice(line.indexOf(' ') + 1).replace('containers.web.', ''))).toEqual([
    "image is 5. Write an image like 'registry.example/shop:1.4.0'.",
    "command is \"sh\". Write a list of texts, like ['node', 'server.js'].",
    'args[1] is 5. Write text.',
    'ports is [8080]. Write an object of ports by name, like { http: 8080 }.',
    'env is [{"name":"A","value":"b"}]. Write an object of values by name, like { LEVEL: \'info\' }.',
    "liveness is \"/healthz\". Write one of { http: '/healthz' }, { tcp: 'http' }, { grpc: 'grpc' } and { exec: ['pg_isready'] }.",
    "startup is {}. Write one of { http: '/healthz' }, { tcp: 'http' }, { grpc: 'grpc' } and { exec: ['pg_isready'] }.",
    "resources is \"small\". Write an object like { cpu: '250m', memory: '256Mi' }.",
    'files./a is a Promise. Write its text, or configFile(…); read it with readFileSync, not with a Promise.',
    'files./b.content is a Promise. Write its text; read it with readFileSync, not with a Promise.',
    'files./c is null. Write its text, or configFile(…); read it with readFileSync, not with a Promise.',
    'mounts./data is "data". Write a volume like volume.emptyDir(\'data\').',
    "mounts./more.volume is null. Write a volume like volume.emptyDir('data').",
    'security is true. Write an object like { runAsUser: 1000 }.',
    "drain is 5. Write a duration like '30s', '5m' or '2h'.",
  ]);
});

test('Ports are told by name with the value that was given', () => {
  expect(inContainer({ ports: { HTTP_: 'x', '': 80, web: null, rpc: { port: '9000' } } })).toEqual([
    'ports.HTTP_: containers.web.ports.HTTP_ is "x". Write a whole number from 1 to 65535.',
    'ports.web: containers.web.ports.web is null. Write a whole number from 1 to 65535.',
    'ports.rpc.port: containers.web.ports.rpc.port is "9000". Write a whole number from 1 to 65535.',
    "ports['']: ports[''] has a name that Kubernetes does not take. Use a-z, 0-9 and -, with at least one letter.",
    'ports.HTTP_: ports.HTTP_ has a name that Kubernetes does not take. Use a-z, 0-9 and -, with at least one letter.',
  ]);
});

test('Only what can be a variable is taken into the environment', () => {
  const write =
    "Write text, a number, true or false, an Output, { field: 'status.podIP' }, or the key of a ConfigMap or Secret: { secret: 'db', key: 'url' }.";
  const given = {
    OBJECT: { a: 1 },
    KEYLESS: { secret: 'db' },
    LIST: ['a'],
    PROMISE: Promise.resolve('a'),
    DATE: new Date(0),
    MAP: new Map(),
    FUNCTION: () => 'a',
    SYMBOL: Symbol('a'),
    BIG: 10n,
    NULL: null,
    NAN: Number.NaN,
    '': 'a',
  };
  expect(inContainer({ env: { ...given, GOOD: 'a', SECRET: secret.env('A') } })).toEqual([
    `env.OBJECT: env.OBJECT is {"a":1}. ${write}`,
    `env.KEYLESS: env.KEYLESS is {"secret":"db"}. ${write}`,
    `env.LIST: env.LIST is ["a"]. ${write}`,
    `env.PROMISE: env.PROMISE is a Promise. ${write}`,
    `env.DATE: env.DATE is a Date. ${write}`,
    `env.MAP: env.MAP is a Map. ${write}`,
    `env.FUNCTION: env.FUNCTION is a function. ${write}`,
    `env.SYMBOL: env.SYMBOL is Symbol(a). ${write}`,
    `env.BIG: env.BIG is 10n. ${write}`,
    'env.NULL: env.NULL has no value. Give it one, or leave the variable out.',
    'env.NAN: env.NAN is NaN. Check the calculation that it came out of.',
    "env['']: env[''] is no name of a variable. Use letters, digits, - . and _, not beginning with a digit.",
  ]);
});

test('Fields of the workload with a wrong kind of value are told', () => {
  const containers = { web: { image: 'web:1', ports: { http: 8080 } } };
  const props = { name: 5, replicas: '3', service: true, strategy: 'slow', serviceAccount: false, imagePullSecrets: 'key', labels: ['a'] };
  expect(inService({ containers, ...props, defaults: 'all', target: 1, onRemoval: 'keep' })).toEqual([
    'web.defaults: defaults is "all". Write \'none\', or an object like { readiness: false }.',
    'web.target: target is 1. Write the name of a target of the workspace.',
    "web.onRemoval: onRemoval is \"keep\". Write 'delete', 'protect', 'retain' or 'collect'.",
    "web.name: name is 5. Write a name like 'web'.",
    'web.labels: labels is ["a"]. Write an object of texts, like { team: \'shop\' }.',
    'web.serviceAccount: serviceAccount is false. Write true, the name of one that is there, or an object like { token: true }.',
    'web.imagePullSecrets: imagePullSecrets is "key". Write a list of names, like [\'registry\'].',
    'web.replicas: replicas is "3". Write a whole number from 0, or \'autoscaled\'.',
    "web.service: service is true. Write an object like { type: 'LoadBalancer' }, or false.",
    'web.strategy: strategy is "slow". Write \'recreate\', or an object like { maxSurge: 1 }.',
  ]);
  expect(
    told((stack) => new Job(stack, 'job', untyped({ containers, restartPolicy: 'Always', deadline: 600, backoffLimit: '3' }))),
  ).toEqual([
    "job.restartPolicy: restartPolicy is \"Always\". Write 'Never' or 'OnFailure'.",
    'job.backoffLimit: backoffLimit is "3". Write a whole number from 0.',
    "job.deadline: deadline is 600. Write a duration like '30s', '5m' or '2h'.",
  ]);
});

test('Wrong kinds in props have the line of the construct', () => {
  const [problem] = problemsIn((stack) => new Service(stack, 'at-this-line', untyped({})));
  expect(problem?.source).toEqual(place(__filename, "'at-this-line'"));
});

test('What is asked of a construct later has the line of that call', () => {
  const other: Component[] = [];
  problemsIn((stack) => other.push(new AppConfig(stack, 'other')));
  const problems = problemsIn((stack) => {
    const web = new Service(stack, 'web', { containers: { web: { image: 'web:1', ports: { http: 8080 } } } });
    const worker = new Service(stack, 'worker', { containers: { main: { image: 'worker:1' } } });
    web.port(untyped('htp'));
    web.expose('external', { ports: { nope: { port: 80 } } });
    web.expose('none', untyped(null));
    web.dependsOn(untyped(undefined));
    web.dependsOn(worker, { until: untyped('healthy') });
    web.dependsOn(other[0] as Component);
    worker.output('metadata.uid');
    web.output(untyped(5));
  });
  expect(problems.map(({ message, source }) => [message, source])).toEqual([
    ["Its Kubernetes Service has no port 'htp'; it has http.", place(__filename, "untyped('htp')")],
    ['service.ports.nope leads to no port of a container.', place(__filename, "web.expose('external'")],
    ["expose('none') is null.", place(__filename, "web.expose('none'")],
    ['dependsOn was given undefined.', place(__filename, 'web.dependsOn(untyped(undefined))')],
    ['dependsOn waits until "healthy".', place(__filename, "untyped('healthy')")],
    ['It has no Kubernetes Service.', place(__filename, 'worker.output(')],
    ["The path of an output, '5', cannot be read from '5' on.", place(__filename, 'web.output(untyped(5))')],
  ]);
});

test('A wait for a construct of another stack has the line of the wait', () => {
  const other: Component[] = [];
  problemsIn((stack) => other.push(new AppConfig(stack, 'other')));
  const problems = problemsIn((stack) => {
    const app = new AppConfig(stack, 'app');
    app.dependsOn(other[0] as Component); // the wait
  });
  expect(problems.map(({ code, source }) => [code, source])).toEqual([['SPEC_REFERENCE', place(__filename, '// the wait')]]);
});

test('A number that came to nothing is told once', () => {
  const lines = inService({ containers: { web: { image: 'web:1', ports: { http: Number.NaN } } }, replicas: Number.NaN });
  expect(lines).toEqual([
    'web.containers.web.ports.http: containers.web.ports.http is NaN. Write a whole number from 1 to 65535.',
    "web.replicas: replicas is NaN. Write a whole number from 0, or 'autoscaled'.",
  ]);
});

test('Ports of a Service whose props did not fit are not missed', () => {
  expect(told((stack) => new Service(stack, 'web', untyped({})).port('http' as never))).toHaveLength(1);
});
