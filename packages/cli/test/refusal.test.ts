// What --yes alone does not do, and the one option that it takes.
import type { Problem, ProblemCode, Step } from '@konfig/core';
import { importsOf } from '../src/commands/import';
import { type Confirmation, refusalsOf } from '../src/commands/refusal';
import { withLosses } from '../src/confirm';
import type { Shell } from '../src/shell';

const yes: Confirmation = { output: 'text', yes: true, allowMassDelete: false, includeData: false, allowOrphans: false };

function refused(codes: readonly ProblemCode[], options: Partial<Confirmation> = {}): readonly string[] {
  const problems = codes.map((code): Problem => ({ code, severity: 'warning', message: '' }));
  return refusalsOf(problems, { ...yes, ...options }, {} as Shell).map(({ message, hint }) => `${message} ${hint}`);
}

test('a mass deletion takes --allow-mass-delete, and nothing else', () => {
  expect(refused(['PLAN_RISKY'])).toEqual([expect.stringMatching(/deletes neither.*--allow-mass-delete/)]);
  expect(refused(['PLAN_RISKY'], { allowOrphans: true })).toHaveLength(1);
  expect(refused(['PLAN_RISKY', 'RESOURCE_HOLDS_OTHERS'], { allowMassDelete: true })).toEqual([]);
});

test('what holds data goes with --include-data, and with nothing else', () => {
  expect(refused(['PLAN_LOSES_DATA'], { allowMassDelete: true, allowOrphans: true })).toEqual([
    'Nothing was changed: --yes alone neither deletes nor replaces what holds data. If that data may go, add --include-data.',
  ]);
  expect(refused(['PLAN_LOSES_DATA'], { includeData: true })).toEqual([]);
});

test('the question itself names what holds data and goes, and is as ever where nothing does', () => {
  const question = { text: 'Apply this plan? [y/N] ', isYes: () => true };
  const steps = [{ id: 'main:Service/web' }, { id: 'terraform:Terraform/cloud', loses: ['aws_db_instance.main'] }] as unknown as Step[];
  expect(withLosses(question, { steps }).text).toBe('This loses the data of aws_db_instance.main. Apply this plan? [y/N] ');
  expect(withLosses(question, { steps: steps.slice(0, 1) })).toBe(question);
});

test('what a run that died may have left has its own words and its own option, and nobody speaks of deletion', () => {
  const [text] = refused(['PLAN_ORPHANS'], { allowMassDelete: true });
  expect(text).toMatch(/konfig import.*--allow-orphans/);
  expect(text).not.toMatch(/mass-delete|most of a stack/);
  expect(refused(['PLAN_ORPHANS'], { allowOrphans: true })).toEqual([]);
});

test('both take both', () => {
  expect(refused(['PLAN_RISKY', 'PLAN_ORPHANS'])).toHaveLength(2);
});

describe('konfig import', () => {
  const args = (...words: readonly string[]) => {
    const [part = '', id = '', ...more] = words;
    return importsOf({ part, id, more });
  };

  test('takes pairs of address and id', () => {
    expect(args('role.a', '1', 'role.b', '2')).toEqual([
      { part: 'role.a', id: '1' },
      { part: 'role.b', id: '2' },
    ]);
  });

  test('names the address that has no id behind it', () => {
    expect(() => args('role.a', '1', 'role.b')).toThrow('role.b has no id behind it.');
  });
});
