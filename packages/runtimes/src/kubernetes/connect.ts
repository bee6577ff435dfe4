// From a target's config to an open API server: the embedded cluster by its address, any other by kubeconfig.
import { existsSync } from 'node:fs';
import { delimiter } from 'node:path';
import { type JsonObject, KonfigError, type Target } from '@konfig/core';
import type { KubeConfig } from '@kubernetes/client-node/dist/config.js';
import type { Dispatcher } from 'undici';
import { clean } from '../clean';
import { dispatcherTo, type Pool, type TlsOptions } from '../proxy';
import { type ConnectionMask, connectionMask } from '../quote';
import { reasonOf } from '../reason-of';
import { undici } from '../undici';
import { objectOf, statusOf } from './answer';
import { type Access, type Client, makeClient } from './client';

/** An open server and what it is called. */
export interface OpenServer {
  readonly client: Client;
  /** What the client masks the words of the server with. */
  readonly mask: ConnectionMask;
  readonly identity: string;
  readonly description: string;
}

/** How long a server may take to answer the first question; milliseconds, for each of two tries. */
export interface Patience {
  readonly firstAnswer: number;
}

export async function openServer(name: string, target: Target, { firstAnswer }: Patience, signal: AbortSignal): Promise<OpenServer> {
  const config = readConfig(name, target.config);
  const { access: open, description } = 'server' in config ? openPlain(config.server) : await openKubeconfig(name, config);
  const mask = connectionMask([]);
  const learning = async () => {
    const access = await open();
    mask.learn(credentialsIn(access));
    return access;
  };
  const access = await learning();
  const client = makeClient(access, learning, mask);
  try {
    return { client, mask, identity: await readIdentity(client, { server: access.server, description, firstAnswer }, signal), description };
  } catch (error) {
    await client.close();
    throw error;
  }
}

/** `Bearer …`, `Basic …`: an error page may show the request that it is about. */
function credentialsIn({ headers }: Access): readonly string[] {
  return Object.entries(headers).flatMap(([name, value]) => (name.toLowerCase() === 'authorization' ? value.split(' ').slice(1) : []));
}

type Config = { readonly server: string } | KubeconfigPlace;

interface KubeconfigPlace {
  readonly context?: string;
  readonly kubeconfig?: string;
}

interface Opening {
  readonly description: string;
  readonly access: () => Promise<Access>;
}

function readConfig(name: string, config: JsonObject): Config {
  const { server, context, kubeconfig } = config;
  for (const [key, value] of Object.entries({ server, context, kubeconfig })) {
    if (value !== undefined && typeof value !== 'string')
      throw targetConfig(name, `${key} is ${JSON.stringify(value)}, but must be a string.`, 'Give it as text, or leave it out.');
  }
  if (typeof server === 'string') {
    if (!URL.canParse(server) || !/^https?:$/.test(new URL(server).protocol))
      throw targetConfig(name, `server is ${JSON.stringify(server)}, which is no address.`, 'Write it as http://127.0.0.1:8080.');
    return { server: server.replace(/\/$/, '') };
  }
  return {
    ...(typeof context === 'string' ? { context } : {}),
    ...(typeof kubeconfig === 'string' ? { kubeconfig } : {}),
  };
}

function targetConfig(name: string, message: string, hint: string): KonfigError {
  return new KonfigError({ code: 'TARGET_CONFIG', message: `Target ${name}: ${message}`, hint });
}

const poolSize = 12;
const keepAlive = { keepAliveTimeout: 30_000, keepAliveMaxTimeout: 60_000 };

function openPlain(server: string): Opening {
  const access = async (): Promise<Access> => {
    const { Agent } = undici();
    return {
      server,
      headers: {},
      requests: new Agent({ connections: poolSize, pipelining: 1, ...keepAlive }),
      streams: new Agent({ pipelining: 1, ...keepAlive }),
    };
  };
  return { description: server, access };
}

