// What the stacks go to: can it be reached, with which version and clock, and may we do there what the stacks need.
import {
  type Connection,
  type GrowingMask,
  isError,
  type JsonObject,
  KonfigError,
  type Problem,
  type Runtime,
  type Spec,
  stackName,
  type Target,
} from '@konfig/core';
import { filledTargets, newMask, type World } from '@konfig/engine';
import type { KubernetesConnection } from '@konfig/runtimes';
import { inParallel } from '../in-parallel';
import { untilInterrupted } from '../interrupt';
import type { Monorepo } from '../program/monorepo';
import { synthStack } from '../program/synth';
import type { Shell } from '../shell';
import { type DoctorFinding, findingsIn, problemsOf } from './finding';

const { well, warning, broken } = findingsIn('targets');

export interface TargetCheck {
  readonly monorepo: Monorepo;
  readonly stacks: readonly string[];
  readonly world: World;
  readonly shell: Shell;
}

export async function checkTargets(check: TargetCheck): Promise<readonly DoctorFinding[]> {
  const read = await inParallel(check.stacks, 4, (stack) => readSpec(stack, check));
  const specs = read.flatMap((one) => ('spec' in one ? [one.spec] : []));
  const findings = read.flatMap((one) => ('finding' in one ? [one.finding] : []));
  const places = placesOf(specs);
  const checked = await untilInterrupted(check.shell, (signal) =>
    Promise.all([...places.values()].map((place) => checkPlace(place, { ...check, signal }))),
  );
  return [...findings, ...checked.flat()];
}

async function readSpec(
  stack: string,
  { monorepo, shell }: TargetCheck,
): Promise<{ readonly spec: Spec } | { readonly finding: DoctorFinding }> {
  try {
    const { output } = await synthStack(monorepo, stack, { env: shell.env, print: () => {} });
    return { spec: (await output).spec };
  } catch (error) {
    const [first] = problemsOf(error);
    return { finding: broken(`stack ${stack}`, first?.message ?? String(error), `konfig validate ${stack}`) };
  }
}

/** One target, and who goes there. */
interface Place {
  readonly target: Target;
  readonly uses: readonly { readonly name: string; readonly spec: Spec }[];
}

function placesOf(specs: readonly Spec[]): ReadonlyMap<string, Place> {
  const places = new Map<string, Place>();
  for (const spec of specs) {
    for (const [name, target] of Object.entries(spec.targets)) {
      const key = JSON.stringify(target);
      const uses = [...(places.get(key)?.uses ?? []), { name, spec }];
      places.set(key, { target, uses });
    }
  }
  return places;
}

type Check = Pick<TargetCheck, 'world'> & { readonly signal: AbortSignal };

/** What is found out tells nothing of what the target is opened with. */
async function checkPlace(place: Place, check: Check): Promise<readonly DoctorFinding[]> {
  const mask = newMask();
  const findings = await lookAtPlace(place, { ...check, mask });
  return findings.map(({ message, hint, ...finding }) => ({
    ...finding,
    message: mask.text(message),
    ...(hint === undefined ? {} : { hint: mask.text(hint) }),
  }));
}

async function lookAtPlace({ target, uses }: Place, check: Check & { readonly mask: GrowingMask }): Promise<readonly DoctorFinding[]> {
  const { world, signal } = check;
  const stacks = [...new Set(uses.map(({ spec }) => stackName(spec)))];
  const used = `for ${stacks.slice(0, 3).join(', ')}${stacks.length > 3 ? ` and ${stacks.length - 3} more` : ''}`;
  const what = placeName(target, uses[0]?.spec.workspace ?? '');
  const runtime = world.runtimes[target.runtime];
  if (!runtime) return [broken(what, `is of the runtime ${JSON.stringify(target.runtime)}, which is not there.`)];
  let connection: Connection;
  try {
    connection = await openTarget(runtime, uses[0] as Place['uses'][number], check);
  } catch (error) {
    return problemsOf(error).map(({ message, hint }) => broken(what, message, hint));
  }
  try {
    const about = target.runtime === 'kubernetes' ? await checkServer(what, connection as KubernetesConnection, used, signal) : [];
    const missing = await Promise.all(uses.map((use) => missingFor(use, connection, signal)));
    const distinct = [...new Map(missing.flat().map((problem) => [problem.message, problem])).values()];
    const permissions = distinct.map((problem) => (isError(problem) ? broken : warning)(what, problem.message, problem.hint));
    return [...about, ...(permissions.length === 0 ? [well(what, 'may do what the stacks and their records need')] : permissions)];
  } catch (error) {
    return problemsOf(error).map(({ message, hint }) => broken(what, message, hint));
  } finally {
    await connection.close();
  }
}

async function openTarget(
  runtime: Runtime,
  { name, spec }: Place['uses'][number],
  { world, signal, mask }: Check & { readonly mask: GrowingMask },
): Promise<Connection> {
  const { targets, problems } = await filledTargets(spec, world, signal, mask);
  const target = targets[name];
  if (!target) throw new KonfigError(problems);
  const connection = await runtime.connect(name, target, signal);
  connection.maskWith?.(mask);
  return connection;
}

function placeName({ config, runtime }: Target, workspace: string): string {
  if (config.embedded === true) return `workspace ${workspace}`;
  return typeof config.context === 'string' ? `context ${config.context}` : `workspace ${workspace} (${runtime})`;
}

/** Server-side apply is there since 1.22. */
const oldestMinor = 22;
/** Seconds. Tokens and certificates of short life stop working when clocks differ by more. */
const mostSkew = 30;

async function checkServer(
  what: string,
  connection: KubernetesConnection,
  used: string,
  signal: AbortSignal,
): Promise<readonly DoctorFinding[]> {
  const before = Date.now();
  const { body, date } = await connection.client.request({ method: 'GET', path: '/version' }, signal);
  const skew = date === undefined ? 0 : skewOf({ before, after: Date.now(), server: Date.parse(date) });
  const { gitVersion, major, minor } = body as JsonObject;
  const isOld = Number(major) === 1 && Number.parseInt(String(minor), 10) < oldestMinor;
  const version = `${connection.description}, ${String(gitVersion ?? 'no version')}, ${used}`;
  return [
    isOld
      ? broken(what, `${version}: too old, server-side apply came with 1.${oldestMinor}.`, 'Bring the cluster up to date.')
      : well(what, version),
    ...(Math.abs(skew) > mostSkew
      ? [
          warning(
            what,
            `its clock is ${Math.abs(Math.round(skew))} s ${skew > 0 ? 'ahead of' : 'behind'} this machine's.`,
            'Set this machine’s clock by NTP: credentials of short life may be refused.',
          ),
        ]
      : []),
  ];
}

/** Seconds that the server is ahead. HTTP tells whole seconds, and the answer took a while: what that explains is no skew. */
export function skewOf({ before, after, server }: { readonly before: number; readonly after: number; readonly server: number }): number {
  if (server > after) return (server - after) / 1000;
  return server + 1000 < before ? (server + 1000 - before) / 1000 : 0;
}

async function missingFor({ name, spec }: Place['uses'][number], connection: Connection, signal: AbortSignal): Promise<readonly Problem[]> {
  // The connection learns where records are kept, and asks for that too.
  if (spec.records.store === 'kubernetes' && spec.records.target === name)
    (connection as KubernetesConnection).keepsRecordsIn(spec.records.namespace);
  const rows = spec.resources
    .filter(({ target }) => target === name)
    .flatMap(({ id, type }) => (['create', 'patch', 'delete'] as const).map((verb) => ({ resource: id, type, verb })));
  return connection.missingPermissions(rows, signal);
}
