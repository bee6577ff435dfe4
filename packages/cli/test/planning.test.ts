import { tellingThatItPlans } from '../src/planning';
import type { Shell } from '../src/shell';

beforeEach(() => jest.useFakeTimers());
afterEach(() => jest.useRealTimers());

test('a plan that takes long says so every ten seconds, until it is there', async () => {
  const lines: string[] = [];
  const stderr = { write: (line: string) => lines.push(line) } as unknown as Shell['stderr'];
  let done = (_: string) => {};
  const planning = tellingThatItPlans('shop/dev', { stderr }, new Promise<string>((resolve) => (done = resolve)));
  jest.advanceTimersByTime(9_000);
  expect(lines).toEqual([]);
  jest.advanceTimersByTime(11_000);
  done('planned');
  expect(await planning).toBe('planned');
  jest.advanceTimersByTime(60_000);
  expect(lines).toEqual(['Still planning shop/dev, for 10 s.\n', 'Still planning shop/dev, for 20 s.\n']);
});
