// What the engine may rely on, whatever system is behind it: one test for all runtimes. What one cannot do is written there as such.
import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startCluster } from '@konfig/cluster';
import type { Applied, Connection, JsonObject, Keeper, KonfigError, Observation, PlannedRow, Resource } from '@konfig/core';
import { hasEnded, ownProcess } from '@konfig/engine';
import { kubernetesRuntime, serviceRuntime, terraformRuntime } from '@konfig/runtimes';
import { memoryRuntime } from '../packages/engine/test/memory-runtime';
import { startRegistry, token } from './scenarios/registry-service';

interface Bed {
  readonly connection: Connection;
  /** A resource of this name, with a value that can be changed in place. */
  thing(name: string, value: string): Resource;
  /** Where that value is told, for those who refer to it. */
  readonly path: readonly string[];
  /** Somebody else changes the value. */
  readonly meddle?: (name: string, value: string) => Promise<void>;
  /** What it cannot do. */
  readonly gaps: readonly ('stops at another owner' | 'changes of others' | 'owners')[];
  close(): Promise<void>;
}

const signal = new AbortController().signal;

function resource(id: string, runtime: string, type: string, attributes: JsonObject): Resource {
  return { id, target: 'main', runtime, type, attributes, path: `shop/prod/${id}` };
}

const beds: { readonly [runtime: string]: () => Promise<Bed> } = {
  async memory() {
    const runtime = memoryRuntime();
    const connection = await runtime.connect('main', { runtime: 'memory', config: {} }, signal);
    return {
      connection,
      thing: (name, value) => resource(`main:Thing/${name}`, 'memory', 'Thing', { value }),
      path: ['value'],
      meddle: async (name, value) => runtime.somebodyChanges(name, { value }),
      gaps: [],
      close: () => connection.close(),
    };
  },
  async kubernetes() {
    const cluster = await startCluster({ port: 0 });
    const connection = await kubernetesRuntime().connect('main', { runtime: 'kubernetes', config: { server: cluster.server } }, signal);
    return {
      connection,
      thing: (name, value) =>
        resource(`main:ConfigMap/default/${name}`, 'kubernetes', 'v1/ConfigMap', {
          apiVersion: 'v1',
          kind: 'ConfigMap',
          metadata: { name, namespace: 'default' },
          data: { value },
        }),
      path: ['data', 'value'],
      meddle: async (name, value) => {
        const { status, statusText } = await fetch(
          `${cluster.server}/api/v1/namespaces/default/configmaps/${name}?fieldManager=kubectl-edit`,
          {
            method: 'PATCH',
            headers: { 'content-type': 'application/merge-patch+json' },
            body: JSON.stringify({ data: { value } }),
          },
        );
        if (status !== 200) throw new Error(statusText);
      },
      // The mark is an annotation: whoever takes it over by server-side apply is told by the plan, not by the apply.
      gaps: ['stops at another owner'],
      async close() {
        await connection.close();
        await cluster.stop();
      },
    };
  },
  async service() {
    const registry = await startRegistry();
    const connection = await serviceRuntime().connect('main', { runtime: 'service', config: { url: registry.url, token } }, signal);
    return {
      connection,
      thing: (name, value) => resource(`main:Entry/${name}`, 'service', 'Entry', { config: { team: 'shop', address: value } }),
      path: ['config', 'address'],
      // Whoever changes an entry does it by the service, which then has another owner.
      gaps: ['changes of others'],
      async close() {
        await connection.close();
        await registry.stop();
      },
    };
  },
  async terraform() {
    const root = mkdtempSync(join(tmpdir(), 'konfig-contract-'));
    const runtime = terraformRuntime({ root, env: process.env, process: ownProcess(), hasEnded });
    const connection = await runtime.connect('main', { runtime: 'terraform', config: {} }, signal);
    connection.attach?.(memoryKeeper());
    return {
      connection,
      thing: (name, value) =>
        resource(`main:Terraform/${name}`, 'terraform', 'terraform/Stack', {
          configuration: { output: { value: { value } } },
          inputs: {},
          outputs: { value: { secret: false } },
        }),
      path: ['outputs', 'value'],
      // The state lies in the store of one stack, where no other one sees it. Outputs are of nobody's but its own making.
      gaps: ['owners', 'changes of others'],
      async close() {
        await connection.close();
        rmSync(root, { recursive: true, force: true });
      },
    };
  },
};

const names = Object.keys(beds).filter((name) => name !== 'terraform' || isThere('terraform') || isThere('tofu'));
if (!names.includes('terraform')) console.warn('skipped the contract of Terraform: there is neither terraform nor tofu on the PATH');

