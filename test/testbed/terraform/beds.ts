// The real parts that Terraform stacks run with in tests: the binaries, and a mirror of providers in place of a registry.
import { execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';

export interface TerraformBed {
  /** Undefined where there is none: `$KONFIG_TERRAFORM`, or `terraform` of the PATH. */
  readonly terraform: string | undefined;
  /** Undefined where the part `tofu` was not asked for. */
  readonly tofu: string | undefined;
  /** The folder with providers, as `filesystem_mirror` wants it. */
  readonly mirror: string;
  /** Writes a CLI configuration with which nothing is looked up elsewhere; gives the environment that leads to it. */
  cliConfig(file: string): { readonly [name: string]: string };
}

export type Part = 'providers' | 'provider-postgresql' | 'aws' | 'tofu';

/** Builds what is not there yet, which takes minutes the first time. Without parts: all of them. */
export async function buildTerraformBed(...parts: Part[]): Promise<TerraformBed> {
  const child = spawn(join(__dirname, 'build.sh'), parts, { stdio: ['ignore', 'pipe', 'inherit'] });
  const [lines, [code]] = await Promise.all([text(child.stdout), once(child, 'close')]);
  if (code !== 0) throw new Error(`test/testbed/terraform/build.sh ended with ${code}; it said why above.`);
  const folder = lines.trimEnd().split('\n').at(-1) ?? '';
  const tofu = join(folder, 'bin', 'tofu');
  const mirror = join(folder, 'mirror');
  return {
    terraform: findTerraform(),
    tofu: existsSync(tofu) ? tofu : undefined,
    mirror,
    cliConfig: (file) => {
      // A method that is named is the only one: `direct` is not left.
      writeFileSync(file, `provider_installation {\n  filesystem_mirror {\n    path = ${JSON.stringify(mirror)}\n  }\n}\n`);
      return { TF_CLI_CONFIG_FILE: file, CHECKPOINT_DISABLE: '1', TF_IN_AUTOMATION: '1' };
    },
  };
}

function findTerraform(): string | undefined {
  const program = process.env.KONFIG_TERRAFORM ?? 'terraform';
  try {
    execFileSync(program, ['version'], { stdio: 'ignore' });
    return program;
  } catch (error) {
    if (process.env.KONFIG_TERRAFORM) throw error;
    return undefined;
  }
}
