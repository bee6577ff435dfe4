import { makePlan, removedEntries } from '../src/make-plan';
import { isEmpty } from '../src/plan';
import type { PlanInput } from '../src/plan-input';
import type { InventoryEntry, StackRecord } from '../src/release';
import { recordVersion } from '../src/release';
import { releasedSpec } from '../src/released-spec';
import type { Owner, PlannedPart, PlannedRow } from '../src/runtime';
import { type Resource, type Spec, shortId } from '../src/spec';
import { taskDigest } from '../src/task';
import { shopProd } from './shop-prod';

const id = (name: string) => `main:Thing/${name}`;
const live = { uid: 'u1', version: '7' };
const nobody: Owner = { kind: 'nobody', name: 'nobody' };
const helm: Owner = { kind: 'helm', name: 'Helm release web' };
const change = { path: ['image'], before: 'web:1', after: 'web:2' };
const immutable = { path: 'spec.selector', message: 'field is immutable' };

function row(name: string, facts: Partial<PlannedRow> = {}): PlannedRow {
  return { id: id(name), changes: [], immutable: [], replaceable: true, checked: 'server', notes: [], problems: [], ...facts };
}

function resource(name: string, onRemoval?: Resource['onRemoval']): Resource {
  const made: Resource = { id: id(name), target: 'main', runtime: 'memory', type: 'Thing', attributes: {}, path: name };
  return onRemoval ? { ...made, onRemoval } : made;
}

function entry(name: string, facts: Partial<InventoryEntry> = {}): InventoryEntry {
  return { id: id(name), target: 'main', runtime: 'memory', type: 'Thing', uid: 'u1', dependsOn: [], ...facts };
}

function input(wished: readonly Resource[], planned: readonly PlannedRow[], more: Partial<PlanInput> = {}): PlanInput {
  const spec: Spec = shopProd(wished);
  // What stands there as ours is in the record.
  const ours = planned.filter((one) => one.live && !one.owner).map((one) => entry(one.id.slice(id('').length)));
  const record = ours.length > 0 ? recordOf(ours) : undefined;
  return { kind: 'apply', spec, sources: {}, record, identities: { main: 'm1' }, planned, edges: [], ...more };
}

function recordOf(inventory: readonly InventoryEntry[]): StackRecord {
  return { version: recordVersion, stack: 'shop/prod', lastRelease: 4, hashKey: '', inventory };
}

test.each<[string, Partial<PlannedRow>, boolean, string, string, readonly string[]]>([
  ['is not there', {}, false, 'create', 'not there yet', []],
  ['is as wished', { live }, false, 'keep', 'no difference', []],
  ['differs', { live, changes: [change] }, false, 'update', 'fields differ', []],
  ['differs in what cannot change', { live, changes: [change], immutable: [immutable] }, false, 'replace', 'immutable field', []],
  ['would lose data', { live, immutable: [immutable], replaceable: false }, false, 'replace', 'immutable field', ['RESOURCE_IMMUTABLE']],
  ['is being deleted', { live, isGoing: true }, false, 'replace', 'being deleted', []],
  ['is being deleted, and would lose data', { live, isGoing: true, replaceable: false }, false, 'replace', 'being deleted', []],
  ['belongs to nobody', { live, owner: nobody }, false, 'adopt', 'owned by nobody', []],
  [
    'belongs to nobody and cannot change',
    { live, owner: nobody, immutable: [immutable] },
    false,
    'replace',
    'immutable field',
    ['RESOURCE_IMMUTABLE'],
  ],
  ['belongs to another', { live, owner: helm }, false, 'keep', 'no difference', ['RESOURCE_OWNED']],
  ['belongs to another and may be taken', { live, owner: helm }, true, 'adopt', 'owned by somebody else', []],
])('what is wished and %s', (_, facts, adopt, action, reason, problems) => {
  const result = makePlan(input([resource('web')], [row('web', facts)], { options: { adopt } }));
  expect(result.plan.steps.map((step) => [step.action, step.reason])).toEqual([[action, reason]]);
  expect(result.problems.map(({ code }) => code)).toEqual(problems);
});

