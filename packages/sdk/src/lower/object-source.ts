// Where an object and its fields were written: in a file, in the program, or in what the stack was told.
import type { JsonObject, ResourceSource, SourceLine } from '@konfig/core';
import type { ApiObject } from 'cdk8s';
import type { IConstruct } from 'constructs';
import { changedSource } from '../manifest/changed-source';
import { itemsOf } from '../manifest/field-paths';
import { fieldSources } from '../provenance/field-sources';
import { sourceOfPath } from '../provenance/trail-lines';
import type { Stack } from '../stack';
import { type Synth, synthOf } from '../synth';

interface Written {
  readonly object: ApiObject;
  /** As it was written, and as it goes into the Spec. */
  readonly json: JsonObject;
  readonly manifest: JsonObject;
}

/** The lines of one object. */
export function objectSource(written: Written, stack: Stack, synth: Synth): ResourceSource {
  const source = linesOf(written, stack, synth);
  return source.fields ? { ...source, items: itemsOf(written.manifest) } : source;
}

/** The line where the program wrote a field of a raw object; undefined where it is not known, or the object was read in a file. */
export function lineOfWritten(object: ApiObject, path: readonly string[]): SourceLine | undefined {
  const synth = synthOf(object);
  const { props } = object as unknown as { readonly props: object };
  return synth?.notes && !synth.readOf(object) ? sourceOfPath(props, path, synth.notes)?.source : undefined;
}

/** Objects that were read in files keep their lines there, but for what the program changed. */
function linesOf({ object, json, manifest }: Written, stack: Stack, synth: Synth): ResourceSource {
  const read = synth.readOf(object);
  const made = synth.lineOf(object);
  const source = synth.notes ? fieldSources(object, manifest, made, synth.notes) : { made };
  if (read) {
    const by = synth.lineOf(object.node.scope as IConstruct);
    return withWritten(changedSource(read.source, { read: read.manifest, wished: json, by }), read.source, source);
  }
  const { props: given } = object as unknown as { readonly props: JsonObject };
  const namespace = namespaceOf(given) === undefined && namespaceOf(manifest) !== undefined ? lineOfNamespace(stack, synth) : undefined;
  return namespace ? { ...source, fields: { ...source.fields, 'metadata.namespace': namespace } } : source;
}

/** What the program wrote into what it read has the line where it did. */
function withWritten(changed: ResourceSource, read: ResourceSource, written: ResourceSource): ResourceSource {
  const isChanged = (path: string) => changed.fields?.[path] !== read.fields?.[path];
  const own = Object.entries(written.fields ?? {}).filter(([path, line]) => !line.guess && isChanged(path));
  return own.length > 0 ? { ...changed, fields: { ...changed.fields, ...Object.fromEntries(own) } } : changed;
}

function namespaceOf({ metadata }: JsonObject): unknown {
  return (metadata as JsonObject | undefined)?.namespace;
}

function lineOfNamespace({ options }: Stack, { notes }: Synth): SourceLine | undefined {
  return notes && sourceOfPath(options, ['namespace'], notes)?.source;
}
