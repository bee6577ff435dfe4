// Secrets: the program says where they are, and nobody reads them before the engine does.
import { didYouMean, KonfigError, type Problem, type SecretSource } from '@konfig/core';
import { type Duration, secondsOf } from './duration';
import { Output } from './output';
import { fields, isRecord, kind, list, type Shape, shown } from './shape';
import { activeSynth } from './synth';

/** A key of a Secret that is in a cluster already. */
export interface KubernetesSecret {
  readonly namespace: string;
  readonly name: string;
  readonly key: string;
  /** The workspace's target that it lies in. Default `main`. */
  readonly target?: string;
}

/** A value in a file that SOPS has encrypted. */
export interface SopsSecret {
  /** Counts from the monorepo's root: `secrets/prod.yaml`. */
  readonly file: string;
  /** Keys and indexes that lead to the value: `['db', 'password']`. Default: the whole text of the file, as for a key or a certificate. */
  readonly path?: readonly (string | number)[];
}

/** A key of a secret in Vault's KV engine, version 2. */
export interface VaultSecret {
  /** Below the mount, without `data/`: `shop/db`. */
  readonly path: string;
  readonly key: string;
  /** Where the engine is mounted. Default `secret`. */
  readonly mount?: string;
  /** Default: the newest one. */
  readonly version?: number;
  /** Of Vault Enterprise or OpenBao. Default: VAULT_NAMESPACE of whoever applies. */
  readonly namespace?: string;
}

/** A secret in AWS Secrets Manager. */
export interface AwsSecret {
  /** Its name or ARN. */
  readonly name: string;
  /** A key of the JSON object that it holds. Default: its whole text. */
  readonly key?: string;
  /** Default: as the AWS client of whoever applies finds it (AWS_REGION, the profile). */
  readonly region?: string;
  /** Its version id. Default: the current one. */
  readonly version?: string;
}

/** A command that prints a secret. */
export interface ExecSecret {
  /** A name on the PATH, or a path from the monorepo's root. */
  readonly command: string;
  /** As they are: there is no shell. */
  readonly args?: readonly string[];
  /** How long it may take. Default `30s`. */
  readonly timeout?: Duration;
}

/**
 * Values that must not be written anywhere in plain text. A program only names where they are; the engine reads them at the last moment, on the
 * machine that applies and with the credentials there. One that has no value there is SECRET_MISSING. What is named wrongly is PROPS_INVALID, at this line.
 */
export const secret = {
  /** The environment variable of whoever applies: `secret.env('DB_PASSWORD')`. */
  env(name: string): Output<string> {
    return named('secret.env', { name }, { name: variable }, ({ name }) => ({ from: 'env', name }));
  },
  /** A file on the machine that applies, its whole text: `secret.file('/run/secrets/db')`. Counts from the monorepo's root. */
  file(path: string): Output<string> {
    return named('secret.file', { path }, { path: text('the path of a file') }, ({ path }) => ({ from: 'file', path }));
  },
  /** A key of a Secret that is in a cluster already: `secret.kubernetes({ namespace: 'shop', name: 'db', key: 'password' })`. */
  kubernetes(place: KubernetesSecret): Output<string> {
    return named('secret.kubernetes', place, kubernetesFields, (given) => ({ from: 'kubernetes', ...given }));
  },
  /** A value in a file that SOPS has encrypted, read by the command `sops`: `secret.sops({ file: 'secrets/prod.yaml', path: ['db', 'password'] })`. */
  sops(place: SopsSecret): Output<string> {
    return named('secret.sops', place, sopsFields, (given) => ({ from: 'sops', ...given }));
  },
  /** A key of a secret in Vault's KV engine, version 2, at VAULT_ADDR: `secret.vault({ path: 'shop/db', key: 'password' })`. */
  vault(place: VaultSecret): Output<string> {
    return named('secret.vault', place, vaultFields, (given) => ({ from: 'vault', ...given }));
  },
  /** A secret in AWS Secrets Manager, or a key of the JSON in it: `secret.aws({ name: 'prod/db', key: 'password' })`. */
  aws(place: AwsSecret): Output<string> {
    return named('secret.aws', place, awsFields, (given) => ({ from: 'aws', ...given }));
  },
  /** What a command prints, without the line break at its end: `secret.exec({ command: 'pass', args: ['show', 'db'] })`. */
  exec(place: ExecSecret): Output<string> {
    return named('secret.exec', place, execFields, ({ timeout, ...given }) => ({
      from: 'exec',
      ...given,
      ...(timeout === undefined ? {} : { timeout: secondsOf(timeout) as number }),
    }));
  },
};