type Recorded = Partial<Omit<InventoryEntry, 'uid'>> & { readonly uid?: string | undefined };

test.each<[string, Recorded, Partial<PlannedRow>, string, string, readonly string[]]>([
  ['is there', {}, { live }, 'delete', 'not in the program any more', []],
  ['is gone', {}, {}, 'forget', 'already gone', []],
  ['is another object by now', { uid: 'u0' }, { live, owner: nobody }, 'forget', 'another object by now', []],
  ['was taken over', {}, { live, owner: helm }, 'forget', 'owned by somebody else', []],
  ['lost its mark of ours', {}, { live, owner: nobody }, 'delete', 'not in the program any more', []],
  ['was only meant to be made, and was', { uid: undefined }, { live }, 'delete', 'not in the program any more', []],
  ['was only meant to be made, and another did', { uid: undefined }, { live, owner: nobody }, 'forget', 'another object by now', []],
  ['is retained', { onRemoval: 'retain' }, { live }, 'abandon', 'retained', []],
  ['would take objects of others along', {}, { live, deletable: false }, 'abandon', 'kept unless asked', []],
  [
    'would take objects of others along, as was asked',
    { onRemoval: 'delete' },
    { live, deletable: false },
    'delete',
    'not in the program any more',
    [],
  ],
  ['holds data', {}, { live, replaceable: false }, 'delete', 'not in the program any more', ['PLAN_LOSES_DATA']],
  [
    'holds data, and is to go as was written',
    { onRemoval: 'delete' },
    { live, replaceable: false },
    'delete',
    'not in the program any more',
    [],
  ],
  ['holds what is to stay', {}, { live, keeps: ['main:Thing/disk'] }, 'abandon', 'holds what stays', []],
  ['is to be collected, but still used', { onRemoval: 'collect' }, { live, usedBy: ['ReplicaSet/web-1'] }, 'keep', 'still used', []],
  ['is to be collected and used no more', { onRemoval: 'collect' }, { live, usedBy: [] }, 'delete', 'not in the program any more', []],
  ['is protected', { onRemoval: 'protect' }, { live }, 'keep', 'no difference', ['RESOURCE_PROTECTED']],
  [
    'is protected, and holds what is to stay',
    { onRemoval: 'protect' },
    { live, keeps: ['main:Thing/disk'] },
    'keep',
    'no difference',
    ['RESOURCE_PROTECTED'],
  ],
  ['is protected, but gone', { onRemoval: 'protect' }, {}, 'forget', 'already gone', []],
])('what is no longer wished and %s', (_, recorded, facts, action, reason, problems) => {
  const { uid, ...rest } = { ...entry('web'), ...recorded };
  const record = recordOf([uid === undefined ? rest : { ...rest, uid }]);
  const result = makePlan(input([], [row('web', facts)], { record }));
  expect(result.plan.steps.map((step) => [step.action, step.reason])).toEqual([[action, reason]]);
  expect(result.problems.map(({ code }) => code)).toEqual(problems);
});

test('a destroy deletes what is wished too, and says why', () => {
  const { plan } = makePlan(input([resource('web')], [row('web', { live })], { kind: 'destroy', record: recordOf([entry('web')]) }));
  expect(plan.steps.map(({ action, reason }) => [action, reason])).toEqual([['delete', 'stack is destroyed']]);
});

test('what bears our mark, but is not in the record, stops the plan: that is another record than the last one', () => {
  const things = ['a', 'b', 'c', 'd', 'e'];
  const wished = things.map((name) => resource(name));
  const rows = things.map((name) => row(name, name === 'e' ? { live, owner: nobody } : { live }));
  const record = recordOf([entry('a')]);
  const { problems } = makePlan(input(wished, rows, { record }));
  expect(problems.map(({ code, message }) => [code, message])).toEqual([
    [
      'RECORD_OUTDATED',
      'Thing/b, Thing/c and Thing/d bear the mark of shop/prod, but its records, which end at release 4, do not know of them.',
    ],
  ]);
  const { problems: none } = makePlan(input(wished, rows, { record: undefined }));
  expect(none[0]?.message).toBe(
    'Thing/a, Thing/b, Thing/c and 1 more bear the mark of shop/prod, but its records, which end at release 0, do not know of them.',
  );
  const adopted = makePlan(input(wished, rows, { record, options: { adopt: true } }));
  expect(adopted.problems).toEqual([]);
  expect(adopted.plan.steps.map(({ action }) => action)).toEqual(['keep', 'adopt', 'adopt', 'adopt', 'adopt']);
  expect(adopted.plan.steps.map(({ reason }) => reason).slice(1, 2)).toEqual(['not in the record']);
});

