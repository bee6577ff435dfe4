import { type Event, type EventBody, emptyView, reduce } from '@konfig/core';
import { resultText } from '../../src/render/result-text';

const steps = (['create', 'create', 'update', 'delete', 'keep'] as const).map((action, i) => ({
  id: `main:ConfigMap/shop/c${i}`,
  action,
  waitsFor: [],
}));

function viewOf(...bodies: readonly (readonly [number, EventBody])[]) {
  const started: EventBody = { type: 'operation-started', stack: 'shop/dev', kind: 'apply', release: 3, deadline: 9e9, steps };
  return [[0, started] as const, ...bodies].reduce(
    (view, [seconds, body], i) => reduce(view, { operation: 'run', sequence: i + 1, time: 1000 + seconds * 1000, ...body } as Event),
    emptyView,
  );
}

test('a success is one line', () => {
  const done = steps.map(({ id, action }) => [41, { type: 'step-done', step: id, action, seconds: 1 }] as const);
  expect(resultText(viewOf(...done), { phase: 'succeeded', release: 3, problems: [] }, { color: false })).toBe(
    '✔ shop/dev  release 3 succeeded in 41s: 2 created, 1 changed, 1 deleted, 1 unchanged.\n',
  );
});

test('parts count instead of what they are parts of, also those that were done before it failed', () => {
  const steps = [
    { id: 'terraform:Terraform/a', action: 'update', waitsFor: [], counts: { delete: 9, import: 1, keep: 2 } },
    { id: 'terraform:Terraform/b', action: 'create', waitsFor: [], counts: { create: 5 } },
  ] as const;
  const problem = { code: 'RESOURCE_REJECTED', message: 'no.' } as const;
  const view = viewOf(
    [0, { type: 'operation-started', stack: 'shop/dev', kind: 'apply', release: 3, deadline: 9e9, steps }],
    [1, { type: 'step-done', step: steps[0].id, action: 'update', seconds: 1 }],
    [2, { type: 'step-failed', step: steps[1].id, action: 'create', seconds: 1, problem, counts: { create: 3 } }],
  );
  expect(resultText(view, { phase: 'failed', release: 3, problems: [] }, { color: false })).toContain(
    'failed after 2s: 3 created, 9 deleted, 1 imported, 2 unchanged, 1 failed.',
  );
});

test('a cancelled run says what it left and how to go on', () => {
  const view = viewOf(
    [1, { type: 'step-started', step: steps[0]?.id as string, action: 'create' }],
    [1, { type: 'step-applied', step: steps[0]?.id as string, action: 'create' }],
    [2, { type: 'cancelling' }],
    ...steps.slice(1).map(({ id, action }) => [2, { type: 'step-skipped', step: id, action, because: 'cancelled' }] as const),
  );
  expect(resultText(view, { phase: 'cancelled', release: 3, problems: [] }, { color: false })).toBe(`\
! shop/dev  release 3 was cancelled after 2s: 4 skipped, 1 applied, not waited for.

next  konfig apply shop/dev goes on from here; konfig status shop/dev shows how it is now.
`);
});

test('a run that could not begin changed nothing and says why', () => {
  const problem = {
    code: 'LOCK_HELD',
    message: 'shop/dev is locked by anna@laptop, pid 4711.',
    hint: 'Wait for it with --lock-wait.',
  } as const;
  expect(resultText(emptyView, { phase: 'failed', release: 2, problems: [problem] }, { color: false })).toBe(`\
✖ Nothing was changed.

LOCK_HELD  shop/dev is locked by anna@laptop, pid 4711.
           Wait for it with --lock-wait.
`);
});
