import { beyondLimits, dueTime } from '../src/controllers/cronjob';
import { readSchedule } from '../src/kinds/cron';
import type { CronJob, Job } from '../src/objects';
import { type Json, startTestCluster, type TestCluster } from './cluster';

describe('A schedule', () => {
  test.each([
    ['* * * * *', '2026-03-01T10:00:30Z', '2026-03-01T10:01:00Z'],
    ['*/15 * * * *', '2026-03-01T10:00:00Z', '2026-03-01T10:15:00Z'],
    ['30 6-16/4 * * mon-fri', '2026-03-06T14:31:00Z', '2026-03-09T06:30:00Z'],
    ['0 0 29 2 *', '2026-03-01T00:00:00Z', '2028-02-29T00:00:00Z'],
    ['0 12 1 * 0', '2026-03-02T00:00:00Z', '2026-03-08T12:00:00Z'],
    ['0 12 13 * ?', '2026-03-02T00:00:00Z', '2026-03-13T12:00:00Z'],
    ['5/20 3 * jan,jul *', '2026-03-02T00:00:00Z', '2026-07-01T03:05:00Z'],
    ['@hourly', '2026-03-01T10:00:00Z', '2026-03-01T11:00:00Z'],
    ['@weekly', '2026-03-02T00:00:00Z', '2026-03-08T00:00:00Z'],
    ['@every 1m30s', '2026-03-01T10:00:00Z', '2026-03-01T10:01:30Z'],
  ])('%s after %s is due at %s', (text, after, due) => {
    expect(new Date(readSchedule(text).next(Date.parse(after)) ?? 0).toISOString()).toBe(due.replace('Z', '.000Z'));
  });

  test('keeps to the clocks of its time zone, also when they change', () => {
    const next = (after: string): string =>
      new Date(readSchedule('30 8 * * *', 'Europe/Berlin').next(Date.parse(after)) ?? 0).toISOString();
    expect([next('2026-03-28T00:00:00Z'), next('2026-03-29T00:00:00Z'), next('2026-10-25T00:00:00Z')]).toEqual([
      '2026-03-28T07:30:00.000Z',
      '2026-03-29T06:30:00.000Z',
      '2026-10-25T07:30:00.000Z',
    ]);
  });

  test('that never comes has no next time', () => {
    expect(readSchedule('0 0 31 2 *').next(Date.now())).toBeUndefined();
  });

  test.each([
    ['at times', 'expected exactly 5 fields, found 2: [at times]'],
    ['61 * * * *', 'end of range (61) above maximum (59): 61'],
    ['* * 0 * *', 'beginning of range (0) below minimum (1): 0'],
    ['5-1 * * * *', 'beginning of range (5) beyond end of range (1): 5-1'],
    ['x * * * *', 'failed to parse int from x: strconv.Atoi: parsing "x": invalid syntax'],
    ['*/0 * * * *', 'step of range should be a positive number: */0'],
    ['@sometimes', 'unrecognized descriptor: @sometimes'],
  ])('%s is none', (text, why) => {
    expect(() => readSchedule(text)).toThrow(why);
  });
});

const cronJobOf = (spec: object, status: object = {}) =>
  ({
    metadata: { name: 'tick', creationTimestamp: '2026-03-01T10:00:30Z' },
    spec: { successfulJobsHistoryLimit: 2, failedJobsHistoryLimit: 1, ...spec },
    status,
  }) as unknown as CronJob;

describe('What is due', () => {
  const everyMinute = readSchedule('* * * * *');
  const at = (text: string): number => Date.parse(`2026-03-01T${text}Z`);

  test('is nothing before the first time, then that, and nothing more until the next', () => {
    expect(dueTime(cronJobOf({}), everyMinute, at('10:00:59'))).toBeUndefined();
    expect(dueTime(cronJobOf({}), everyMinute, at('10:01:00'))).toBe(at('10:01:00'));
    expect(dueTime(cronJobOf({}, { lastScheduleTime: '2026-03-01T10:01:00Z' }), everyMinute, at('10:01:59'))).toBeUndefined();
  });

  test('is the latest of those that were missed, unless that is too long ago', () => {
    expect(dueTime(cronJobOf({}), everyMinute, at('12:30:10'))).toBe(at('12:30:00'));
    expect(dueTime(cronJobOf({ startingDeadlineSeconds: 20 }), everyMinute, at('12:30:10'))).toBe(at('12:30:00'));
    expect(dueTime(cronJobOf({ startingDeadlineSeconds: 20 }), everyMinute, at('12:30:30'))).toBeUndefined();
  });
});

