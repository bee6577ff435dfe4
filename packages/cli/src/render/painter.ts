// Lines at the bottom of a terminal, drawn again in place: nothing flickers, and nothing is left behind.
import { withoutEscapes } from '@konfig/core';
import { widthOf } from './text-width';

/** What we need of a stream that is a terminal; `process.stdout` and `process.stderr` are one. */
export interface TerminalStream {
  write(text: string): unknown;
  readonly columns?: number;
  readonly rows?: number;
  on(event: 'resize', listener: () => void): unknown;
  off(event: 'resize', listener: () => void): unknown;
}

/** Milliseconds since the epoch, and timers. */
export interface TerminalClock {
  now(): number;
  /** Calls `run` once after so many milliseconds; the answer cancels it. */
  after(milliseconds: number, run: () => void): () => void;
}

export interface Size {
  readonly columns: number;
  readonly rows: number;
}

/** A picture that is kept up to date. */
export interface Painter {
  /** There is news: it is drawn as soon as the last frame has stood for a moment. */
  draw(): void;
  /** Takes the picture away; the cursor stands where it began. */
  close(): void;
}

const hideCursor = '\u001b[?25l';
const showCursor = '\u001b[?25h';
// Terminals that know them show a frame only when it is whole; others ignore them.
const beginFrame = '\u001b[?2026h';
const endFrame = '\u001b[?2026l';
const eraseLineEnd = '\u001b[K';
const eraseBelow = '\u001b[J';

const shortestFrame = 50;
const tick = 1000;
// Whoever types Enter meanwhile moves the cursor: now and then every row is written again, so that a shifted picture comes right.
const wholeFrameEvery = 10_000;

/** Draws what `linesAt` gives: when told to, when the terminal changes its size, and every second, since times go by. */
export function openPainter(
  stream: TerminalStream,
  clock: TerminalClock,
  linesAt: (now: number, size: Size) => readonly string[],
): Painter {
  let drawn: readonly string[] = [];
  let wholeAt = Number.NEGATIVE_INFINITY;
  let nextFrameAt = Number.NEGATIVE_INFINITY;
  let cancelTimer = () => {};

  const draw = () => {
    const now = clock.now();
    // One column and one row stay free: a full line would wrap, and the cursor stands below the last one.
    const size = { columns: Math.max(1, (stream.columns || 80) - 1), rows: Math.max(1, (stream.rows || 24) - 1) };
    const lines = linesAt(now, size);
    const isWhole = now - wholeAt >= wholeFrameEvery;
    if (isWhole || lines.length !== drawn.length || lines.some((line, i) => line !== drawn[i])) {
      if (isWhole) wholeAt = now;
      stream.write(frame({ before: drawn, lines, columns: size.columns + 1, isWhole }));
      drawn = lines;
    }
    // With very many lines to choose from a frame takes long, and the operation in the same process must not wait for its picture.
    nextFrameAt = now + Math.max(shortestFrame, 5 * (clock.now() - now));
    drawIn(tick);
  };
  const drawIn = (milliseconds: number) => {
    cancelTimer();
    cancelTimer = clock.after(milliseconds, draw);
  };
  const resized = () => {
    wholeAt = Number.NEGATIVE_INFINITY;
    drawIn(0);
  };
  const restore = () => stream.write(showCursor);

  process.once('exit', restore);
  stream.on('resize', resized);
  stream.write(hideCursor);
  drawIn(0);
  return {
    draw: () => drawIn(Math.max(0, nextFrameAt - clock.now())),
    close() {
      cancelTimer();
      stream.off('resize', resized);
      process.off('exit', restore);
      stream.write(`${frame({ before: drawn, lines: [], columns: stream.columns || 80, isWhole: true })}${showCursor}`);
    },
  };
}

interface Frame {
  /** What stands there. */
  readonly before: readonly string[];
  readonly lines: readonly string[];
  readonly columns: number;
  /** Write also the rows that stay as they are. */
  readonly isWhole: boolean;
}

/** From below the lines that stand there to below the new ones, overwriting those that changed: nothing is blank for a moment. */
function frame({ before, lines, columns, isWhole }: Frame): string {
  const height = before.reduce((rows, line) => rows + rowsOf(line, columns), 0);
  const up = height > 0 ? `\u001b[${height}A` : '';
  const rows = lines.map((line, i) => (isWhole || line !== before[i] ? `${line}${eraseLineEnd}\n` : '\n'));
  return `${beginFrame}\r${up}${rows.join('')}${isWhole || lines.length < before.length ? eraseBelow : ''}${endFrame}`;
}

/** A line drawn for a wider terminal takes several rows after it got narrower. */
function rowsOf(line: string, columns: number): number {
  return Math.max(1, Math.ceil(widthOf(withoutEscapes(line)) / columns));
}
