// konfig synth: the Spec of a stack, as Spec JSON, as plain manifests, or as what Terraform reads.
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
  readonly format: 'manifests' | 'terraform' | 'spec';
  readonly to?: string | undefined;
}

export async function synth(args: SynthArguments, shell: Shell): Promise<number> {
  const reading = readProgram(findMonorepo(shell.cwd), args.stack, shell, args);
  // Loaded while the program runs.
  const { manifestStream, writeManifests } = require('../manifests') as typeof import('../manifests');
  const { isTerraform, terraformStream, writeTerraform } = require('../terraform-files') as typeof import('../terraform-files');
  const program = await reading;
  await program.typesHold;
  const { warnings, spec, sources } = program;
  if (warnings.length > 0) (require('../print') as typeof import('../print')).printProblems(warnings, 'text', shell);
  const folder = args.to === undefined ? undefined : resolve(shell.cwd, args.to);
  const ofTerraform = spec.resources.filter(isTerraform).length;
  if (args.format === 'spec') write(specText(program), args.to, shell);
  else if (folder === undefined) {
    shell.stdout.write(args.format === 'terraform' ? terraformStream(spec) : manifestStream(spec, sources));
    if (args.format === 'manifests' && ofTerraform > 0) shell.stderr.write(leftOut(ofTerraform));
  } else {
    const manifests = args.format === 'terraform' ? [] : writeManifests(spec, sources, folder);
    shell.stderr.write(`Wrote ${wroteText(manifests.length, writeTerraform(spec, folder).length)} to ${args.to}.\n`);
  }
  return exitCodes.done;
}

function leftOut(count: number): string {
  const them = count === 1 ? 'A Terraform stack is' : `${count} Terraform stacks are`;
  return `${them} not among the manifests: --format terraform, or --to a folder for both.\n`;
}

function wroteText(manifests: number, terraform: number): string {
  const stacks = `${terraform} Terraform stack${terraform === 1 ? '' : 's'}`;
  return terraform === 0 ? `${manifests} manifests` : manifests === 0 ? stacks : `${manifests} manifests and ${stacks}`;
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
