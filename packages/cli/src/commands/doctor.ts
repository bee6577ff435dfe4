// konfig doctor: looks at everything that Konfig needs, and says what to do where something is not well. Changes nothing.
import { isKonfigError } from '@konfig/core';
import type { OutputArguments } from '../arguments/stack-options';
import { type DoctorFinding, findingsIn } from '../doctor/finding';
import { checkMachine } from '../doctor/machine';
import { checkMonorepo } from '../doctor/monorepo';
import { checkTargets } from '../doctor/targets';
import { exitCodes } from '../exit-code';
import { styleOf, widthOf } from '../print';
import { printJson } from '../print-json';
import { findMonorepo, type Monorepo } from '../program/monorepo';
import { doctorText } from '../render/doctor-text';
import type { Shell } from '../shell';

export interface DoctorArguments extends OutputArguments {
  readonly stacks?: readonly string[] | undefined;
}

export async function doctor({ stacks, output }: DoctorArguments, shell: Shell): Promise<number> {
  const findings = await lookAround(stacks, shell);
  const isWell = !findings.some(({ state }) => state === 'broken');
  if (output === 'json') printJson({ isWell, findings }, 'json', shell);
  else if (output === 'ndjson') for (const finding of findings) printJson(finding, 'ndjson', shell);
  else shell.stdout.write(doctorText(findings, { ...styleOf(shell), width: widthOf(shell) }));
  return isWell ? exitCodes.done : exitCodes.error;
}

async function lookAround(stacks: readonly string[] | undefined, shell: Shell): Promise<readonly DoctorFinding[]> {
  const machine = checkMachine(shell.env);
  const found = findHere(shell);
  if ('findings' in found) return [...(await machine), ...found.findings];
  const { monorepo } = found;
  const { openWorld } = require('../world') as typeof import('../world');
  const report = await checkMonorepo(monorepo, shell);
  const asked = stacks && stacks.length > 0 ? stacks : report.stacks;
  const targets = await checkTargets({ monorepo, stacks: asked, world: openWorld(monorepo.root, shell.env), shell });
  return [...(await machine), ...report.findings, ...targets];
}

function findHere({ cwd }: Shell): { readonly monorepo: Monorepo } | { readonly findings: readonly DoctorFinding[] } {
  try {
    return { monorepo: findMonorepo(cwd) };
  } catch (error) {
    if (!isKonfigError(error)) throw error;
    const { broken } = findingsIn('this monorepo');
    return { findings: error.problems.map(({ message, hint }) => broken('root', message, hint)) };
  }
}
