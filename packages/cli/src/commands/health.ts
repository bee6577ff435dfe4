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
  const problems: Problem[] = [];
  if (stream) {
    for (const path of paths) problems.push(...(await follow(path, judge, print, shell)));
    if (problems.length > 0) throw new KonfigError(problems);
    return exitCodes.done;
  }
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

/** So many lines that are no objects are told of one stream. */
const mostProblems = 100;

/** What is wrong with it; a line that is no object does not keep the others from being judged. */
async function follow(path: string, judge: Judge, print: (judged: Judgement) => void, { cwd }: Shell): Promise<readonly Problem[]> {
  const input = path === '-' ? process.stdin : createReadStream(resolve(cwd, path));
  const file = path === '-' ? 'standard input' : path;
  const problems: Problem[] = [];
  let number = 0;
  for await (const line of createInterface({ input, crlfDelay: Number.POSITIVE_INFINITY })) {
    number++;
    if (line.trim() === '') continue;
    const value = parsed(line);
    if (isBookmark(value)) continue;
    const event = eventIn(value);
    if (!event) {
      if (problems.length < mostProblems) problems.push(noObject(line, { file, line: number }));
      continue;
    }
    for (const judged of event.isGone ? judge.gone(event.object) : judge.put(event.object)) print(judged);
  }
  return problems;
}

interface StreamEvent {
  readonly object: KubeObject;
  readonly isGone: boolean;
}

/** It is an object, or what a watch tells of one: `{"type": "DELETED", "object": …}`; undefined: neither. */
function eventIn(value: Json | undefined): StreamEvent | undefined {
  const isEvent = isObject(value) && typeof value.type === 'string' && isObject(value.object);
  const object = isEvent ? value.object : value;
  if (!isObject(object) || typeof object.apiVersion !== 'string' || typeof object.kind !== 'string') return undefined;
  if (!isObject(object.metadata) || typeof object.metadata.name !== 'string') return undefined;
  return { object: object as unknown as KubeObject, isGone: isEvent && value.type === 'DELETED' };
}

/** Says only how far a watch has come. */
function isBookmark(value: Json | undefined): boolean {
  return isObject(value) && value.type === 'BOOKMARK' && isObject(value.object);
}

function noObject(line: string, source: { readonly file: string; readonly line: number }): Problem {
  return {
    code: 'MANIFEST_INVALID',
    message: `This line is no object of Kubernetes in JSON: ${line.slice(0, 60)}`,
    hint: 'Write one object with apiVersion, kind and metadata.name a line, e.g. by jq -c.',
    source,
  };
}

function parsed(line: string): Json | undefined {
  try {
    return JSON.parse(line) as Json;
  } catch {
    return undefined;
  }
}
