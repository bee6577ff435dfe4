// Opens a target: finds the binary, and whatever its runs share.
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Connection, GrowingMask, Keeper, Target } from '@konfig/core';
import { abandonStack, applyStack, deleteStack } from './apply';
import { openBackend } from './backend';
import { binaryName, findBinary } from './binary';
import { backendEnvironmentOf, environmentOf } from './environment';
import { closeFolder, openFolder } from './folder';
import { observeStacks, readStack, watchStacks } from './observe';
import { toldOfPlace } from './places';
import { planResources } from './plan';
import { rescueIn } from './rescue';
import { readTarget, type TerraformTarget } from './target';
import { pullState, pushState } from './transfer';
import type { TerraformOptions, TerraformWorld } from './world';

export async function openTerraform(name: string, target: Target, options: TerraformOptions): Promise<Connection> {
  const { root, env, process, hasEnded } = options;
  const config = readTarget(name, target);
  let folder: string | undefined;
  try {
    if (config.mirror !== undefined && config.cliConfig === undefined) folder = openFolder({ process, root, stack: '', id: '' });
    const scrubbed = environmentOf(env, config, config.cliConfig ?? (folder && writeCliConfig(folder, config)));
    const binary = await findBinary(name, config.binary ?? env.KONFIG_TERRAFORM, scrubbed);
    const given: Given = {};
    const world: TerraformWorld = {
      name,
      config,
      binary,
      env: scrubbed,
      backendEnv: backendEnvironmentOf(env, config),
      backend: openBackend(),
      rescue: rescueIn({ root, keys: config.keys, process, hasEnded }),
      root,
      process,
      hasEnded,
      keeper: () => given.keeper,
      mask: () => given.mask,
      stack: '',
      saved: new Map(),
      imports: new Map(),
      listeners: new Set(),
    };
    return connectionTo(world, given, () => folder && closeFolder(folder));
  } catch (error) {
    if (folder) closeFolder(folder);
    throw toldOfPlace(error, name, env);
  }
}

/** A method that is named is the only one: nothing comes from a registry. */
function writeCliConfig(folder: string, { mirror }: TerraformTarget): string {
  const file = join(folder, 'cli.tfrc');
  writeFileSync(file, `provider_installation {\n  filesystem_mirror {\n    path = ${JSON.stringify(mirror)}\n  }\n}\n`);
  return file;
}

/** What is handed over once it is open. */
interface Given {
  keeper?: Keeper;
  mask?: GrowingMask;
}

function connectionTo(world: TerraformWorld, given: Given, tidy: () => void): Connection {
  const { binary, name } = world;
  return {
    // Which systems its providers lead to is their own affair: what binds a plan is the lineage of the state, and which of both binaries has made it.
    identity: `${binary.kind} ${name}`,
    description: `${binaryName[binary.kind]} (${binary.path})`,
    attach(keeper) {
      given.keeper = keeper;
    },
    maskWith(mask) {
      given.mask = mask;
    },
    plan: (request, signal) => planResources(world, request, signal),
    // Only the providers' systems know, and say so when they are asked.
    missingPermissions: async () => [],
    apply: (request, signal) => applyStack(world, request, signal),
    delete: (request, signal) => deleteStack(world, request, signal),
    abandon: (request) => abandonStack(world, request),
    // Nothing behind a stack prints lines that Konfig could read.
    logs: async () => {},
    observe: (resources) => observeStacks(world, resources),
    read: (id) => readStack(world, id),
    pullState: (id) => pullState(world, id),
    pushState: (push) => pushState(world, push),
    watch: (resources, onChange, signal) => watchStacks(world, resources, onChange, signal),
    async close() {
      world.saved.clear();
      await world.backend.close();
      tidy();
    },
  };
}
