// Pods are replaced when a ConfigMap or a Secret of the program that they use changes, whoever makes it.
import { type Container, CronJob, Job, KubernetesObject, Service, type Stack, secret, volume } from '@konfig/sdk';
import { ApiObject } from 'cdk8s';
import { at, manifestsOf } from './synth';

const password = secret.env('PASSWORD');
const hashOf = (text: string) => ({ $hash: { $concat: [text, { $secret: { from: 'env', name: 'PASSWORD' } }, '\n'] } });

/** A Secret and a ConfigMap that the program writes itself. */
function written(stack: Stack, { level = 'info', namespace }: { level?: string; namespace?: string } = {}): void {
  const metadata = (name: string) => ({ name, ...(namespace && { namespace }) });
  new KubernetesObject(stack, 'db', {
    apiVersion: 'v1',
    kind: 'Secret',
    metadata: metadata('db'),
    stringData: { password: password as never },
  });
  new KubernetesObject(stack, 'app', { apiVersion: 'v1', kind: 'ConfigMap', metadata: metadata('app'), data: { level } });
}

const containerWith = (more: Partial<Container<string>>) => ({ containers: { main: { image: 'web:1', ...more } } });
const byKey = containerWith({ env: { PASSWORD: { secret: 'db', key: 'password' }, LEVEL: { configMap: 'app', key: 'level' } } });

function annotationsOf(fill: (stack: Stack) => unknown, options?: Parameters<typeof manifestsOf>[1], name = 'Deployment/web') {
  const template = name.startsWith('CronJob') ? 'spec.jobTemplate.spec.template' : 'spec.template';
  return at(manifestsOf(fill, options)[name], `${template}.metadata.annotations`) as { readonly [name: string]: unknown } | undefined;
}

test('by a key of it in a variable', () => {
  const annotations = (level: string) =>
    annotationsOf((stack) => {
      written(stack, { level });
      new Service(stack, 'web', byKey);
    });
  expect(annotations('info')).toEqual({
    'konfig.dev/config-hash': expect.stringMatching(/^[0-9a-f]{16}$/),
    'konfig.dev/secret-hash': hashOf('password='),
  });
  expect(annotations('debug')?.['konfig.dev/config-hash']).not.toBe(annotations('info')?.['konfig.dev/config-hash']);
});

test('by a volume', () => {
  const mounts = { '/etc/db': volume.secret('db') };
  const annotations = annotationsOf((stack) => {
    written(stack);
    new Service(stack, 'web', containerWith({ mounts }));
  });
  expect(annotations).toEqual({ 'konfig.dev/secret-hash': hashOf('password=') });
});

test.each<[string, (stack: Stack) => unknown]>([
  ['Job/web', (stack) => new Job(stack, 'web', byKey)],
  ['CronJob/web', (stack) => new CronJob(stack, 'web', { ...byKey, schedule: '@daily' })],
])('so is the %s that uses it', (name, make) => {
  const annotations = annotationsOf(
    (stack) => {
      written(stack);
      make(stack);
    },
    undefined,
    name,
  );
  expect(Object.keys(annotations ?? {})).toEqual(['konfig.dev/config-hash', 'konfig.dev/secret-hash']);
});

test('beside what the component makes of its own secrets', () => {
  const annotations = annotationsOf((stack) => {
    written(stack);
    new Service(stack, 'web', containerWith({ env: { OWN: password, PASSWORD: { secret: 'db', key: 'password' } } }));
  });
  const value = { $secret: { from: 'env', name: 'PASSWORD' } };
  expect(annotations).toEqual({ 'konfig.dev/secret-hash': { $hash: { $concat: ['password=', value, '\nOWN=', value, '\n'] } } });
});

test('an annotation that the program sets stays as it is', () => {
  const annotations = annotationsOf((stack) => {
    written(stack);
    new Service(stack, 'web', { ...byKey, podAnnotations: { 'konfig.dev/secret-hash': 'mine' } });
  });
  expect(annotations).toMatchObject({ 'konfig.dev/secret-hash': 'mine' });
});

test.each<[string, (stack: Stack) => unknown]>([
  ['what is not of the program', (stack) => new Service(stack, 'web', byKey)],
  [
    'what has the name in another namespace',
    (stack) => {
      written(stack, { namespace: 'other' });
      new Service(stack, 'web', byKey);
    },
  ],
  [
    'credentials for the registry',
    (stack) => {
      written(stack);
      new Service(stack, 'web', { ...containerWith({}), imagePullSecrets: ['db'] });
    },
  ],
])('%s replaces no pods', (_, fill) => {
  expect(annotationsOf(fill)).toBeUndefined();
});

test('without that default nothing replaces pods', () => {
  const fill = (stack: Stack) => {
    written(stack);
    new Service(stack, 'web', byKey);
  };
  expect(annotationsOf(fill, { defaults: { rolloutOnChange: false } })).toBeUndefined();
});

test('what is named by its content replaces pods by its name alone', () => {
  const annotations = annotationsOf((stack) => {
    const metadata = { name: 'app', annotations: { 'konfig.dev/versioned': 'true' } };
    new KubernetesObject(stack, 'app', { apiVersion: 'v1', kind: 'ConfigMap', metadata, data: { level: 'info' } });
    new Service(stack, 'web', containerWith({ env: { LEVEL: { configMap: 'app', key: 'level' } } }));
  });
  expect(annotations).toBeUndefined();
});

test('pods that no component makes are as they are written', () => {
  const annotations = annotationsOf((stack) => {
    written(stack);
    const env = [{ name: 'PASSWORD', valueFrom: { secretKeyRef: { name: 'db', key: 'password' } } }];
    new ApiObject(stack, 'web', {
      apiVersion: 'apps/v1',
      kind: 'Deployment',
      metadata: { name: 'web' },
      spec: { template: { spec: { containers: [{ name: 'main', image: 'web:1', env }] } } },
    });
  });
  expect(annotations).toBeUndefined();
});