/** By the name of the field; a `?` at its end: it may be left out. */
interface Fields {
  readonly [field: string]: Shape;
}

const isText = (value: unknown): value is string => typeof value === 'string' && value.trim() !== '' && !value.includes('\0');
const text = (wanted: string) => kind(isText, wanted);
const variable = kind((value) => isText(value) && !/[=\s]/.test(value), 'the name of an environment variable');
const part = (wanted: string) => kind((value) => isText(value) && !value.includes('/'), wanted);
const below = kind((value) => isText(value) && value.split('/').every((one) => !['', '.', '..'].includes(one)), "a path like 'shop/db'");
const version = kind((value) => Number.isInteger(value) && (value as number) > 0, 'a whole number from 1');
const key = kind((value) => isText(value) || (Number.isInteger(value) && (value as number) >= 0), 'a key or an index');
const limit = kind(
  (value) => typeof value === 'string' && (secondsOf(value) ?? 0) > 0 && (secondsOf(value) ?? 0) <= 86_400,
  "a duration up to a day, like '30s' or '2m'",
);

const kubernetesFields: Fields = {
  namespace: part('the name of a namespace'),
  name: part('the name of a Secret'),
  key: part('a key of that Secret'),
  'target?': text('the name of a target of the workspace'),
};
const sopsFields: Fields = { file: text('the path of a file'), 'path?': list(key, "a list of keys like ['db', 'password']") };
const vaultFields: Fields = {
  path: below,
  key: text('a key of that secret'),
  'mount?': below,
  'version?': version,
  'namespace?': text('the name of a namespace'),
};
const awsFields: Fields = {
  name: text('the name or ARN of a secret'),
  'key?': text('a key of the JSON in it'),
  'region?': text("a region like 'eu-central-1'"),
  'version?': text('the id of a version'),
};
const execFields: Fields = {
  command: text('the name of a command'),
  'args?': list(
    kind((value) => typeof value === 'string', 'text'),
    "a list of texts like ['show', 'db']",
  ),
  'timeout?': limit,
};

type Found = Omit<Problem, 'source'>;

/** The secret at a place; all that is wrong with the place is told together. */
function named<Place extends object>(call: string, place: Place, known: Fields, source: (place: Place) => SecretSource): Output<string> {
  const problems = problemsIn(call, place, known);
  if (problems.length > 0) tell(problems);
  return new Output<string>({ $secret: problems.length > 0 ? nowhere : { ...source({ ...place }) } } as never, true);
}

/** Stands in for a place that is told already. */
const nowhere: SecretSource = { from: 'env', name: 'NOWHERE' };

function problemsIn(call: string, place: unknown, known: Fields): readonly Found[] {
  const problems: Found[] = [];
  const bad = (message: string, hint: string) => problems.push({ code: 'PROPS_INVALID', message: `${call}: ${message}`, hint });
  const names = Object.keys(known).map((field) => field.replace('?', ''));
  const required = Object.keys(known).filter((field) => !field.endsWith('?'));
  const shapes = Object.fromEntries(Object.entries(known).map(([field, shape]) => [field.replace('?', ''), shape]));
  const wanted = `an object with ${required.join(', ')}`;
  fields(shapes, wanted, required)(place, '', (field, value, what) =>
    bad(field === '' ? `what it was given is ${shown(value)}.` : `${field} is ${shown(value)}.`, `Write ${what}.`),
  );
  for (const field of isRecord(place) ? Object.keys(place) : []) {
    if (!names.includes(field)) bad(`it takes no ${JSON.stringify(field)}.`, `${didYouMean(field, names)}It takes ${names.join(', ')}.`);
  }
  return problems;
}

/** Together with what else is wrong, at the line of the call; outside of a stack's function at once. */
function tell(problems: readonly Found[]): void {
  const synth = activeSynth();
  if (!synth) throw new KonfigError(problems);
  const source = synth.reader.here();
  synth.problems.push(...problems.map((problem) => ({ ...problem, ...(source && { source }) })));
}
