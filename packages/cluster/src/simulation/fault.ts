import type { Container, Pod } from '../objects';
import { tagOf } from '../schema/completions';

/** A failure on demand. Image patterns may hold `*`. */
export type Fault =
  | { readonly image: string; readonly fault: 'image-pull'; readonly message?: string }
  | { readonly image: string; readonly fault: 'crash'; readonly exitCode?: number; readonly log?: string; readonly afterMillis?: number }
  | { readonly image: string; readonly fault: 'unready'; readonly message?: string }
  | { readonly image: string; readonly fault: 'unschedulable'; readonly message?: string }
  | RequestFault
  | DisconnectFault;

/** Answers matching requests with an error; `times` says how often, without it always. */
export interface RequestFault {
  readonly fault: 'request';
  /** `PATCH`; without it, every one. */
  readonly method?: string;
  /** Of the path, without the query: `/api/v1/namespaces/shop/*`. */
  readonly path?: string;
  readonly status: number;
  readonly times?: number;
  /** The answer's body. Default: a Status of this code. */
  readonly body?: unknown;
}

/** Cuts the connection of matching requests: before they are handled, or after, so that the client never learns the outcome. */
export interface DisconnectFault {
  readonly fault: 'disconnect';
  readonly method?: string;
  readonly path?: string;
  readonly times?: number;
  /** Handle the request, then cut. */
  readonly afterHandling?: boolean;
  /** Cut a watch or a log after so many milliseconds. */
  readonly afterMillis?: number;
}

/** What goes wrong with one container. */
export interface ContainerFaults {
  readonly pull?: { readonly message: string };
  readonly crash?: { readonly exitCode: number; readonly log?: string; readonly afterMillis: number };
  readonly unready?: { readonly message: string };
  /** It crashes since a kubelet kills it: its liveness probe fails. */
  readonly isKilled: boolean;
  /** An init container that does not end. */
  readonly hangs: boolean;
  /** What it says while it runs, line by line, if it does not crash. */
  readonly says: readonly string[];
}

const annotation = 'simulate.konfig.dev/';

/** Faults that were declared, that the pod's annotations ask for, and that an image has by its name. */
export function containerFaults(faults: readonly Fault[], pod: Pod, container: Container): ContainerFaults {
  const image = container.image ?? '';
  const declared = <F extends Fault['fault']>(fault: F) =>
    faults.find((one): one is Extract<Fault, { fault: F }> => one.fault === fault && 'image' in one && matches(one.image, image));
  const pull = declared('image-pull');
  const crash = declared('crash');
  const unready = declared('unready');
  // What a pod asks for concerns the containers it is there for, not those that prepare it.
  const asked = pod.spec.containers.some(({ name }) => name === container.name) ? (pod.metadata.annotations ?? {}) : {};
  const code = asked[`${annotation}crash`];
  const log = asked[`${annotation}log`];
  const pullMessage = pull ? (pull.message ?? notFoundMessage(image)) : pullProblem(image);
  const says = crash || code !== undefined || log === undefined ? [] : log.replace(/\n$/, '').split('\n');
  return {
    says,
    isKilled: asked[`${annotation}liveness-fails`] === 'true',
    hangs: pod.metadata.annotations?.[`${annotation}init-hangs`] === 'true',
    ...(pullMessage !== undefined && { pull: { message: pullMessage } }),
    ...(crash && {
      crash: { exitCode: crash.exitCode ?? 1, ...(crash.log !== undefined && { log: crash.log }), afterMillis: crash.afterMillis ?? 20 },
    }),
    ...(!crash && code !== undefined && { crash: { exitCode: Number(code) || 0, ...(log !== undefined && { log }), afterMillis: 20 } }),
    ...((unready || asked[`${annotation}unready`] === 'true') && {
      unready: { message: unready?.message ?? 'HTTP probe failed with statuscode: 503' },
    }),
  };
}

export function schedulingFault(faults: readonly Fault[], pod: Pod): string | undefined {
  for (const fault of faults) {
    if (fault.fault !== 'unschedulable') continue;
    if (pod.spec.containers.some((container) => matches(fault.image, container.image ?? ''))) return fault.message ?? '';
  }
  return undefined;
}

/** How long the pod asks to take to start, if it asks. */
export function startMillisOf(pod: Pod): number | undefined {
  const asked = pod.metadata.annotations?.[`${annotation}start-millis`];
  return asked === undefined ? undefined : Number(asked) || 0;
}

export function matches(pattern: string, text: string): boolean {
  if (!pattern.includes('*')) return pattern === text;
  const escaped = pattern.split('*').map((part) => part.replace(/[.*+?^${}()|[\]\\]/g, '\\$&'));
  return new RegExp(`^${escaped.join('.*')}$`, 's').test(text);
}

/** What a kubelet says of a name that is none: https://github.com/distribution/reference, by which the path is in small letters. */
export function invalidName(image: string): string | undefined {
  const path = image.replace(/@[^@]*$/, '').replace(/:[^:/]*$/, '');
  const [first = '', ...rest] = path.split('/');
  const repository = rest.length > 0 && /[.:]|^localhost$/.test(first) ? rest.join('/') : path;
  const said = /[A-Z]/.test(repository)
    ? `invalid reference format: repository name (${repository}) must be lowercase`
    : 'invalid reference format';
  if (/^[a-z0-9]+(?:(?:[._]|__|-+)[a-z0-9]+)*(?:\/[a-z0-9]+(?:(?:[._]|__|-+)[a-z0-9]+)*)*$/.test(repository)) return undefined;
  return `Failed to apply default image tag "${image}": couldn't parse image name "${image}": ${said}`;
}

function pullProblem(image: string): string | undefined {
  const full = fullReference(image);
  const host = full.slice(0, full.indexOf('/'));
  if (/\.invalid(:\d+)?$/.test(host)) {
    const repository = full.slice(host.length + 1).replace(/:[^:/]*$/, '');
    const request = `failed to do request: Head "https://${host}/v2/${repository}/manifests/${tagOf(image)}": dial tcp: lookup ${host.replace(/:\d+$/, '')}: no such host`;
    return `rpc error: code = Unknown desc = failed to pull and unpack image "${full}": failed to resolve reference "${full}": ${request}`;
  }
  return tagOf(image) === 'does-not-exist' ? notFoundMessage(image) : undefined;
}

function notFoundMessage(image: string): string {
  const full = fullReference(image);
  return `rpc error: code = NotFound desc = failed to pull and unpack image "${full}": failed to resolve reference "${full}": ${full}: not found`;
}

function fullReference(image: string): string {
  const [first = '', ...rest] = image.split('/');
  const tagged = /[:@]/.test(image.slice(image.lastIndexOf('/') + 1)) ? image : `${image}:latest`;
  if (rest.length === 0) return `docker.io/library/${tagged}`;
  return /[.:]/.test(first) || first === 'localhost' ? tagged : `docker.io/${tagged}`;
}
