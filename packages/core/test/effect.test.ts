import { otherEffects, unshownPart } from '../src/effect';
import { type Plan, planVersion, type Step } from '../src/plan';
import type { PlannedPart } from '../src/runtime';
import type { Spec } from '../src/spec';
import { shopProd } from './shop-prod';

const change = { path: ['image'], before: 'web:1', after: 'web:2' };

function step(facts: Partial<Step>): Step {
  return {
    id: 'main:Thing/web',
    target: 'main',
    runtime: 'memory',
    type: 'Thing',
    action: 'update',
    reason: 'fields differ',
    waitsFor: [],
    changes: [],
    immutable: [],
    checked: 'server',
    notes: [],
    ...facts,
  };
}

function plan(facts: Partial<Step> | undefined): Plan {
  return {
    version: planVersion,
    kind: 'apply',
    stack: 'shop/prod',
    specDigest: 'sha256:1',
    baseRelease: 4,
    targets: { main: 'm1' },
    options: {},
    steps: facts ? [step(facts)] : [],
    notes: [],
  };
}

const spec: Spec = shopProd();

/** What is said against a step that was shown so, and is so now. */
function against(shown: Partial<Step> | undefined, now: Partial<Step> | undefined): readonly string[] {
  return otherEffects({ reviewed: plan(shown), now: plan(now), spec }).map(({ message }) => message);
}

const adopted = (owner?: string): Partial<Step> => ({ action: 'adopt', reason: 'owned by somebody else', ...(owner ? { owner } : {}) });
const deleted = (...takesAlong: readonly string[]): Partial<Step> => ({
  action: 'delete',
  reason: 'not in the program any more',
  ...(takesAlong.length > 0 ? { takesAlong } : {}),
});

const part = (name: string, action: PlannedPart['action'], more: Partial<PlannedPart> = {}): PlannedPart => ({
  name,
  action,
  changes: [],
  ...more,
});

test.each<[string, readonly PlannedPart[], readonly PlannedPart[], string | undefined]>([
  ['comes new', [], [part('pet.a', 'create')], 'would create pet.a now, which the plan did not show'],
  ['is replaced', [part('pet.a', 'update')], [part('pet.a', 'replace')], 'would replace pet.a now; the plan showed update'],
  [
    'changes another field',
    [part('pet.a', 'update', { changes: [change] })],
    [part('pet.a', 'update', { changes: [change, { path: ['size'], before: 1, after: 2 }] })],
    'would change size of pet.a from 1 to 2 now, which the plan did not show',
  ],
  [
    'was only listed, and is made',
    [part('pet.a', 'create', { plannedWhen: 'x' })],
    [part('pet.a', 'create', { changes: [change] })],
    undefined,
  ],
  [
    'was only listed, and is changed',
    [part('pet.a', 'create', { plannedWhen: 'x' })],
    [part('pet.a', 'update', { changes: [change] })],
    undefined,
  ],
  [
    'was only listed, and goes',
    [part('pet.a', 'create', { plannedWhen: 'x' })],
    [part('pet.a', 'delete')],
    'would delete pet.a now; the plan showed create',
  ],
  [
    'was listed to be replaced, and is',
    [part('pet.a', 'replace', { plannedWhen: 'x', changes: [change] })],
    [part('pet.a', 'replace', { changes: [change, { path: ['size'], before: 1, after: 2 }] })],
    undefined,
  ],
  [
    'was listed to be changed, and would be replaced',
    [part('pet.a', 'update', { plannedWhen: 'x' })],
    [part('pet.a', 'replace')],
    'would replace pet.a now; the plan showed update',
  ],
  [
    'was shown, and can only be listed now',
    [part('pet.a', 'create', { changes: [change] })],
    [part('pet.a', 'create', { plannedWhen: 'Service/web status' })],
    'cannot plan pet.a before Service/web status is known; the plan showed what it does',
  ],
  [
    'was listed to be imported, and would be made anew',
    [part('pet.a', 'import', { plannedWhen: 'x' })],
    [part('pet.a', 'create', { changes: [change] })],
    'would create pet.a now; the plan showed import',
  ],
  [
    'was listed to be imported, and is',
    [part('pet.a', 'import', { plannedWhen: 'x' })],
    [part('pet.a', 'import', { changes: [change] })],
    undefined,
  ],
  ['was listed, and still is', [part('pet.a', 'create', { plannedWhen: 'x' })], [part('pet.a', 'create', { plannedWhen: 'x' })], undefined],
  ['stays', [part('pet.a', 'update', { changes: [change] })], [part('pet.a', 'keep')], undefined],
  ['is only read', [], [part('data.pet.a', 'read')], undefined],
])('a part that %s', (_, shown, now, said) => {
  expect(unshownPart(shown, now)?.why).toBe(said);
  expect(against({ parts: shown }, { parts: now })).toEqual(said === undefined ? [] : [`Thing/web ${said}.`]);
});

