import { randomUUID } from 'node:crypto';
import { request as requestHttp } from 'node:http';
import { request as requestHttps } from 'node:https';
import { text } from 'node:stream/consumers';
import { type ApiFailure, failure } from '../api/failure';
import { jsonName } from '../schema/decode';
import { isObject, type JsonObject } from '../schema/type';
import type { Store } from '../store/store';
import type { Attributes } from './match';
import type { ClientConfig, Stage, Webhook } from './webhook';

/** What a webhook said to a write. */
export type Verdict =
  | { readonly allowed: true; readonly patch?: readonly unknown[]; readonly warnings: readonly string[] }
  | { readonly allowed: false; readonly refusal: ApiFailure; readonly warnings: readonly string[] };

/** Asks a webhook. What goes wrong on the way refuses the write, or is ignored, as the webhook says. */
export async function callWebhook(webhook: Webhook, stage: Stage, attributes: Attributes, store: Store): Promise<Verdict> {
  const uid = randomUUID();
  try {
    const answer = await post(webhook, JSON.stringify(reviewOf(uid, attributes)), store);
    return readAnswer(webhook, stage, uid, answer);
  } catch (error) {
    if (webhook.failurePolicy === 'Ignore') return { allowed: true, warnings: [] };
    const said = `failed calling webhook ${JSON.stringify(webhook.name)}: ${(error as Error).message}`;
    const refusal = failure(500, 'InternalError', `Internal error occurred: ${said}`, { causes: [{ message: said }] });
    return { allowed: false, refusal, warnings: [] };
  }
}

function reviewOf(uid: string, { kind, operation, subresource, namespace, name, dryRun, manager, object, old }: Attributes): JsonObject {
  const gvk = { group: kind.group, version: kind.version, kind: kind.kind };
  const gvr = { group: kind.group, version: kind.version, resource: kind.plural };
  const options = { CREATE: 'CreateOptions', UPDATE: 'UpdateOptions', DELETE: 'DeleteOptions' }[operation];
  return {
    kind: 'AdmissionReview',
    apiVersion: 'admission.k8s.io/v1',
    request: {
      uid,
      kind: gvk,
      resource: gvr,
      ...(subresource !== '' && { subResource: subresource, requestSubResource: subresource }),
      requestKind: gvk,
      requestResource: gvr,
      name,
      ...(kind.namespaced && { namespace }),
      operation,
      userInfo: { username: 'kubernetes-admin', groups: ['system:masters', 'system:authenticated'] },
      object: object ?? null,
      oldObject: old ?? null,
      dryRun,
      options: {
        kind: options,
        apiVersion: 'meta.k8s.io/v1',
        ...(dryRun && { dryRun: ['All'] }),
        ...(operation !== 'DELETE' && { fieldManager: manager }),
      },
    },
  };
}

function post(webhook: Webhook, body: string, store: Store): Promise<string> {
  const url = addressOf(webhook.clientConfig);
  const shown = `Post "${url}?timeout=${webhook.timeoutSeconds}s"`;
  const unreachable = (why: string): Error => new Error(`failed to call webhook: ${shown}: ${why}`);
  const dead = whyServiceIsDead(webhook.clientConfig, store);
  if (dead !== undefined) return Promise.reject(unreachable(dead));
  const send = url.startsWith('https:') ? requestHttps : requestHttp;
  const { caBundle } = webhook.clientConfig;
  const options = {
    method: 'POST',
    agent: false as const,
    headers: { 'content-type': 'application/json', accept: 'application/json', 'content-length': Buffer.byteLength(body) },
    signal: AbortSignal.timeout(webhook.timeoutSeconds * 1000),
    ...(caBundle && { ca: Buffer.from(caBundle, 'base64') }),
  };
  return new Promise((resolve, reject) => {
    const refuse = (error: Error): void => reject(unreachable(goError(error, url)));
    const sent = send(`${url}?timeout=${webhook.timeoutSeconds}s`, options, (response) => {
      text(response).then((answer) => {
        if (response.statusCode === 200) resolve(answer);
        else reject(new Error(`failed to call webhook: ${httpError(response.statusCode ?? 0, answer)}`));
      }, refuse);
    });
    sent.on('error', refuse);
    sent.end(body);
  });
}

function addressOf({ url, service }: ClientConfig): string {
  if (url !== undefined) return url.endsWith('/') || new URL(url).pathname !== '/' ? url : `${url}/`;
  const { name = '', namespace = '', path = '', port = 443 } = service ?? {};
  return `https://${name}.${namespace}.svc:${port}${path.startsWith('/') ? path : `/${path}`}`;
}

