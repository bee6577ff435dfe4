// Reads secrets for an operation: all side by side, each within its time, what lies together fetched once.
import {
  type Connection,
  type GrowingMask,
  holdsCredential,
  KonfigError,
  type Mask,
  type Runtime,
  type SecretAnswer,
  type SecretSource,
  type Target,
  type UnreadSecret,
} from '@konfig/core';
import { firstMask, type Quote, quoteBy } from '../quote';
import { type OpenSource, type Operation, type Read, unread } from './source';

/** The machine that secrets are read on. */
export interface SecretReaderOptions {
  /** The monorepo's: files count from here, and commands run here. */
  readonly root: string;
  readonly env: NodeJS.ProcessEnv;
  /** Commands that `exec` may run, as programs name them: those are asked for by code that nobody trusts. Default: all. */
  readonly commands?: readonly string[];
  /** To open the targets in which secrets lie. */
  readonly runtimes: { readonly [name: string]: Runtime };
  /** Seconds that a source may take which names no time of its own. Default 30. */
  readonly patience?: number;
}

/** Reads secrets from all sources that there are: one answer for each, in their order. Rejects only when the signal aborts. */
export type SecretReader = (sources: readonly SecretSource[], request: SecretReaderRequest) => Promise<readonly SecretAnswer[]>;

export interface SecretReaderRequest {
  readonly targets: { readonly [name: string]: Target };
  readonly signal: AbortSignal;
  /** Says what is known to be secret already. Default: nothing. */
  readonly mask?: Pick<Mask, 'text'>;
}

type Sources = { readonly [From in SecretSource['from']]: () => OpenSource<Extract<SecretSource, { readonly from: From }>> };

/** Each loaded only for those who have secrets there. */
const sources: Sources = {
  env: () => (require('./env') as typeof import('./env')).environment,
  file: () => (require('./file') as typeof import('./file')).file,
  kubernetes: () => (require('./kubernetes') as typeof import('./kubernetes')).kubernetes,
  sops: () => (require('./sops') as typeof import('./sops')).sops,
  vault: () => (require('./vault') as typeof import('./vault')).vault,
  aws: () => (require('./aws') as typeof import('./aws')).aws,
  exec: () => (require('./exec') as typeof import('./exec')).exec,
};

/** A reader of secrets for this machine and monorepo. */
export function secretReader(options: SecretReaderOptions): SecretReader {
  const { env, patience = 30 } = options;
  return async (wanted, { targets, signal, mask }) => {
    signal.throwIfAborted();
    const ends: (() => unknown)[] = [];
    const learned = firstMask(credentialsIn(env));
    const operation = {
      ...options,
      connect: opener(options, targets, { ends, learned, signal }),
      atEnd: (close: () => unknown) => void ends.push(close),
    };
    const opened = openOnce(operation);
    try {
      const answers = wanted.map((source) => withinTime(opened(source), source, { seconds: secondsFor(source, patience), signal }));
      return withoutSecrets(await Promise.all(answers), { env, learned, mask });
    } finally {
      await Promise.allSettled(ends.map((end) => end()));
    }
  };
}

function openOnce(operation: Operation): (source: SecretSource) => Read<SecretSource> {
  const opened = new Map<string, Read<SecretSource>>();
  return ({ from }) => {
    const read = opened.get(from) ?? (sources[from]() as OpenSource<SecretSource>)(operation);
    opened.set(from, read);
    return read;
  };
}

/** Opens each target once. */
function opener(
  { runtimes }: SecretReaderOptions,
  targets: { readonly [name: string]: Target },
  { ends, learned, signal }: { readonly ends: (() => unknown)[]; readonly learned: GrowingMask; readonly signal: AbortSignal },
): Operation['connect'] {
  const opened = new Map<string, Promise<Connection>>();
  const open = async (name: string) => {
    const target = Object.hasOwn(targets, name) ? targets[name] : undefined;
    const runtime = target && runtimes[target.runtime];
    if (!runtime) {
      const hint = `The workspace has the targets ${Object.keys(targets).join(', ')}.`;
      throw new KonfigError({ code: 'SPEC_TARGET', message: `There is no target ${name}.`, hint });
    }
    const connection = await runtime.connect(name, target, signal);
    ends.push(() => connection.close());
    connection.maskWith?.(learned);
    return connection;
  };
  return (name) => {
    const connection = opened.get(name) ?? open(name);
    opened.set(name, connection);
    return connection;
  };
}

function secondsFor(source: SecretSource, patience: number): number {
  return source.from === 'exec' ? (source.timeout ?? patience) : patience;
}

/** Not even a source that does not hear the signal holds the operation up. */
async function withinTime(
  read: Read<SecretSource>,
  source: SecretSource,
  { seconds, signal }: { readonly seconds: number; readonly signal: AbortSignal },
): Promise<SecretAnswer> {
  const limit = AbortSignal.timeout(seconds * 1000);
  const either = AbortSignal.any([signal, limit]);
  const stopped = new Promise<never>((_, reject) => either.addEventListener('abort', () => reject(either.reason), { once: true }));
  try {
    return await Promise.race([read(source, either), stopped]);
  } catch (error) {
    signal.throwIfAborted();
    if (limit.aborted) return unread(`did not come within ${seconds} s`, 'Is its server up, and does it ask for anything?');
    return unread(`cannot be read: ${error instanceof Error ? error.message : String(error)}`, 'Try it by hand.');
  }
}

interface Known {
  readonly env: NodeJS.ProcessEnv;
  /** By what was asked. */
  readonly learned: GrowingMask;
  /** By whoever asked. */
  readonly mask: Pick<Mask, 'text'> | undefined;
}

/** What is said of those that could not be read tells nothing of the others, nor what they were asked with. Cut only then: see `quote.ts`. */
function withoutSecrets(answers: readonly SecretAnswer[], { env, learned, mask }: Known): readonly SecretAnswer[] {
  const told = answers.map(notEmpty);
  for (const answer of told) learned.add('value' in answer ? [answer.value] : (answer.taints ?? []));
  const quote = quoteBy({ text: (text) => learned.text(mask?.text(text) ?? text) });
  return told.map((answer) =>
    'value' in answer ? answer : { ...quoted(answer, quote), taints: [...(answer.taints ?? []), ...credentialsIn(env)] },
  );
}

/** An empty secret is nearly always one that somebody forgot to set. */
function notEmpty(answer: SecretAnswer): SecretAnswer {
  return 'value' in answer && answer.value === '' ? unread('is empty', 'Give it a value.') : answer;
}

/** Characters: enough for what a command says of itself. */
const longestWhy = 600;

function quoted({ why, hint }: UnreadSecret, quote: Quote): UnreadSecret {
  return { why: quote(why, longestWhy), hint: quote(hint, longestWhy) };
}

function credentialsIn(env: NodeJS.ProcessEnv): readonly string[] {
  return Object.entries(env).flatMap(([name, value]) => (value && holdsCredential(name) ? [value] : []));
}
