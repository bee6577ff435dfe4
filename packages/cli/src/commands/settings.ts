// konfig settings: what settings a stack reads, what each of them is, who said so and why.
import { didYouMean, KonfigError, type StackSettings } from '@konfig/core';
import type { OutputArguments, ProgramArguments } from '../arguments/stack-options';
import { exitCodes } from '../exit-code';
import { styleOf, widthOf } from '../print';
import { printJson } from '../print-json';
import { settingsBehind } from '../program/synth';
import { settingsText } from '../render/settings-text';
import type { Shell } from '../shell';
import { openStack } from './open-stack';

export interface SettingsArguments extends ProgramArguments, OutputArguments {
  readonly setting?: string | undefined;
}

export async function settings({ stack, setting, ...args }: SettingsArguments, shell: Shell): Promise<number> {
  const print = (all: StackSettings) => {
    const found = { stack, ...(setting === undefined ? all : onlyOne(setting, all, stack)) };
    if (args.output === 'text') shell.stdout.write(settingsText(found, { ...styleOf(shell), width: widthOf(shell) }));
    else printJson(found, args.output, shell);
  };
  const { settings: all = { read: [], given: [] } } = await openStack(stack, shell, { ...args, typeCheck: false }).catch((error) => {
    // Who said what leads to what is wrong. As data there is one document: the problems.
    const told = args.output === 'text' && setting === undefined ? settingsBehind(error) : undefined;
    if (told) print(told);
    throw error;
  });
  print(all);
  return exitCodes.done;
}

function onlyOne(name: string, { read, given }: StackSettings, stack: string): StackSettings {
  const isIt = ({ setting }: { readonly setting: string }) => setting === name;
  if ([...read, ...given].some(isIt)) return { read: read.filter(isIt), given: given.filter(isIt) };
  const names = (settings: readonly { readonly setting: string }[]) => [...new Set(settings.map(({ setting }) => setting))];
  const [known, unread] = [names(read), names(given.filter(({ isRead }) => !isRead))];
  const reads = known.length > 0 ? `It reads ${known.join(', ')}.` : 'It reads none.';
  const others = unread.length > 0 ? ` Given, but read by nothing: ${unread.join(', ')}.` : '';
  const hint = `${didYouMean(name, [...known, ...unread])}${reads}${others}`;
  throw new KonfigError({ code: 'USAGE', message: `${stack} has no setting ${JSON.stringify(name)}.`, hint });
}
