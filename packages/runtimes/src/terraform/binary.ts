// The binary that stacks are planned and applied with: `terraform` or `tofu`, from 1.5 on.
import { execFile } from 'node:child_process';
import { accessSync, constants } from 'node:fs';
import { basename, delimiter, dirname, join } from 'node:path';
import { promisify } from 'node:util';
import { KonfigError } from '@konfig/core';
import { reasonOf } from '../reason-of';
import type { Message } from './messages';

export interface Binary {
  readonly path: string;
  readonly kind: 'terraform' | 'tofu';
}

export const binaryName = { terraform: 'Terraform', tofu: 'OpenTofu' } as const;

const run = promisify(execFile);
const oldest = [1, 5] as const;
const install =
  'Install Terraform 1.5 or later (https://developer.hashicorp.com/terraform/install) or OpenTofu (https://opentofu.org/docs/intro/install), or name one: KONFIG_TERRAFORM, or terraform({ binary }) in the workspace.';

function unusable(target: string, message: string): KonfigError {
  return new KonfigError({ code: 'TARGET_CONFIG', message: `Target ${target}: ${message}`, hint: install });
}

/** The one that is named, else the first that is there. One that is called as ever is not asked what it is: that takes 50 ms, and its plan tells its version. */
export async function findBinary(target: string, named: string | undefined, env: NodeJS.ProcessEnv): Promise<Binary> {
  const path = (named === undefined ? ['terraform', 'tofu'] : [named]).find((one) => isThere(one, env.PATH ?? ''));
  if (path === undefined)
    throw unusable(target, named === undefined ? 'there is neither terraform nor tofu on the PATH.' : `there is no program ${named}.`);
  const known = basename(path).replace(/\.exe$/, '');
  return { path, kind: known === 'terraform' || known === 'tofu' ? known : await askKind(target, path, env) };
}

function isThere(program: string, searched: string): boolean {
  const places = program === basename(program) ? searched.split(delimiter).map((folder) => join(folder, program)) : [program];
  return places.some((place) => [place, `${place}.exe`].some(isExecutable));
}

function isExecutable(file: string): boolean {
  try {
    accessSync(file, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}

async function askKind(target: string, path: string, env: NodeJS.ProcessEnv): Promise<Binary['kind']> {
  const { stdout } = await run(path, ['version'], { env, cwd: dirname(path), timeout: 30_000 }).catch((error) => {
    throw unusable(target, `${path} version failed: ${reasonOf(error)}`);
  });
  const [, name] = /^(Terraform|OpenTofu) v\d/m.exec(stdout) ?? [];
  if (!name) throw unusable(target, `${path} is neither Terraform nor OpenTofu.`);
  return name === 'OpenTofu' ? 'tofu' : 'terraform';
}

/** Whether it is new enough: the first thing that it says is its version. */
export function checkVersion(target: string, { path, kind }: Binary, messages: readonly Message[]): void {
  const { version } = messages.find((message) => message.version !== undefined) ?? {};
  if (version === undefined) return;
  const [major, minor] = version.split('.').map(Number) as [number, number];
  if (major < oldest[0] || (major === oldest[0] && minor < oldest[1]))
    throw unusable(target, `${path} is ${binaryName[kind]} ${version}, which is too old.`);
}
