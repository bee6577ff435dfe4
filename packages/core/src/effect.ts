// Would a plan that was reviewed still do what it showed? Compared step by step with the plan as it would be made now.
import { equalJson, isObject, type Json, type Path, pathText, valueAt } from './json';
import { namesText } from './names-text';
import type { Plan, Step } from './plan';
import type { Problem } from './problem';
import type { FieldChange, PartAction, PlannedPart } from './runtime';
import { type ResourceId, type Spec, shortId } from './spec';
import { asLater } from './value';

/** A plan that was reviewed, the same made anew, and what both were made of. */
export interface EffectInput {
  readonly reviewed: Plan;
  readonly now: Plan;
  readonly spec: Spec;
}

/**
 * What applying would do now and the reviewed plan did not show; each is an error. Less than it showed is no difference: what somebody has done already need not be
 * done.
 */
export function otherEffects({ reviewed, now, spec }: EffectInput): readonly Problem[] {
  const targets = Object.keys({ ...reviewed.targets, ...now.targets }).flatMap((target) => otherTarget(target, reviewed, now));
  if (targets.length > 0) return targets;
  if (reviewed.baseRelease !== now.baseRelease) {
    return [stale(`${now.stack} is at release ${now.baseRelease} by now; this plan was made at release ${reviewed.baseRelease}.`)];
  }
  const shown = new Map(reviewed.steps.map((step) => [step.id, step]));
  const attributes = new Map<ResourceId, Json>(spec.resources.map((resource) => [resource.id, resource.attributes]));
  return now.steps.flatMap((step) => {
    const before = shown.get(step.id);
    const of = { attributes: attributes.get(step.id), isFirst: now.baseRelease === 0 };
    const other = before ? difference(before, step, of) : { why: 'was not in the plan' };
    return other ? [{ ...stale(`${shortId(step.id)} ${other.why}.`), at: placeOf(step, other) }] : [];
  });
}

/** What was not shown. */
export interface Difference {
  /** The end of a sentence. */
  readonly why: string;
  /** In the attributes, where it is of a field or a part. */
  readonly path?: Path;
}

function placeOf({ id }: Step, { path = [] }: Difference): string {
  return path.length === 0 ? id : `${id} ${pathText(path)}`;
}

function otherTarget(target: string, reviewed: Plan, now: Plan): readonly Problem[] {
  const [planned, found] = [reviewed.targets[target], now.targets[target]];
  if (planned === found || found === undefined) return [];
  return [
    {
      code: 'TARGET_CHANGED',
      message: `The target ${target} is ${found}, but the plan was made for ${planned ?? 'none of that name'}.`,
      hint: 'Is the kubeconfig the one that the plan was made with? For another cluster, preview again.',
    },
  ];
}

interface Of {
  readonly attributes: Json | undefined;
  /** The stack has no key for its hashes yet: each plan makes one. */
  readonly isFirst: boolean;
}

/** `now` against what was `shown`; undefined: nothing that was not shown. */
function difference(shown: Step, now: Step, of: Of): Difference | undefined {
  const doesNothing = now.action === 'keep' || (now.action === 'forget' && now.reason === 'already gone');
  if (doesNothing) return undefined;
  if (shown.action !== now.action)
    return { why: `would be ${now.action} (${now.reason}) now; the plan showed ${shown.action} (${shown.reason})` };
  const other = now.changes.find((change) => !isShown(change, shown.changes, of));
  if (other) return { why: `would change ${pathText(other.path)} ${fromTo(other)} now, which the plan did not show`, path: other.path };
  const immutable = now.immutable.find((path) => !shown.immutable.includes(path));
  if (immutable !== undefined) return { why: `would be replaced for ${immutable} now, which the plan did not show` };
  if (now.owner !== undefined && now.owner !== shown.owner)
    return { why: `would be taken over from ${now.owner} now; the plan showed ${shown.owner ?? 'nobody'}` };
  const part = unshownPart(shown.parts ?? [], now.parts ?? []);
  if (part) return part;
  const lost = (now.loses ?? []).filter((name) => !shown.loses?.includes(name));
  if (lost.length > 0) return { why: `would lose the data of ${namesText(lost)} now, which the plan did not show` };
  const more = (now.takesAlong ?? []).filter((name) => !shown.takesAlong?.includes(name));
  return more.length === 0 ? undefined : { why: `would take ${namesText(more)} along now, which the plan did not show` };
}

/** What parts would do `now` and the plan did not show. One that could only be listed may still be made or changed, and nothing else. */
export function unshownPart(shown: readonly PlannedPart[], now: readonly PlannedPart[]): Difference | undefined {
  const before = new Map(shown.map((part) => [part.name, part]));
  for (const part of now) {
    if (part.action === 'keep' || part.action === 'read') continue;
    const known = before.get(part.name);
    const other = known ? otherPart(known, part) : { why: `would ${part.action} ${part.name} now, which the plan did not show` };
    if (other) return { why: other.why, path: [...(part.at ?? []), ...((part.at && other.path) ?? [])] };
  }
  return undefined;
}

function otherPart(known: PlannedPart, part: PlannedPart): Difference | undefined {
  if (part.plannedWhen !== undefined && known.plannedWhen === undefined)
    return { why: `cannot plan ${part.name} before ${part.plannedWhen} is known; the plan showed what it does` };
  if (known.plannedWhen !== undefined && isListedAs(known.action, part.action)) return undefined;
  if (known.action !== part.action) return { why: `would ${part.action} ${part.name} now; the plan showed ${known.action}` };
  const other = part.changes.find((change) => !isShown(change, known.changes, { attributes: undefined, isFirst: false }));
  if (!other) return undefined;
  return {
    why: `would change ${pathText(other.path)} of ${part.name} ${fromTo(other)} now, which the plan did not show`,
    path: other.path,
  };
}

/** What was to be imported is not made anew beside it, and only what was to be replaced is. */
function isListedAs(listed: PartAction, now: PartAction): boolean {
  if (listed === 'import' || now === 'replace') return now === listed;
  return now === 'create' || now === 'update';
}

function isShown(change: FieldChange, shown: readonly FieldChange[], { attributes, isFirst }: Of): boolean {
  const before = shown.find(({ path }) => equalJson(path as Json, change.path as Json));
  if (!before) return false;
  const wished = asLater(valueAt(attributes, change.path));
  if (isFirst && wished && '$hash' in wished) return true;
  return equalJson(before.before, change.before) && equalJson(before.after, change.after) && before.sensitive === change.sensitive;
}

function fromTo({ before, after, sensitive }: FieldChange): string {
  if (sensitive) return '(a secret value)';
  const text = (value: Json | undefined) => (value === undefined ? 'nothing' : valueText(value));
  return `from ${text(before)} to ${text(after)}`;
}

function valueText(value: Json): string {
  if (Array.isArray(value)) return `[${value.map(valueText).join(',')}]`;
  if (!isObject(value)) return JSON.stringify(value);
  if (asLater(value)) return '(known after apply)';
  return `{${Object.entries(value)
    .map(([key, child]) => `${JSON.stringify(key)}:${valueText(child)}`)
    .join(',')}}`;
}

function stale(message: string): Problem {
  return { code: 'PLAN_STALE', message, hint: 'Preview again, and review what has changed.' };
}
