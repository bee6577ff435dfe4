import { canonicalQuantity } from './quantity';
import { type Field, isObject, type JsonObject, type MapType, type Type, type Wire } from './type';

/** A value that cannot be read as its type; the message is the one of the real server's JSON decoder. */
export class DecodeError extends Error {}

/**
 * Reads JSON as a typed object the way the API server does: zero values that mean «none» go, fields that are always
 * written come, defaults are filled in. The result is a fresh copy. Fields that the type does not know are left out and
 * reported in `unknownFields`.
 */
export function decode(type: Type, value: unknown, unknownFields: string[] = []): JsonObject {
  return decodeValue(type, value, { path: '', dotted: '', struct: '', unknownFields }) as JsonObject;
}

interface Place {
  /** With list indices, as strict decoding names a field. */
  readonly path: string;
  /** Without them, as Go's decoder does. */
  readonly dotted: string;
  readonly struct: string;
  readonly unknownFields: string[];
}

function decodeValue(type: Type, value: unknown, place: Place): unknown {
  if (type.name === 'any') return value;
  if (type.choose) return value === null || value === undefined ? undefined : decodeValue(type.choose(value), value, place);
  if (value === null || value === undefined) return type.map && type.map.fields.size > 0 ? decodeStruct(type, {}, place) : undefined;
  if (type.scalar) return decodeScalar(type.scalar.wire, value, place);
  if (type.list) return decodeList(type, value, place);
  if (!isObject(value)) throw mismatch(value, place, goMap(type));
  return type.map?.element ? decodeMap(type.map.element, value, place) : decodeStruct(type, value, place);
}

function decodeList(type: Type, value: unknown, place: Place): unknown {
  const element = type.list?.element as Type;
  if (!Array.isArray(value)) throw mismatch(value, place, `[]${goName(element)}`);
  return value.map((item, index) => {
    const decoded = decodeValue(element, item, { ...place, path: `${place.path}[${index}]` });
    return decoded === undefined ? zero(element) : decoded;
  });
}

function decodeMap(element: Type, value: JsonObject, place: Place): JsonObject {
  const out: JsonObject = {};
  for (const key in value) {
    const at = { ...place, path: join(place.path, key) };
    const decoded = decodeValue(element, value[key], at);
    out[key] = decoded === undefined ? zero(element) : decoded;
  }
  return out;
}

function decodeStruct(type: Type, value: JsonObject, place: Place): JsonObject {
  const { fields } = type.map as MapType;
  const out: JsonObject = {};
  for (const key in value) {
    const field = fields.get(key);
    if (!field) {
      place.unknownFields.push(join(place.path, key));
      continue;
    }
    const given = value[key];
    if (given === null || given === undefined) continue;
    const leaf = field.type.scalar && typeof given !== 'object';
    const decoded = leaf ? leafValue(field, given, type, place) : decodeValue(field.type, given, below(place, key, type));
    if (decoded !== undefined && (field.pointer || field.always || !isZero(decoded))) out[key] = decoded;
  }
  for (const field of fields.values()) fill(field, out, place);
  type.complete?.(out);
  return out;
}

// Most fields are scalars that need no place until they are wrong.
function leafValue(field: Field, given: unknown, type: Type, place: Place): unknown {
  const wire = field.type.scalar?.wire;
  if (wire === 'string' && typeof given === 'string') return given;
  if (wire === 'bool' && typeof given === 'boolean') return given;
  if (wire === 'int' && typeof given === 'number' && Number.isInteger(given) && Math.abs(given) <= 2_147_483_647) return given;
  return decodeValue(field.type, given, below(place, field.name, type));
}

function fill(field: Field, out: JsonObject, place: Place): void {
  const present = out[field.name];
  if (field.default !== undefined && (present === undefined || (!field.pointer && isZero(present)))) {
    const preset = field.default;
    out[field.name] = isObject(preset) ? decodeStruct(field.type, {}, place) : preset;
  } else if (present === undefined && field.always) {
    out[field.name] = field.pointer ? null : empty(field.type, place);
  }
}

function empty(type: Type, place: Place): unknown {
  if (type.map && !type.map.element) return decodeStruct(type, {}, place);
  return zero(type);
}

function zero(type: Type): unknown {
  switch (type.scalar?.wire) {
    case undefined:
    case 'time':
    case 'microTime':
    case 'bytes':
      return null;
    case 'int':
    case 'long':
    case 'float':
    case 'intOrString':
      return 0;
    case 'bool':
      return false;
    case 'quantity':
      return '0';
    default:
      return '';
  }
}

