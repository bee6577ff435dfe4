// The line of every field of an object: of the literal that it was written in, or of the prop that it follows.
import { equalJson, type FieldSource, type Json, type JsonObject, type Notes, type ResourceSource, type SourceLine } from '@konfig/core';
import type { IConstruct } from 'constructs';
import { defaultGivenBy } from '../defaults';
import { fieldPath, itemPath, mergeKeysOf } from '../manifest/field-paths';
import { isOutput } from '../output';
import { ownValue, trailOf } from './origin';
import { patchesOf } from './patches';
import { followingOf, propsOf } from './props';
import { propPaths, type RulePlace, rulesBelow } from './rules';
import { type FoundField, isSameLine, sourceOfPath, sourceOfTrail } from './trail-lines';

/** The lines of an object's fields beside the line of the call that made it. */
export function fieldSources(object: IConstruct, manifest: JsonObject, made: SourceLine, notes: Notes): ResourceSource {
  const following = followingOf(object);
  const patches = new Map(patchesOf(object).map(({ pointer, line }) => [pointer, line]));
  const walk: Walk = { object, notes, made, patches, fields: {} };
  const given = (object as unknown as { readonly props: unknown }).props;
  const start: Here = {
    written: [following?.over, given].filter(isWritten),
    rules: following && { rules: following.rules, names: {} },
    above: undefined,
  };
  for (const [key, value] of Object.entries(manifest)) {
    if (key !== 'apiVersion' && key !== 'kind') visit({ value, key, part: key, path: fieldPath('', key), pointer: `/${key}` }, start, walk);
  }
  return Object.keys(walk.fields).length > 0 ? { made, fields: walk.fields } : { made };
}

interface Walk {
  readonly object: IConstruct;
  readonly notes: Notes;
  readonly made: SourceLine;
  /** Lines of what was patched, by its JSON pointer; `-` is the end of a list. */
  readonly patches: ReadonlyMap<string, SourceLine>;
  readonly fields: Record<string, FieldSource>;
}

/** What is known of the value that a field stands in. */
interface Here {
  /** The program's own values that it was made of, the one that counts most first. */
  readonly written: readonly object[];
  readonly rules: RulePlace | undefined;
  /** It follows a prop of another shape: what stands in it stands nowhere in the program. */
  readonly isFollowing?: boolean;
  /** The line that was noted for it or above it. */
  readonly above: FieldSource | undefined;
}

interface Field {
  readonly value: Json;
  readonly key: string;
  readonly part: string | number;
  readonly path: string;
  readonly pointer: string;
}

function visit({ value, key, part, path, pointer }: Field, inside: Here, walk: Walk): void {
  const patched = walk.patches.get(pointer);
  const here = patched ? { written: [], rules: undefined, above: inside.above } : inside;
  const rules = rulesBelow(here.rules, part, value);
  const direct = writtenField(here.written, key, walk);
  const found = direct ?? (rules && followedField(rules, walk));
  const source = patched ?? found?.source ?? (typeof part === 'string' ? guessed(here, walk) : undefined);
  if (source && !isSameLine(source, here.above)) walk.fields[path] = source;
  if (typeof value !== 'object' || value === null) return;
  const written = [...here.written.map((one) => childOfWritten(one, value, key)), found?.value].filter((one) => isWritten(one));
  const isFollowing = !direct && found !== undefined;
  const above = source ?? here.above;
  const isUnknown = !written.some((one) => walk.notes.of(one)) && !hasMore(rules) && !isFollowing && !here.isFollowing;
  if (isUnknown && above && !above.guess && !patched && Object.keys(value).length > 0) walk.fields[path] = { ...above, isMade: true };
  // Where nothing was written and no rule goes on, nothing can be found.
  if (written.length === 0 && !hasMore(rules) && walk.patches.size === 0) return;
  visitBelow({ value, key, part, path, pointer }, { written, rules, above, isFollowing: isFollowing || here.isFollowing === true }, walk);
}

function visitBelow({ value, path, pointer }: Field, below: Here, walk: Walk): void {
  if (Array.isArray(value)) {
    value.forEach((item: Json, i) => {
      const end = i === value.length - 1 && walk.patches.has(`${pointer}/-`) ? '-' : i;
      const field = { value: item, key: String(i), part: i, path: itemPath(path, item, i), pointer: `${pointer}/${end}` };
      visit(field, insideItem(below, item, i), walk);
    });
    return;
  }
  for (const [name, child] of Object.entries(value as JsonObject)) {
    const escaped = walk.patches.size > 0 ? name.replaceAll('~', '~0').replaceAll('/', '~1') : '';
    visit({ value: child, key: name, part: name, path: fieldPath(path, name), pointer: `${pointer}/${escaped}` }, below, walk);
  }
}

function isWritten(value: unknown): value is object {
  return typeof value === 'object' && value !== null && !isOutput(value);
}

function hasMore(place: RulePlace | undefined): boolean {
  return place !== undefined && (place.rules.below.size > 0 || place.rules.each !== undefined);
}

function writtenField(written: readonly object[], key: string, { notes }: Walk): FoundField | undefined {
  for (const object of written) {
    if (!Object.hasOwn(object, key)) continue;
    const source = sourceOfTrail(trailOf(object, key, notes), notes);
    if (source) return { source, value: ownValue(object, key) };
  }
  return undefined;
}

/** The line of the prop that the field follows. */
function followedField(rules: RulePlace, { object, notes }: Walk): FoundField | undefined {
  const owner = object.node.scope;
  for (const path of owner ? propPaths(rules) : []) {
    const [first = ''] = path;
    const start = first.startsWith('@') ? defaultGivenBy(owner as NonNullable<typeof owner>, first.slice(1)) : owner && propsOf(owner);
    const found = start && sourceOfPath(start, first.startsWith('@') ? [first.slice(1), ...path.slice(1)] : path, notes);
    if (found) return found;
  }
  return undefined;
}

/** What stands beside fields of known lines and has none itself was put there by the construct. */
function guessed({ above, rules, written, isFollowing }: Here, { made, notes }: Walk): FieldSource | undefined {
  const isAdded = !isFollowing && written.some((one) => notes.of(one));
  return above && !above.guess && (hasMore(rules) || isAdded) ? { ...made, guess: true } : undefined;
}

/** The program's value for a field, as far as it is of the same kind: what was made of it may be another thing altogether. */
function childOfWritten(written: object, value: Json, key: string): unknown {
  if (!Object.hasOwn(written, key)) return undefined;
  const child = ownValue(written, key);
  return typeof child === 'object' && child !== null && Array.isArray(child) === Array.isArray(value) ? child : undefined;
}

/** Items are found by what they are known by, and where that says nothing by their number. */
function insideItem(here: Here, item: Json, i: number): Here {
  const [keys] = mergeKeysOf(item);
  const written = here.written.flatMap((list): readonly object[] => {
    if (!Array.isArray(list) || !keys) return [list];
    const index = list.findIndex((other) => equalJson(mergeKeysOf(other as Json)[0] ?? null, keys));
    return index < 0 ? [] : [{ [i]: list[index] as unknown }];
  });
  return { ...here, written };
}
