// OpenTofu can encrypt a state by itself (TF_ENCRYPTION, or an `encryption` block): https://opentofu.org/docs/language/state/encryption/
// Konfig seals what it keeps, and must be able to read it. In a backend of the program's own the state may be encrypted: Konfig asks OpenTofu for it.
import { copyFileSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { JsonObject } from '@konfig/core';
import { erroredState } from './folder';
import { runReading } from './process';
import type { RootModule } from './root-module';
import { whyUnread } from './unread-left';
import { blocksOf } from './wish';
import type { TerraformWorld } from './world';

/** Would OpenTofu encrypt the state of this program? */
export function encryptsState({ terraform }: JsonObject): boolean {
  return blocksOf(terraform)
    .flatMap(({ encryption }) => blocksOf(encryption))
    .some(({ state }) => state !== undefined);
}

/** A state that lies in a run's folder is left there in clear, so that it can be read, and pushed: OpenTofu pushes no encrypted one. */
export async function openLeft({ binary }: TerraformWorld, { folder, env, text }: RootModule, stop: AbortSignal): Promise<void> {
  const left = join(folder, erroredState);
  if (whyUnread(readFileSync(left, 'utf8')) !== 'encrypted') return;
  // As the state of a module without a backend, OpenTofu gives it out.
  const place = mkdtempSync(join(folder, 'opened-'));
  try {
    copyFileSync(left, join(place, 'terraform.tfstate'));
    writeFileSync(join(place, 'main.tf.json'), JSON.stringify(onlyEncryption(JSON.parse(text) as JsonObject)));
    const { code, stdout } = await runReading({ path: binary.path, args: ['state', 'pull'], folder: place, env, stop });
    if (code === 0 && whyUnread(stdout) === undefined) writeFileSync(left, stdout);
  } finally {
    rmSync(place, { recursive: true, force: true });
  }
}

/** With what it may be made of. OpenTofu wants a name in each block. */
function onlyEncryption({ terraform, variable, locals }: JsonObject): JsonObject {
  const encryption = blocksOf(terraform).flatMap((block) => (block.encryption === undefined ? [] : [{ encryption: block.encryption }]));
  return { terraform: encryption, ...(variable ? { variable } : {}), ...(locals ? { locals } : {}) };
}
