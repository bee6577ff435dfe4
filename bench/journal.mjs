// What the record of a run costs: the same plan carried out in a world where every change is done at once, with stores that do more and more.
// Each doubling of the steps should double the time. Prints times and ratios; asserts nothing. `node bench/journal.mjs [--steps 10000]`
import { mkdtempSync, rmSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';

const require = createRequire(new URL('../packages/cli/', import.meta.url));
const { apply, fileStore, preview } = require('@konfig/engine');
const { defaultSettings, specVersion } = require('@konfig/core');
const { startCluster } = require('@konfig/cluster');
const { kubernetesRuntime, kubernetesStore } = require('@konfig/runtimes');

const { values } = parseArgs({ options: { steps: { type: 'string', default: '10000' } } });
const most = Number(values.steps);
const sizes = [most / 8, most / 4, most / 2, most].map(Math.floor);

const stores = {
  'a store that does nothing': () => ({ store: nothingStore(), close() {} }),
  files() {
    const folder = mkdtempSync(join(tmpdir(), 'konfig-bench-'));
    return { store: fileStore(folder), close: () => rmSync(folder, { recursive: true }) };
  },
  async 'Secrets of the embedded cluster'() {
    const cluster = await startCluster();
    const target = { runtime: 'kubernetes', config: { server: cluster.server } };
    const connection = await kubernetesRuntime().connect('main', target, new AbortController().signal);
    const close = async () => {
      await connection.close();
      await cluster.stop();
    };
    return { store: kubernetesStore(connection, { namespace: 'konfig' }), close };
  },
};

/** Everything that is asked for is there and ready with the answer. */
const runtime = {
  name: 'memory',
  check: () => [],
  references: () => new Map(),
  rank: () => 0,
  connect: async () => ({
    identity: 'bench',
    description: 'bench',
    plan: async ({ wished }) =>
      wished.map(({ id }) => ({ id, changes: [], immutable: [], replaceable: true, checked: 'server', notes: [], problems: [] })),
    missingPermissions: async () => [],
    apply: async ({ resource: { id } }) => {
      const observation = { id, exists: true, uid: id, generation: 1, health: 'ready', message: '', findings: [], related: [] };
      return { uid: id, generation: 1, live: {}, warnings: [], observation };
    },
    delete: async () => 'gone',
    abandon: async () => {},
    logs: async () => {},
    observe: async () => [],
    read: async () => undefined,
    watch: async () => ({ add: async () => {}, ended: new Promise(() => {}) }),
    close: async () => {},
  }),
};

await once(Math.min(500, most), stores['a store that does nothing']);
console.log('Apply of n new resources, each done at once; the preview is not counted');
for (const [name, open] of Object.entries(stores)) {
  console.log(`\n  with ${name}`);
  let before;
  for (const size of sizes) {
    const { took, writes } = await once(size, open);
    const ratio = before === undefined ? '' : `  × ${(took / before).toFixed(1)} of the half`;
    console.log(
      `  ${String(size).padStart(7)} steps  ${String(Math.round(took)).padStart(6)} ms  ${String(writes).padStart(6)} writes${ratio}`,
    );
    before = took;
  }
}

async function once(size, open) {
  const { store, close } = await open();
  let writes = 0;
  const counted = {
    ...store,
    save: (...given) => store.save(...given, writes++),
    append: (...given) => store.append(...given, writes++),
  };
  const world = {
    runtimes: { memory: runtime },
    openStore: async () => counted,
    readSecret: () => undefined,
    clock: { now: () => Date.now(), after: () => () => {} },
    who: { run: 'bench', name: 'bench', place: `pid ${process.pid}` },
  };
  try {
    const shown = await preview({ kind: 'apply', spec: specOf(size), sources: {} }, world, new AbortController().signal);
    if (!shown.plan) throw new Error(JSON.stringify(shown.problems));
    const begin = performance.now();
    const { phase, problems } = await apply(shown, world).result;
    const took = performance.now() - begin;
    if (phase !== 'succeeded') throw new Error(JSON.stringify(problems));
    return { took, writes };
  } finally {
    await close();
  }
}

function specOf(size) {
  const resources = Array.from({ length: size }, (_, i) => ({
    id: `main:Thing/thing-${String(i).padStart(6, '0')}`,
    target: 'main',
    runtime: 'memory',
    type: 'Thing',
    attributes: { text: `This is thing ${i}.`, ports: [80, 443], labels: { app: `thing-${i}`, stack: 'bench' } },
    path: `thing-${i}`,
  }));
  return {
    version: specVersion,
    project: 'bench',
    stack: 'bench',
    workspace: 'bench',
    targets: { main: { runtime: 'memory', config: {} } },
    records: { store: 'files' },
    settings: defaultSettings,
    resources,
  };
}

function nothingStore() {
  const holder = { run: 'bench', who: 'bench', since: '' };
  return {
    description: 'nowhere',
    readRecord: async () => undefined,
    readRelease: async () => undefined,
    listReleases: async () => ({ releases: [], problems: [] }),
    listStacks: async () => [],
    holder: async () => undefined,
    lock: async () => ({ holder, fence: 1, lost: new AbortController().signal, release: async () => {} }),
    unlock: async () => holder,
    save: async () => {},
    append: async () => {},
  };
}
