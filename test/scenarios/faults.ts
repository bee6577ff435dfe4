// What must hold whatever happens to a run: killed at any moment, side by side with another one, its records damaged.
import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { setTimeout as pause } from 'node:timers/promises';
import { type KubernetesObject, kubeconfigOf, type ScenarioCluster } from './cluster';
import { sendHttp, type WatchEvent, watchHttp } from './http';
import type { Monorepo } from './monorepo';
import { project, service, unready } from './programs';
import { applied, lockIsFree, phasesOf, type Scene, words } from './scene';

export interface FaultOptions {
  /** How many times a run is killed. */
  readonly kills: number;
}

export function faults(scene: Scene, { kills }: FaultOptions): void {
  test(
    `a run that is killed at any of ${kills} random moments is finished by the next one; nothing is orphaned, and history tells it`,
    async () => {
      const seed = Number(process.env.KONFIG_SEED ?? Date.now() % 1_000_000);
      process.stderr.write(`Kills: seed ${seed} (KONFIG_SEED=${seed} does the same again).\n`);
      const random = randomOf(seed);
      const name = 'killed-often';
      const monorepo = scene.shop(name, fleet(0), fleetOptions);
      const write = (version: number, slow: string) => {
        const file = `projects/${name}/app.ts`;
        monorepo.write(file, project(name, [...fleet(version), slow], fleetOptions)[file] as string);
      };
      const stack = `${name}/dev`;
      await applied(monorepo, stack);
      write(1, service('slow'));
      const lines = (await applied(monorepo, stack, '--output', 'ndjson')).stdout.split('\n').length;
      for (let kill = 1; kill <= kills; kill++) {
        // Every other run can not end by itself, so that wherever the kill finds it, something is left to do.
        const isEndless = kill % 2 === 1;
        write(kill + 1, isEndless ? unready('slow') : service('slow'));
        const after = isEndless ? /"type":"step-started"/ : new RegExp(`^(.*\\n){${Math.floor(random() * lines)}}`);
        const milliseconds = random() * (isEndless ? 300 : 30);
        const moment = `seed ${seed}, kill ${kill}, ${milliseconds} ms after ${after}`;
        await killedAfter(monorepo, stack, { after, milliseconds });
        const [left] = await phasesOf(monorepo, stack);
        expect([moment, left]).toEqual([moment, isEndless ? 'interrupted' : expect.stringMatching(/^(interrupted|succeeded)$/)]);
        write(kill + 1, service('slow'));
        await applied(monorepo, stack);
        const phases = (await phasesOf(monorepo, stack)).slice(0, 2);
        expect([moment, phases]).toEqual([moment, ['succeeded', left === 'interrupted' ? 'failed' : 'succeeded']]);
        const owned = await ownedBy(monorepo, stack);
        expect([moment, owned.filter(({ exists }) => !exists)]).toEqual([moment, []]);
        const marked = await markedWith(scene, stack);
        expect([moment, owned.map(({ uid }) => uid).sort()]).toEqual([moment, marked.map(({ uid }) => uid).sort()]);
        // What a run leaves that was killed right after its end goes with the next one that changes something.
        if (left === 'interrupted') expect([moment, await journalsOf(scene, name)]).toEqual([moment, []]);
      }
      expect(await lockIsFree(scene, stack)).toBe(true);
      expect((await markedWith(scene, stack)).length).toBeGreaterThanOrEqual(15);
      await applied(monorepo, stack);
      expect((await monorepo.konfig('destroy', stack, '--yes')).code).toBe(0);
      expect(await markedWith(scene, stack)).toEqual([]);
      expect(await journalsOf(scene, name)).toEqual([]);
    },
    kills * 60_000 + 120_000,
  );

  test.each(['kubernetes', 'files'] as const)(
    'of two runs at once, twenty times, one writes at a time, with records in %s',
    async (store) => {
      const { cluster } = scene;
      const name = `race-${store}`;
      const folder = mkdtempSync(join(tmpdir(), 'konfig-race-'));
      await cluster.create('/api/v1/namespaces', { apiVersion: 'v1', kind: 'Namespace', metadata: { name } });
      const path = `/api/v1/namespaces/${name}/configmaps`;
      const changes = watchHttp(cluster.server, `${path}?watch=true`, ({ object }) => object.metadata.name === 'last-word');
      const runners = await Promise.all(['a', 'b'].map((who) => runnerOf(cluster, [name, store === 'files' ? folder : store, who])));
      const [a, b] = runners as [Runner, Runner];
      const outcomes: { [outcome: string]: number } = {};
      const heard = (...said: readonly string[]) => {
        for (const word of said) outcomes[word] = (outcomes[word] ?? 0) + 1;
        return [...said].sort();
      };
      const both = async (line: (who: string) => string) => heard(...(await Promise.all([a.does(line('a')), b.does(line('b'))])));
      const inTurn = ['succeeded', 'succeeded'];
      try {
        for (let round = 1; round <= 10; round++) {
          // Who comes late enough finds the lock free, and its plan overtaken, or even sees the other's release in its preview.
          expect([['LOCK_HELD', 'succeeded'], ['PLAN_STALE', 'succeeded'], inTurn]).toContainEqual(
            await both((who) => `go ${round}${who} 0`),
          );
          expect([['PLAN_STALE', 'succeeded'], inTurn]).toContainEqual(await both((who) => `go ${round + 10}${who} 60`));
        }
        // And with nothing left to chance: both have a plan of the same release, and one has the lock.
        for (const one of runners) expect(await one.does('look last')).toBe('looked');
        expect(await a.does('hold')).toBe('holds');
        expect(await b.does('do 0')).toBe('LOCK_HELD');
        expect(await b.does('look later')).toBe('looked');
        expect(heard(await a.does('on'))).toEqual(['succeeded']);
        expect(await b.does('do 0')).toBe('PLAN_STALE');
        await cluster.create(path, { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'last-word' } });
        // Whoever wrote between two writes of the other would show as a block of its own.
        const blocks = blocksOf((await changes).flatMap(byOf));
        expect(blocks).toEqual([...new Set(blocks)]);
        expect(blocks).toHaveLength(outcomes.succeeded ?? 0);
        process.stderr.write(`Two runs at once, records in ${store}: ${JSON.stringify(outcomes)}\n`);
      } finally {
        for (const one of runners) one.kill();
        rmSync(folder, { recursive: true });
      }
    },
    120_000,
  );

  test('records that are damaged are named, with the way out; a damaged release stands in no way, nor does a damaged record in that of other stacks', async () => {
    const { cluster } = scene;
    const monorepo = scene.shop('damaged', [service('web')]);
    const other = scene.shop('intact', [service('web')]);
    for (const replicas of [1, 2]) {
      monorepo.write('projects/damaged/app.ts', project('damaged', [service('web', { replicas })])['projects/damaged/app.ts'] as string);
      await applied(monorepo, 'damaged/dev');
    }
    const secrets = '/api/v1/namespaces/konfig/secrets';
    const own = (await cluster.list(secrets)).filter(({ metadata }) => metadata.name.startsWith('konfig-damaged-dev-'));
    const index = own.find(({ metadata }) => metadata.labels?.['konfig.dev/part'] === 'index') as KubernetesObject;
    const chunk = own.find(({ metadata }) => metadata.labels?.['konfig.dev/part'] === 'chunk') as KubernetesObject;
    await cluster.remove(`${secrets}/${chunk.metadata.name}`);
    const listed = await monorepo.konfig('history', 'damaged/dev', '--output', 'json');
    expect(listed.code).toBe(1);
    expect((JSON.parse(listed.stdout) as { number: number }[]).map(({ number }) => number)).toEqual([2, 1]);
    expect(listed.stderr.replace(/\s+/g, ' ')).toContain(`Secret konfig/${chunk.metadata.name} is not a record of Konfig: it is missing.`);
    monorepo.write('projects/damaged/app.ts', project('damaged', [service('web', { replicas: 3 })])['projects/damaged/app.ts'] as string);
    await applied(monorepo, 'damaged/dev');

    await cluster.patch(`${secrets}/${index.metadata.name}`, { data: { index: 'bm9uc2Vuc2U=' } }, 'somebody');
    for (const command of ['status', 'history', 'preview', 'apply', 'destroy']) {
      const ran = await monorepo.konfig(command, 'damaged/dev', ...(command === 'apply' || command === 'destroy' ? ['--yes'] : []));
      expect([command, ran.code]).toEqual([command, 1]);
      expect(words(ran)).toContain(`RECORD_CORRUPT Secret konfig/${index.metadata.name} is not a record of Konfig`);
    }
    await applied(other, 'intact/dev');
    const before = await markedWith(scene, 'damaged/dev');

    // The way out, as the hint says it; without --adopt nobody takes for his own what his records do not know.
    await cluster.remove(`${secrets}/${index.metadata.name}`);
    const lost = await monorepo.konfig('apply', 'damaged/dev', '--yes');
    expect(words(lost)).toContain('RECORD_OUTDATED The records of damaged/dev end at release 0, but release 3 was applied');
    await cluster.remove(`/apis/coordination.k8s.io/v1/namespaces/konfig/leases/${index.metadata.name}`);
    const stranger = await monorepo.konfig('apply', 'damaged/dev', '--yes');
    expect(stranger.code).toBe(1);
    expect(words(stranger)).toMatch(
      /RECORD_OUTDATED .* bear the mark of damaged\/dev, but its records, which end at release 0, do not know of them/,
    );
    await applied(monorepo, 'damaged/dev', '--adopt');
    expect(await phasesOf(monorepo, 'damaged/dev')).toEqual(['succeeded']);
    expect(await markedWith(scene, 'damaged/dev')).toEqual(before);
    expect((await ownedBy(monorepo, 'damaged/dev')).map(({ uid }) => uid).sort()).toEqual(before.map(({ uid }) => uid).sort());
  });
}

