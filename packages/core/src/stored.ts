// What comes back from a store: bytes that disks, people and other versions of Konfig may have changed.
import { isObject, type Json, type JsonObject } from './json';
import { planVersion } from './plan';
import { isKonfigError, KonfigError, type Problem, problemsOf } from './problem';
import { type JournalEntry, recordVersion } from './release';
import { specVersion } from './spec';

/** Where something is stored, and the way out when it is damaged. */
export interface StoredPlace {
  /** `/home/anna/konfig/.konfig/records/shop/prod/record.json`, `Secret konfig/konfig-shop-prod-3f2a` */
  readonly name: string;
  readonly hint: string;
}

/** The JSON of this version that a store kept as text. Throws RECORD_CORRUPT: what is wrong with it, and what to do. */
export function readStored<T extends { readonly version: string }>(text: string, version: T['version'], place: StoredPlace): T {
  const value = parsed(text, place);
  if (!isObject(value)) throw damaged(place, 'it holds no object');
  if (value.version === version) {
    const why = wrongShape(value, version);
    if (why !== undefined) throw damaged(place, why);
    return value as unknown as T;
  }
  if (typeof value.version !== 'string') throw damaged(place, 'it names no version');
  throw otherVersion(value.version, version, place);
}

/** Only what everything else is read by: what is in a list is trusted. */
function wrongShape(value: JsonObject, version: string): string | undefined {
  if (version === specVersion) return lists(value, 'resources');
  if (version === planVersion) return lists(value, 'steps');
  if (version !== recordVersion) return undefined;
  // A record has an inventory, a release has steps, an index has releases.
  if ('lastRelease' in value)
    return typeof value.lastRelease === 'number' && typeof value.hashKey === 'string'
      ? lists(value, 'inventory')
      : 'its lastRelease or hashKey is missing';
  if ('inventory' in value || 'hashKey' in value) return 'its lastRelease is missing';
  if ('releases' in value) return lists(value, 'releases');
  return 'number' in value ? lists(value, 'steps') : 'it is neither a record nor a release';
}

function lists(value: JsonObject, field: string): string | undefined {
  const list = value[field];
  return Array.isArray(list) && list.every(isObject) ? undefined : `${field} is no list of objects`;
}

/** The entries that one write added to a journal. Throws RECORD_CORRUPT, as above. */
export function readBatch(text: string, place: StoredPlace): readonly JournalEntry[] {
  const value = parsed(text, place);
  if (Array.isArray(value) && value.every(isEntry)) return value as unknown as readonly JournalEntry[];
  throw damaged(place, 'it holds no entries of a journal');
}

function isEntry(value: Json): boolean {
  return isObject(value) && typeof value.id === 'string' && typeof value.state === 'string';
}

function parsed(text: string, place: StoredPlace): Json {
  try {
    return JSON.parse(text) as Json;
  } catch (error) {
    throw damaged(place, (error as Error).message);
  }
}

/** RECORD_CORRUPT for what is stored there. */
export function damaged({ name, hint }: StoredPlace, why: string): KonfigError {
  return new KonfigError({ code: 'RECORD_CORRUPT', message: `${name} is not a record of Konfig: ${why}.`, hint });
}

function otherVersion(found: string, wanted: string, { name, hint }: StoredPlace): KonfigError {
  const number = (version: string) => Number(/\/v(\d+)$/.exec(version)?.[1]);
  const hints = [`An older Konfig wrote it, and only that one reads it. ${hint}`, 'A newer Konfig wrote it: use that one.'];
  return new KonfigError({
    code: 'RECORD_CORRUPT',
    message: `${name} has the version ${found}, but this Konfig reads ${wanted}.`,
    hint: (number(found) < number(wanted) ? hints[0] : number(found) > number(wanted) ? hints[1] : hint) as string,
  });
}

/** Can what is stored not be read or relied on, though it can be reached? */
export function isDamage(error: unknown): error is KonfigError {
  return isKonfigError(error) && error.problems.every(({ code }) => code === 'RECORD_CORRUPT' || code === 'RECORD_OUTDATED');
}

/** What is wrong with one release of a stack, for the list of them. */
export function damageOfRelease(stack: string, number: number, error: unknown): readonly Problem[] {
  const name = releaseName(stack, number);
  return problemsOf(error, `read ${name}`).map((problem) => ({ ...problem, at: name }));
}

/** `release 12 of shop/prod` */
export function releaseName(stack: string, number: number): string {
  return `release ${number} of ${stack}`;
}
