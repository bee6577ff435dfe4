// Wires the rooms: which runtimes there are, where records lie, who we are.
import { execFile } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { hostname, userInfo } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { isKonfigError, KonfigError, type Problem, type Runtime } from '@konfig/core';
import { fileStore, hasEnded, ownProcess, postgresStore, systemClock, type Who, type World } from '@konfig/engine';
import { kubernetesRuntime, kubernetesStore, secretReader, serviceRuntime, terraformRuntime } from '@konfig/runtimes';
import { knownDefinitions } from './definitions';
import { runningCluster } from './embedded-cluster';

/** The real world, seen from a monorepo. */
export function openWorld(root: string, env: NodeJS.ProcessEnv): World {
  const own = ownProcess();
  const runtimes = {
    kubernetes: withEmbedded(kubernetesRuntime({ definitions: () => knownDefinitions(root).definitions }), root),
    service: serviceRuntime(),
    terraform: terraformRuntime({ root, env, process: own, hasEnded }),
  };
  let commit: Promise<string | undefined> | undefined;
  return {
    runtimes,
    async openStore(spec, connections) {
      if (spec.records.store === 'files') return fileStore(join(root, '.konfig', 'records'));
      if (spec.records.store === 'postgres') return postgresStore(String(spec.records.url));
      const connection = connections.get(spec.records.target);
      if (!connection) {
        throw new KonfigError({
          code: 'SPEC_TARGET',
          message: `The records of ${spec.project}/${spec.stack} are to lie in the target ${spec.records.target}, which is not there.`,
        });
      }
      return kubernetesStore(connection, { namespace: spec.records.namespace, hasEnded });
    },
    readSecrets: secretReader({ root, env, runtimes, commands: allowedCommands(root) }),
    clock: systemClock,
    who: whoRuns(env, own),
    // Git takes a while in a large repository; a preview does without.
    commit() {
      commit ??= commitOf(root, env);
      return commit;
    },
  };
}

/** A program that may name any command could run it with the credentials of whoever looks at its plan: the monorepo names them. */
function allowedCommands(root: string): readonly string[] {
  try {
    const { konfig } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as { konfig?: { secretCommands?: unknown } };
    return Array.isArray(konfig?.secretCommands) ? konfig.secretCommands.filter((one) => typeof one === 'string') : [];
  } catch {
    return [];
  }
}

/** A target that says `embedded` is the cluster that `konfig cluster start` runs for this monorepo. */
function withEmbedded(runtime: Runtime, root: string): Runtime {
  return {
    ...runtime,
    async connect(name, target, signal) {
      if (target.config.embedded !== true) return runtime.connect(name, target, signal);
      const { server } = runningCluster(root);
      return runtime.connect(name, { ...target, config: { ...target.config, server } }, signal).catch((error) => {
        throw isKonfigError(error) ? new KonfigError(error.problems.map(embeddedProblem), { cause: error }) : error;
      });
    },
  };
}

/** There is no network in between: it has ended. */
function embeddedProblem(problem: Problem): Problem {
  if (problem.code !== 'TARGET_UNREACHABLE') return problem;
  return { ...problem, hint: 'The embedded cluster has ended: start it again with konfig cluster start --background.' };
}

function whoRuns(env: NodeJS.ProcessEnv, own: ReturnType<typeof ownProcess>): Who {
  return {
    run: randomUUID(),
    name: `${userName(env)}@${hostname()}`,
    place: `pid ${process.pid}`,
    process: own,
  };
}

function userName(env: NodeJS.ProcessEnv): string {
  try {
    return userInfo().username;
  } catch {
    // A container may run under a user id that has no name.
    return env.USER ?? 'unknown';
  }
}

/** The commit of the program, with `+` where files differ from it; undefined outside a repository. */
async function commitOf(root: string, env: NodeJS.ProcessEnv): Promise<string | undefined> {
  try {
    const args = ['-C', root, 'status', '--porcelain=v2', '--branch', '--no-ahead-behind', '--', '.'];
    const { stdout } = await promisify(execFile)('git', args, { env, maxBuffer: Infinity });
    // https://git-scm.com/docs/git-status#_porcelain_format_version_2
    const commit = /^# branch\.oid ([0-9a-f]{12})/m.exec(stdout)?.[1];
    return commit && (/^[^#]/m.test(stdout) ? `${commit}+` : commit);
  } catch {
    return undefined;
  }
}
