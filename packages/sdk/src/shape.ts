// What kind of value each field takes. Types say it to those who are checked by them; this says it to values that come in through
// `any`, JavaScript or --no-type-check. A table of shapes per component; what a value must be beyond its kind is checked where it is used.
import type { IConstruct } from 'constructs';
import { isOutput } from './output';
import { noteProps } from './provenance/props';
import { callLine, report } from './synth';
import { isOfTerraform } from './terraform/later';

/** Tells of a field whose value is of a wrong kind, and what to write. */
type Tell = (field: string, value: unknown, wanted: string) => void;

/** Gives back the value, the same one where all of it fits; in place of what does not fit, something to go on with. */
export type Shape = (value: unknown, field: string, tell: Tell) => unknown;

interface Fields {
  readonly [field: string]: Shape;
}

/** The props as far as they fit; what does not is reported, all of it. */
export function fitting<T>(owner: IConstruct, props: T, shape: Shape, field = ''): T {
  if (field === '') noteProps(owner, props);
  const tell: Tell = (at, value, wanted) => {
    const message = `${at === '' ? 'Its props are' : `${at} is`} ${shown(value)}.`;
    report(owner, { code: 'PROPS_INVALID', message, hint: `Write ${wanted}.`, ...(at && { at }) }, callLine(owner));
  };
  return shape(props, field, tell) as T;
}

/** A single value; `instead` stands in for a wrong one. */
export function kind(fits: (value: unknown) => boolean, wanted: string, instead?: unknown): Shape {
  return (value, field, tell) => {
    if (fits(value)) return value;
    tell(field, value, wanted);
    return instead;
  };
}

/** Named fields; those that are left out are passed over, except the required ones. */
export function fields(known: Fields, wanted: string, required: readonly string[] = [], instead?: unknown): Shape {
  const names = Object.keys(known);
  const each = (value: Entries, field: string, tell: Tell) => {
    const present = names.filter((name) => value[name] !== undefined || required.includes(name));
    return changed(value, present, (name) => (known[name] as Shape)(value[name], below(field, name), tell));
  };
  return record(wanted, each, instead);
}

/** Entries under names of the user's. */
export function map(entry: Shape, wanted: string, instead?: unknown): Shape {
  const each = (value: Entries, field: string, tell: Tell) =>
    changed(value, Object.keys(value), (name) => entry(value[name], below(field, name), tell));
  return record(wanted, each, instead);
}

/** A list, each of its items of one shape. */
export function list(item: Shape, wanted: string): Shape {
  return (value, field, tell) => {
    if (Array.isArray(value)) {
      const items = value.map((one, i) => item(one, `${field}[${i}]`, tell));
      return items.every((one, i) => Object.is(one, value[i])) ? value : items.filter((one) => one !== undefined);
    }
    tell(field, value, wanted);
    return undefined;
  };
}

/** One shape for objects, the other for everything else. */
export function either(other: Shape, object: Shape): Shape {
  return (value, field, tell) => (isRecord(value) ? object : other)(value, field, tell);
}

/** One of these words. */
export function oneOf(...words: readonly string[]): Shape {
  const quoted = words.map((word) => `'${word}'`);
  return kind((value) => words.includes(value as string), [quoted.slice(0, -1).join(', '), ...quoted.slice(-1)].join(' or '));
}

/** Text that the program itself needs, as in names. */
export const text = (wanted: string, instead?: unknown) => kind((value) => typeof value === 'string', wanted, instead);
/** Text that may be known only later. */
export const laterText = (wanted: string, instead?: unknown) =>
  kind((value) => typeof value === 'string' || isOutput(value), wanted, instead);
export const number = (wanted: string, instead?: unknown) => kind(isNumber, wanted, instead);
export const amount = (wanted: string) => kind((value) => isNumber(value) || typeof value === 'string', wanted);
export const truth = kind((value) => typeof value === 'boolean', 'true or false');
export const duration = kind((value) => typeof value === 'string' && value !== '', "a duration like '30s', '5m' or '2h'");
export const anything: Shape = (value) => value;
export const texts = map(laterText('text'), "an object of texts, like { team: 'shop' }");
export const object = (wanted: string) => map(anything, wanted);

/** An object of the program's own: neither a list, nor an Output, a Promise, a Date, a Map … */
export function isRecord(value: unknown): value is Entries {
  return Object.prototype.toString.call(value) === '[object Object]' && !isOutput(value);
}

/** A number that a manifest can say: not what came out of a calculation that failed. */
export function isNumber(value: unknown): value is number {
  return Number.isFinite(value);
}

/** A value as a message shows it: short ones as they were written, others by what they are. */
export function shown(value: unknown): string {
  if (typeof value === 'bigint') return `${value}n`;
  if (typeof value === 'function') return 'a function';
  if (isOutput(value)) return 'an Output';
  if (isOfTerraform(value)) return 'a value of Terraform, which is known only later';
  if (typeof value !== 'string' && !Array.isArray(value) && !isRecord(value)) {
    return typeof value === 'object' && value !== null ? `a ${Object.prototype.toString.call(value).slice(8, -1)}` : String(value);
  }
  const written = asJson(value);
  if (written !== undefined && written.length <= 60) return written;
  if (typeof value === 'string') return `${JSON.stringify(value.slice(0, 50))} and ${value.length - 50} more characters`;
  return Array.isArray(value) ? `a list of ${value.length}` : `an object with ${Object.keys(value).slice(0, 5).join(', ')}`;
}

interface Entries {
  readonly [name: string]: unknown;
}

/** The field of a field. */
export function below(field: string, name: string): string {
  if (name === '') return `${field}['']`;
  return field === '' ? name : `${field}.${name}`;
}

function record(wanted: string, each: (value: Entries, field: string, tell: Tell) => unknown, instead: unknown = undefined): Shape {
  return (value, field, tell) => {
    if (isRecord(value)) return each(value, field, tell);
    tell(field, value, wanted);
    return instead;
  };
}

/** The same object where nothing changes, which is nearly always; else a copy, without the fields that came to nothing. */
function changed(value: Entries, names: readonly string[], next: (name: string) => unknown): Entries {
  const changes = new Map(names.map((name) => [name, next(name)] as const).filter(([name, other]) => !Object.is(other, value[name])));
  if (changes.size === 0) return value;
  const others = Object.entries(value).filter(([name]) => !changes.has(name));
  return Object.fromEntries([...others, ...[...changes].filter(([, other]) => other !== undefined)]);
}

/** Undefined for what JSON cannot say: Outputs, circles, bigints. */
function asJson(value: unknown): string | undefined {
  try {
    return JSON.stringify(value);
  } catch {
    return undefined;
  }
}
