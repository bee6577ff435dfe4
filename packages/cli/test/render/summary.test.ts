import { type Event, type EventBody, emptyView, type Plan, type Problem, reduce, type SourceTable, type View } from '@konfig/core';
import { summaryJunit } from '../../src/render/summary-junit';
import { summaryMarkdown } from '../../src/render/summary-markdown';
import { summaryMessage } from '../../src/render/summary-message';
import { type Ended, type Summary, summaryOf } from '../../src/summary/summary';

const web = 'main:Deployment.apps/shop/web';
const job = 'main:Job.batch/shop/seed';
const config = 'main:ConfigMap/shop/config';
const last = 'main:Service/shop/last';

const steps = [
  { id: config, action: 'keep', waitsFor: [] },
  { id: web, action: 'update', waitsFor: [] },
  { id: job, action: 'create', waitsFor: [] },
  { id: last, action: 'create', waitsFor: [{ on: job, until: 'ready' }] },
] as const;

const sources: SourceTable = { [web]: { made: { file: 'app.ts', line: 6 } } };

const evil = '\u001b[31m<b>&"]]>\u001b[0m | `x` ``` @all <!channel> \u202e\uffff\ud800 ::error::';

const failure: Problem = {
  code: 'RESOURCE_FAILED',
  message: `Job/seed will not become ready: BackoffLimitExceeded\n  log ${evil}`,
  hint: 'Look at spec.backoffLimit; mend it and apply again.',
  at: job,
  source: { file: 'app.ts', line: 9 },
};

const started: EventBody = {
  type: 'operation-started',
  stack: 'shop/dev',
  kind: 'apply',
  release: 3,
  deadline: 9e12,
  steps,
};

/** The view after these events, each with its second. */
function viewOf(...bodies: readonly (readonly [number, EventBody])[]): View {
  return bodies.reduce(
    (view, [seconds, body], i) =>
      reduce(view, {
        operation: 'run',
        sequence: i + 1,
        time: seconds * 1000,
        ...body,
      } as Event),
    emptyView,
  );
}

const failedRun = viewOf(
  [10, started],
  [10, { type: 'step-started', step: web, action: 'update' }],
  [11, { type: 'step-done', step: config, action: 'keep', seconds: 0 }],
  [12, { type: 'step-done', step: web, action: 'update', seconds: 2 }],
  [12, { type: 'step-started', step: job, action: 'create' }],
  [
    15,
    {
      type: 'step-observed',
      step: job,
      health: 'degraded',
      message: '',
      related: [],
      findings: [
        {
          code: 'BackoffLimitExceeded',
          class: 'terminal',
          message: 'BackoffLimitExceeded',
          on: 'Job/seed',
          field: 'spec.backoffLimit',
          since: 15000,
        },
      ],
    },
  ],
  [
    15.5,
    {
      type: 'step-failed',
      step: job,
      action: 'create',
      problem: failure,
      seconds: 3.5,
    },
  ],
  [15.5, { type: 'step-skipped', step: last, action: 'create', because: job }],
  [
    16,
    {
      type: 'operation-finished',
      phase: 'failed',
      release: 3,
      problems: [failure],
    },
  ],
);

function summed(ended: Partial<Ended>): Summary {
  return summaryOf({
    command: 'apply',
    stack: 'shop/dev',
    startedAt: 9000,
    endedAt: 16500,
    code: 1,
    problems: [],
    ...ended,
  });
}

const planOf = (...actions: Plan['steps'][number]['action'][]) =>
  ({
    kind: 'apply',
    stack: 'shop/dev',
    steps: actions.map((action, i) => ({
      id: `main:ConfigMap/shop/c${i}`,
      action,
      changes: [],
      waitsFor: [],
      notes: [],
    })),
    notes: [],
  }) as unknown as Plan;

const failed = summed({
  view: failedRun,
  made: { plan: planOf('create'), sources, problems: [] },
});