test('what nobody knows yet is told in words, and where it stands with the place', () => {
  const unknown = { $unknown: { resource: 'main:Thing/web', path: ['pet', 'a', 'echo'] } };
  const changes = [{ path: ['hosts'], before: 'a', after: [{ name: unknown }] }];
  const now = { parts: [part('pet.a', 'update', { at: ['configuration', 'pet', 'a'], changes })] };
  const shown = { parts: [part('pet.a', 'update')] };
  expect(otherEffects({ reviewed: plan(shown), now: plan(now), spec })).toMatchObject([
    {
      message: 'Thing/web would change hosts of pet.a from "a" to [{"name":(known after apply)}] now, which the plan did not show.',
      at: 'main:Thing/web configuration.pet.a.hosts',
    },
  ]);
});

test.each<[string, Partial<Step> | undefined, Partial<Step>, string]>([
  [
    'holds data by now',
    deleted(),
    { ...deleted(), loses: ['Thing/web'] },
    'would lose the data of Thing/web now, which the plan did not show',
  ],
  ['comes new', undefined, { action: 'create' }, 'was not in the plan'],
  [
    'does something else',
    { action: 'keep', reason: 'no difference' },
    { changes: [change] },
    'would be update (fields differ) now; the plan showed keep (no difference)',
  ],
  [
    'changes another field',
    { changes: [change] },
    { changes: [change, { path: ['size'], before: 1 }] },
    'would change size from 1 to nothing now, which the plan did not show',
  ],
  [
    'changes a field that is another by now',
    { changes: [change] },
    { changes: [{ ...change, before: 'web:0' }] },
    'would change image from "web:0" to "web:2" now, which the plan did not show',
  ],
  [
    'changes a field to something else',
    { changes: [change] },
    { changes: [{ ...change, after: 'web:3' }] },
    'would change image from "web:1" to "web:3" now, which the plan did not show',
  ],
  [
    'changes a field that is secret by now',
    { changes: [change] },
    { changes: [{ path: ['image'], sensitive: true }] },
    'would change image (a secret value) now, which the plan did not show',
  ],
  [
    'is replaced for another field',
    { action: 'replace', immutable: ['spec.selector'] },
    { action: 'replace', immutable: ['spec.selector', 'spec.clusterIP'] },
    'would be replaced for spec.clusterIP now, which the plan did not show',
  ],
  [
    'is taken from another owner',
    adopted('Helm release web'),
    adopted('Konfig stack other/prod'),
    'would be taken over from Konfig stack other/prod now; the plan showed Helm release web',
  ],
  [
    'is taken from somebody who had no claim when it was reviewed',
    adopted(),
    adopted('Helm release web'),
    'would be taken over from Helm release web now; the plan showed nobody',
  ],
  [
    'takes more along',
    deleted('ConfigMap/theirs'),
    deleted('ConfigMap/theirs', 'PersistentVolumeClaim/data', 'Deployment/api'),
    'would take PersistentVolumeClaim/data and Deployment/api along now, which the plan did not show',
  ],
  [
    'takes along what has got another owner',
    deleted('ConfigMap/theirs'),
    deleted('ConfigMap/theirs of Helm release web'),
    'would take ConfigMap/theirs of Helm release web along now, which the plan did not show',
  ],
])('a step that %s is refused', (_, shown, now, message) => {
  expect(against(shown, now)).toEqual([`Thing/web ${message}.`]);
});

test.each<[string, Partial<Step>, Partial<Step> | undefined]>([
  ['is gone', { changes: [change] }, undefined],
  ['is done already', { changes: [change] }, { action: 'keep', reason: 'no difference' }],
  ['deletes what is gone', deleted(), { action: 'forget', reason: 'already gone' }],
  ['changes fewer fields', { changes: [change, { path: ['size'], after: 2 }] }, { changes: [change] }],
  ['is replaced for fewer fields', { action: 'replace', immutable: ['a', 'b'] }, { action: 'replace', immutable: ['a'] }],
  ['is taken from nobody any more', adopted('Helm release web'), { action: 'adopt', reason: 'owned by nobody' }],
  ['takes fewer along', deleted('ConfigMap/a', 'ConfigMap/b'), deleted('ConfigMap/b')],
])('a step that %s does no more than it showed', (_, shown, now) => {
  expect(against(shown, now)).toEqual([]);
});
