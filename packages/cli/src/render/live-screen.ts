// The screen of a running operation: what is well folds, what is stuck expands and says why, since when and what comes next.
import { type ResourceId, type SourceTable, type StepView, sourceOf, sourceText, type View } from '@konfig/core';
import { doingWords, doneWords } from './action-words';
import { cleanLines, cleanText } from './clean-text';
import { healthLines } from './health-text';
import { type NameOf, resourceNames, withoutName } from './resource-name';
import { firstLines, shareRows } from './row-shares';
import { type Line, lineWidth, paintLine, type Style, toned } from './style';
import { type Sign, type Symbols, stateSigns, symbolsOf } from './symbols';
import { cutMiddle, padTo, widthOf } from './text-width';
import { countdownText, elapsedText, spanText } from './time-text';
import { failText, stepsBehind, type Waiters, waitChain, waitersOf } from './waiting';

export interface ScreenOptions extends Style {
  readonly sources: SourceTable;
  /** What resources are called; by default told from the view, which costs time when steps are many. */
  readonly nameOf?: NameOf;
}

export interface ScreenSize {
  readonly columns: number;
  readonly rows: number;
}

/** At most `rows` lines of at most `columns`. */
export function screenLines(view: View, now: number, size: ScreenSize, options: ScreenOptions): readonly string[] {
  const page: Page = {
    view,
    now,
    width: size.columns,
    nameOf: options.nameOf ?? resourceNames(view.steps.keys()),
    symbols: symbolsOf(options),
    sources: options.sources,
    waiters: waitersOf(view),
  };
  const header = headerLine(page);
  const footer = footerLines(page).slice(0, Math.max(0, size.rows - 2));
  const body = bodyLines(page, Math.max(0, size.rows - 1 - footer.length));
  return [header, ...body, ...footer].slice(0, size.rows).map((line) => paintLine(line, options, size.columns));
}

interface Page {
  readonly view: View;
  readonly now: number;
  readonly width: number;
  readonly nameOf: NameOf;
  readonly symbols: Symbols;
  readonly sources: SourceTable;
  readonly waiters: Waiters;
}

/** `shop/prod  release 42  02:41  ▓▓▓▓▓▓░░░░ 18/27  ✔ 15  ● 2  ✖ 1  ◌ 9   timeout in 7:19`, without its less important parts where it is narrow. */
function headerLine(page: Page): Line {
  const { view, now, symbols, width } = page;
  if (view.phase === 'waiting') return [toned('strong', 'waits to begin')];
  const counts = countShown(view);
  const total = Object.values(counts).reduce((sum, count) => sum + count, 0);
  const ended = counts.done + counts.failed + counts.skipped;
  const full = total === 0 ? 10 : Math.floor((10 * ended) / total);
  const bar = symbols.full.repeat(full) + symbols.empty.repeat(10 - full);
  const states = (['done', 'busy', 'failed', 'skipped', 'pending'] as const).flatMap((name) =>
    counts[name] === 0 ? [] : [['  ', toned(countSigns[name].tone, `${symbols[countSigns[name].symbol]} ${counts[name]}`)]],
  );
  const parts: readonly { readonly line: Line; readonly rank: number }[] = [
    { line: [toned('strong', view.stack)], rank: 0 },
    { line: [`  ${view.kind === 'destroy' ? 'destroy, ' : ''}release ${view.release}`], rank: 4 },
    { line: [`  ${elapsedText(now - view.startedAt)}`], rank: 2 },
    { line: ['  ', toned('good', bar)], rank: 5 },
    { line: [` ${full === 10 && total === 0 ? '' : ` ${ended}/${total}`}`.trimEnd()], rank: 1 },
    { line: states.flat(), rank: 0 },
    { line: ['   ', toned('faint', `timeout in ${countdownText(view.deadline - now)}`)], rank: 3 },
  ];
  for (let rank = 5; rank >= 0; rank--) {
    const line = parts.filter((part) => part.rank <= rank).flatMap((part) => part.line);
    if (lineWidth(line) <= width || rank === 0) return line;
  }
  return [];
}

type Shown = 'done' | 'busy' | 'failed' | 'skipped' | 'pending';

const countSigns: { readonly [shown in Shown]: Sign } = {
  done: stateSigns.done,
  busy: stateSigns.applied,
  failed: stateSigns.failed,
  skipped: stateSigns.skipped,
  pending: stateSigns.pending,
};

/** What stays as it is counts only where it went wrong: 2 of 3 changes done must not look like 34 of 35. */
function countShown(view: View): { readonly [shown in Shown]: number } {
  const counts = { done: 0, busy: 0, failed: 0, skipped: 0, pending: 0 };
  for (const step of view.steps.values()) {
    const shown = step.state === 'started' || step.state === 'applied' ? 'busy' : step.state;
    if (step.action !== 'keep' || shown === 'failed') counts[shown]++;
  }
  return counts;
}

