// What we may not do, asked before anything is changed: one question a namespace, and single ones where its answer is incomplete.
import { type Problem, type ResourceId, shortId } from '@konfig/core';
import { type Client, inParallel } from './client';
import type { ServedKind } from './discovery';
import { placeIn, type World } from './world';

export interface Wanted {
  readonly resource: ResourceId;
  readonly type: string;
  readonly verb: 'create' | 'patch' | 'delete';
}

interface Need {
  readonly verb: string;
  readonly served: ServedKind;
  readonly namespace: string | undefined;
  /** Of kinds without namespaces: the right to this one is enough. */
  readonly name?: string;
  readonly ids: ResourceId[];
}

export async function missingPermissions(world: World, rows: readonly Wanted[], signal: AbortSignal): Promise<readonly Problem[]> {
  const needs = await needsOf(world, rows, signal);
  const namespaces = [...new Set(needs.flatMap((need) => need.namespace ?? []))];
  const answers = await inParallel(
    namespaces,
    8,
    async (namespace) => [namespace, await rulesIn(world.client, namespace, signal)] as const,
  );
  const rules = new Map(answers);
  const open = needs.filter((need) => !isAllowed(need, need.namespace === undefined ? [] : (rules.get(need.namespace) ?? [])));
  const denied = await inParallel(open, 12, async (need) => ((await isDenied(world.client, need, signal)) ? need : undefined));
  return denied.flatMap((need) => (need ? [problemOf(need)] : []));
}

/** Verb by verb and kind by kind, not object by object; a server-side apply that makes an object needs create and patch. */
async function needsOf(world: World, rows: readonly Wanted[], signal: AbortSignal): Promise<readonly Need[]> {
  const needs = new Map<string, Need>();
  for (const row of rows) {
    const address = placeIn(world, { id: row.resource, type: row.type });
    const served = await world.discovery.find(address, signal);
    if (!served) continue; // its CRD comes with the plan: nobody can say yet
    const namespace = served.namespaced ? address.namespace : undefined;
    const verbs = row.verb === 'create' ? ['create', 'patch', 'get', 'list', 'watch'] : [row.verb, 'get', 'list', 'watch'];
    for (const verb of verbs) {
      // A create has no name yet that a rule could mean.
      const name = served.namespaced || verb === 'create' ? undefined : address.name;
      const key = [verb, served.group, served.plural, namespace, name].join(' ');
      const need = needs.get(key) ?? { verb, served, namespace, ...(name === undefined ? {} : { name }), ids: [] };
      need.ids.push(row.resource);
      needs.set(key, need);
    }
  }
  return [...needs.values()];
}

interface Rule {
  readonly verbs: readonly string[];
  readonly apiGroups?: readonly string[];
  readonly resources?: readonly string[];
  readonly resourceNames?: readonly string[];
}

/** Undefined: the server does not tell. */
async function rulesIn(client: Client, namespace: string, signal: AbortSignal): Promise<readonly Rule[] | undefined> {
  const body = { apiVersion: 'authorization.k8s.io/v1', kind: 'SelfSubjectRulesReview', spec: { namespace } };
  const path = '/apis/authorization.k8s.io/v1/selfsubjectrulesreviews';
  const answer = await client.request({ method: 'POST', path, body, idempotent: true }, signal);
  const status = answer.body.status as { readonly resourceRules?: readonly Rule[] } | undefined;
  return answer.status < 300 ? status?.resourceRules : undefined;
}

function isAllowed({ verb, served }: Need, rules: readonly Rule[]): boolean {
  return rules.some(
    (rule) =>
      has(rule.verbs, verb) &&
      has(rule.apiGroups, served.group) &&
      has(rule.resources, served.plural) &&
      (rule.resourceNames ?? []).length === 0,
  );
}

function has(list: readonly string[] | undefined, item: string): boolean {
  return list !== undefined && (list.includes('*') || list.includes(item));
}

/** Not known is not denied: a server without this API (the embedded one) has no permissions to miss. */
async function isDenied(client: Client, { verb, served, namespace, name }: Need, signal: AbortSignal): Promise<boolean> {
  const resourceAttributes = {
    verb,
    group: served.group,
    resource: served.plural,
    ...(namespace === undefined ? {} : { namespace }),
    ...(name === undefined ? {} : { name }),
  };
  const body = { apiVersion: 'authorization.k8s.io/v1', kind: 'SelfSubjectAccessReview', spec: { resourceAttributes } };
  const path = '/apis/authorization.k8s.io/v1/selfsubjectaccessreviews';
  const answer = await client.request({ method: 'POST', path, body, idempotent: true }, signal);
  const status = answer.body.status as { readonly allowed?: boolean } | undefined;
  return answer.status < 300 && status?.allowed === false;
}

function problemOf({ verb, served, namespace, ids }: Need): Problem {
  const where = namespace === undefined ? 'in the whole cluster' : `in namespace ${namespace}`;
  const what = served.group ? `${served.plural}.${served.group}` : served.plural;
  const names = [...new Set(ids)].map(shortId);
  const forWhat = names.length > 3 ? `${names.slice(0, 3).join(', ')} and ${names.length - 3} more` : names.join(', ');
  return {
    code: 'PERMISSION_MISSING',
    message: `You may not ${verb} ${what} ${where}, which ${forWhat} ${names.length === 1 ? 'needs' : 'need'}.`,
    hint: `Ask for a ${namespace === undefined ? 'ClusterRole' : 'Role'} with the verb ${verb} on ${what}.`,
    at: ids[0] as string,
  };
}
