// konfig synth: the Spec of a stack, as Spec JSON or as plain manifests.
import { writeFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { type Json, normalSpec, sorted, specDigest } from '@konfig/core';
import type { ProgramArguments, TypeCheckArguments } from '../arguments/stack-options';
import { exitCodes } from '../exit-code';
import { findMonorepo } from '../program/monorepo';
import { type Program, readProgram } from '../program/read-program';
import type { Shell } from '../shell';

export interface SynthArguments extends ProgramArguments, TypeCheckArguments {
  readonly provenance: boolean;
  readonly format: 'manifests' | 'spec';
  readonly to?: string | undefined;
}

export async function synth(args: SynthArguments, shell: Shell): Promise<number> {
  const reading = readProgram(findMonorepo(shell.cwd), args.stack, shell, args);
  // Loaded while the program runs.
  const { manifestStream, writeManifests } = require('../manifests') as typeof import('../manifests');
  const program = await reading;
  await program.typesHold;
  const { warnings, spec, sources } = program;
  if (warnings.length > 0) (await import('../print.js')).printProblems(warnings, 'text', shell);
  if (args.format === 'spec') write(specText(program), args.to, shell);
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

/** The Spec with its digest; beside it what it depends on, and the table of source lines. */
function specText({ spec, sources, key, inputs = [] }: Program): string {
  const written = { digest: specDigest(spec), key: key?.(), inputs, spec: normalSpec(spec), sources: sorted(sources as unknown as Json) };
  return `${JSON.stringify(written, null, 2)}\n`;
}