test('where what bears our mark consists of parts, taking it over deletes those that are no longer wished, and the hint says so', () => {
  const parts = [{ name: 'other', action: 'delete' as const, changes: [] }];
  const { problems } = makePlan(
    input([resource('web'), resource('db')], [row('web', { live }), row('db', { live, parts })], { record: undefined }),
  );
  expect(problems.map(({ hint }) => hint)).toEqual([
    expect.stringMatching(/what it no longer wishes stays; but in Thing\/db it is deleted, as konfig preview --adopt shows\.$/),
  ]);
});

test('a protected thing is not replaced', () => {
  const { problems } = makePlan(input([resource('web', 'protect')], [row('web', { live, immutable: [immutable] })]));
  expect(problems.map(({ code, message }) => [code, message])).toEqual([
    ['RESOURCE_PROTECTED', 'Thing/web is protected, but spec.selector can only change by replacing it.'],
  ]);
});

test('what is to stay when it goes is not replaced, which would delete it, unless it is named', () => {
  const made = input([resource('web', 'retain')], [row('web', { live, immutable: [immutable] })]);
  expect(makePlan(made).problems).toMatchObject([
    {
      code: 'RESOURCE_PROTECTED',
      message:
        'Thing/web is to stay in the world when it goes (onRemoval "retain"), but spec.selector can only change by replacing it, which deletes it.',
    },
  ]);
  expect(makePlan({ ...made, options: { replace: ['Thing/web'] } }).problems).toEqual([]);
});

test('steps stand after what they wait for, deletes at the end and backwards', () => {
  const { plan } = makePlan(
    input(
      [resource('web'), resource('db')],
      ['web', 'db', 'old', 'older'].map((name) => row(name, { live })),
      {
        edges: [{ from: id('web'), on: id('db'), until: 'ready', explicit: true }],
        record: recordOf([entry('older'), entry('old', { dependsOn: [id('older'), id('gone')] }), entry('web'), entry('db'), entry('x')]),
      },
    ),
  );
  expect(plan.steps.map((step) => [step.id, step.waitsFor])).toEqual([
    [id('db'), []],
    [id('web'), [{ on: id('db'), until: 'ready' }]],
    [id('old'), []],
    [id('older'), [{ on: id('old'), until: 'present' }]],
  ]);
});

test('a delete waits until whatever depended on it, and stays, has let go', () => {
  const { plan } = makePlan(
    input([resource('web')], [row('web', { live, changes: [change] }), row('config', { live })], {
      record: recordOf([entry('web', { dependsOn: [id('config')] }), entry('config')]),
    }),
  );
  expect(plan.steps.map((step) => [step.id, step.action, step.waitsFor])).toEqual([
    [id('web'), 'update', []],
    [id('config'), 'delete', [{ on: id('web'), until: 'ready' }]],
  ]);
});

test('recorded cycles do not hold deletes back for ever', () => {
  const record = recordOf([entry('a', { dependsOn: [id('b')] }), entry('b', { dependsOn: [id('a')] })]);
  const { plan } = makePlan(input([], [row('a', { live }), row('b', { live })], { record }));
  expect(plan.steps.map((step) => step.waitsFor.length).sort()).toEqual([0, 1]);
});

test('what no row tells of is a problem, never left out in silence', () => {
  const { problems } = makePlan(input([resource('web')], [], { record: recordOf([entry('old'), entry('far', { target: 'moon' })]) }));
  expect(problems.map(({ code, at, severity }) => [code, at, severity])).toEqual([
    ['INTERNAL', id('web'), undefined],
    ['SPEC_TARGET', id('far'), 'warning'],
    ['INTERNAL', id('old'), undefined],
  ]);
});