async function openKubeconfig(name: string, place: KubeconfigPlace): Promise<Opening> {
  const load = async () => {
    // This file of the package imports in three quarters of the time of its index; a command that needs no cluster pays nothing.
    const { KubeConfig } = await import('@kubernetes/client-node/dist/config.js');
    const kubeconfig = new KubeConfig();
    try {
      if (place.kubeconfig !== undefined) kubeconfig.loadFromFile(place.kubeconfig);
      else loadDefault(kubeconfig, () => new KubeConfig());
    } catch (error) {
      throw targetConfig(
        name,
        `the kubeconfig ${place.kubeconfig ?? process.env.KUBECONFIG ?? '~/.kube/config'} cannot be read: ${reasonOf(error)}.`,
        'Check the path and that the file is YAML.',
      );
    }
    const contexts = kubeconfig.getContexts().map((context) => context.name);
    const context = place.context ?? kubeconfig.getCurrentContext();
    if (!contexts.includes(context)) throw noContext(name, place.context, contexts);
    kubeconfig.setCurrentContext(context);
    const cluster = kubeconfig.getCurrentCluster();
    if (!cluster)
      throw targetConfig(name, `context ${context} names a cluster that the kubeconfig does not have.`, 'Correct the kubeconfig.');
    return { kubeconfig, cluster, context };
  };
  const { cluster, context } = await load();
  const access = async (): Promise<Access> => {
    const { kubeconfig, cluster } = await load();
    const options: Credentials = {};
    // Without this client-node refuses plain HTTP, which has no TLS to verify.
    if (cluster.server.startsWith('http:')) Object.assign(cluster, { skipTLSVerify: true });
    try {
      await kubeconfig.applyToHTTPSOptions(options as Parameters<typeof kubeconfig.applyToHTTPSOptions>[0]);
    } catch (error) {
      throw credentialsFailed(name, kubeconfig.getCurrentUser()?.exec as ExecPlugin | undefined, error);
    }
    return accessWith(cluster.server.replace(/\/$/, ''), options, cluster.proxyUrl);
  };
  return { description: `${cluster.server} (context ${context})`, access };
}

/** Of several files in KUBECONFIG those that are not there are passed over, as kubectl does. */
function loadDefault(kubeconfig: KubeConfig, another: () => KubeConfig): void {
  const files = (process.env.KUBECONFIG ?? '').split(delimiter).filter((file) => file !== '');
  const there = files.filter((file) => existsSync(file));
  const [first, ...others] = there;
  if (files.length < 2 || first === undefined) {
    kubeconfig.loadFromDefault();
    return;
  }
  kubeconfig.loadFromFile(first);
  for (const file of others) {
    const more = another();
    more.loadFromFile(file);
    kubeconfig.mergeConfig(more);
  }
}

function noContext(name: string, wanted: string | undefined, contexts: readonly string[]): KonfigError {
  const there = contexts.length === 0 ? 'The kubeconfig has no contexts.' : `There are: ${contexts.join(', ')}.`;
  return targetConfig(
    name,
    wanted === undefined ? 'the kubeconfig has no current context.' : `the kubeconfig has no context ${wanted}.`,
    `${there} Set kubernetes.context of the workspace to one of them, or KUBECONFIG to another file.`,
  );
}

interface ExecPlugin {
  readonly command?: string;
  readonly installHint?: string;
}

function credentialsFailed(name: string, plugin: ExecPlugin | undefined, error: unknown): KonfigError {
  const what = plugin?.command ? `the credential plugin ${plugin.command} failed` : 'the credentials cannot be read';
  return new KonfigError(
    {
      code: 'TARGET_CREDENTIALS',
      message: `Target ${name}: ${what}: ${clean(reasonOf(error))}.`,
      hint: plugin?.installHint ? clean(plugin.installHint) : 'Log in again as your cluster wants it, then run the same command.',
    },
    { cause: error },
  );
}

