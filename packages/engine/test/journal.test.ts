import { type JournalEntry, KonfigError, type Lock, type ReleaseStore } from '@konfig/core';
import { type Journal, openJournal } from '../src/journal';
import { holderOf, recordAt, releaseAt, stack } from './records';

/** A store that says what was written to it, one line a write, and answers when it is told to. */
function slowStore() {
  const lines: string[] = [];
  const waiting: { readonly answer: () => void; readonly fail: () => void }[] = [];
  const write = (line: string) =>
    new Promise<void>((resolve, reject) => {
      const fail = () => reject(new KonfigError({ code: 'RECORD_WRITE', message: 'no space left on device' }));
      waiting.push({
        fail,
        answer: () => {
          lines.push(line);
          resolve();
        },
      });
    });
  const store: Pick<ReleaseStore, 'save' | 'append'> = {
    save: (_, __, release) => write(`whole, ${release.phase}`),
    append: (_, { entries }) => write(entries.map(({ id, state }) => `${id} ${state}`).join(', ')),
  };
  /** Lets whoever has been asked to write come so far. */
  const next = async (how: 'answer' | 'fail') => {
    await new Promise((resolve) => setImmediate(resolve));
    waiting.shift()?.[how]();
    await new Promise((resolve) => setImmediate(resolve));
  };
  return { store: store as ReleaseStore, lines, waiting, answers: () => next('answer'), fails: () => next('fail') };
}

interface Opened extends ReturnType<typeof slowStore> {
  readonly journal: Journal;
  readonly lost: AbortController;
  /** Something has become of this step. */
  is(step: string, state: JournalEntry['state']): void;
}

function opened(): Opened {
  const slow = slowStore();
  const lost = new AbortController();
  const states = new Map<string, JournalEntry['state']>();
  const lock: Lock = { holder: holderOf('anna'), fence: 1, lost: lost.signal, release: async () => {} };
  const journal = openJournal(slow.store, lock, {
    stack,
    number: 1,
    whole: (phase) => ({ record: recordAt(1), release: releaseAt(1, phase) }),
    entry: (id) => ({ id, state: states.get(id) ?? 'pending' }),
  });
  const is = (step: string, state: JournalEntry['state']) => {
    states.set(step, state);
    journal.note(step);
  };
  return { ...slow, journal, lost, is };
}

test('whoever asks while a write is under way is in the next one, with all that is so by then', async () => {
  const { journal, is, answers, lines, waiting } = opened();
  is('a', 'started');
  const first = journal.write();
  await answers();
  await first;
  is('a', 'applied');
  const second = journal.write();
  await new Promise((resolve) => setImmediate(resolve));
  is('b', 'started');
  const third = journal.write();
  is('a', 'done');
  const fourth = journal.write();
  expect(waiting).toHaveLength(1);
  await answers();
  await second;
  await answers();
  await Promise.all([third, fourth]);
  expect(lines).toEqual(['a started', 'a applied', 'b started, a done']);
});

test('what could not be written is in the next batch', async () => {
  const { journal, is, answers, fails, lines } = opened();
  is('a', 'done');
  const first = journal.write().catch(({ message }) => message);
  await fails();
  expect(await first).toBe('RECORD_WRITE  no space left on device');
  is('b', 'started');
  const second = journal.write();
  await answers();
  await second;
  expect(lines).toEqual(['a done, b started']);
});

test('where nothing has become of any step nothing is written', async () => {
  const { journal, waiting } = opened();
  await journal.write();
  expect(waiting).toEqual([]);
});

test('the end is saved whole, after what is under way, also when that fails', async () => {
  const { journal, is, answers, fails, lines } = opened();
  const begun = journal.begin();
  await answers();
  await begun;
  is('a', 'done');
  journal.write().catch(() => {});
  const end = journal.finish('succeeded');
  await fails();
  await answers();
  await end;
  expect(lines).toEqual(['whole, applying', 'whole, succeeded']);
});

test('without the lock nothing is written any more', async () => {
  const { journal, is, lost, waiting } = opened();
  lost.abort();
  is('a', 'started');
  for (const work of [journal.begin(), journal.write(), journal.finish('failed')])
    await expect(work).rejects.toMatchObject({ problems: [{ code: 'LOCK_LOST' }] });
  expect(waiting).toEqual([]);
});
