// konfig show: a plan file, or one release: who and when, what was shown, how each step went, what was wrong.
import { type Release, type ReleaseSummary, type Spec, summaryOf } from '@konfig/core';
import { holderOf, readRelease, type World } from '@konfig/engine';
import type { PlaceArguments } from '../arguments/place-options';
import type { OutputArguments } from '../arguments/stack-options';
import { exitCodes } from '../exit-code';
import { untilInterrupted } from '../interrupt';
import { shownSpec } from '../literal-secret';
import { shownManifests } from '../manifests';
import { isPlanFile } from '../plan-file';
import { styleOf, widthOf } from '../print';
import { printJson } from '../print-json';
import { parseReleaseName } from '../release-name';
import { releaseText } from '../render/release-text';
import type { Shell } from '../shell';
import { openRecorded } from './open-stack';
import { showPlan } from './show-plan';

export interface ShowArguments extends OutputArguments, PlaceArguments {
  readonly what: string;
  readonly manifests: boolean;
  readonly markdown: boolean;
  /** Seconds. */
  readonly synthTimeout: number;
}

export async function show(args: ShowArguments, shell: Shell): Promise<number> {
  if (isPlanFile(args.what)) return showPlan({ file: args.what, format: args.markdown ? 'markdown' : args.output }, shell);
  return showRelease(args, shell);
}

async function showRelease(args: ShowArguments, shell: Shell): Promise<number> {
  const { stack, release: number } = parseReleaseName(args.what);
  const { spec, world } = await openRecorded(stack, shell, args);
  const { release, phase } = await untilInterrupted(shell, (signal) => read(spec, number, world, signal));
  if (args.manifests) shell.stdout.write(shownManifests(release.spec));
  else if (args.output !== 'text') printJson({ ...release, phase, spec: shownSpec(release.spec) }, args.output, shell);
  else {
    const { steps, problems, plan, sources = {} } = release;
    const shown = { stack, summary: { ...summaryOf(release), phase }, steps, problems, sources, ...(plan ? { plan } : {}) };
    shell.stdout.write(releaseText(shown, { ...styleOf(shell), width: widthOf(shell), now: Date.now() }));
  }
  return exitCodes.done;
}

interface Shown {
  readonly release: Release;
  readonly phase: ReleaseSummary['phase'];
}

async function read(spec: Spec, number: number | undefined, world: World, signal: AbortSignal): Promise<Shown> {
  const release = await readRelease(spec, number, world, signal);
  if (release.phase !== 'applying' || (await holderOf(spec, world, signal))) return { release, phase: release.phase };
  // Nobody holds the lock: it has ended meanwhile, or died and could not say so.
  const again = await readRelease(spec, number, world, signal);
  return { release: again, phase: again.phase === 'applying' ? 'interrupted' : again.phase };
}
