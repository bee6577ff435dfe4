// Where the resources of a Terraform stack and their fields were written.
import { type FieldSource, isObject, type Json, type JsonObject, pathText, type ResourceSource } from '@konfig/core';
import type { IConstruct } from 'constructs';
import { fieldPath, itemsOf } from '../manifest/field-paths';
import { fieldSources } from '../provenance/field-sources';
import type { Synth } from '../synth';
import type { Block } from './blocks';
import { madeInputs } from './inputs';
import type { TerraformElement } from './library';
import type { LoweredTerraform } from './lower-stacks';

/** The lines of one Terraform stack. */
export function terraformSource({ object, attributes, blocks }: LoweredTerraform, synth: Synth): ResourceSource {
  const { configuration } = attributes as { readonly configuration: JsonObject };
  const fields: Record<string, FieldSource> = {};
  for (const block of blocks) {
    const path = pathText(['configuration', ...block.path]);
    const made = synth.lineOf(block.element);
    fields[path] = made;
    const written = bodyAt(configuration, block);
    const below = synth.notes && isObject(written) ? fieldSources(asWritten(block.element), written, made, synth.notes).fields : undefined;
    for (const [field, line] of Object.entries(below ?? {})) fields[joined(path, field)] = line;
  }
  for (const [name, { element }] of madeInputs(object)) fields[fieldPath('inputs', name)] = synth.lineOf(element);
  return { made: synth.lineOf(object), fields, items: itemsOf({ configuration }) };
}

function bodyAt(configuration: JsonObject, { path }: Block): Json | undefined {
  return path.reduce<Json | undefined>((here, key) => (isObject(here as Json) ? (here as JsonObject)[key] : undefined), configuration);
}

/** Bindings in the program write an object that follows from what they were given, field by field; of others the call is known. */
function asWritten(element: TerraformElement): IConstruct {
  const { synthesizeAttributes: write } = element as unknown as { readonly synthesizeAttributes?: () => object };
  return { props: write ? write.call(element) : {} } as unknown as IConstruct;
}

function joined(path: string, field: string): string {
  return field.startsWith('[') ? path + field : `${path}.${field}`;
}
