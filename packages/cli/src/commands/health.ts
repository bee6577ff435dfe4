// konfig health: what Konfig says of objects, without a cluster. Rules are tried out with it, and other tools may use them.
import { createReadStream, readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { createInterface } from 'node:readline';
import { isError, isObject, type Json, KonfigError, type Problem } from '@konfig/core';
import { type HealthRule, type Judge, type Judgement, type KubeObject, makeJudge, ruleProblems } from '@konfig/runtimes';
import { type Several, severalOf } from '../arguments/several';
import type { OutputArguments } from '../arguments/stack-options';
import { exitCodes } from '../exit-code';
import { styleOf } from '../print';
import { printJson } from '../print-json';
import { judgementText } from '../render/judgement-text';
import type { Shell } from '../shell';

export interface HealthArguments extends OutputArguments {
  readonly file: Several;
  readonly rules: Several;
  readonly stream: boolean;
}

export async function health({ file, rules, stream, output }: HealthArguments, shell: Shell): Promise<number> {
  const paths = severalOf(file) ?? [];
  const judge = makeJudge((severalOf(rules) ?? []).flatMap((path) => readRules(path, shell)));
  const print = (judged: Judgement) => {
    if (output === 'text') shell.stdout.write(judgementText(judged, styleOf(shell)));
    else printJson(judged, 'ndjson', shell);
  };
  if (stream) {
    for (const path of paths) await follow(path, judge, print, shell);
    return exitCodes.done;
  }
  const problems: Problem[] = [];
  for (const path of paths) problems.push(...(await readAll(path, judge, shell)));
  if (problems.some(isError)) throw new KonfigError(problems);
  const all = judge.all();
  if (output === 'json') printJson(all, output, shell);
  else for (const judged of all) print(judged);
  return exitCodes.done;
}

function readRules(path: string, { cwd }: Shell): readonly HealthRule[] {
  const { readData } = require('@konfig/sdk') as typeof import('@konfig/sdk');
  const read = readData(textOf(resolve(cwd, path), path), path);
  if (read.problems) throw new KonfigError(read.problems);
  const problems = ruleProblems(read.value, { file: path, line: 1, guess: true });
  if (problems.length > 0) throw new KonfigError(problems);
  return read.value as unknown as readonly HealthRule[];
}

function textOf(file: string, path: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch (error) {
    throw new KonfigError({
      code: 'MANIFEST_INVALID',
      message: `${path} cannot be read: ${(error as NodeJS.ErrnoException).code}.`,
      hint: 'Name a file with a list of health rules in YAML or JSON.',
    });
  }
}

async function readAll(path: string, judge: Judge, { cwd }: Shell): Promise<readonly Problem[]> {
  // The SDK takes a tenth of a second to load.
  const { decodeManifest, manifestFiles, readManifests } = require('@konfig/sdk') as typeof import('@konfig/sdk');
  const { files, problems } =
    path === '-' ? decodeManifest(await standardInput(), 'standard input') : manifestFiles(resolve(cwd, path), path);
  const read = files.map(({ text, file }) => readManifests(text, file));
  for (const { manifest } of read.flatMap(({ objects }) => objects)) judge.put(manifest as unknown as KubeObject);
  return [...problems, ...read.flatMap((one) => one.problems)];
}

async function standardInput(): Promise<Buffer> {
  const chunks: Uint8Array[] = [];
  for await (const chunk of process.stdin) chunks.push(chunk as Uint8Array);
  return Buffer.concat(chunks);
}

async function follow(path: string, judge: Judge, print: (judged: Judgement) => void, { cwd }: Shell): Promise<void> {
  const input = path === '-' ? process.stdin : createReadStream(resolve(cwd, path));
  const file = path === '-' ? 'standard input' : path;
  let number = 0;
  for await (const line of createInterface({ input, crlfDelay: Number.POSITIVE_INFINITY })) {
    number++;
    if (line.trim() === '') continue;
    const { object, isGone } = eventIn(line, { file, line: number });
    for (const judged of isGone ? judge.gone(object) : judge.put(object)) print(judged);
  }
}

interface StreamEvent {
  readonly object: KubeObject;
  readonly isGone: boolean;
}

/** A line is an object, or what a watch tells of one: `{"type": "DELETED", "object": …}`. */
function eventIn(line: string, source: { readonly file: string; readonly line: number }): StreamEvent {
  const value = parsed(line);
  const isEvent = isObject(value) && typeof value.type === 'string' && isObject(value.object);
  const object = isEvent ? value.object : value;
  if (isObject(object) && typeof object.apiVersion === 'string' && typeof object.kind === 'string' && isObject(object.metadata)) {
    if (typeof object.metadata.name === 'string')
      return { object: object as unknown as KubeObject, isGone: isEvent && value.type === 'DELETED' };
  }
  throw new KonfigError({
    code: 'MANIFEST_INVALID',
    message: `This line is no object of Kubernetes in JSON: ${line.slice(0, 60)}`,
    hint: 'Write one object with apiVersion, kind and metadata.name a line, e.g. by jq -c.',
    source,
  });
}

function parsed(line: string): Json | undefined {
  try {
    return JSON.parse(line) as Json;
  } catch {
    return undefined;
  }
}
