// What the API server refuses in an Ingress.
import { asLater, isObject } from '@konfig/core';
import { type Entry, entriesAt, list, objectAt } from '../../field';
import { type Fault, quoted } from '../fault';
import { isGiven, oneOfFaults, textFaults } from '../limits';
import { isAddress, isLabelName, isWildcardSubdomain, labelHint } from '../syntax';
import type { Rule } from './rule';

export const ingress: Rule = (object) => {
  const spec = objectAt(object, 'spec')[0] ?? { value: {}, path: ['spec'] };
  const { rules, defaultBackend } = spec.value;
  const isEmpty = !asLater(rules) && list(rules).length === 0 && !isGiven(defaultBackend) && !asLater(object.value.spec);
  return [
    ...(isEmpty ? [{ path: spec.path, message: 'An Ingress needs rules or a defaultBackend.' }] : []),
    ...objectAt(spec, 'defaultBackend').flatMap(backendFaults),
    ...entriesAt(spec, 'rules').flatMap(ruleFaults),
    ...entriesAt(spec, 'tls').flatMap(({ value, path }) =>
      list(value.hosts).flatMap((host, i) =>
        typeof host === 'string' && !isWildcardSubdomain(host)
          ? [{ path: [...path, 'hosts', i], message: `${quoted(host)} is no DNS name.` }]
          : [],
      ),
    ),
  ];
};

function ruleFaults(rule: Entry): readonly Fault[] {
  return [
    ...textFaults(rule, 'host', {
      isOk: (host) => isWildcardSubdomain(host) && !isAddress(host),
      words: 'DNS name',
      hint: 'Write the name alone, without scheme, port and path.',
    }),
    ...entriesAt(rule, 'http', 'paths').flatMap((path) => [...pathFaults(path), ...objectAt(path, 'backend').flatMap(backendFaults)]),
  ];
}

function pathFaults(entry: Entry): readonly Fault[] {
  const { path, pathType } = entry.value;
  if (pathType !== 'Exact' && pathType !== 'Prefix') return [];
  if (asLater(path)) return [];
  if (typeof path !== 'string' || !path.startsWith('/'))
    return [{ path: [...entry.path, 'path'], message: `path is ${quoted(path)}, but must begin with / for pathType: ${pathType}.` }];
  const bad = ['//', '/./', '/../', '%2f', '%2F'].find((part) => path.includes(part)) ?? (/\/\.\.?$/.test(path) ? '.' : undefined);
  return bad === undefined ? [] : [{ path: [...entry.path, 'path'], message: `path is ${quoted(path)}, but may not hold ${bad}.` }];
}

function backendFaults(backend: Entry): readonly Fault[] {
  return [
    ...oneOfFaults(backend, ['service', 'resource'], { what: 'The backend', isNeeded: true }),
    ...objectAt(backend, 'service').flatMap((service) => [
      ...textFaults(service, 'name', { isOk: isLabelName, words: 'name of a Service', hint: labelHint }),
      ...servicePortFaults(service),
    ]),
  ];
}

function servicePortFaults(service: Entry): readonly Fault[] {
  const { port } = service.value;
  if (asLater(port)) return [];
  if (isObject(port))
    return objectAt(service, 'port').flatMap((one) => oneOfFaults(one, ['name', 'number'], { what: 'port', isNeeded: true }));
  return [{ path: [...service.path, 'port'], message: 'port is missing.', hint: 'Write port: {number: 80}, or {name: http}.' }];
}
