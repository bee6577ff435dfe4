// How a stack is, told again whenever that changes.
import type { Status } from '../src/status';
import { watchStatus } from '../src/status-watch';
import { type Program, type Stage, specOf, stage } from './stage';

const program: Program = { web: {}, db: {} };

/** What is told while it is watched, newest last. */
function watched(shop: Stage) {
  const told: Status[] = [];
  const stop = new AbortController();
  let heard = () => {};
  const onStatus = (status: Status) => {
    told.push(status);
    heard();
  };
  const ended = watchStatus(specOf(program), { world: shop.world('ben'), onStatus }, stop.signal);
  const until = async (isIt: (status: Status) => boolean) => {
    while (!told.some(isIt)) await Promise.race([ended, new Promise<void>((resolve) => (heard = resolve))]);
  };
  return { told, until, ended, stop: () => stop.abort() };
}

const lines = ({ lastRelease, observations }: Status) => [
  lastRelease ? `${lastRelease.number} ${lastRelease.phase}` : 'never applied',
  ...observations.map(({ id, health, message }) => `${id.slice('main:Thing/'.length)} ${health} ${message}`),
];

test('it is told at once, and when something changes', async () => {
  const shop = stage();
  await shop.apply(program);
  const watch = watched(shop);
  await watch.until(({ observations }) => observations.length === 2);
  shop.runtime.says('web', 'crashed', [{ code: 'CrashLoopBackOff', class: 'likely', message: 'exit 1', on: 'Pod/web-1' }]);
  await watch.until(({ observations }) => observations.some(({ message }) => message === 'crashed'));
  watch.stop();
  await watch.ended;
  expect(watch.told.at(0) && lines(watch.told[0] as Status)).toEqual(['1 succeeded', 'db ready is there', 'web ready is there']);
  expect(lines(watch.told.at(-1) as Status)[2]).toMatch(/^web \w+ crashed$/);
  expect(watch.told.at(-1)?.observations[1]?.findings).toMatchObject([{ code: 'CrashLoopBackOff' }]);
});

test('what another run applies meanwhile is followed too', async () => {
  const shop = stage();
  const watch = watched(shop);
  await watch.until(({ lastRelease }) => lastRelease === undefined);
  await shop.apply({ web: {} });
  shop.clock.turn(5);
  await watch.until(({ lastRelease }) => lastRelease?.number === 1);
  await shop.apply(program);
  shop.clock.turn(5);
  await watch.until(({ lastRelease, observations }) => lastRelease?.number === 2 && observations.length === 2);
  watch.stop();
  await watch.ended;
  expect(lines(watch.told.at(-1) as Status)).toEqual(['2 succeeded', 'db ready is there', 'web ready is there']);
});
