// What a program declares to read, in its process: each value is asked from the command, which decides.
import { relative, resolve } from 'node:path';
import type { FolderEntry, InputFiles } from '@konfig/sdk';
import type { Channel } from './channel';

type AskParent = Channel['ask'];

/** Environment values. Only what is asked for by name is known here. */
export function declaredEnvironment(askParent: AskParent): Record<string, string> {
  const known = new Map<string, string | undefined>();
  const ask = (name: string) => {
    if (!known.has(name)) known.set(name, (askParent({ kind: 'env', name }) as { value?: string }).value);
    return known.get(name);
  };
  return new Proxy(
    {},
    {
      get: (_target, name) => (typeof name === 'string' ? ask(name) : undefined),
      has: (_target, name) => typeof name === 'string' && ask(name) !== undefined,
      getOwnPropertyDescriptor: (_target, name) => {
        const value = typeof name === 'string' ? ask(name) : undefined;
        return value === undefined ? undefined : { value, enumerable: true, configurable: true };
      },
    },
  );
}

interface Refusal {
  readonly error?: string;
  readonly message?: string;
}

/** Files, by paths that are absolute or count from the monorepo's root. */
export function declaredFiles(root: string, askParent: AskParent): InputFiles {
  const nameOf = (path: string) => relative(root, resolve(root, path)).replaceAll('\\', '/') || '.';
  const ask = <T>(kind: 'file' | 'folder', path: string) => {
    const answer = askParent({ kind, name: nameOf(path) }) as T & Refusal;
    if (answer.error !== undefined) throw Object.assign(new Error(answer.message), { code: answer.error });
    return answer;
  };
  return {
    kindOf: (path) => {
      const { is, error } = askParent({ kind: 'path', name: nameOf(path) }) as { readonly is?: 'file' | 'folder' } & Refusal;
      // What may not be read is there: reading it says why not.
      return error === 'ERR_ACCESS_DENIED' ? 'file' : is;
    },
    read: (path) => Buffer.from(ask<{ readonly base64: string }>('file', path).base64, 'base64'),
    list: (folder) => ask<{ readonly entries: readonly FolderEntry[] }>('folder', folder).entries,
  };
}
