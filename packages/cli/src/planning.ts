// Planning mostly takes a second. Where it takes longer, whoever waits is told that it goes on.
import type { Shell } from './shell';

/** Seconds. */
const tellEvery = 10;

/** On standard error: what is on standard output may be for a script. */
export async function tellingThatItPlans<T>(stack: string, shell: Pick<Shell, 'stderr'>, planning: Promise<T>): Promise<T> {
  let seconds = 0;
  const timer = setInterval(() => {
    seconds += tellEvery;
    shell.stderr.write(`Still planning ${stack}, for ${seconds} s.\n`);
  }, tellEvery * 1000);
  try {
    return await planning;
  } finally {
    clearInterval(timer);
  }
}
