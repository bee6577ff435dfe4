// What we may not do, asked before anything is changed: one question a namespace, and single ones where its answer is incomplete.
import { namesText, type Problem, type ResourceId, shortId } from '@konfig/core';
import { inParallel } from '../in-parallel';
import { groupKind } from './address';
import type { Client } from './client';
import type { ServedKind } from './discovery';
import { alsoFollowed } from './related';
import { placeIn, type World } from './world';

export interface Wanted {
  readonly resource: ResourceId;
  readonly type: string;
  readonly verb: 'create' | 'patch' | 'delete';
}

interface Need {
  readonly verb: string;
  readonly group: string;
  /** With its subresource: `pods/log`. */
  readonly plural: string;
  readonly namespace: string | undefined;
  /** Of kinds without namespaces: the right to this one is enough. */
  readonly name?: string;
  readonly for: NeededFor;
  /** Why, where the verb does not say it. */
  readonly why?: string;
  /** Without it all can be done, but less can be told. */
  readonly isHelpful?: boolean;
}

/** Resources, or the records in a namespace. */
type NeededFor = { readonly resources: readonly ResourceId[] } | { readonly recordsIn: string };

export async function missingPermissions(world: World, rows: readonly Wanted[], signal: AbortSignal): Promise<readonly Problem[]> {
  const needs = [...(await needsOf(world, rows, signal)), ...(await needsOfRecords(world, rows, signal))];
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
  const needs = new Map<string, Need & { readonly for: { readonly resources: ResourceId[] } }>();
  const add = (need: Omit<Need, 'for'>, id: ResourceId) => {
    const key = [need.verb, need.group, need.plural, need.namespace, need.name].join(' ');
    const known = needs.get(key);
    if (known) known.for.resources.push(id);
    else needs.set(key, { ...need, for: { resources: [id] } });
  };
  for (const row of rows) {
    const address = placeIn(world, { id: row.resource, type: row.type });
    const served = await world.discovery.find(address, signal);
    if (!served) continue; // its CRD comes with the plan: nobody can say yet
    const { group, plural } = served;
    const namespace = served.namespaced ? address.namespace : undefined;
    const verbs = row.verb === 'create' ? ['create', 'patch', 'get', 'list', 'watch'] : [row.verb, 'get', 'list', 'watch'];
    for (const verb of verbs) {
      // A create has no name yet that a rule could mean.
      const name = served.namespaced || verb === 'create' ? {} : { name: address.name };
      add({ verb, group, plural, namespace, ...name }, row.resource);
    }
    const grant = row.verb === 'delete' ? undefined : world.refusedGrants.get(row.resource);
    if (grant) add({ ...grant, group: 'rbac.authorization.k8s.io', why: `${shortId(row.resource)} grants ${grant.granted}` }, row.resource);
    for (const need of row.verb === 'delete' ? [] : await observed(world, served, signal))
      add({ ...need, namespace, isHelpful: true }, row.resource);
  }
  return [...needs.values()];
}

/** What hangs from a kind and is followed to say how it is. */
async function observed(
  world: World,
  served: ServedKind,
  signal: AbortSignal,
): Promise<readonly Pick<Need, 'verb' | 'group' | 'plural'>[]> {
  const kinds = await Promise.all((alsoFollowed[groupKind(served)] ?? []).map((kind) => world.discovery.find(kind, signal)));
  const found = kinds.flatMap((kind) => kind ?? []);
  const lists = found.flatMap(({ group, plural }) => ['list', 'watch'].map((verb) => ({ verb, group, plural })));
  return found.some(({ kind }) => kind === 'Pod') ? [...lists, { verb: 'get', group: '', plural: 'pods/log' }] : lists;
}

/** Any change is recorded, and locked before. */
async function needsOfRecords(world: World, rows: readonly Wanted[], signal: AbortSignal): Promise<readonly Need[]> {
  if (rows.length === 0) return [];
  const needs: Need[] = [];
  for (const namespace of world.recordsIn) {
    const need = (verb: string, group: string, plural: string) =>
      needs.push({ verb, group, plural, namespace, for: { recordsIn: namespace } });
    for (const verb of ['get', 'list', 'create', 'update', 'patch', 'delete']) need(verb, '', 'secrets');
    for (const verb of ['get', 'create', 'update', 'patch']) need(verb, 'coordination.k8s.io', 'leases');
    const there = await world.client.request({ method: 'GET', path: `/api/v1/namespaces/${encodeURIComponent(namespace)}` }, signal);
    if (there.status === 404)
      needs.push({ verb: 'create', group: '', plural: 'namespaces', namespace: undefined, for: { recordsIn: namespace } });
  }
  return needs;
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

function isAllowed({ verb, group, plural }: Need, rules: readonly Rule[]): boolean {
  return rules.some(
    (rule) =>
      has(rule.verbs, verb) &&
      has(rule.apiGroups, group) &&
      (has(rule.resources, plural) || (plural.includes('/') && has(rule.resources, `*/${plural.split('/')[1]}`))) &&
      (rule.resourceNames ?? []).length === 0,
  );
}

function has(list: readonly string[] | undefined, item: string): boolean {
  return list !== undefined && (list.includes('*') || list.includes(item));
}

/** Not known is not denied: a server without this API (the embedded one) has no permissions to miss. */
async function isDenied(client: Client, { verb, group, plural, namespace, name }: Need, signal: AbortSignal): Promise<boolean> {
  const resourceAttributes = {
    verb,
    group,
    resource: plural.split('/')[0],
    ...(plural.includes('/') ? { subresource: plural.split('/')[1] } : {}),
    ...(namespace === undefined ? {} : { namespace }),
    ...(name === undefined ? {} : { name }),
  };
  const body = { apiVersion: 'authorization.k8s.io/v1', kind: 'SelfSubjectAccessReview', spec: { resourceAttributes } };
  const path = '/apis/authorization.k8s.io/v1/selfsubjectaccessreviews';
  const answer = await client.request({ method: 'POST', path, body, idempotent: true }, signal);
  const status = answer.body.status as { readonly allowed?: boolean } | undefined;
  return answer.status < 300 && status?.allowed === false;
}

function problemOf({ verb, group, plural, namespace, name, for: needers, why, isHelpful }: Need): Problem {
  const where = namespace === undefined ? 'in the whole cluster' : `in namespace ${namespace}`;
  const what = group ? `${plural}.${group}` : plural;
  const ids = 'resources' in needers ? [...new Set(needers.resources)] : [];
  const forWhat = 'recordsIn' in needers ? `the records in namespace ${needers.recordsIn}` : namesText(ids.map(shortId));
  const role = namespace === undefined ? 'ClusterRole' : 'Role';
  const isOne = ids.length === 1;
  return {
    code: 'PERMISSION_MISSING',
    message: isHelpful
      ? `You may not ${verb} ${what} ${where}: how ${forWhat} ${isOne ? 'is' : 'are'} can only be told in part.`
      : `You may not ${verb} ${what} ${where}, which ${forWhat} ${isOne ? 'needs' : 'need'}${why ? ` (${why})` : ''}.`,
    hint: `Ask for a ${role} with the verb ${verb} on ${what}${name !== undefined && verb === 'bind' ? ` named ${name}` : ''}${why ? ', or for what is granted' : ''}.`,
    ...(ids[0] === undefined ? {} : { at: ids[0] }),
    ...(isHelpful ? { severity: 'warning' as const } : {}),
  };
}
