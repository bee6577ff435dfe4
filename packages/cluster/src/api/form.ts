import type { Column, Kind } from '../kinds/kind';
import type { KubeObject } from '../objects';
import type { JsonObject } from '../schema/type';

/** The form in which a client wants objects, by its Accept header. */
export type Form = 'plain' | 'table' | 'metadata';

export function readForm(accept: string | undefined): Form {
  if (!accept) return 'plain';
  // The first form we can write wins, as the client ordered them.
  for (const part of accept.split(',')) {
    if (/as=Table/.test(part)) return 'table';
    if (/as=PartialObjectMetadata/.test(part)) return 'metadata';
    if (/application\/json|\*\/\*/.test(part)) return 'plain';
  }
  return 'plain';
}

const texts = new WeakMap<KubeObject, string>();

/** JSON of a stored object, made once however many watchers see it. */
export function textOf(object: KubeObject): string {
  let text = texts.get(object);
  if (text === undefined) {
    text = JSON.stringify(object);
    texts.set(object, text);
  }
  return text;
}

const itemTexts = new WeakMap<KubeObject, string>();

// In a list of built-in kinds only the list says of what kind its items are: so does the real server, and clients must not rely on more.
function itemTextOf(object: KubeObject): string {
  let text = itemTexts.get(object);
  if (text === undefined) {
    const { apiVersion, kind, ...item } = object;
    text = JSON.stringify(item);
    itemTexts.set(object, text);
  }
  return text;
}

export function shapeObject(kind: Kind, object: KubeObject, form: Form, query: URLSearchParams, now: number): string {
  if (form === 'metadata') return JSON.stringify(metadataOnly(object));
  if (form === 'table')
    return JSON.stringify(tableOf(kind, [object], { resourceVersion: object.metadata.resourceVersion }, { query, now }));
  return textOf(object);
}

export interface ListMetadata {
  readonly resourceVersion: string;
  readonly continue?: string;
  readonly remainingItemCount?: number;
}

export function shapeList(
  kind: Kind,
  objects: readonly KubeObject[],
  metadata: ListMetadata,
  about: { readonly form: Form; readonly query: URLSearchParams; readonly now: number },
): string {
  if (about.form === 'table') return JSON.stringify(tableOf(kind, objects, metadata, about));
  if (about.form === 'metadata') {
    return JSON.stringify({ kind: 'PartialObjectMetadataList', apiVersion: 'meta.k8s.io/v1', metadata, items: objects.map(metadataOnly) });
  }
  const head = { kind: kind.listKind ?? `${kind.kind}List`, apiVersion: kind.apiVersion };
  if (kind.custom) return listOf({ ...head, metadata: { continue: '', ...metadata } }, objects.map(textOf));
  return listOf({ ...head, metadata }, objects.map(itemTextOf));
}

function listOf(head: object, items: readonly string[]): string {
  return `${JSON.stringify(head).slice(0, -1)},"items":[${items.join(',')}]}`;
}

function metadataOnly(object: KubeObject): JsonObject {
  return { kind: 'PartialObjectMetadata', apiVersion: 'meta.k8s.io/v1', metadata: object.metadata };
}

const nameAndAge: readonly Column[] = [
  { name: 'Name', format: 'name', cell: (object) => object.metadata.name },
  { name: 'Created At', type: 'date', cell: (object) => object.metadata.creationTimestamp },
];

function tableOf(
  kind: Kind,
  objects: readonly KubeObject[],
  metadata: ListMetadata,
  about: { readonly query: URLSearchParams; readonly now: number },
): JsonObject {
  const columns = kind.rules.columns ?? nameAndAge;
  const include = about.query.get('includeObject') ?? 'Metadata';
  const rows = objects.map((object) => ({
    cells: columns.map((column) => column.cell(object, about.now)),
    ...(include === 'Metadata' && { object: metadataOnly(object) }),
    ...(include === 'Object' && { object }),
  }));
  const columnDefinitions = columns.map((column) => ({
    name: column.name,
    type: column.type ?? 'string',
    format: column.format ?? '',
    description: column.description ?? '',
    priority: column.priority ?? 0,
  }));
  return { kind: 'Table', apiVersion: 'meta.k8s.io/v1', metadata, columnDefinitions, rows };
}
