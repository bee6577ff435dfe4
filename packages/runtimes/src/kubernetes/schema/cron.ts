// Schedules of cron, as the CronJob controller reads them.

interface Part {
  readonly min: number;
  readonly max: number;
  readonly names?: readonly string[];
}

const parts: readonly Part[] = [
  { min: 0, max: 59 },
  { min: 0, max: 23 },
  { min: 1, max: 31 },
  { min: 1, max: 12, names: ['jan', 'feb', 'mar', 'apr', 'may', 'jun', 'jul', 'aug', 'sep', 'oct', 'nov', 'dec'] },
  { min: 0, max: 6, names: ['sun', 'mon', 'tue', 'wed', 'thu', 'fri', 'sat'] },
];

/** `0 3 * * 1-5`, `@daily`, `@every 1h30m`; not `TZ=…`, which belongs into a field of its own. */
export function isCron(text: string): boolean {
  const words = text.trim().split(/\s+/);
  if (text.startsWith('@')) return isWord(text);
  return words.length === parts.length && words.every((word, i) => word.split(',').every((one) => isRange(one, parts[i] as Part)));
}

function isWord(text: string): boolean {
  if (/^@(yearly|annually|monthly|weekly|daily|midnight|hourly)$/.test(text)) return true;
  return /^@every -?(\d+(\.\d*)?(ns|us|µs|ms|s|m|h))+$/.test(text);
}

// `*`, `5`, `1-5`, `*/15`, `mon-fri/2`
function isRange(text: string, part: Part): boolean {
  const [range = '', step, ...more] = text.split('/');
  if (more.length > 0 || (step !== undefined && !(/^\d+$/.test(step) && Number(step) > 0))) return false;
  if (range === '*' || range === '?') return true;
  const [from, to, ...others] = range.split('-').map((word) => numberOf(word, part));
  if (others.length > 0 || from === undefined || Number.isNaN(from) || Number.isNaN(to ?? 0)) return false;
  return from >= part.min && (to ?? from) <= part.max && from <= (to ?? from);
}

function numberOf(word: string, { names = [], min }: Part): number {
  const named = names.indexOf(word.toLowerCase());
  if (named >= 0) return named + min;
  return /^\d+$/.test(word) ? Number(word) : Number.NaN;
}
