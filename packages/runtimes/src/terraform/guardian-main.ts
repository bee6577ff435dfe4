// The guardian's own process: see guardian.ts. Begins when the one that started it has gone.
import { readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { closeFolder, leftIn, ownerOf, planFile, variablesFile } from './folder';
import type { Charge } from './guardian';
import { parseKept } from './kept';
import { putAway } from './rescue';
import { readKeys } from './seal';
import { whyUnread } from './unread-left';

/** Milliseconds. */
const lookAgain = 100;

async function main(folder: string, charge: Charge | undefined): Promise<void> {
  while (leftIn(folder).pid !== undefined) await pause(lookAgain);
  const owner = ownerOf(folder);
  const { state } = leftIn(folder);
  if (!owner) return;
  if (state !== undefined && (owner.hasOwnBackend || whyUnread(state) || !charge)) {
    // From here it can be pushed, opened or taken up, and nobody else has it.
    for (const file of [planFile, variablesFile]) rmSync(join(folder, file), { force: true });
    return;
  }
  if (state !== undefined && charge !== undefined) {
    const keys = readKeys(charge.key, undefined, (why) => new Error(why) as never);
    putAway(owner, { state, kept: parseKept(owner, charge.kept), keys });
  }
  closeFolder(folder);
}

/** Undefined also where the one that told it was killed before its end: then it had hardly begun. */
function readCharge(text: string): Charge | undefined {
  try {
    return JSON.parse(text) as Charge;
  } catch {
    return undefined;
  }
}

void main(process.argv[2] as string, readCharge(readFileSync(0, 'utf8')));
