// The summary of a run for an incoming webhook: a text that chat systems show, and the data for whoever computes with it.
import type { Summary, SummedProblem } from '../summary/summary';
import { cutText } from './clean-text';
import { errorsOf, headText, isWorthTelling, placeWords, problemWords } from './summary-words';

/** What is posted. Chat systems read `text` and pass over what they do not know. */
export interface Message {
  readonly text: string;
  readonly konfig: Summary & {
    /** How many resources and problems are left out: what did not change is, and what is beyond the first hundred. */
    readonly omitted: { readonly resources: number; readonly problems: number };
  };
}

const mostResources = 100;
const mostProblems = 20;
const mostTold = 3;

export function summaryMessage(summary: Summary): Message {
  const resources = summary.resources.filter(isWorthTelling).slice(0, mostResources);
  const problems = summary.problems.slice(0, mostProblems);
  const omitted = { resources: summary.resources.length - resources.length, problems: summary.problems.length - problems.length };
  return { text: messageText(summary), konfig: { ...summary, resources, problems, omitted } };
}

function messageText(summary: Summary): string {
  const errors = errorsOf(summary);
  const more = errors.length > mostTold ? [`… and ${errors.length - mostTold} more.`] : [];
  return [headText(summary), ...errors.slice(0, mostTold).map(errorText), ...more].map(harmless).join('\n');
}

function errorText(problem: SummedProblem): string {
  const place = placeWords(problem);
  return `${problem.code}: ${cutText(problemWords(problem), 600)}${place === '' ? '' : `\nat ${place}`}`;
}

/** Slack takes what stands in <> for a mention or a link; others call everybody by `@all`. */
function harmless(text: string): string {
  return text
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replace(/@(?=(all|channel|here|everyone)\b)/gi, '@\u200b');
}