function footerLines({ view, symbols }: Page): readonly Line[] {
  const { holder, cancelling, notes } = view;
  const waitsForLock = holder !== undefined && view.phase === 'waiting';
  const last = notes.at(-1);
  return [
    ...(cancelling ? [[toned('warn', ` ${symbols.warning} cancelling`), ': nothing new is started, what is in flight may finish']] : []),
    ...(waitsForLock ? [[toned('warn', ` ${symbols.warning} waits for the lock`), `: held by ${holder.who} since ${holder.since}`]] : []),
    ...(last === undefined ? [] : [[toned('faint', ` note  ${last}${notes.length > 1 ? ` (and ${notes.length - 1} more)` : ''}`)]]),
  ];
}

/** First every step that failed or is under way gets its line, then what is stuck its details, then those that wait, then the latest done. */
function bodyLines(page: Page, room: number): readonly Line[] {
  const { view, symbols } = page;
  const steps = [...view.steps.values()];
  const urgent = urgentSteps(steps, page);
  const pending = steps.filter((step) => step.state === 'pending' && step.action !== 'keep');
  const forPending = pending.length > 0 ? 1 : 0;
  const cancelled = steps.filter((step) => step.state === 'skipped' && !view.steps.has(step.because ?? '') && step.action !== 'keep');
  const forCancelled = cancelled.length > 0 ? 1 : 0;
  const fits = urgent.length + forPending + forCancelled <= room;
  const shown = fits ? urgent : urgent.slice(0, Math.max(0, room - forPending - forCancelled - 1));
  const done = latestDone(steps);
  const named = [...shown, ...pending.slice(0, mostPending), ...done];
  const nameWidth = Math.min(40, Math.max(0, ...named.map((step) => widthOf(page.nameOf(step.id)))));
  const details = fits ? shown.map((step) => detailLines(step, page)) : [];
  const rows = shareRows(
    details.map((lines) => lines.length),
    room - shown.length - forPending - forCancelled,
  );
  const expanded = shown.flatMap((step, i) => [stepLine(step, nameWidth, page), ...firstLines(details[i] ?? [], rows[i] ?? 0, symbols)]);
  const more: readonly Line[] = fits
    ? []
    : [[toned('faint', ` ${symbols.cut} and ${urgent.length - shown.length} more under way or failed`)]];
  const skipped: readonly Line[] =
    cancelled.length > 0 ? [[toned('warn', ` ${symbols.skipped} `), `${cancelled.length} skipped: ${cancelled[0]?.because}`]] : [];
  const left = room - expanded.length - more.length - skipped.length;
  const waiting = pendingLines(pending, Math.min(mostPending, left), nameWidth, page);
  return [...doneLines(done, left - waiting.length, nameWidth, page), ...expanded, ...more, ...waiting, ...skipped];
}

/** Failed, then in trouble, then slow, then the rest under way; each in the order of the plan, so that lines do not jump. */
function urgentSteps(steps: readonly StepView[], page: Page): readonly StepView[] {
  const busy = steps.filter(
    (step) => isUnderWay(step) && (step.action !== 'keep' || (step.health !== undefined && step.health !== 'ready')),
  );
  const rank = (step: StepView) => (isInTrouble(step) ? 0 : isStuck(step, page.now) ? 1 : 2);
  return [...steps.filter((step) => step.state === 'failed'), ...busy.sort((a, b) => rank(a) - rank(b))];
}

function isUnderWay(step: StepView): boolean {
  return step.state === 'started' || step.state === 'applied';
}

const longAfter = 30_000;

function isInTrouble(step: StepView): boolean {
  return step.findings.length > 0 || step.health === 'degraded';
}

function isStuck(step: StepView, now: number): boolean {
  return isInTrouble(step) || (step.startedAt !== undefined && now - step.startedAt >= longAfter);
}

function stepLine(step: StepView, nameWidth: number, page: Page): Line {
  const name = page.nameOf(step.id);
  const { symbol, tone } = stateSigns[step.state];
  const isFailed = step.state === 'failed';
  const message = isFailed ? withoutName(problemTextOf(step)[0] as string, name) : (step.message ?? doingWords[step.action]);
  const span = isFailed || step.startedAt === undefined ? '' : countdownText(page.now - step.startedAt);
  return [
    toned(isInTrouble(step) && !isFailed ? 'warn' : tone, ` ${page.symbols[symbol]} `),
    `${padTo(name, nameWidth)}  ${message}`,
    toned('faint', `  ${span}`),
  ];
}

/** What may stand below a step's line, the most telling first. */
function detailLines(step: StepView, page: Page): readonly Line[] {
  const log = logTail(step);
  if (step.state === 'failed') return [...log, ...failedLines(step, page)];
  // While a call lasts, what it is made of is how it goes.
  if (step.state === 'started' && step.related.length > 0) return [...log, ...healthLines(step, page.now, page.symbols)];
  return [...log, ...(isStuck(step, page.now) ? stuckLines(step, page) : [])];
}

