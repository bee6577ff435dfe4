// What the API server refuses in kinds that keep pods running.
import { asLater, isObject, type JsonObject } from '@konfig/core';
import { at, type Entry, entriesAt, list, objectAt } from '../../field';
import { type Fault, quoted } from '../fault';
import { numberFaults, shareFaults } from '../limits';
import { isLabelName, labelHint } from '../syntax';
import { podFaults } from './pod';
import type { Rule } from './rule';
import { isEmptySelector, mismatchOf, selectorFaults } from './selector';
import { claimFaults } from './storage';

const always = { restartPolicies: ['Always'] };

export const deployment: Rule = (object, minor) => [
  ...keepsPods(object, minor),
  ...objectAt(object, 'spec').flatMap((spec) => [...deadlineFaults(spec), ...objectAt(spec, 'strategy').flatMap(strategyFaults)]),
];

export const daemonSet: Rule = (object, minor) => [
  ...keepsPods(object, minor),
  ...objectAt(object, 'spec', 'updateStrategy', 'rollingUpdate').flatMap(rollingFaults),
];

export const pod: Rule = (object, minor) =>
  objectAt(object, 'spec').flatMap((spec) => podFaults(spec, { minor, restartPolicies: ['Always', 'OnFailure', 'Never'] }));

export const podTemplate: Rule = (object, minor) =>
  objectAt(object, 'template', 'spec').flatMap((spec) => podFaults(spec, { minor, restartPolicies: ['Always', 'OnFailure', 'Never'] }));

/** Its selector is plain labels, and those of the template where it has none. */
export const replicationController: Rule = (object, minor) => [
  ...objectAt(object, 'spec', 'template', 'spec').flatMap((spec) => podFaults(spec, { minor, ...always })),
  ...objectAt(object, 'spec').flatMap((spec) =>
    objectAt(spec, 'selector').flatMap(({ value, path }) => matchFaults({ value: { matchLabels: value }, path }, spec.value)),
  ),
];

/** Since 1.36 its name is that of its pods, without the number. */
export const statefulSet: Rule = (object, minor) => {
  const name = at(object.value, 'metadata', 'name');
  const isLong = minor >= 36 && typeof name === 'string' && !isLabelName(name);
  const message = `The name ${quoted(name)} of a StatefulSet is no DNS label.`;
  return [
    ...(isLong ? [{ path: ['metadata', 'name'], message, hint: labelHint }] : []),
    ...claimsFaults(object),
    ...keepsPods(object, minor),
  ];
};

function claimsFaults(set: Entry): readonly Fault[] {
  return entriesAt(set, 'spec', 'volumeClaimTemplates').flatMap((claim) => objectAt(claim, 'spec').flatMap(claimFaults));
}

/** ReplicaSets are this and no more. */
export const keepsPods: Rule = (object, minor) => {
  const [spec] = objectAt(object, 'spec');
  if (!spec) return [];
  const claims = list(spec.value.volumeClaimTemplates);
  return [...selectsFaults(spec), ...objectAt(spec, 'template', 'spec').flatMap((pod) => podFaults(pod, { minor, claims, ...always }))];
};

function selectsFaults(spec: Entry): readonly Fault[] {
  const [selector] = objectAt(spec, 'selector');
  if (!selector) return [];
  const labels = at(spec.value, 'template', 'metadata', 'labels');
  if (isEmptySelector(selector.value)) {
    const hint =
      isObject(labels) && !asLater(labels) ? `Write matchLabels: ${quoted(labels)}.` : 'Write the labels of the template into matchLabels.';
    return [{ path: selector.path, message: 'selector is empty, but must select the pods of the template.', hint }];
  }
  return [...selectorFaults(selector), ...matchFaults(selector, spec.value)];
}

function matchFaults(selector: Entry, spec: JsonObject): readonly Fault[] {
  const template = spec.template;
  if (!isObject(template) || asLater(template)) return [];
  const labels = at(template, 'metadata', 'labels');
  const mismatch = mismatchOf(selector.value, labels);
  if (!mismatch) return [];
  const there =
    isObject(labels) && Object.hasOwn(labels, mismatch.key) ? `${mismatch.key}: ${String(labels[mismatch.key])}` : `no ${mismatch.key}`;
  return [
    {
      path: selector.path,
      message: `The selector wants ${mismatch.wanted}, but the template's labels have ${there}.`,
      hint: 'Give selector and template.metadata.labels the same labels.',
    },
  ];
}

function deadlineFaults(spec: Entry): readonly Fault[] {
  const { progressDeadlineSeconds: deadline = 600, minReadySeconds: ready = 0 } = spec.value;
  if (typeof deadline !== 'number' || typeof ready !== 'number' || deadline > ready || ready < 0)
    return numberFaults(spec, 'progressDeadlineSeconds', 0);
  return [
    {
      path: [...spec.path, 'progressDeadlineSeconds'],
      message: `progressDeadlineSeconds is ${deadline}, but must be more than minReadySeconds (${ready}).`,
    },
  ];
}

function strategyFaults(strategy: Entry): readonly Fault[] {
  const rolling = objectAt(strategy, 'rollingUpdate');
  if (strategy.value.type === 'Recreate' && rolling[0])
    return [
      {
        path: rolling[0].path,
        message: 'rollingUpdate is there, but the strategy is Recreate.',
        hint: 'Leave rollingUpdate out, or write type: RollingUpdate.',
      },
    ];
  return rolling.flatMap(rollingFaults);
}

function rollingFaults(rolling: Entry): readonly Fault[] {
  const isNone = (field: string) => rolling.value[field] === 0 || rolling.value[field] === '0%';
  const most = typeof rolling.value.maxUnavailable === 'string' ? Number.parseInt(rolling.value.maxUnavailable, 10) : 0;
  return [
    ...['maxSurge', 'maxUnavailable'].flatMap((field) => shareFaults(rolling, field)),
    ...(isNone('maxSurge') && isNone('maxUnavailable')
      ? [
          {
            path: [...rolling.path, 'maxUnavailable'],
            message: 'maxSurge and maxUnavailable are both 0, so that nothing could ever be rolled out.',
          },
        ]
      : []),
    ...(most > 100 ? [{ path: [...rolling.path, 'maxUnavailable'], message: `maxUnavailable is ${most}%, more than all.` }] : []),
  ];
}
