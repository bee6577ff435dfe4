/** A schedule that cannot be read; the message is the one of the real server. */
export class ScheduleError extends Error {}

/** When something is to happen, again and again. */
export interface Schedule {
  /** The first time after a moment, both in milliseconds since 1970; nothing when there is none within five years. */
  next(after: number): number | undefined;
}

interface Bounds {
  readonly min: number;
  readonly max: number;
  readonly names?: readonly string[];
}

const monthNames = ['', 'jan', 'feb', 'mar', 'apr', 'may', 'jun', 'jul', 'aug', 'sep', 'oct', 'nov', 'dec'];
const dayNames = ['sun', 'mon', 'tue', 'wed', 'thu', 'fri', 'sat'];
const bounds: readonly Bounds[] = [
  { min: 0, max: 59 },
  { min: 0, max: 23 },
  { min: 1, max: 31 },
  { min: 1, max: 12, names: monthNames },
  { min: 0, max: 6, names: dayNames },
];

const macros: { readonly [name: string]: string } = {
  '@yearly': '0 0 1 1 *',
  '@annually': '0 0 1 1 *',
  '@monthly': '0 0 1 * *',
  '@weekly': '0 0 * * 0',
  '@daily': '0 0 * * *',
  '@midnight': '0 0 * * *',
  '@hourly': '0 * * * *',
};

/** Reads `30 6-16/4 * * mon-fri`, `@daily` or `@every 90s`, in a time zone such as `Europe/Berlin`; UTC by default. */
export function readSchedule(text: string, timeZone = 'UTC'): Schedule {
  if (text.startsWith('@every ')) return every(readDuration(text.slice('@every '.length)));
  if (text.startsWith('@') && !(text in macros)) throw new ScheduleError(`unrecognized descriptor: ${text}`);
  const words = (macros[text] ?? text).split(/\s+/).filter((word) => word !== '');
  if (words.length !== 5) throw new ScheduleError(`expected exactly 5 fields, found ${words.length}: [${words.join(' ')}]`);
  const [minutes, hours, days, months, weekdays] = words.map((word, index) => readField(word, bounds[index] as Bounds)) as [
    Field,
    Field,
    Field,
    Field,
    Field,
  ];
  return new Calendar({ minutes, hours, days, months, weekdays }, timeZone);
}

function every(milliseconds: number): Schedule {
  const step = Math.max(1000, Math.floor(milliseconds / 1000) * 1000);
  return { next: (after) => Math.floor(after / 1000) * 1000 + step };
}

function readDuration(text: string): number {
  const units: { readonly [unit: string]: number } = { h: 3_600_000, m: 60_000, s: 1000, ms: 1 };
  const parts = [...text.matchAll(/(\d+(?:\.\d+)?)(h|ms|m|s)/g)];
  if (parts.length === 0 || parts.map(([whole]) => whole).join('') !== text)
    throw new ScheduleError(`failed to parse duration @every ${text}: time: invalid duration ${JSON.stringify(text)}`);
  return parts.reduce((sum, [, amount, unit]) => sum + Number(amount) * (units[unit as string] as number), 0);
}

interface Field {
  readonly values: ReadonlySet<number>;
  /** Says nothing: of the two kinds of days only the other one counts. */
  readonly isStar: boolean;
}

function readField(text: string, within: Bounds): Field {
  const ranges = text
    .split(',')
    .filter((range) => range !== '')
    .map((range) => readRange(range, within));
  return { values: new Set(ranges.flatMap((range) => range.values)), isStar: ranges.some((range) => range.isStar) };
}

function readRange(text: string, { min, max, names }: Bounds): { readonly values: number[]; readonly isStar: boolean } {
  const [range = '', steps, ...more] = text.split('/');
  const [low = '', high, ...others] = range.split('-');
  if (others.length > 0) throw new ScheduleError(`too many hyphens: ${text}`);
  if (more.length > 0) throw new ScheduleError(`too many slashes: ${text}`);
  const star = low === '*' || low === '?';
  const start = star ? min : readNumber(low, names);
  const step = steps === undefined ? 1 : readNumber(steps);
  const alone = star || (high === undefined && steps !== undefined) ? max : start;
  const end = star || high === undefined ? alone : readNumber(high, names);
  if (start < min) throw new ScheduleError(`beginning of range (${start}) below minimum (${min}): ${text}`);
  if (end > max) throw new ScheduleError(`end of range (${end}) above maximum (${max}): ${text}`);
  if (start > end) throw new ScheduleError(`beginning of range (${start}) beyond end of range (${end}): ${text}`);
  if (step === 0) throw new ScheduleError(`step of range should be a positive number: ${text}`);
  const values: number[] = [];
  for (let value = start; value <= end; value += step) values.push(value);
  return { values, isStar: star && step === 1 };
}

function readNumber(text: string, names: readonly string[] = []): number {
  const named = text === '' ? -1 : names.indexOf(text.toLowerCase());
  if (named >= 0) return named;
  if (!/^[-+]?\d+$/.test(text))
    throw new ScheduleError(`failed to parse int from ${text}: strconv.Atoi: parsing ${JSON.stringify(text)}: invalid syntax`);
  if (Number(text) < 0) throw new ScheduleError(`negative number (${Number(text)}) not allowed: ${text}`);
  return Number(text);
}

const minute = 60_000;
const hour = 60 * minute;
const day = 24 * hour;

/** Times by the calendar and the clock of a time zone. */
class Calendar implements Schedule {
  private readonly format: Intl.DateTimeFormat;

  constructor(
    private readonly fields: {
      readonly minutes: Field;
      readonly hours: Field;
      readonly days: Field;
      readonly months: Field;
      readonly weekdays: Field;
    },
    timeZone: string,
  ) {
    this.format = new Intl.DateTimeFormat('en-US', {
      timeZone,
      hourCycle: 'h23',
      weekday: 'short',
      month: 'numeric',
      day: 'numeric',
      hour: 'numeric',
      minute: 'numeric',
    });
  }

  next(after: number): number | undefined {
    let time = Math.floor(after / minute) * minute + minute;
    const last = after + 5 * 366 * day;
    while (time <= last) {
      const at = this.read(time);
      // Jumps end on the next full hour at most a change of clocks too early or late, and never pass a time that fits.
      if (!this.isDay(at)) time += Math.max(hour, day - at.hour * hour - hour) - at.minute * minute;
      else if (!this.fields.hours.values.has(at.hour)) time += hour - at.minute * minute;
      else if (!this.fields.minutes.values.has(at.minute)) time += minute;
      else return time;
    }
    return undefined;
  }

  private isDay(at: Local): boolean {
    const { days, months, weekdays } = this.fields;
    if (!months.values.has(at.month)) return false;
    const [byDay, byWeekday] = [days.values.has(at.day), weekdays.values.has(at.weekday)];
    return days.isStar || weekdays.isStar ? byDay && byWeekday : byDay || byWeekday;
  }

  private read(time: number): Local {
    const parts = Object.fromEntries(this.format.formatToParts(time).map(({ type, value }) => [type, value]));
    return {
      month: Number(parts.month),
      day: Number(parts.day),
      weekday: dayNames.indexOf(String(parts.weekday).toLowerCase()),
      hour: Number(parts.hour),
      minute: Number(parts.minute),
    };
  }
}

interface Local {
  readonly month: number;
  readonly day: number;
  readonly weekday: number;
  readonly hour: number;
  readonly minute: number;
}
