// A process of its own that applies one stack, again and again, as it is told: `go BY SECONDS` applies ten ConfigMaps that say who made them, and waits so long
// for the lock. It says `ready`, then how each run ended: `succeeded`, or the code of the first problem.
import { createInterface } from 'node:readline';
import { defaultSettings, isKonfigError, type Spec, specVersion } from '@konfig/core';
import { apply, fileStore, hasEnded, ownProcess, preview, systemClock, type World } from '@konfig/engine';
import { kubernetesRuntime, kubernetesStore } from '@konfig/runtimes';

const [, , kubeconfig = '', namespace = '', records = '', name = ''] = process.argv;
const signal = new AbortController().signal;
let runs = 0;

function worldOf(): World {
  return {
    runtimes: { kubernetes: kubernetesRuntime() },
    async openStore(_, connections) {
      const connection = connections.get('main');
      if (!connection) throw new Error('There is no target main.');
      return records === 'kubernetes' ? kubernetesStore(connection, { namespace: 'konfig', hasEnded }) : fileStore(records);
    },
    readSecrets: async () => [],
    clock: systemClock,
    who: { run: `${name}-${++runs}`, name, place: `pid ${process.pid}`, process: ownProcess() },
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

async function obey(line: string): Promise<string> {
  const [, by = '', seconds = '0'] = line.split(' ');
  const world = worldOf();
  try {
    const shown = await preview({ kind: 'apply', spec: specOf(by), sources: {} }, world, signal);
    const { phase, problems } = await apply(shown, world, { lockWait: Number(seconds) }).result;
    return problems[0]?.code ?? phase;
  } catch (error) {
    return isKonfigError(error) ? (error.problems[0]?.code ?? 'nothing') : String(error);
  }
}

createInterface({ input: process.stdin }).on('line', (line) => {
  if (line === 'end') process.exit(0);
  void obey(line).then((said) => process.stdout.write(`${said}\n`));
});
process.stdout.write('ready\n');