/** Some seventeen objects, of which a new version changes, replaces, makes and deletes some. */
function fleet(version: number): readonly string[] {
  const configs = Array.from({ length: 8 }, (_, i) => `settings-${version * 3 + i}`);
  return [
    service('web', { image: `registry.example/web:1.0.${version}`, replicas: 2 }),
    service('api', { image: 'registry.example/api:1.0.0' }),
    `new Job(this, 'migrate', { containers: { main: { image: 'registry.example/migrate:1.0.${version}' } } });`,
    `new ApiObject(this, 'fixed', { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'fixed' }, immutable: true, data: { version: '${version}' } });`,
    `for (const name of ${JSON.stringify(configs)}) new ApiObject(this, name, { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name } });`,
  ];
}

const fleetOptions = { imports: 'Job, Service', above: ["import { ApiObject } from 'cdk8s';"], operations: 'concurrency: 4' };

/** Numbers from 0 to 1 that follow from a seed: https://en.wikipedia.org/wiki/Lehmer_random_number_generator */
function randomOf(seed: number): () => number {
  let state = (seed % 2_147_483_646) + 1;
  return () => {
    state = (state * 48_271) % 2_147_483_647;
    return state / 2_147_483_647;
  };
}

interface Moment {
  /** What the run has said until then. */
  readonly after: RegExp;
  readonly milliseconds: number;
}

