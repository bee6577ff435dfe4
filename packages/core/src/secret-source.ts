// Where secrets are read. A program and its Spec only name these places; the engine has them read at the last moment.
import { isObject, type Json, pathText } from './json';

/** An environment variable of whoever applies. */
export interface EnvSource {
  readonly from: 'env';
  readonly name: string;
}

/** A file on the machine that applies, its whole text. */
export interface FileSource {
  readonly from: 'file';
  /** Counts from the monorepo's root. */
  readonly path: string;
}

/** A key of a Secret that is in a cluster already. */
export interface KubernetesSource {
  readonly from: 'kubernetes';
  readonly namespace: string;
  readonly name: string;
  readonly key: string;
  /** The workspace's target. Default `main`. */
  readonly target?: string;
}

/** A value in a file that SOPS has encrypted. */
export interface SopsSource {
  readonly from: 'sops';
  /** Counts from the monorepo's root. */
  readonly file: string;
  /** Keys and indexes that lead to the value. Default: the file's whole text. */
  readonly path?: readonly (string | number)[];
}

/** A key of a secret in Vault's KV engine, version 2. */
export interface VaultSource {
  readonly from: 'vault';
  /** Below the mount: `shop/db`. */
  readonly path: string;
  readonly key: string;
  /** Where the engine is mounted. Default `secret`. */
  readonly mount?: string;
  /** Default: the newest one. */
  readonly version?: number;
  /** Of Vault Enterprise or OpenBao. Default: VAULT_NAMESPACE. Which server it is the environment says: a program must not send its reader's token elsewhere. */
  readonly namespace?: string;
}

/** A secret in AWS Secrets Manager. */
export interface AwsSource {
  readonly from: 'aws';
  /** Its name or ARN. */
  readonly name: string;
  /** A key of the JSON object that it holds. Default: its whole text. */
  readonly key?: string;
  /** Default: as the AWS client finds it. */
  readonly region?: string;
  /** Its version id. Default: the current one. */
  readonly version?: string;
}

/** What a command prints. */
export interface ExecSource {
  readonly from: 'exec';
  readonly command: string;
  readonly args?: readonly string[];
  /** Seconds it may take. Default 30. */
  readonly timeout?: number;
}

/** Where a secret's value is read at the last moment, in the engine, never in synth. */
export type SecretSource = EnvSource | FileSource | KubernetesSource | SopsSource | VaultSource | AwsSource | ExecSource;

type Of<From extends SecretSource['from']> = Extract<SecretSource, { readonly from: From }>;

interface Kind<Source> {
  /** What each field must be; a `?` at the end of the name: it may be left out. */
  readonly fields: { readonly [field: string]: (value: Json) => boolean };
  readonly name: (source: Source) => string;
}

const isText = (value: Json) => typeof value === 'string';
const isNumber = (value: Json) => typeof value === 'number';
/** Seconds, at most a day: Node's timers take no more than 24 of them. */
const isTimeout = (value: Json) => typeof value === 'number' && value >= 0.001 && value <= 86_400;
const isTexts = (value: Json) => Array.isArray(value) && value.every(isText);
const isKeys = (value: Json) => Array.isArray(value) && value.every((key) => isText(key) || isNumber(key));

const kinds: { readonly [From in SecretSource['from']]: Kind<Of<From>> } = {
  env: { fields: { name: isText }, name: ({ name }) => `environment variable ${name}` },
  file: { fields: { path: isText }, name: ({ path }) => `file ${path}` },
  kubernetes: {
    fields: { namespace: isText, name: isText, key: isText, 'target?': isText },
    name: ({ namespace, name, key, target }) => `key ${key} of Secret ${namespace}/${name}${target ? ` in the target ${target}` : ''}`,
  },
  sops: {
    fields: { file: isText, 'path?': isKeys },
    name: ({ file, path = [] }) => (path.length === 0 ? `SOPS file ${file}` : `value ${pathText(path)} in the SOPS file ${file}`),
  },
  vault: {
    fields: { path: isText, key: isText, 'mount?': isText, 'version?': isNumber, 'namespace?': isText },
    name: ({ mount = 'secret', path, key, version }) =>
      `key ${key} of ${mount}/${path} in Vault${version === undefined ? '' : `, version ${version}`}`,
  },
  aws: {
    fields: { name: isText, 'key?': isText, 'region?': isText, 'version?': isText },
    name: ({ name, key, version }) =>
      `${key === undefined ? '' : `key ${key} of `}AWS secret ${name}${version === undefined ? '' : `, version ${version}`}`,
  },
  exec: {
    fields: { command: isText, 'args?': isTexts, 'timeout?': isTimeout },
    name: ({ command, args = [] }) => `command ${[command, ...args].join(' ')}`,
  },
};

/** Is this a place that secrets are read from, whole and with nothing besides? */
export function isSecretSource(value: Json | undefined): boolean {
  if (!isObject(value) || typeof value.from !== 'string' || !Object.hasOwn(kinds, value.from)) return false;
  const { from, ...given } = value;
  const { fields } = kinds[from as SecretSource['from']];
  const isWhole = Object.keys(fields).every((field) => field.endsWith('?') || field in given);
  return isWhole && Object.entries(given).every(([field, one]) => (fields[field] ?? fields[`${field}?`])?.(one) ?? false);
}

/** For people, with `the` in front: `environment variable PASSWORD`, `key password of secret/shop/db in Vault`. */
export function sourceName<From extends SecretSource['from']>(source: Of<From>): string {
  return (kinds[source.from] as unknown as Kind<Of<From>>).name(source);
}

/** What came of reading a secret. */
export type SecretAnswer = { readonly value: string } | UnreadSecret;

/** A secret that cannot be had. */
export interface UnreadSecret {
  /** Goes on from `needs a secret from the file db.key, which …`. */
  readonly why: string;
  readonly hint: string;
  /** What must not be told all the same: what a command printed before it failed, the token that was used. */
  readonly taints?: readonly string[];
}
