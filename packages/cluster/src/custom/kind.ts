import { type FieldProblem, problem } from '../api/failure';
import { sameJson } from '../fields/atom';
import { since } from '../kinds/columns';
import type { Kind } from '../kinds/kind';
import type { KubeObject } from '../objects';
import { decode } from '../schema/decode';
import { schemas } from '../schema/schemas';
import { isObject, type JsonObject, type Type } from '../schema/type';
import { customColumns } from './columns';
import { fillDefaults } from './defaults';
import {
  compareVersions,
  type Definition,
  type DefinitionVersion,
  type JsonSchema,
  type ScalePaths,
  schemasBelow,
  valueSchema,
} from './definition';
import { checkListTypes } from './lists';
import { ownershipType } from './ownership';
import { prune } from './prune';
import { checkBySchema } from './validate';

/** The kinds that an established definition brings, one a version, the storage version first; `served` says which are served. */
export function kindsOf(definition: Definition): { readonly kind: Kind; readonly served: boolean }[] {
  const versions = [...definition.spec.versions].sort((a, b) => Number(b.storage) - Number(a.storage));
  const storage = versions[0] as DefinitionVersion;
  return versions.map((version) => ({ kind: makeKind(definition, version, storage), served: version.served }));
}

function makeKind(definition: Definition, version: DefinitionVersion, storage: DefinitionVersion): Kind {
  const { group, scope } = definition.spec;
  const { plural, singular = '', kind, listKind, shortNames = [], categories = [] } = definition.status.acceptedNames;
  const apiVersion = `${group}/${version.name}`;
  const schema = version.schema?.openAPIV3Schema ?? { 'x-kubernetes-preserve-unknown-fields': true };
  const read = reader(schema);
  const deprecation = deprecationOf(definition, version);
  let type: Type | undefined;
  return {
    group,
    version: version.name,
    apiVersion,
    kind,
    plural,
    singular,
    shortNames,
    categories,
    namespaced: scope === 'Namespaced',
    resource: `${plural}.${group}`,
    get type() {
      type ??= ownershipType(kind, schema);
      return type;
    },
    ...(listKind && { listKind }),
    rules: rulesOf(version, schema, read),
    conversion: {
      present: presenter(apiVersion, read),
      store: storer(`${group}/${storage.name}`, version === storage ? undefined : reader(storage.schema?.openAPIV3Schema ?? {})),
    },
    custom: {
      definition,
      schema,
      ...(deprecation !== undefined && { deprecation }),
    },
  };
}

type Reader = (body: JsonObject, unknownFields: string[]) => JsonObject;

/** Reads an object as the real server does: pruned, with defaults, its metadata as any other's. */
function reader(schema: JsonSchema): Reader {
  return (body, unknownFields) => {
    const given = Object.fromEntries(Object.entries(body).filter(([, value]) => value !== undefined));
    const object = prune(schema, given, unknownFields);
    fillDefaults(schema, object);
    const unknown: string[] = [];
    const metadata = decode(schemas.core.type('ObjectMeta'), given.metadata ?? {}, unknown);
    unknownFields.push(...unknown.map((path) => `metadata.${path}`));
    return { ...object, metadata };
  };
}

// A definition may have changed since an object was written: what is shown follows the schema of now.
function presenter(apiVersion: string, read: Reader): (stored: KubeObject) => KubeObject {
  const shown = new WeakMap<KubeObject, KubeObject>();
  return (stored) => {
    const known = shown.get(stored);
    if (known) return known;
    const { metadata, ...rest } = stored;
    const { metadata: _, ...object } = read(rest, []);
    const presented = { ...object, apiVersion, kind: stored.kind, metadata };
    const same = sameJson(presented, stored) ? stored : presented;
    shown.set(stored, same);
    return same;
  };
}

function storer(apiVersion: string, read: Reader | undefined): (object: KubeObject) => KubeObject {
  return (object) => {
    if (!read) return object;
    const { metadata, ...rest } = object;
    const { metadata: _, ...stored } = read(rest, []);
    return { ...stored, apiVersion, kind: object.kind, metadata };
  };
}

