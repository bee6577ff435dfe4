// konfig service: asks a self-built service about itself. No stack is read, and nothing of a monorepo is needed.
import { existsSync, readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { isObject, type JsonObject, KonfigError } from '@konfig/core';
import { type CheckResult, describedTypes, describeService, verifyService } from '@konfig/runtimes';
import type { OutputArguments } from '../arguments/stack-options';
import { exitCodes } from '../exit-code';
import { untilInterrupted } from '../interrupt';
import { styleOf, widthOf } from '../print';
import { printJson } from '../print-json';
import { checkText, verifiedText } from '../render/service-verification-text';
import { serviceTypes } from '../service-types';
import type { Shell } from '../shell';

export interface ServiceArguments extends OutputArguments {
  readonly action: 'verify' | 'types';
  readonly service: string;
  readonly tokenEnv?: string | undefined;
  readonly type?: string | undefined;
  readonly config?: string | undefined;
}

export function service(args: ServiceArguments, shell: Shell): Promise<number> {
  return args.action === 'verify' ? verify(args, shell) : types(args, shell);
}

async function verify(args: ServiceArguments, shell: Shell): Promise<number> {
  const { output, type, config } = args;
  const style = { ...styleOf(shell), width: widthOf(shell) };
  const wish = {
    url: args.service,
    ...tokenIn(args, shell),
    ...(type === undefined ? {} : { type }),
    ...(config === undefined ? {} : { config: readJson(config, shell) }),
  };
  const tell = (result: CheckResult) => {
    if (output === 'text') shell.stdout.write(checkText(result, style));
    else if (output === 'ndjson') printJson(result, output, shell);
  };
  const found = await untilCleanedUp(shell, (signal) => verifyService(wish, tell, signal));
  if (output === 'text') shell.stdout.write(verifiedText(found, style));
  else printJson(found, output, shell);
  return found.results.some(({ outcome }) => outcome === 'failed') || found.left.length > 0 ? exitCodes.error : exitCodes.done;
}

/** First ^C: what was made is deleted. Second: leave at once. */
async function untilCleanedUp<T>(shell: Shell, work: (signal: AbortSignal) => Promise<T>): Promise<T> {
  const stop = new AbortController();
  const unhear = shell.onInterrupt(() => {
    if (stop.signal.aborted) process.exit(exitCodes.cancelled);
    shell.stderr.write('\nDeleting the scratch resources; ^C again leaves them there.\n');
    stop.abort();
  });
  try {
    return await work(stop.signal);
  } finally {
    unhear();
  }
}

async function types(args: ServiceArguments, shell: Shell): Promise<number> {
  const isAddress = /^https?:/.test(args.service);
  const said = isAddress
    ? await untilInterrupted(shell, (signal) => describeService({ url: args.service, ...tokenIn(args, shell) }, signal))
    : readJson(args.service, shell);
  shell.stdout.write(serviceTypes(describedTypes(said, args.service)));
  return exitCodes.done;
}

/** A token on the command line would stand in the shell's history, and in the list of processes. */
function tokenIn({ tokenEnv }: ServiceArguments, { env }: Shell): { readonly token?: string } {
  if (tokenEnv === undefined) return {};
  const token = env[tokenEnv];
  if (token) return { token };
  throw new KonfigError({
    code: 'SECRET_MISSING',
    message: `The environment variable ${tokenEnv} is ${token === '' ? 'empty' : 'not set'}.`,
    hint: 'Put the token of the service there.',
  });
}

function readJson(file: string, { cwd }: Shell): JsonObject {
  const path = resolve(cwd, file);
  if (!existsSync(path)) throw usage(`There is no file ${file}.`, 'Name a file with a JSON object, or the address of a service: https://…');
  try {
    const value: unknown = JSON.parse(readFileSync(path, 'utf8'));
    if (isObject(value)) return value;
  } catch {
    // said below
  }
  throw usage(`${file} holds no JSON object.`, 'Correct the file.');
}

function usage(message: string, hint: string): KonfigError {
  return new KonfigError({ code: 'USAGE', message, hint });
}
