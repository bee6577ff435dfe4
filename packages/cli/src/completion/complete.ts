// What may stand at the end of a command line: asked by the shell at every TAB, so it must be quick.
import type { Command } from '../arguments/command';
import { allCommands } from '../arguments/table';
import type { Names } from './names';
import { type Taken, type TakenOption, type TakenPositional, takesOf } from './takes';

/** One way to go on. */
export interface Candidate {
  readonly text: string;
  /** Shown beside it where the shell can. */
  readonly says: string;
}

export interface Completion {
  readonly candidates: readonly Candidate[];
  /** The shell's own completion of file names is right here too. */
  readonly files: boolean;
}

/** `words` are those behind `konfig`, up to and with the one that is being typed, which may be empty. */
export function complete(words: readonly string[], names: Names): Completion {
  const current = words.at(-1) ?? '';
  const before = words.slice(0, -1);
  const at = before.findIndex((word) => !word.startsWith('-'));
  const command = allCommands().find((one) => nameOf(one) === before[at]);
  const found = command
    ? completeCommand(command, { before: before.slice(at + 1), current }, names)
    : at >= 0
      ? nothing
      : completeFirst(current);
  return { ...found, candidates: found.candidates.filter(({ text }) => text.startsWith(current)) };
}

const nothing: Completion = { candidates: [], files: false };

function nameOf(command: Command): string {
  return command.usage.split(' ')[0] as string;
}

const everywhere: readonly Candidate[] = [
  { text: '--help', says: 'Show help' },
  { text: '--screen-reader', says: 'Lines in whole words, nothing drawn' },
];
const general: readonly Candidate[] = [...everywhere, { text: '--version', says: 'Show version number' }];

function completeFirst(current: string): Completion {
  const candidates = allCommands().map((command) => ({ text: nameOf(command), says: command.does }));
  return { candidates: current.startsWith('-') ? general : candidates, files: false };
}

interface Typed {
  /** Behind the name of the command. */
  readonly before: readonly string[];
  readonly current: string;
}

function completeCommand(command: Command, { before, current }: Typed, names: Names): Completion {
  const { options, positionals } = takesOf(command);
  const isCalled =
    (word: string | undefined) =>
    ({ name, alias }: { readonly name: string; readonly alias?: string }) =>
      word === `--${name}` || (alias !== undefined && word === `-${alias}`);
  // A positional may be named: `--stack shop/dev`.
  const optionOf = (word: string | undefined) => options.find(isCalled(word)) ?? positionals.find(isCalled(word));
  const given = before.filter((word, i) => !word.startsWith('-') && !takesValue(optionOf(before[i - 1])));
  const stack = given[0] ?? '';
  const asked = optionOf(before.at(-1));
  if (asked && takesValue(asked)) return valuesOf(asked, { stack, names });
  const [, name, typed] = /^(--[\w-]+)=(.*)$/s.exec(current) ?? [];
  const inline = optionOf(name);
  if (inline && typed !== undefined) {
    const { candidates } = valuesOf(inline, { stack, names });
    return { candidates: candidates.map(({ text, says }) => ({ text: `${name}=${text}`, says })), files: false };
  }
  if (current.startsWith('-'))
    return { candidates: [...options.flatMap((option) => flagsOf(option, before)), ...everywhere], files: false };
  const positional = positionals[given.length] ?? repeated(positionals);
  return positional ? valuesOf(positional, { stack, names }) : nothing;
}

function takesValue(option: TakenOption | TakenPositional | undefined): boolean {
  return option !== undefined && !('isFlag' in option && option.isFlag);
}

function repeated(positionals: readonly TakenPositional[]): TakenPositional | undefined {
  const last = positionals.at(-1);
  return last?.takesSeveral ? last : undefined;
}

/** What was typed already is not offered again; what is on is offered as its opposite. */
function flagsOf({ name, says, isOnByDefault }: TakenOption, before: readonly string[]): readonly Candidate[] {
  const text = isOnByDefault ? `--no-${name}` : `--${name}`;
  return before.includes(text) ? [] : [{ text, says }];
}

interface Known {
  readonly stack: string;
  readonly names: Names;
}

/** The values of an option or a positional, by its choices, else by its name, which means the same wherever it stands. */
function valuesOf({ name, says, choices }: Taken, { stack, names }: Known): Completion {
  const bare = (texts: readonly string[], what = '') => texts.map((text) => ({ text, says: what }));
  if (choices.length > 0) return { candidates: bare(choices), files: false };
  // Some commands take a plan file for a stack, and say so.
  if (stackNames.has(name)) return { candidates: bare(names.stacks(), 'stack'), files: /\bfile\b/.test(says) };
  if (name === 'stacks') return { candidates: [...bare(names.stacks(), 'stack'), ...bare(names.projects(), 'project')], files: false };
  if (resourceNames.has(name)) return { candidates: bare(names.resources(stack)), files: false };
  return { candidates: [], files: fileNames.has(name) };
}

const stackNames = new Set(['stack', 'before', 'after', 'via', 'what']);
const resourceNames = new Set(['resource', 'target', 'replace']);
const fileNames = new Set(['file', 'folder', 'to', 'out', 'kubeconfig']);
