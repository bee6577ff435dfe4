// Secrets in files that SOPS has encrypted. Its own command decrypts them: it knows age, PGP and the key services of the clouds.
import { existsSync } from 'node:fs';
import { resolve } from 'node:path';
import type { Json, SecretAnswer, SopsSource } from '@konfig/core';
import { type Ended, runCommand } from './command';
import { leafAt } from './leaf';
import { type OpenSource, once, textOf, unread } from './source';

export const sops: OpenSource<SopsSource> = ({ root, env }) => {
  // One run for each file: each may ask a key service, or a person.
  const decrypt = once(({ file, asJson }: { readonly file: string; readonly asJson: boolean }, signal) =>
    runCommand('sops', ['-d', ...(asJson ? ['--output-type', 'json'] : []), resolve(root, file)], { cwd: root, env }, signal),
  );
  return async ({ file, path = [] }, signal) => {
    if (!existsSync(resolve(root, file))) return unread('is not there: there is no such file', 'Make that file, or name another one.');
    const ended = await decrypt({ file, asJson: path.length > 0 }, signal);
    if (ended.how === 'printed') return path.length > 0 ? valueIn(ended.bytes, path) : textOf(ended.bytes);
    return refused(ended, file);
  };
};

function valueIn(bytes: Buffer, path: readonly (string | number)[]): SecretAnswer {
  const text = bytes.toString('utf8');
  try {
    return leafAt(JSON.parse(text) as Json, path);
  } catch {
    return unread('cannot be read: what sops gave is no JSON', 'Leave out the path for a file that is one value as a whole.', [text]);
  }
}

function refused(ended: Exclude<Ended, { how: 'printed' }>, file: string): SecretAnswer {
  if (ended.how === 'not found')
    return unread('cannot be read: there is no command sops', 'Install SOPS (https://getsops.io), and put it on the PATH.');
  return unread(
    `cannot be decrypted: sops ${ended.why}`,
    `Try it by hand: sops -d ${file}. It finds age keys in SOPS_AGE_KEY_FILE or ~/.config/sops/age/keys.txt, and asks other key services with their own credentials.`,
    [ended.printed],
  );
}
