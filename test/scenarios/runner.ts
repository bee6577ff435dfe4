// A process of its own that applies one stack, again and again, as it is told. It says `ready`, then one line for each that it hears:
//   look BY      previews ten ConfigMaps that say who made them           → looked, or the code of the problem
//   do SECONDS   applies what it has seen; waits so long for the lock      → succeeded, or the code of the first problem
//   go BY SECONDS, both                                                    → as do
//   hold         as `do 0`, and stops as soon as it has the lock           → holds
//   on           goes on                                                   → as do
import { createInterface } from 'node:readline';
import { defaultSettings, isKonfigError, type ReleaseStore, type Spec, specVersion } from '@konfig/core';
import { apply, fileStore, hasEnded, ownProcess, type Preview, preview, systemClock, type World } from '@konfig/engine';
import { kubernetesRuntime, kubernetesStore } from '@konfig/runtimes';

const [, , kubeconfig = '', namespace = '', records = '', name = ''] = process.argv;
const signal = new AbortController().signal;
let runs = 0;

/** Done by whoever has just got the lock. */
let whenLocked = async () => {};

function worldOf(): World {
  return {
    runtimes: { kubernetes: kubernetesRuntime() },
    async openStore(_, connections) {
      const connection = connections.get('main');
      if (!connection) throw new Error('There is no target main.');
      const store: ReleaseStore =
        records === 'kubernetes' ? kubernetesStore(connection, { namespace: 'konfig', hasEnded }) : fileStore(records);
      return {
        ...store,
        async lock(stack, holder) {
          const lock = await store.lock(stack, holder);
          await whenLocked();
          return lock;
        },
      };
    },
    readSecrets: async () => [],
    clock: systemClock,
    who: { run: `${name}-${++runs}`, name, place: `pid ${process.pid}`, process: ownProcess() },
    commit: async () => undefined,
  };
}

function specOf(by: string): Spec {
  const names = Array.from({ length: 10 }, (_, i) => `c-${i}`);
  const place = { target: 'main', runtime: 'kubernetes' };
  return {
    version: specVersion,
    project: namespace,
    stack: 'dev',
    workspace: 'dev',
    targets: { main: { runtime: 'kubernetes', config: { kubeconfig } } },
    records: records === 'kubernetes' ? { store: 'kubernetes', target: 'main', namespace: 'konfig' } : { store: 'files' },
    settings: defaultSettings,
    resources: names.map((one) => ({
      ...place,
      id: `main:ConfigMap/${namespace}/${one}`,
      type: 'v1/ConfigMap',
      attributes: { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: one, namespace }, data: { by } },
      path: one,
    })),
  };
}

let seen: Preview | undefined;
let goOn = () => {};
let held: Promise<string> | undefined;

async function look(by: string): Promise<string> {
  seen = await preview({ kind: 'apply', spec: specOf(by), sources: {} }, worldOf(), signal);
  return 'looked';
}

async function carryOut(lockWait: number): Promise<string> {
  if (!seen) throw new Error('There is nothing to do: look first.');
  const { phase, problems } = await apply(seen, worldOf(), { lockWait }).result;
  return problems[0]?.code ?? phase;
}

/** Resolves when the lock is there; `held` does when the run is over. */
function hold(): Promise<string> {
  const gate = new Promise<void>((open) => {
    goOn = open;
  });
  return new Promise((resolve) => {
    whenLocked = () => {
      resolve('holds');
      return gate;
    };
    held = carryOut(0);
    void held.then(resolve, resolve);
  });
}

async function goOnWithIt(): Promise<string> {
  goOn();
  return (await held) ?? 'nothing is held';
}

async function obey(line: string): Promise<string> {
  const [word = '', ...rest] = line.split(' ');
  const [first = '', second = '0'] = rest;
  switch (word) {
    case 'look':
      return look(first);
    case 'do':
      return carryOut(Number(first));
    case 'go':
      await look(first);
      return carryOut(Number(second));
    case 'hold':
      return hold();
    case 'on':
      return goOnWithIt();
    default:
      throw new Error(`What is ${line}?`);
  }
}

const wordFor = (error: unknown) => (isKonfigError(error) ? (error.problems[0]?.code ?? 'nothing') : String(error));

createInterface({ input: process.stdin }).on('line', (line) => {
  void obey(line)
    .catch(wordFor)
    .then((said) => process.stdout.write(`${said}\n`));
});
process.stdout.write('ready\n');
