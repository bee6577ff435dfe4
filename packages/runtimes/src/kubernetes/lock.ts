// One run at a time: a Lease that its holder renews, taken over only when nobody was seen to renew it, with a fence that grows.
import { type Holder, KonfigError, type Lock, lockHeld, lockLost, notLocked, type ProcessIdentity } from '@konfig/core';
import { clean } from '../clean';
import { pause } from '../pause';
import { type Answer, objectOf, statusOf } from './answer';
import type { Client } from './client';
import type { KubeObject } from './objects';

export interface LeasePlace {
  readonly client: Client;
  readonly namespace: string;
  readonly name: string;
  readonly stack: string;
  /** How long a lease is good for without being renewed; it is renewed three times as often. */
  readonly seconds: number;
  readonly hasEnded: (process: ProcessIdentity) => boolean;
}

interface Lease extends KubeObject {
  readonly spec?: {
    readonly holderIdentity?: string | null;
    readonly leaseDurationSeconds?: number;
    readonly acquireTime?: string;
    readonly renewTime?: string;
    readonly leaseTransitions?: number;
  };
}

const who = 'konfig.dev/holder';
const since = 'konfig.dev/since';
const runsAs = 'konfig.dev/process';
/** The number of the last release: records that do not know it come from a backup. */
const lastRelease = 'konfig.dev/last-release';
const attempts = 5;

export interface Taking {
  /** The fence that the records have seen: a lease may have been deleted, and a fence must never go back. */
  readonly floor: number;
  /** Told of the new fence, and of the last release that the lease knows, before anybody may write with it. */
  readonly fenceOff: (taken: { readonly fence: number; readonly lastRelease: number }) => Promise<void>;
}

/** Takes the lease or fails with LOCK_HELD. */
export async function takeLease(place: LeasePlace, holder: Holder, { floor, fenceOff }: Taking): Promise<Lock> {
  for (let attempt = 1; ; attempt++) {
    const lease = await readLease(place);
    if (lease && isHeld(lease) && !(await isDead(place, lease))) throw held(place, lease);
    const fence = Math.max(lease ? fenceOf(lease) : 0, floor) + 1;
    const answer = lease ? await takeOver(place, { holder, lease, fence }) : await create(place, holder, fence);
    const taken = objectOf(answer) as Lease | undefined;
    if (taken) {
      const lock = keepAlive(place, holder, taken);
      try {
        await fenceOff({ fence, lastRelease: numberIn(lease) });
        return lock;
      } catch (error) {
        await lock.release();
        throw error;
      }
    }
    if (answer.status !== 409 || attempt >= attempts) throw cannotLock(place, answer);
  }
}

/** Who holds the lease, as far as one look can tell: a lease that has long run out has nobody. */
export async function leaseHolder(place: LeasePlace): Promise<Holder | undefined> {
  const lease = await readLease(place);
  if (!lease || !isHeld(lease)) return undefined;
  const process = processOf(lease);
  const age = Date.now() - Date.parse(lease.spec?.renewTime ?? '');
  const hasRunOut = age > 2000 * (lease.spec?.leaseDurationSeconds ?? place.seconds);
  return (process && place.hasEnded(process)) || hasRunOut ? undefined : holderOf(lease);
}

/** The number of the last release that was begun under this lease; 0 where there was none, or where it may not be read: whoever only looks needs no lease. */
export async function lastReleaseOf(place: LeasePlace): Promise<number> {
  const answer = await place.client.request({ method: 'GET', path: leasePath(place) });
  if (answer.status === 403) return 0;
  return numberIn(leaseIn(place, answer));
}

function numberIn(lease: Lease | undefined): number {
  return Number(lease?.metadata.annotations?.[lastRelease]) || 0;
}

function fenceOf(lease: Lease): number {
  return lease.spec?.leaseTransitions ?? 0;
}

/** Notes the number of a release that begins, which its index names already. */
export async function noteRelease(place: LeasePlace, lock: Lock, number: number): Promise<void> {
  for (let attempt = 1; ; attempt++) {
    const lease = await readLease(place);
    if (!lease || !isOurs(lease, lock.holder, lock.fence)) throw lockLost(place.stack);
    const { resourceVersion } = lease.metadata;
    const body = { metadata: { resourceVersion, annotations: { [lastRelease]: String(number) } } };
    const answer = await place.client.request({
      method: 'PATCH',
      path: leasePath(place),
      body,
      contentType: 'application/merge-patch+json',
    });
    if (answer.status < 300) return;
    // It may have been renewed meanwhile.
    if (answer.status !== 409 || attempt >= attempts) throw cannotLock(place, answer);
  }
}