function rulesOf(version: DefinitionVersion, schema: JsonSchema, read: Reader): Kind['rules'] {
  const { status, scale } = version.subresources ?? {};
  const statusSchema = schema.properties?.status;
  const hasRules = mentionsRules(schema);
  return {
    ...(status && { status: true, statusWithoutMetadata: true }),
    ...(scale && { scale }),
    generation: true,
    alsoGeneration: (object, old) => !sameJson(withoutMetadata(object), withoutMetadata(old)),
    conditionalUpdate: true,
    selectable: (version.selectableFields ?? []).map((field) => field.jsonPath.replace(/^\./, '')),
    decode: read,
    check: (object, old) =>
      withRuleNotice(hasRules, [
        ...checkBySchema(schema, object, old),
        ...checkReplicas(object, scale, ['specReplicasPath', 'statusReplicasPath']),
        ...checkEmbedded(schema, object, ''),
        ...(old && checkListTypes(schema, old).length > 0 ? [] : checkListTypes(schema, object)),
      ]),
    checkStatus: (object, old) => [
      ...(statusSchema && object.status !== undefined ? checkBySchema(statusSchema, object.status, old.status, 'status') : []),
      ...checkReplicas(object, scale, ['statusReplicasPath']),
      ...(statusSchema ? checkListTypes(statusSchema, object.status, 'status') : []),
    ],
    columns: customColumns(version.additionalPrinterColumns, since),
  };
}

function withoutMetadata({ metadata, ...rest }: KubeObject): object {
  return rest;
}

function mentionsRules(schema: JsonSchema): boolean {
  return schema['x-kubernetes-validations'] !== undefined || schemasBelow(schema).some(mentionsRules);
}

const blocking = new Set([
  'FieldValueNotSupported',
  'FieldValueRequired',
  'FieldValueTooLong',
  'FieldValueTooMany',
  'FieldValueTypeInvalid',
]);

function withRuleNotice(hasRules: boolean, problems: FieldProblem[]): FieldProblem[] {
  if (!hasRules || !problems.some((found) => blocking.has(found.reason))) return problems;
  const says = 'some validation rules were not checked because the object was invalid; correct the existing errors to complete validation';
  return [...problems, problem.invalid('<nil>', null, says)];
}

function checkReplicas(
  object: KubeObject,
  scale: ScalePaths | undefined,
  paths: readonly ('specReplicasPath' | 'statusReplicasPath')[],
): FieldProblem[] {
  if (!scale) return [];
  return paths.flatMap((path) => {
    const value = valueAt(object, scale[path]);
    if (typeof value !== 'number' || value >= 0) return [];
    return [problem.invalid(scale[path], value, 'should be a non-negative integer')];
  });
}

/** The value at a path of names, as `.spec.replicas`. */
export function valueAt(object: unknown, path: string): unknown {
  return path
    .split('.')
    .slice(1)
    .reduce((at: unknown, key) => (isObject(at) ? at[key] : undefined), object);
}

// What the schema says is a resource must name its kind, as every resource does.
function checkEmbedded(schema: JsonSchema, value: unknown, path: string): FieldProblem[] {
  if (Array.isArray(value)) {
    const { items } = schema;
    return items ? value.flatMap((item, index) => checkEmbedded(items, item, `${path}[${index}]`)) : [];
  }
  if (!isObject(value)) return [];
  const missing = ['apiVersion', 'kind'].filter((name) => schema['x-kubernetes-embedded-resource'] && value[name] === undefined);
  const values = valueSchema(schema);
  return [
    ...missing.map((name) => problem.required(`${path}.${name}`)),
    ...Object.entries(value).flatMap(([key, item]) => {
      const below = schema.properties?.[key];
      if (below) return checkEmbedded(below, item, path === '' ? key : `${path}.${key}`);
      return values ? checkEmbedded(values, item, `${path}[${key}]`) : [];
    }),
  ];
}

function deprecationOf(definition: Definition, version: DefinitionVersion): string | undefined {
  if (!version.deprecated) return undefined;
  if (version.deprecationWarning !== undefined) return version.deprecationWarning;
  const { group, names, versions } = definition.spec;
  const better = versions
    .filter((other) => other.served && !other.deprecated && compareVersions(other.name, version.name) < 0)
    .sort((a, b) => compareVersions(a.name, b.name))[0];
  const said = `${group}/${version.name} ${names.kind} is deprecated`;
  return better ? `${said}; use ${group}/${better.name} ${names.kind}` : said;
}
