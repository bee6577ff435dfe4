import { CronJob, Job, secret } from '@konfig/sdk';
import { manifestsOf, problemsOf } from './synth';

test('With no defaults a Job writes what was written, and the restart policy it cannot do without', () => {
  const manifests = manifestsOf(
    (stack) =>
      new Job(stack, 'migrate', {
        containers: { main: { image: 'shop:1', args: ['migrate'] } },
        deadline: '10m',
        ttlAfterFinished: '24h',
        labels: { a: 'b' },
      }),
    { defaults: 'none' },
  );
  expect(manifests).toEqual({
    'Job/migrate': {
      apiVersion: 'batch/v1',
      kind: 'Job',
      metadata: { name: 'migrate', labels: { a: 'b' } },
      spec: {
        activeDeadlineSeconds: 600,
        ttlSecondsAfterFinished: 86400,
        template: { metadata: {}, spec: { restartPolicy: 'Never', containers: [{ name: 'main', image: 'shop:1', args: ['migrate'] }] } },
      },
    },
  });
});

test('By default a Job retries three times, a CronJob runs one at a time, and both are locked down', () => {
  const manifests = manifestsOf((stack) => {
    new Job(stack, 'migrate', { containers: { main: { image: 'shop:1', env: { PW: secret.env('PW') } } } });
    new CronJob(stack, 'report', {
      schedule: '0 3 * * *',
      timeZone: 'Europe/Berlin',
      containers: { main: { image: 'shop:1' } },
      keepFailed: 2,
    });
  });
  expect(Object.keys(manifests)).toEqual(['CronJob/report', 'Job/migrate', 'Secret/migrate-env']);
  const pod = {
    automountServiceAccountToken: false,
    enableServiceLinks: false,
    securityContext: { runAsNonRoot: true },
    containers: [{ securityContext: { allowPrivilegeEscalation: false }, resources: { requests: { cpu: '100m' } } }],
  };
  expect(manifests['Job/migrate']).toMatchObject({ spec: { backoffLimit: 3, template: { spec: pod } } });
  expect(manifests['CronJob/report']).toMatchObject({
    metadata: { labels: { 'app.kubernetes.io/component': 'report' } },
    spec: {
      schedule: '0 3 * * *',
      timeZone: 'Europe/Berlin',
      concurrencyPolicy: 'Forbid',
      failedJobsHistoryLimit: 2,
      jobTemplate: { spec: { backoffLimit: 3, template: { spec: { restartPolicy: 'Never', ...pod } } } },
    },
  });
});

test('Wrong values of a Job and a CronJob are told, all of them', () => {
  const problems = problemsOf((stack) => {
    new Job(stack, 'a', { containers: {}, backoffLimit: -1, parallelism: 1.5 });
    new CronJob(stack, 'b', { containers: { main: { image: 'b:1' } }, schedule: 'every day at 3 o', startingDeadline: 'soon' as '1s' });
  });
  expect(problems).toEqual([
    'PROPS_INVALID shop/dev/a.containers: It has no container.',
    'PROPS_INVALID shop/dev/a.backoffLimit: backoffLimit is -1.',
    'PROPS_INVALID shop/dev/a.parallelism: parallelism is 1.5.',
    'PROPS_INVALID shop/dev/b.startingDeadline: startingDeadline is "soon".',
  ]);
});
