// The binary that stacks are planned and applied with: `terraform` or `tofu`, from 1.5 on.
import { execFile } from 'node:child_process';
import { tmpdir } from 'node:os';
import { promisify } from 'node:util';
import { KonfigError } from '@konfig/core';
import { reasonOf } from '../kubernetes/client';

export interface Binary {
  readonly path: string;
  readonly kind: 'terraform' | 'tofu';
  /** `1.11.4` */
  readonly version: string;
}

export const binaryName = { terraform: 'Terraform', tofu: 'OpenTofu' } as const;

const run = promisify(execFile);
const oldest = [1, 5] as const;
const install =
  'Install Terraform 1.5 or later (https://developer.hashicorp.com/terraform/install) or OpenTofu (https://opentofu.org/docs/intro/install), or name one: KONFIG_TERRAFORM, or terraform({ binary }) in the workspace.';

/** The one that is named, else the first that is there. */
export async function findBinary(target: string, named: string | undefined, env: NodeJS.ProcessEnv): Promise<Binary> {
  const bad = (message: string) => new KonfigError({ code: 'TARGET_CONFIG', message: `Target ${target}: ${message}`, hint: install });
  for (const path of named === undefined ? ['terraform', 'tofu'] : [named]) {
    const said = await sayVersion(path, env).catch((error: NodeJS.ErrnoException) => {
      if (named === undefined && error.code === 'ENOENT') return undefined;
      throw bad(error.code === 'ENOENT' ? `there is no program ${path}.` : `${path} version failed: ${reasonOf(error)}`);
    });
    if (said === undefined) continue;
    const [, name, version] = /^(Terraform|OpenTofu) v(\d+\.\d+\.\d+\S*)/m.exec(said) ?? [];
    if (!name || !version) throw bad(`${path} is neither Terraform nor OpenTofu.`);
    const [major, minor] = version.split('.').map(Number) as [number, number];
    if (major < oldest[0] || (major === oldest[0] && minor < oldest[1])) throw bad(`${path} is ${name} ${version}, which is too old.`);
    return { path, kind: name === 'OpenTofu' ? 'tofu' : 'terraform', version };
  }
  throw bad('there is neither terraform nor tofu on the PATH.');
}

async function sayVersion(path: string, env: NodeJS.ProcessEnv): Promise<string> {
  return (await run(path, ['version'], { env, cwd: tmpdir(), timeout: 30_000 })).stdout;
}
