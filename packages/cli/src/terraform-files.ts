// The Terraform stacks of a Spec as files that Terraform itself reads.
import { existsSync, mkdirSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import type { Resource, Spec } from '@konfig/core';

/** Of Terraform: its configuration is no object of a cluster. */
export function isTerraform({ runtime }: Resource): boolean {
  return runtime === 'terraform';
}

/** Every configuration as JSON, one after the other. The values of variables are not in there: they may be secret, or known only later. */
export function terraformStream(spec: Spec): string {
  return spec.resources.filter(isTerraform).map(textOf).join('');
}

/** Writes `terraform/<name>/main.tf.json` below the folder for each, and removes those of stacks that are no more. Gives the paths. */
export function writeTerraform(spec: Spec, folder: string): readonly string[] {
  const files = new Map(spec.resources.filter(isTerraform).map((resource) => [pathOf(resource), textOf(resource)]));
  for (const old of oldFiles(folder)) if (!files.has(old)) rmSync(join(folder, old));
  for (const [path, text] of files) {
    mkdirSync(dirname(join(folder, path)), { recursive: true });
    writeFileSync(join(folder, path), text);
  }
  return [...files.keys()];
}

const usualTarget = 'terraform';
const fileName = 'main.tf.json';

/** `terraform:Terraform/database` is `terraform/database/main.tf.json`; below another target's name it is another one. */
function pathOf({ id, target }: Resource): string {
  return join(target, id.slice(id.indexOf('/') + 1), fileName);
}

function oldFiles(folder: string): readonly string[] {
  const below = join(folder, usualTarget);
  const names = existsSync(below) ? readdirSync(below) : [];
  return names.map((name) => join(usualTarget, name, fileName)).filter((path) => existsSync(join(folder, path)));
}

function textOf({ attributes }: Resource): string {
  return `${JSON.stringify(attributes.configuration, null, 2)}\n`;
}
