// What objects ask of Konfig itself: when tasks run, what becomes of what goes, names by content, targets.
import {
  Component,
  CronJob,
  configFile,
  Job,
  KubernetesObject,
  kubernetes,
  Manifest,
  project,
  Service,
  type Stack,
  secret,
  text,
  workspace,
} from '@konfig/sdk';
import { ApiObject } from 'cdk8s';
import { at, manifestsOf, problemsIn, specOf } from './synth';

const containers = { main: { image: 'shop:1' } };

/** What each resource asks, by its short name. */
function wishesIn(fill: (stack: Stack) => unknown) {
  return Object.fromEntries(
    specOf(fill).resources.map(({ id, runWhen, onRemoval }) => [
      id.slice(id.indexOf(':') + 1),
      { ...(runWhen && { runWhen }), ...(onRemoval && { onRemoval }) },
    ]),
  );
}

const annotated = (kind: string, annotations: { [name: string]: string }, apiVersion = 'v1') => ({
  apiVersion,
  kind,
  metadata: { name: kind.toLowerCase(), annotations },
});

test('A Job runs when it has changed, or as it says; what a CronJob runs is no task of ours', () => {
  expect(
    wishesIn((stack) => {
      new Job(stack, 'migrate', { containers });
      new Job(stack, 'seed', { containers, runWhen: 'once' });
      new CronJob(stack, 'report', { containers, schedule: '@daily' });
      new ApiObject(stack, 'raw', { apiVersion: 'batch/v1', kind: 'Job', spec: {} });
      new Manifest(stack, 'legacy', { objects: [annotated('Job', { 'konfig.dev/run-when': 'always' }, 'batch/v1')] });
      new Manifest(stack, 'argo', { objects: [annotated('Workflow', { 'konfig.dev/run-when': 'once' }, 'argoproj.io/v1alpha1')] });
    }),
  ).toEqual({
    'CronJob.batch/report': {},
    'Job.batch/job': { runWhen: 'always' },
    'Job.batch/migrate': { runWhen: 'changed' },
    'Job.batch/raw': { runWhen: 'changed' },
    'Job.batch/seed': { runWhen: 'once' },
    'Workflow.argoproj.io/workflow': { runWhen: 'once' },
  });
});

test('What becomes of an object that goes is said by its component, or nearer by its annotation; delete is written down as well', () => {
  expect(
    wishesIn((stack) => {
      const kept = new Component(stack, 'kept', { onRemoval: 'protect' });
      new KubernetesObject(kept, 'a', { apiVersion: 'v1', kind: 'ConfigMap' });
      new KubernetesObject(kept, 'b', annotated('Secret', { 'konfig.dev/on-removal': 'collect' }));
      new KubernetesObject(
        stack,
        'c',
        annotated('CustomResourceDefinition', { 'konfig.dev/on-removal': 'delete' }, 'apiextensions.k8s.io/v1'),
      );
      new KubernetesObject(stack, 'd', { apiVersion: 'v1', kind: 'Service' });
    }),
  ).toEqual({
    'ConfigMap/kept-a': { onRemoval: 'protect' },
    'CustomResourceDefinition.apiextensions.k8s.io/customresourcedefinition': { onRemoval: 'delete' },
    'Secret/secret': { onRemoval: 'collect' },
    'Service/d': {},
  });
});

test('A wrong annotation is told with its line; one that is nearly ours is a warning, others are none of our business', () => {
  const problems = problemsIn((stack) => {
    new Manifest(stack, 'a', { objects: [annotated('Job', { 'konfig.dev/run-when': 'sometimes' }, 'batch/v1')] });
    new Manifest(stack, 'b', { objects: [annotated('ConfigMap', { 'konfig.dev/on-removal': true as never })] });
    new Manifest(stack, 'c', { objects: [annotated('Secret', { 'konfig.dev/versionned': 'true', 'konfig.dev/stack': 'x', other: 'y' })] });
    new Manifest(stack, 'd', { objects: [annotated('Service', { 'konfig.dev/target': 'eu' })] });
  });
  expect(problems.map(({ message, hint, severity = 'error' }) => `${severity}: ${message} ${hint}`)).toEqual([
    'error: The annotation konfig.dev/run-when is "sometimes". Write "changed" or "always" or "once".',
    'warning: The annotation konfig.dev/versionned means nothing. Did you mean versioned?',
    "error: It goes to target 'eu', which workspace 'dev' does not have. Use one of its targets (main), or add 'eu' to the workspace.",
    "error: The annotation konfig.dev/on-removal is the boolean true, and must be a string. Quote it: 'true'.",
  ]);
});

