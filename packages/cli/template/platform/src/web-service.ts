// How we run a web server. What is decided here, no app has to say; what an app may decide is a field of the props.
import { Component, type ComponentOptions, type Resources, Service, volume } from '@konfig/sdk';
import type { Construct } from 'constructs';

export interface WebServiceProps extends ComponentOptions {
  /** Image with its tag. It listens on 8080, and runs as a user other than root. */
  readonly image: string;
  /** Pods that run side by side. Default 1. */
  readonly replicas?: number;
  /** Path that answers when the server can take requests. Default `/`. */
  readonly healthPath?: `/${string}`;
  /** CPU and memory as `request-limit`. Default `{ cpu: '50m', memory: '64Mi' }`. */
  readonly resources?: Resources;
}

/** A web server on port 8080: its pods, and one address for all of them. It can write to /tmp and to nothing else. */
export class WebService extends Component {
  /** The workload, for whatever has no name here. */
  readonly service: Service<'http'>;

  constructor(scope: Construct, id: string, props: WebServiceProps) {
    super(scope, id, props);
    this.service = new Service(this, 'Default', {
      containers: {
        web: {
          image: props.image,
          ports: { http: 8080 },
          readiness: { http: props.healthPath ?? '/' },
          resources: props.resources ?? { cpu: '50m', memory: '64Mi' },
          security: { readOnlyRootFilesystem: true },
          mounts: { '/tmp': volume.emptyDir('tmp') },
        },
      },
      replicas: props.replicas ?? 1,
    });
  }

  /** `web:8080`: how others reach it. */
  get address(): string {
    return this.service.port('http').address;
  }
}
