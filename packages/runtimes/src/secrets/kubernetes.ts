// Secrets that lie in a cluster already.
import { didYouMean, isKonfigError, isObject, type JsonObject, type KubernetesSource, type SecretAnswer } from '@konfig/core';
import { type OpenSource, type Operation, once, textOf, unread } from './source';

export const kubernetes: OpenSource<KubernetesSource> = (operation) => {
  const fetch = once(({ target, namespace, name }: Place, signal) => readSecret(operation, { target, namespace, name }, signal));
  return async ({ namespace, name, key, target = 'main' }, signal) => {
    try {
      return keyOf(await fetch({ target, namespace, name }, signal), key);
    } catch (error) {
      if (!isKonfigError(error)) throw error;
      const [problem] = error.problems;
      return unread(`cannot be read: ${problem?.message}`, problem?.hint ?? 'It takes the permission to get this Secret.');
    }
  };
};

interface Place {
  readonly target: string;
  readonly namespace: string;
  readonly name: string;
}

async function readSecret(
  { connect }: Operation,
  { target, namespace, name }: Place,
  signal: AbortSignal,
): Promise<JsonObject | undefined> {
  const connection = await connect(target);
  return connection.read(`${target}:Secret/${namespace}/${name}`, 'v1/Secret', signal);
}

function keyOf(secret: JsonObject | undefined, key: string): SecretAnswer {
  if (!secret) return unread('is not there: there is no such Secret', 'Make that Secret, or name another one.');
  const data = isObject(secret.data) ? secret.data : {};
  const value = Object.hasOwn(data, key) ? data[key] : undefined;
  if (typeof value === 'string') return textOf(Buffer.from(value, 'base64'));
  const keys = Object.keys(data);
  return unread(
    `is not there: the Secret has ${keys.join(', ') || 'no keys'}`,
    `${didYouMean(key, keys)}Put it there, or name another key.`,
  );
}
