// What a command takes, as data: read from its own declaration, without the parser that it is meant for.
import type { Argv, Options, PositionalOptions } from 'yargs';
import type { Command } from '../arguments/command';

export interface Taken {
  readonly name: string;
  readonly says: string;
  readonly choices: readonly string[];
}

export interface TakenPositional extends Taken {
  readonly takesSeveral: boolean;
}

export interface TakenOption extends Taken {
  readonly alias?: string;
  /** It stands alone: no value follows. */
  readonly isFlag: boolean;
  readonly isOnByDefault: boolean;
}

export interface Takes {
  readonly positionals: readonly TakenPositional[];
  readonly options: readonly TakenOption[];
}

/** In the order of its usage, and of its declaration. */
export function takesOf(command: Command): Takes {
  const positionals = new Map<string, TakenPositional>();
  const options: TakenOption[] = [];
  // Plays the parser: notes what it is told, and answers with itself.
  const recorder: unknown = new Proxy(
    {},
    {
      get: (_target, method) => (name: string, given: Options | PositionalOptions) => {
        if (method === 'positional') positionals.set(name, { ...taken(name, given), takesSeveral: false });
        if (method === 'option') options.push(optionOf(name, given as Options));
        return recorder;
      },
    },
  );
  command.takes(recorder as Argv);
  const inUsage = [...command.usage.matchAll(/[<[]([\w-]+)(\.\.)?[>\]]/g)].map(([, name = '', several]) => ({
    ...(positionals.get(name) ?? { name, says: '', choices: [] }),
    takesSeveral: several !== undefined,
  }));
  return { positionals: inUsage, options };
}

function taken(name: string, { describe, choices = [] }: Options | PositionalOptions): Taken {
  return { name, says: describe || '', choices: choices.map(String) };
}

function optionOf(name: string, given: Options): TakenOption {
  const { type, alias } = given;
  return {
    ...taken(name, given),
    ...(typeof alias === 'string' ? { alias } : {}),
    isFlag: type === 'boolean',
    isOnByDefault: type === 'boolean' && given.default === true,
  };
}
