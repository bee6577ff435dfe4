// What comes back from a store: bytes that disks, people and other versions of Konfig may have changed.
import { isObject, type Json } from './json';
import { isKonfigError, KonfigError, type Problem, problemsOf } from './problem';
import { type JournalEntry, recordVersion, type StackRecord } from './release';

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
  if (value.version === version) return value as unknown as T;
  if (typeof value.version !== 'string') throw damaged(place, 'it names no version');
  throw otherVersion(value.version, version, place);
}

/** The record of a stack, from where people may write into it. What is in its lists is trusted. Throws RECORD_CORRUPT, as above. */
export function readStoredRecord(text: string, place: StoredPlace): StackRecord {
  const record = readStored<StackRecord>(text, recordVersion, place);
  const { lastRelease, hashKey, inventory } = record as Partial<StackRecord>;
  if (typeof lastRelease !== 'number') throw damaged(place, 'it does not say which release was the last');
  if (typeof hashKey !== 'string') throw damaged(place, 'it has lost the key of its hashes');
  if (!Array.isArray(inventory) || !inventory.every(isObject)) throw damaged(place, 'its inventory is no list of resources');
  return record;
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
