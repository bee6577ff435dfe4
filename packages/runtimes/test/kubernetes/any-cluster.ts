// What must be so on every cluster: run on the embedded one with the unit tests, and on a real control plane.
import { isKonfigError, type JsonObject, type PlannedRow, type Resource } from '@konfig/core';
import type { AnyCluster } from './any-cluster/cluster';
import { customResources } from './any-cluster/custom-resources';
import { deadWebhooks } from './any-cluster/dead-webhooks';
import { endingNamespaces } from './any-cluster/ending-namespaces';
import { heldUpDeletes } from './any-cluster/held-up-deletes';
import { immutableFields } from './any-cluster/immutable-fields';
import { owners } from './any-cluster/owners';
import { readiness } from './any-cluster/readiness';
import { refusedFields } from './any-cluster/refused-fields';
import { type AnyWorld, stack } from './world';

/** `isReal`: the cluster also decides what the embedded one does not (volumes, storage classes, addresses that are taken, rules in CEL, Jobs whose Pods are refused). */
export function describeAnyCluster(open: () => Promise<AnyWorld>, { isReal }: { readonly isReal: boolean }): void {
  let world: AnyWorld;
  beforeAll(async () => {
    world = await open();
  }, 120_000);
  afterAll(() => world?.stop(), 60_000);

  const failure = async (work: Promise<unknown>) => {
    const error: unknown = await work.then(
      () => undefined,
      (reason: unknown) => reason,
    );
    if (!isKonfigError(error)) throw new Error(`no KonfigError: ${String(error)}`);
    return error.problems;
  };

  const apply = (wished: Resource, action: 'create' | 'update' | 'adopt' | 'replace', row?: PlannedRow) =>
    world.connection.apply(
      { stack, resource: wished, action, ...(row?.live ? { live: row.live } : {}), changes: row?.changes ?? [] },
      world.signal,
    );

  /** Waits until the server answers so; fails after twenty seconds. */
  const answers = async (path: string, isIt: (answer: { readonly status: number; readonly body: JsonObject }) => boolean) => {
    for (const end = performance.now() + 20_000; ; ) {
      const answer = await world.connection.client.request({ method: 'GET', path }, world.signal);
      if (isIt(answer)) return;
      if (performance.now() > end) throw new Error(`${path} answers ${answer.status}: ${JSON.stringify(answer.body)}`);
    }
  };
  /** Waits until custom objects of the kind can be made. */
  const served = (path: string) => answers(path, ({ status }) => status === 200);

  const gone = async ({ id, type }: Pick<Resource, 'id' | 'type'>) => {
    for (const end = performance.now() + 20_000; (await world.connection.read(id, type, world.signal)) !== undefined; )
      if (performance.now() > end) throw new Error(`${id} does not go`);
  };
  const cluster: AnyCluster = {
    get world() {
      return world;
    },
    isReal,
    failure,
    apply,
    answers,
    served,
    gone,
  };
  immutableFields(cluster);
  customResources(cluster);
  refusedFields(cluster);
  deadWebhooks(cluster);
  endingNamespaces(cluster);
  heldUpDeletes(cluster);
  readiness(cluster);
  owners(cluster);
}
