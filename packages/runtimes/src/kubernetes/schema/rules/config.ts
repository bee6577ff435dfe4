// What the API server refuses in ConfigMaps and Secrets.
import { asLater, isObject, type Json } from '@konfig/core';
import { type Entry, objectAt } from '../../field';
import { type Fault, quoted } from '../fault';
import { isDataKey } from '../syntax';
import type { Rule } from './rule';

/** Of all values together. */
const mostBytes = 1024 * 1024;

export const configMap: Rule = (object) => {
  const [data, binaryData] = ['data', 'binaryData'].map((field) => objectAt(object, field)[0]);
  const twice = Object.keys(data?.value ?? {}).filter((key) => binaryData && Object.hasOwn(binaryData.value, key));
  return [
    ...keysFaults(object, ['data', 'binaryData']),
    ...twice.map((key) => ({ path: ['binaryData', key], message: `The key ${quoted(key)} is in data and in binaryData.` })),
    ...sizeFaults(object, ['data', 'binaryData']),
  ];
};

export const secret: Rule = (object) => [
  ...keysFaults(object, ['data', 'stringData']),
  ...sizeFaults(object, ['data', 'stringData']),
  ...neededKeys(object),
];

function keysFaults(object: Entry, fields: readonly string[]): readonly Fault[] {
  return fields
    .flatMap((field) => objectAt(object, field))
    .flatMap(({ value, path }) =>
      Object.keys(value)
        .filter((key) => !isDataKey(key))
        .map((key) => ({
          path: [...path, key],
          message: `${quoted(key)} is no key that ${String(path[0])} can have.`,
          hint: 'Use letters, digits, -, _ and .: the key becomes the name of a file.',
        })),
    );
}

function sizeFaults(object: Entry, fields: readonly string[]): readonly Fault[] {
  const bytes = fields
    .flatMap((field) => objectAt(object, field))
    .flatMap(({ value, path }) => Object.values(value).map((one) => bytesOf(one, path[0] === 'data' && object.value.kind === 'Secret')))
    .reduce((sum, one) => sum + one, 0);
  if (bytes <= mostBytes) return [];
  return [
    {
      path: [fields[0] as string],
      message: `All values together have ${bytes} bytes, but may have ${mostBytes}.`,
      hint: 'Put what is large into a volume or an image.',
    },
  ];
}

function bytesOf(value: Json, isBase64: boolean): number {
  if (typeof value !== 'string') return 0;
  return isBase64 ? Math.floor((value.replace(/[\r\n=]/g, '').length * 3) / 4) : Buffer.byteLength(value);
}

/** What must be in a Secret of a type that Kubernetes knows. */
const keysOfType: { readonly [type: string]: readonly string[] } = {
  'kubernetes.io/tls': ['tls.crt', 'tls.key'],
  'kubernetes.io/dockerconfigjson': ['.dockerconfigjson'],
  'kubernetes.io/dockercfg': ['.dockercfg'],
  'kubernetes.io/ssh-auth': ['ssh-privatekey'],
};

function neededKeys({ value }: Entry): readonly Fault[] {
  const { type, data, stringData } = value;
  if (typeof type !== 'string' || asLater(data) || asLater(stringData)) return [];
  const isThere = (key: string) => [data, stringData].some((part) => isObject(part) && Object.hasOwn(part, key));
  return (Object.hasOwn(keysOfType, type) ? (keysOfType[type] as readonly string[]) : [])
    .filter((key) => !isThere(key))
    .map((key) => ({ path: ['data', key], message: `The key ${key} is missing, which a Secret of type ${type} needs.` }));
}
