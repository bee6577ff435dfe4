// Does a service keep konfig.dev/service/v1? Asked of the running service itself, on scratch resources that are deleted in the end.
import { type JsonObject, KonfigError, namesText, valueAt } from '@konfig/core';
import { pathOf } from '../address';
import { broken } from '../client';
import { askDescription } from '../describe';
import { type Description, protocol, type TypeDescription } from '../protocol';
import { faultsIn, isSchema, writeOnlyFields } from '../schema';
import { readTarget } from '../target';
import type { Check } from './check';
import { checks } from './checks';
import { Caller, type Exchange, Failed } from './exchange';
import { examplesOf, sampleOf } from './sample';
import { makeSubject, type Subject } from './subject';
import { unseen } from './unseen';

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
  stop?: AbortSignal,
): Promise<ServiceVerification> {
  const { url } = readTarget('of this command', { runtime: 'service', config: { url: wish.url } });
  const limit = (wish.patience ?? 30) * 1000;
  const description = await askDescription(wish, { answer: limit }, stop ?? new AbortController().signal).catch((error) => {
    throw stop?.aborted ? cancelled('nothing was made') : error;
  });
  const sample = sampleFor(description, url, wish);
  const hiding = unseen([wish.token, ...given(wish, sample.type)], hiddenIn(description));
  const caller = new Caller({ url, token: wish.token, limit, unseen: hiding, stop });
  const cleaner = new Caller({ url, token: wish.token, limit, unseen: hiding });
  const subject = makeSubject({ caller, description, ...sample });
  const results: CheckResult[] = [];
  let left: readonly string[] = [];
  try {
    for (const check of checks) {
      const result = await resultOf(check, subject);
      if (stop?.aborted) break;
      results.push(result);
      onResult(result);
    }
  } finally {
    left = await subject.cleanUp(cleaner);
    await Promise.all([caller.close(), cleaner.close()]);
  }
  const { typeName } = sample;
  if (stop?.aborted)
    throw cancelled(left.length === 0 ? 'its scratch resources were deleted' : `could not be deleted: ${typeName} ${namesText(left)}`);
  return { url, service: description.name, type: typeName, results, left };
}

/** What must not be shown wherever a type has it. */
function hiddenIn({ types }: Description): readonly string[] {
  return [...new Set(Object.values(types).flatMap(({ config }) => writeOnlyFields(config)))];
}

/** The secrets of a config that somebody has given: what is made by the schema is nobody's. */
function given({ config }: VerifyServiceWish, type: TypeDescription): readonly string[] {
  if (!config) return [];
  const values = writeOnlyFields(type.config).map((pointer) => valueAt(config, pathOf(pointer, config).slice(1)));
  return values.filter((value) => value !== undefined).map((value) => (typeof value === 'string' ? value : JSON.stringify(value)));
}

async function resultOf({ name, run }: Check, subject: Subject): Promise<CheckResult> {
  subject.caller.begin();
  try {
    return { name, outcome: (await run(subject)) ?? 'passed' };
  } catch (error) {
    if (!(error instanceof Failed) && !(error instanceof TypeError)) throw error;
    // A TypeError comes of an answer that is not even of the form that the check reads.
    const why = `${error instanceof TypeError ? 'the answer cannot be read: ' : ''}${error.message}`;
    return { name, outcome: 'failed', why: subject.caller.quote(why), exchanges: subject.caller.exchanges };
  }
}

function cancelled(rest: string): KonfigError {
  return new KonfigError({ code: 'CANCELLED', message: `Cancelled; ${rest}.` });
}

function sampleFor({ types }: Description, url: string, wish: VerifyServiceWish): Pick<Subject, 'typeName' | 'type' | 'config' | 'other'> {
  const names = Object.keys(types);
  const typeName = wish.type ?? names[0] ?? '';
  const type = types[typeName];
  if (names.length === 0)
    throw usage('The service describes no type: there is nothing to verify.', 'See GET /v1/describe in docs/services.md.');
  if (!type) throw usage(`The service has no type ${JSON.stringify(typeName)}.`, `It has ${namesText(names)}.`);
  if (!isSchema(type.config))
    throw broken(
      `${url} does not describe itself as ${protocol} wants it: /types/${typeName}/config is no JSON Schema 2020-12.`,
      'See GET /v1/describe in docs/services.md.',
    );
  const config = wish.config ?? sampleOf(type.config);
  if (!config)
    throw usage(
      `No config for ${typeName} could be made by its schema.`,
      'Give one with --config FILE, or put one into the examples of the schema.',
    );
  const [fault] = faultsIn(config, type.config);
  if (fault)
    throw usage(`The config that was given does not fit the schema of ${typeName}: ${fault.field || 'it'} ${fault.detail}.`, 'Correct it.');
  return { typeName, type, config, other: examplesOf(type.config)[1] };
}

function usage(message: string, hint: string): KonfigError {
  return new KonfigError({ code: 'USAGE', message, hint });
}
