// Makes one object as it is wished: server-side apply bound to the object that the plan saw.
import { type Applied, type ApplyRequest, type JsonObject, KonfigError, type Problem, pathText, shortId } from '@konfig/core';
import { pause } from '../pause';
import { type Address, groupOf } from './address';
import { objectOf, statusOf } from './answer';
import { isBuiltIn } from './built-in';
import { objectPath, type ServedKind } from './discovery';
import { parseFieldPath } from './field-set';
import { healthOf } from './health';
import { asJson, type KubeObject, type Service, type Status } from './objects';
import { changesHands, foldManagers, isClientSideEntry, ownerOf, stackAnnotation } from './owners';
import { planResources } from './plan';
import { unknownKind } from './plan-offline';
import { refusalOf } from './refusal';
import { nothingRelated } from './related';
import { deleteObject, waitUntilGone } from './remove';
import { bodyOf, type SsaResult, serverSideApply } from './server-side-apply';
import { isAtOrBelow } from './unknowns';
import { placeIn, type World } from './world';

export async function applyResource(world: World, request: ApplyRequest, signal: AbortSignal): Promise<Applied> {
  const { resource, action } = request;
  const address = placeIn(world, resource);
  const served = await servedNow(world, request, address, signal);
  const place = { ...request, served, address };
  let takeOver = false;
  if (action === 'create') await refuseStranger(world, place, signal);
  if (action === 'replace') await removeOld(world, place, signal);
  if (action === 'adopt') takeOver = await takeOwnership(world, place, signal);
  const result = await applyAsPlanned(world, { ...place, takeOver }, signal);
  const live = objectOf(result.answer);
  if (!live) throw await refusal(world, request, result, signal);
  return appliedOf(world, request, live, [...result.notes, ...newWarnings(world, result.answer.warnings)]);
}

/** The server says at each object that its version is old; a run says it once. */
function newWarnings({ warned }: World, warnings: readonly string[]): readonly string[] {
  const fresh = warnings.filter((warning) => !warned.has(warning));
  for (const warning of fresh) warned.add(warning);
  return fresh;
}

interface Placed extends ApplyRequest {
  readonly served: ServedKind;
  readonly address: Address;
}

/** A CRD of this very operation may have come after we looked, and is served a moment after it is established. */
async function servedNow(world: World, { resource }: ApplyRequest, address: Address, signal: AbortSignal): Promise<ServedKind> {
  for (let attempt = 0; attempt < 8; attempt++) {
    if (attempt > 0) {
      await pause(attempt === 1 ? 0 : 100 * attempt, signal);
      await world.discovery.refresh(signal);
    }
    const served = await world.discovery.find(address, signal);
    if (served) return served;
  }
  throw new KonfigError(unknownKind(resource, await world.discovery.findAnyVersion(address, signal)));
}

interface Apply extends Placed {
  readonly takeOver: boolean;
}

/** As the plan saw the object, or, where it has changed since, only if nothing would happen that the plan did not show. */
async function applyAsPlanned(world: World, apply: Apply, signal: AbortSignal): Promise<SsaResult> {
  if (apply.action !== 'update' || !apply.live) return applyObject(world, apply, undefined, signal);
  const first = await applyObject(world, apply, apply.live.version, signal);
  if (!isChanged(first)) return first;
  await refuseOtherEffect(world, apply, signal);
  return applyObject(world, apply, undefined, signal);
}

function isChanged({ answer, problems }: SsaResult): boolean {
  return answer.status === 409 && problems.length === 0 && !isAnotherObject(statusOf(answer));
}

async function refuseOtherEffect(world: World, { resource, stack, live, changes }: ApplyRequest, signal: AbortSignal): Promise<void> {
  const [row] = await planResources(world, { stack, wished: [resource], removed: [] }, signal);
  if (!row?.live || row.live.uid !== live?.uid)
    throw new KonfigError(stale(resource.id, 'was deleted or made anew since the plan was made'));
  if (row.problems.length > 0) throw new KonfigError(row.problems);
  const unseen = [...row.changes, ...row.immutable.map(({ path }) => ({ path: parseFieldPath(path) }))]
    .filter(({ path }) => !changes.some((shown) => isAtOrBelow(path, shown.path)))
    .map(({ path }) => pathText(path));
  if (unseen.length > 0)
    throw new KonfigError(stale(resource.id, `was changed since the plan was made, which did not show ${unseen.join(', ')}`));
}

function applyObject(world: World, apply: Apply, version: string | undefined, signal: AbortSignal): Promise<SsaResult> {
  const { resource, stack, action, live, served, address, takeOver } = apply;
  const guarded = action === 'update' || action === 'adopt';
  const identity = {
    stack,
    name: address.name,
    ...(address.namespace === undefined ? {} : { namespace: address.namespace }),
    // With a uid the server refuses an object that was made anew meanwhile.
    ...(guarded && live ? { uid: live.uid } : {}),
    ...(version === undefined ? {} : { version }),
  };
  return serverSideApply(
    world.client,
    {
      ...identity,
      id: resource.id,
      served,
      body: bodyOf(resource.attributes, served, identity),
      manager: world.manager,
      dryRun: false,
      isOurs: action !== 'adopt',
      takeOver,
    },
    signal,
  );
}

