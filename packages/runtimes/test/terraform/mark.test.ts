// What is written down of a run before it is begun, and what of it counts when the run has died.
import type { PlannedPart } from '@konfig/core';
import type { Said } from '../../src/terraform/diagnostics';
import { type KeptStack, nothingKept } from '../../src/terraform/kept';
import { leftOpen, type Mark, markOf, markProblems, settled, withMade } from '../../src/terraform/mark';
import type { Message } from '../../src/terraform/messages';
import { partsOf } from '../../src/terraform/parts';
import { retakenIn, viewOf } from '../../src/terraform/seen';
import { readState } from '../../src/terraform/state';
import { wishOf } from '../../src/terraform/wish';

const wish = wishOf({ id: 'terraform:Terraform/shop', attributes: { configuration: { resource: { db: { main: {}, other: {} } } } } });
const mark = markOf([part('db.main', 'replace'), part('db.other', 'create'), part('db.old', 'delete')], 'anna@laptop') as Mark;
const killed = { code: undefined, stderr: '' };

test('what is to be made in the place of something else is written down, and what is to be changed or deleted', () => {
  expect(mark).toEqual({ creates: ['db.other'], replaces: ['db.main'], touches: ['db.main', 'db.old'], by: 'anna@laptop' });
  expect(markOf([part('db.main', 'keep'), part('data.x.y', 'read')], 'anna@laptop')).toBeUndefined();
});

test('of a replace that was killed after the delete, the old object in the state says nothing of the new one', () => {
  const said = { ...killed, messages: [start('db.main', 'delete'), start('db.main', 'create')] };
  const left = leftOpen(mark, said);
  expect(left).toEqual({ creates: [], replaces: ['db.main'], touches: ['db.main'], by: 'anna@laptop' });
  expect(lost(left, ['db.main'])).toEqual(['db.main']);
});

test('of a replace that was killed in its delete nothing was made, and what was deleted was deleted by the run', () => {
  const left = leftOpen(mark, { ...killed, messages: [start('db.main', 'delete')] });
  expect(lost(left, [])).toEqual([]);
  const gone = { address: 'db.main', change: { actions: ['delete'], before: { name: 'a' } } };
  const anew = { address: 'db.main', change: { actions: ['create'], after: { name: 'b' } } };
  const plan = { resource_changes: [anew], resource_drift: [gone] };
  expect(partsOf(plan, wish, left)[0]?.reason).toBe('was deleted by the run that died');
  expect(partsOf(plan, wish)[0]?.reason).toBe('was deleted outside of Terraform');
});

test('when all were killed at once, all that was to be made may be there', () => {
  expect(lost(mark, ['db.main'])).toEqual(['db.other', 'db.main']);
});

test('a state that came after it was made has it', () => {
  expect(lost(withMade(mark, new Set(['db.main'])), ['db.main'])).toEqual(['db.other']);
});

test('the state of a Terraform that came to its end has all that was made', () => {
  expect(lost(settled(mark), ['db.main', 'db.other'])).toEqual([]);
  expect(lost(settled(mark), ['db.other'])).toEqual(['db.main']);
  expect(leftOpen(mark, { code: 1, stderr: '', messages: [start('db.main', 'create')] })).toBeUndefined();
  const crash: Message = {
    ...start('db.main', 'create'),
    diagnostic: { severity: 'error', summary: 'Plugin did not respond', detail: '' },
  };
  expect(leftOpen(mark, { code: 1, stderr: '', messages: [crash] } as Said)).toMatchObject({ creates: ['db.main'] });
});

test('what is imported in the place of an old object is imported: the old one is left out of what Terraform sees, and it alone', () => {
  const importing = {
    ...wish,
    configuration: {
      ...wish.configuration,
      import: [
        { to: 'db.main["a"]', id: 'x' },
        { to: 'db.other', id: 'y' },
      ],
    },
  };
  const retaken = retakenIn({ ...nothingKept, mark: { ...mark, replaces: ['db.main["a"]', 'db.main["b"]'] } }, importing);
  expect(retaken).toEqual(['db.main["a"]']);
  const instances = [{ index_key: 'a' }, { index_key: 'a', deposed: '5f3a9c01' }, { index_key: 'b' }];
  const state = stateOf([
    { mode: 'managed', type: 'db', name: 'main', instances },
    { mode: 'managed', type: 'db', name: 'other', instances: [{}] },
  ]);
  expect(readState(viewOf({ text: state }, { forgotten: [], retaken }) ?? '').addresses).toEqual([
    'db.main["a"] (deposed 5f3a9c01)',
    'db.main["b"]',
    'db.other',
  ]);
});

function part(name: string, action: PlannedPart['action']): PlannedPart {
  return { name, action, changes: [] };
}

function start(address: string, action: string): Message {
  return { type: 'apply_start', level: 'info', text: '', hook: { address, action } };
}

/** What the next preview says that may be there, where the state has these. */
function lost(open: Mark | undefined, addresses: readonly string[]): readonly string[] {
  const state = { lineage: 'l', serial: 1, outputs: {}, addresses, tainted: [] };
  const kept: KeptStack = { ...nothingKept, state, ...(open ? { mark: open } : {}) };
  const [problem] = markProblems(kept, wish, { mode: 'apply', stack: 'shop/dev' });
  return problem ? (/It was to make (.+): they/.exec(problem.message)?.[1]?.split(', ') ?? []) : [];
}

function stateOf(resources: readonly object[]): string {
  return JSON.stringify({ version: 4, lineage: 'l', serial: 1, resources });
}
