// Nothing is changed that nobody confirmed: the question, and what a command that ends here says.
import { namesText, type Plan, type Problem } from '@konfig/core';
import { exitCodes } from './exit-code';
import { spokenOf } from './render/style';
import type { Shell } from './shell';

/** A question, and the answer that means yes. */
export interface Question {
  readonly text: string;
  readonly isYes: (answer: string) => boolean;
}

/** A list further up is easily passed over: what holds data and goes with the plan is named where the answer is given. */
export function withLosses(question: Question, { steps }: Pick<Plan, 'steps'>): Question {
  const lost = steps.flatMap(({ loses = [] }) => loses);
  return lost.length === 0 ? question : { ...question, text: `This loses the data of ${namesText(lost)}. ${question.text}` };
}

/** Asks who sits there; undefined for a yes, else the exit code. ^C and the end of the input are no answer. */
export async function ask({ text, isYes }: Question, shell: Shell): Promise<number | undefined> {
  const isSpoken = spokenOf(shell.env);
  const answer = await shell.ask?.(isSpoken ? text.replace('[y/N]', 'Type yes or no:') : text, { isPlain: isSpoken });
  if (answer !== undefined && isYes(answer.trim())) return undefined;
  shell.stderr.write(`${answer === undefined ? '\n' : ''}Nothing was changed.\n`);
  return answer === undefined ? exitCodes.cancelled : exitCodes.error;
}

/** Why a command ends where nobody can be asked. */
export function unconfirmed(hint: string): Problem {
  return { code: 'USAGE', message: 'Nothing was changed: nobody is here to confirm.', hint };
}
