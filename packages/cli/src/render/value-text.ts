// A field's value for a reader: in one line, or as a small block like YAML.
import { isObject, type Json } from '@konfig/core';
import { cleanLines, cleanText } from './clean-text';
import { laterText } from './later-text';

/** `3`, `shop:1.4.0`, `"3"`, `{cpu: 100m, memory: 1Gi}`, `(known after apply)`. */
export function valueText(value: Json): string {
  if (Array.isArray(value)) return `[${value.map(valueText).join(', ')}]`;
  if (!isObject(value)) return scalarText(value);
  const later = laterText(value);
  if (later !== undefined) return later;
  const entries = Object.entries(value).map(([key, child]) => `${scalarText(key)}: ${valueText(child)}`);
  return `{${entries.join(', ')}}`;
}

/** The value in lines, as it would stand in YAML. */
export function valueLines(value: Json): readonly string[] {
  if (typeof value === 'string' && value.includes('\n')) return cleanLines(value);
  if (Array.isArray(value) && value.length > 0) return value.flatMap((item) => under('-', item, true));
  if (isObject(value) && laterText(value) === undefined && Object.keys(value).length > 0) {
    return Object.entries(value).flatMap(([key, child]) => under(`${scalarText(key)}:`, child, false));
  }
  return [valueText(value)];
}

function under(head: string, value: Json, isItem: boolean): readonly string[] {
  const lines = valueLines(value);
  const isText = typeof value === 'string' && lines.length > 1;
  if (isText) return [`${head} |`, ...lines.map((line) => `  ${line}`)];
  const isNested = isObject(value)
    ? laterText(value) === undefined && Object.keys(value).length > 0
    : Array.isArray(value) && value.length > 0;
  if (!isNested) return [`${head} ${lines[0]}`];
  return isItem ? lines.map((line, i) => `${i === 0 ? head : ' '} ${line}`) : [head, ...lines.map((line) => `  ${line}`)];
}

const plain = /^[\w./@+%*-][\w./@+=:%*-]*$/;

/** Quoted only where it could be taken for something else. */
function scalarText(value: Json): string {
  if (typeof value !== 'string') return JSON.stringify(value);
  const isSafe = plain.test(value) && Number.isNaN(Number(value)) && !/^(true|false|null|-+)$/.test(value) && !value.endsWith(':');
  return isSafe ? value : cleanText(JSON.stringify(value));
}
