// Values of Terraform in the rest of a program: tokens are found, whole or in a text, and become references.
import { type Json, KonfigError } from '@konfig/core';
import { Construct } from 'constructs';
import { concat } from '../output';
import { activeSynth, synthOf } from '../synth';
import { isTerraformStack, type TerraformStack, type TerraformToken, type TokenMap, terraformStackOf, tokenMap } from './library';
import { stackOutput, type TerraformLater, type Wanted } from './outputs';

/** The value with references where tokens of Terraform stand in it, whole or in a text; undefined where none does. Looks into no list or map. */
export function terraformLater(value: unknown, wanted: Wanted = {}): TerraformLater | undefined {
  const map = tokenMap();
  if (!map || value === null) return undefined;
  if (typeof value === 'string') return laterText(value, wanted, map);
  const token = typeof value === 'number' || typeof value === 'object' ? tokenOf(value, map) : undefined;
  return token && referenceTo(token, wanted);
}

/** Does a text hold the mark of a token? As a key, it stands for nothing. */
export function holdsToken(text: string): boolean {
  return text.includes('{TfToken[');
}

/** cdktf writes a token that is a number as one that no program calculates. */
export function isTokenNumber(value: number): boolean {
  return value < -1e270;
}

function tokenOf(value: number | object, map: TokenMap): TerraformToken | undefined {
  if (typeof value === 'number') return isTokenNumber(value) ? map.lookupNumberToken(value) : undefined;
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

function laterText(text: string, wanted: Wanted, map: TokenMap): TerraformLater | undefined {
  const encoded = encodedText(text, wanted, map);
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
    const later = referenceTo(token, isQuoted ? { ...wanted, as: 'json' } : wanted);
    parts.push(text.slice(end, match.index), later.value);
    secret ||= later.secret;
    end = (match.index ?? 0) + match[0].length;
  }
  if (parts.length === 0) return undefined;
  const isWhole = end === text.length && parts.length === 2 && parts[0] === '';
  return { value: isWhole ? (parts[1] as Json) : concat([...parts, text.slice(end)]), secret };
}

/** `Buffer.from(token).toString('base64')`: the base64 of the value has to wait for it. */
function encodedText(text: string, wanted: Wanted, map: TokenMap): TerraformLater | undefined {
  // The shortest mark of a token is `${TfToken[TOKEN.0]}`.
  if (text.length < 24 || !/^[A-Za-z0-9+/]+={0,2}$/.test(text)) return undefined;
  const decoded = Buffer.from(text, 'base64').toString('utf8');
  return decoded.includes('{TfToken[') ? laterText(decoded, wanted, map) : undefined;
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
      return tokenOf(Number(text), map);
    default:
      return tokenOf(JSON.parse(text) as object, map);
  }
}

function referenceTo(token: TerraformToken, wanted: Wanted): TerraformLater {
  return stackOutput(stackOfToken(token), token, wanted);
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
  if (typeof value === 'string') {
    const tokens = [...value.matchAll(mark)].flatMap(([text]) => tokenAt(text, map) ?? []);
    return firstOf(tokens, (token) => originIn(token, seen));
  }
  if (typeof value === 'number') return originIn(tokenOf(value, map), seen);
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
  const stacks = activeSynth()?.root?.node.findAll().filter(isTerraformStack) ?? [];
  return stacks.length === 1 ? (stacks[0] as unknown as TerraformStack) : undefined;
}
