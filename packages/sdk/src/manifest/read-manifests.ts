// The Kubernetes objects of a file, each with the lines of its fields: what `kubectl apply -f` would find in it.
import { digest, isObject, type JsonObject, type Problem, type ResourceSource, type SourceLine } from '@konfig/core';
import { fieldPath, itemPath, itemsOf } from './field-paths';
import { type Located, readYaml } from './read-yaml';

/** One object of a file. */
export interface ManifestObject {
  readonly manifest: JsonObject;
  /** Where it and its fields stand. */
  readonly source: ResourceSource;
}

/** What a file holds, and everything that is wrong with it; warnings among that. */
export interface Manifests {
  readonly objects: readonly ManifestObject[];
  readonly problems: readonly Problem[];
}

/**
 * Reads a file of manifests, YAML or JSON: any number of documents, lists taken apart, empty documents left out. Scalars mean what they mean to
 * kubectl (`yes` is true, `0777` is 511, `12:30` is text). An object that has a `generateName` gets a name that follows from its content.
 * @param file as problems and source lines shall name it.
 */
export function readManifests(text: string, file: string): Manifests {
  const { documents, problems: bad } = readYaml(text, file);
  const problems = bad.map((problem) => withTemplateHint(problem, text));
  const found = documents.filter(({ value }) => value !== null).flatMap((document) => objectsIn(document, file));
  return { objects: found.flatMap(({ object }) => object ?? []), problems: [...problems, ...found.flatMap((one) => one.problems)] };
}

/** `{{ .Values.image }}` is YAML by chance at best. */
function withTemplateHint(problem: Problem, text: string): Problem {
  const row = text.split('\n')[(problem.source?.line ?? 1) - 1] ?? '';
  if (!row.includes('{{')) return problem;
  return { ...problem, hint: 'This is a template: run its tool first (helm template …), and give Konfig what that prints.' };
}

interface Found {
  readonly object?: ManifestObject;
  readonly problems: readonly Problem[];
}

/** A list is what its items are: kubectl goes by `items`, and so does the API server, which writes `ConfigMapList` and leaves out what follows from it. */
function objectsIn(document: Located, file: string, of: { readonly apiVersion?: string; readonly kind?: string } = {}): readonly Found[] {
  const { value } = document;
  const at = { file, line: document.line };
  if (!isObject(value)) return [{ problems: [notAnObject(value, at)] }];
  const items = document.fields.get('items')?.content;
  if (typeof value.kind === 'string' && value.kind.endsWith('List') && Array.isArray(items?.value)) {
    const kind = value.kind.slice(0, -'List'.length);
    const implied = kind === '' || typeof value.apiVersion !== 'string' ? {} : { apiVersion: value.apiVersion, kind };
    return items.items.flatMap((item) => objectsIn(item, file, implied));
  }
  const { manifest, problems } = named({ ...of, ...value }, at);
  if (!manifest) return [{ problems }];
  const { fields, rounded } = linesOf(document, file);
  return [{ object: { manifest, source: { made: at, fields, items: itemsOf(manifest) } }, problems: [...problems, ...rounded] }];
}

function notAnObject(value: Located['value'], source: SourceLine): Problem {
  const what = Array.isArray(value)
    ? 'A list'
    : `The ${typeof value === 'string' ? 'text' : typeof value} ${JSON.stringify(value).slice(0, 60)}`;
  const hint = Array.isArray(value)
    ? 'Write its objects one by one with --- between them, or as items of kind: List.'
    : 'Write apiVersion, kind and metadata.';
  return { code: 'MANIFEST_INVALID', message: `${what} stands where a Kubernetes object is expected.`, hint, source };
}

/** The object with its name, or what it lacks to be one. */
function named(object: JsonObject, source: SourceLine): { readonly manifest?: JsonObject; readonly problems: readonly Problem[] } {
  const metadata = isObject(object.metadata) ? object.metadata : {};
  const { name, generateName } = metadata;
  const isNamed = typeof name === 'string' && name !== '';
  const isGenerated = !isNamed && typeof generateName === 'string' && generateName !== '';
  const isText = (value: unknown) => typeof value === 'string' && value !== '';
  const who = [isText(object.kind) ? object.kind : 'An object', ...(isNamed ? [name] : [])].join(' ');
  const lacks = (what: string, hint: string): Problem => ({ code: 'MANIFEST_INVALID', message: `${who} has no ${what}.`, hint, source });
  const problems = [
    ...(/^[^/\s]+(\/[^/\s]+)?$/.test(String(object.apiVersion ?? ''))
      ? []
      : [lacks('apiVersion', 'Write one like v1 or apps/v1: kubectl api-resources lists them.')]),
    ...(isText(object.kind)
      ? []
      : [lacks('kind', 'If it is no Kubernetes object, as values of a chart are none, move its file elsewhere.')]),
    ...(isNamed || isGenerated ? [] : [lacks('metadata.name', 'Give it one.')]),
  ];
  if (problems.length > 0) return { problems };
  if (!isGenerated) return { manifest: object, problems };
  const manifest = withGeneratedName(object, metadata, generateName);
  return { manifest, problems: [generated(manifest, generateName, source)] };
}

/** Kubernetes would make another name each time, and nobody would find the object again: the name follows from the content instead. */
function withGeneratedName(object: JsonObject, { generateName: _, ...metadata }: JsonObject, prefix: string): JsonObject {
  // As the API server does, which keeps 58 characters for what stands before its own five.
  const name = `${prefix.slice(0, 55)}${digest(object).slice(0, 8)}`;
  return { ...object, metadata: { ...metadata, name } };
}

function generated({ kind, metadata }: JsonObject, prefix: string, source: SourceLine): Problem {
  const { name } = metadata as JsonObject;
  return {
    code: 'MANIFEST_INVALID',
    message: `${kind} has generateName: ${prefix}; here it is called ${name}, by its content: changed, it is another object, and the old one goes.`,
    hint: 'Give it a metadata.name if it is to stay the same object.',
    source,
    severity: 'warning',
  };
}

/** The line of every field; on the way, what is wished and could not be kept as it is. */
function linesOf(
  document: Located,
  file: string,
): { readonly fields: { readonly [path: string]: SourceLine }; readonly rounded: readonly Problem[] } {
  const lines = new Map<string, SourceLine>();
  const rounded: Problem[] = [];
  const note = ({ fields, items }: Located, path: string) => {
    for (const [key, { line, content }] of fields) add(content, line, fieldPath(path, key));
    items.forEach((item, i) => {
      add(item, item.line, itemPath(path, item.value, i));
    });
  };
  const add = (located: Located, line: number, path: string) => {
    lines.set(path, { file, line });
    // A status is only ever what a cluster printed.
    if (located.rounded && !path.startsWith('status.')) rounded.push(roundedNumber(located, { file, line }));
    note(located, path);
  };
  note(document, '');
  return { fields: Object.fromEntries(lines), rounded };
}

function roundedNumber({ rounded, value }: Located, source: SourceLine): Problem {
  const message = `${rounded} would be rounded to ${BigInt(value as number)}.`;
  return { code: 'MANIFEST_INVALID', message, hint: `If it is a text, as an id is, quote it: '${rounded}'.`, source };
}
