// One JSON text handed to a server that only takes it: a webhook.
import type { Dispatcher } from 'undici';
import { pause } from './pause';
import { dispatcherTo } from './proxy';
import { reasonOf } from './reason-of';

/** How a post goes. */
export interface PostOptions {
  /** Says by which proxy. */
  readonly env: NodeJS.ProcessEnv;
  /** Breaks it off. */
  readonly signal: AbortSignal;
  /** For all tries together, in milliseconds. Default 10 s. */
  readonly limit?: number;
  /** The first pause before it is sent again, in milliseconds; the next is twice as long. Default 500. */
  readonly firstPause?: number;
}

const mostTries = 3;

/**
 * Posts a text of JSON; gives undefined where it was taken, else why not. A server that could not be reached, or fails (5xx), is asked twice more; one that
 * does not answer in time is not, since it may have taken it. A redirect is not followed. Never rejects; the reason may quote the address.
 */
export async function postJson(url: string, json: string, options: PostOptions): Promise<string | undefined> {
  const { env, signal, limit = 10_000, firstPause = 500 } = options;
  const time = AbortSignal.timeout(limit);
  const stop = AbortSignal.any([signal, time]);
  let dispatcher: Dispatcher | undefined;
  try {
    dispatcher = dispatcherTo(url, {}, {}, env);
    for (let n = 1; ; n++) {
      const refusal = await Promise.race([tryOnce(dispatcher, { url, json, stop }), aborted(stop)]);
      if (stop.aborted) return stoppedText(signal, limit);
      if (!refusal?.mayPass || n === mostTries) return refusal?.reason;
      await pause(firstPause * 2 ** (n - 1), stop).catch(() => {});
      if (stop.aborted) return `${refusal.reason}; ${stoppedText(signal, limit)}`;
    }
  } catch (error) {
    // The proxy of the environment is none.
    return reasonOf(error);
  } finally {
    // Not awaited: a request that has no connection yet does not hear of its end.
    void dispatcher?.destroy().catch(() => {});
  }
}

interface Refusal {
  readonly reason: string;
  /** It is worth another try. */
  readonly mayPass: boolean;
}

interface Letter {
  readonly url: string;
  readonly json: string;
  readonly stop: AbortSignal;
}

async function tryOnce(dispatcher: Dispatcher, { url, json, stop }: Letter): Promise<Refusal | undefined> {
  const { origin, pathname, search, username, password } = new URL(url);
  const login = `${decodeURIComponent(username)}:${decodeURIComponent(password)}`;
  const headers = {
    'content-type': 'application/json',
    'user-agent': 'konfig',
    ...(login === ':' ? {} : { authorization: `Basic ${Buffer.from(login).toString('base64')}` }),
  };
  try {
    const { statusCode, body } = await dispatcher.request({
      origin,
      path: pathname + search,
      method: 'POST',
      headers,
      body: json,
      signal: stop,
    });
    // What it says is not wanted, however long it is.
    body.on('error', () => {}).destroy();
    if (statusCode >= 200 && statusCode < 300) return undefined;
    return { reason: `it answered ${statusCode}`, mayPass: statusCode >= 500 };
  } catch (error) {
    return { reason: reasonOf(error), mayPass: true };
  }
}

/** undici minds a signal only once it has a connection, and makes one again and again where a proxy cuts each. */
function aborted(stop: AbortSignal): Promise<undefined> {
  return new Promise((resolve) => {
    if (stop.aborted) resolve(undefined);
    stop.addEventListener('abort', () => resolve(undefined), { once: true });
  });
}

function stoppedText(signal: AbortSignal, limit: number): string {
  return signal.aborted ? 'it was broken off' : `there was no answer within ${limit / 1000} s`;
}
