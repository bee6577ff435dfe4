import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { Admission, WebhooksToAsk } from '../admission/admission';
import { type DisconnectFault, type Fault, matches, type RequestFault } from '../simulation/fault';
import type { Answer } from './answer';
import { ApiFailure, failure } from './failure';
import { type Backstage, handle, json, statusAnswer } from './handle';
import { startLog } from './log';
import { type ApiRequest, maxBodyBytes } from './request';
import { startWatch } from './watch';

/** The HTTP door: reads requests, writes answers, keeps the open watches and logs. */
export class ApiServer {
  private readonly watches = new Set<() => void>();
  private readonly uses = new Map<Fault, number>();
  private readonly server: Server;

  constructor(
    private readonly backstage: () => Backstage,
    private readonly faults: () => readonly Fault[],
  ) {
    this.server = createServer((request, response) => this.receive(request, response));
    this.server.keepAliveTimeout = 120_000;
    this.server.requestTimeout = 0;
  }

  listen(port: number): Promise<number> {
    return new Promise((resolve, reject) => {
      this.server.once('error', reject);
      this.server.listen(port, '127.0.0.1', () => {
        const address = this.server.address();
        resolve(typeof address === 'object' && address ? address.port : port);
      });
    });
  }

  async stop(): Promise<void> {
    for (const end of this.watches) end();
    const closed = new Promise<void>((resolve) => this.server.close(() => resolve()));
    this.server.closeAllConnections();
    await closed;
  }

  private receive(message: IncomingMessage, response: ServerResponse): void {
    const chunks: Buffer[] = [];
    let size = 0;
    message.on('data', (chunk: Buffer) => {
      size += chunk.length;
      if (size <= maxBodyBytes) chunks.push(chunk);
    });
    message.on('error', () => {});
    response.on('error', () => {});
    message.on('end', () => {
      if (size > maxBodyBytes)
        write(response, statusAnswer(failure(413, 'RequestEntityTooLarge', `Request entity too large: limit is ${maxBodyBytes}`).status));
      else this.answer(readRequest(message, Buffer.concat(chunks)), message, response);
    });
  }

  private answer(request: ApiRequest, message: IncomingMessage, response: ServerResponse): void {
    const fault = this.faultFor(request);
    if (fault?.fault === 'request') {
      write(response, faultAnswer(fault));
      return;
    }
    const cuts = fault?.fault === 'disconnect';
    if (cuts && !fault.afterHandling && fault.afterMillis === undefined) {
      message.socket.destroy();
      return;
    }
    this.settle(request, (answer) => {
      if (cuts && fault.afterHandling) {
        message.socket.destroy();
        return;
      }
      // What is answered at once is over by then, and its connection another's.
      if (cuts && fault.afterMillis !== undefined && answer.kind !== 'body')
        setTimeout(() => message.socket.destroy(), fault.afterMillis).unref();
      this.write(answer, response);
    });
  }

  // Where webhooks must be asked, the request is handled again as often as they change what must be asked next.
  private settle(request: ApiRequest, done: (answer: Answer) => void): void {
    const backstage = this.backstage();
    const world = { ...backstage.world, admission: new Admission(backstage.world.store) };
    const attempt = (): void => {
      const answer = this.handleSafely({ ...backstage, world }, request);
      if (answer instanceof WebhooksToAsk) void answer.ask().then(attempt);
      else done(answer);
    };
    attempt();
  }

  private handleSafely(backstage: Backstage, request: ApiRequest): Answer | WebhooksToAsk {
    try {
      return handle(backstage, request);
    } catch (error) {
      return error instanceof WebhooksToAsk ? error : failureAnswer(error);
    }
  }

  private write(answer: Answer, response: ServerResponse): void {
    if (answer.kind === 'body') {
      write(response, answer);
      return;
    }
    setWarnings(response, answer.warnings);
    const { world, logs } = this.backstage();
    try {
      const end = answer.kind === 'log' ? startLog(logs, answer.log, response) : startWatch(world, answer.watch, response);
      this.watches.add(end);
      response.on('close', () => this.watches.delete(end));
    } catch (error) {
      if (response.headersSent) response.destroy();
      else write(response, failureAnswer(error));
    }
  }

  private faultFor(request: ApiRequest): RequestFault | DisconnectFault | undefined {
    for (const fault of this.faults()) {
      if (fault.fault !== 'request' && fault.fault !== 'disconnect') continue;
      if (fault.method && fault.method.toUpperCase() !== request.method) continue;
      if (fault.path && !matches(fault.path, request.path)) continue;
      const used = this.uses.get(fault) ?? 0;
      if (fault.times !== undefined && used >= fault.times) continue;
      this.uses.set(fault, used + 1);
      return fault;
    }
    return undefined;
  }
}

// A mistake of ours is told to the client, and must not take the host down.
function failureAnswer(error: unknown): Answer {
  if (error instanceof ApiFailure) return statusAnswer(error.status);
  if (error instanceof URIError) return statusAnswer(failure(400, 'BadRequest', 'the path can not be decoded').status);
  const message = error instanceof Error ? (error.stack ?? error.message) : String(error);
  return statusAnswer(failure(500, 'InternalError', `Internal error occurred: ${message}`).status);
}

function faultAnswer(fault: RequestFault): Answer {
  const reasons: { readonly [code: number]: string } = {
    403: 'Forbidden',
    409: 'Conflict',
    429: 'TooManyRequests',
    500: 'InternalError',
    503: 'ServiceUnavailable',
    504: 'Timeout',
  };
  const { status } = failure(fault.status, reasons[fault.status] ?? 'Unknown', `simulated failure ${fault.status}`);
  return json(fault.status, JSON.stringify(fault.body ?? status));
}

function readRequest(message: IncomingMessage, body: Buffer): ApiRequest {
  const url = message.url ?? '/';
  const mark = url.indexOf('?');
  const path = mark < 0 ? url : url.slice(0, mark);
  return {
    method: message.method ?? 'GET',
    path: path.length > 1 && path.endsWith('/') ? path.slice(0, -1) : path,
    query: new URLSearchParams(mark < 0 ? '' : url.slice(mark + 1)),
    accept: message.headers.accept,
    contentType: message.headers['content-type'] ?? 'application/json',
    userAgent: message.headers['user-agent'] ?? '',
    body,
  };
}

function write(response: ServerResponse, answer: Answer): void {
  if (answer.kind !== 'body' || response.destroyed) return;
  setWarnings(response, answer.warnings);
  response.writeHead(answer.status, {
    'content-type': answer.type,
    'content-length': Buffer.byteLength(answer.text),
    'cache-control': 'no-cache, private',
  });
  response.end(answer.text);
}

// Each is told once, however often it was found.
function setWarnings(response: ServerResponse, warnings: readonly string[]): void {
  const said = [...new Set(warnings)].map((warning) => `299 - ${JSON.stringify(warning)}`);
  if (said.length > 0) response.setHeader('warning', said);
}
