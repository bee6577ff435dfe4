// konfig show plan.json: a plan file for whoever reviews it.
import { exitCodes } from '../exit-code';
import { readPlanFile } from '../plan-file';
import { styleOf, widthOf } from '../print';
import { printJson } from '../print-json';
import { planFileMarkdown, planFileText } from '../render/plan-file-text';
import type { Shell } from '../shell';

export interface ShowPlanArguments {
  readonly file: string;
  readonly format: 'text' | 'markdown' | 'json' | 'ndjson';
}

export function showPlan({ file, format }: ShowPlanArguments, shell: Shell): number {
  const found = readPlanFile(file, shell);
  const options = { ...styleOf(shell), width: widthOf(shell) };
  const texts = {
    text: () => planFileText(found, options),
    markdown: () => planFileMarkdown(found, options),
  };
  if (format === 'json' || format === 'ndjson') printJson(found, format, shell);
  else shell.stdout.write(texts[format]());
  return exitCodes.done;
}