test('Of ended Jobs as many are kept as was said, the youngest of each end', () => {
  const job = (name: string, end: string) =>
    ({ metadata: { name }, status: { startTime: name, conditions: [{ type: end, status: 'True' }] } }) as unknown as Job;
  const jobs = [
    job('1', 'Complete'),
    job('2', 'Failed'),
    job('3', 'Complete'),
    job('4', 'Complete'),
    job('5', 'Failed'),
    job('6', 'Running'),
  ];
  expect(beyondLimits(cronJobOf({}), jobs).map((one) => one.metadata.name)).toEqual(['1', '2']);
});

describe('A CronJob', () => {
  let cluster: TestCluster;
  beforeEach(async () => {
    cluster = await startTestCluster();
  });
  afterEach(() => cluster.stop());

  const cronJobs = '/apis/batch/v1/namespaces/default/cronjobs';
  const jobs = '/apis/batch/v1/namespaces/default/jobs';
  const cronJob = (spec: object = {}) => ({
    metadata: { name: 'tick' },
    spec: {
      schedule: '@every 1s',
      jobTemplate: {
        metadata: { labels: { app: 'tick' } },
        spec: { template: { spec: { containers: [{ name: 'main', image: 'tick:1' }], restartPolicy: 'Never' } } },
      },
      ...spec,
    },
  });

  test('starts a Job when it is time, and notes how that went', async () => {
    await cluster.post(cronJobs, cronJob());
    const done = await cluster.until(`${cronJobs}/tick`, (one) => one?.status.lastSuccessfulTime !== undefined && !one.status.active);
    const [job] = (await cluster.get(jobs)).body.items;
    expect(job.metadata).toMatchObject({
      name: `tick-${Math.floor(Date.parse(done.status.lastScheduleTime) / 60_000)}`,
      labels: { app: 'tick' },
      annotations: { 'batch.kubernetes.io/cronjob-scheduled-timestamp': done.status.lastScheduleTime },
      ownerReferences: [{ kind: 'CronJob', name: 'tick', controller: true }],
    });
    const events = (await cluster.get('/api/v1/namespaces/default/events')).body.items.filter(
      (one: Json) => one.involvedObject.kind === 'CronJob',
    );
    expect(events.map((one: Json) => one.reason)).toEqual(expect.arrayContaining(['SuccessfulCreate', 'SawCompletedJob']));
  });

  test('that is suspended starts nothing until it no longer is', async () => {
    await cluster.post(cronJobs, cronJob({ suspend: true }));
    await cluster.patch(`${cronJobs}/tick/status`, 'merge-patch+json', { status: { lastScheduleTime: '2026-01-01T00:00:00Z' } });
    expect((await cluster.get(jobs)).body.items).toEqual([]);
    await cluster.patch(`${cronJobs}/tick`, 'merge-patch+json', { spec: { suspend: false } });
    await cluster.until(`${cronJobs}/tick`, (one) => one.status.lastScheduleTime !== '2026-01-01T00:00:00Z');
    expect((await cluster.get(jobs)).body.items.length).toBe(1);
  });

  test('takes its Jobs along when it goes', async () => {
    await cluster.post(cronJobs, cronJob());
    const { status } = await cluster.until(`${cronJobs}/tick`, (one) => one?.status.active?.length === 1);
    await cluster.delete(`${cronJobs}/tick`);
    await cluster.until(`${jobs}/${status.active[0].name}`, (one) => one === undefined);
  });

  test('is refused with a schedule or a time zone that is none', async () => {
    const { body } = await cluster.post(cronJobs, cronJob({ schedule: '61 * * * *', timeZone: 'Mars/Olympus' }));
    expect(body.details.causes.map((cause: Json) => `${cause.field}: ${cause.message}`)).toEqual([
      'spec.schedule: Invalid value: "61 * * * *": end of range (61) above maximum (59): 61',
      'spec.timeZone: Invalid value: "Mars/Olympus": unknown time zone Mars/Olympus',
    ]);
  });
});
