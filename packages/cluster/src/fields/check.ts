import { isObject, type ListType, type MapType, type Scalar, type Type } from '../schema/type';
import { atomOf } from './atom';
import { itemElement, printElement } from './path';

/** Whether a value fits its schema: the problems, each with its path, as structured-merge-diff words them. */
export function checkValue(type: Type, value: unknown, allowDuplicates = false): string[] {
  const problems: string[] = [];
  walk(type, value, '', { problems, allowDuplicates });
  return problems;
}

interface Check {
  readonly problems: string[];
  readonly allowDuplicates: boolean;
}

function walk(type: Type, value: unknown, path: string, check: Check): void {
  const atom = atomOf(type, value);
  if ('scalar' in atom) checkScalar(atom.scalar, value, path, check);
  else if ('list' in atom) checkList(atom.list, value, path, check);
  else checkMap(atom.map, value, path, check);
}

function checkScalar(scalar: Scalar, value: unknown, path: string, check: Check): void {
  if (value === null || value === undefined) return;
  const fits = { string: 'string', numeric: 'number', boolean: 'boolean', untyped: '' }[scalar.kind];
  const words = {
    string: 'expected string',
    numeric: 'expected numeric (int or float)',
    boolean: 'expected boolean',
    untyped: 'expected any scalar',
  };
  const ok = scalar.kind === 'untyped' ? typeof value !== 'object' : typeof value === fits;
  if (!ok) check.problems.push(located(path, `${words[scalar.kind]}, got ${printValue(scalar, value)}`));
}

function checkList(list: ListType, value: unknown, path: string, check: Check): void {
  if (value === null || value === undefined) return;
  if (!Array.isArray(value)) {
    check.problems.push(located(path, `expected list, got ${printGo(value)}`));
    return;
  }
  const seen = new Set<string>();
  for (const [index, item] of value.entries()) {
    if (list.relationship === 'atomic') {
      walk(list.element, item, `${path}[${index}]`, check);
      continue;
    }
    const found = itemElement(list, item);
    if ('problem' in found) {
      check.problems.push(located(path, `element ${index}: ${found.problem}`));
      return;
    }
    const printed = printElement(found.element);
    if (seen.has(found.element) && !check.allowDuplicates) check.problems.push(located(path, `duplicate entries for key ${printed}`));
    seen.add(found.element);
    walk(list.element, item, `${path}${printed}`, check);
  }
}

function checkMap(map: MapType, value: unknown, path: string, check: Check): void {
  if (value === null || value === undefined) return;
  if (!isObject(value)) {
    check.problems.push(located(path, `expected map, got ${printGo(value)}`));
    return;
  }
  for (const key in value) {
    const type = map.fields.get(key)?.type ?? map.element;
    if (type) walk(type, value[key], `${path}.${key}`, check);
    else check.problems.push(located(`${path}.${key}`, 'field not declared in schema'));
  }
}

function located(path: string, message: string): string {
  return path === '' ? message : `${path}: ${message}`;
}

function printValue(scalar: Scalar, value: unknown): string {
  if (scalar.kind !== 'numeric') return scalar.kind === 'string' ? `&value.valueUnstructured{Value:${printGo(value)}}` : printGo(value);
  return Array.isArray(value)
    ? '[]interface {}'
    : isObject(value)
      ? 'map[string]interface {}'
      : typeof value === 'boolean'
        ? 'bool'
        : 'string';
}

function printGo(value: unknown): string {
  return typeof value === 'object' ? JSON.stringify(value) : String(value);
}
