import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { type PlannedPart, unshownPart } from '@konfig/core';
import { readMessage } from '../../src/terraform/messages';
import { partsOf } from '../../src/terraform/parts';
import type { Change, PlanJson } from '../../src/terraform/plan-json';
import { progressOf } from '../../src/terraform/progress';
import { notShown } from '../../src/terraform/shown';
import { readState } from '../../src/terraform/state';
import { wishOf } from '../../src/terraform/wish';

const wish = wishOf({ id: 'terraform:Terraform/shop', attributes: { configuration: { resource: { aws_db: { main: {} } } } } });

function partOf(change: Partial<Change>, more: object = {}): PlannedPart {
  const plan: PlanJson = { resource_changes: [{ address: 'aws_db.main', change: { actions: ['update'], ...change }, ...more }] };
  return partsOf(plan, wish)[0] as PlannedPart;
}

describe('the changes of a part', () => {
  test('are its fields, to the depth where they differ', () => {
    const change = { before: { a: 1, deep: { b: [1, 2], c: 'x' }, gone: 'y' }, after: { a: 1, deep: { b: [1, 3], c: 'x' }, gone: null } };
    expect(partOf(change).changes).toEqual([
      { path: ['deep', 'b'], before: [1, 2], after: [1, 3] },
      { path: ['gone'], before: 'y' },
    ]);
  });

  test('leave out what is sensitive, in lists and blocks too, and say only that it changes', () => {
    const change = {
      before: { users: [{ name: 'a', password: 'old' }], key: 'same' },
      after: { users: [{ name: 'a', password: 'new' }], key: 'same' },
      before_sensitive: { users: [{ password: true }], key: true },
      after_sensitive: { users: [{ password: true }], key: true },
    };
    expect(partOf(change).changes).toEqual([{ path: ['users', 0, 'password'], sensitive: true }]);
    expect(partOf({ before: { list: ['a', 'b'] }, after: { list: ['a', 'c'] }, after_sensitive: { list: [false, true] } }).changes).toEqual(
      [{ path: ['list', 1], sensitive: true }],
    );
  });

  test('tell what is known only after the apply', () => {
    const change = {
      actions: ['create'],
      before: null,
      after: { name: 'x', tags: {} },
      after_unknown: { id: true, nested: { arn: true }, tags: {} },
    };
    const later = (...path: (string | number)[]) => ({ $unknown: { resource: wish.id, path: ['resource', 'aws_db', 'main', ...path] } });
    expect(partOf(change).changes).toEqual([
      { path: ['id'], after: later('id') },
      { path: ['name'], after: 'x' },
      { path: ['nested', 'arn'], after: later('nested', 'arn') },
    ]);
  });
});

describe('what becomes of a part', () => {
  test('is told to be without a gap where the new one is made first', () => {
    expect(partOf({ actions: ['create', 'delete'] })).toMatchObject({ action: 'replace', createsFirst: true });
    expect(partOf({ actions: ['delete', 'create'] })).not.toHaveProperty('createsFirst');
  });

  const sides = { before: { engine: 'a' }, after: { engine: 'b' } };
  test.each([
    ['create', { actions: ['create'] }, {}, undefined],
    ['replace', { actions: ['delete', 'create'], replace_paths: [['engine']], ...sides }, {}, 'engine cannot be changed in place'],
    ['replace', { actions: ['create', 'delete'] }, { action_reason: 'replace_because_tainted' }, 'its last creation did not end well'],
    ['replace', { actions: ['forget', 'create'] }, { action_reason: 'some_new_reason' }, 'some new reason'],
    ['delete', { actions: ['delete'] }, { action_reason: 'delete_because_no_resource_config' }, 'not in the program any more'],
    ['forget', { actions: ['forget'] }, {}, undefined],
    ['move', { actions: ['no-op'] }, { previous_address: 'aws_db.old' }, 'was aws_db.old'],
    ['update', { actions: ['update'], ...sides }, { previous_address: 'aws_db.old' }, 'was aws_db.old'],
    ['import', { actions: ['no-op'], importing: { id: 'db-1' } }, {}, 'db-1'],
    ['read', { actions: ['read'] }, { action_reason: 'read_because_config_unknown' }, 'it needs what is known only after the apply'],
  ])('%s, from %j', (action, change, more, reason) => {
    expect(partOf(change, more)).toMatchObject({
      action,
      at: ['configuration', 'resource', 'aws_db', 'main'],
      ...(reason === undefined ? {} : { reason }),
    });
  });

  test('what somebody has changed outside is told as theirs', () => {
    const change = { actions: ['update'], before: { size: 9, name: 'a' }, after: { size: 1, name: 'b' } };
    const plan = {
      resource_changes: [{ address: 'aws_db.main', change }],
      resource_drift: [
        { address: 'aws_db.main', change: { actions: ['update'], before: { size: 1, name: 'a' }, after: { size: 9, name: 'a' } } },
      ],
    };
    expect(partsOf(plan, wish)[0]?.changes).toEqual([
      { path: ['name'], before: 'a', after: 'b' },
      { path: ['size'], before: 9, after: 1, by: { name: 'outside of Terraform' } },
    ]);
  });
});

