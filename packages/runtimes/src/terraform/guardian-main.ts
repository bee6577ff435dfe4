// The guardian's own process: see guardian.ts. Begins when the one that started it has gone.
import { readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { closeFolder, leftIn, ownerOf, planFile, variablesFile } from './folder';
import type { Order } from './guardian';
import { parseKept } from './kept';
import { putAway } from './rescue';
import { readKeys } from './seal';
import { whyUnread } from './unread-left';

/** Milliseconds. */
const lookAgain = 100;

async function main({ folder, charge }: Order): Promise<void> {
  while (leftIn(folder).pid !== undefined) await pause(lookAgain);
  const owner = ownerOf(folder);
  const { state } = leftIn(folder);
  if (!owner) return;
  if (state !== undefined && (owner.hasOwnBackend || whyUnread(state))) {
    // From here it can be pushed, or opened, and nobody else has it.
    for (const file of [planFile, variablesFile]) rmSync(join(folder, file), { force: true });
    return;
  }
  if (state !== undefined && charge) {
    const keys = readKeys(charge.key, undefined, (why) => new Error(why) as never);
    putAway(owner, { state, kept: parseKept(owner, charge.kept), keys });
  }
  closeFolder(folder);
}

void main(JSON.parse(readFileSync(0, 'utf8')) as Order);
