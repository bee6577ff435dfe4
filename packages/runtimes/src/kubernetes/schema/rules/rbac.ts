// What the API server refuses in roles and their bindings.
import { asLater } from '@konfig/core';
import { type Entry, entriesAt, list, objectAt } from '../../field';
import { type Fault, quoted } from '../fault';
import { isGiven } from '../limits';
import type { Rule } from './rule';

export const role: Rule = (object) =>
  entriesAt(object, 'rules').flatMap(({ value, path }) => {
    const has = (field: string) => asLater(value[field]) !== undefined || list(value[field]).length > 0;
    const missing = (field: string) => ({ path: [...path, field], message: `${field} is missing.` });
    if (!has('verbs')) return [missing('verbs')];
    if (has('nonResourceURLs')) {
      if (object.value.kind === 'Role')
        return [{ path: [...path, 'nonResourceURLs'], message: 'nonResourceURLs is for a ClusterRole only.' }];
      return ['resources', 'apiGroups', 'resourceNames'].filter(has).map((field) => ({
        path: [...path, field],
        message: `${field} may not stand beside nonResourceURLs.`,
        hint: 'Make two rules of it.',
      }));
    }
    return ['apiGroups', 'resources']
      .filter((field) => !has(field))
      .map((field) => ({
        ...missing(field),
        ...(field === 'apiGroups' ? { hint: 'The core group is the empty text: apiGroups: [""].' } : {}),
      }));
  });

const group = 'rbac.authorization.k8s.io';

export const roleBinding: Rule = (object) => [
  ...objectAt(object, 'roleRef').flatMap((ref) => roleRefFaults(ref, object.value.kind === 'ClusterRoleBinding')),
  ...entriesAt(object, 'subjects').flatMap((subject) => subjectFaults(subject, object.value.kind === 'ClusterRoleBinding')),
];

function roleRefFaults({ value, path }: Entry, isForCluster: boolean): readonly Fault[] {
  const kinds = isForCluster ? ['ClusterRole'] : ['Role', 'ClusterRole'];
  const faults: Fault[] = [];
  if (typeof value.apiGroup === 'string' && value.apiGroup !== '' && value.apiGroup !== group)
    faults.push({ path: [...path, 'apiGroup'], message: `apiGroup is ${quoted(value.apiGroup)}, but must be ${group}.` });
  if (typeof value.kind === 'string' && !kinds.includes(value.kind))
    faults.push({ path: [...path, 'kind'], message: `kind is ${quoted(value.kind)}, but must be ${kinds.join(' or ')}.` });
  return faults;
}

function subjectFaults({ value, path }: Entry, isForCluster: boolean): readonly Fault[] {
  const { kind, apiGroup, namespace } = value;
  if (asLater(kind) || asLater(apiGroup) || typeof kind !== 'string') return [];
  if (kind === 'ServiceAccount') {
    // In a RoleBinding the default is its own namespace.
    if (isForCluster && (!isGiven(namespace) || namespace === ''))
      return [{ path: [...path, 'namespace'], message: 'namespace is missing, which a ServiceAccount needs here.' }];
    return apiGroup
      ? [{ path: [...path, 'apiGroup'], message: `apiGroup is ${quoted(apiGroup)}, but a ServiceAccount has none.`, hint: 'Leave it out.' }]
      : [];
  }
  return apiGroup && apiGroup !== group
    ? [{ path: [...path, 'apiGroup'], message: `apiGroup is ${quoted(apiGroup)}, but must be ${group}.` }]
    : [];
}