/** What client-node puts into the options of node:https. */
interface Credentials {
  headers?: { [name: string]: string };
  auth?: string;
  ca?: Buffer | string;
  cert?: Buffer | string;
  key?: Buffer | string;
  pfx?: Buffer | string;
  passphrase?: string;
  servername?: string;
  rejectUnauthorized?: boolean;
}

function accessWith(server: string, options: Credentials, proxy: string | undefined): Access {
  const { ca, cert, key, pfx, passphrase, servername, rejectUnauthorized } = options;
  const tls = withoutUndefined({ ca, cert, key, pfx, passphrase, servername, rejectUnauthorized });
  const basic = options.auth === undefined ? {} : { authorization: `Basic ${Buffer.from(options.auth).toString('base64')}` };
  return {
    server,
    headers: { ...basic, ...options.headers },
    requests: dispatcherFor({ server, proxy }, tls, { connections: poolSize }),
    streams: dispatcherFor({ server, proxy }, tls, {}),
  };
}

interface Way {
  readonly server: string;
  /** That the kubeconfig names. */
  readonly proxy: string | undefined;
}

function dispatcherFor({ server, proxy }: Way, tls: TlsOptions, pool: Pool): Dispatcher {
  const { ProxyAgent, Socks5ProxyAgent } = undici();
  const common = { ...pool, pipelining: 1, ...keepAlive };
  if (proxy?.startsWith('socks')) {
    const options = { ...common, requestTls: tls }; // read by undici, missing in its types
    return new Socks5ProxyAgent(proxy, options);
  }
  if (proxy) return new ProxyAgent({ uri: proxy, ...common, requestTls: tls });
  return dispatcherTo(server, tls, common);
}

function withoutUndefined(object: object): TlsOptions {
  return Object.fromEntries(Object.entries(object).filter(([, value]) => value !== undefined));
}

interface Asked extends Patience {
  readonly server: string;
  readonly description: string;
}

/**
 * The uid of kube-system lives as long as the cluster does, and no two clusters share one. Who may only look into namespaces of their
 * own cannot read it: for them the address must do, which another cluster may have one day.
 */
async function readIdentity(client: Client, { server, description, firstAnswer }: Asked, signal: AbortSignal): Promise<string> {
  const answer = await client
    .request({ method: 'GET', path: '/api/v1/namespaces/kube-system', attempts: 2, timeout: firstAnswer }, signal)
    .catch((error) => {
      signal.throwIfAborted();
      throw unreachable(description, error);
    });
  const uid = objectOf(answer)?.metadata?.uid;
  if (uid) return uid;
  if (answer.status === 403) return `at ${server}`;
  throw new KonfigError({
    code: 'TARGET_UNREACHABLE',
    message: `${description} answered ${answer.status} instead of its namespace kube-system: ${clean(statusOf(answer).message ?? '')}`,
    hint: 'Is this the address of a Kubernetes API server?',
  });
}

function unreachable(description: string, error: unknown): unknown {
  const problem = (error as KonfigError).problems?.[0];
  if (problem?.code !== 'CONNECTION_LOST') return error;
  const certificate = /certificate|CERT_|self.signed|SSL|TLS/i.test(problem.message);
  return new KonfigError(
    {
      code: certificate ? 'TARGET_CREDENTIALS' : 'TARGET_UNREACHABLE',
      message: `${description}: ${clean(whyOf((error as KonfigError).cause ?? error))}`,
      hint: certificate
        ? 'Check certificate-authority-data and the client certificate in the kubeconfig; has one of them expired?'
        : 'Is the server running, is the address right, and is the network (VPN, proxy) up?',
    },
    { cause: error },
  );
}

function whyOf(error: unknown): string {
  const isSilent = (error as { readonly code?: unknown }).code === 'UND_ERR_HEADERS_TIMEOUT';
  return isSilent ? 'it took the connection and did not answer' : reasonOf(error);
}
