// A command that is summed up when it is over, however it ends: in files, and to webhooks.
import { type Problem, problemsOf } from '@konfig/core';
import { type Several, severalOf } from '../arguments/several';
import type { SummaryArguments } from '../arguments/summary-options';
import { exitCodeOf, exitCodes } from '../exit-code';
import type { Shell } from '../shell';
import { type Course, listen, untold } from './course';
import { summaryFile, writeSummary } from './files';
import { type Summary, type SummedCommand, summaryOf } from './summary';
import { tell, webhooksOf } from './webhook';

/** What is summed up, and for whom. */
export interface Wish extends SummaryArguments {
  readonly command: SummedCommand;
  readonly stack?: string | undefined;
  readonly notify?: Several;
}

/** Does the work, which tells its course; gives its exit code, or fails as it does. Fails with USAGE before that, where there is nowhere to put a summary. */
export async function summedUp(wish: Wish, shell: Shell, work: (course: Course) => Promise<number>): Promise<number> {
  const files = (severalOf(wish.summary) ?? []).map((name) => summaryFile(name, shell));
  // A preview changes nothing that somebody would have to hear of.
  const webhooks = wish.command === 'preview' ? [] : webhooksOf(severalOf(wish.notify), shell.env);
  if (files.length + webhooks.length === 0) return work(untold);
  const course = listen();
  const startedAt = Date.now();
  const sum = (code: number, problems: readonly Problem[] = []): Summary =>
    summaryOf({ command: wish.command, stack: wish.stack ?? '?', startedAt, endedAt: Date.now(), code, problems, ...course.heard() });
  const write = (summary: Summary) => {
    for (const file of files) writeSummary(file, summary, shell);
  };
  // Whoever is interrupted twice, or before anybody listens, leaves at once: there is time for files only.
  const leave = () => write(sum(exitCodes.cancelled));
  process.once('exit', leave);
  const end = async (code: number, problems?: readonly Problem[]) => {
    await course.settled();
    process.off('exit', leave);
    const summary = sum(code, problems);
    write(summary);
    await Promise.all(webhooks.map((webhook) => tell(webhook, summary, shell)));
  };
  const code = await work(course).catch(async (error) => {
    const problems = problemsOf(error, `konfig ${wish.command}`);
    await end(exitCodeOf(problems), problems);
    throw error;
  });
  await end(code);
  return code;
}
