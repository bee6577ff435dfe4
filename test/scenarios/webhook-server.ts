// A webhook on this machine that keeps what it is told.
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';

export interface WebhookServer {
  /** With a token in it. */
  readonly url: string;
  readonly token: string;
  /** The bodies, in the order in which they came. */
  readonly told: readonly string[];
  /** Resolves when so many have come. */
  heard(count: number): Promise<void>;
  stop(): Promise<void>;
}

/** Answers each request so; the number is how many came before. */
export type Answer = (response: ServerResponse, before: number) => void;

export async function openWebhook(answer: Answer): Promise<WebhookServer> {
  const told: string[] = [];
  const token = 'T0123/B0456/xoxtokenxox';
  let look = () => {};
  const take = async (request: IncomingMessage, response: ServerResponse) => {
    told.push(await text(request));
    answer(response, told.length - 1);
    look();
  };
  const server = createServer((request, response) => void take(request, response));
  await new Promise<void>((resolve) => {
    server.listen(0, '127.0.0.1', resolve);
  });
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/services/${token}`,
    token,
    told,
    heard: (count) =>
      new Promise((resolve) => {
        look = () => told.length >= count && resolve();
        look();
      }),
    stop: () =>
      new Promise((resolve) => {
        server.closeAllConnections();
        server.close(() => resolve());
      }),
  };
}

export const takesIt: Answer = (response) => void response.end('ok');
export const neverAnswers: Answer = () => {};
