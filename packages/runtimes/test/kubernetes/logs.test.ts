import type { LogLine, LogRequest, Resource } from '@konfig/core';
import { deployment, namespace, resource, startWorld, type TestWorld, until } from './world';

let world: TestWorld;
beforeAll(async () => {
  // Long enough that no run begins while a test reads.
  world = await startWorld({ backOffMillis: 60_000 });
});
afterAll(() => world.stop());

const speaking = (log: string) => ({ 'simulate.konfig.dev/crash': '1', 'simulate.konfig.dev/log': log });

const read = async (resources: readonly Resource[], request: Partial<LogRequest> = {}) => {
  const lines: LogLine[] = [];
  await world.connection.logs({ resources, follow: false, ...request }, (line) => lines.push(line), world.signal);
  return lines;
};

test('what the Pods behind a Deployment said is told with the resource and the container that said it', async () => {
  const wished = deployment('said', { spec: { replicas: 1 }, annotations: speaking('no database') });
  await world.create(namespace('said'), wished);
  await until(world, wished, (seen) => seen.findings.some(({ code }) => code === 'CrashLoopBackOff'));
  const [line] = await read([wished]);
  expect(line).toEqual({ id: 'main:Deployment.apps/said/web', from: expect.stringMatching(/^web-[\w]+-[\w]+\/app$/), text: 'no database' });
  expect(await read([wished], { container: 'another' })).toEqual([]);
  expect((await read([wished], { previous: true })).map(({ text }) => text)).toEqual(['no database']);
});

test('only what runs for a resource is told, through whatever owns its Pods', async () => {
  const job = resource({
    apiVersion: 'batch/v1',
    kind: 'Job',
    metadata: { name: 'seed', namespace: 'through', annotations: {} },
    spec: {
      backoffLimit: 0,
      template: {
        metadata: { annotations: speaking('seeded') },
        spec: { restartPolicy: 'Never', containers: [{ name: 'seed', image: 'seed:1' }] },
      },
    },
  });
  const other = deployment('through', { annotations: speaking('another') });
  await world.create(namespace('through'), job, other);
  await until(world, job, (seen) => seen.health === 'degraded');
  expect((await read([job])).map(({ id, text }) => [id, text])).toEqual([['main:Job.batch/through/seed', 'seeded']]);
});
