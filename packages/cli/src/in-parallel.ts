// Several pieces of work side by side, so many at a time.
import { availableParallelism } from 'node:os';

/** How many processes of their own, such as programs that are read, make sense here. */
export function processesAtOnce(): number {
  return Math.max(2, availableParallelism());
}

/** The answers in the order of the items. Fails with the first failure. */
export async function inParallel<T, R>(items: readonly T[], atOnce: number, work: (item: T) => Promise<R>): Promise<readonly R[]> {
  const answers: R[] = [];
  let next = 0;
  const worker = async () => {
    while (next < items.length) {
      const at = next++;
      answers[at] = await work(items[at] as T);
    }
  };
  await Promise.all(Array.from({ length: Math.min(atOnce, items.length) }, worker));
  return answers;
}