/** Takes the lease away from this run; answers who that was, and the fence to raise. */
export async function takeAway(
  place: LeasePlace,
  run: string,
  floor: number,
): Promise<{ readonly holder: Holder; readonly fence: number }> {
  for (let attempt = 1; ; attempt++) {
    const lease = await readLease(place);
    if (!lease || !isHeld(lease)) throw notLocked(place.stack);
    if (lease.spec?.holderIdentity !== run) throw held(place, lease);
    const fence = Math.max(fenceOf(lease), floor) + 1;
    const answer = await patchLease(place, lease, { holderIdentity: null, leaseTransitions: fence });
    if (answer.status < 300) return { holder: holderOf(lease), fence };
    if (answer.status !== 409 || attempt >= attempts) throw cannotLock(place, answer);
  }
}

function leasePath({ namespace, name }: LeasePlace): string {
  return `${leasesPath(namespace)}/${name}`;
}

function leasesPath(namespace: string): string {
  return `/apis/coordination.k8s.io/v1/namespaces/${namespace}/leases`;
}

async function readLease(place: LeasePlace): Promise<Lease | undefined> {
  return leaseIn(place, await place.client.request({ method: 'GET', path: leasePath(place) }));
}

function leaseIn(place: LeasePlace, answer: Answer): Lease | undefined {
  if (answer.status === 404) return undefined;
  const lease = objectOf(answer) as Lease | undefined;
  if (!lease) throw cannotLock(place, answer);
  return lease;
}

function isHeld(lease: Lease): boolean {
  return Boolean(lease.spec?.holderIdentity);
}

/**
 * A process that ended on this machine is surely dead. Of others only the lease can tell: clocks differ between machines, so a time
 * that looks old proves nothing, and only a lease that stays as it is for as long as it is good for, on our own clock, is dead. One that looks fresh is not worth the wait.
 */
async function isDead(place: LeasePlace, lease: Lease): Promise<boolean> {
  const process = processOf(lease);
  if (process && place.hasEnded(process)) return true;
  const duration = (lease.spec?.leaseDurationSeconds ?? place.seconds) * 1000;
  const renewed = Date.parse(lease.spec?.renewTime ?? '');
  if (Date.now() - renewed < duration) return false;
  const deadline = performance.now() + duration;
  while (performance.now() < deadline) {
    await pause(Math.min(duration / 8, 1000), undefined);
    const now = await readLease(place);
    if (now?.metadata.resourceVersion !== lease.metadata.resourceVersion) return now === undefined || !isHeld(now);
  }
  return true;
}

/** What another run wrote is not to be trusted to be well formed. */
function processOf(lease: Lease): ProcessIdentity | undefined {
  try {
    const { machine, pid, born } = JSON.parse(lease.metadata.annotations?.[runsAs] ?? '{}') as Partial<ProcessIdentity>;
    if (typeof machine !== 'string' || typeof pid !== 'number' || pid <= 0) return undefined;
    return { machine, pid, ...(typeof born === 'string' ? { born } : {}) };
  } catch {
    return undefined;
  }
}

function create(place: LeasePlace, holder: Holder, fence: number): Promise<Answer> {
  const body = leaseBody(place, holder, { metadata: { name: place.name, namespace: place.namespace }, fence });
  return place.client.request({ method: 'POST', path: leasesPath(place.namespace), body });
}

interface TakeOver {
  readonly holder: Holder;
  readonly lease: Lease;
  readonly fence: number;
}

/** The version makes sure that of two who take over at once only one does. */
function takeOver(place: LeasePlace, { holder, lease, fence }: TakeOver): Promise<Answer> {
  const metadata = { name: place.name, namespace: place.namespace, resourceVersion: lease.metadata.resourceVersion };
  const body = leaseBody(place, holder, { metadata, fence, lastRelease: lease.metadata.annotations?.[lastRelease] });
  return place.client.request({ method: 'PUT', path: leasePath(place), body });
}

interface LeaseParts {
  readonly metadata: object;
  readonly fence: number;
  readonly lastRelease?: string | undefined;
}

