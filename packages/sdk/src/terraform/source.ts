// Where the resources of a Terraform stack and their fields were written.
import { type FieldSource, isObject, type Json, type JsonObject, pathText, type ResourceSource } from '@konfig/core';
import type { IConstruct } from 'constructs';
import { fieldPath, itemsOf } from '../manifest/field-paths';
import { fieldSources } from '../provenance/field-sources';
import { linkField } from '../provenance/links';
import { ownValue } from '../provenance/origin';
import type { Synth } from '../synth';
import type { Block } from './blocks';
import { madeInputs } from './inputs';
import type { TerraformElement } from './library';
import type { LoweredTerraform } from './lower-stacks';
import { toldTo } from './made';
import { holdsToken, isTokenNumber } from './marks';

/** The lines of one Terraform stack. */
export function terraformSource({ object, attributes, blocks }: LoweredTerraform, synth: Synth): ResourceSource {
  const { configuration } = attributes as { readonly configuration: JsonObject };
  const fields: Record<string, FieldSource> = {};
  for (const block of blocks) {
    const path = pathText(['configuration', ...block.path]);
    const made = synth.lineOf(block.element);
    fields[path] = made;
    const written = bodyAt(configuration, block);
    const below =
      synth.notes && isObject(written) ? fieldSources(asWritten(block.element, written), written, made, synth.notes).fields : undefined;
    for (const [field, line] of Object.entries(below ?? {})) fields[joined(path, field)] = line;
  }
  for (const [name, { element }] of madeInputs(object)) fields[fieldPath('inputs', name)] = synth.lineOf(element);
  return { made: synth.lineOf(object), fields, items: itemsOf({ configuration }) };
}

function bodyAt(configuration: JsonObject, { path }: Block): Json | undefined {
  return path.reduce<Json | undefined>((here, key) => (isObject(here as Json) ? (here as JsonObject)[key] : undefined), configuration);
}

/** What the program wrote for a block, under the names that Terraform has for it. */
function asWritten(element: TerraformElement, body: JsonObject): IConstruct {
  const written = toldTo(element);
  return { props: written ? renamed(written, body) : {} } as unknown as IConstruct;
}

/** In the program it is `allocatedStorage`, in Terraform `allocated_storage`. What stands there as something else is another object. */
function renamed(written: object, body: JsonObject): object {
  const props: Record<string, unknown> = {};
  for (const [name, value] of Object.entries(body)) {
    const key = name.replace(/_([a-z0-9])/g, (_, letter: string) => letter.toUpperCase());
    const own = Object.hasOwn(written, key) ? ownValue(written, key) : undefined;
    if (own === undefined || (!isSame(own, value) && !holdsTokens(own))) continue;
    props[name] = renamedValue(own, value);
    linkField(props, name, written, key);
  }
  return props;
}

function renamedValue(own: unknown, value: Json): unknown {
  if (Array.isArray(own) && Array.isArray(value)) {
    const items = own.map((item: unknown, i) => renamedValue(item, (value[i] as Json) ?? null));
    for (const i of items.keys()) linkField(items, String(i), own, String(i));
    return items;
  }
  return typeof own === 'object' && own !== null && isObject(value) ? renamed(own, value) : own;
}

/** A plain value has to be the one that was written; what is put together is looked at below. */
function isSame(own: unknown, value: Json): boolean {
  return typeof own === 'object' ? typeof value === 'object' : own === value;
}

function holdsTokens(own: unknown): boolean {
  return typeof own === 'string' ? holdsToken(own) : typeof own === 'number' && isTokenNumber(own);
}

function joined(path: string, field: string): string {
  return field.startsWith('[') ? path + field : `${path}.${field}`;
}
