// A Redis that forgets: for sessions and answers that can be had again, not for data.
import { Component, type ComponentOptions, type Output, report, Service, type ServicePort, text } from '@konfig/sdk';
import type { Construct } from 'constructs';

/** Size, eviction and access of a cache; everything has a default. */
export interface RedisCacheProps extends ComponentOptions {
  /** Memory of the container; three quarters of it are for what is cached. Default `'256Mi'`. */
  readonly memory?: `${number}Mi` | `${number}Gi`;
  /** What goes when it is full. Default `'allkeys-lru'`: what was not used for the longest time. */
  readonly eviction?: 'allkeys-lru' | 'allkeys-lfu' | 'volatile-lru' | 'volatile-ttl' | 'noeviction';
  /** A secret that clients must know: `secret.env('CACHE_PASSWORD')`. Default: none. */
  readonly password?: Output<string>;
  /** Default `'redis:8.2-alpine'`. */
  readonly image?: string;
}

/**
 * One Redis in memory, empty after each restart.
 *
 * ```ts
 * const cache = new RedisCache(this, 'cache', { memory: '512Mi' });
 * new Service(this, 'web', { containers: { web: { …, env: { REDIS: cache.url } } } });
 * ```
 */
export class RedisCache extends Component {
  /** Its port, to lead something to it. */
  readonly port: ServicePort;
  /** `redis://cache:6379`, with the password if there is one: then it is a secret, and must be of characters that need no escape in a URL. */
  readonly url: Output<string>;

  constructor(scope: Construct, id: string, props: RedisCacheProps = {}) {
    super(scope, id, props);
    const memory = props.memory ?? '256Mi';
    const redis = new Service(this, 'Default', {
      containers: {
        redis: {
          image: props.image ?? 'redis:8.2-alpine',
          // Kubernetes puts the variable in; the password itself stands in no manifest but its Secret.
          args: [...settingsOf(this.cached(memory), props), ...(props.password ? ['--requirepass', '$(REDIS_PASSWORD)'] : [])],
          ports: { redis: 6379 },
          ...(props.password && { env: { REDIS_PASSWORD: props.password } }),
          readiness: { tcp: 'redis', period: '5s' },
          resources: { cpu: '50m', memory },
          security: { runAsUser: 999, runAsGroup: 999, readOnlyRootFilesystem: true },
        },
      },
      // A second one would have other contents.
      replicas: 1,
      strategy: 'recreate',
    });
    this.port = redis.port('redis');
    this.url = props.password ? text`redis://:${props.password}@${this.port.address}` : text`redis://${this.port.address}`;
  }

  private cached(memory: string): string {
    const match = /^(\d+)(Mi|Gi)$/.exec(memory);
    if (!match) {
      const message = `memory is ${JSON.stringify(memory)}.`;
      report(this, { code: 'PROPS_INVALID', message, hint: "Write whole numbers with a unit: '256Mi', '1Gi'.", at: 'memory' });
    }
    const mebibytes = Number(match?.[1] ?? 0) * (match?.[2] === 'Gi' ? 1024 : 1);
    return `${Math.floor((mebibytes * 3) / 4)}mb`;
  }
}

function settingsOf(cached: string, props: RedisCacheProps): readonly string[] {
  return ['--save', '', '--appendonly', 'no', '--maxmemory', cached, '--maxmemory-policy', props.eviction ?? 'allkeys-lru'];
}
