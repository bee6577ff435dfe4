// One stack in one line, for tests.
import { readFileSync } from 'node:fs';
import { relative } from 'node:path';
import type { Json, JsonObject, Problem, SourceLine, Spec } from '@konfig/core';
import { kubernetes, project, type Stack, type StackOptions, type SynthOptions, type Workspace, workspace } from '@konfig/sdk';

export const dev = workspace('dev', { kubernetes: kubernetes({ context: 'dev' }) });

interface Given extends StackOptions {
  readonly workspace?: Workspace;
  readonly synth?: SynthOptions;
}

/** The Spec of a stack `shop/dev` that this function fills; fails the test on a problem. */
export function specOf(fill: (stack: Stack) => unknown, { workspace = dev, synth, ...options }: Given = {}): Spec {
  const result = project('shop', { owner: 'team-shop' }).stack('dev', workspace, fill, options).synth('dev', synth);
  if (result.problems) throw new Error(result.problems.map((problem) => JSON.stringify(problem, null, 2)).join('\n'));
  return result.output.spec;
}

/** The manifests of that Spec by their short names, `Deployment/web`. */
export function manifestsOf(fill: (stack: Stack) => unknown, given: Given = {}): { readonly [name: string]: JsonObject } {
  const objects = specOf(fill, given).resources.filter(({ runtime }) => runtime === 'kubernetes');
  return Object.fromEntries(
    objects.map(({ attributes }) => [`${attributes.kind}/${(attributes.metadata as JsonObject).name}`, attributes]),
  );
}

/** The problems of that stack, as lines: `CODE at: message`. */
export function problemsOf(fill: (stack: Stack) => unknown, given: Given = {}): readonly string[] {
  return problemsIn(fill, given).map(({ code, at, message }) => `${code} ${at ?? '-'}: ${message}`);
}

/** The problems of that stack. */
export function problemsIn(fill: (stack: Stack) => unknown, { workspace = dev, synth, ...options }: Given = {}): readonly Problem[] {
  return project('shop').stack('dev', workspace, fill, options).synth('dev', synth).problems ?? [];
}

/** The value at a path like `spec.template.spec.containers.0.env`. */
export function at(manifest: JsonObject | undefined, path: string): Json | undefined {
  let here: Json | undefined = manifest;
  for (const key of path.split('.')) here = (here as { readonly [key: string]: Json } | undefined)?.[key];
  return here;
}

/** The place in a test's file where this text stands first. */
export function place(file: string, text: string): SourceLine {
  const line =
    readFileSync(file, 'utf8')
      .split('\n')
      .findIndex((one) => one.includes(text)) + 1;
  return { file: relative(process.cwd(), file), line };
}
