// The log of one container: opened, read line by line, and gone on with where it was left.
import { cleanLine } from '../clean';
import type { Client } from './client';
import type { Status } from './objects';

/** Whose log. */
export interface LogPlace {
  readonly namespace: string;
  readonly pod: string;
  readonly container: string;
}

/** Which part of it, as the API names it. */
export interface LogPart {
  readonly follow?: boolean;
  readonly previous?: boolean;
  readonly tailLines?: number;
  readonly sinceSeconds?: number;
  readonly sinceTime?: string;
}

/** A line, and when it was said as far as the server tells. */
export interface TimedLine {
  readonly time: string;
  readonly text: string;
}

/** The lines; or what the server said instead. */
export type OpenLog = { readonly lines: AsyncGenerator<TimedLine> } | { readonly status: number; readonly refusal: Status };

export async function openLog(client: Client, place: LogPlace, part: LogPart, signal: AbortSignal): Promise<OpenLog> {
  const query = new URLSearchParams({ container: place.container, timestamps: 'true' });
  for (const [key, value] of Object.entries(part)) if (value !== undefined && value !== false) query.set(key, String(value));
  const path = `/api/v1/namespaces/${encodeURIComponent(place.namespace)}/pods/${encodeURIComponent(place.pod)}/log?${query}`;
  const answer = await client.textStream(path, signal);
  return 'chunks' in answer ? { lines: timedLines(answer.chunks) } : answer;
}

/** A line without an end must not fill the memory: it is told in pieces of this many bytes. */
const longestPiece = 256 * 1024;

async function* timedLines(chunks: AsyncIterable<Buffer>): AsyncGenerator<TimedLine> {
  let rest: Buffer[] = [];
  let size = 0;
  let time = '';
  const take = (end: Buffer): TimedLine => {
    const line = timed(Buffer.concat([...rest, end]).toString('utf8'), time);
    rest = [];
    size = 0;
    return line;
  };
  for await (const chunk of chunks) {
    let from = 0;
    for (let end = chunk.indexOf(10); end >= 0; end = chunk.indexOf(10, from)) {
      yield take(chunk.subarray(from, end));
      time = '';
      from = end + 1;
    }
    if (from === chunk.length) continue;
    rest.push(chunk.subarray(from));
    size += chunk.length - from;
    if (size < longestPiece) continue;
    const piece = take(Buffer.alloc(0));
    time = piece.time;
    yield piece;
  }
  if (size > 0) yield take(Buffer.alloc(0));
}

/** `2026-11-22T08:00:00.123456789Z text`. A piece of a line has the time of its beginning. */
function timed(line: string, begun: string): TimedLine {
  const found = begun ? null : /^(\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d)(?:\.(\d+))?(Z|[+-]\d\d:\d\d) ?/.exec(line);
  if (!found) return { time: begun, text: cleanLine(line) };
  const [stamp, seconds, fraction = '', zone] = found;
  return { time: comparable(`${seconds}${zone}`, fraction), text: cleanLine(line.slice(stamp.length)) };
}

/** In UTC and with all nine digits, so that times compare as text. */
function comparable(seconds: string, fraction: string): string {
  return `${new Date(seconds).toISOString().slice(0, 19)}.${fraction.padEnd(9, '0').slice(0, 9)}Z`;
}

/** Where a reader of one log stands, so that a log that is opened again repeats nothing and leaves nothing out. */
export interface Bookmark {
  /** To be said before a log is opened again: which part comes next. Empty while nothing was read. */
  reopened(): { readonly sinceTime?: string };
  /** Is the line one that was not told yet? */
  isNew(line: TimedLine): boolean;
}

/** `isTail`: the first read shows only the end of a log, so that more lines of its first moment may lie before it. */
export function makeBookmark(isTail = false): Bookmark {
  let first = '';
  let last = '';
  let toldAtLast = 0;
  let passedAgain = 0;
  let isResuming = false;
  return {
    reopened: () => {
      isResuming = true;
      passedAgain = 0;
      // Servers round down to whole seconds.
      return last ? { sinceTime: `${last.slice(0, 19)}Z` } : {};
    },
    isNew: ({ time }) => {
      if (isResuming && last && time) {
        if (time < last) return false;
        if (time === last && (passedAgain < toldAtLast || (isTail && last === first))) {
          passedAgain++;
          return false;
        }
      }
      isResuming = false;
      first ||= time;
      if (time > last) {
        last = time;
        toldAtLast = 1;
      } else if (time === last) {
        toldAtLast++;
      }
      return true;
    },
  };
}
