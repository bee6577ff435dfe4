// What applying would change, asked of the server by dry run: facts for core's makePlan, no decision.
import { equalJson, namesText, type PlannedRow, type PlanRequest, type Problem, type Resource, shortId } from '@konfig/core';
import { inParallel } from '../in-parallel';
import { groupKind, kindOf } from './address';
import { objectOf, statusOf } from './answer';
import { terminatingNamespace, terminatingProblem } from './namespaces';
import type { KubeObject, Status } from './objects';
import { inOwnWords } from './own-words';
import { changesHands, ownerOf } from './owners';
import { upgradeProblems } from './plan-definition';
import { checkByDefinition, knowsNoDryRun, planUnasked, planUnserved } from './plan-offline';
import { planRemoved } from './plan-removed';
import { immutableIn, planReplace } from './plan-replace';
import { refusalOf } from './refusal';
import { rejectionOf } from './rejection';
import type { SsaResult } from './server-side-apply';
import { isAboutUnknowns } from './unknowns';
import { silentWebhook, webhookProblem } from './webhooks';
import { changesOffline, changesTo, dryRun, madeByPlan, readLive, rowOf, type ServedWish, schemaBefore, stranger, type Wish } from './wish';
import { placeIn, type World } from './world';

const atOnce = 12;

export async function planResources(world: World, request: PlanRequest, signal: AbortSignal): Promise<readonly PlannedRow[]> {
  const made = madeByPlan([...request.wished, ...(request.beside ?? [])]);
  await lookAgain(world, request, signal);
  const closing = await closingNamespaces(world, request.wished, signal);
  const ask = async (resource: Resource) => closing.get(resource.id) ?? planWished(world, { resource, stack: request.stack, made }, signal);
  const asked = await inParallel(request.wished, atOnce, ask);
  return [...tellWarningsOnce(asked), ...(await planRemoved(world, request, signal))];
}

/** A kind that is missing may have come since we looked. */
async function lookAgain(world: World, { wished }: PlanRequest, signal: AbortSignal): Promise<void> {
  const kinds = new Map(wished.map((resource) => [resource.type, kindOf(resource.type)]));
  const found = await Promise.all([...kinds.values()].map((kind) => world.discovery.find(kind, signal)));
  if (found.includes(undefined)) await world.discovery.refresh(signal);
}

/** Rows of what is for a namespace on its way out: the first of each says so for all. */
async function closingNamespaces(world: World, wished: readonly Resource[], signal: AbortSignal): Promise<ReadonlyMap<string, Asked>> {
  const inside = new Map<string, Resource[]>();
  for (const resource of wished) {
    const { kind, name, namespace } = placeIn(world, resource);
    const isNamespaced = (await world.discovery.find(kindOf(resource.type), signal))?.namespaced ?? resource.id.split('/').length > 2;
    const where = kind === 'Namespace' ? name : isNamespaced ? namespace : undefined;
    if (where === undefined) continue;
    const others = inside.get(where);
    if (others) others.push(resource);
    else inside.set(where, [resource]);
  }
  const found = await inParallel([...inside], atOnce, async ([name, resources]) => {
    const terminating = await terminatingNamespace(world, name, signal);
    if (!terminating) return [];
    const problem = terminatingProblem(namesOf(resources), name, (resources[0] as Resource).id, terminating);
    return resources.map(
      (resource, i) => [resource.id, { row: { ...rowOf(resource), problems: i === 0 ? [problem] : [] }, warnings: [] }] as const,
    );
  });
  return new Map(found.flat());
}

function namesOf(resources: readonly Pick<Resource, 'id'>[]): string {
  return namesText(resources.map(({ id }) => shortId(id)));
}

/** A row, and what the server said beside its answer. */
interface Asked {
  readonly row: PlannedRow;
  readonly warnings: readonly string[];
}

/** The server warns of a deprecated version at each object; the plan says it once, at the first, with all that it is about. */
function tellWarningsOnce(asked: readonly Asked[]): readonly PlannedRow[] {
  const about = new Map<string, PlannedRow[]>();
  for (const { row, warnings } of asked) {
    for (const warning of new Set(warnings)) {
      const rows = about.get(warning);
      if (rows) rows.push(row);
      else about.set(warning, [row]);
    }
  }
  const told = new Map<PlannedRow, string[]>();
  for (const [warning, rows] of about) {
    const [first] = rows as [PlannedRow];
    told.set(first, [...(told.get(first) ?? []), `${namesOf(rows)}: ${warning}`]);
  }
  return asked.map(({ row }) => {
    const notes = told.get(row);
    return notes ? { ...row, notes: [...row.notes, ...notes] } : row;
  });
}

async function planWished(world: World, wish: Wish, signal: AbortSignal): Promise<Asked> {
  const address = placeIn(world, wish.resource);
  const served = await world.discovery.find(address, signal);
  if (!served) return { row: await planUnserved(world, wish, address, signal), warnings: [] };
  const live = await readLive(world, served, address, signal);
  const owner = live ? ownerOf(live, wish.stack) : undefined;
  const here = { ...wish, served, address, owner };
  // A dry run of what is on its way out tells nothing: it is gone when its turn has come.
  if (live?.metadata.deletionTimestamp) return { row: { ...rowOf(wish.resource, live, owner), isGoing: true }, warnings: [] };
  const dry = await dryRun(world, here, { takeOver: live !== undefined && changesHands(live, owner) }, signal);
  const row = await rowFrom(world, here, { live, dry }, signal);
  return { row: await checkedByPlan(world, here, { live, row }, signal), warnings: dry.answer.warnings };
}

