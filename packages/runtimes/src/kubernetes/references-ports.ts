// Ports that nobody has, and selectors that select no pod of the stack. Pure.
import {
  asLater,
  didYouMean,
  isObject,
  type Json,
  type JsonObject,
  type Path,
  type Problem,
  pathText,
  type Resource,
  shortId,
} from '@konfig/core';
import { at, type Entry, entriesAt, objectAt } from './field';
import { backendsOf, containersOf, keyOf, type PodIn, podsIn } from './references';
import { isEmptySelector, mismatchOf } from './schema/rules/selector';

/** All ports that are named by what uses them and that what offers them does not have. */
export function missingPorts(resources: readonly Resource[]): readonly Problem[] {
  return resources.flatMap((resource) => {
    const object: Entry = { value: resource.attributes, path: [] };
    switch (keyOf(resource).kind) {
      case 'Service':
        return ofService(resource, object, resources);
      case 'Ingress.networking.k8s.io':
        return backendsOf(object).flatMap((backend) => ofBackend(resource, backend, resources));
      case 'PodDisruptionBudget.policy':
        return objectAt(object, 'spec', 'selector').flatMap(({ value, path }) =>
          selected(resource, value, resources).length > 0 ? [] : nothingSelected(resource, { value, path }, resources),
        );
      default:
        return podsIn(object).flatMap(({ spec }) => containersOf(spec).flatMap((container) => ofContainer(resource, container)));
    }
  });
}

/** A probe, or a hook, may name a port of its own container. */
function ofContainer(resource: Resource, container: Entry): readonly Problem[] {
  const handlers = [
    ...['livenessProbe', 'readinessProbe', 'startupProbe'].flatMap((probe) => objectAt(container, probe)),
    ...['postStart', 'preStop'].flatMap((hook) => objectAt(container, 'lifecycle', hook)),
  ];
  const names = portNames([container]);
  return handlers
    .flatMap((handler) => [...objectAt(handler, 'httpGet'), ...objectAt(handler, 'tcpSocket')])
    .flatMap(({ value, path }) =>
      names === undefined || typeof value.port !== 'string' || value.port === '' || names.includes(value.port)
        ? []
        : [noPort(resource, { path: [...path, 'port'], port: value.port, of: `container ${String(container.value.name)}`, names })],
    );
}

function ofService(resource: Resource, object: Entry, resources: readonly Resource[]): readonly Problem[] {
  const [selector] = objectAt(object, 'spec', 'selector');
  if (!selector || Object.keys(selector.value).length === 0 || at(object.value, 'spec', 'type') === 'ExternalName') return [];
  const labels = { matchLabels: selector.value };
  const pods = selected(resource, labels, resources);
  if (pods.length === 0) return nothingSelected(resource, { value: labels, path: selector.path }, resources);
  const names = portNames(pods.flatMap(({ spec }) => containersOf(spec)));
  return entriesAt(object, 'spec', 'ports').flatMap(({ value, path }) => {
    const { targetPort } = value;
    if (names === undefined || typeof targetPort !== 'string' || targetPort === '' || names.includes(targetPort)) return [];
    return [noPort(resource, { path: [...path, 'targetPort'], port: targetPort, of: 'the pods that it selects', names })];
  });
}

/** Undefined where they are not all known. */
function portNames(containers: readonly Entry[]): readonly string[] | undefined {
  const names = containers.flatMap((container) =>
    asLater(container.value.ports) ? [{}] : entriesAt(container, 'ports').map(({ value }) => value.name),
  );
  return names.some((name) => isObject(name)) ? undefined : names.filter((name): name is string => typeof name === 'string');
}

interface NoPort {
  readonly path: Path;
  readonly port: string | number;
  readonly of: string;
  readonly names: readonly (string | number)[];
}

function noPort(resource: Resource, { path, port, of, names }: NoPort): Problem {
  const near = typeof port === 'string' ? didYouMean(port, names.map(String)) : '';
  const [they, have, dont] = of.startsWith('the pods') ? ['They', 'have', 'do not'] : ['It', 'has', 'does not'];
  return {
    code: 'SPEC_REFERENCE',
    message: `${shortId(resource.id)} wants the port ${port} of ${of}, which ${dont} have it.`,
    hint: `${near}${they} ${have} ${names.length > 0 ? names.join(', ') : 'no port with a name'}.`,
    at: `${resource.id} ${pathText(path)}`,
  };
}

