import type { ServerResponse } from 'node:http';
import type { Kind } from '../kinds/kind';
import type { KubeObject } from '../objects';
import type { LogLine, Logs } from '../simulation/logs';
import { badRequest, type FieldProblem, invalid, problem } from './failure';
import { queryFlag } from './request';

/** A log that is told on while the client listens. */
export interface LogRequest {
  readonly uid: string;
  readonly container: string;
  readonly lines: readonly LogLine[];
  readonly withTimes: boolean;
}

/** What a container of a pod has said; or, with `follow`, what it says until it ends. */
export function readLog(logs: Logs, kind: Kind, pod: KubeObject, query: URLSearchParams, now: number): string | LogRequest {
  const { name, uid } = pod.metadata;
  checkOptions(kind, name, query);
  const container = chooseContainer(pod, query.get('container'));
  const wantsPrevious = queryFlag(query, 'previous');
  const waiting = waitingReason(pod, container);
  const said = wantsPrevious ? logs.readPrevious(uid, container) : logs.read(uid, container);
  if (!said) throw badRequest(`previous terminated container "${container}" in pod "${name}" not found`);
  if (waiting && said.length === 0) throw badRequest(`container "${container}" in pod "${name}" is waiting to start: ${waiting}`);
  const lines = choose(said, query, now);
  const withTimes = queryFlag(query, 'timestamps');
  if (queryFlag(query, 'follow') && !wantsPrevious && isRunning(pod, container)) return { uid, container, lines, withTimes };
  const text = lines.map((line) => print(line, withTimes)).join('');
  const limit = query.get('limitBytes');
  return limit === null ? text : Buffer.from(text).subarray(0, Number(limit)).toString();
}

function checkOptions(kind: Kind, name: string, query: URLSearchParams): void {
  const problems: FieldProblem[] = [];
  const number = (option: string): number | undefined => (query.get(option) === null ? undefined : Number(query.get(option)));
  const [tail, limit, since] = [number('tailLines'), number('limitBytes'), number('sinceSeconds')];
  if (tail !== undefined && tail < 0) problems.push(problem.invalid('tailLines', tail, 'must be greater than or equal to 0'));
  if (limit !== undefined && limit < 1) problems.push(problem.invalid('limitBytes', limit, 'must be greater than 0'));
  if (since !== undefined && query.has('sinceTime'))
    problems.push(problem.forbidden('', 'at most one of `sinceTime` or `sinceSeconds` may be specified'));
  else if (since !== undefined && since < 1) problems.push(problem.invalid('sinceSeconds', since, 'must be greater than 0'));
  if (problems.length > 0) throw invalid({ group: kind.group, kind: 'PodLogOptions' }, name, problems);
}

function chooseContainer(pod: KubeObject, asked: string | null): string {
  const spec = pod.spec as { containers: readonly { name: string }[]; initContainers?: readonly { name: string }[] };
  const names = spec.containers.map((container) => container.name);
  const inits = (spec.initContainers ?? []).map((container) => container.name);
  const container = asked || (names.length === 1 ? names[0] : undefined);
  if (container === undefined) {
    const orInit = inits.length > 0 ? ` or one of the init containers: [${inits.join(' ')}]` : '';
    throw badRequest(`a container name must be specified for pod ${pod.metadata.name}, choose one of: [${names.join(' ')}]${orInit}`);
  }
  if (![...names, ...inits].includes(container)) throw badRequest(`container ${container} is not valid for pod ${pod.metadata.name}`);
  return container;
}

interface Status {
  readonly name: string;
  readonly state: { readonly waiting?: { readonly reason: string }; readonly running?: object };
}

function statusOf(pod: KubeObject, container: string): Status | undefined {
  const status = pod.status as { containerStatuses?: readonly Status[]; initContainerStatuses?: readonly Status[] };
  return [...(status.containerStatuses ?? []), ...(status.initContainerStatuses ?? [])].find((one) => one.name === container);
}

function waitingReason(pod: KubeObject, container: string): string | undefined {
  const found = statusOf(pod, container);
  if (!found) return 'ContainerCreating';
  const reason = found.state.waiting?.reason;
  return reason === 'ErrImagePull' || reason === 'ImagePullBackOff' ? 'trying and failing to pull image' : reason;
}

function isRunning(pod: KubeObject, container: string): boolean {
  return statusOf(pod, container)?.state.running !== undefined;
}

function choose(lines: readonly LogLine[], query: URLSearchParams, now: number): readonly LogLine[] {
  const seconds = query.get('sinceSeconds');
  const from = seconds !== null ? now - Number(seconds) * 1000 : Date.parse(query.get('sinceTime') ?? '') || 0;
  const recent = lines.filter((line) => line.time >= from);
  const tail = query.get('tailLines');
  return tail === null ? recent : recent.slice(Math.max(0, recent.length - Number(tail)));
}

function print({ time, text }: LogLine, withTimes: boolean): string {
  return withTimes ? `${new Date(time).toISOString().replace('Z', '000000Z')} ${text}\n` : `${text}\n`;
}

/** Streams a log to one client until the container ends or the client goes. Gives back how to end it. */
export function startLog(logs: Logs, { uid, container, lines, withTimes }: LogRequest, response: ServerResponse): () => void {
  response.writeHead(200, { 'content-type': 'text/plain', 'cache-control': 'no-cache, private' });
  response.flushHeaders();
  for (const line of lines) response.write(print(line, withTimes));
  const stop = logs.follow(uid, container, (line) => {
    if (line) response.write(print(line, withTimes));
    else end();
  });
  const end = (): void => {
    stop();
    response.end();
  };
  response.on('close', stop);
  return end;
}
