// The summary of a run as JUnit's XML: a test case for the run itself, and one for each resource. It keeps to the schema of Ant's reports, which asks for more
// than that of Jenkins does: https://github.com/windyroad/JUnit-Schema
import { catalogue, isError } from '@konfig/core';
import type { Summary, SummedProblem, SummedResource } from '../summary/summary';
import { becameText, errorsOf, headText, isWorthTelling, placeWords, problemWords } from './summary-words';

export function summaryJunit(summary: Summary): string {
  const errors = new Map<string | undefined, SummedProblem[]>();
  for (const problem of errorsOf(summary)) errors.set(problem.resource, [...(errors.get(problem.resource) ?? []), problem]);
  const cases = [runCase(summary), ...summary.resources.map((resource) => resourceCase(summary, resource, errors.get(resource.id)))];
  const count = (end: Case['end']) => String(cases.filter((one) => one.end === end).length);
  const suite = {
    name: `konfig ${summary.command} ${summary.stack}`,
    package: 'konfig',
    id: '0',
    // The schema has no time zone.
    timestamp: summary.startedAt.slice(0, 19),
    hostname: 'localhost',
    tests: String(cases.length),
    failures: count('failure'),
    errors: count('error'),
    skipped: count('skipped'),
    time: timeText(summary.seconds),
  };
  const lines = [
    element('properties', {}, propertiesOf(summary)),
    ...cases.map(caseLines),
    [textElement('system-out', {}, systemOut(summary))],
    ['<system-err/>'],
  ].flat();
  return ['<?xml version="1.0" encoding="UTF-8"?>', ...element('testsuites', {}, element('testsuite', suite, lines)), ''].join('\n');
}

interface Case {
  readonly name: string;
  readonly seconds: number;
  readonly stack: string;
  readonly end: 'passed' | 'failure' | 'error' | 'skipped';
  readonly problems: readonly SummedProblem[];
  /** Why it was skipped, or what there is to say where no problem was told. */
  readonly message: string;
}

/** Fails by what is wrong with no resource of the plan. */
function runCase(summary: Summary): Case {
  const known = new Set(summary.resources.map(({ id }) => id));
  const problems = errorsOf(summary).filter(({ resource }) => resource === undefined || !known.has(resource));
  const isBad = problems.length > 0 || summary.outcome === 'cancelled' || summary.outcome === 'refused';
  const { stack, seconds, command, headline } = summary;
  return { name: `konfig ${command} ${stack}`, seconds, stack, end: isBad ? 'error' : 'passed', problems, message: headline };
}

function resourceCase(summary: Summary, resource: SummedResource, problems: readonly SummedProblem[] = []): Case {
  return {
    name: resource.name,
    seconds: resource.seconds ?? 0,
    stack: summary.stack,
    end: endOf(resource),
    problems,
    message: becameText(resource),
  };
}

function endOf(resource: SummedResource): Case['end'] {
  if (resource.state === 'failed') return 'failure';
  return isWorthTelling(resource) && ['skipped', 'pending', 'unawaited'].includes(resource.state) ? 'skipped' : 'passed';
}

function caseLines({ name, seconds, stack, end, problems, message }: Case): readonly string[] {
  const attributes = { name, classname: stack, time: timeText(seconds) };
  if (end === 'passed') return element('testcase', attributes, []);
  if (end === 'skipped') return element('testcase', attributes, [`<skipped${attributesText({ message })}/>`]);
  const [first] = problems;
  const told = { message: first ? (problemWords(first).split('\n')[0] ?? message) : message, type: first?.code ?? 'CANCELLED' };
  return element('testcase', attributes, [textElement(end, told, problems.map(problemText).join('\n\n'))]);
}

function problemText(problem: SummedProblem): string {
  const place = placeWords(problem);
  return [`${problem.code}: ${catalogue[problem.code]}`, problemWords(problem), ...(place === '' ? [] : [`at ${place}`])].join('\n');
}

function propertiesOf({ command, stack, outcome, release }: Summary): readonly string[] {
  const properties = { command, stack, outcome, ...(release === undefined ? {} : { release: String(release) }) };
  return Object.entries(properties).map(([name, value]) => `<property${attributesText({ name, value })}/>`);
}

function systemOut(summary: Summary): string {
  const warnings = summary.problems.filter((problem) => !isError(problem));
  return [headText(summary), ...warnings.map((problem) => `warning: ${problemText(problem)}`)].join('\n\n');
}

function timeText(seconds: number): string {
  return seconds.toFixed(3);
}

type Attributes = { readonly [name: string]: string };

function element(name: string, attributes: Attributes, content: readonly string[]): readonly string[] {
  const start = `${name}${attributesText(attributes)}`;
  return content.length === 0 ? [`<${start}/>`] : [`<${start}>`, ...content.map(indented), `</${name}>`];
}

/** Lines of a text within an element are not to be moved: they would get other spaces. */
function textElement(name: string, attributes: Attributes, text: string): string {
  return `<${name}${attributesText(attributes)}>${escaped(text)}</${name}>`;
}

function indented(line: string): string {
  return `  ${line}`;
}

function attributesText(attributes: Attributes): string {
  return Object.entries(attributes)
    .map(([name, value]) => ` ${name}="${escaped(value)}"`)
    .join('');
}

const escapes: { readonly [sign: string]: string } = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;' };

// What no XML may hold, escaped or not: https://www.w3.org/TR/xml/#charsets
const forbidden = /[^\t\n\u0020-\ud7ff\ue000-\ufffd\u{10000}-\u{10ffff}]/gu;

function escaped(text: string): string {
  return text
    .toWellFormed()
    .replace(forbidden, '')
    .replace(/[&<>"]/g, (sign) => escapes[sign] as string);
}
