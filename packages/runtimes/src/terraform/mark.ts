// What a run is about to make, written down before it is begun: of a run that has died, the state does not tell it.
import { type PlannedPart, type Problem, shortId } from '@konfig/core';
import { addressesIn } from './configuration';
import { isCrash, type Said } from './diagnostics';
import { type TerraformState, withoutKey } from './state';

import { blocksOf, type StackWish } from './wish';

/** A run is at work, or has not come to its end. */
export interface Mark {
  /** Addresses of what is to be made; what the state has of these is made. */
  readonly creates: readonly string[];
  /** What is to be made in the place of something else. The state may have an object there that is gone. */
  readonly replaces?: readonly string[];
  /** What is there and is to be changed or deleted. */
  readonly touches?: readonly string[];
  /** Who began it: `anna@laptop`. */
  readonly by: string;
}

export function markOf(parts: readonly PlannedPart[], by: string): Mark | undefined {
  const named = (...actions: readonly PlannedPart['action'][]) =>
    parts.filter(({ action }) => actions.includes(action)).map(({ name }) => name);
  return unlessEmpty({ creates: named('create'), replaces: named('replace'), touches: named('update', 'replace', 'delete'), by });
}

/** With what a state has that came after these were made. */
export function withMade(mark: Mark, made: ReadonlySet<string>): Mark {
  return { ...mark, replaces: mark.replaces?.filter((name) => !made.has(name)) ?? [] };
}

/** With the state of a run that came to its end: it has whatever was made. */
export function settled({ creates, replaces = [], by }: Mark): Mark {
  return { creates: [...creates, ...replaces], by };
}

/** What is not known of a run that has ended: where Terraform was killed or a provider crashed, whether what was begun is there. */
export function leftOpen(mark: Mark | undefined, said: Said): Mark | undefined {
  if (!mark || isOrderly(said)) return undefined;
  const begun = (does: (action: string | undefined) => boolean) => {
    const names = said.messages.flatMap(({ type, hook }) => (type === 'apply_start' && hook && does(hook.action) ? [hook.address] : []));
    return (name: string) => names.includes(name);
  };
  const isMaking = begun((action) => action === 'create');
  const { creates, replaces = [], touches = [], by } = said.code === undefined ? mark : { ...settled(mark), touches: mark.touches };
  return unlessEmpty({
    creates: creates.filter(isMaking),
    replaces: replaces.filter(isMaking),
    touches: touches.filter(begun(() => true)),
    by,
  });
}

function isOrderly({ messages, code, stderr }: Said): boolean {
  return code !== undefined && !stderr.includes('panic: ') && !messages.some(({ diagnostic }) => diagnostic && isCrash(diagnostic));
}

function unlessEmpty(mark: Mark): Mark | undefined {
  return [mark.creates, mark.replaces, mark.touches].some((names) => names && names.length > 0) ? mark : undefined;
}

/** What is kept of a stack, as far as it tells of a run. */
interface Marked {
  readonly mark?: Mark;
  readonly state?: TerraformState;
}

/** What is planned, and of which stack of ours. */
interface Planning {
  readonly mode: 'apply' | 'destroy';
  /** `shop/prod` */
  readonly stack: string;
}

/** A run has not come to its end while it made them: whether they are there, only their system knows; whether it lives, only its machine. */
export function markProblems({ mark, state }: Marked, { id, configuration }: StackWish, { mode, stack }: Planning): readonly Problem[] {
  const answered = new Set(blocksOf(configuration.import).map(({ to }) => to));
  const made = new Set(state?.addresses);
  const lost = [...(mark?.creates.filter((address) => !made.has(address)) ?? []), ...(mark?.replaces ?? [])].filter(
    (address) => !answered.has(address),
  );
  if (!mark || lost.length === 0) return [];
  const first = addressesIn(configuration).find(({ address }) => address === withoutKey(lost[0] as string))?.address;
  return [
    {
      code: 'PLAN_ORPHANS',
      severity: 'warning',
      message: `The last run of ${shortId(id)} (by ${mark.by}) did not come to its end. It was to make ${lost.join(', ')}: they may be there and not in the state, and would ${mode === 'apply' ? 'be made once more' : 'stay there'}.`,
      hint: `Be sure that it is at work nowhere any more, and look for them. What is there, take over: konfig import ${stack} --in ${shortId(id)} ${lost.slice(0, 3).map(typed).join(' ')}${lost.length > 3 ? ' …' : ''}, or .importFrom(its id) on its construct; or delete it. If none is there, confirm the plan. With --yes it takes --allow-orphans too.`,
      at: first === undefined ? id : `${id} configuration.resource.${first}`,
    },
  ];
}

/** As a shell reads it: `'aws_subnet.all["a"]' ITS-ID` */
function typed(address: string): string {
  return `${/[^\w.-]/.test(address) ? `'${address}'` : address} ITS-ID`;
}