test('A wrong runWhen is told', () => {
  expect(problemsIn((stack) => new Job(stack, 'a', { containers, runWhen: 'never' as never }))).toMatchObject([
    { at: 'shop/dev/a.runWhen', hint: "Write 'changed', 'always' or 'once'." },
  ]);
});

describe('Config that is named by its content', () => {
  const withFile = (content: string, more: object = {}) => {
    const spec = specOf((stack) => {
      new Service(stack, 'web', {
        containers: { main: { image: 'web:1', files: { '/etc/web.conf': content } } },
        versionedConfig: true,
        ...more,
      });
    });
    const [config, deployment] = spec.resources;
    return { config, deployment: deployment?.attributes };
  };

  test('its name changes with it, the pods follow, and the old one is collected', () => {
    const { config, deployment } = withFile('one');
    const name = at(config?.attributes, 'metadata.name') as string;
    expect(name).toMatch(/^web-files-[0-9a-f]{10}$/);
    expect(config).toMatchObject({
      id: `main:ConfigMap/${name}`,
      onRemoval: 'collect',
      attributes: { immutable: true, data: { 'web.conf': 'one' } },
    });
    expect(at(deployment, 'spec.template.spec.volumes')).toEqual([{ name: 'files', configMap: { name } }]);
    expect(at(deployment, 'spec.template.metadata.annotations')).toBeUndefined();
    expect(withFile('one').config?.id).toBe(config?.id);
    expect(withFile('two').config?.id).not.toBe(config?.id);
  });

  test('it is collected although the component is protected: each change would be refused', () => {
    expect(withFile('one', { onRemoval: 'protect' }).config?.onRemoval).toBe('collect');
  });

  test('a workspace can have it so for all, and a component otherwise', () => {
    const careful = workspace('careful', { kubernetes: kubernetes(), defaults: { versionedConfig: true } });
    const made = manifestsOf(
      (stack) => {
        const files = { '/a': configFile({ a: 1 }) };
        new Job(stack, 'job', { containers: { main: { image: 'a:1', files } } });
        new Service(stack, 'plain', { containers: { main: { image: 'a:1', files } }, versionedConfig: false });
      },
      { workspace: careful },
    );
    expect(Object.keys(made).map((name) => name.replace(/[0-9a-f]{10}$/, '…'))).toEqual([
      'ConfigMap/job-files-…',
      'ConfigMap/plain-files',
      'Deployment/plain',
      'Job/job',
    ]);
  });

  test('with values that are known only later it keeps its name, and the pods go by a hash', () => {
    const made = manifestsOf((stack) => {
      const other = new KubernetesObject(stack, 'other', { apiVersion: 'v1', kind: 'Service' });
      new Service(stack, 'web', {
        containers: { main: { image: 'web:1', files: { '/a': text`ip: ${other.output('spec.clusterIP')}`, '/b': secret.env('B') } } },
        versionedConfig: true,
      });
    });
    expect(Object.keys(made)).toEqual(['ConfigMap/web-files', 'Deployment/web', 'Secret/web-secret-files', 'Service/other']);
    expect(Object.keys(at(made['Deployment/web'], 'spec.template.metadata.annotations') as object)).toEqual([
      'konfig.dev/config-hash',
      'konfig.dev/secret-hash',
    ]);
  });

  test('in manifests by annotation; every way in which a pod names it follows, in its namespace only', () => {
    const versioned = { 'konfig.dev/versioned': 'true' };
    const pod = {
      containers: [
        {
          name: 'a',
          envFrom: [{ configMapRef: { name: 'app' } }, { secretRef: { name: 'app' } }],
          env: [
            { name: 'A', valueFrom: { configMapKeyRef: { name: 'app', key: 'a' } } },
            { name: 'B', valueFrom: { secretKeyRef: { name: 'app', key: 'b' } } },
            { name: 'C', value: 'app' },
          ],
        },
      ],
      initContainers: [{ name: 'i', envFrom: [{ configMapRef: { name: 'other' } }] }],
      imagePullSecrets: [{ name: 'app' }],
      volumes: [
        { name: 'app', configMap: { name: 'app' } },
        { name: 's', secret: { secretName: 'app' } },
        { name: 'p', projected: { sources: [{ configMap: { name: 'app' } }, { secret: { name: 'app' } }] } },
      ],
    };
    const made = manifestsOf((stack) => {
      new Manifest(stack, 'app', {
        objects: [
          { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'app', annotations: versioned }, data: { a: '1' } },
          { apiVersion: 'v1', kind: 'Secret', metadata: { name: 'app', annotations: versioned }, stringData: { b: '2' } },
          { apiVersion: 'apps/v1', kind: 'Deployment', metadata: { name: 'web' }, spec: { template: { spec: pod } } },
          {
            apiVersion: 'batch/v1',
            kind: 'CronJob',
            metadata: { name: 'c' },
            spec: { jobTemplate: { spec: { template: { spec: pod } } } },
          },
          { apiVersion: 'v1', kind: 'Pod', metadata: { name: 'p', namespace: 'elsewhere' }, spec: pod },
        ],
      });
    });
    const written = JSON.stringify(pod);
    const [configMap, theSecret] = Object.keys(made).filter((name) => name.includes('/app-'));
    const expected = JSON.parse(
      written
        .replaceAll(/(configMap\w*":\{"name":")app/g, `$1${configMap?.slice('ConfigMap/'.length)}`)
        .replaceAll(/(secret\w*":\{"(?:secretN|n)ame":"|imagePullSecrets":\[\{"name":")app/g, `$1${theSecret?.slice('Secret/'.length)}`),
    );
    expect(at(made['Deployment/web'], 'spec.template.spec')).toEqual(expected);
    expect(at(made['CronJob/c'], 'spec.jobTemplate.spec.template.spec')).toEqual(expected);
    expect(made['Pod/p']?.spec).toEqual(pod);
    expect(written).not.toEqual(JSON.stringify(expected));
  });

  test('what it cannot be done for is told', () => {
    const problems = problemsIn((stack) => {
      const versioned = { annotations: { 'konfig.dev/versioned': 'true' } };
      new KubernetesObject(stack, 'a', { apiVersion: 'v1', kind: 'Service', metadata: versioned });
      new KubernetesObject(stack, 'b', { apiVersion: 'v1', kind: 'Secret', metadata: versioned, stringData: { a: secret.env('A') } });
    });
    expect(problems.map(({ message }) => message)).toEqual([
      'A Service cannot be named by its content.',
      'What is in it is known only when it is applied, so it cannot be named by its content.',
    ]);
  });
});

