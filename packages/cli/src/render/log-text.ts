// The plain log for CI: one line a transition, nothing said twice, nothing that moves a cursor.
import {
  type Action,
  countsOfSteps,
  type DatedFinding,
  type Event,
  type ResourceId,
  reduce,
  type StepView,
  totalOf,
  type View,
} from '@konfig/core';
import { cleanLines } from './clean-text';
import { findingText } from './health-text';
import { type NameOf, resourceNames, withoutName } from './resource-name';
import { resultLines } from './result-text';
import { type Line, type Piece, paintLine, type Style, toned } from './style';
import { healthSigns, type Sign, type Symbols, stateSigns, symbolsOf } from './symbols';
import { elapsedText, spanText } from './time-text';
import { skipText, waitText } from './waiting';

export interface LogOptions extends Style {
  /** What resources are called; by default told from the view, which costs time when steps are many. */
  readonly nameOf?: NameOf;
  /** Default 120; only problems are wrapped. */
  readonly width?: number;
}

/** Columns: only what nobody reads to its end is cut. */
const widest = 4000;

/** The lines that this event adds to the log. `view` is what was known before it. */
export function logLines(view: View, event: Event, options: LogOptions): readonly string[] {
  const nameOf = options.nameOf ?? resourceNames(view.steps.keys());
  const lines = say[event.type](event as never, { view, nameOf, symbols: symbolsOf(options), options });
  const time = elapsedText(view.startedAt === 0 ? 0 : event.time - view.startedAt);
  return lines.map((line) =>
    paintLine([toned('faint', line.isDetail ? ' '.repeat(time.length) : time), '  ', ...line.pieces], options, widest),
  );
}

/** A printer for a whole operation: hands each line to `write`, with its end. */
export function logPrinter(write: (text: string) => void, options: LogOptions): (view: View, event: Event) => void {
  let nameOf: NameOf | undefined;
  return (view, event) => {
    if (event.type === 'operation-started') nameOf = resourceNames(event.steps.map((step) => step.id));
    for (const line of logLines(view, event, nameOf ? { nameOf, ...options } : options)) write(`${line}\n`);
  };
}

interface Moment {
  /** Before the event. */
  readonly view: View;
  readonly nameOf: NameOf;
  readonly symbols: Symbols;
  readonly options: LogOptions;
}

interface LogLine {
  readonly pieces: Line;
  /** Belongs to the line above: without a time of its own. */
  readonly isDetail?: boolean;
}

type Of<T extends Event['type']> = Extract<Event, { readonly type: T }>;

const say: { readonly [T in Event['type']]: (event: Of<T>, moment: Moment) => readonly LogLine[] } = {
  'operation-started': ({ stack, kind, release, steps, deadline, time }) => {
    const counts = countsOfSteps(steps);
    const { keep = 0 } = counts;
    const told = `${totalOf(counts) - keep} to do, ${keep} unchanged`;
    return [
      { pieces: [toned('strong', `${stack}  ${kind}, release ${release}: ${told}, for at most ${spanText((deadline - time) / 1000)}`)] },
    ];
  },
  'lock-held': ({ holder }, { symbols }) => [
    { pieces: [toned('warn', symbols.warning), ` waits for the lock: held by ${holder.who} since ${holder.since}`] },
  ],
  'step-started': ({ step, action }, moment) => [stepLine(step, stateSigns.started, [` ${action}`], moment)],
  'step-applied': () => [],
  'step-observed': (event, moment) => {
    const step = moment.view.steps.get(event.step);
    if (step?.state === 'started') return partLines(step, event, moment);
    const findings = newFindings(step, event.findings).flatMap((finding) => findingLines(finding, event.time, moment));
    // That it is ready is said by the step's end, and what lasts less than a second is not worth a line.
    const isBrief = step?.startedAt !== undefined && event.time - step.startedAt < 1000;
    const isTold = event.health === 'ready' || isBrief || (step?.health === event.health && step.message === event.message);
    const line = isTold && findings.length === 0 ? [] : [stepLine(event.step, stateSigns.applied, [` ${event.message}`], moment)];
    return [...line, ...findings];
  },
  'step-log': ({ step, from, text }, { nameOf, symbols }) => [
    { pieces: [toned('faint', `${symbols.quote} ${nameOf(step)}  ${cleanLines(from)[0] ?? ''}  `), cleanLines(text)[0] ?? ''] },
  ],
  'step-done': ({ step, action, seconds }, moment) => {
    // What was well and stayed as it is says nothing.
    if (action === 'keep' && seconds < 1) return [];
    return [stepLine(step, stateSigns.done, [` ${endWords[action]}`, toned('faint', ` (${spanText(seconds)})`)], moment)];
  },
  // The whole problem, with hint and place, stands at the end.
  'step-failed': ({ step, action, problem, seconds }, moment) => {
    const [first = '', ...more] = cleanLines(problem.message);
    const why = `: ${withoutName(first, moment.nameOf(step))}`;
    return [
      stepLine(step, stateSigns.failed, [` ${action} failed`, toned('faint', ` (${spanText(seconds)})`), why], moment),
      ...detailLines(
        more.map((line) => line.trimStart()),
        moment.symbols,
      ),
    ];
  },
  'step-skipped': ({ step, because }, moment) => [
    stepLine(step, stateSigns.skipped, [` skipped: ${skipText(because, moment.view, moment.nameOf)}`], moment),
  ],
  cancelling: (_, { symbols }) => [
    { pieces: [toned('warn', symbols.warning), ' cancelling: nothing new is started, what is in flight may finish'] },
  ],
  note: ({ message, step }, { nameOf }) => [
    { pieces: [toned('warn', 'note'), ` ${step === undefined ? message : `${nameOf(step)}: ${withoutName(message, nameOf(step))}`}`] },
  ],
  heartbeat: ({ time }, { view, nameOf, symbols }) =>
    waitText(view, time, nameOf, symbols).map((line, i) => ({ pieces: [line], isDetail: i > 0 })),
  'operation-finished': (event, { view, options }) =>
    resultLines(reduce(view, event), event, { ...options, width: (options.width ?? 120) - 7 }).map((pieces, i) => ({
      pieces,
      isDetail: i > 0,
    })),
};

