// Does a service keep konfig.dev/service/v1? Asked of the running service itself, on scratch resources that are deleted in the end.
import { isObject, type JsonObject, KonfigError, namesText } from '@konfig/core';
import type { Description } from '../protocol';
import { answers, protocol } from '../protocol';
import { faultsIn, isSchema } from '../schema';
import { readTarget } from '../target';
import { type Check, checks } from './checks';
import { Caller, type Exchange, Failed } from './exchange';
import { examplesOf, sampleOf } from './sample';
import { makeSubject, type Subject } from './subject';

/** Which service to verify, and with what. */
export interface VerifyServiceWish {
  readonly url: string;
  readonly token?: string;
  /** Default: the first one that it describes. */
  readonly type?: string;
  /** A config that the service allows. Default: the first of the schema's `examples`, else one that is made by the schema. */
  readonly config?: JsonObject;
  /** Seconds that one answer, or one event, may take. Default 30. */
  readonly patience?: number;
}

/** What came of one check. */
export interface CheckResult {
  readonly name: string;
  readonly outcome: 'passed' | 'failed' | 'not here';
  /** What is not as it must be. */
  readonly why?: string;
  /** Of a failed check: what was sent last, and what came back. */
  readonly exchanges?: readonly Exchange[];
}

/** What came of all of them. */
export interface ServiceVerification {
  readonly url: string;
  readonly service: string;
  readonly type: string;
  readonly results: readonly CheckResult[];
  /** Scratch resources that could not be deleted. */
  readonly left: readonly string[];
}

/**
 * Makes every check, one after the other; `onResult` hears of each at once. Throws where the service cannot be asked at all, and CANCELLED when the signal aborts:
 * scratch resources are deleted before.
 */
export async function verifyService(
  wish: VerifyServiceWish,
  onResult: (result: CheckResult) => void = () => {},
  signal?: AbortSignal,
): Promise<ServiceVerification> {
  const { url } = readTarget('of this command', { runtime: 'service', config: { url: wish.url } });
  const caller = new Caller(url, wish.token, (wish.patience ?? 30) * 1000, signal);
  try {
    const subject = await subjectOf(caller, wish);
    const results: CheckResult[] = [];
    for (const check of checks) {
      const result = await resultOf(check, subject);
      if (signal?.aborted) break;
      results.push(result);
      onResult(result);
    }
    const left = await subject.cleanUp();
    if (signal?.aborted) throw cancelled(subject.typeName, left);
    return { url, service: subject.description.name, type: subject.typeName, results, left };
  } finally {
    await caller.close();
  }
}

async function resultOf({ name, run }: Check, subject: Subject): Promise<CheckResult> {
  subject.caller.begin();
  try {
    return { name, outcome: (await run(subject)) ?? 'passed' };
  } catch (error) {
    if (!(error instanceof Failed) && !(error instanceof TypeError)) throw error;
    // A TypeError comes of an answer that is not even of the form that the check reads.
    const why = `${error instanceof TypeError ? 'the answer cannot be read: ' : ''}${error.message}`;
    return { name, outcome: 'failed', why: subject.caller.unseen.mask.text(why), exchanges: subject.caller.exchanges };
  }
}

function cancelled(type: string, left: readonly string[]): KonfigError {
  const rest = left.length === 0 ? 'its scratch resources were deleted' : `could not be deleted: ${type} ${namesText(left)}`;
  return new KonfigError({ code: 'CANCELLED', message: `Cancelled; ${rest}.` });
}

async function subjectOf(caller: Caller, wish: VerifyServiceWish): Promise<Subject> {
  const description = await describe(caller);
  const names = Object.keys(description.types);
  const typeName = wish.type ?? names[0] ?? '';
  const type = description.types[typeName];
  if (!type) throw usage(`The service has no type ${JSON.stringify(typeName)}.`, `It has ${namesText(names) || 'none'}.`);
  if (!isSchema(type.config)) throw notAsWished(caller.url, `types.${typeName}.config is no JSON Schema`);
  const config = wish.config ?? sampleOf(type.config);
  if (!config)
    throw usage(
      `No config for ${typeName} could be made by its schema.`,
      'Give one with --config FILE, or put one into the examples of the schema.',
    );
  const [fault] = faultsIn(config, type.config);
  if (fault)
    throw usage(`The config that was given does not fit the schema of ${typeName}: ${fault.field || 'it'} ${fault.detail}.`, 'Correct it.');
  return makeSubject({ caller, description, typeName, type, config, other: examplesOf(type.config)[1] });
}

async function describe(caller: Caller): Promise<Description> {
  const { status, body, said, location } = await caller.call('GET', '/v1/describe').catch((error: Error): never => {
    throw new KonfigError({
      code: 'TARGET_UNREACHABLE',
      message: `${caller.url}: ${error.message}.`,
      hint: 'Is it running, and is the address right?',
    });
  });
  if (status === 401)
    throw new KonfigError({
      code: 'TARGET_CREDENTIALS',
      message: `${caller.url} answered 401.`,
      hint: 'Name the variable that holds its token: --token-env NAME.',
    });
  const [fault] = faultsIn(body ?? null, answers.description);
  const description = body as unknown as Description;
  if (status === 200 && !fault && description.protocols.includes(protocol)) return description;
  const why =
    status !== 200
      ? `it answered ${status}${location === undefined ? '' : `, with a redirect to ${location}`}`
      : !isObject(body)
        ? `it answered with something that is no JSON object: ${said || 'nothing'}`
        : fault
          ? `${fault.field || 'the answer'} ${fault.detail}`
          : `it speaks ${description.protocols.join(', ')}`;
  throw notAsWished(caller.url, why);
}

function notAsWished(url: string, why: string): KonfigError {
  return new KonfigError({
    code: 'SERVICE_PROTOCOL',
    message: `${url} does not describe itself as ${protocol} wants it: ${why}.`,
    hint: 'See GET /v1/describe in docs/services.md.',
  });
}

function usage(message: string, hint: string): KonfigError {
  return new KonfigError({ code: 'USAGE', message, hint });
}
