// Why a folder could not be made ready. `init` tells it in words for people, and ends with 1 whatever it was.
import { isObject, type Json, type JsonObject, type Problem, type ProblemCode } from '@konfig/core';
import { configurationFile, pathOfLine } from './configuration';
import { refusedEntry } from './diagnostics';
import { blocksOf } from './wish';

interface Meaning {
  readonly when: RegExp;
  readonly code: ProblemCode;
  readonly hint: string;
}

// The first that fits counts.
const meanings: readonly Meaning[] = [
  {
    when: /state file is encrypted and can ?not be read/,
    code: 'TARGET_CREDENTIALS',
    hint: 'Put the TF_ENCRYPTION that the state was written with into the environment, or into terraform({ env }) of the workspace.',
  },
  {
    when: refusedEntry,
    code: 'TARGET_CREDENTIALS',
    hint: 'Give the backend, or whoever has the provider or the module, what is needed to get in: in the environment, or in terraform({ env }) of the workspace.',
  },
  {
    when: /Unsupported state file format|Error (refreshing|loading) state|Failed to get existing workspaces/,
    code: 'TARGET_CONFIG',
    hint: 'Is the address of its backend right, and does a state lie there, not the page of a login? It is in the backend of the program.',
  },
  {
    when: /Unreadable module directory|Failed to download module|Could not download module|Module not found/,
    code: 'TARGET_CONFIG',
    hint: 'Is the source of the module right, and can it be reached from here? A folder is best named from the root: /srv/modules/db.',
  },
  {
    when: /\bon \S+\.tf(\.json)? line \d+/,
    code: 'SPEC_INVALID',
    hint: 'Correct the module in the file that is named, or what the program gives to it.',
  },
];

const unreachable = {
  code: 'TARGET_CONFIG',
  hint: 'Is the registry (or the mirror, the backend) in reach, and does it have this provider in this version, for this machine?',
} as const;

/** By what `init` said. */
export function initMeaning(said: string): Required<Pick<Problem, 'code' | 'hint'>> {
  const { code, hint } = meanings.find(({ when }) => when.test(said)) ?? unreachable;
  return { code, hint };
}

/** Where in the configuration of this text the first thing is that it names a line of; undefined where that is in a module. */
export function initPlace(said: string, text: string): string | undefined {
  const [, file, line] = /\bon (\S+\.tf(?:\.json)?) line (\d+)/.exec(said) ?? [];
  return file === configurationFile ? pathOfLine(text, Number(line)) : undefined;
}

/** The provider that it names, where that is written: `provider.aws`. */
export function providerPlace(said: string, configuration: JsonObject): string | undefined {
  const [, source] = /\bprovider (?:[\w.:-]+\/)?([\w-]+\/[\w-]+)/.exec(said) ?? [];
  const required = blocksOf(configuration.terraform).flatMap((block) => blocksOf(block.required_providers));
  const named = required.flatMap((block) => Object.entries(block)).find(([name, one]) => source === sourceOf(name, one))?.[0];
  return named !== undefined && isObject(configuration.provider) && named in configuration.provider ? `provider.${named}` : undefined;
}

function sourceOf(name: string, required: Json | undefined): string {
  const source = isObject(required) && typeof required.source === 'string' ? required.source : `hashicorp/${name}`;
  return source.split('/').slice(-2).join('/');
}

/** What it said without the lines of the configuration that it quotes: they may hold secrets. In one line. */
export function initWords(said: string): string {
  return said
    .replace(/^[ │]*\d+: .*$/gm, '')
    .replace(/[╷│╵]/g, ' ')
    .replace(/\s+/g, ' ');
}
