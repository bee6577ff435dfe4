import { type FieldProblem, problem } from '../api/failure';
import { sameJson } from '../fields/atom';
import type { KubeObject } from '../objects';
import type { KindRules } from './kind';
import { checkImmutable } from './workload';

/** ConfigMaps and Secrets. */
export const configurationRules = {
  ConfigMap: { check: checkConfigMap },
  Secret: { selectable: ['type'], check: checkSecret },
} satisfies { readonly [kind: string]: KindRules };

const sizeLimit = 1_048_576;

function checkConfigMap(object: KubeObject, old: KubeObject | undefined): FieldProblem[] {
  const inBoth = Object.keys((object.data ?? {}) as object).filter((key) => key in ((object.binaryData ?? {}) as object));
  return [
    ...checkKeys('data', object.data),
    ...checkKeys('binaryData', object.binaryData),
    ...inBoth.map((key) => problem.invalid(`data[${key}]`, key, 'duplicate of key present in binaryData')),
    ...checkSize('', object.data, (text) => Buffer.byteLength(text)),
    ...checkFrozen(object, old, ['data', 'binaryData']),
  ];
}

const requiredKeys: { readonly [type: string]: readonly string[] } = {
  'kubernetes.io/tls': ['tls.crt', 'tls.key'],
  'kubernetes.io/dockerconfigjson': ['.dockerconfigjson'],
  'kubernetes.io/dockercfg': ['.dockercfg'],
  'kubernetes.io/ssh-auth': ['ssh-privatekey'],
};

function checkSecret(object: KubeObject, old: KubeObject | undefined): FieldProblem[] {
  const data = (object.data ?? {}) as { [key: string]: string };
  const missing = (requiredKeys[String(object.type)] ?? []).filter((key) => !(key in data));
  return [
    ...(old ? checkImmutable('type', object.type, old.type) : []),
    ...checkFrozen(object, old, ['data']),
    ...checkKeys('data', data),
    ...checkSize('data', data, (text) => Math.floor((text.length * 3) / 4)),
    ...missing.map((key) => problem.required(`data[${key}]`)),
  ];
}

function checkKeys(field: string, data: unknown): FieldProblem[] {
  const says =
    "a valid config key must consist of alphanumeric characters, '-', '_' or '.' (e.g. 'key.name',  or 'KEY_NAME',  or 'key-name', regex used for validation is '[-._a-zA-Z0-9]+')";
  return Object.keys((data ?? {}) as object)
    .filter((key) => !/^[-._a-zA-Z0-9]+$/.test(key))
    .map((key) => problem.invalid(`${field}[${key}]`, key, says));
}

function checkSize(field: string, data: unknown, sizeOf: (text: string) => number): FieldProblem[] {
  const size = Object.values((data ?? {}) as { [key: string]: string }).reduce((sum, text) => sum + sizeOf(text), 0);
  return size > sizeLimit ? [problem.tooLong(field, sizeLimit)] : [];
}

function checkFrozen(object: KubeObject, old: KubeObject | undefined, parts: readonly string[]): FieldProblem[] {
  if (!old?.immutable) return [];
  const says = 'field is immutable when `immutable` is set';
  const changed = parts.filter((part) => !sameJson(object[part], old[part])).map((part) => problem.forbidden(part, says));
  return object.immutable ? changed : [problem.forbidden('immutable', says), ...changed];
}