test.each([
  [3, 2, false],
  [3, 1, true],
  [1, 0, false],
  [2, 0, true],
])('of %i things %i stay: asks first: %p', (owned, stay, asks) => {
  const names = Array.from({ length: owned }, (_, i) => `n${i}`);
  const rows = names.map((name) => row(name, { live }));
  const { problems } = makePlan(
    input(
      names.slice(0, stay).map((name) => resource(name)),
      rows,
      { record: recordOf(names.map((name) => entry(name))) },
    ),
  );
  expect(problems.map(({ code }) => code)).toEqual(asks ? ['PLAN_RISKY'] : []);
});

test.each<[string, readonly PlannedPart['action'][], string]>([
  ['nine of ten', [...Array<'delete'>(9).fill('delete'), 'keep'], 'shop/prod would lose 9 of its 11 resources.'],
  [
    'what is asked for again, made and imported is not owned',
    ['delete', 'delete', 'delete', 'read', 'create', 'import'],
    'shop/prod would lose 3 of its 4 resources.',
  ],
  ['half', ['delete', 'delete', 'keep', 'keep'], ''],
])('parts that go count as resources do: %s', (_, actions, asks) => {
  const parts = actions.map((action, i) => ({ name: `t.p${i}`, action, changes: [] }));
  const { problems } = makePlan(input([resource('cloud'), resource('web')], [row('cloud', { live, parts }), row('web', { live })]));
  expect(problems.map(({ message }) => message)).toEqual(asks === '' ? [] : [asks]);
});

test('a resource that goes with all of its parts counts as all of them', () => {
  const parts = Array.from({ length: 3 }, (_, i) => ({ name: `t.p${i}`, action: 'delete' as const, changes: [] }));
  const record = recordOf([entry('web'), entry('cloud')]);
  const { problems } = makePlan(input([resource('web')], [row('web', { live }), row('cloud', { live, parts })], { record }));
  expect(problems.map(({ code, message }) => [code, message])).toEqual([['PLAN_RISKY', 'shop/prod would lose 3 of its 4 resources.']]);
});

test('a plan is empty when it keeps everything', () => {
  expect(isEmpty(makePlan(input([resource('web')], [row('web', { live })])).plan)).toBe(true);
  expect(isEmpty(makePlan(input([], [row('web')], { record: recordOf([entry('web')]) })).plan)).toBe(false);
});

test('ten thousand removed things in a chain and under one hub are no matter', () => {
  const many = Array.from({ length: 10_000 }, (_, i) => entry(`n${i}`, { dependsOn: i === 0 ? [] : [id(`n${i - 1}`), id('n0')] }));
  const record = recordOf(many);
  expect(removedEntries(input([], [], { record }))[0]?.id).toBe(id('n9999'));
  expect(
    makePlan(
      input(
        [],
        many.map((one) => ({ ...row('x', { live }), id: one.id })),
        { record },
      ),
    ).plan.steps,
  ).toHaveLength(10_000);
});

test('what changes only in what becomes of it on removal is kept, but is work for the record', () => {
  const record = recordOf([entry('web', { onRemoval: 'protect' })]);
  const { plan } = makePlan(input([resource('web')], [row('web', { live })], { record }));
  expect(plan.steps.map(({ action, reason }) => [action, reason])).toEqual([['keep', 'onRemoval differs']]);
  expect(plan.notes).toEqual(['Thing/web: from now on, onRemoval is "delete"']);
  expect(isEmpty(plan)).toBe(false);
});

const task = (runWhen: Resource['runWhen']): Resource => ({
  ...resource('seed'),
  ...(runWhen ? { runWhen } : {}),
  attributes: { spec: { image: 'seed:1' } },
});
const did = taskDigest(task('changed'));

