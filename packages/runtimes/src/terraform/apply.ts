// Carrying out a plan that was shown: that one and no other, with what it makes written down before it is begun.
import { existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import {
  type Applied,
  type ApplyRequest,
  type DeleteRequest,
  equalJson,
  isObject,
  type Json,
  KonfigError,
  type PlannedPart,
  type Problem,
  pathText,
  type ResourceId,
  shortId,
} from '@konfig/core';
import type { ServedState } from './backend';
import { problemsIn, type Said, warningsIn } from './diagnostics';
import { closeFolder, erroredState, leaveFolder } from './folder';
import { type KeptStack, withState } from './kept';
import { type Message, readMessage } from './messages';
import { observationOf, readOf } from './observe';
import { forgottenOf, lookAt, type Mode, madeFor, planStack, pullState, type Seen, viewOf, wishLost } from './plan';
import { runChanging } from './process';
import { progressOf } from './progress';
import { rescuedProblem } from './rescue';
import { openRootModule } from './root-module';
import { withoutKey } from './state';
import { hasOwnBackend, type StackWish, wishOf } from './wish';
import type { SavedPlan, TerraformWorld } from './world';

type Meanwhile = Pick<ApplyRequest, 'tell' | 'cancelled'> & { readonly signal: AbortSignal };

export async function applyStack(world: TerraformWorld, request: ApplyRequest, signal: AbortSignal): Promise<Applied> {
  const { resource, stack, live } = request;
  world.stack = stack;
  const wish = wishOf(resource);
  const seen = await lookAt(world, wish.id);
  if (!hasOwnBackend(wish) && live?.uid !== seen.kept.state?.lineage)
    throw new KonfigError(stale(wish.id, 'has another state by now than the one that was planned for'));
  const meanwhile = { ...request, signal };
  const plan = await planToCarryOut(world, wish, 'apply', { seen, shown: request.parts }, meanwhile);
  const done = await carryOut(world, wish, { mode: 'apply', seen, plan }, meanwhile);
  const observation = observationOf(wish.id, done.kept, done.nodes);
  for (const listener of world.listeners) listener(observation);
  return {
    uid: done.kept.state?.lineage ?? '',
    live: readOf(done.kept) ?? {},
    observation,
    isUnchanged: plan.isEmpty,
    warnings: done.warnings,
  };
}

export async function deleteStack(world: TerraformWorld, request: DeleteRequest, signal: AbortSignal): Promise<'gone'> {
  const { id, uid, attributes } = request;
  const seen = await lookAt(world, id);
  const { state } = seen.kept;
  // Another one stands there by now: the one that was meant is gone.
  if (uid !== undefined && state && state.lineage !== uid) return 'gone';
  if (state && !attributes) throw new KonfigError(wishLost(id));
  if (state && attributes) {
    const wish = wishOf({ id, attributes });
    const meanwhile = { ...request, signal };
    const plan = await planToCarryOut(world, wish, 'destroy', { seen, shown: request.parts }, meanwhile);
    await carryOut(world, wish, { mode: 'destroy', seen, plan }, meanwhile);
  }
  await seen.home.remove();
  if (seen.rescued) world.rescue.drop(seen.rescued);
  for (const listener of world.listeners) listener(observationOf(id, {} as KeptStack));
  return 'gone';
}

export async function abandonStack(world: TerraformWorld, { id, stack }: DeleteRequest & { readonly stack: string }): Promise<void> {
  world.stack = stack;
  const { home } = await lookAt(world, id);
  await home.remove();
}

interface Shown {
  readonly seen: Seen;
  readonly shown: readonly PlannedPart[] | undefined;
}

/** The plan that was shown; where wish or state are others by now, a new one, which must do nothing that was not shown. */
async function planToCarryOut(
  world: TerraformWorld,
  wish: StackWish,
  mode: Mode,
  { seen, shown }: Shown,
  meanwhile: Meanwhile,
): Promise<SavedPlan> {
  const saved = world.saved.get(wish.id);
  world.saved.delete(wish.id);
  if (saved?.madeFor === madeFor(wish, seen.kept)) return saved;
  const signal = meanwhile.cancelled ? AbortSignal.any([meanwhile.cancelled, meanwhile.signal]) : meanwhile.signal;
  const { row } = await planStack(world, wish, { mode, ...seen }, signal);
  const errors = row.problems.filter(({ severity }) => severity !== 'warning');
  if (errors.length > 0) throw new KonfigError(errors);
  const beyond = shown ? row.parts.flatMap((part) => notShown(wish.id, part, shown)) : [];
  if (beyond.length > 0) throw new KonfigError(beyond);
  const made = world.saved.get(wish.id) as SavedPlan;
  world.saved.delete(wish.id);
  return made;
}

const harmless: ReadonlySet<string> = new Set(['keep', 'read']);

function notShown(id: ResourceId, part: PlannedPart, shown: readonly PlannedPart[]): readonly Problem[] {
  if (harmless.has(part.action)) return [];
  const before =
    shown.find(({ name }) => name === part.name) ??
    shown.find(({ name, plannedWhen }) => plannedWhen !== undefined && name === withoutKey(part.name));
  const at = part.at ? { at: `${id} ${pathText(part.at)}` } : {};
  const problem = (text: string): readonly Problem[] => [{ ...stale(id, `would ${part.action} ${part.name} now, ${text}`), ...at }];
  if (!before) return problem('which the plan did not show');
  if (before.plannedWhen !== undefined) {
    const loses = part.action === 'replace' || (part.action === 'delete' && before.action !== 'delete');
    return loses ? problem(`${part.reason ? `since ${part.reason}, ` : ''}which could not be known when the plan was made`) : [];
  }
  if (before.action !== part.action) return problem(`and the plan showed ${before.action}`);
  const other = part.changes.find(
    (change) => !before.changes.some((one) => isWithin(change.path, one.path) && isToBe(change.after, one.after)),
  );
  return other ? problem(`and change ${pathText(other.path)}, which the plan did not show`) : [];
}

function isWithin(path: PlannedPart['changes'][number]['path'], above: PlannedPart['changes'][number]['path']): boolean {
  return above.every((part, i) => equalJson(part as Json, path[i] as Json));
}

/** What was not known when it was shown may be anything. */
function isToBe(now: Json | undefined, shown: Json | undefined): boolean {
  return (isObject(shown) && '$unknown' in shown) || equalJson(now, shown);
}

function stale(id: ResourceId, what: string): Problem {
  return { code: 'PLAN_STALE', message: `${shortId(id)} ${what}.`, hint: 'Preview again, and review what has changed.', at: id };
}

interface Work {
  readonly mode: Mode;
  readonly seen: Seen;
  readonly plan: SavedPlan;
}

interface Done {
  readonly kept: KeptStack;
  readonly nodes: ReturnType<ReturnType<typeof progressOf>['nodes']>;
  readonly warnings: readonly string[];
}

async function carryOut(world: TerraformWorld, wish: StackWish, { mode, seen, plan }: Work, meanwhile: Meanwhile): Promise<Done> {
  const { outputs, protected: held, retained } = wish;
  const text = viewOf(seen.kept, hasOwnBackend(wish) ? [] : forgottenOf(seen.kept, wish, mode));
  const { mark: _, ...kept } = {
    ...seen.kept,
    ...(text === undefined ? {} : withState(text)),
    ...(mode === 'apply' ? { outputs, protected: held, retained } : {}),
  };
  const ledger = openLedger(world, seen, kept);
  if (plan.isEmpty) {
    await ledger.end(undefined);
    return { kept: ledger.kept(), nodes: new Map(), warnings: [] };
  }
  await ledger.begin(plan.parts.filter(({ action }) => action === 'create' || action === 'replace').map(({ name }) => name));
  const progress = progressOf(wish.id, plan.parts);
  const said = await runApply(world, wish, plan, {
    state: ledger.served,
    meanwhile,
    onMessage: (message) => progress.take(message) && meanwhile.tell?.(progress.observation()),
    onState: ledger.served.write,
  });
  const problems = problemsIn(said, { wish, binary: world.binary, text: said.text });
  await ledger.end(stillUnclear(said, plan.parts));
  const rescued = ledger.rescued();
  const told = rescued
    ? [rescuedProblem(wish.id, rescued.file, rescued.why), ...problems.filter(({ code }) => code !== 'RECORD_WRITE')]
    : problems;
  if (told.length > 0) throw new KonfigError(told);
  return { kept: ledger.kept(), nodes: progress.nodes(), warnings: warningsIn(said) };
}

/** Creates whose end nobody has told: of a Terraform that was killed, or of a provider that crashed. Undefined: none. */
function stillUnclear({ messages, code, stderr }: Said, parts: readonly PlannedPart[]): readonly string[] | undefined {
  const isOver = new Set(
    messages.flatMap(({ type, hook }) => (type === 'apply_complete' && hook && hook.action !== 'delete' ? [hook.address] : [])),
  );
  const creates = parts
    .filter(({ action, name }) => (action === 'create' || action === 'replace') && !isOver.has(name))
    .map(({ name }) => name);
  if (code === undefined) return creates;
  const crashed =
    messages.some(({ diagnostic }) => diagnostic && /^(Plugin did not respond|Request cancelled)/.test(diagnostic.summary)) ||
    stderr.includes('panic: ');
  const begun = new Set(messages.flatMap(({ type, hook }) => (type === 'apply_start' && hook ? [hook.address] : [])));
  return crashed ? creates.filter((name) => begun.has(name)) : undefined;
}

interface Ledger {
  /** Writes down what is about to be made, and takes up what was rescued. */
  begin(creates: readonly string[]): Promise<void>;
  /** What Terraform hands over goes to the store, or, where that fails, beside it. */
  readonly served: ServedState;
  /** `unclear`: what may have been made outside of the state. */
  end(unclear: readonly string[] | undefined): Promise<void>;
  kept(): KeptStack;
  rescued(): { readonly file: string; readonly why: string } | undefined;
}

function openLedger(world: TerraformWorld, { home, rescued: found }: Seen, first: KeptStack): Ledger {
  let kept = first;
  let rescued: ReturnType<Ledger['rescued']>;
  const { id } = home;
  const write = async (next: KeptStack) => {
    kept = next;
    try {
      await home.write(kept);
    } catch (error) {
      const why =
        error instanceof KonfigError ? (error.problems[0]?.message ?? '') : error instanceof Error ? error.message : String(error);
      // What was made must be known to somebody: that counts more than where.
      rescued = { file: world.rescue.save(world.stack, id, kept), why };
      return;
    }
    for (const one of [found, rescued]) if (one) world.rescue.drop(one);
    rescued = undefined;
  };
  return {
    async begin(creates) {
      if (creates.length === 0 && !found) return;
      kept = { ...first, ...(creates.length > 0 ? { mark: { creates, by: world.keeper()?.writer ?? 'nobody' } } : {}) };
      // Nothing was changed yet: what fails here ends it.
      await home.write(kept);
      if (found) world.rescue.drop(found);
    },
    served: { read: async () => kept.text, write: async (text) => write({ ...kept, ...withState(text) }) },
    async end(unclear) {
      const { mark, ...rest } = kept;
      await write({ ...rest, ...(unclear?.length ? { mark: { by: mark?.by ?? '', creates: unclear } } : {}) });
    },
    kept: () => kept,
    rescued: () => rescued,
  };
}

interface Applying {
  readonly state: ServedState;
  readonly meanwhile: Meanwhile;
  readonly onMessage: (message: Message) => void;
  readonly onState: (text: string) => Promise<void>;
}

const planFile = 'tfplan';

async function runApply(
  world: TerraformWorld,
  wish: StackWish,
  { bytes }: SavedPlan,
  { state, meanwhile, onMessage, onState }: Applying,
): Promise<Said & { readonly text: string }> {
  const { binary, backend, config } = world;
  const { signal, cancelled = never } = meanwhile;
  signal.throwIfAborted();
  const { folder, env, text } = await openRootModule(world, wish, signal);
  const served = await backend.serve(state);
  const messages: Message[] = [];
  try {
    writeFileSync(join(folder, planFile), bytes, { mode: 0o600 });
    const onLine = (line: string) => {
      const message = readMessage(line);
      if (!message) return;
      // It was read by then, and holds every secret of the stack in clear.
      if (message.hook) rmSync(join(folder, planFile), { force: true });
      messages.push(message);
      onMessage(message);
    };
    const args = [
      'apply',
      '-input=false',
      '-json',
      ...(config.parallelism === undefined ? [] : [`-parallelism=${config.parallelism}`]),
      planFile,
    ];
    const ended = await runChanging({ path: binary.path, args, folder, env: { ...env, ...served.env }, stop: cancelled }, onLine, signal);
    const left = join(folder, erroredState);
    if (existsSync(left)) await onState(readFileSync(left, 'utf8'));
    else if (hasOwnBackend(wish)) await onState((await pullState(world, { folder, env, text }, wish, signal)).text ?? '');
    closeFolder(folder);
    return { ...ended, messages, text };
  } catch (error) {
    // It may still be at work there.
    if (signal.aborted) leaveFolder(folder);
    else closeFolder(folder);
    throw error;
  } finally {
    served.end();
  }
}

const never = new AbortController().signal;
