// A working folder made ready: configuration, providers and backend in place, so that Terraform can start at once.
import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { KonfigError, type ResourceId } from '@konfig/core';
import { firstMask, quoteBy } from '../quote';
import { binaryName } from './binary';
import { configurationFile, configurationText } from './configuration';
import { closeFolder, openGuardedFolder } from './folder';
import { initMeaning, initPlace, initWords, providerPlace } from './init-problem';
import { type KeptStack, keptText } from './kept';
import { toldOfPlace } from './places';
import { runReading } from './process';
import { linkFetched, linkFromMirror } from './providers';
import { requirementsOf } from './requirements';
import { giveVariables } from './variables';
import { blocksOf, hasOwnBackend, type StackWish } from './wish';
import type { TerraformWorld } from './world';

export interface RootModule {
  readonly folder: string;
  /** The configuration as Terraform reads it. */
  readonly text: string;
  /** With the values of the variables; without a backend. */
  readonly env: NodeJS.ProcessEnv;
}

/** To be closed with `closeFolder`. @param kept of a stack that is to be changed */
export async function openRootModule(world: TerraformWorld, wish: StackWish, stop: AbortSignal, kept?: KeptStack): Promise<RootModule> {
  const { root, stack, process, config } = world;
  const charge = kept && { key: config.keys.own?.bytes.toString('base64'), kept: keptText({ stack, id: wish.id }, kept) };
  let folder: string | undefined;
  try {
    folder = openGuardedFolder({ process, root, stack, id: wish.id, hasOwnBackend: hasOwnBackend(wish) }, charge);
    const text = configurationText(wish.configuration);
    writeFileSync(join(folder, configurationFile), text);
    const env = { ...(hasOwnBackend(wish) ? world.backendEnv : {}), ...world.env, ...giveVariables(folder, wish) };
    const hasModules = blocksOf(wish.configuration.module).length > 0;
    // What modules need, only `init` finds out.
    if (!hasModules) await placeProviders(folder, wish, world, stop);
    const about = { id: wish.id, place: (said: string) => initPlace(said, text) ?? providerPlace(said, wish.configuration) };
    if (hasOwnBackend(wish)) await init(world, folder, { env, stop, about });
    else if (hasModules) await init(world, folder, { env, stop, about }, '-backend=false');
    if (!hasOwnBackend(wish)) skipInit(folder);
    return { folder, text, env };
  } catch (error) {
    if (folder !== undefined) closeFolder(folder);
    throw toldOfPlace(error, world.name, world.env);
  }
}

async function placeProviders(folder: string, { id, configuration }: StackWish, world: TerraformWorld, stop: AbortSignal): Promise<void> {
  const { config, binary, env } = world;
  const requirements = requirementsOf(configuration, binary.kind);
  if (config.mirror !== undefined && linkFromMirror(folder, requirements, config.mirror)) return;
  await linkFetched(folder, {
    requirements,
    by: { binary: binary.kind, mirror: config.mirror ?? null, cliConfig: env.TF_CLI_CONFIG_FILE ?? null },
    env,
    init: (place) =>
      init(world, place, { env, stop, about: { id, place: (said) => providerPlace(said, configuration) } }, '-backend=false'),
  });
}

interface Running {
  readonly env: NodeJS.ProcessEnv;
  readonly stop: AbortSignal;
  readonly about: {
    readonly id: ResourceId;
    /** Where in its configuration stands what was said to be wrong. */
    readonly place: (said: string) => string | undefined;
  };
}

async function init(world: TerraformWorld, folder: string, { env, stop, about }: Running, ...more: string[]): Promise<void> {
  const { binary, name } = world;
  const args = ['init', '-input=false', '-no-color', ...more];
  const { code, stderr, stdout } = await runReading({ path: binary.path, args, folder, env, stop });
  stop.throwIfAborted();
  if (code === 0) return;
  const said = initWords(stderr || stdout);
  const why = quoteBy(world.mask() ?? firstMask([]))(said, 1500);
  const place = about.place(said);
  throw new KonfigError({
    ...initMeaning(said),
    message: `Target ${name}: ${binaryName[binary.kind]} could not get what a stack needs: ${why}`,
    at: place === undefined ? about.id : `${about.id} configuration.${place}`,
  });
}

/** What `init` would leave behind for an `http` block that says nothing; Terraform fills in the hash itself. */
function skipInit(folder: string): void {
  const file = join(folder, '.terraform', 'terraform.tfstate');
  if (existsSync(file)) return;
  mkdirSync(join(folder, '.terraform'), { recursive: true });
  writeFileSync(file, JSON.stringify({ version: 3, backend: { type: 'http', config: {}, hash: 0 } }));
}
