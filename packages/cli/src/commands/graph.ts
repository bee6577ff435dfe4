// konfig graph: what waits for what, of the program or of a release.
import type { SourceTable, Spec } from '@konfig/core';
import { edgesFor, readRelease, status as readStatus, type World } from '@konfig/engine';
import type { FileArguments, PlaceArguments } from '../arguments/place-options';
import type { ProgramArguments } from '../arguments/stack-options';
import { exitCodes } from '../exit-code';
import { type Graph, graphOf, withHealth } from '../graph';
import { untilInterrupted } from '../interrupt';
import { printProblems, styleOf, widthOf } from '../print';
import { printJson } from '../print-json';
import { parseReleaseName } from '../release-name';
import { dotText } from '../render/graph-dot';
import { mermaidText } from '../render/graph-mermaid';
import { graphText } from '../render/graph-text';
import type { Shell } from '../shell';
import { namedStack, openRecorded, openStack } from './open-stack';

export interface GraphArguments extends Omit<ProgramArguments, 'stack'>, PlaceArguments, FileArguments {
  readonly stack?: string | undefined;
  readonly format: 'text' | 'dot' | 'mermaid' | 'json';
  readonly release?: number | undefined;
  readonly live: boolean;
}

export async function graph(args: GraphArguments, shell: Shell): Promise<number> {
  const { stack, release: named } = parseReleaseName(namedStack(args.stack));
  const release = args.release ?? named;
  const { spec, sources, world } = await readSpec(stack, release, args, shell);
  const wished: Graph = { ...graphOf(spec, sources, edgesFor(spec, world)), ...(release === undefined ? {} : { release }) };
  const now = args.live ? await untilInterrupted(shell, (signal) => readStatus(spec, world, signal)) : undefined;
  const found = now ? withHealth(wished, now.observations) : wished;
  if (args.format === 'json') printJson(found, 'json', shell);
  else if (args.format === 'dot') shell.stdout.write(dotText(found));
  else if (args.format === 'mermaid') shell.stdout.write(mermaidText(found));
  else shell.stdout.write(graphText(found, { ...styleOf(shell), width: widthOf(shell) }));
  if (now && now.problems.length > 0) printProblems(now.problems, 'text', shell);
  return exitCodes.done;
}

interface Read {
  readonly spec: Spec;
  readonly sources: SourceTable;
  readonly world: World;
}

async function readSpec(stack: string, release: number | undefined, args: GraphArguments, shell: Shell): Promise<Read> {
  if (release === undefined) return openStack(stack, shell, { ...args, typeCheck: false });
  const { spec, world } = await openRecorded(stack, shell, args);
  const found = await untilInterrupted(shell, (signal) => readRelease(spec, release, world, signal));
  return { spec: found.spec, sources: found.sources ?? {}, world };
}
