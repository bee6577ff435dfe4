// The guestbook: a PHP page that keeps its entries in Redis, one leader that writes and followers that read.
import { AppConfig, type Resources, Service, type Stack } from '@konfig/sdk';

export interface GuestbookProps {
  /** Image of the page, with its tag. */
  readonly frontend: string;
}

const small: Resources = { cpu: '100m-100m', memory: '100Mi', ephemeralStorage: '1Gi' };

export class Guestbook extends AppConfig {
  constructor(stack: Stack, props: GuestbookProps) {
    // These images start as root and change their user themselves; locked down they would not start.
    super(stack, 'guestbook', { defaults: { podSecurity: false, containerSecurity: false } });
    this.part('redis-leader', 'main', { image: 'docker.io/redis:6.0.5', port: 6379 });
    this.part('redis-follower', 'main', { image: 'gcr.io/google_samples/gb-redis-follower:v2', port: 6379 });
    this.part('frontend', 'php-redis', { image: props.frontend, port: 80, env: { GET_HOSTS_FROM: 'dns' } });
  }

  private part(
    id: string,
    container: string,
    of: { readonly image: string; readonly port: number; readonly env?: { readonly [name: string]: string } },
  ) {
    const { project, stackName } = this.stack;
    return new Service(this, id, {
      containers: {
        [container]: {
          image: of.image,
          ports: { main: { port: of.port, protocol: 'TCP', named: false } },
          ...(of.env && { env: of.env }),
          resources: small,
        },
      },
      replicas: 1,
      selector: {
        'app.kubernetes.io/component': id,
        'app.kubernetes.io/env': stackName,
        'app.kubernetes.io/instance': `${project}-${stackName}`,
        'app.kubernetes.io/name': project,
        'cluster.x-k8s.io/cluster-name': 'demo-cluster-name',
      },
      service: { ports: { main: { to: false, named: false } } },
    });
  }
}