const endWords: { readonly [action in Action]: string } = {
  create: 'ready',
  update: 'ready',
  replace: 'ready',
  adopt: 'ready',
  delete: 'deleted',
  abandon: 'given up',
  forget: 'forgotten',
  skip: 'skipped',
  keep: 'ready',
};

function stepLine(id: ResourceId, sign: Sign, rest: readonly Piece[], { nameOf, symbols }: Moment): LogLine {
  return { pieces: [toned(sign.tone, symbols[sign.symbol]), ' ', nameOf(id), ...rest] };
}

/** While a call lasts: each thing that it is made of when it begins and when it ends. */
function partLines(before: StepView, { step, related }: Of<'step-observed'>, moment: Moment): readonly LogLine[] {
  const known = new Map(before.related.map((node) => [node.name, node.health]));
  return related
    .filter(({ name, health }) => health !== 'unknown' && known.get(name) !== health)
    .map(({ name, health, message }) =>
      stepLine(step, healthSigns[health], [`  ${cleanLines(name)[0]}  ${cleanLines(message)[0] ?? ''}`], moment),
    );
}

/** Those that were not there before, or say something else now; the same of another Pod of a resource is no news. */
function newFindings(step: StepView | undefined, findings: readonly DatedFinding[]): readonly DatedFinding[] {
  const text = (finding: DatedFinding) => JSON.stringify([finding.code, finding.message, finding.details]);
  const known = new Set(step?.findings.map(text));
  return findings.filter((finding) => !known.has(text(finding)) && known.add(text(finding)));
}

function findingLines(finding: DatedFinding, now: number, { symbols }: Moment): readonly LogLine[] {
  const since = now - finding.since >= 1000 ? ` for ${spanText((now - finding.since) / 1000)}` : '';
  const tone = finding.class === 'transient' ? 'warn' : 'bad';
  return [
    { pieces: ['  ', toned(tone, `${symbols.warning} ${finding.on}`), `${since}  ${findingText(finding)}`], isDetail: true },
    ...detailLines((finding.details ?? []).flatMap(cleanLines), symbols),
  ];
}

const mostDetails = 50;

// The bar is also a guard: CI systems take a line that begins with «::» or «##» for a command, and these come from clusters.
function detailLines(lines: readonly string[], symbols: Symbols): readonly LogLine[] {
  const left = lines.length - mostDetails;
  const shown = left > 0 ? [...lines.slice(0, mostDetails), `${symbols.cut} and ${left} more lines`] : lines;
  return shown.map((line) => ({ pieces: ['    ', toned('faint', `${symbols.quote} `), line], isDetail: true }));
}
