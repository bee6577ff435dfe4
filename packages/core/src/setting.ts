// What a synth tells of settings: which of them were read, what they were, and who said so.
import type { Json } from './json';
import type { Problem, SourceLine } from './problem';

/** Who may give a setting, the weakest first. */
export const settingLayers = ['default', 'workspace', 'team', 'project', 'stack', 'component'] as const;

/** One of those who may give a setting. */
export type SettingLayer = (typeof settingLayers)[number];

/** Who gave a setting, where, and why. */
export interface SettingGiver {
  readonly layer: SettingLayer;
  /** Its name: of the workspace, the team, the project, `shop/prod`, the component's path; of a default, the setting's. */
  readonly by: string;
  /** Undefined where no line of the program is known. */
  readonly source?: SourceLine;
  readonly reason?: string;
}

/** A value that somebody gave. */
export interface GivenValue extends SettingGiver {
  /** What is known only when it is applied is a text in brackets. */
  readonly value: Json;
}

/** A field of a setting: the value that holds, and what it overrode, the strongest first. */
export interface SettingField extends GivenValue {
  /** `resources.cpu`; empty where the setting has no fields. */
  readonly field: string;
  readonly overrode: readonly GivenValue[];
}

/** A setting as some constructs of a stack read it. */
export interface ReadSetting {
  readonly setting: string;
  readonly describe?: string;
  /** Paths of the constructs. */
  readonly readBy: readonly string[];
  readonly fields: readonly SettingField[];
}

/** Something that was given to a stack, and whether anything in that stack reads it. */
export interface GivenSetting extends SettingGiver {
  readonly setting: string;
  readonly isRead: boolean;
}

/** The settings of one stack. */
export interface StackSettings {
  readonly read: readonly ReadSetting[];
  readonly given: readonly GivenSetting[];
}

/** What is given to some of the stacks by one of these layers, and read by none of them: of each the first. */
export function unreadSettings(stacks: readonly StackSettings[], layers: readonly SettingLayer[]): readonly GivenSetting[] {
  const given = stacks.flatMap((stack) => stack.given).filter(({ layer }) => layers.includes(layer));
  const read = new Set(given.filter(({ isRead }) => isRead).map(keyOf));
  const unread = given.filter((one) => !read.has(keyOf(one)));
  return unread.filter((one, i) => unread.findIndex((other) => keyOf(other) === keyOf(one)) === i);
}

function keyOf({ layer, by, setting, source }: GivenSetting): string {
  return JSON.stringify([layer, by, setting, source?.file, source?.line]);
}

const whereRead: { readonly [layer in SettingLayer]: string } = {
  default: 'no stack reads it',
  workspace: 'no stack that goes there reads it',
  team: 'no stack of its projects reads it',
  project: 'none of its stacks reads it',
  stack: 'nothing in it reads it',
  component: 'nothing in it reads it',
};

/** That a setting was given for nothing. */
export function unreadProblem({ setting, layer, by, source }: SettingGiver & { readonly setting: string }): Problem {
  return {
    code: 'SETTING_UNUSED',
    message: `The setting ${setting} is given by ${giverText({ layer, by })}, but ${whereRead[layer]}.`,
    hint: 'Take it out, or use the component that reads it.',
    at: `setting ${setting}`,
    ...(source && { source }),
  };
}

/** `workspace prod` */
export function giverText({ layer, by }: Pick<SettingGiver, 'layer' | 'by'>): string {
  return layer === 'default' ? 'default' : `${layer} ${by}`;
}
