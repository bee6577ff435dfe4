// What a workspace says of how Terraform is run: which binary, where its providers come from, and the key of its states.
import { didYouMean, isObject, type Json, KonfigError, type Target } from '@konfig/core';
import { isOursToSet } from './environment';
import { type Keys, readKeys } from './seal';

/** A target's config, checked. */
export interface TerraformTarget {
  /** A name on the PATH, or a path. Undefined: whichever is found. */
  readonly binary?: string;
  /** Folder of an unpacked filesystem mirror: where it is given, providers come from there alone. */
  readonly mirror?: string;
  /** A CLI configuration of Terraform. */
  readonly cliConfig?: string;
  readonly keys: Keys;
  /** For the binary and its providers, beside what our own environment has. */
  readonly env: { readonly [name: string]: string };
  /** Resources that one stack changes side by side. Default: Terraform's own. */
  readonly parallelism?: number;
}

const texts = ['binary', 'mirror', 'cliConfig', 'stateKey'] as const;
const known = [...texts, 'oldStateKeys', 'env', 'parallelism'];

/** Secrets in it are filled in by now. */
export function readTarget(name: string, { config }: Target): TerraformTarget {
  const bad = (message: string, hint: string) => new KonfigError({ code: 'TARGET_CONFIG', message: `Target ${name}: ${message}`, hint });
  const unknown = Object.keys(config).find((key) => !known.includes(key));
  if (unknown !== undefined)
    throw bad(`it has ${unknown}, which means nothing.`, `${didYouMean(unknown, known)}It takes ${known.join(', ')}.`);
  const wrong = texts.find((key) => config[key] !== undefined && (typeof config[key] !== 'string' || config[key] === ''));
  if (wrong) throw bad(`its ${wrong} is no text.`, `Write ${wrong}: '…', or leave it away.`);
  const { binary, mirror, cliConfig, parallelism, env = {} } = config as { readonly [key: string]: string | undefined } & typeof config;
  if (parallelism !== undefined && !(Number.isInteger(parallelism) && Number(parallelism) > 0))
    throw bad(
      `its parallelism is ${JSON.stringify(parallelism)}.`,
      'Give the number of resources that are changed side by side, from 1 on.',
    );
  if (!isTexts(env)) throw bad('its env is not understood.', "Write env: { AWS_REGION: 'eu-central-1' }; each value is a text.");
  const ours = Object.keys(env).filter(isOursToSet);
  if (ours.length > 0)
    throw bad(
      `its env sets ${ours.join(', ')}, which would change what Terraform does behind the back of a reviewed plan, or have it write what is secret.`,
      'Take it out: values of variables, the working folder and a CLI configuration (cliConfig) have a place of their own.',
    );
  return {
    ...(binary === undefined ? {} : { binary }),
    ...(mirror === undefined ? {} : { mirror }),
    ...(cliConfig === undefined ? {} : { cliConfig }),
    ...(parallelism === undefined ? {} : { parallelism: Number(parallelism) }),
    env,
    keys: readKeys(config.stateKey, config.oldStateKeys, bad),
  };
}

function isTexts(value: Json): value is { readonly [name: string]: string } {
  return isObject(value) && Object.values(value).every((each) => typeof each === 'string');
}