/** Starts an apply and kills it at this moment, wherever it stands then; it may have ended before. */
async function killedAfter(monorepo: Monorepo, stack: string, { after, milliseconds }: Moment): Promise<void> {
  const running = monorepo.start(['apply', stack, '--yes', '--no-type-check', '--output', 'ndjson']);
  const ended = running.ended.then(() => undefined);
  await Promise.race([
    ended,
    running.says(after).then(
      () => pause(milliseconds),
      () => ended,
    ),
  ]);
  running.child.kill('SIGKILL');
  await ended;
}

interface Owned {
  readonly id: string;
  readonly uid?: string;
  readonly exists: boolean;
}

/** What the inventory has, as the world has it. */
async function ownedBy(monorepo: Monorepo, stack: string): Promise<readonly Owned[]> {
  const { stdout } = await monorepo.konfig('status', stack, '--output', 'json');
  return (JSON.parse(stdout) as { readonly observations: readonly Owned[] }).observations;
}

interface Marked {
  readonly name: string;
  readonly uid: string;
}

/** Every object of the cluster that bears the mark of this stack itself, of whatever kind. */
async function markedWith({ cluster }: Scene, stack: string): Promise<readonly Marked[]> {
  const groups = JSON.parse((await sendHttp(cluster.server, { method: 'GET', path: '/apis' })).body) as ApiGroups;
  const versions = ['/api/v1', ...groups.groups.map(({ preferredVersion }) => `/apis/${preferredVersion.groupVersion}`)];
  const found = await Promise.all(
    versions.map(async (version) => {
      const { resources } = JSON.parse((await sendHttp(cluster.server, { method: 'GET', path: version })).body) as ApiResources;
      const listable = resources.filter(({ name, verbs }) => verbs.includes('list') && !name.includes('/'));
      const lists = await Promise.all(listable.map(({ name }) => cluster.list(`${version}/${name}`)));
      return lists.flat();
    }),
  );
  const marked = found.flat().filter(({ metadata }) => metadata.annotations?.['konfig.dev/stack'] === stack);
  // A Deployment hands its annotations on to its ReplicaSets.
  const own = marked.filter(({ metadata }) => !('ownerReferences' in metadata));
  return own.map(({ metadata: { name, uid } }) => ({ name, uid })).sort((a, b) => (a.uid < b.uid ? -1 : 1));
}

