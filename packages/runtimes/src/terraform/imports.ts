// What `konfig import` asks for: parts to take over from the world.
import { isObject, type JsonObject, type PartImport, type Problem, shortId } from '@konfig/core';
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
