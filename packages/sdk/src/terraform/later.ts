// Values of Terraform in the rest of a program: each that is used becomes an output of its stack, and a reference to that.
import { type Json, KonfigError } from '@konfig/core';
import { Construct, type IConstruct } from 'constructs';
import { concat, constructPrefix } from '../output';
import { activeSynth, synthOf } from '../synth';
import {
  expressionOf,
  isTerraformStack,
  libraryOf,
  type TerraformStack,
  type TerraformToken,
  type TokenMap,
  terraformStackOf,
  tokenMap,
} from './library';
import { isSecretExpression, ownPrefix, textOf } from './secrecy';
import { slug } from './slug';

/** What stands for a value of Terraform until it is known. */
export interface TerraformLater {
  readonly value: Json;
  readonly secret: boolean;
}

/** The value with references where tokens of Terraform stand in it, whole or in a text; undefined where none does. Looks into no list or map. */
export function terraformLater(value: unknown): TerraformLater | undefined {
  const map = tokenMap();
  if (!map || value === null) return undefined;
  switch (typeof value) {
    case 'string':
      return laterText(value, map);
    case 'number':
      return laterOf(isTokenNumber(value) ? map.lookupNumberToken(value) : undefined);
    case 'object':
      return laterOf(tokenOf(value, map));
    default:
      return undefined;
  }
}

/** Does a text hold the mark of a token? As a key, it stands for nothing. */
export function holdsToken(text: string): boolean {
  return text.includes('{TfToken[');
}

/** The output of a token, whatever it is called, as a secret. */
export function secretLater(value: unknown): TerraformLater | undefined {
  const map = tokenMap();
  const found = terraformLater(value);
  if (!found || !map) return undefined;
  const [token, ...more] = tokensIn(value, map);
  // Of a text with other parts, the parts are as secret as they are; the whole is.
  if (!token || more.length > 0 || typeof found.value !== 'object' || !('$ref' in (found.value as object)))
    return { ...found, secret: true };
  return referenceTo(token, { isSecret: true });
}

function laterOf(token: TerraformToken | undefined): TerraformLater | undefined {
  return token && referenceTo(token);
}

/** cdktf writes a token that is a number as one that no program calculates. */
export function isTokenNumber(value: number): boolean {
  return value < -1e270;
}

function tokenOf(value: object, map: TokenMap): TerraformToken | undefined {
  if (Array.isArray(value)) {
    const [only] = value as readonly unknown[];
    if (value.length !== 1) return undefined;
    if (typeof only === 'string' && only.startsWith('#{TfToken[')) return map.lookupList(value as string[]);
    return typeof only === 'number' && isTokenNumber(only) ? map.lookupNumberList(value as number[]) : undefined;
  }
  if (isToken(value)) return value;
  const keys = Object.keys(value);
  return keys.length === 1 && keys[0]?.startsWith('&{TfToken[') ? map.lookupMap(value) : undefined;
}

function isToken(value: object): value is TerraformToken {
  return 'creationStack' in value && typeof (value as { resolve?: unknown }).resolve === 'function';
}