interface Seen {
  readonly live: KubeObject | undefined;
  readonly dry: SsaResult;
}

async function rowFrom(world: World, wish: ServedWish, { live, dry }: Seen, signal: AbortSignal): Promise<PlannedRow> {
  const { resource } = wish;
  const row: PlannedRow = { ...rowOf(resource, live, wish.owner), checked: 'server', notes: dry.notes };
  const status = statusOf(dry.answer);
  const after = objectOf(dry.answer);
  world.refusedGrants.delete(resource.id);
  if (dry.problems.length > 0) return { ...row, problems: dry.problems };
  if (after) return live ? { ...row, changes: changesTo(world, wish, live, after), ...(await upgradeOf(world, wish, live, signal)) } : row;
  if (isNamespaceMissing(status)) return { ...row, ...(await planWithoutNamespace(world, wish, signal)) };
  const why = knowsNoDryRun(status);
  if (why) return { ...row, ...planUnasked(world, wish, { live, why }) };
  const webhook = silentWebhook(status);
  if (webhook) {
    // Others go on, and so may this one: what this plan changes may be what brings the webhook back.
    const problem = { ...(await webhookProblem(world, resource.id, webhook, signal)), severity: 'warning' as const };
    return { ...row, ...planUnasked(world, wish, { live, why: `the webhook ${webhook.name} does not answer` }), problems: [problem] };
  }
  const immutable = live ? await immutableIn(world, wish, status, signal) : undefined;
  if (live && immutable) return { ...row, ...(await planReplace(world, wish, { live, immutable }, signal)) };
  const losses = live ? (await upgradeOf(world, wish, live, signal)).problems : [];
  if (losses.some(({ severity }) => severity !== 'warning')) return { ...row, problems: losses };
  const problems = await refusalOf(world, resource, dry.answer, signal);
  if (isAboutUnknowns(problems, resource)) return { ...row, checked: 'none', changes: live ? changesOffline(world, wish, live) : [] };
  return { ...row, problems };
}

async function upgradeOf(
  world: World,
  { resource }: ServedWish,
  live: KubeObject,
  signal: AbortSignal,
): Promise<Pick<PlannedRow, 'problems'>> {
  return { problems: await upgradeProblems(world, resource, live, signal) };
}

interface Checked {
  readonly live: KubeObject | undefined;
  readonly row: PlannedRow;
}

/** The definition of its kind changes with this plan: what the server said by the old one need not hold by the new one. */
async function checkedByPlan(world: World, wish: ServedWish, { live, row }: Checked, signal: AbortSignal): Promise<PlannedRow> {
  const { resource, served } = wish;
  const next = wish.made.definitions.get(groupKind(served));
  if (!next) return row;
  const version = next.versions.find(({ name }) => name === served.version);
  if (version?.served && equalJson(await schemaBefore(world, wish, signal), version.schema)) return row;
  const checked = checkByDefinition(resource, served.version, next);
  if (row.problems.length === 0) return { ...row, problems: checked.problems };
  return { ...rowOf(resource, live, wish.owner), ...checked, changes: live ? changesOffline(world, wish, live) : [] };
}

function isNamespaceMissing(status: Status): boolean {
  return status.reason === 'NotFound' && (status.details?.kind === 'namespaces' || /^namespaces? "/.test(status.message ?? ''));
}

/** The namespace comes with this plan: the server checks the object in a namespace that is there. */
async function planWithoutNamespace(world: World, wish: ServedWish, signal: AbortSignal): Promise<Partial<PlannedRow>> {
  const { resource, address } = wish;
  if (!wish.made.namespaces.has(address.namespace ?? '')) {
    const problem: Problem = {
      code: 'RESOURCE_REJECTED',
      message: `${shortId(resource.id)} is for namespace ${address.namespace}, which is not there.`,
      hint: `Add the Namespace ${address.namespace} to this stack, or create it first.`,
      at: `${resource.id} metadata.namespace`,
    };
    return { problems: [problem] };
  }
  const { answer, notes } = await dryRun(world, wish, { as: { name: stranger(address.name), namespace: 'default' } }, signal);
  if (answer.status < 300) return { notes };
  const status = statusOf(answer);
  const webhook = silentWebhook(status);
  const why = webhook ? `the webhook ${webhook.name} does not answer` : knowsNoDryRun(status);
  if (why) return planUnasked(world, wish, { live: undefined, why });
  // Another namespace may have rules of its own, or not be ours to try in.
  if (![422, 400, 500].includes(answer.status)) return { checked: 'none', notes };
  const problems = await inOwnWords(world, resource, rejectionOf(resource, answer.status, status), signal);
  return isAboutUnknowns(problems, resource) ? { checked: 'none' } : { problems };
}