function ofBackend(resource: Resource, backend: Entry, resources: readonly Resource[]): readonly Problem[] {
  const { namespace } = keyOf(resource);
  return objectAt(backend, 'service').flatMap(({ value, path }) => {
    const service = resources.find((other) => {
      const key = keyOf(other);
      return other.target === resource.target && key.kind === 'Service' && key.namespace === namespace && key.name === value.name;
    });
    const ports = service && at(service.attributes, 'spec', 'ports');
    if (!service || !Array.isArray(ports) || ports.some((port) => asLater(port))) return [];
    return (['name', 'number'] as const).flatMap((field) => {
      const wanted = at(value, 'port', field);
      const names = ports.map((port: Json) => at(port, field === 'name' ? 'name' : 'port'));
      if (wanted === undefined || wanted === '' || asLater(wanted) || names.some((name) => asLater(name)) || names.includes(wanted))
        return [];
      const there = names.filter((name): name is string | number => typeof name === 'string' || typeof name === 'number');
      return [noPort(resource, { path: [...path, 'port', field], port: wanted as string | number, of: shortId(service.id), names: there })];
    });
  });
}

/** The pods of the stack that a selector means, in the namespace of who selects. */
function selected(resource: Resource, selector: JsonObject, resources: readonly Resource[]): readonly PodIn[] {
  if (isEmptySelector(selector)) return podsBeside(resource, resources);
  return podsBeside(resource, resources).filter(({ labels }) => mismatchOf(selector, labels) === undefined);
}

function podsBeside(resource: Resource, resources: readonly Resource[]): readonly PodIn[] {
  const { namespace } = keyOf(resource);
  return resources
    .filter((other) => other.target === resource.target && keyOf(other).namespace === namespace)
    .flatMap(({ attributes }) => podsIn({ value: attributes, path: [] }));
}

/** An error where some pods come so close that they must be meant; else the pods may be of another stack, or made by an operator. */
function nothingSelected(resource: Resource, { value, path }: Entry, resources: readonly Resource[]): readonly Problem[] {
  const pods = podsBeside(resource, resources);
  const near = pods.find(({ labels }) => isNear(value, labels));
  if (!near && pods.length === 0) return [];
  const wanted = at(value, 'matchLabels');
  const said = isObject(wanted) ? Object.entries(wanted).map(([key, one]) => `${key}: ${String(one)}`) : [];
  return [
    {
      code: 'SPEC_REFERENCE',
      ...(near ? {} : { severity: 'warning' as const }),
      message: `${shortId(resource.id)} selects no pods of this stack${said.length > 0 ? ` (${said.join(', ')})` : ''}.`,
      hint: near
        ? `The nearest have ${labelsText(near.labels)}: give selector and pods the same labels.`
        : 'If its pods come from elsewhere, all is well; else correct the selector.',
      at: `${resource.id} ${pathText(path)}`,
    },
  ];
}

/** One label is alike and the rest is there with another value, or a value is misspelt. */
function isNear(selector: JsonObject, labels: Json | undefined): boolean {
  const wanted = at(selector, 'matchLabels');
  if (!isObject(wanted) || !isObject(labels)) return false;
  const entries = Object.entries(wanted).filter(([, value]) => typeof value === 'string') as readonly (readonly [string, string])[];
  const isAlike = ([key, value]: readonly [string, string]) => labels[key] === value;
  const isMisspelt = ([key, value]: readonly [string, string]) =>
    typeof labels[key] === 'string' && value.length > 1 && didYouMean(value, [labels[key] as string]) !== '';
  const isRenamed = ([key, value]: readonly [string, string]) => !Object.hasOwn(labels, key) && Object.values(labels).includes(value);
  return entries.length > 0 && entries.every((entry) => isAlike(entry) || isMisspelt(entry) || isRenamed(entry));
}

function labelsText(labels: Json | undefined): string {
  return isObject(labels)
    ? Object.entries(labels)
        .map(([key, value]) => `${key}: ${String(value)}`)
        .join(', ')
    : 'none';
}