// No container runs, so nothing answers behind a Service either.
function whyServiceIsDead({ service }: ClientConfig, store: Store): string | undefined {
  if (!service) return undefined;
  const { namespace, name, port } = service;
  const found = store.get('services', namespace, name);
  if (!found) return `service ${JSON.stringify(name)} not found`;
  const slices = [...store.each('endpointslices.discovery.k8s.io', namespace)] as unknown as readonly Slice[];
  const ready = slices.some(
    (slice) => slice.metadata.labels?.['kubernetes.io/service-name'] === name && slice.endpoints?.some((one) => one.conditions?.ready),
  );
  if (!ready) return `no endpoints available for service ${JSON.stringify(name)}`;
  return `dial tcp ${(found.spec as { clusterIP?: string }).clusterIP}:${port}: connect: connection refused`;
}

interface Slice {
  readonly metadata: { readonly labels?: { readonly [name: string]: string } };
  readonly endpoints?: readonly { readonly conditions?: { readonly ready?: boolean } }[];
}

/** The error in the words of a client in Go. */
function goError(error: Error & { readonly code?: string }, url: string): string {
  const { hostname, host } = new URL(url);
  if (error.name === 'TimeoutError' || error.name === 'AbortError') return 'context deadline exceeded';
  if (error.code === 'ECONNREFUSED') return `dial tcp ${host}: connect: connection refused`;
  if (error.code === 'ENOTFOUND') return `dial tcp: lookup ${hostname}: no such host`;
  return error.code === 'ECONNRESET' ? 'EOF' : error.message;
}

function httpError(status: number, body: string): string {
  if (status === 404) return 'the server could not find the requested resource';
  return `an error on the server (${JSON.stringify(body.trim())}) has prevented the request from succeeding`;
}

interface Response {
  readonly uid?: string;
  readonly allowed?: boolean;
  readonly status?: { readonly code?: number; readonly message?: string; readonly reason?: string; readonly details?: object };
  readonly patch?: string;
  readonly patchType?: string;
  readonly warnings?: readonly string[];
}

function readAnswer(webhook: Webhook, stage: Stage, uid: string, answer: string): Verdict {
  const wrong = (why: string): Error => new Error(`received invalid webhook response: ${why}`);
  const review = parse(answer);
  const { apiVersion, kind, response: given } = isObject(review) ? review : {};
  if (apiVersion !== 'admission.k8s.io/v1' || kind !== 'AdmissionReview')
    throw wrong(`expected webhook response of admission.k8s.io/v1, Kind=AdmissionReview, got ${apiVersion ?? '/'}, Kind=${kind ?? ''}`);
  if (!isObject(given)) throw wrong('webhook response was absent');
  const response = given as Response;
  if (response.uid !== uid) throw wrong(`expected response.uid=${JSON.stringify(uid)}, got ${JSON.stringify(response.uid ?? '')}`);
  const warnings = response.warnings ?? [];
  if (!response.allowed) return { allowed: false, refusal: refusalOf(webhook.name, response), warnings };
  const { patch, patchType } = response;
  if (stage === 'validating' && patch) throw wrong('validating webhook may not return response.patch');
  if (stage === 'validating' && patchType !== undefined) throw wrong('validating webhook may not return response.patchType');
  if (patch && patchType === undefined) throw wrong('webhook returned response.patch but not response.patchType');
  if (!patch && patchType !== undefined) throw wrong('webhook returned response.patchType but not response.patch');
  if (!patch) return { allowed: true, warnings };
  if (patchType !== 'JSONPatch') throw new Error(`unsupported patch type ${JSON.stringify(patchType)}`);
  return { ...readPatch(patch), warnings };
}

/** The operations of a JSON patch. One that is none refuses the write, whatever the webhook says of its failures. */
function readPatch(
  base64: string,
): { readonly allowed: true; readonly patch: readonly unknown[] } | { readonly allowed: false; readonly refusal: ApiFailure } {
  const refused = (why: string) => ({ allowed: false, refusal: failure(500, 'InternalError', `Internal error occurred: ${why}`) }) as const;
  const text = Buffer.from(base64, 'base64').toString();
  const operations = parse(text);
  if (operations === undefined) return refused(`the patch is no JSON: ${text.slice(0, 100)}`);
  if (Array.isArray(operations) || operations === null) return { allowed: true, patch: operations ?? [] };
  return refused(`json: cannot unmarshal ${jsonName(operations)} into Go value of type jsonpatch.Patch`);
}

/** Undefined for what is no JSON. */
function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function refusalOf(name: string, { status = {} }: Response): ApiFailure {
  const code = Math.max(400, status.code ?? 400);
  const said = `admission webhook ${JSON.stringify(name)} denied the request`;
  const why = status.message || status.reason;
  return failure(code, status.reason ?? '', why ? `${said}: ${why}` : `${said} without explanation`, status.details);
}
