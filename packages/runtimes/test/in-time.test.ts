// What others have written runs for a while only: patterns in the schemas of services and of custom resources.
import { inTime, matchesInTime } from '../src/in-time';
import { faultsIn as customFaults } from '../src/kubernetes/custom/validate';
import { faultsIn } from '../src/service/schema';

// For this text it would need longer than the universe is old.
const endless = '^(a+)+$';
const text = `${'a'.repeat(100)}!`;

test('what the machine had no time for is run again', () => {
  const noTime = () => void Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 400);
  let asked = 0;
  const answer = inTime(() => {
    asked++;
    if (asked === 1) noTime();
    return 'told';
  });
  expect({ answer, asked }).toEqual({ answer: 'told', asked: 2 });
});

test('a pattern that finds its end is asked, of short texts and of long ones', () => {
  const pattern = /^a+$/;
  expect(['aa', 'a'.repeat(100), 'ab', text].map((one) => matchesInTime(pattern, one, true))).toEqual([true, true, false, false]);
});

test('in the schema of a service, a text for which its pattern finds no end does not match', () => {
  const schema = { type: 'object', properties: { name: { type: 'string', pattern: endless }, team: { type: 'string' } } };
  expect(faultsIn({ name: text, team: 1 }, schema)).toMatchObject([
    { field: '/name', detail: expect.stringContaining(`must match pattern "${endless}"`) },
    { field: '/team', detail: 'is 1, and must be string' },
  ]);
});

test('in the schema of a custom resource it is left to the server, whose patterns always find their end', () => {
  const schema = { type: 'object', properties: { spec: { type: 'string', pattern: endless }, team: { type: 'string' } } };
  expect(customFaults(schema, { spec: text, team: 1 })).toMatchObject([{ path: ['team'] }]);
});
