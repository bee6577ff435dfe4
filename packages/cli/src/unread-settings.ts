// Settings that were given to several stacks and are read by none of them: known only when all of those were synthesised.
import { type GivenSetting, type SettingLayer, type StackSettings, unreadProblem, unreadSettings } from '@konfig/core';
import type { Validated } from './validated';

/** A stack that was looked at. */
export interface Checked {
  readonly validated: Validated;
  /** Undefined where its program gave no Spec: what it reads is not known. */
  readonly settings?: StackSettings;
}

/** What was looked at as a whole: these projects, or all of the monorepo. */
interface Whole {
  readonly projects: readonly string[];
  readonly all: boolean;
}

/**
 * What was found, and of settings those that nothing reads: what a project gives is held against all of its stacks, what a workspace or a team gives against
 * all of the monorepo, and only where each of these could be synthesised. Each is told of the first stack that was given it.
 */
export function withUnread(checked: readonly Checked[], { projects, all }: Whole): readonly Validated[] {
  const ofProject = (name: string) => checked.filter(({ validated }) => validated.stack.split('/')[0] === name);
  const unread = new Set([
    ...projects.flatMap((name) => unreadOf(ofProject(name), ['project'])),
    ...(all ? unreadOf(checked, ['workspace', 'team']) : []),
  ]);
  return checked.map(({ validated, settings }) => {
    const problems = (settings?.given ?? []).filter((given) => unread.has(given)).map(unreadProblem);
    return problems.length > 0 ? { ...validated, problems: [...validated.problems, ...problems] } : validated;
  });
}

function unreadOf(checked: readonly Checked[], layers: readonly SettingLayer[]): readonly GivenSetting[] {
  const known = checked.flatMap(({ settings }) => settings ?? []);
  return known.length === checked.length ? unreadSettings(known, layers) : [];
}
