// konfig diff: what differs between what two releases or programs wish.
import { type FieldChange, pathText, type Resource, type ResourceId, type SourceTable, type Spec, sourceOf } from '@konfig/core';
import { readRelease } from '@konfig/engine';
import type { PlaceArguments } from '../arguments/place-options';
import type { OutputArguments } from '../arguments/stack-options';
import { compareSpecs, type Difference, isSame } from '../compare';
import { exitCodes } from '../exit-code';
import { untilInterrupted } from '../interrupt';
import { styleOf, widthOf } from '../print';
import { printJson } from '../print-json';
import { parseReleaseName } from '../release-name';
import { differenceText, type Side } from '../render/difference-text';
import { withLaterText } from '../render/later-text';
import type { Shell } from '../shell';
import { openRecorded, openStack, refusePlace } from './open-stack';

export interface DiffArguments extends OutputArguments, PlaceArguments {
  readonly before: string;
  readonly after: string;
  readonly exitCode: boolean;
  readonly verbose: boolean;
  /** Seconds. */
  readonly synthTimeout: number;
}

export async function diff(args: DiffArguments, shell: Shell): Promise<number> {
  const names = [args.before, args.after];
  if (names.every((name) => parseReleaseName(name).release === undefined)) refusePlace(names.join(' and '), args);
  const [before, after] = await Promise.all([readSide(args.before, args, shell), readSide(args.after, args, shell)]);
  const found = compareSpecs(before.spec, after.spec);
  if (args.output !== 'text') printJson(asData(found, before, after), args.output, shell);
  else shell.stdout.write(differenceText(found, { before, after }, { ...styleOf(shell), width: widthOf(shell), verbose: args.verbose }));
  return args.exitCode && !isSame(found) ? exitCodes.pending : exitCodes.done;
}

interface ReadSide extends Side {
  readonly spec: Spec;
}

/** Where a release is to be found the options say; where a program's stack goes, its workspace. */
async function readSide(name: string, args: DiffArguments, shell: Shell): Promise<ReadSide> {
  const { stack, release } = parseReleaseName(name);
  if (release === undefined) {
    const { spec, sources } = await openStack(stack, shell, { synthTimeout: args.synthTimeout, typeCheck: false });
    return { name, spec, sources };
  }
  const { spec, world } = await openRecorded(stack, shell, args);
  const found = await untilInterrupted(shell, (signal) => readRelease(spec, release, world, signal));
  return { name, spec: found.spec, sources: found.sources ?? {} };
}

function asData({ added, removed, changed, same, stack }: Difference, before: ReadSide, after: ReadSide): object {
  const resourcesOf = (resources: readonly Resource[], sources: SourceTable) =>
    resources.map(({ id, type }) => ({ id, type, ...withLine(sources, id) }));
  const fieldsOf = (changes: readonly FieldChange[], id?: ResourceId) =>
    changes.map(({ path, before: old, after: now, sensitive }) => ({
      field: pathText(path),
      ...(sensitive ? { sensitive } : {}),
      ...(old === undefined ? {} : { before: withLaterText(old) }),
      ...(now === undefined ? {} : { after: withLaterText(now) }),
      ...(id === undefined ? {} : withLine(after.sources, id, pathText(path))),
    }));
  return {
    before: before.name,
    after: after.name,
    added: resourcesOf(added, after.sources),
    removed: resourcesOf(removed, before.sources),
    changed: changed.map(({ id, was, type, changes }) => ({ id, ...(was === id ? {} : { was }), type, fields: fieldsOf(changes, id) })),
    same,
    stack: fieldsOf(stack),
  };
}

function withLine(sources: SourceTable, id: ResourceId, path?: string): object {
  const source = sourceOf(sources, id, path);
  return source ? { source } : {};
}
