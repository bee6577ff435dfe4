// Rules from outside, checked as a whole before any is asked.
import { didYouMean, isObject, type Json, type JsonObject, type Problem, type SourceLine } from '@konfig/core';
import { celFault } from './cel';

const classes = ['terminal', 'likely', 'transient'];
const healths = ['ready', 'progressing', 'degraded', 'suspended'];

/** What is wrong with a list of rules; nothing: it is one. */
export function ruleProblems(rules: Json | undefined, source?: SourceLine): readonly Problem[] {
  const problem = (at: string, message: string, hint: string): Problem => ({
    code: 'HEALTH_RULE_INVALID',
    message: `${at}: ${message}`,
    hint,
    ...(source && { source }),
  });
  if (!Array.isArray(rules)) return [problem('rules', 'This is no list of rules.', 'Write a list: - kind: Widget.example.com …')];
  return rules.flatMap((rule, i) => faultsOf(rule, `rules[${i}]`).map(({ at, message, hint }) => problem(at, message, hint)));
}

interface Fault {
  readonly at: string;
  readonly message: string;
  readonly hint: string;
}

function faultsOf(rule: Json, at: string): readonly Fault[] {
  if (!isObject(rule)) return [{ at, message: `${JSON.stringify(rule)} is no rule.`, hint: 'A rule has a kind and cases.' }];
  const { kind, from, cases } = rule;
  const here = typeof kind === 'string' && kind !== '' ? `${at} (${kind})` : at;
  return [
    ...unknownKeys(rule, ['kind', 'from', 'cases'], here),
    ...(isKind(kind)
      ? []
      : [{ at, message: `The kind is ${JSON.stringify(kind)}.`, hint: 'Write kind and group: Certificate.cert-manager.io.' }]),
    ...(from === undefined || typeof from === 'string'
      ? []
      : [{ at: here, message: 'from is no text.', hint: 'Name a page of documentation.' }]),
    ...(Array.isArray(cases) && cases.length > 0
      ? cases.flatMap((one, i) => faultsOfCase(one, `${here}.cases[${i}]`))
      : [{ at: here, message: 'It has no cases.', hint: "Write cases: [{ when: …, health: 'progressing' }]." }]),
  ];
}

function isKind(kind: Json | undefined): boolean {
  return typeof kind === 'string' && /^(\*|[A-Za-z][A-Za-z0-9]*)(\.(\*\.)?[a-z0-9][-a-z0-9.]*)?$/.test(kind) && kind !== '*';
}

function faultsOfCase(one: Json, at: string): readonly Fault[] {
  if (!isObject(one)) return [{ at, message: `${JSON.stringify(one)} is no case.`, hint: 'A case has when and health.' }];
  const { when, health, message, messageExpression, class: sure } = one;
  return [
    ...unknownKeys(one, ['when', 'health', 'message', 'messageExpression', 'class'], at),
    ...faultsOfExpression(when, 'bool', `${at}.when`),
    ...(healths.includes(health as string)
      ? []
      : [{ at, message: `health is ${JSON.stringify(health)}.`, hint: `Write one of ${healths.join(', ')}.` }]),
    ...(sure === undefined || classes.includes(sure as string)
      ? []
      : [{ at, message: `class is ${JSON.stringify(sure)}.`, hint: `Write one of ${classes.join(', ')}.` }]),
    ...(message === undefined || typeof message === 'string'
      ? []
      : [{ at, message: 'message is no text.', hint: 'Write one line for people.' }]),
    ...(messageExpression === undefined ? [] : faultsOfExpression(messageExpression, 'string', `${at}.messageExpression`)),
  ];
}

const longestExpression = 2000;

function faultsOfExpression(expression: Json | undefined, type: 'bool' | 'string', at: string): readonly Fault[] {
  if (typeof expression !== 'string' || expression.length > longestExpression)
    return [
      { at, message: `It is no expression of up to ${longestExpression} characters.`, hint: "Write CEL: condition('Ready') == 'True'." },
    ];
  const fault = celFault(expression, type);
  return fault === undefined ? [] : [{ at, message: `${expression}: ${fault}.`, hint: 'The language: https://cel.dev.' }];
}

function unknownKeys(of: JsonObject, known: readonly string[], at: string): readonly Fault[] {
  return Object.keys(of)
    .filter((key) => !known.includes(key))
    .map((key) => ({ at, message: `It has no field ${key}.`, hint: `${didYouMean(key, known)}It may have ${known.join(', ')}.` }));
}
