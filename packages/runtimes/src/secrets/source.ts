// What every source of secrets is given, and what it answers.
import type { Connection, SecretAnswer, SecretSource, UnreadSecret } from '@konfig/core';

/** One operation, for which secrets are read. */
export interface Operation {
  /** Files count from here, and commands run here. */
  readonly root: string;
  readonly env: NodeJS.ProcessEnv;
  /** Commands that secrets may be read by. Undefined: all. */
  readonly commands?: readonly string[];
  /** Opens a target of the workspace, once; it is closed with the operation. */
  readonly connect: (target: string) => Promise<Connection>;
  /** Is called when all secrets were read. */
  readonly atEnd: (close: () => unknown) => void;
}

/** Reads one secret; gives up when the signal aborts. */
export type Read<Source extends SecretSource> = (source: Source, signal: AbortSignal) => Promise<SecretAnswer>;

/** A source is opened once for each operation, so that it can keep what it fetched. */
export type OpenSource<Source extends SecretSource> = (operation: Operation) => Read<Source>;

/** A Secret of Kubernetes holds no more. */
export const mostBytes = 2 ** 20;

/** Bytes as the text that they are, if they are one. */
export function textOf(bytes: Uint8Array): SecretAnswer {
  if (bytes.length > mostBytes) return unread('is larger than 1 MiB', 'No Secret of Kubernetes can hold that.');
  try {
    return { value: new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes) };
  } catch {
    return unread('is no text in UTF-8', 'Keep it in base64, and let whoever uses it decode it.');
  }
}

/** `why` is told whole: what in it is secret is known only when all were read. */
export function unread(why: string, hint: string, taints: readonly string[] = []): UnreadSecret {
  return { why, hint, ...(taints.length > 0 ? { taints } : {}) };
}

/** Fetches each thing once, however many secrets lie in it. */
export function once<Key, Value>(
  fetch: (key: Key, signal: AbortSignal) => Promise<Value>,
): (key: Key, signal: AbortSignal) => Promise<Value> {
  const fetched = new Map<string, Promise<Value>>();
  return (key, signal) => {
    const name = JSON.stringify(key);
    const known = fetched.get(name) ?? fetch(key, signal);
    fetched.set(name, known);
    return known;
  };
}
