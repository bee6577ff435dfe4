// What the API server refuses in kinds whose pods come to an end.
import { asLater, isObject } from '@konfig/core';
import { at, type Entry, objectAt } from '../../field';
import { isCron } from '../cron';
import { type Fault, quoted } from '../fault';
import { textFaults } from '../limits';
import { isLabelName, labelHint } from '../syntax';
import { podFaults } from './pod';
import type { Rule } from './rule';

export const job: Rule = (object, minor) => [
  ...indexedNameFaults(object),
  ...objectAt(object, 'spec').flatMap((spec) => jobFaults(spec, minor)),
];

/** Its pods are called by it, with their index behind. */
function indexedNameFaults({ value }: Entry): readonly Fault[] {
  const name = at(value, 'metadata', 'name');
  const completions = at(value, 'spec', 'completions');
  if (typeof name !== 'string' || at(value, 'spec', 'completionMode') !== 'Indexed' || typeof completions !== 'number') return [];
  if (isLabelName(`${name}-${Math.max(0, completions - 1)}`)) return [];
  return [
    {
      path: ['metadata', 'name'],
      message: `The name ${quoted(name)} of an indexed Job, with an index behind, is no DNS label.`,
      hint: labelHint,
    },
  ];
}

export const cronJob: Rule = (object, minor) => [
  ...nameFaults(object),
  ...objectAt(object, 'spec').flatMap((spec) => [
    ...textFaults(spec, 'schedule', {
      isOk: isCron,
      words: 'schedule of cron',
      hint: 'Write minute, hour, day, month and weekday ("*/5 * * * *"), or a word such as @daily. A time zone goes into timeZone.',
    }),
    ...textFaults(spec, 'timeZone', { isOk: isTimeZone, words: 'time zone', hint: 'Write it as Europe/Berlin or Etc/UTC.' }),
    ...objectAt(spec, 'jobTemplate', 'spec').flatMap((job) => jobFaults(job, minor)),
  ]),
];

/** Its jobs are called by it, with eleven characters behind. */
function nameFaults({ value }: Entry): readonly Fault[] {
  const name = isObject(value.metadata) ? value.metadata.name : undefined;
  if (typeof name !== 'string' || name.length <= 52) return [];
  return [
    { path: ['metadata', 'name'], message: `The name ${quoted(name)} has ${name.length} characters, but that of a CronJob may have 52.` },
  ];
}

function isTimeZone(name: string): boolean {
  if (name.toLowerCase() === 'local') return false;
  try {
    new Intl.DateTimeFormat('en', { timeZone: name });
    return !/^[+-]/.test(name);
  } catch {
    return false;
  }
}

function jobFaults(spec: Entry, minor: number): readonly Fault[] {
  const { completionMode, completions, manualSelector, selector } = spec.value;
  const isUnasked = selector !== undefined && selector !== null && manualSelector !== true && !asLater(manualSelector);
  return [
    ...(completionMode === 'Indexed' && (completions === undefined || completions === null)
      ? [{ path: [...spec.path, 'completions'], message: 'completions is missing, which completionMode: Indexed needs.' }]
      : []),
    ...(isUnasked
      ? [{ path: [...spec.path, 'selector'], message: 'A Job makes its selector by itself.', hint: 'Leave selector out.' }]
      : []),
    ...objectAt(spec, 'template', 'spec').flatMap((pod) => podFaults(pod, { minor, restartPolicies: ['Never', 'OnFailure'] })),
  ];
}