describe('A stack over several clusters', () => {
  const both = workspace('both', { kubernetes: kubernetes({ context: 'us' }), targets: { eu: kubernetes({ context: 'eu' }) } });
  const idsOf = (fill: (stack: Stack) => unknown) => {
    const { output, problems } = project('shop').stack('prod', both, fill, { namespace: 'shop' }).synth('prod');
    return problems ?? output?.spec.resources.map(({ id }) => id);
  };

  test('the same in each target, and its namespace with it', () => {
    expect(
      idsOf((stack) => {
        for (const target of stack.targets) new Service(stack, target, { containers, name: 'web', target });
      }),
    ).toEqual(['eu:Deployment.apps/shop/web', 'eu:Namespace/shop', 'main:Deployment.apps/shop/web', 'main:Namespace/shop']);
  });

  test('only where something goes there, and not beside a namespace that is there already', () => {
    const web = (stack: Stack) => new Service(stack, 'web', { containers, target: 'eu' });
    expect(idsOf(web)).toEqual(['eu:Deployment.apps/shop/web', 'eu:Namespace/shop']);
    expect(
      idsOf((stack) => {
        web(stack);
        new KubernetesObject(new Component(stack, 'own', { target: 'eu' }), 'it', {
          apiVersion: 'v1',
          kind: 'Namespace',
          metadata: { name: 'shop' },
        });
      }),
    ).toEqual(['eu:Deployment.apps/shop/web', 'eu:Namespace/shop']);
    expect(idsOf(() => {})).toEqual(['main:Namespace/shop']);
  });

  test('a manifest says its target by annotation, and a value crosses from one to the other', () => {
    expect(
      idsOf((stack) => {
        const legacy = new Manifest(stack, 'legacy', { objects: [annotated('Service', { 'konfig.dev/target': 'eu' })] });
        const ip = legacy.object('Service', 'service').output('status.loadBalancer.ingress[0].ip');
        new Service(stack, 'web', { containers: { main: { image: 'web:1', env: { EU: ip } } } });
      }),
    ).toEqual(['eu:Namespace/shop', 'eu:Service/shop/service', 'main:Deployment.apps/shop/web', 'main:Namespace/shop']);
  });
});
