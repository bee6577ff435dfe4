// What Terraform would do, asked of it: facts for core's makePlan, no decision.
import { readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import {
  digest,
  equalJson,
  type FieldChange,
  isKonfigError,
  type Json,
  type JsonObject,
  KonfigError,
  type LiveIdentity,
  type OwnedResource,
  type PartImport,
  type PlannedPart,
  type PlannedRow,
  type PlanRequest,
  type Problem,
  type Resource,
  type ResourceId,
  setOwn,
  shortId,
} from '@konfig/core';
import { inParallel } from '../kubernetes/client';
import { addressesIn } from './configuration';
import { problemsIn, type Said, warningsIn } from './diagnostics';
import { holdsTrue } from './fields';
import { closeFolder } from './folder';
import { type Home, homeOf, type KeptStack, withState } from './kept';
import { readMessage } from './messages';
import { listedParts, partsOf } from './parts';
import type { PlanJson } from './plan-json';
import { runReading } from './process';
import type { Rescued } from './rescue';
import { openRootModule, type RootModule } from './root-module';
import { canSeal } from './seal';
import { exposedOutputs, keyMissing, sensitiveIn } from './sensitive';
import { withoutAddresses, withoutKey } from './state';
import { blocksOf, hasOwnBackend, type StackWish, waitsFor, wishDigest, wishOf } from './wish';
import type { TerraformWorld } from './world';

/** Stacks that are planned side by side: providers mostly wait for their servers. */
const atOnce = 10;

export async function planResources(
  world: TerraformWorld,
  { stack, wished, removed, imports = [] }: PlanRequest,
  signal: AbortSignal,
): Promise<readonly PlannedRow[]> {
  world.stack = stack;
  const asked: readonly (() => Promise<PlannedRow>)[] = [
    ...wished.map((resource) => () => {
      const ours = imports.filter((one) => one.resource === resource.id);
      return planWished(world, resource, ours, signal);
    }),
    ...removed.map((resource) => () => planRemoved(world, resource, signal)),
  ];
  return inParallel(asked, atOnce, (ask) => ask());
}

async function planWished(
  world: TerraformWorld,
  resource: Resource,
  imports: readonly PartImport[],
  signal: AbortSignal,
): Promise<PlannedRow> {
  const wish = wishOf(resource);
  world.saved.delete(wish.id);
  return toldAsProblems(wish.id, signal, async () => {
    const seen = await lookAt(world, wish.id);
    if (waitsFor(wish) !== undefined) return listedRow(wish, seen.kept);
    const planned = await planStack(world, wish, { mode: 'apply', imports, ...seen }, signal);
    return { ...planned.row, ahead: aheadOf(planned.plan, wish) };
  });
}

async function planRemoved(world: TerraformWorld, { id, attributes }: OwnedResource, signal: AbortSignal): Promise<PlannedRow> {
  world.saved.delete(id);
  return toldAsProblems(id, signal, async () => {
    const seen = await lookAt(world, id);
    const live = liveOf(seen.kept);
    if (attributes)
      return live || hasOwnBackend(wishOf({ id, attributes }))
        ? (await planStack(world, wishOf({ id, attributes }), { mode: 'destroy', ...seen }, signal)).row
        : emptyRow(id);
    if (!live) return emptyRow(id);
    return { ...emptyRow(id), live, problems: [wishLost(id)] };
  });
}

export function wishLost(id: ResourceId): Problem {
  return {
    code: 'RECORD_OUTDATED',
    message: `${shortId(id)} is to be destroyed, but no release tells any more how it was configured: which providers it has, and how they get in.`,
    hint: 'Put the stack back into the program, apply, and take it out again.',
    at: id,
  };
}

/** One stack that cannot be planned does not hide the others. */
async function toldAsProblems(id: ResourceId, signal: AbortSignal, plan: () => Promise<PlannedRow>): Promise<PlannedRow> {
  try {
    return await plan();
  } catch (error) {
    signal.throwIfAborted();
    if (!isKonfigError(error)) throw error;
    return { ...emptyRow(id), checked: 'none', problems: error.problems.map((one) => (one.at === undefined ? { ...one, at: id } : one)) };
  }
}

function emptyRow(id: ResourceId): PlannedRow {
  return { id, changes: [], immutable: [], replaceable: true, checked: 'server', notes: [], problems: [] };
}

/** What is kept of a stack, as it counts: what was rescued is newer. */
export interface Seen {
  readonly home: Home;
  readonly kept: KeptStack;
  readonly rescued?: Rescued;
}

export async function lookAt(world: TerraformWorld, id: ResourceId): Promise<Seen> {
  const keeper = world.keeper();
  if (!keeper) {
    throw new KonfigError({
      code: 'TARGET_UNREACHABLE',
      message: `The store of releases could not be opened, and the state of ${shortId(id)} is kept there.`,
      hint: 'Bring the store back, and run this again.',
      at: id,
    });
  }
  const home = homeOf(id, keeper, world.config.keys);
  const kept = await home.read();
  const rescued = world.rescue.find(world.stack, id, kept);
  return rescued ? { home, kept: { ...kept, ...rescued.kept }, rescued } : { home, kept };
}

/** What is in the state already needs no import. */
function withImports(wish: StackWish, imports: readonly PartImport[], { state }: KeptStack): StackWish {
  const missing = imports.filter(({ part }) => !state?.addresses.includes(part));
  if (missing.length === 0) return wish;
  const blocks = [...blocksOf(wish.configuration.import), ...missing.map(({ part, id }) => ({ to: part, id }))];
  return { ...wish, configuration: { ...wish.configuration, import: blocks } };
}

/** Undefined: it was never applied. */
export function liveOf({ state }: KeptStack): LiveIdentity | undefined {
  return state && { uid: state.lineage, version: String(state.serial) };
}

/** A plan that Terraform has made, and what it shows. */
export interface PlannedStack {
  readonly row: PlannedRow & { readonly parts: readonly PlannedPart[] };
  readonly plan: PlanJson;
}

/** How a stack is to be planned. */
interface Asked extends Seen {
  readonly mode: Mode;
  readonly imports?: readonly PartImport[];
}

/** Made as wished, or taken away. */
export type Mode = 'apply' | 'destroy';

/** Plans it, and remembers the plan where nothing stands against it. */
export async function planStack(
  world: TerraformWorld,
  wish: StackWish,
  { mode, kept, rescued, imports = [] }: Asked,
  signal: AbortSignal,
): Promise<PlannedStack> {
  const module = await openRootModule(world, withImports(wish, imports, kept), signal);
  try {
    const pulled = hasOwnBackend(wish) ? await withPulled(kept, pullState(world, module, wish, signal)) : kept;
    const staying = forgottenOf(pulled, wish, mode);
    const forgotten = hasOwnBackend(wish) ? [] : staying;
    const made = await makePlan(world, wish, module, { mode, text: viewOf(pulled, forgotten), signal });
    const parts: readonly PlannedPart[] = [
      ...partsOf(made.plan, wish),
      ...forgotten.map((name) => ({ name, action: 'forget' as const, reason: 'retained', changes: [] })),
    ];
    const live = liveOf(pulled);
    const problems = [
      ...protectedProblems(parts, kept, wish),
      ...(hasOwnBackend(wish) ? retainedProblems(staying, wish) : []),
      ...(mode === 'apply' ? [...secretProblems(world, made.plan, wish), ...exposedOutputs(made.plan, wish)] : []),
      ...markProblems(kept, wish),
    ];
    const changes = mode === 'apply' && live ? ownChanges(made.plan, parts, kept, wish) : [];
    if (!problems.some(({ severity }) => severity !== 'warning')) {
      const isEmpty =
        parts.every(({ action }) => action === 'read' || action === 'forget') &&
        !Object.values(made.plan.output_changes ?? {}).some(isReal);
      world.saved.set(wish.id, { bytes: made.bytes, madeFor: madeFor(wish, pulled), parts, isEmpty: isEmpty && live !== undefined });
    }
    const notes = [
      ...warningsIn(made.said),
      ...(rescued ? [`${shortId(wish.id)} goes on from the state that was rescued as ${rescued.file}.`] : []),
    ];
    return { row: { ...emptyRow(wish.id), ...(live ? { live } : {}), changes, parts, notes, problems }, plan: made.plan };
  } finally {
    closeFolder(module.folder);
  }
}

function isReal({ actions }: { readonly actions: readonly string[] }): boolean {
  return !actions.every((action) => action === 'no-op');
}

/** Of the wish and of the state that a plan is made for. */
export function madeFor(wish: StackWish, kept: KeptStack): string {
  return digest({ wish: wishDigest(wish), lineage: kept.state?.lineage ?? null, serial: kept.state?.serial ?? null });
}

interface Making {
  readonly mode: Mode;
  readonly text: string | undefined;
  readonly signal: AbortSignal;
}

interface Made {
  readonly plan: PlanJson;
  readonly bytes: Uint8Array;
  readonly said: Said;
}

const planFile = 'tfplan';

async function makePlan(world: TerraformWorld, wish: StackWish, module: RootModule, { mode, text, signal }: Making): Promise<Made> {
  const { binary, backend, config } = world;
  const served = await backend.serve({ read: async () => text, write: () => Promise.reject(new Error('A plan writes no state.')) });
  const { folder } = module;
  try {
    const env = { ...module.env, ...served.env };
    const args = [
      'plan',
      '-input=false',
      '-json',
      `-out=${planFile}`,
      ...(mode === 'destroy' ? ['-destroy'] : []),
      ...(config.parallelism === undefined ? [] : [`-parallelism=${config.parallelism}`]),
    ];
    const ended = await runReading({ path: binary.path, args, folder, env, stop: signal });
    signal.throwIfAborted();
    const said = { ...ended, messages: ended.stdout.split('\n').flatMap((line) => readMessage(line) ?? []) };
    const problems = problemsIn(said, { wish, binary, text: module.text });
    if (problems.length > 0) throw new KonfigError(problems);
    const shown = await runReading({ path: binary.path, args: ['show', '-json', planFile], folder, env, stop: signal });
    signal.throwIfAborted();
    if (shown.code !== 0) throw new KonfigError(problemsIn({ ...shown, messages: [] }, { wish, binary, text: module.text }));
    return { plan: JSON.parse(shown.stdout) as PlanJson, bytes: readFileSync(join(folder, planFile)), said };
  } finally {
    served.end();
    // It holds every secret of the stack in clear.
    rmSync(join(folder, planFile), { force: true });
  }
}

/** The state of a backend that the user wrote. */
export async function pullState(
  { binary }: TerraformWorld,
  { folder, env, text }: RootModule,
  wish: StackWish,
  stop: AbortSignal,
): Promise<Pick<KeptStack, 'text' | 'state'>> {
  const pulled = await runReading({ path: binary.path, args: ['state', 'pull'], folder, env, stop });
  stop.throwIfAborted();
  if (pulled.code !== 0) throw new KonfigError(problemsIn({ ...pulled, messages: [] }, { wish, binary, text }));
  return pulled.stdout.trim() === '' ? {} : withState(pulled.stdout);
}

/** Ours is a copy, which may be older. */
async function withPulled({ text: _, state: __, ...kept }: KeptStack, pulled: ReturnType<typeof pullState>): Promise<KeptStack> {
  return { ...kept, ...(await pulled) };
}

/** What is in the state, is to stay when it goes from the program, and has gone. */
export function forgottenOf({ state, retained }: KeptStack, wish: StackWish, mode: Mode): readonly string[] {
  const stays = new Set([...retained, ...wish.retained]);
  const wished = new Set(mode === 'destroy' ? [] : [...addressesIn(wish.configuration).map(({ address }) => address), ...movedFrom(wish)]);
  return (state?.addresses ?? []).filter((address) => stays.has(withoutKey(address)) && !wished.has(withoutKey(address)));
}

function movedFrom({ configuration }: StackWish): readonly string[] {
  return blocksOf(configuration.moved).flatMap(({ from }) => (typeof from === 'string' ? [withoutKey(from)] : []));
}

/** The state as Terraform is to see it. */
export function viewOf({ text }: Pick<KeptStack, 'text'>, forgotten: readonly string[]): string | undefined {
  return text === undefined || forgotten.length === 0 ? text : withoutAddresses(text, forgotten.map(withoutKey));
}

const losing: ReadonlySet<string> = new Set(['delete', 'replace']);

/** What is protected by the program, or was by the last apply and has gone from the program since. */
function protectedProblems(parts: readonly PlannedPart[], kept: KeptStack, wish: StackWish): readonly Problem[] {
  const inProgram = new Set(addressesIn(wish.configuration).map(({ address }) => address));
  const held = new Set([...wish.protected, ...kept.protected.filter((address) => !inProgram.has(address))]);
  return parts
    .filter(({ name, action }) => losing.has(action) && held.has(withoutKey(name)))
    .map(({ name, action, reason, at }) => ({
      code: 'RESOURCE_PROTECTED' as const,
      message: `${name} of ${shortId(wish.id)} is protected, but would be ${action === 'delete' ? 'deleted' : 'replaced'}${reason === undefined ? '' : ` (${reason})`}.`,
      hint: 'Undo that change; or release it first: set onRemoval to "delete" and apply.',
      at: at === undefined ? wish.id : `${wish.id} ${at.join('.')}`,
    }));
}

/** What is not ours to write cannot be forgotten by us. */
function retainedProblems(staying: readonly string[], { id }: StackWish): readonly Problem[] {
  return staying.map((name) => ({
    code: 'RESOURCE_PROTECTED',
    message: `${name} of ${shortId(id)} is to stay in the world when it goes, but its state lies in the program's own backend, where Konfig forgets nothing.`,
    hint: `Take it out of the state first: terraform state rm '${name}'. Or let a removed block of the configuration do it.`,
    at: id,
  }));
}

function secretProblems({ config, name }: TerraformWorld, plan: PlanJson, wish: StackWish): readonly Problem[] {
  if (canSeal(config.keys)) return [];
  const held = sensitiveIn(plan, wish);
  return held.length === 0 ? [] : [keyMissing(wish, held, name)];
}

/** A run has died while it made them: whether they are there, only their system knows. */
function markProblems({ mark, state }: KeptStack, { id, configuration }: StackWish): readonly Problem[] {
  const lost = mark?.creates.filter((address) => !state?.addresses.includes(address)) ?? [];
  if (!mark || lost.length === 0) return [];
  const some = `${lost.slice(0, 5).join(', ')}${lost.length > 5 ? ` and ${lost.length - 5} more` : ''}`;
  const first = addressesIn(configuration).find(({ address }) => address === withoutKey(lost[0] as string))?.address;
  return [
    {
      code: 'PLAN_RISKY',
      severity: 'warning',
      message: `The last run of ${shortId(id)} (by ${mark.by}) died at work. It was to make ${some}: they may be there and not in the state, and would be made once more.`,
      hint: 'Look for them. What is there, take over by .importFrom(its id) on its construct, or delete it; then apply.',
      at: first === undefined ? id : `${id} configuration.resource.${first}`,
    },
  ];
}

/** Changes of the stack that are no resource's: outputs, where nothing else changes, and what is protected or retained. */
function ownChanges(plan: PlanJson, parts: readonly PlannedPart[], kept: KeptStack, wish: StackWish): readonly FieldChange[] {
  const lists = (['protected', 'retained'] as const).flatMap((list): readonly FieldChange[] => {
    const [before, after] = [[...kept[list]].sort(), [...wish[list]].sort()];
    return equalJson(before, after) ? [] : [{ path: [list], before, after }];
  });
  if (parts.some(({ action }) => action !== 'read')) return lists;
  const outputs = Object.entries(plan.output_changes ?? {}).filter(([, change]) => isReal(change));
  return [
    ...lists,
    ...outputs.map(([name, { before, after, before_sensitive, after_sensitive, actions }]): FieldChange => {
      const path = ['outputs', name];
      // Those of Konfig are all sensitive to Terraform.
      const isSecret = wish.outputs[name]?.secret ?? (holdsTrue(before_sensitive) || holdsTrue(after_sensitive));
      if (isSecret) return { path, sensitive: true };
      return {
        path,
        ...(actions.includes('create') ? {} : { before: before ?? null }),
        ...(actions.includes('delete') ? {} : { after: after ?? null }),
      };
    }),
  ];
}

/** What others will read of it once this was applied, as far as Terraform knows. */
function aheadOf({ output_changes: changes = {} }: PlanJson, wish: StackWish): JsonObject {
  const known = Object.entries(changes).filter(
    ([, { actions, after_unknown: unknown }]) => !actions.includes('delete') && !holdsTrue(unknown),
  );
  return told(
    known.map(([name, { after, after_sensitive: mark }]) => ({
      name,
      value: after ?? null,
      isSecret: wish.outputs[name]?.secret ?? holdsTrue(mark),
    })),
  );
}

/** Outputs as others refer to them. */
export function told(outputs: readonly { readonly name: string; readonly value: Json; readonly isSecret: boolean }[]): JsonObject {
  const [open, secret]: [Record<string, Json>, Record<string, Json>] = [{}, {}];
  for (const { name, value, isSecret } of outputs) setOwn(isSecret ? secret : open, name, value);
  return { outputs: open, secrets: secret };
}

function listedRow(wish: StackWish, kept: KeptStack): PlannedRow {
  const live = liveOf(kept);
  const parts = listedParts(wish, kept.state?.addresses ?? []);
  return {
    ...emptyRow(wish.id),
    ...(live ? { live } : {}),
    checked: 'none',
    parts,
    problems: [...protectedProblems(parts, kept, wish), ...markProblems(kept, wish)],
    // Whatever it tells, it may tell otherwise then.
    ahead: { outputs: {}, secrets: {} },
  };
}
