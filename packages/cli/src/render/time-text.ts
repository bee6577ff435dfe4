// Times and spans of time as people read them.

/** A clock that runs: `00:03`, `02:41`, `1:02:03`. */
export function elapsedText(milliseconds: number): string {
  const all = Math.max(0, Math.floor(milliseconds / 1000));
  const hours = Math.floor(all / 3600);
  const minutes = Math.floor((all % 3600) / 60);
  const tail = `${String(minutes).padStart(2, '0')}:${String(all % 60).padStart(2, '0')}`;
  return hours > 0 ? `${hours}:${tail}` : tail;
}

/** A time that runs or is left: `0:31`, `7:19`, `1:02:03`. */
export function countdownText(milliseconds: number): string {
  return elapsedText(milliseconds).replace(/^0/, '');
}

/** A span short enough to stand in a sentence: `0.4s`, `12s`, `1m52s`, `2h03m`, `3d4h`. */
export function spanText(seconds: number): string {
  if (seconds < 9.95) return `${Math.max(0, Math.round(seconds * 10) / 10)}s`;
  const all = Math.round(seconds);
  if (all < 60) return `${all}s`;
  if (all < 3600) return pair(all, 60, 'm', 's', 1);
  if (all < 86400) return pair(all, 3600, 'h', 'm', 60);
  return pair(all, 86400, 'd', 'h', 3600);
}

function pair(seconds: number, big: number, bigName: string, smallName: string, small: number): string {
  const rest = Math.floor((seconds % big) / small);
  return `${Math.floor(seconds / big)}${bigName}${rest === 0 ? '' : `${bigName === 'd' ? rest : String(rest).padStart(2, '0')}${smallName}`}`;
}

/** How long ago, roughly: `just now`, `2m ago`, `3h ago`, `12d ago`. */
export function agoText(then: number, now: number): string {
  const seconds = Math.floor((now - then) / 1000);
  if (seconds < 5) return 'just now';
  if (seconds < 60) return `${seconds}s ago`;
  if (seconds < 3600) return `${Math.floor(seconds / 60)}m ago`;
  if (seconds < 86400) return `${Math.floor(seconds / 3600)}h ago`;
  return `${Math.floor(seconds / 86400)}d ago`;
}

/** Local time to the minute: `2026-11-22 06:03`. */
export function minuteText(time: number, timeZone?: string): string {
  const format = new Intl.DateTimeFormat('en', {
    year: 'numeric',
    month: '2-digit',
    day: '2-digit',
    hour: '2-digit',
    minute: '2-digit',
    hourCycle: 'h23',
    ...(timeZone === undefined ? {} : { timeZone }),
  });
  const parts = new Map(format.formatToParts(time).map((part) => [part.type, part.value]));
  return `${parts.get('year')}-${parts.get('month')}-${parts.get('day')} ${parts.get('hour')}:${parts.get('minute')}`;
}