test('a failed run as Markdown: what failed first, what is as it was not at all, and nothing that was said formats or calls anybody', () => {
  expect(summaryMarkdown(failed)).toMatchInlineSnapshot(`
    "### ✖ shop/dev: release 3 failed after 6s: 1 changed, 1 unchanged, 1 failed, 1 skipped.

    | | Resource | What was done | Time | Source |
    |---|---|---|---:|---|
    | ✖ | Job/seed | create failed | 3.5s |  |
    | ✔ | Deployment/web | changed | 2s | app.ts:6 |
    | ⊘ | Service/last | skipped: waited for Job/seed |  |  |

    **RESOURCE&#95;FAILED**: spec.backoffLimit of main:Job.batch/shop/seed, app.ts:9

    \`\`\`\`text
    Job/seed will not become ready: BackoffLimitExceeded
      log <b>&"]]> | \`x\` \`\`\` @all <!channel> ￿� ::error::
    Look at spec.backoffLimit; mend it and apply again.
    \`\`\`\`
    "
  `);
});

test('a failed run as JUnit: a case for the run and one for each resource', () => {
  expect(summaryJunit(failed)).toMatchInlineSnapshot(`
    "<?xml version="1.0" encoding="UTF-8"?>
    <testsuites>
      <testsuite name="konfig apply shop/dev" package="konfig" id="0" timestamp="1970-01-01T00:00:09" hostname="localhost" tests="5" failures="1" errors="0" skipped="1" time="7.500">
        <properties>
          <property name="command" value="apply"/>
          <property name="stack" value="shop/dev"/>
          <property name="outcome" value="failed"/>
          <property name="release" value="3"/>
        </properties>
        <testcase name="konfig apply shop/dev" classname="shop/dev" time="7.500"/>
        <testcase name="ConfigMap/config" classname="shop/dev" time="0.000"/>
        <testcase name="Deployment/web" classname="shop/dev" time="2.000"/>
        <testcase name="Job/seed" classname="shop/dev" time="3.500">
          <failure message="Job/seed will not become ready: BackoffLimitExceeded" type="RESOURCE_FAILED">RESOURCE_FAILED: A resource will not become ready
    Job/seed will not become ready: BackoffLimitExceeded
      log &lt;b&gt;&amp;&quot;]]&gt; | \`x\` \`\`\` @all &lt;!channel&gt; � ::error::
    Look at spec.backoffLimit; mend it and apply again.
    at spec.backoffLimit of main:Job.batch/shop/seed, app.ts:9</failure>
        </testcase>
        <testcase name="Service/last" classname="shop/dev" time="0.000">
          <skipped message="skipped: waited for Job/seed"/>
        </testcase>
        <system-out>✖ shop/dev: release 3 failed after 6s: 1 changed, 1 unchanged, 1 failed, 1 skipped.</system-out>
        <system-err/>
      </testsuite>
    </testsuites>
    "
  `);
});

test('a failed run for a webhook: a text that mentions nobody, and data without what did not change', () => {
  const { text, konfig } = summaryMessage(failed);
  expect(text).toMatchInlineSnapshot(`
    "✖ shop/dev: release 3 failed after 6s: 1 changed, 1 unchanged, 1 failed, 1 skipped.
    RESOURCE_FAILED: Job/seed will not become ready: BackoffLimitExceeded
      log &lt;b&gt;&amp;"]]&gt; | \`x\` \`\`\` @​all &lt;!channel&gt; ￿� ::error::
    Look at spec.backoffLimit; mend it and apply again.
    at spec.backoffLimit of main:Job.batch/shop/seed, app.ts:9"
  `);
  expect(konfig).toMatchObject({
    version: 1,
    stack: 'shop/dev',
    outcome: 'failed',
    release: 3,
    seconds: 7.5,
    counts: { update: 1, keep: 1 },
  });
  expect(konfig.resources.map(({ name, state }) => `${name} ${state}`)).toEqual([
    'Deployment/web done',
    'Job/seed failed',
    'Service/last skipped',
  ]);
  expect(konfig.problems).toEqual([
    expect.objectContaining({
      resource: job,
      field: 'spec.backoffLimit',
      source: { file: 'app.ts', line: 9 },
    }),
  ]);
  expect(JSON.stringify(konfig)).not.toMatch(/\\u001b|\u202e/);
  expect(konfig.omitted).toEqual({ resources: 1, problems: 0 });
});

