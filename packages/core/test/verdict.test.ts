import { dateFindings, failsAt, type Observation } from '../src/health';
import { defaultSettings } from '../src/spec';
import { isCurrent, verdictOf, type Waiting } from '../src/verdict';

const settings = { ...defaultSettings, resourceTimeout: 100, noProgressTimeout: 50, totalTimeout: 1000 };
const seen: Observation = {
  id: 'main:Thing/web',
  exists: true,
  uid: 'u',
  generation: 2,
  health: 'progressing',
  message: 'starting',
  findings: [],
  related: [],
};
const waiting: Waiting = {
  id: 'main:Thing/web',
  wish: 'ready',
  uid: 'u',
  generation: 2,
  observation: seen,
  findings: [],
  appliedAt: 0,
  changedAt: 0,
  deadline: 1_000_000,
};
const finding = { code: 'CrashLoopBackOff', class: 'likely' as const, message: 'exit 1', on: 'Pod/web', since: 0 };
const judge = (change: Partial<Waiting>, now = 0) => verdictOf({ ...waiting, ...change }, settings, {}, now);

test.each<[string, Partial<Waiting>, number, ReturnType<typeof judge>['state']]>([
  ['ready', { observation: { ...seen, health: 'ready' } }, 0, 'done'],
  ['ready in an older generation', { observation: { ...seen, health: 'ready', generation: 1 } }, 0, 'waiting'],
  ['ready, but another object', { observation: { ...seen, health: 'ready', uid: 'v' } }, 0, 'waiting'],
  ['ready, but gone', { observation: { ...seen, health: 'ready', exists: false } }, 0, 'waiting'],
  ['suspended, as it was wished', { observation: { ...seen, health: 'suspended' } }, 0, 'done'],
  [
    'ready in spite of a terminal finding',
    { observation: { ...seen, health: 'ready' }, findings: [{ ...finding, class: 'terminal' }] },
    0,
    'done',
  ],
  ['with a terminal finding', { findings: [{ ...finding, class: 'terminal' }] }, 0, 'failed'],
  ['with a likely finding in its grace', { findings: [finding], changedAt: 20_000 }, 59_999, 'waiting'],
  ['with a likely finding past its grace', { findings: [finding], changedAt: 20_000 }, 60_000, 'failed'],
  ['with a transient finding', { findings: [{ ...finding, class: 'transient' }] }, 49_999, 'waiting'],
  ['standing still', {}, 50_000, 'failed'],
  ['moving, but for too long', { changedAt: 99_000 }, 100_000, 'failed'],
  ['at the end of the operation', { changedAt: 9_000, appliedAt: 9_000, deadline: 10_000 }, 10_000, 'failed'],
])('%s', (_, change, now, state) => {
  expect(judge(change, now).state).toBe(state);
});

test('a delete is done when the object is gone or another one stands there', () => {
  expect(judge({ wish: 'gone' }).state).toBe('waiting');
  expect(judge({ wish: 'gone', observation: { ...seen, exists: false } }).state).toBe('done');
  expect(judge({ wish: 'gone', observation: { ...seen, uid: 'v' } }).state).toBe('done');
});

test('it is to be asked again at the earliest moment at which anything could fail it', () => {
  expect(judge({})).toEqual({ state: 'waiting', until: 50_000 });
  expect(judge({ findings: [{ ...finding, grace: 7 }] })).toEqual({ state: 'waiting', until: 7_000 });
  expect(judge({ deadline: 3_000 })).toEqual({ state: 'waiting', until: 3_000 });
});

test('the earliest of several findings is the one that is told', () => {
  const verdict = judge({ findings: [finding, { ...finding, code: 'Terminal', class: 'terminal' }] });
  expect(verdict).toMatchObject({ problem: { message: 'Thing/web will not become ready: Pod/web: Terminal, exit 1' } });
});

test('an observation without a generation speaks of the object as it is', () => {
  const { generation, ...without } = seen;
  expect(generation).toBe(2);
  expect(isCurrent({ uid: 'u', generation: 9 }, without)).toBe(true);
  expect(isCurrent({ uid: 'v' }, without)).toBe(false);
  expect(isCurrent({}, seen)).toBe(true);
});

test('a finding that lasts keeps its date, one that comes back begins anew', () => {
  const { since, ...plain } = finding;
  expect(since).toBe(0);
  const first = dateFindings([], [plain], 1000);
  expect(dateFindings(first, [{ ...plain, message: 'exit 2' }], 2000)).toEqual([{ ...plain, message: 'exit 2', since: 1000 }]);
  expect(dateFindings(dateFindings(first, [], 2000), [plain], 3000)[0]?.since).toBe(3000);
  expect(dateFindings(first, [{ ...plain, on: 'Pod/other' }], 2000)[0]?.since).toBe(2000);
});

test("the workspace's grace wins over the finding's, that over a minute", () => {
  expect(failsAt(finding, { graces: {} })).toBe(60_000);
  expect(failsAt({ ...finding, grace: 5 }, { graces: {} })).toBe(5_000);
  expect(failsAt({ ...finding, grace: 5 }, { graces: { CrashLoopBackOff: 9 } })).toBe(9_000);
  expect(failsAt({ ...finding, class: 'terminal' }, { graces: { CrashLoopBackOff: 10 } })).toBe(10_000);
  expect(failsAt({ ...finding, class: 'transient' }, { graces: { CrashLoopBackOff: 10 } })).toBeUndefined();
});

test('a code that the message holds already is not said twice', () => {
  const terminal = { ...finding, class: 'terminal' as const, message: 'app: CrashLoopBackOff, exit 1' };
  expect(judge({ findings: [terminal] })).toMatchObject({
    problem: { message: 'Thing/web will not become ready: Pod/web: app: CrashLoopBackOff, exit 1' },
  });
});