function isZero(value: unknown): boolean {
  if (value === '' || value === 0 || value === false) return true;
  if (Array.isArray(value)) return value.length === 0;
  if (!isObject(value)) return false;
  for (const _ in value) return false;
  return true;
}

function decodeScalar(wire: Wire | undefined, value: unknown, place: Place): unknown {
  switch (wire) {
    case undefined:
      return value;
    case 'string':
      if (typeof value !== 'string') throw mismatch(value, place, 'string');
      return value;
    case 'int':
    case 'long':
      return decodeInteger(wire, value, place);
    case 'float':
      if (typeof value !== 'number') throw mismatch(value, place, 'float64');
      return value;
    case 'bool':
      if (typeof value !== 'boolean') throw mismatch(value, place, 'bool');
      return value;
    case 'intOrString':
      if (typeof value === 'string') return value;
      return decodeInteger('int', value, place);
    case 'quantity':
      return decodeQuantity(value);
    case 'time':
    case 'microTime':
      return decodeTime(value, place);
    case 'duration':
      if (typeof value !== 'string') throw mismatch(value, place, 'string');
      return value;
    case 'bytes':
      return decodeBytes(value, place);
  }
}

function decodeInteger(wire: 'int' | 'long', value: unknown, place: Place): number {
  const limit = wire === 'int' ? 2_147_483_647 : Number.MAX_SAFE_INTEGER;
  if (typeof value !== 'number') throw mismatch(value, place, wire === 'int' ? 'int32' : 'int64');
  if (!Number.isInteger(value) || Math.abs(value) > limit) {
    throw new DecodeError(
      `json: cannot unmarshal number ${value} into Go struct field ${fieldName(place)} of type ${wire === 'int' ? 'int32' : 'int64'}`,
    );
  }
  return value;
}

function decodeQuantity(value: unknown): string {
  const canonical = canonicalQuantity(String(value));
  if (canonical === undefined) {
    throw new DecodeError("quantities must match the regular expression '^([+-]?[0-9.]+)([eEinumkKMGTP]*[-+]?[0-9]*)$'");
  }
  return canonical;
}

function decodeTime(value: unknown, place: Place): string {
  if (typeof value !== 'string') throw mismatch(value, place, 'string');
  if (!/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d/.test(value)) {
    throw new DecodeError(
      `parsing time ${JSON.stringify(value)} as "2006-01-02T15:04:05Z07:00": cannot parse ${JSON.stringify(value)} as "2006"`,
    );
  }
  return value;
}

function decodeBytes(value: unknown, place: Place): string {
  if (typeof value !== 'string') throw mismatch(value, place, '[]uint8');
  const bad = /^[A-Za-z0-9+/\r\n]*/.exec(value)?.[0].length ?? 0;
  const padded = /^={0,2}$/.test(value.slice(bad)) && value.replace(/[\r\n]/g, '').length % 4 === 0;
  if (!padded) throw new DecodeError(`illegal base64 data at input byte ${bad < value.length ? bad : Math.max(0, bad - (bad % 4))}`);
  return value;
}

function mismatch(value: unknown, place: Place, wanted: string): DecodeError {
  return new DecodeError(`json: cannot unmarshal ${jsonName(value)} into Go struct field ${fieldName(place)} of type ${wanted}`);
}

/** What Go calls the type of a JSON value. */
export function jsonName(value: unknown): string {
  if (Array.isArray(value)) return 'array';
  if (value === null) return 'null';
  return typeof value === 'boolean' ? 'bool' : typeof value;
}

function fieldName(place: Place): string {
  return `${place.struct}.${place.dotted}`;
}

function below(place: Place, key: string, type: Type): Place {
  return { path: join(place.path, key), dotted: join(place.dotted, key), struct: type.name, unknownFields: place.unknownFields };
}

function goName(type: Type): string {
  const wire = type.scalar?.wire;
  if (wire === 'int') return 'int32';
  if (wire === 'long') return 'int64';
  return wire ?? `v1.${type.name}`;
}

function goMap(type: Type): string {
  return type.map?.element ? `map[string]${goName(type.map.element)}` : `v1.${type.name}`;
}

function join(path: string, key: string): string {
  return path === '' ? key : `${path}.${key}`;
}

/** The object with nothing in it: only the fields that are always written, and no defaults. */
export function zeroObject(type: Type): JsonObject {
  const out: JsonObject = {};
  for (const field of type.map?.fields.values() ?? []) {
    if (!field.always) continue;
    const struct = !field.pointer && field.type.map && !field.type.map.element;
    out[field.name] = struct ? zeroObject(field.type) : field.pointer ? null : zero(field.type);
  }
  return out;
}
