// For what a server takes note of in its own time.
import { type HttpAnswer, type HttpRequest, type HttpServer, sendHttp } from './http';

const patienceMillis = 30_000;

/** Sends a request again and again until the answer is as wished; says what was wished, and the last answer, when that takes too long. */
export async function askUntil(
  server: HttpServer,
  request: HttpRequest,
  { wish, holds }: { readonly wish: string; readonly holds: (answer: HttpAnswer) => boolean },
): Promise<HttpAnswer> {
  const deadline = Date.now() + patienceMillis;
  let answer = await sendHttp(server, request);
  while (!holds(answer)) {
    if (Date.now() > deadline)
      throw new Error(`${request.method} ${request.path}: waited for ${wish}, got ${answer.status} ${answer.body.slice(0, 500)}`);
    answer = await sendHttp(server, request);
  }
  return answer;
}
