// The same objects judged by kstatus and by Argo CD. Of built-in kinds we differ where the table says why; a new difference fails. Of custom kinds it is
// measured how many the generic rule judges as a script for that kind does.
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { isObject, type JsonObject } from '@konfig/core';
import { loadAll } from 'js-yaml';
import { healthOf } from '../../src/kubernetes/health';
import { isMostLikelyAwaited } from '../../src/kubernetes/health/awaited';
import type { KubeObject } from '../../src/kubernetes/objects';
import { nothingRelated } from '../../src/kubernetes/related';
import { followsConventions, hasConventionalConditions } from './conventions';

const corpora = join(__dirname, '../../../../../shared/corpora');

/** By file: what we say instead, and why. */
const divergences: { readonly [file: string]: { readonly ours: string; readonly why: string } } = {
  'PodStatus/podCompletedFailed.yaml': {
    ours: 'degraded',
    why: 'a failed Pod did not do its work; kstatus only asks whether anything still moves',
  },
  'PodStatus/podBeingScheduled.yaml': {
    ours: 'degraded',
    why: 'kstatus waits 15 s by the clock; a rule of ours has no clock, its finding has a grace',
  },
  'ReplicasetStatus/rsReplicaFailure.yaml': { ours: 'degraded', why: 'quota or admission refuses its Pods; waiting does not help' },
  'JobStatus/jobInProgress.yaml': { ours: 'progressing', why: 'who waits for a Job waits for its end, not for its start' },
  'ServiceStatus/serviceLBok.yaml': { ours: 'progressing', why: 'a clusterIP is no address of a load balancer' },
  'ingress-unassigned.yaml': { ours: 'ready', why: 'many ingress controllers never write an address: waiting for one would wait for ever' },
  'hpa-v1-progressing-with-no-annotations.yaml': {
    ours: 'ready',
    why: 'its controller comes by every 15 s, and its target does not wait for it',
  },
  'pod-error.yaml': { ours: 'progressing', why: 'two crashes may mend (a database that starts later); the third makes it degraded' },
  'pod-running-restart-never.yaml': { ours: 'ready', why: 'a Pod that is Ready serves; that it may end some day is a matter for Jobs' },
  'pod-running-restart-never-hook-with-ignore-annotation.yaml': { ours: 'ready', why: 'hooks of Argo CD mean nothing to us' },
  'pod-running-restart-onfailure.yaml': { ours: 'degraded', why: 'four crashes are no progress, whatever the restart policy' },
};

const theirs: { readonly [status: string]: string } = {
  Current: 'ready',
  Healthy: 'ready',
  InProgress: 'progressing',
  Terminating: 'progressing',
  Progressing: 'progressing',
  Failed: 'degraded',
  Degraded: 'degraded',
  Suspended: 'suspended',
};

/** Each alone in a file, without the definition of its kind. */
const inAFile = { ...nothingRelated, awaitsStatus: isMostLikelyAwaited };

interface Case {
  readonly file: string;
  readonly kind: string;
  readonly expectedStatus: string | null;
}

describe.each(['cli-utils-kstatus', 'gitops-engine-health'])('objects of %s', (corpus) => {
  const folder = join(corpora, corpus);
  if (!existsSync(folder)) {
    process.stderr.write(`skipped: the corpus ${corpus} is not beside the repository\n`);
    test.skip('the corpus is not beside the repository', () => undefined);
    return;
  }
  const { cases } = JSON.parse(readFileSync(join(folder, 'index.json'), 'utf8')) as { cases: readonly Case[] };
  const judged = cases.filter(({ expectedStatus }) => expectedStatus !== null);

  test.each(judged.map((one) => [one.file, one] as const))('%s', (file, { expectedStatus }) => {
    const now = new Date().toISOString();
    // Some of the corpus's files say one key twice, which the json option allows.
    const [object] = loadAll(readFileSync(join(folder, file), 'utf8').replaceAll('{{NOW}}', now), null, { json: true }) as KubeObject[];
    const { health } = healthOf(object as KubeObject, nothingRelated);
    expect(health).toBe(divergences[file]?.ours ?? theirs[expectedStatus as string]);
  });

  test('no divergence is listed that is none', () => {
    const same = judged.filter(({ file, expectedStatus }) => divergences[file]?.ours === theirs[expectedStatus as string]);
    expect(same).toEqual([]);
  });
});

describe('objects of custom kinds, each of which Argo CD has a script for', () => {
  const folder = join(corpora, 'argocd-resource-customizations');
  if (!existsSync(folder)) {
    process.stderr.write('skipped: the corpus argocd-resource-customizations is not beside the repository\n');
    test.skip('the corpus is not beside the repository', () => undefined);
    return;
  }
  const { cases } = JSON.parse(readFileSync(join(folder, 'index.json'), 'utf8')) as { cases: readonly Case[] };
  const judged = cases.map(({ file, expectedStatus }) => {
    const [object] = loadAll(readFileSync(join(folder, file), 'utf8'), null, { json: true }) as KubeObject[];
    const whole = { ...(object as KubeObject), metadata: object?.metadata ?? { name: 'unnamed' } };
    // What theirs calls unknown or missing has no place of its own with us: it is not there yet.
    const wanted = theirs[expectedStatus as string] ?? 'progressing';
    return { object: whole, isAlike: healthOf(whole, inAFile).health === wanted };
  });

  /** In percent; the floor is what was reached. */
  test.each<[string, (object: KubeObject) => boolean, number]>([
    ['all', () => true, 78],
    ['with a status', ({ status }) => isObject(status as JsonObject) && Object.keys(status as object).length > 0, 78],
    ['with a condition that sums up', ({ status }) => hasSummary(status), 86],
    ['with conventional conditions', hasConventionalConditions, 93],
    ['that follow the conventions', followsConventions, 95],
  ])('%s', (what, isMeant, floor) => {
    const meant = judged.filter(({ object }) => isMeant(object));
    const alike = meant.filter(({ isAlike }) => isAlike).length;
    const percent = (100 * alike) / meant.length;
    process.stderr.write(`custom kinds by the generic rule alone, ${what}: ${alike} of ${meant.length} (${percent.toFixed(1)} %)\n`);
    expect(percent).toBeGreaterThanOrEqual(floor);
  });
});

const sums =
  /^(Ready|Available|Healthy|Succeeded|Completed?|Established|Reconciled|Synced|Synchronized|Accepted|Programmed|Applied|Valid|Deployed)$/;

function hasSummary(status: unknown): boolean {
  const conditions = isObject(status as JsonObject) ? (status as JsonObject).conditions : undefined;
  return Array.isArray(conditions) && conditions.some((one) => isObject(one) && sums.test(String(one.type)));
}