/** What a task printed last. */
function logTail({ log = [] }: StepView): readonly Line[] {
  return log.map((text): Line => [toned('faint', `    log    ${cleanText(text)}`)]);
}

function stuckLines(step: StepView, page: Page): readonly Line[] {
  const { symbols, now, waiters } = page;
  const behind = stepsBehind(waiters, step.id);
  const waits = behind.length > 0 ? `${namesText(behind, page)} ${behind.length === 1 ? 'waits' : 'wait'} for it` : '';
  const fails = step.failsAt === undefined ? '' : failText(step, step.failsAt - now);
  const next = [fails, waits].filter((text) => text !== '').join(` ${symbols.dot} `);
  return [
    ...healthLines(step, now, symbols),
    ...causeLines(step, page),
    ...(step.serving === undefined ? [] : [[toned('strong', '    now    '), step.serving]]),
    ...(next === '' ? [] : [[toned('strong', '    next   '), next]]),
  ];
}

/** The field that most likely causes it, and the line of TypeScript that set it: of the two, the field is cut. */
function causeLines(step: StepView, { sources, symbols, width }: Page): readonly Line[] {
  const fields = [...new Set(step.findings.flatMap((finding) => finding.field ?? []))];
  const head = toned('strong', '    cause  ');
  return fields.map((field): Line => {
    const source = sourceOf(sources, step.id, field);
    if (!source) return [head, field];
    const tail: Line = [` ${symbols.from} `, toned('warn', sourceText(source))];
    return [head, cutMiddle(field, Math.max(12, width - lineWidth([head, ...tail])), symbols.cut), ...tail];
  });
}

function problemTextOf({ problem }: StepView): readonly string[] {
  return cleanLines(problem?.message ?? 'failed without a word');
}

function failedLines(step: StepView, page: Page): readonly Line[] {
  const skipped = [...page.view.steps.values()].filter((other) => other.state === 'skipped' && rootOf(other, page.view) === step.id);
  const source = step.problem?.source;
  const names = namesText(
    skipped.map((other) => other.id),
    page,
  );
  return [
    ...problemTextOf(step)
      .slice(1)
      .map((line): Line => [toned('faint', `    ${line}`)]),
    ...(source ? [[toned('strong', '    cause  '), toned('warn', sourceText(source))]] : []),
    ...(skipped.length > 0 ? [[toned('strong', '    skips  '), names]] : []),
  ];
}

/** The failed step at the beginning of a chain of skipped ones. */
function rootOf(step: StepView, view: View): ResourceId | undefined {
  let here: StepView | undefined = step;
  while (here?.state === 'skipped') here = view.steps.get(here.because ?? '');
  return here?.id;
}

const mostNames = 3;

function namesText(ids: readonly ResourceId[], { nameOf }: Page): string {
  const named = ids.slice(0, mostNames).map(nameOf).join(', ');
  return ids.length > mostNames ? `${named} and ${ids.length - mostNames} more` : named;
}

const mostPending = 8;

function pendingLines(pending: readonly StepView[], room: number, nameWidth: number, page: Page): readonly Line[] {
  const { symbols, nameOf, view } = page;
  if (pending.length === 0 || room <= 0) return [];
  const shown = pending.length <= room ? pending : pending.slice(0, room - 1);
  const rest = pending.length - shown.length;
  return [
    ...shown.map((step): Line => {
      const chain = waitChain(view, step).map(nameOf);
      const why = chain.length === 0 ? 'waits for its turn' : `waits for ${chain.join(` ${symbols.from} `)}`;
      return [toned('faint', ` ${symbols.pending} `), `${padTo(nameOf(step.id), nameWidth)}  `, toned('faint', why)];
    }),
    ...(rest === 0
      ? []
      : [[toned('faint', ` ${symbols.pending} ${shown.length === 0 ? `${rest} wait` : `${symbols.cut} and ${rest} more wait`}`)]]),
  ];
}

const mostDone = 8;

/** In the order in which they came to their end. */
function latestDone(steps: readonly StepView[]): readonly StepView[] {
  return steps
    .filter((step) => step.state === 'done' && step.action !== 'keep')
    .sort((a, b) => (a.endedAt ?? 0) - (b.endedAt ?? 0))
    .slice(-mostDone);
}

function doneLines(done: readonly StepView[], room: number, nameWidth: number, { symbols, nameOf }: Page): readonly Line[] {
  if (room <= 0) return [];
  return done.slice(-room).map((step): Line => {
    const span = step.startedAt === undefined || step.endedAt === undefined ? '' : ` ${spanText((step.endedAt - step.startedAt) / 1000)}`;
    return [
      toned('good', ` ${symbols.done} `),
      `${padTo(nameOf(step.id), nameWidth)}  `,
      toned('faint', `${doneWords[step.action]}${span}`),
    ];
  });
}
