import { fieldNumbers } from './tables/protobuf';
import type { JsonObject, Type, Wire } from './type';

/**
 * Reads the protobuf form of an object as the JSON it stands for. Some of kubectl's own commands (`create namespace`,
 * `auth can-i`) send nothing else. Answers stay JSON, which every client also takes.
 */
export function readProtobuf(type: Type, body: Buffer): JsonObject {
  const unknown = readFields(body.subarray(magic.length));
  const [typeMeta, raw] = [unknown.get(1)?.[0], unknown.get(2)?.[0]];
  const names = Buffer.isBuffer(typeMeta) ? readFields(typeMeta) : new Map<number, RawValue[]>();
  const object = Buffer.isBuffer(raw) ? readStruct(type, type.name, raw) : {};
  return { apiVersion: textOf(names.get(1)?.[0]), kind: textOf(names.get(2)?.[0]), ...object };
}

const magic = Buffer.from('k8s\0');

export function isProtobuf(body: Buffer): boolean {
  return body.subarray(0, magic.length).equals(magic);
}

type RawValue = bigint | Buffer;

function readFields(bytes: Buffer): Map<number, RawValue[]> {
  const fields = new Map<number, RawValue[]>();
  let at = 0;
  const varint = (): bigint => {
    let value = 0n;
    for (let shift = 0n; ; shift += 7n) {
      const byte = bytes[at++];
      if (byte === undefined) throw new RangeError('the protobuf ends in the middle of a number');
      value |= BigInt(byte & 0x7f) << shift;
      if (byte < 0x80) return value;
    }
  };
  const take = (length: number): Buffer => {
    if (at + length > bytes.length) throw new RangeError('the protobuf ends in the middle of a field');
    at += length;
    return bytes.subarray(at - length, at);
  };
  while (at < bytes.length) {
    const tag = varint();
    const wire = Number(tag & 7n);
    const value = wire === 0 ? varint() : wire === 1 ? take(8) : wire === 5 ? take(4) : take(Number(varint()));
    const number = Number(tag >> 3n);
    fields.set(number, [...(fields.get(number) ?? []), value]);
  }
  return fields;
}

function readStruct(type: Type, struct: string, bytes: Buffer): JsonObject {
  const numbers = numbersOf(struct);
  const out: JsonObject = {};
  for (const [number, values] of readFields(bytes)) {
    const name = numbers.get(number);
    if (name === undefined) continue;
    if (name.startsWith('@')) {
      Object.assign(out, readStruct(type, name.slice(1), values.at(-1) as Buffer));
      continue;
    }
    const field = type.map?.fields.get(name);
    if (field) out[name] = readField(field.type, values);
  }
  return out;
}

function readField(type: Type, values: readonly RawValue[]): unknown {
  if (type.name === 'any') return readAny(values.at(-1) as RawValue);
  if (type.list) return values.map((value) => readValue((type.list as { element: Type }).element, value));
  const element = type.map?.element;
  if (!element) return readValue(type, values.at(-1) as RawValue);
  return Object.fromEntries(
    values.map((value) => {
      const entry = readFields(value as Buffer);
      const item = entry.get(2)?.[0];
      return [textOf(entry.get(1)?.[0]), item === undefined ? '' : readValue(element, item)];
    }),
  );
}

function readValue(type: Type, value: RawValue): unknown {
  const wire = type.scalar?.wire;
  if (type.name === 'any') return readAny(value);
  return wire ? readScalar(wire, value) : readStruct(type, type.name, value as Buffer);
}

function readScalar(wire: Wire, value: RawValue): unknown {
  switch (wire) {
    case 'int':
    case 'long':
      return Number(BigInt.asIntN(64, value as bigint));
    case 'bool':
      return value === 1n;
    case 'float':
      return (value as Buffer).readDoubleLE();
    case 'bytes':
      return (value as Buffer).toString('base64');
    case 'quantity':
      return textOf(readFields(value as Buffer).get(1)?.[0]);
    case 'intOrString':
      return readIntOrString(readFields(value as Buffer));
    case 'time':
    case 'microTime':
      return readTime(readFields(value as Buffer), wire);
    default:
      return textOf(value);
  }
}

function readIntOrString(fields: ReadonlyMap<number, readonly RawValue[]>): number | string {
  const isText = fields.get(1)?.[0] === 1n;
  return isText ? textOf(fields.get(3)?.[0]) : Number(BigInt.asIntN(64, (fields.get(2)?.[0] as bigint | undefined) ?? 0n));
}

// An empty message is the zero time, which JSON writes as null.
function readTime(fields: ReadonlyMap<number, readonly RawValue[]>, wire: 'time' | 'microTime'): string | null {
  const seconds = Number(BigInt.asIntN(64, (fields.get(1)?.[0] as bigint | undefined) ?? 0n));
  if (fields.size === 0 || seconds <= 0) return null;
  const text = new Date(seconds * 1000).toISOString().slice(0, 19);
  const nanos = Number((fields.get(2)?.[0] as bigint | undefined) ?? 0n);
  return wire === 'time' ? `${text}Z` : `${text}.${String(Math.floor(nanos / 1000)).padStart(6, '0')}Z`;
}

// FieldsV1 and RawExtension are messages around JSON text.
function readAny(value: RawValue): unknown {
  const raw = Buffer.isBuffer(value) ? readFields(value).get(1)?.[0] : undefined;
  return Buffer.isBuffer(raw) ? (JSON.parse(raw.toString('utf8')) as unknown) : undefined;
}

function textOf(value: RawValue | undefined): string {
  return Buffer.isBuffer(value) ? value.toString('utf8') : '';
}

const numbersByStruct = new Map<string, ReadonlyMap<number, string>>();

function numbersOf(struct: string): ReadonlyMap<number, string> {
  const known = numbersByStruct.get(struct);
  if (known) return known;
  const numbers = new Map<number, string>();
  let next = 1;
  for (const word of (fieldNumbers[struct] ?? '').split(/\s+/).filter((one) => one !== '')) {
    const [, number, name] = /^(?:(\d+):)?(.+)$/.exec(word) as unknown as [string, string | undefined, string];
    next = number === undefined ? next : Number(number);
    numbers.set(next, name);
    next++;
  }
  numbersByStruct.set(struct, numbers);
  return numbers;
}
