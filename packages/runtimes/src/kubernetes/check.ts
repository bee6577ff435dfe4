// Errors in manifests that can be seen without a cluster: all of them at once.
import { isObject, type Json, type JsonObject, latersIn, type Path, type Problem, pathText, type Resource, shortId } from '@konfig/core';
import { groupKind, kindOf, typeOf } from './address';

export function checkResources(resources: readonly Resource[]): readonly Problem[] {
  return resources.flatMap(checkResource);
}

function checkResource(resource: Resource): readonly Problem[] {
  const { attributes } = resource;
  const found: Found[] = [...checkShape(attributes), ...checkId(resource)];
  const metadata = attributes.metadata;
  if (isObject(metadata)) found.push(...checkName(attributes, metadata), ...checkLabels(metadata), ...checkTemplate(attributes));
  return found.map(({ path, message, hint }) => ({
    code: 'SPEC_INVALID',
    message: `${shortId(resource.id)}: ${message}`,
    ...(hint === undefined ? {} : { hint }),
    at: path.length === 0 ? resource.id : `${resource.id} ${pathText(path)}`,
  }));
}

interface Found {
  readonly path: Path;
  readonly message: string;
  readonly hint?: string;
}

function checkShape(attributes: JsonObject): readonly Found[] {
  const found: Found[] = [];
  for (const key of ['apiVersion', 'kind']) {
    const value = attributes[key];
    if (typeof value !== 'string' || value === '')
      found.push({ path: [key], message: `${key} is ${text(value)}, but must be a text such as ${examples[key]}.` });
  }
  if (!isObject(attributes.metadata))
    found.push({ path: ['metadata'], message: `metadata is ${text(attributes.metadata)}, but must have a name.` });
  return found;
}

const examples: { readonly [key: string]: string } = { apiVersion: 'apps/v1', kind: 'Deployment' };

/** The id and the manifest must mean one object, or the inventory would lose it. */
function checkId({ id, type, attributes }: Resource): readonly Found[] {
  const { apiVersion, kind, metadata } = attributes;
  if (typeof apiVersion !== 'string' || typeof kind !== 'string' || !isObject(metadata)) return [];
  const found: Found[] = [];
  const own = typeOf(apiVersion, kind);
  if (own !== type) found.push({ path: ['apiVersion'], message: `the manifest is a ${own}, but its resource is a ${type}.` });
  const parts = id.slice(id.indexOf(':') + 1).split('/');
  const expected = [groupKind(kindOf(own)), ...(parts.length === 3 ? [String(metadata.namespace ?? parts[1])] : []), String(metadata.name)];
  if (isKnown(metadata.name) && expected.join('/') !== parts.join('/'))
    found.push({ path: ['metadata', 'name'], message: `the manifest is ${expected.join('/')}, but its id says ${parts.join('/')}.` });
  return found;
}

function checkName(attributes: JsonObject, metadata: JsonObject): readonly Found[] {
  const found: Found[] = [];
  const { name, namespace } = metadata;
  if (isKnown(name)) found.push(...nameProblem(attributes, name));
  if (namespace !== undefined && isKnown(namespace) && !isLabelName(namespace))
    found.push({
      path: ['metadata', 'namespace'],
      message: `namespace ${text(namespace)} is not a DNS label.`,
      hint: 'Use at most 63 lower-case letters, digits and -, beginning and ending with a letter or digit.',
    });
  return found;
}

