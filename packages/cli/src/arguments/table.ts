// Every command there is, in the order in which help lists them. Each has a module of its own here that is named as it is, and holds nothing else.
import type { Command } from './command';

const names = [
  'init',
  'synth',
  'validate',
  'verify',
  'preview',
  'apply',
  'import',
  'status',
  'health',
  'logs',
  'drift',
  'history',
  'show',
  'rollback',
  'destroy',
  'unlock',
  'state',
  'diff',
  'graph',
  'explain',
  'settings',
  'service',
  'cluster',
  'doctor',
  'completion',
] as const;

/** The command that a command line begins with, alone: to load them all takes as long as to parse the line. All of them where it begins with none. */
export function commandsFor([first]: readonly string[]): readonly Command[] {
  const name = names.find((one) => one === first);
  return name ? [commandCalled(name)] : allCommands();
}

export function allCommands(): readonly Command[] {
  return names.map(commandCalled);
}

function commandCalled(name: (typeof names)[number]): Command {
  return Object.values(require(`./${name}`) as { readonly [name: string]: Command })[0] as Command;
}
