// A Redis that forgets: for carts and sessions, not for data.
import { Component, type ComponentOptions, type Resources, Service, type ServicePort, volume } from '@konfig/sdk';
import type { Construct } from 'constructs';
import { acmeUser, lockedDown } from './security';

export interface CacheProps extends ComponentOptions {
  /** Default `'redis:alpine'`. */
  readonly image?: string;
  /** CPU and memory as `request-limit`. Default `{ cpu: '70m-125m', memory: '200Mi-256Mi' }`. */
  readonly resources?: Resources;
}

/** A Redis in memory, empty after each restart: Deployment and Service of one name. */
export class Cache extends Component {
  /** Its port, to lead something to it. */
  readonly port: ServicePort;

  constructor(scope: Construct, id: string, props: CacheProps = {}) {
    super(scope, id, props);
    const redis = new Service(this, 'Default', {
      containers: {
        redis: {
          image: props.image ?? 'redis:alpine',
          ports: { redis: { port: 6379, named: false } },
          readiness: { tcp: 'redis', period: '5s' },
          liveness: { tcp: 'redis', period: '5s' },
          resources: props.resources ?? { cpu: '70m-125m', memory: '200Mi-256Mi' },
          mounts: { '/data': volume.emptyDir('redis-data') },
          security: lockedDown,
        },
      },
      // A second one would have other contents, so the workspace's number of replicas does not hold here.
      defaults: { replicas: false },
      selector: { app: id },
      labels: { app: id },
      security: acmeUser,
      service: { type: 'ClusterIP', ports: { 'tcp-redis': { port: 6379, to: 'redis' } } },
    });
    this.port = redis.port('tcp-redis');
  }
}
