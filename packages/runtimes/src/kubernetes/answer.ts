// What an API server answers, read. What it says in words is masked at once, while it is whole.
import { isObject, type JsonObject, type Mask } from '@konfig/core';
import type { Dispatcher } from 'undici';
import { quoteBy } from '../quote';
import type { KubeObject, Status } from './objects';
import { refusalWithoutSecrets } from './words';

/** What came back; the caller decides what a refusal means. The words of a refusal, and warnings, tell no secret. */
export interface Answer {
  readonly status: number;
  readonly body: JsonObject;
  readonly warnings: readonly string[];
  /** The server's own time, as HTTP writes it. */
  readonly date?: string;
}

export interface Stream {
  readonly status: number;
  readonly lines: AsyncIterable<JsonObject>;
}

/** A text as it comes; of a refusal, what the server said instead. */
export type TextStream =
  | { readonly status: 200; readonly chunks: AsyncIterable<Buffer> }
  | { readonly status: number; readonly refusal: Status };

/** The answer's object, if it is one. */
export function objectOf(answer: Answer): KubeObject | undefined {
  return answer.status < 300 ? (answer.body as unknown as KubeObject) : undefined;
}

export function statusOf(answer: Answer): Status {
  return answer.body as unknown as Status;
}

/** One way to read a response. */
export type Read<T> = (response: Dispatcher.ResponseData, mask: Pick<Mask, 'text'>) => Promise<T>;

export const readJson: Read<Answer> = async (response, mask) => {
  const text = await response.body.text();
  const { warning, date } = response.headers;
  const quote = quoteBy(mask);
  const body = parseBody(text) ?? { kind: 'Status', code: response.statusCode, message: quote(text, 300) };
  return {
    status: response.statusCode,
    body: response.statusCode < 300 ? body : refusalWithoutSecrets(body, mask),
    warnings: warningsOf(warning).map((one) => quote(one)),
    ...(typeof date === 'string' ? { date } : {}),
  };
};

export const readLines: Read<Stream> = async (response, mask) => {
  const lines = jsonLines(response.body);
  return { status: response.statusCode, lines: response.statusCode < 300 ? lines : refusals(lines, mask) };
};

export const readChunks: Read<TextStream> = async (response, mask) => {
  if (response.statusCode === 200) {
    // It may break before somebody reads it; whoever does is told then.
    response.body.on('error', () => undefined);
    return { status: 200, chunks: response.body };
  }
  const { body } = await readJson(response, mask);
  return { status: response.statusCode, refusal: body as unknown as Status };
};

/** Does it read for as long as the server speaks? */
export function isStreaming(read: unknown): boolean {
  return read === readLines || read === readChunks;
}

async function* refusals(lines: AsyncIterable<JsonObject>, mask: Pick<Mask, 'text'>): AsyncGenerator<JsonObject> {
  for await (const line of lines) yield refusalWithoutSecrets(line, mask);
}

async function* jsonLines(body: AsyncIterable<Buffer>): AsyncGenerator<JsonObject> {
  let rest: Buffer[] = [];
  for await (const chunk of body) {
    let from = 0;
    for (let end = chunk.indexOf(10); end >= 0; end = chunk.indexOf(10, from)) {
      const line = Buffer.concat([...rest, chunk.subarray(from, end)]).toString('utf8');
      rest = [];
      from = end + 1;
      if (line.trim()) yield JSON.parse(line) as JsonObject;
    }
    if (from < chunk.length) rest.push(chunk.subarray(from));
  }
  const line = Buffer.concat(rest).toString('utf8');
  if (line.trim()) yield JSON.parse(line) as JsonObject;
}

/** Undefined for what is no JSON, such as the error page of a proxy. */
function parseBody(text: string): JsonObject | undefined {
  if (!text) return {};
  try {
    const body: unknown = JSON.parse(text);
    return isObject(body) ? body : undefined;
  } catch {
    return undefined;
  }
}

/** `299 - "policy/v1beta1 PodDisruptionBudget is deprecated"` → its text. */
function warningsOf(header: string | string[] | undefined): string[] {
  const text = Array.isArray(header) ? header.join(', ') : (header ?? '');
  return [...text.matchAll(/\d{3} \S+ "((?:[^"\\]|\\.)*)"/g)].map((match) => (match[1] as string).replace(/\\(.)/g, '$1'));
}
