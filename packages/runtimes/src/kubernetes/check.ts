// Errors in manifests that can be seen without a cluster: all of them at once.
import {
  isObject,
  type Json,
  type JsonObject,
  latersIn,
  type Path,
  type Problem,
  pathText,
  type Resource,
  shortId,
  valueAt,
} from '@konfig/core';
import { groupKind, kindOf, typeOf } from './address';
import { quoted } from './schema/fault';
import { isLabelName, isLabelValue, isQualifiedName, isSubdomain, labelHint, subdomainHint } from './schema/syntax';

export function checkResources(resources: readonly Resource[]): readonly Problem[] {
  return resources.flatMap(checkResource);
}

function checkResource(resource: Resource): readonly Problem[] {
  const { attributes } = resource;
  const found: Found[] = [...checkShape(attributes), ...checkId(resource)];
  const metadata = attributes.metadata;
  if (isObject(metadata)) found.push(...checkName(attributes, metadata), ...checkLabels(metadata), ...checkTemplates(attributes));
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
      found.push({ path: [key], message: `${key} is ${quoted(value)}, but must be a text such as ${examples[key]}.` });
  }
  if (!isObject(attributes.metadata))
    found.push({ path: ['metadata'], message: `metadata is ${quoted(attributes.metadata)}, but must have a name.` });
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
      message: `namespace ${quoted(namespace)} is not a DNS label.`,
      hint: labelHint,
    });
  return found;
}

function nameProblem({ kind, apiVersion }: JsonObject, name: Json | undefined): readonly Found[] {
  const path: Path = ['metadata', 'name'];
  if (typeof name !== 'string' || name === '')
    return [{ path, message: `metadata.name is ${quoted(name)}, but every object needs a name.` }];
  const group = typeof apiVersion === 'string' && apiVersion.includes('/') ? apiVersion.slice(0, apiVersion.indexOf('/')) : '';
  if (freeNames.has(group) || freeNames.has(groupKind({ group, kind: String(kind) })))
    return name === '.' || name === '..' || /[/%]/.test(name) ? [{ path, message: `the name ${quoted(name)} may not hold / or %.` }] : [];
  if (group === '' && typeof kind === 'string' && labelNames.has(kind))
    return isLabelName(name) ? [] : [{ path, message: `the name ${quoted(name)} is not a DNS label.`, hint: labelHint }];
  return isSubdomain(name) ? [] : [{ path, message: `the name ${quoted(name)} is not a DNS name.`, hint: subdomainHint }];
}

const labelNames = new Set(['Namespace', 'Service']);

/** Groups and kinds whose names are no more than a part of a path: `system:node` is one of RBAC. */
const freeNames = new Set([
  'rbac.authorization.k8s.io',
  'CertificateSigningRequest.certificates.k8s.io',
  'ClusterTrustBundle.certificates.k8s.io',
  'IPAddress.networking.k8s.io',
  'PodDisruptionBudget.policy',
]);

/** The labels of pods that it makes. */
function checkTemplates(attributes: JsonObject): readonly Found[] {
  return templatePaths.flatMap((path) => {
    const metadata = valueAt(attributes, [...path, 'metadata']);
    return isObject(metadata) ? checkLabels(metadata, path) : [];
  });
}

const templatePaths: readonly Path[] = [
  ['spec', 'template'],
  ['spec', 'jobTemplate', 'spec', 'template'],
];

function checkLabels(metadata: JsonObject, above: Path = []): readonly Found[] {
  return ['labels', 'annotations'].flatMap((field) => {
    const values = metadata[field];
    const path: Path = [...above, 'metadata', field];
    // Null is the same as nothing to the server.
    if (values === undefined || values === null || !isKnown(values)) return [];
    if (!isObject(values)) return [{ path, message: `${field} is ${quoted(values)}, but must be an object of texts.` }];
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
      message: `the ${what} ${quoted(key)} is not a valid key.`,
      hint: 'A key is a name of at most 63 characters, with an optional DNS prefix and /: app.kubernetes.io/name.',
    });
  if (value === null || !isKnown(value)) return found;
  if (typeof value !== 'string')
    found.push({
      path,
      message: `the ${what} ${key} is ${quoted(value)}, but must be a text.`,
      hint: `Write ${JSON.stringify(quoted(value))}.`,
    });
  else if (field === 'labels' && !isLabelValue(value))
    found.push({
      path,
      message: `the label ${key} has the value ${quoted(value)}, which a label cannot have.`,
      hint: 'Use at most 63 letters, digits, -, _ and ., beginning and ending with a letter or digit, or make it an annotation.',
    });
  return found;
}

function isKnown(value: Json | undefined): boolean {
  return value === undefined || latersIn(value).length === 0;
}
