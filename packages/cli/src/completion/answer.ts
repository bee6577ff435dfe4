// The two hidden commands behind completion: `konfig __complete SHELL WORD…`, which a shell's script asks, and `konfig __refresh`.
import { basename } from 'node:path';
import { exitCodes } from '../exit-code';
import { findMonorepo, type Monorepo } from '../program/monorepo';
import type { Shell } from '../shell';
import { type Candidate, complete } from './complete';
import { keepStacks, keptNames, type Names, refreshBehind, refreshEnded, stampOf } from './names';

const noNames: Names = { stacks: () => [], projects: () => [], resources: () => [] };

/** Prints one candidate a line, what it says behind a tab; `:files` where file names fit too. */
export function answer([, ...given]: readonly string[], shell: Shell): number {
  const { words, cut } = joined(given);
  const { candidates, files } = complete(words, namesOf(shell));
  const lineOf = ({ text, says }: Candidate) => `${text.slice(cut)}\t${says}\n`;
  shell.stdout.write(`${candidates.map(lineOf).join('')}${files ? ':files\n' : ''}`);
  return exitCodes.done;
}

function namesOf(shell: Shell): Names {
  try {
    const monorepo = findMonorepo(shell.cwd);
    return keptNames(monorepo, () => refreshBehind(monorepo.root));
  } catch {
    // Outside of a monorepo there are no names.
    return noNames;
  }
}

/**
 * bash takes `--output=json` and `shop/prod@12` apart at `=` and `@`: they are put together again, and of a candidate only what stands behind the last
 * of these is answered.
 */
function joined(given: readonly string[]): { readonly words: readonly string[]; readonly cut: number } {
  const words: string[] = [];
  let cut = 0;
  let isOpen = false;
  given.forEach((word, i) => {
    const last = words.length - 1;
    const isBreak = word === '=' || word === '@';
    if ((isBreak || isOpen) && last >= 0) {
      cut = i === given.length - 1 ? (words[last] as string).length + (isBreak ? word.length : 0) : 0;
      words[last] += word;
    } else {
      cut = 0;
      words.push(word);
    }
    isOpen = isBreak;
  });
  return { words, cut };
}

/** Reads the stacks of all projects that have changed since they were kept. */
export async function refresh(shell: Shell): Promise<number> {
  const monorepo = findMonorepo(shell.cwd);
  const { stacksOfProject } = require('../program/stack-names') as typeof import('../program/stack-names');
  try {
    for (const folder of changedProjects(monorepo)) {
      const stamp = stampOf(folder);
      // A program that does not compile today keeps the names of yesterday.
      const stacks = await stacksOfProject(monorepo, basename(folder), { env: shell.env, print: () => {} }).catch(() => undefined);
      if (stacks) keepStacks(monorepo.root, { [basename(folder)]: { stamp, stacks } });
    }
  } finally {
    refreshEnded(monorepo.root);
  }
  return exitCodes.done;
}

function changedProjects(monorepo: Monorepo): readonly string[] {
  return monorepo.projects.filter((folder) => {
    let isOld = false;
    keptNames({ ...monorepo, projects: [folder] }, () => {
      isOld = true;
    }).stacks();
    return isOld;
  });
}
