// konfig synth: the Spec of a stack, as Spec JSON or as plain manifests.
import { writeFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { type Json, normalSpec, type SourceTable, type Spec, sorted, specDigest } from '@konfig/core';
import type { ProgramArguments, TypeCheckArguments } from '../arguments/stack-options';
import { exitCodes } from '../exit-code';
import { manifestStream, writeManifests } from '../manifests';
import { printProblems } from '../print';
import { findMonorepo } from '../program/monorepo';
import { readProgram } from '../program/read-program';
import type { Shell } from '../shell';

export interface SynthArguments extends ProgramArguments, TypeCheckArguments {
  readonly provenance: boolean;
  readonly format: 'manifests' | 'spec';
  readonly to?: string | undefined;
}

export async function synth(args: SynthArguments, shell: Shell): Promise<number> {
  const program = await readProgram(findMonorepo(shell.cwd), args.stack, shell, args);
  await program.typesHold;
  const { spec, sources, warnings } = program;
  if (warnings.length > 0) printProblems(warnings, 'text', shell);
  if (args.format === 'spec') write(specText(spec, sources), args.to, shell);
  else if (args.to === undefined) shell.stdout.write(manifestStream(spec, sources));
  else {
    const names = writeManifests(spec, sources, resolve(shell.cwd, args.to));
    shell.stderr.write(`Wrote ${names.length} manifests to ${args.to}.\n`);
  }
  return exitCodes.done;
}

function write(text: string, to: string | undefined, shell: Shell): void {
  if (to === undefined) shell.stdout.write(text);
  else writeFileSync(resolve(shell.cwd, to), text);
}

/** The Spec with its digest, and the table of source lines beside it. */
function specText(spec: Spec, sources: SourceTable): string {
  return `${JSON.stringify({ digest: specDigest(spec), spec: normalSpec(spec), sources: sorted(sources as unknown as Json) }, null, 2)}\n`;
}