interface ApiGroups {
  readonly groups: readonly { readonly preferredVersion: { readonly groupVersion: string } }[];
}

interface ApiResources {
  readonly resources: readonly { readonly name: string; readonly verbs: readonly string[] }[];
}

/** Secrets that hold the journal of a run that has not ended. */
async function journalsOf({ cluster }: Scene, name: string): Promise<readonly string[]> {
  const secrets = await cluster.list('/api/v1/namespaces/konfig/secrets?labelSelector=konfig.dev/part%3Djournal');
  return secrets.map(({ metadata }) => metadata.name).filter((secret) => secret.startsWith(`konfig-${name}-`));
}

interface Runner {
  does(line: string): Promise<string>;
  kill(): void;
}

/** A process of its own, see runner.ts. */
async function runnerOf(cluster: ScenarioCluster, args: readonly string[]): Promise<Runner> {
  const child = spawn(process.execPath, ['-r', 'esbuild-register', join(__dirname, 'runner.ts'), kubeconfigOf(cluster), ...args], {
    stdio: ['pipe', 'pipe', 'inherit'],
  });
  const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
  const next = async () => {
    const { done, value } = await lines.next();
    if (done) throw new Error(`The runner ${args.join(' ')} has ended.`);
    return value;
  };
  await next();
  return {
    does(line) {
      child.stdin.write(`${line}\n`);
      return next();
    },
    kill: () => void child.kill('SIGKILL'),
  };
}

/** Who has written a ConfigMap of the race, as its watch tells. */
function byOf({ object }: WatchEvent): readonly string[] {
  const { data } = object as { readonly data?: { readonly by?: string } };
  return data?.by === undefined ? [] : [data.by];
}

/** Each run of equal words as one. */
function blocksOf(words: readonly string[]): readonly string[] {
  return words.filter((word, i) => word !== words[i - 1]);
}