/** A token in a text: of a text, of a number, and, where the text is JSON, of a list or a map. */
const mark =
  /\$\{TfToken\[[\w:.-]+\]\}|\["#\{TfToken\[[\w:.-]+\]\}"\]|\{"&\{TfToken\[[\w:.-]+\]\}":(?:"[^"]*"|-?\d+|true)\}|\[?-\d\.\d+e\+2\d\d\]?/g;

function laterText(text: string, map: TokenMap): TerraformLater | undefined {
  const encoded = encodedText(text, map);
  if (encoded) return { value: { $base64: encoded.value }, secret: encoded.secret };
  if (!holdsToken(text) && !/e\+2\d\d/.test(text)) return undefined;
  const isJson = isJsonText(text);
  const parts: Json[] = [];
  let secret = false;
  let end = 0;
  for (const match of text.matchAll(mark)) {
    const token = tokenAt(match[0], map);
    if (!token) continue;
    const isQuoted = isJson && match[0].startsWith('$');
    const later = referenceTo(token, isQuoted ? { as: 'json' } : {});
    parts.push(text.slice(end, match.index), later.value);
    secret ||= later.secret;
    end = (match.index ?? 0) + match[0].length;
  }
  if (parts.length === 0) return undefined;
  const isWhole = end === text.length && parts.length === 2 && parts[0] === '';
  return { value: isWhole ? (parts[1] as Json) : concat([...parts, text.slice(end)]), secret };
}

/** `Buffer.from(token).toString('base64')`: the base64 of the value has to wait for it. */
function encodedText(text: string, map: TokenMap): TerraformLater | undefined {
  // The shortest mark of a token is `${TfToken[TOKEN.0]}`.
  if (text.length < 24 || !/^[A-Za-z0-9+/]+={0,2}$/.test(text)) return undefined;
  const decoded = Buffer.from(text, 'base64').toString('utf8');
  return decoded.includes('{TfToken[') ? laterText(decoded, map) : undefined;
}

function isJsonText(text: string): boolean {
  if (!/^\s*[[{]/.test(text)) return false;
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}

function tokenAt(text: string, map: TokenMap): TerraformToken | undefined {
  switch (text[0]) {
    case '$': {
      const [fragment] = map.splitString(text).fragments;
      return fragment?.type === 'token' ? fragment.token : undefined;
    }
    case '-':
      return isTokenNumber(Number(text)) ? map.lookupNumberToken(Number(text)) : undefined;
    default:
      return tokenOf(JSON.parse(text) as object, map);
  }
}

function tokensIn(value: unknown, map: TokenMap): readonly TerraformToken[] {
  if (typeof value === 'string') return [...value.matchAll(mark)].flatMap(([text]) => tokenAt(text, map) ?? []);
  if (typeof value === 'number') return map.lookupNumberToken(value) ? [map.lookupNumberToken(value) as TerraformToken] : [];
  const token = typeof value === 'object' && value !== null ? tokenOf(value, map) : undefined;
  return token ? [token] : [];
}

interface Wanted {
  /** `json`: as it stands between the quotes of a JSON text. */
  readonly as?: 'json';
  /** Said by the program; else by its expression. */
  readonly isSecret?: boolean;
}

/** What was made an output of each stack, by its name. */
const made = new WeakMap<TerraformStack, Map<string, MadeOutput>>();

/** An output that Konfig adds. */
export interface MadeOutput {
  readonly expression: string;
  readonly secret: boolean;
}

/** The outputs that were added to a stack. */
export function madeOutputs(stack: TerraformStack): ReadonlyMap<string, MadeOutput> {
  return made.get(stack) ?? new Map();
}

function referenceTo(token: TerraformToken, wanted: Wanted = {}): TerraformLater {
  const stack = stackOfToken(token);
  return outputOfStack(stack, expressionOf(token, stack), wanted);
}

/** A reference to what an expression of a stack gives, which becomes an output of it. */
export function outputOfStack(stack: TerraformStack, written: unknown, wanted: Wanted = {}): TerraformLater {
  const expression = textOf(written);
  const isInJson = wanted.as === 'json';
  const outputs = made.get(stack) ?? new Map<string, MadeOutput>();
  made.set(stack, outputs);
  const name = `${ownPrefix}${slug(expression)}${wanted.isSecret ? '-secret' : ''}${isInJson ? '-json' : ''}`;
  const output = outputs.get(name) ?? { expression, secret: wanted.isSecret ?? isSecretExpression(expression, stack) };
  if (!outputs.has(name)) {
    const value = isInJson ? jsonInside(expression) : written;
    new (libraryOf(stack).TerraformOutput)(stack, name, { value, sensitive: true, staticId: true });
    outputs.set(name, output);
  }
  const path = [output.secret ? 'secrets' : 'outputs', name];
  return { value: { $ref: { resource: constructPrefix + stack.node.path, path } }, secret: output.secret };
}

/** The text as it stands between quotes in JSON. */
function jsonInside(expression: string): string {
  const inner = /^\$\{([\s\S]*)\}$/.exec(expression)?.[1];
  const json = `jsonencode(${inner === undefined || inner.includes('${') ? `"${expression}"` : inner})`;
  return `\${substr(${json}, 1, length(${json}) - 2)}`;
}

/** The stack whose value a token is: the first that is found in it. Others come to it as they come to any other stack. */
function stackOfToken(token: TerraformToken): TerraformStack {
  const found = originIn(token, new Set()) ?? onlyStack();
  if (!found) {
    throw new KonfigError({
      code: 'SPEC_REFERENCE',
      message: 'A value of Terraform does not say which Terraform stack it is of.',
      hint: 'Put it into a TerraformOutput of its stack, and use a plain attribute of a resource here.',
    });
  }
  if (synthOf(found) !== activeSynth()) {
    throw new KonfigError({
      code: 'SPEC_REFERENCE',
      message: `A value of the Terraform stack ${found.node.path} is used, which is not in this stack.`,
      hint: 'Make the Terraform stack in the function of the stack that uses it.',
    });
  }
  return found;
}

function originIn(value: unknown, seen: Set<unknown>): TerraformStack | undefined {
  const map = tokenMap() as TokenMap;
  if (typeof value === 'string' || typeof value === 'number') {
    return firstOf(tokensIn(value, map), (token) => originIn(token, seen));
  }
  if (typeof value !== 'object' || value === null || seen.has(value)) return undefined;
  seen.add(value);
  if (isTerraformStack(value)) return value;
  if (Construct.isConstruct(value)) return terraformStackOf(value);
  const token = isToken(value) ? undefined : tokenOf(value, map);
  return token ? originIn(token, seen) : firstOf(Object.values(value), (child) => originIn(child, seen));
}

function firstOf<T, R>(values: readonly T[], find: (value: T) => R | undefined): R | undefined {
  for (const value of values) {
    const found = find(value);
    if (found !== undefined) return found;
  }
  return undefined;
}

/** A token may tell nothing of itself before it is resolved; where there is one stack, it is of that. */
function onlyStack(): TerraformStack | undefined {
  const root: IConstruct | undefined = activeSynth()?.root;
  const stacks = root?.node.findAll().filter(isTerraformStack) ?? [];
  return stacks.length === 1 ? (stacks[0] as unknown as TerraformStack) : undefined;
}