function isThere(program: string): boolean {
  try {
    execFileSync(program, ['version'], { stdio: 'ignore' });
    return true;
  } catch {
    return false;
  }
}

function memoryKeeper(): Keeper {
  const kept = new Map<string, { readonly bytes: Uint8Array; readonly version: string }>();
  let writes = 0;
  return {
    read: async (id) => kept.get(id),
    isGivenUp: () => false,
    async write(id, bytes) {
      kept.set(id, { bytes, version: `${++writes}` });
      return `${writes}`;
    },
    async remove(id) {
      kept.delete(id);
    },
    stack: 'shop/dev',
    writer: 'anna@laptop',
  };
}

describe.each(names)('the runtime of %s', (name) => {
  let bed: Bed;
  beforeEach(async () => {
    bed = await (beds[name] as () => Promise<Bed>)();
  });
  afterEach(() => bed.close());

  const plan = async (wished: readonly Resource[], removed: readonly Resource[] = [], stack = 'shop/prod') =>
    bed.connection.plan({ stack, wished, removed: removed.map(({ id, type, attributes }) => ({ id, type, attributes })) }, signal);
  const planOne = async (one: Resource, stack?: string) => (await plan([one], [], stack))[0] as PlannedRow;
  const create = (one: Resource, stack = 'shop/prod') =>
    bed.connection.apply({ stack, resource: one, action: 'create', changes: [] }, signal);
  const update = (one: Resource, { live, changes }: PlannedRow): Promise<Applied> =>
    bed.connection.apply({ stack: 'shop/prod', resource: one, action: 'update', changes, ...(live ? { live } : {}) }, signal);
  const codeOf = (work: Promise<unknown>) =>
    work.then(
      () => 'done',
      (error: KonfigError) => error.problems?.[0]?.code ?? String(error),
    );
  const toldOf = async ({ id, type }: Resource) => {
    const live = await bed.connection.read(id, type, signal);
    return bed.path.reduce<unknown>((here, key) => (here as JsonObject | undefined)?.[key], live);
  };

  test('has an identity that stays, and says where it is', () => {
    expect(bed.connection.identity).not.toBe('');
    expect(bed.connection.description).not.toBe('');
  });

  test('plans what is not there as such, and changes nothing by it', async () => {
    const web = bed.thing('web', 'a');
    const row = await planOne(web);
    expect(row).toMatchObject({ id: web.id, changes: [], immutable: [], problems: [] });
    expect(row.live).toBeUndefined();
    expect(await bed.connection.read(web.id, web.type, signal)).toBeUndefined();
  });

  test('plans nothing for what was just applied, and knows it as ours', async () => {
    const web = bed.thing('web', 'a');
    const { uid } = await create(web);
    const row = await planOne(web);
    expect(row).toMatchObject({ live: { uid }, changes: [] });
    expect(row.owner).toBeUndefined();
  });

  test('plans a change with both values, and makes it in place', async () => {
    const web = bed.thing('web', 'a');
    const { uid } = await create(web);
    const changed = bed.thing('web', 'b');
    const row = await planOne(changed);
    expect(row.changes).toMatchObject([{ path: bed.path, before: 'a', after: 'b' }]);
    expect((await update(changed, row)).uid).toBe(uid);
    expect(await toldOf(web)).toBe('b');
    expect((await planOne(changed)).changes).toEqual([]);
  });

  test('answers an apply with what others refer to', async () => {
    const { live, uid } = await create(bed.thing('web', 'a'));
    expect(uid).not.toBe('');
    expect(bed.path.reduce<unknown>((here, key) => (here as JsonObject)[key], live)).toBe('a');
  });

  test('does not make what has come in between', async () => {
    const web = bed.thing('web', 'a');
    await create(web);
    if (bed.gaps.includes('stops at another owner')) {
      expect((await planOne(web, 'other/prod')).owner).toMatchObject({ kind: 'konfig' });
      return;
    }
    expect(await codeOf(create(bed.thing('web', 'b'), 'other/prod'))).toMatch(/PLAN_STALE|RESOURCE_OWNED/);
    expect(await toldOf(web)).toBe('a');
  });

  test('says whose it is, where it is of another stack', async () => {
    const web = bed.thing('web', 'a');
    await create(web);
    if (bed.gaps.includes('owners')) return;
    expect((await planOne(web, 'other/prod')).owner).toEqual({ kind: 'konfig', name: 'Konfig stack shop/prod' });
  });

  test('stops at what has gone since the plan', async () => {
    const web = bed.thing('web', 'a');
    const { uid } = await create(web);
    const row = await planOne(bed.thing('web', 'b'));
    await bed.connection.delete({ id: web.id, type: web.type, attributes: web.attributes, uid }, signal);
    expect(await codeOf(update(bed.thing('web', 'b'), row))).toBe('PLAN_STALE');
  });

  test('stops at what is another one by now', async () => {
    const web = bed.thing('web', 'a');
    const { uid } = await create(web);
    const row = await planOne(bed.thing('web', 'b'));
    await bed.connection.delete({ id: web.id, type: web.type, attributes: web.attributes, uid }, signal);
    await create(web);
    expect(await codeOf(update(bed.thing('web', 'b'), row))).toBe('PLAN_STALE');
    expect(await toldOf(web)).toBe('a');
  });

  test('undoes what others have changed, where the plan has shown it', async () => {
    const web = bed.thing('web', 'a');
    await create(web);
    if (!bed.meddle) {
      expect(bed.gaps).toContain('changes of others');
      return;
    }
    await bed.meddle('web', 'x');
    const row = await planOne(web);
    expect(row.changes).toMatchObject([{ path: bed.path, before: 'x', after: 'a' }]);
    await update(web, row);
    expect(await toldOf(web)).toBe('a');
  });

  test('plans the delete of what is there and of what is not', async () => {
    const web = bed.thing('web', 'a');
    const { uid } = await create(web);
    const rows = await plan([], [web, bed.thing('none', 'a')]);
    expect(rows.map(({ live }) => live?.uid)).toEqual([uid, undefined]);
  });

  test('deletes only the one with the uid that was named', async () => {
    const web = bed.thing('web', 'a');
    const { uid } = await create(web);
    expect(await bed.connection.delete({ id: web.id, type: web.type, attributes: web.attributes, uid: 'another' }, signal)).toBe('gone');
    expect(await toldOf(web)).toBe('a');
    expect(await bed.connection.delete({ id: web.id, type: web.type, attributes: web.attributes, uid }, signal)).toBe('gone');
    expect(await toldOf(web)).toBeUndefined();
    expect(await bed.connection.delete({ id: web.id, type: web.type, attributes: web.attributes, uid }, signal)).toBe('gone');
  });

  test('lets go of what stays', async () => {
    const web = bed.thing('web', 'a');
    const { uid } = await create(web);
    await bed.connection.abandon({ stack: 'shop/prod', id: web.id, type: web.type, uid }, signal);
    if (bed.gaps.includes('owners')) {
      // What it knew of it is gone with the state; the world is as it was.
      expect((await planOne(web)).live).toBeUndefined();
      return;
    }
    expect((await planOne(web)).owner).toMatchObject({ kind: 'nobody' });
    expect(await toldOf(web)).toBe('a');
  });

  test('takes over what belongs to somebody else, when it is told to', async () => {
    const web = bed.thing('web', 'a');
    const { uid } = await create(web, 'other/prod');
    const row = await planOne(web);
    const adopt = {
      stack: 'shop/prod',
      resource: web,
      action: 'adopt',
      changes: row.changes,
      ...(row.live ? { live: row.live } : {}),
    } as const;
    expect((await bed.connection.apply(adopt, signal)).uid).toBe(uid);
    expect((await planOne(web)).owner).toBeUndefined();
  });

  test('observes what is there, and what is not', async () => {
    const web = bed.thing('web', 'a');
    const { uid } = await create(web);
    const none = bed.thing('none', 'a');
    const seen = await bed.connection.observe([web, none], signal);
    expect(seen.map(({ id, exists }) => [id, exists])).toEqual([
      [web.id, true],
      [none.id, false],
    ]);
    expect(seen[0]).toMatchObject({ uid, health: 'ready' });
  });

  test('watches: first as it is, then each change, then that it is gone, until it is told to stop', async () => {
    const web = bed.thing('web', 'a');
    const stop = new AbortController();
    const seen: Observation[] = [];
    const heard = (is: (one: Observation) => boolean) =>
      new Promise<Observation>((resolve) => {
        const look = () => {
          const found = seen.find(is);
          if (found) resolve(found);
          else setTimeout(look, 5);
        };
        look();
      });
    const watch = await bed.connection.watch([web], (one) => seen.push(one), stop.signal);
    await heard(({ exists }) => !exists);
    const { uid } = await create(web);
    await heard((one) => one.uid === uid && one.health === 'ready');
    seen.length = 0;
    await bed.connection.delete({ id: web.id, type: web.type, attributes: web.attributes, uid }, signal);
    await heard(({ exists }) => !exists);
    const other = bed.thing('other', 'a');
    await create(other);
    await watch.add([other]);
    await heard(({ id }) => id === other.id);
    stop.abort();
    await watch.ended;
  });
});
