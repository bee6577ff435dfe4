// Values of Terraform in the rest of a program: tokens are found, whole or in a text, and become references.
import { type Json, KonfigError } from '@konfig/core';
import { Construct } from 'constructs';
import { concat } from '../put-together';
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

/** Is it a token of Terraform, or a text with one? Nothing becomes an output by asking. */
export function isOfTerraform(value: unknown): boolean {
  const map = tokenMap();
  if (!map || value === null) return false;
  if (typeof value === 'string') return marksIn(value, map).length > 0;
  return (typeof value === 'number' || typeof value === 'object') && tokenOf(value, map) !== undefined;
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

/** A token in a text: of a text; where the text is JSON, of a list or a map; of a number, alone or in brackets. */
const mark =
  /\$\{TfToken\[[\w:.-]+\]\}|\[\s*"#\{TfToken\[[\w:.-]+\]\}"\s*\]|\{\s*"&\{TfToken\[[\w:.-]+\]\}":\s*(?:"[^"]*"|-?\d+|true)\s*\}|\[\s*-\d\.\d+e\+2\d\d\s*\]|-\d\.\d+e\+2\d\d/g;

/** A token where it stands in a text. */
interface Mark {
  readonly token: TerraformToken;
  readonly from: number;
  readonly to: number;
  readonly isText: boolean;
}

function marksIn(text: string, map: TokenMap): readonly Mark[] {
  return [...text.matchAll(mark)].flatMap(({ 0: found, index: from = 0 }) => {
    const token = tokenAt(found, map);
    if (token) return [{ token, from, to: from + found.length, isText: found.startsWith('$') }];
    // The brackets are of a list with one number in it, not of a list that is a token.
    const [number = ''] = /-[\d.e+]+/.exec(found) ?? [];
    const one = number === '' ? undefined : tokenOf(Number(number), map);
    const start = from + found.indexOf(number);
    return one ? [{ token: one, from: start, to: start + number.length, isText: false }] : [];
  });
}

function laterText(text: string, wanted: Wanted, map: TokenMap): TerraformLater | undefined {
  const encoded = encodedText(text, wanted, map);
  if (encoded) return { value: { $base64: encoded.value }, secret: encoded.secret };
  if (!holdsToken(text) && !/e\+2\d\d/.test(text)) return undefined;
  const isJson = isJsonText(text);
  const parts: Json[] = [];
  let secret = false;
  let end = 0;
  for (const { token, from, to, isText } of marksIn(text, map)) {
    const later = referenceTo(token, isJson && isText ? { ...wanted, as: 'json' } : wanted);
    parts.push(text.slice(end, from), later.value);
    secret ||= later.secret;
    end = to;
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
    return firstOf(marksIn(value, map), ({ token }) => originIn(token, seen));
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