function nameProblem({ kind, apiVersion }: JsonObject, name: Json | undefined): readonly Found[] {
  const path: Path = ['metadata', 'name'];
  if (typeof name !== 'string' || name === '') return [{ path, message: `metadata.name is ${text(name)}, but every object needs a name.` }];
  const group = typeof apiVersion === 'string' && apiVersion.includes('/') ? apiVersion.slice(0, apiVersion.indexOf('/')) : '';
  if (group === 'rbac.authorization.k8s.io') {
    // RBAC names are path segments: `system:node` is one.
    return name === '.' || name === '..' || /[/%]/.test(name) ? [{ path, message: `the name ${text(name)} may not hold / or %.` }] : [];
  }
  const isShort = typeof kind === 'string' && group === '' && ['Service', 'Namespace'].includes(kind);
  if (isShort && !isLabelName(name))
    return [
      {
        path,
        message: `the name ${text(name)} is not a DNS label.`,
        hint: 'Use at most 63 lower-case letters, digits and -, beginning and ending with a letter or digit.',
      },
    ];
  if (isShort && kind === 'Service' && !/^[a-z]/.test(name))
    return [{ path, message: `the name ${text(name)} of a Service must begin with a letter.` }];
  if (isSubdomain(name)) return [];
  return [
    {
      path,
      message: `the name ${text(name)} is not a DNS name.`,
      hint: 'Use at most 253 lower-case letters, digits, - and ., each part beginning and ending with a letter or digit.',
    },
  ];
}

function checkTemplate(attributes: JsonObject): readonly Found[] {
  const spec = attributes.spec;
  const template = isObject(spec) ? spec.template : undefined;
  const metadata = isObject(template) ? template.metadata : undefined;
  return isObject(metadata) ? checkLabels(metadata, ['spec', 'template']) : [];
}

function checkLabels(metadata: JsonObject, above: Path = []): readonly Found[] {
  return ['labels', 'annotations'].flatMap((field) => {
    const values = metadata[field];
    const path: Path = [...above, 'metadata', field];
    if (values === undefined || !isKnown(values)) return [];
    if (!isObject(values)) return [{ path, message: `${field} is ${text(values)}, but must be an object of texts.` }];
    return Object.entries(values).flatMap(([key, value]) => checkLabel({ field, key, value, path: [...path, key] }));
  });
}

interface Label {
  readonly field: string;
  readonly key: string;
  readonly value: Json;
  readonly path: Path;
}

function checkLabel({ field, key, value, path }: Label): readonly Found[] {
  const found: Found[] = [];
  const what = field === 'labels' ? 'label' : 'annotation';
  if (!isQualifiedName(field === 'labels' ? key : key.toLowerCase()))
    found.push({
      path,
      message: `the ${what} ${text(key)} is not a valid key.`,
      hint: 'A key is a name of at most 63 characters, with an optional DNS prefix and /: app.kubernetes.io/name.',
    });
  if (!isKnown(value)) return found;
  if (typeof value !== 'string')
    found.push({
      path,
      message: `the ${what} ${key} is ${text(value)}, but must be a text.`,
      hint: `Write ${JSON.stringify(text(value))}.`,
    });
  else if (field === 'labels' && !/^(([A-Za-z0-9][-A-Za-z0-9_.]{0,61})?[A-Za-z0-9])?$/.test(value))
    found.push({
      path,
      message: `the label ${key} has the value ${text(value)}, which a label cannot have.`,
      hint: 'Use at most 63 letters, digits, -, _ and ., beginning and ending with a letter or digit, or make it an annotation.',
    });
  return found;
}

function isKnown(value: Json | undefined): boolean {
  return value === undefined || latersIn(value).length === 0;
}

function isLabelName(value: Json | undefined): boolean {
  return typeof value === 'string' && /^[a-z0-9]([-a-z0-9]{0,61}[a-z0-9])?$/.test(value);
}

function isSubdomain(value: string): boolean {
  return value.length <= 253 && /^[a-z0-9]([-a-z0-9]*[a-z0-9])?(\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*$/.test(value);
}

function isQualifiedName(key: string): boolean {
  const slash = key.indexOf('/');
  const name = key.slice(slash + 1);
  return (slash < 0 || isSubdomain(key.slice(0, slash))) && /^([A-Za-z0-9][-A-Za-z0-9_.]{0,61})?[A-Za-z0-9]$/.test(name);
}

function text(value: Json | undefined): string {
  if (value === undefined) return 'missing';
  const json = JSON.stringify(value);
  return json.length > 80 ? `${json.slice(0, 79)}…` : json;
}
