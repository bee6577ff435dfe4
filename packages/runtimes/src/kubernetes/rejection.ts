// Why the API server refused, in our words: its Status becomes problems that name the field.
import { type JsonObject, type Path, type PathPart, type Problem, pathText, type ResourceId, shortId } from '@konfig/core';
import { clean } from '../clean';
import { parseFieldPath } from './field-set';
import type { Cause, Status } from './objects';

/** What was refused. */
export interface Refused {
  readonly id: ResourceId;
  readonly attributes: JsonObject;
}

/** All that a refusal says, one problem a field. `at` is the id, followed by the field where one is named. */
export function rejectionOf(refused: Refused, code: number, status: Status): readonly Problem[] {
  const message = status.message ?? `status ${code}`;
  if (code === 403 && / cannot \w+ resource /.test(message)) return [forbidden(refused, message)];
  const unknown = unknownFields(message);
  if (unknown.length > 0) return unknown.map((field) => unknownField(refused, field));
  const denied = /admission webhook "([^"]+)" denied the request:? ?([\s\S]*)/.exec(message);
  if (denied) return [problem(refused, undefined, `admission webhook ${denied[1]} says: ${denied[2] || 'no'}`)];
  const causes = (status.details?.causes ?? []).filter((cause) => cause.message !== undefined);
  if (causes.length === 0) return [problem(refused, undefined, message)];
  // A server may list one cause twice: once for the field, once for its parent.
  const lines = new Map(causes.map((cause) => [`${cause.field} ${cause.message}`, cause]));
  return [...lines.values()].map((cause) => problem(refused, cause.field, cause.message as string));
}

const immutableWords =
  /immutable|may not (be )?change|cannot change|can ?not be (changed|updated|modified)|(is|are) forbidden|may not be (unset|updated)|pod updates may not/i;

/** The causes that say that a field cannot be changed in place, by their words or by what else is known; undefined when another cause is among them. */
export function immutableFields(
  status: Status,
  isKnown: (cause: Cause) => boolean = () => false,
): readonly { readonly path: string; readonly message: string }[] | undefined {
  const causes = status.details?.causes ?? [];
  if (causes.length === 0 || status.reason !== 'Invalid') return undefined;
  if (!causes.every((cause) => immutableWords.test(cause.message ?? '') || isKnown(cause))) return undefined;
  return causes.map((cause) => ({ path: cause.field ?? '', message: immutableMessage(cause.message ?? '') }));
}

/** The words without the value, which may be long or secret: `Invalid value: {…}: field is immutable` → `field is immutable`. */
function immutableMessage(message: string): string {
  const text = clean(firstLine(message), 2000);
  const end = /(?:^|: )((?:Forbidden: )?[^:{}]*(?:immutable|may not|cannot|can not|forbidden)[^{}]*)$/i.exec(text);
  return clean(end?.[1] ?? text.replace(/^Invalid value: ("(?:[^"\\]|\\.)*": )?/, ''), 300).replace(/^Forbidden: /, '');
}

/** Behind it, some kinds print both objects whole. */
function firstLine(message: string): string {
  return message.split('\n')[0] as string;
}

/** `strict decoding error: unknown field "spec.replica"`, and the words of server-side apply: `.spec.replica: field not declared in schema`. */
function unknownFields(message: string): readonly string[] {
  const strict = [...message.matchAll(/unknown field "([^"]+)"/g)].map((match) => match[1] as string);
  const typed = [...message.matchAll(/(?:^|[\s(])(\.[^\s:]+(?:\[[^\]]*\][^\s:]*)*): field not declared in schema/g)].map(
    (match) => match[1] as string,
  );
  return [...new Set([...strict, ...typed.map((path) => path.replace(/^\./, ''))])];
}

function unknownField(refused: Refused, field: string): Problem {
  const path = namedPath(field, refused.attributes);
  return {
    code: 'RESOURCE_REJECTED',
    message: `${shortId(refused.id)} has a field ${path} that its kind ${String(refused.attributes.kind)} does not have.`,
    hint: 'Check its spelling and where it belongs, and that the API version has it.',
    at: `${refused.id} ${path}`,
  };
}

/** `expected string, got &value.valueUnstructured{Value:5}`: the server prints its own insides. */
function withoutGo(text: string): string {
  return text.replace(/&value\.valueUnstructured\{Value:(.*?)\}/g, '$1');
}

function problem(refused: Refused, field: string | undefined, message: string): Problem {
  const path = field ? namedPath(field, refused.attributes) : undefined;
  const isSecret = refused.attributes.kind === 'Secret';
  const line = firstLine(message);
  const said = withoutGo(clean(isSecret ? line.replace(/Invalid value: .*?: /, '') : line, 600));
  return {
    code: 'RESOURCE_REJECTED',
    message: `${shortId(refused.id)}${path ? ` cannot have this ${path}` : ' was refused'}: ${said}`,
    at: path ? `${refused.id} ${path}` : refused.id,
  };
}

function forbidden(refused: Refused, message: string): Problem {
  return {
    code: 'PERMISSION_MISSING',
    message: `${shortId(refused.id)}: ${clean(message)}`,
    hint: 'Ask the owners of the cluster for this permission, or use another context.',
    at: refused.id,
  };
}

/** `spec.containers[0].image` → `spec.containers[name=app].image`: indexes move, names stay. */
export function namedPath(field: string, attributes: JsonObject): string {
  return pathText(namedParts(parseFieldPath(field), attributes));
}

export function namedParts(path: Path, attributes: JsonObject): Path {
  let here: unknown = attributes;
  return path.map((part): PathPart => {
    const child = typeof part === 'object' ? undefined : (here as { readonly [key: string | number]: unknown } | undefined)?.[part];
    here = child;
    if (typeof part !== 'number' || typeof child !== 'object' || child === null) return part;
    const name = (child as { readonly name?: unknown }).name;
    return typeof name === 'string' ? { name } : part;
  });
}
