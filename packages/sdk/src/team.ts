// Who owns projects, and what they decided for all of them.
import type { SettingOverride } from './settings/declared';

/** A team that owns projects. Made by {@link team}. */
export interface Team {
  readonly name: string;
  readonly settings: readonly SettingOverride[];
}

/** What a team is told. */
export interface TeamProps {
  /** What it overrides of the platform's settings for all of its projects: over the workspace, under the project. Default: nothing. */
  readonly settings?: readonly SettingOverride[];
}

/**
 * Names a team, for the `owner` of its projects.
 *
 * ```ts
 * export const payments = team('payments', { settings: [postgres({ backupDays: 35 }, 'the auditors ask for five weeks')] });
 * export default project('billing', { owner: payments }).stack(…);
 * ```
 */
export function team(name: string, props: TeamProps = {}): Team {
  return { name, settings: props.settings ?? [] };
}