test.each<[string, Resource['runWhen'], Partial<PlannedRow>, string | undefined, string, string]>([
  ['runs when changed, and has not run', 'changed', {}, undefined, 'create', 'not there yet'],
  ['runs when changed, has run, and vanished since', 'changed', {}, did, 'keep', 'ran already'],
  ['runs when changed, did something else, and vanished since', 'changed', {}, 'other', 'create', 'not there yet'],
  ['runs when changed, and changed', 'changed', { live, changes: [change], immutable: [immutable] }, did, 'replace', 'immutable field'],
  ['runs once, and has run something else', 'once', { live, changes: [change], immutable: [immutable] }, 'other', 'keep', 'ran already'],
  ['runs once, and has never come to its end', 'once', { live, immutable: [immutable] }, undefined, 'replace', 'immutable field'],
  ['runs always, and stands there unchanged', 'always', { live }, did, 'replace', 'runs always'],
  ['is no task, and vanished', undefined, {}, did, 'create', 'not there yet'],
])('what %s', (_, runWhen, facts, ran, action, reason) => {
  const record = recordOf([entry('seed', ran === undefined ? {} : { ran })]);
  const { plan } = makePlan(input([task(runWhen)], [row('seed', facts)], { record }));
  expect(plan.steps.map((step) => [step.action, step.reason])).toEqual([[action, reason]]);
});

test('what would lose data is replaced when it is named, and only that', () => {
  const rows = ['a', 'b'].map((name) => row(name, { live, immutable: [immutable], replaceable: false }));
  const result = makePlan(input([resource('a'), resource('b')], rows, { options: { replace: ['Thing/a'] } }));
  expect(result.problems.map(({ code, at, hint }) => [code, at, hint])).toEqual([
    [
      'RESOURCE_IMMUTABLE',
      id('b'),
      'Give the new one another name; or, when its data is safe, have it replaced all the same: --replace Thing/b.',
    ],
  ]);
});

test('a rollback leaves what holds data, unless it is asked to include it', () => {
  const facts = { record: recordOf([entry('disk')]), edges: [] };
  const steps = (options: PlanInput['options']) =>
    makePlan(input([], [row('disk', { live, replaceable: false })], { ...facts, ...(options ? { options } : {}) })).plan.steps.map(
      ({ action, reason }) => [action, reason],
    );
  expect(steps({ rollbackTo: 2 })).toEqual([['keep', 'holds data']]);
  expect(steps({ rollbackTo: 2, includeData: true })).toEqual([['delete', 'not in the program any more']]);
  expect(steps({})).toEqual([['delete', 'not in the program any more']]);
});

test('a rollback deletes and replaces no part that holds data, unless it is asked to include it', () => {
  const parts: readonly PlannedPart[] = [
    { name: 'db.a', action: 'delete', losesData: true, changes: [] },
    { name: 'db.b', action: 'replace', losesData: true, reason: 'name cannot be changed in place', changes: [] },
    { name: 'role.c', action: 'delete', changes: [] },
    ...['d', 'e', 'f'].map((name) => ({ name, action: 'keep' as const, changes: [] })),
  ];
  const problems = (options: PlanInput['options']) =>
    makePlan(input([resource('cloud')], [row('cloud', { live, parts })], options ? { options } : {})).problems;
  expect(problems({ rollbackTo: 2 }).map(({ code, message }) => [code, message])).toEqual([
    ['RESOURCE_PROTECTED', 'db.a of Thing/cloud holds data, and release 2 does not have it: going back would delete it.'],
    [
      'RESOURCE_PROTECTED',
      'db.b of Thing/cloud holds data, and going back to release 2 would replace it (name cannot be changed in place).',
    ],
  ]);
  expect(problems({ rollbackTo: 2, includeData: true }).map(({ code }) => code)).toEqual(['PLAN_LOSES_DATA', 'PLAN_LOSES_DATA']);
});

test('what stays in a rollback since it holds data is shown with parts to which nothing happens', () => {
  const parts: readonly PlannedPart[] = [{ name: 'db.a', action: 'delete', losesData: true, changes: [] }];
  const { plan } = makePlan(input([], [row('two', { live, replaceable: false, parts })], { options: { rollbackTo: 2 } }));
  expect(plan.steps).toMatchObject([{ action: 'keep', reason: 'holds data', parts: [{ name: 'db.a', action: 'keep' }] }]);
});

