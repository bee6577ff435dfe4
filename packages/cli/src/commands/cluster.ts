// konfig cluster: the embedded cluster of this monorepo, in the foreground or behind.
import { spawn } from 'node:child_process';
import { openSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { KonfigError } from '@konfig/core';
import { ownProcess } from '@konfig/engine';
import {
  clusterFolder,
  findCluster,
  forgetCluster,
  kubeconfigFile,
  makeClusterFolder,
  noteCluster,
  type RunningCluster,
} from '../embedded-cluster';
import { exitCodes } from '../exit-code';
import { findMonorepo } from '../program/monorepo';
import type { Shell } from '../shell';

export interface ClusterArguments {
  readonly action: 'start' | 'stop' | 'status' | 'kubeconfig';
  readonly background: boolean;
  readonly port: number;
  /** Seconds that a simulated pod takes to start. */
  readonly podStart: number;
  /** Simulated nodes. */
  readonly nodes: number;
  /** Forget what the last one held. */
  readonly fresh: boolean;
}

export async function cluster(args: ClusterArguments, shell: Shell): Promise<number> {
  const { root } = findMonorepo(shell.cwd);
  switch (args.action) {
    case 'start':
      return args.background ? startBehind(root, args, shell) : startHere(root, args, shell);
    case 'stop':
      return stop(root, shell);
    case 'status':
      return tellStatus(root, shell);
    case 'kubeconfig':
      needRunning(root);
      shell.stdout.write(readFileSync(kubeconfigFile(root), 'utf8'));
      return exitCodes.done;
  }
}

async function startHere(root: string, args: ClusterArguments, shell: Shell): Promise<number> {
  const before = findCluster(root);
  if (before)
    throw new KonfigError({
      code: 'USAGE',
      message: `An embedded cluster runs already at ${before.server} (pid ${before.process.pid}).`,
      hint: 'Stop it first: konfig cluster stop.',
    });
  // Loaded only here: no other command needs it.
  const { startCluster } = require('@konfig/cluster') as typeof import('@konfig/cluster');
  const stateFile = join(clusterFolder(root), 'objects.json');
  if (args.fresh) rmSync(stateFile, { force: true });
  makeClusterFolder(root);
  const running = await startCluster({ port: args.port, podStartMillis: args.podStart * 1000, nodes: args.nodes, stateFile }).catch(
    (error) => {
      throw startFailure(error, stateFile, args);
    },
  );
  noteCluster(root, { server: running.server, process: ownProcess() }, running.kubeconfig());
  shell.stdout.write(
    `${runningText({ server: running.server, process: ownProcess() }, root)}^C stops it; what is in it is there again at the next start.\n`,
  );
  await new Promise<void>((resolve) => {
    const unhear = shell.onInterrupt(() => {
      unhear();
      resolve();
    });
  });
  forgetCluster(root);
  await running.stop();
  return exitCodes.done;
}

/** What stood in the way, in words for whoever must mend it. */
function startFailure(error: unknown, stateFile: string, { port }: ClusterArguments): unknown {
  const { code, message } = error as NodeJS.ErrnoException;
  if (code === 'EADDRINUSE')
    return new KonfigError(
      { code: 'USAGE', message: `Port ${port} is taken.`, hint: 'Name another one, or leave --port out.' },
      { cause: error },
    );
  if (!(error instanceof SyntaxError) && !message?.includes(stateFile)) return error;
  return new KonfigError(
    {
      code: 'RECORD_CORRUPT',
      message: `${stateFile} is not what a cluster left: ${message}`,
      hint: 'Start without it: konfig cluster start --fresh.',
    },
    { cause: error },
  );
}

async function startBehind(root: string, args: ClusterArguments, shell: Shell): Promise<number> {
  const before = findCluster(root);
  if (before) {
    shell.stdout.write(runningText(before, root));
    return exitCodes.done;
  }
  makeClusterFolder(root);
  const log = join(clusterFolder(root), 'cluster.log');
  const output = openSync(log, 'w');
  const program = join(__dirname, '..', '..', 'bin', 'konfig.js');
  const child = spawn(process.execPath, [program, 'cluster', 'start', ...startOptions(args)], {
    cwd: root,
    env: shell.env,
    detached: true,
    stdio: ['ignore', output, output],
  });
  const running = await untilRunning(root, child, log);
  child.unref();
  if (typeof running === 'string') {
    shell.stderr.write(running);
    return exitCodes.error;
  }
  shell.stdout.write(runningText(running, root));
  return exitCodes.done;
}

function startOptions({ port, podStart, nodes, fresh }: ClusterArguments): readonly string[] {
  return ['--port', String(port), '--pod-start', String(podStart), '--nodes', String(nodes), ...(fresh ? ['--fresh'] : [])];
}

/** It notes itself when it is ready; if it ends before, the answer is what it said: a problem in our own words. */
async function untilRunning(root: string, child: ReturnType<typeof spawn>, log: string): Promise<RunningCluster | string> {
  let ended = false;
  child.on('exit', () => {
    ended = true;
  });
  for (const deadline = Date.now() + 20_000; Date.now() < deadline && !ended; ) {
    const running = findCluster(root);
    if (running?.process.pid === child.pid) return running as RunningCluster;
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
  const said = readFileSync(log, 'utf8');
  if (said.trim() !== '') return said;
  throw new KonfigError({
    code: 'TARGET_UNREACHABLE',
    message: 'The embedded cluster did not start, and said nothing.',
    hint: `Its log is ${log}.`,
  });
}

async function stop(root: string, shell: Shell): Promise<number> {
  const running = findCluster(root);
  if (!running) {
    shell.stdout.write('No embedded cluster runs here.\n');
    return exitCodes.done;
  }
  process.kill(running.process.pid, 'SIGTERM');
  for (const deadline = Date.now() + 10_000; Date.now() < deadline && findCluster(root); )
    await new Promise((resolve) => setTimeout(resolve, 20));
  shell.stdout.write(`Stopped the embedded cluster (pid ${running.process.pid}).\n`);
  return exitCodes.done;
}

function tellStatus(root: string, shell: Shell): number {
  const running = findCluster(root);
  shell.stdout.write(
    running ? runningText(running, root) : 'No embedded cluster runs here. Start one: konfig cluster start --background\n',
  );
  return exitCodes.done;
}

function needRunning(root: string): void {
  if (!findCluster(root))
    throw new KonfigError({
      code: 'TARGET_UNREACHABLE',
      message: `No embedded cluster runs for ${root}.`,
      hint: 'Start one: konfig cluster start --background.',
    });
}

function runningText(running: RunningCluster, root: string): string {
  return `The embedded cluster runs at ${running.server} (pid ${running.process.pid}).\nkubectl --kubeconfig ${kubeconfigFile(root)} get pods -A\n`;
}