test('what was replaced and could not be deleted is told from the one in its place, in a plan, its progress and the state', () => {
  const [address, deposed] = ['aws_db.main', '5f3a9c01'];
  const change = { actions: ['update'], before: { size: 1 }, after: { size: 2 } };
  const plan = {
    resource_changes: [
      { address, change },
      { address, deposed, change: { actions: ['delete'] } },
    ],
  };
  const parts = partsOf(plan, wish);
  expect(parts.map(({ name, action }) => `${action} ${name}`)).toEqual(['update aws_db.main', 'delete aws_db.main (deposed 5f3a9c01)']);
  expect(parts.flatMap((part) => notShown(wish.id, part, parts))).toEqual([]);
  expect(unshownPart(parts, parts)).toBeUndefined();

  const progress = progressOf(wish.id, parts);
  const done = (action: string) =>
    progress.take({ type: 'apply_complete', level: 'info', text: '', hook: { address, action, seconds: 1 } });
  done('delete');
  done('update');
  expect(progress.observation().related.map(({ name, message }) => `${name} ${message}`)).toEqual([
    'aws_db.main changed in 1s',
    'aws_db.main (deposed 5f3a9c01) deleted in 1s',
  ]);

  const resources = [{ mode: 'managed', type: 'aws_db', name: 'main', instances: [{}, { deposed }] }];
  const state = readState(JSON.stringify({ version: 4, lineage: 'l', serial: 3, resources }));
  expect(state.addresses).toEqual(['aws_db.main', 'aws_db.main (deposed 5f3a9c01)']);
});

test('a replace is done with its second half, and what is at work is said with its time', () => {
  const parts = [
    { name: 'a.b', action: 'replace' as const, changes: [] },
    { name: 'c.d', action: 'create' as const, changes: [] },
  ];
  const progress = progressOf('x', parts);
  const say = (type: string, address: string, action: string, seconds?: number) => {
    progress.take({ type, level: 'info', text: '', hook: { address, action, ...(seconds === undefined ? {} : { seconds }) } });
    return progress.observation().message;
  };
  expect([
    say('apply_start', 'a.b', 'delete'),
    say('apply_complete', 'a.b', 'delete', 1),
    say('apply_start', 'c.d', 'create'),
    say('apply_progress', 'c.d', 'create', 70),
    say('apply_complete', 'a.b', 'create', 2),
    say('apply_complete', 'c.d', 'create', 112),
  ]).toEqual([
    '0 of 2: a.b replacing',
    '0 of 2: a.b replacing',
    '0 of 2: c.d creating and 1 more',
    '0 of 2: c.d creating, 1m10s and 1 more',
    '1 of 2: c.d creating, 1m10s',
    '2 of 2',
  ]);
  expect(progress.nodes().get('c.d')).toEqual({ name: 'c.d', health: 'ready', message: 'created in 1m52s' });
});

const corpus = join(__dirname, '../../../../../shared/corpora/opentofu-json');
const cases = existsSync(corpus)
  ? (JSON.parse(readFileSync(join(corpus, 'index.json'), 'utf8')) as { cases: { file: string; type: string }[] }).cases
  : [];
if (cases.length === 0) console.warn('skipped: ../shared/corpora/opentofu-json is not here');

const describeCorpus = cases.length === 0 ? describe.skip : describe;
describeCorpus('what OpenTofu’s own tests print', () => {
  const of = (type: string) => cases.filter((one) => one.type === type).map(({ file }) => file);
  const empty = wishOf({ id: 'x', attributes: {} });

  test.each(of('plan'))('the plan %s: a part for each resource', (file) => {
    const plan = JSON.parse(readFileSync(join(corpus, file), 'utf8')) as PlanJson;
    const isKept = ({ change, previous_address }: (typeof changes)[number]) =>
      change.actions[0] === 'no-op' && previous_address === undefined && !change.importing;
    const { resource_changes: changes = [] } = plan;
    const parts = partsOf(plan, empty);
    expect(parts.map(({ name, action }) => [name, action === 'keep'])).toEqual(changes.map((one) => [one.address, isKept(one)]));
    for (const { changes } of parts) for (const one of changes) if (one.sensitive) expect(one).not.toHaveProperty('after');
  });

  test.each(of('stream'))('the stream %s: each line is understood', (file) => {
    const lines = readFileSync(join(corpus, file), 'utf8').trim().split('\n');
    const messages = lines.map(readMessage);
    expect(messages.map((message) => message?.text)).toEqual(lines.map((line) => JSON.parse(line)['@message']));
    expect(messages.filter((message) => message?.type === 'apply_complete').every((message) => message?.hook?.address)).toBe(true);
  });
});

test('a state tells its addresses with their keys, and nothing else passes for one', () => {
  const resource = { mode: 'managed', type: 'aws_db', name: 'main' };
  const state = {
    version: 4,
    lineage: 'l',
    serial: 3,
    outputs: { a: { value: 1, type: 'number' } },
    resources: [
      { ...resource, module: 'module.m', instances: [{}] },
      { ...resource, instances: [{ index_key: 0 }, { index_key: 'k"', status: 'tainted' }] },
      { ...resource, mode: 'data', instances: [{}] },
    ],
  };
  expect(readState(JSON.stringify(state))).toEqual({
    lineage: 'l',
    serial: 3,
    outputs: { a: { value: 1, sensitive: false } },
    addresses: ['module.m.aws_db.main', 'aws_db.main[0]', 'aws_db.main["k\\""]'],
    tainted: ['aws_db.main["k\\""]'],
  });
  expect(() => readState('{"version":3}')).toThrow('no state of version 4');
});