test('what goes to a target out of reach is skipped, and what needs that; the rest is planned', () => {
  const away: Resource = { ...resource('away'), id: 'eu:Thing/away', target: 'eu' };
  const edges = [{ from: id('user'), on: away.id, until: 'ready' as const, explicit: false }];
  const { plan, problems } = makePlan(
    input([resource('web'), resource('user'), away], [row('web'), row('user')], { edges, unreachable: new Set(['eu']) }),
  );
  expect(problems).toEqual([]);
  expect(plan.steps.map((step) => [step.id, step.action, step.reason])).toEqual([
    [id('web'), 'create', 'not there yet'],
    ['eu:Thing/away', 'skip', 'target unreachable'],
    [id('user'), 'skip', 'needs what is skipped'],
  ]);
});

test('what could not be looked at is skipped, wished or not, and what needs it', () => {
  const edges = [{ from: id('user'), on: id('seen not'), until: 'ready' as const, explicit: false }];
  const rows = [row('seen not', { isUnseen: true, checked: 'none' }), row('user'), row('old', { isUnseen: true, checked: 'none' })];
  const { plan } = makePlan(input([resource('seen not'), resource('user')], rows, { record: recordOf([entry('old')]), edges }));
  expect(plan.steps.map((step) => [step.id, step.action, step.reason])).toEqual([
    [id('seen not'), 'skip', 'could not be planned'],
    [id('user'), 'skip', 'needs what is skipped'],
    [id('old'), 'skip', 'could not be planned'],
  ]);
});

test('a skip goes down the whole chain, and ends at what is kept', () => {
  const away: Resource = { ...resource('away'), id: 'eu:Thing/away', target: 'eu' };
  const after = (from: string, on: string) => ({
    from: id(from),
    on: on === 'away' ? away.id : id(on),
    until: 'ready' as const,
    explicit: true,
  });
  const edges = [after('a', 'away'), after('b', 'a'), after('c', 'b'), after('kept', 'away'), after('d', 'kept')];
  const names = ['a', 'b', 'c', 'kept', 'd'];
  const rows = names.map((name) => row(name, name === 'kept' ? { live } : {}));
  const { plan } = makePlan(input([away, ...names.map((name) => resource(name))], rows, { edges, unreachable: new Set(['eu']) }));
  expect(Object.fromEntries(plan.steps.map((step) => [shortId(step.id), `${step.action}, ${step.reason}`]))).toEqual({
    'Thing/away': 'skip, target unreachable',
    'Thing/a': 'skip, needs what is skipped',
    'Thing/b': 'skip, needs what is skipped',
    'Thing/c': 'skip, needs what is skipped',
    'Thing/kept': 'keep, no difference',
    'Thing/d': 'create, not there yet',
  });
});

test('what must outlive something out of reach is not deleted, and so on down', () => {
  const away = { ...entry('away', { dependsOn: [id('web')] }), id: 'eu:Thing/away', target: 'eu' };
  const record = recordOf([away, entry('web', { dependsOn: [id('db')] }), entry('db'), entry('other')]);
  const rows = ['web', 'db', 'other'].map((name) => row(name, { live }));
  const { plan } = makePlan(input([], rows, { kind: 'destroy', record, unreachable: new Set(['eu']) }));
  expect(Object.fromEntries(plan.steps.map((step) => [shortId(step.id), step.action]))).toEqual({
    'Thing/away': 'skip',
    'Thing/web': 'skip',
    'Thing/db': 'skip',
    'Thing/other': 'delete',
  });
});

