// What `konfig import` asks for: parts to take over from the world.
import { isObject, type JsonObject, type PartImport, type Problem, shortId, valueAt } from '@konfig/core';
import { pathOfAddress } from './configuration';
import type { KeptStack } from './kept';
import { parseNumbers } from './number-text';
import { forcedBy } from './parts';
import type { PlanJson } from './plan-json';
import { instancesIn, withoutKey } from './state';
import { blocksOf, type StackWish } from './wish';

/** What is in the state already needs no import. */
export function withImports(wish: StackWish, imports: readonly PartImport[], kept: KeptStack): StackWish {
  const missing = imports.filter(({ part }) => !isHeld(part, kept));
  if (missing.length === 0) return wish;
  const blocks = [...blocksOf(wish.configuration.import), ...missing.map(({ part, id }) => ({ to: part, id }))];
  return { ...wish, configuration: { ...wish.configuration, import: blocks } };
}

/** What stands at an address is never given up for something else without a word. */
export function importProblems(kept: KeptStack, { id: stack }: StackWish, imports: readonly PartImport[]): readonly Problem[] {
  return imports.flatMap(({ part, id }): readonly Problem[] => {
    const { text } = kept;
    if (text === undefined || !isHeld(part, kept)) return [];
    const held = heldIds(text, part);
    if (held.includes(id)) return [];
    const name = `${part} of ${shortId(stack)}`;
    return [
      {
        code: 'USAGE',
        message: `${name} is managed already: ${held.length === 0 ? 'its state shows no id to tell whether that is' : `it is ${held[0]}, not`} ${id}.`,
        hint: `For a second thing, give the program a second resource, and import it there. To let go of the one that is held: onRemoval "retain", take it out of the program, apply; then put it back and import ${id}.`,
        at: `${stack} configuration.resource.${part}`,
      },
    ];
  });
}

/** What is taken over must not be lost by that: Terraform would import it, delete it, and make another. */
export function importLosses({ resource_changes: changes = [] }: PlanJson, { id: stack }: StackWish): readonly Problem[] {
  return changes
    .filter(({ change }) => change.importing && change.actions.includes('delete'))
    .map(({ address, change }) => ({
      code: 'RESOURCE_IMMUTABLE',
      message: `${address} of ${shortId(stack)} cannot take over ${change.importing?.id ?? 'it'} as it is: ${forcedBy(change)}, and replacing it would destroy what is imported.`,
      hint: 'Write these fields in the program as they are in the world, import, and change them afterwards. Or give it another id, if another thing was meant.',
      at: `${stack} configuration.resource.${withoutKey(address)}`,
    }));
}

/**
 * A replace that makes the new object first was cut off, and the new one is taken over: the old one is most likely still there, and nothing would know of it from then on.
 * One that is deleted first has gone where the new one is there.
 */
export function letGoProblems(
  { text }: KeptStack,
  { id: stack, configuration }: StackWish,
  retaken: readonly string[],
): readonly Problem[] {
  if (text === undefined) return [];
  const ids = new Map(blocksOf(configuration.import).map(({ to, id }) => [to, id]));
  return retaken.flatMap((part): readonly Problem[] => {
    const [held, taken] = [heldIds(text, part), ids.get(part)];
    const path = pathOfAddress(configuration, part);
    const resource = path && valueAt(configuration, path);
    const isFirst = blocksOf(isObject(resource) ? resource.lifecycle : undefined).some((block) => block.create_before_destroy === true);
    if (!isFirst || typeof taken !== 'string' || held.includes(taken)) return [];
    const old = held[0] === undefined ? 'the object that its state has' : held[0];
    return [
      {
        code: 'PLAN_ORPHANS',
        severity: 'warning',
        message: `${part} of ${shortId(stack)} takes over ${taken} in the place of ${old}, which was to be deleted only afterwards: it may be there still, and nothing knows of it from then on.`,
        hint: `Look for ${old}. To keep it, import it instead; else delete it by hand, or go on with it there. With --yes it takes --allow-orphans too.`,
        at: `${stack} configuration.resource.${withoutKey(part)}`,
      },
    ];
  });
}

/** In the state, and not what a run that died was about to replace: that may be gone. */
function isHeld(part: string, { state, mark }: KeptStack): boolean {
  return state?.addresses.includes(part) === true && !mark?.replaces?.includes(part);
}

/** What an object is known by in the state, the most telling first; without what is secret. A provider need not import by what it calls the id. */
function heldIds(text: string, part: string): readonly string[] {
  const held = instancesIn(parseNumbers(text) as JsonObject).filter(({ address }) => address === part);
  return held.flatMap(({ attributes, sensitive }) => {
    const secret = JSON.stringify(sensitive);
    return telling.flatMap((name) => {
      const value = isObject(attributes) ? attributes[name] : undefined;
      return typeof value === 'string' && !secret.includes(JSON.stringify(name)) ? [value] : [];
    });
  });
}

const telling = ['id', 'name', 'identifier', 'arn'];
