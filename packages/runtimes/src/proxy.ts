// How our own requests get to a server: by the proxy of the environment, as those of kubectl and Terraform do, and never by it to this very machine.
import { BlockList, isIP } from 'node:net';
import type { ConnectionOptions } from 'node:tls';
import type { Dispatcher } from 'undici';
import { undici } from './undici';

/** Of a connection: certificates and the like. */
export type TlsOptions = Pick<ConnectionOptions, 'ca' | 'cert' | 'key' | 'pfx' | 'passphrase' | 'servername' | 'rejectUnauthorized'>;

/** How many connections there may be, and for how long one stays open. */
export interface Pool {
  readonly connections?: number;
  readonly pipelining?: number;
  readonly keepAliveTimeout?: number;
  readonly keepAliveMaxTimeout?: number;
}

/** For requests to one server. */
export function dispatcherTo(server: string, tls: TlsOptions, pool: Pool = {}, env: NodeJS.ProcessEnv = process.env): Dispatcher {
  const { Agent, ProxyAgent } = undici();
  const uri = proxyFor(server, env);
  return uri === undefined ? new Agent({ ...pool, connect: tls }) : new ProxyAgent({ uri, ...pool, requestTls: tls });
}

/** The proxy that the environment names for a server; undefined: there is a straight way. */
export function proxyFor(server: string, env: NodeJS.ProcessEnv): string | undefined {
  const url = new URL(server);
  const named = (name: string) => env[name] || env[name.toUpperCase()] || undefined;
  const proxy = (url.protocol === 'https:' ? named('https_proxy') : undefined) ?? named('http_proxy');
  if (proxy === undefined || isStraight(url, named('no_proxy') ?? '')) return undefined;
  return proxy.includes('://') ? proxy : `http://${proxy}`;
}

function isStraight({ hostname, port, protocol }: URL, noProxy: string): boolean {
  const host = hostname.replace(/^\[|\]$/g, '').toLowerCase();
  if (host === 'localhost' || host.endsWith('.localhost') || isWithin(host, ['127.0.0.0/8', '::1/128'])) return true;
  const entries = noProxy
    .toLowerCase()
    .split(/[,\s]+/)
    .filter((entry) => entry !== '');
  const ownPort = port || (protocol === 'https:' ? '443' : '80');
  return entries.includes('*') || isWithin(host, entries) || entries.some((entry) => isNamed(host, ownPort, entry));
}

/** Is it an address in one of these networks, such as `10.0.0.0/8`? */
function isWithin(host: string, entries: readonly string[]): boolean {
  const family = isIP(host);
  const networks = new BlockList();
  for (const entry of entries) {
    const [address = '', bits = ''] = entry.split('/');
    const most = isIP(address) === 4 ? 32 : 128;
    if (family !== 0 && isIP(address) === family && /^\d+$/.test(bits) && Number(bits) <= most)
      networks.addSubnet(address, Number(bits), family === 4 ? 'ipv4' : 'ipv6');
  }
  return family !== 0 && networks.check(host, family === 4 ? 'ipv4' : 'ipv6');
}

/** `example.com`, `.example.com` and `*.example.com` are the domain with all below it; a port may stand behind each. */
function isNamed(host: string, ownPort: string, entry: string): boolean {
  const [, bare = entry, port = ownPort] = /^(\[.+\]|[^:]+):(\d+)$/.exec(entry) ?? [];
  const name = bare.replace(/^\*?\./, '').replace(/^\[|\]$/g, '');
  return port === ownPort && (host === name || (isIP(host) === 0 && host.endsWith(`.${name}`)));
}