describe('a plan for some resources', () => {
  const edges = [{ from: id('web'), on: id('config'), until: 'present' as const, explicit: false }];
  const wished = [resource('config'), resource('web'), { ...resource('seed'), path: 'shop/prod/jobs/seed' }];
  const rows = ['config', 'web', 'seed', 'old'].map((name) => row(name, name === 'old' ? { live } : {}));
  const planned = (only: readonly string[]) =>
    makePlan(input(wished, rows, { edges, options: { only }, record: recordOf([entry('old')]) }));
  const ids = (only: readonly string[]) => planned(only).plan.steps.map((step) => shortId(step.id));

  test('has those that are named, by short id, id, kind or path, and what they need', () => {
    expect(ids(['Thing/web'])).toEqual(['Thing/config', 'Thing/web']);
    expect(ids([id('seed')])).toEqual(['Thing/seed']);
    expect(ids(['shop/prod/jobs'])).toEqual(['Thing/seed']);
    expect(ids(['Thing/old'])).toEqual(['Thing/old']);
    expect(ids(['Thing'])).toEqual(['Thing/config', 'Thing/web', 'Thing/seed', 'Thing/old']);
  });

  test('takes along in a destroy what depends on them, all the way, and leaves what they need', () => {
    const record = recordOf([
      entry('route', { dependsOn: [id('web')] }),
      entry('web', { dependsOn: [id('config')] }),
      entry('config'),
      entry('seed', { dependsOn: [id('config')] }),
    ]);
    const there = ['route', 'web', 'config', 'seed'].map((name) => row(name, { live }));
    const steps = (only: readonly string[]) =>
      makePlan(input(wished, there, { kind: 'destroy', edges, options: { only }, record })).plan.steps.map(
        (step) => `${step.action} ${shortId(step.id)}`,
      );
    expect(steps(['Thing/web'])).toEqual(['delete Thing/route', 'delete Thing/web']);
    expect([...steps(['Thing/config'])].sort()).toEqual([
      'delete Thing/config',
      'delete Thing/route',
      'delete Thing/seed',
      'delete Thing/web',
    ]);
    expect(steps(['Thing/seed'])).toEqual(['delete Thing/seed']);
  });

  test("says which name is nothing's, and what was meant", () => {
    expect(planned(['Thing/wbe']).problems).toEqual([
      {
        code: 'USAGE',
        message: 'shop/prod has no resource "Thing/wbe".',
        hint: 'Did you mean Thing/web? Name it like Deployment/web, by a kind, or by the path of its construct.',
      },
    ]);
  });

  test('stands for the program in what it minds, and for the release before in the rest', () => {
    const { plan } = planned(['Thing/seed']);
    const { spec } = input(wished, rows);
    const before = {
      ...spec,
      resources: [
        { ...resource('web'), attributes: { image: 'web:1' } },
        { ...resource('seed'), attributes: { image: 'old' } },
      ],
    };
    expect(releasedSpec(spec, plan, before).resources.map((one) => [shortId(one.id), one.attributes])).toEqual([
      ['Thing/seed', {}],
      ['Thing/web', { image: 'web:1' }],
    ]);
  });
});

test('what would take along what is still wished is not deleted', () => {
  const record = recordOf([entry('room'), entry('web')]);
  const rows = [row('web', { live }), row('room', { live, contains: [id('web')] })];
  const { plan, problems } = makePlan(input([resource('web')], rows, { record }));
  expect(plan.steps.map(({ action }) => action)).toEqual(['keep', 'keep']);
  expect(problems.map(({ code, message }) => [code, message])).toEqual([
    [
      'RESOURCE_HOLDS_OTHERS',
      'Thing/room is not in the program any more, but Thing/web of it is still wished, and would be deleted with it.',
    ],
  ]);
});

test('what would take along what is of others is a warning, and its step says so', () => {
  const takesAlong = ['Thing/a', 'Thing/b', 'Thing/c', 'Thing/d'];
  for (const kind of ['apply', 'destroy'] as const) {
    const { plan, problems } = makePlan(input([], [row('room', { live, takesAlong })], { kind, record: recordOf([entry('room')]) }));
    expect(plan.steps).toMatchObject([{ action: 'delete', takesAlong }]);
    expect(problems).toMatchObject([
      {
        code: 'RESOURCE_HOLDS_OTHERS',
        severity: 'warning',
        message: 'Deleting Thing/room takes along what is not of this stack: Thing/a, Thing/b, Thing/c and 1 more.',
      },
    ]);
  }
});

test('what is to be replaced must be there', () => {
  const { problems } = makePlan(input([resource('disk')], [row('disk', { live })], { options: { replace: ['Thing/dsik'] } }));
  expect(problems.map(({ code, message, hint }) => [code, message, hint])).toEqual([
    ['USAGE', 'shop/prod has no resource "Thing/dsik" to replace.', 'Did you mean Thing/disk? Name it like PersistentVolumeClaim/disk.'],
  ]);
});
