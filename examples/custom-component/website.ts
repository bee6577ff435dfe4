// A component of your own: what every website of this company has, with the few things they differ in.
import { Component, type ComponentOptions, KubernetesObject, report, Service } from '@konfig/sdk';
import type { Construct } from 'constructs';

export interface WebsiteProps extends ComponentOptions {
  /** Image with its tag; it must listen on 8080. */
  readonly image: string;
  /** The host name: `'shop.example'`. It must be one of the company's. */
  readonly host: string;
  /** Pods that run side by side. Default 2. */
  readonly replicas?: number;
}

/** A website: two replicas, a health check at `/healthz`, and a route from its host. */
export class Website extends Component {
  /** The workload, for whatever has no name here. */
  readonly service: Service<'http'>;

  constructor(scope: Construct, id: string, props: WebsiteProps) {
    super(scope, id, props);
    if (!props.host.endsWith('.example')) {
      report(this, { code: 'PROPS_INVALID', message: `host is '${props.host}'.`, hint: 'Take a host that ends in .example.', at: 'host' });
    }
    this.service = new Service(this, 'Default', {
      containers: { web: { image: props.image, ports: { http: 8080 }, readiness: { http: '/healthz' } } },
      replicas: props.replicas ?? 2,
    });
    const { host, port } = this.service.port('http');
    new KubernetesObject(this, 'Route', {
      apiVersion: 'networking.k8s.io/v1',
      kind: 'Ingress',
      metadata: { name: this.service.name, labels: this.labels },
      spec: {
        rules: [
          {
            host: props.host,
            http: { paths: [{ path: '/', pathType: 'Prefix', backend: { service: { name: host, port: { number: port } } } }] },
          },
        ],
      },
    });
  }
}
