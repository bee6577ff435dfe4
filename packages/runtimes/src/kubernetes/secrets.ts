// The Secrets in which records lie: their names, reading and listing them, and what to say when that does not go well.
import { createHash } from 'node:crypto';
import { promisify } from 'node:util';
import { gunzip, gzip } from 'node:zlib';
import { damaged, KonfigError } from '@konfig/core';
import { clean } from '../clean';
import { type Answer, objectOf, statusOf } from './answer';
import type { Client } from './client';
import type { KubeObject } from './objects';

/** The namespace of a cluster in which records lie. */
export interface StorePlace {
  readonly client: Client;
  readonly namespace: string;
}

export type Secret = KubeObject & { readonly data?: { readonly [key: string]: string } };

/** The lock's fence of whoever wrote this Secret last. */
export const fenceAnnotation = 'konfig.dev/fence';
export const hashLabel = 'konfig.dev/stack-hash';
/** `index`, `chunk` or `journal`. */
export const partLabel = 'konfig.dev/part';

const zip = promisify(gzip);
const unzip = promisify(gunzip);

export function hashOf(stack: string): string {
  return createHash('sha256').update(stack).digest('hex').slice(0, 12);
}

/** `konfig-shop-prod-3f2a…`: to be recognised by people, to be unique by the hash. */
export function nameOf(stack: string): string {
  const slug = stack
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, '-')
    .replace(/^-+|-+$/g, '')
    .slice(0, 60);
  return ['konfig', slug, hashOf(stack)].filter(Boolean).join('-');
}

export function secretsPath({ namespace }: StorePlace): string {
  return `/api/v1/namespaces/${namespace}/secrets`;
}

/** Compressed, for a Secret's `data`. */
export async function packed(text: string): Promise<string> {
  return (await zip(text)).toString('base64');
}

export async function unpacked(...parts: readonly string[]): Promise<string> {
  return (await unzip(Buffer.concat(parts.map((part) => Buffer.from(part, 'base64'))))).toString('utf8');
}

export async function readSecret(place: StorePlace, name: string): Promise<Secret | undefined> {
  const answer = await place.client.request({ method: 'GET', path: `${secretsPath(place)}/${name}` });
  if (answer.status === 404) return undefined;
  const secret = objectOf(answer);
  if (secret) return secret as Secret;
  throw new KonfigError({
    code: answer.status === 403 ? 'PERMISSION_MISSING' : 'RECORD_CORRUPT',
    message: `read Secret ${place.namespace}/${name}: ${saidIn(answer)}`,
    hint: `Konfig needs get, list, create, update, patch and delete on secrets in namespace ${place.namespace}.`,
  });
}

/** Of all Secrets with these labels, without what is in them. */
export async function listSecrets(place: StorePlace, selector: string): Promise<readonly KubeObject[]> {
  const secrets: KubeObject[] = [];
  for (let next = ''; ; ) {
    const query = new URLSearchParams({ labelSelector: selector, limit: '500', ...(next ? { continue: next } : {}) });
    const accept = 'application/json;as=PartialObjectMetadataList;g=meta.k8s.io;v=v1,application/json';
    const answer = await place.client.request({ method: 'GET', path: `${secretsPath(place)}?${query}`, accept });
    if (answer.status === 404) return [];
    if (answer.status >= 300)
      throw new KonfigError({
        code: answer.status === 403 ? 'PERMISSION_MISSING' : 'RECORD_CORRUPT',
        message: `list Secrets in namespace ${place.namespace}: ${saidIn(answer)}`,
      });
    const list = answer.body as unknown as { readonly items?: readonly KubeObject[]; readonly metadata?: { readonly continue?: string } };
    secrets.push(...(list.items ?? []));
    next = list.metadata?.continue ?? '';
    if (!next) return secrets;
  }
}

export function saidIn(answer: Answer): string {
  return clean(statusOf(answer).message ?? `status ${answer.status}`);
}

/** RECORD_CORRUPT for this Secret. */
export function corrupt(place: StorePlace, secret: string, why: string, hint: string): KonfigError {
  return damaged({ name: `Secret ${place.namespace}/${secret}`, hint }, clean(why));
}

/** RECORD_WRITE, with what the server said. */
export function cannotWrite(place: StorePlace, secret: string, answer: Answer): KonfigError {
  return new KonfigError({
    code: 'RECORD_WRITE',
    message: `write Secret ${place.namespace}/${secret}: ${saidIn(answer)}`,
    hint: 'Nothing that was written before is lost. Mend this, then apply again: it goes on from there.',
  });
}