function leaseBody(place: LeasePlace, holder: Holder, { metadata, fence, lastRelease: number }: LeaseParts) {
  return {
    apiVersion: 'coordination.k8s.io/v1',
    kind: 'Lease',
    metadata: {
      ...metadata,
      annotations: {
        [who]: holder.who,
        [since]: holder.since,
        ...(holder.process ? { [runsAs]: JSON.stringify(holder.process) } : {}),
        ...(number === undefined ? {} : { [lastRelease]: number }),
      },
    },
    spec: {
      holderIdentity: holder.run,
      leaseDurationSeconds: Math.max(1, Math.ceil(place.seconds)),
      acquireTime: microTime(),
      renewTime: microTime(),
      leaseTransitions: fence,
    },
  };
}

function microTime(): string {
  return new Date().toISOString().replace('Z', '000Z');
}

/** Renews until released. When that fails for as long as the lease is good for, or somebody else has it, `lost` aborts. */
function keepAlive(place: LeasePlace, holder: Holder, taken: Lease): Lock {
  const fence = fenceOf(taken);
  const lost = new AbortController();
  let goodUntil = performance.now() + place.seconds * 1000;
  let renewing: Promise<void> | undefined;
  const lose = () => {
    clearInterval(timer);
    if (!lost.signal.aborted) lost.abort(lockLost(place.stack));
  };
  const renew = async () => {
    const asked = performance.now();
    const outcome = await renewOnce(place, holder, fence).catch(() => 'unknown' as const);
    if (outcome === 'renewed') goodUntil = asked + place.seconds * 1000;
    else if (outcome === 'taken' || performance.now() > goodUntil) lose();
  };
  const timer = setInterval(
    () => {
      if (performance.now() > goodUntil) lose();
      else
        renewing ??= renew().finally(() => {
          renewing = undefined;
        });
    },
    (place.seconds * 1000) / 3,
  );
  timer.unref();
  const lock: Lock = {
    holder,
    fence,
    lost: lost.signal,
    release: async () => {
      clearInterval(timer);
      givenBack.add(lock);
      await renewing;
      if (!lost.signal.aborted) await giveBack(place, holder, fence);
    },
  };
  return lock;
}

async function renewOnce(place: LeasePlace, holder: Holder, fence: number): Promise<'renewed' | 'taken' | 'unknown'> {
  const lease = await readLease(place);
  if (!lease || !isOurs(lease, holder, fence)) return 'taken';
  const answer = await patchLease(place, lease, { renewTime: microTime() });
  return answer.status < 300 ? 'renewed' : 'unknown';
}

async function giveBack(place: LeasePlace, holder: Holder, fence: number): Promise<void> {
  const lease = await readLease(place);
  // The fence stays, so that it only ever grows.
  if (lease && isOurs(lease, holder, fence)) await patchLease(place, lease, { holderIdentity: null, renewTime: microTime() });
}

function isOurs(lease: Lease, holder: Holder, fence: number): boolean {
  return lease.spec?.holderIdentity === holder.run && lease.spec?.leaseTransitions === fence;
}

function patchLease(place: LeasePlace, lease: Lease, spec: object): Promise<Answer> {
  const body = { metadata: { resourceVersion: lease.metadata.resourceVersion }, spec };
  return place.client.request({ method: 'PATCH', path: leasePath(place), body, contentType: 'application/merge-patch+json', attempts: 2 });
}

function holderOf({ spec, metadata }: Lease): Holder {
  return { run: spec?.holderIdentity ?? '', who: metadata.annotations?.[who] ?? '', since: metadata.annotations?.[since] ?? '' };
}

function held(place: LeasePlace, lease: Lease): KonfigError {
  const cause = holderOf(lease);
  const { annotations } = lease.metadata;
  const holder = {
    who: clean(annotations?.[who] ?? lease.spec?.holderIdentity ?? 'somebody', 120),
    since: clean(annotations?.[since] ?? lease.spec?.acquireTime ?? 'some time', 60),
  };
  const hint = `Wait for it (--lock-wait 5m), or stop that run; one that died gives its lock back within ${place.seconds} seconds.`;
  return lockHeld({ stack: place.stack, holder, hint, cause });
}

const givenBack = new WeakSet<Lock>();

/** Was it given back? Then nothing may be written with it any more. */
export function isGivenBack(lock: Lock): boolean {
  return givenBack.has(lock);
}

function cannotLock(place: LeasePlace, answer: Answer): KonfigError {
  return new KonfigError({
    code: answer.status === 403 ? 'PERMISSION_MISSING' : 'RECORD_WRITE',
    message: `lock ${place.stack} by Lease ${place.namespace}/${place.name}: ${clean(statusOf(answer).message ?? `status ${answer.status}`)}`,
    hint: `Konfig needs get, create, update and patch on leases and secrets in namespace ${place.namespace}.`,
  });
}