describe('how it ended', () => {
  const made = (plan: Plan | undefined, ...problems: Problem[]) => ({
    plan,
    sources: {},
    problems,
  });
  const wrong: Problem = {
    code: 'RESOURCE_REJECTED',
    message: 'no.',
    at: 'main:ConfigMap/shop/c0 data.a',
  };
  const cases: readonly (readonly [string, Partial<Ended>, string, string])[] = [
    ['nothing to do', { code: 0, made: made(planOf('keep')) }, 'unchanged', 'Nothing to do: shop/dev is as wished (1 resource).'],
    ['a question that was answered with no', { made: made(planOf('create')) }, 'refused', 'Nothing was changed.'],
    ['a question that was answered with ^C', { code: 130, made: made(planOf('create')) }, 'cancelled', 'Cancelled; nothing was changed.'],
    ['a plan with errors', { code: 3, made: made(planOf('create'), wrong) }, 'refused', 'Nothing was changed.'],
    ['a program that throws', { code: 3, problems: [{ code: 'PROGRAM_THREW', message: 'x' }] }, 'refused', 'Nothing was changed.'],
    [
      'a lock that another run holds',
      {
        made: made(planOf('create')),
        view: viewOf([
          9,
          {
            type: 'operation-finished',
            phase: 'failed',
            release: 2,
            problems: [{ code: 'LOCK_HELD', message: 'x' }],
          },
        ]),
      },
      'refused',
      'Nothing was changed.',
    ],
    ['a run that was cut off', { code: 130, view: viewOf([10, started]) }, 'cancelled', 'release 3 was cut off: 4 not started.'],
    [
      'a preview',
      { command: 'preview', code: 2, made: made(planOf('create')) },
      'planned',
      'Plan: 1 to create, 0 to change, 0 to replace, 0 to delete, 0 unchanged.',
    ],
    ['a preview with errors', { command: 'preview', code: 3, made: made(planOf('create'), wrong) }, 'refused', 'This cannot be applied.'],
  ];

  test.each(cases)('%s', (_, ended, outcome, headline) => {
    const summary = summed(ended);
    expect([summary.outcome, summary.headline]).toEqual([outcome, headline]);
  });

  test('a plan with errors fails the resources that have them', () => {
    const summary = summed({
      code: 3,
      made: made(planOf('create', 'create'), wrong),
    });
    expect(summary.resources.map(({ state }) => state)).toEqual(['failed', 'pending']);
    expect(summaryJunit(summary)).toContain('<failure message="no." type="RESOURCE_REJECTED">');
    expect(summaryMarkdown(summary)).toContain('data.a of main:ConfigMap/shop/c0');
  });
});

test('however much there is to say, a summary stays within what its readers take', () => {
  const many = Array.from({ length: 5000 }, (_, i) => ({
    id: `main:ConfigMap/shop/c${i}`,
    action: 'create' as const,
    waitsFor: [],
  }));
  const problems = many.map(
    ({ id }): Problem => ({
      code: 'RESOURCE_FAILED',
      message: 'x'.repeat(100_000),
      at: id,
    }),
  );
  const view = viewOf(
    [1, { ...started, steps: many } as EventBody],
    [2, { type: 'operation-finished', phase: 'failed', release: 1, problems }],
  );
  const summary = summed({ view });
  expect(summaryMarkdown(summary).length).toBeLessThan(200_000);
  expect(summaryMarkdown(summary)).toContain('… and 4500 more resources.');
  expect(summaryMarkdown(summary)).toContain('… and 4980 more problems.');
  expect(JSON.stringify(summaryMessage(summary)).length).toBeLessThan(200_000);
  expect(summaryMessage(summary).text.length).toBeLessThan(3000);
});