/** A create that finds an object: ours when a run died after making it, else somebody was faster. */
async function refuseStranger(world: World, { resource, stack, served, address }: Placed, signal: AbortSignal): Promise<void> {
  const live = objectOf(await world.client.request({ method: 'GET', path: objectPath(served, address) }, signal));
  if (!live || ownerOf(live, stack) === undefined) return;
  throw new KonfigError(stale(resource.id, 'was not there when the plan was made, but is now'));
}

/**
 * Ownership before content: our mark, and what `kubectl apply` owned becomes ours, in one patch that is guarded by the version
 * that was read. A run that dies behind it leaves an object that is ours and unchanged. Answers whether the object changes hands,
 * as the plan decided it.
 */
async function takeOwnership(world: World, placed: Placed, signal: AbortSignal): Promise<boolean> {
  const { resource, stack, live, served, address } = placed;
  const path = objectPath(served, address);
  for (let attempt = 1; attempt <= 4; attempt++) {
    const there = objectOf(await world.client.request({ method: 'GET', path }, signal));
    if (!there || (live && there.metadata.uid !== live.uid))
      throw new KonfigError(stale(resource.id, 'is no longer the one that was planned for'));
    if (live && there.metadata.resourceVersion !== live.version) await refuseOtherEffect(world, placed, signal);
    const takeOver = changesHands(there, ownerOf(there, stack));
    const body = ownershipPatch(there, stack, world.manager);
    const answer = await world.client.request(
      { method: 'PATCH', path: `${path}?fieldManager=${world.manager}`, body, contentType: 'application/json-patch+json' },
      signal,
    );
    if (answer.status < 300) return takeOver;
    if (answer.status !== 409) throw new KonfigError(await refusalOf(world, resource, answer, signal));
  }
  throw new KonfigError(stale(resource.id, 'changes faster than it can be taken over'));
}

function ownershipPatch({ apiVersion, metadata }: KubeObject, stack: string, manager: string): readonly object[] {
  const mark = `/metadata/annotations/${stackAnnotation.replace('/', '~1')}`;
  const managers = metadata.managedFields ?? [];
  return [
    { op: 'replace', path: '/metadata/resourceVersion', value: metadata.resourceVersion },
    ...(metadata.annotations
      ? [{ op: 'add', path: mark, value: stack }]
      : [{ op: 'add', path: '/metadata/annotations', value: { [stackAnnotation]: stack } }]),
    ...(managers.some(isClientSideEntry)
      ? [{ op: 'replace', path: '/metadata/managedFields', value: foldManagers(managers, manager, apiVersion) }]
      : []),
  ];
}

async function removeOld(world: World, { resource, live, served, address }: Placed, signal: AbortSignal): Promise<void> {
  const outcome = await deleteObject(world.client, { served, address, id: resource.id, ...(live ? { uid: live.uid } : {}) }, signal);
  if (outcome === 'deleting') await waitUntilGone(world.client, { served, address, ...(live ? { uid: live.uid } : {}) }, signal);
}

async function refusal(
  world: World,
  { resource, live }: ApplyRequest,
  { answer, problems }: SsaResult,
  signal: AbortSignal,
): Promise<KonfigError> {
  if (problems.length > 0) return new KonfigError(problems);
  const status = statusOf(answer);
  if (live && isAnotherObject(status)) return new KonfigError(stale(resource.id, 'was deleted or made anew since the plan was made'));
  if (answer.status === 409) return new KonfigError(stale(resource.id, `has changed meanwhile (${status.message ?? 'conflict'})`));
  return new KonfigError(await refusalOf(world, resource, answer, signal));
}

/** Gone: 409 for the uid in an object that is not there. Made anew: 422, since a uid cannot be changed. */
function isAnotherObject({ code, message = '', details }: Status): boolean {
  if (code === 409) return /uid/i.test(message);
  return code === 422 && (details?.causes ?? []).some((cause) => cause.field === 'metadata.uid');
}

function stale(id: string, what: string): Problem {
  return { code: 'PLAN_STALE', message: `${shortId(id)} ${what}.`, hint: 'Make a new plan and look at it.', at: id };
}

function appliedOf({ rules }: World, { resource, live: planned }: ApplyRequest, live: KubeObject, warnings: readonly string[]): Applied {
  const { uid = '', generation, resourceVersion } = live.metadata;
  const seen = generation === undefined ? {} : { generation };
  const observation = { id: resource.id, exists: true, uid, ...seen, ...healthOf(live, { ...nothingRelated, rules }), related: [] };
  return {
    uid,
    ...seen,
    live: plainLive(live),
    ...(hangsOnOthers(live) ? {} : { observation }),
    isUnchanged: resourceVersion === planned?.version,
    warnings,
  };
}

/** A Service is as ready as its endpoints, and a custom kind's definition says whether a status is waited for: only the watch sees those. */
function hangsOnOthers(live: KubeObject): boolean {
  if (!live.status && !isBuiltIn(groupOf(live))) return true;
  return live.kind === 'Service' && Object.keys((live as Service).spec?.selector ?? {}).length > 0;
}

/** As JSON for outputs, without the bookkeeping of field managers. */
export function plainLive(object: KubeObject): JsonObject {
  const { managedFields: _, ...metadata } = object.metadata;
  return { ...asJson(object), metadata: metadata as unknown as JsonObject };
}
