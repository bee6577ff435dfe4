// How Acme runs a microservice: one container called `server`, one port, one account, locked down.
import {
  Component,
  type ComponentOptions,
  type ContainerPort,
  type EnvValue,
  type HttpProbe,
  type ProbeTiming,
  type Resources,
  Service,
  type ServicePort,
} from '@konfig/sdk';
import type { Construct } from 'constructs';
import { acmeUser, lockedDown } from './security';

/** What every microservice says. */
interface CommonProps extends ComponentOptions {
  /** Image with its tag. */
  readonly image: string;
  readonly env?: { readonly [name: string]: EnvValue };
  /** CPU and memory as `request-limit`: `{ cpu: '100m-200m', memory: '64Mi-128Mi' }`. */
  readonly resources: Resources;
  /** Port that others use. Default: the container's. */
  readonly servicePort?: number;
  /** Default: the workspace's. */
  readonly replicas?: number;
  /** Can it stop within five seconds? Default false: it gets Kubernetes' thirty. */
  readonly stopsQuickly?: boolean;
  readonly podAnnotations?: { readonly [name: string]: string };
}

/** A gRPC server, asked by the gRPC health protocol. */
export interface GrpcProps extends CommonProps {
  /** Port of the container. */
  readonly grpc: ContainerPort;
  /** When and how often to ask whether it serves. */
  readonly readiness?: ProbeTiming;
  /** When and how often to ask whether it lives. */
  readonly liveness?: ProbeTiming;
  readonly http?: never;
}

/** A web server, asked by a GET. */
export interface HttpProps extends CommonProps {
  /** Port of the container. */
  readonly http: ContainerPort;
  readonly readiness: HttpProbe<'http'>;
  readonly liveness: HttpProbe<'http'>;
  readonly grpc?: never;
}

export type MicroserviceProps = GrpcProps | HttpProps;

/** One microservice: Deployment, Service and ServiceAccount of one name. */
export class Microservice extends Component {
  /** The workload, for whatever has no name here. */
  readonly service: Service<'grpc' | 'http', 'grpc' | 'http'>;
  /** Its port, to lead something to it. */
  readonly port: ServicePort;

  constructor(scope: Construct, id: string, props: MicroserviceProps) {
    super(scope, id, props);
    const protocol = props.http === undefined ? 'grpc' : 'http';
    const port = unnamed(props.http ?? props.grpc);
    this.service = new Service<'grpc' | 'http', 'grpc' | 'http'>(this, 'Default', {
      containers: {
        server: {
          image: props.image,
          ports: { [protocol]: port },
          ...(props.env && { env: props.env }),
          readiness: props.http === undefined ? { grpc: 'grpc', ...props.readiness } : props.readiness,
          liveness: props.http === undefined ? { grpc: 'grpc', ...props.liveness } : props.liveness,
          resources: props.resources,
          security: lockedDown,
        },
      },
      ...(props.replicas !== undefined && { replicas: props.replicas }),
      ...(props.stopsQuickly && { terminationGracePeriod: '5s' }),
      ...(props.podAnnotations && { podAnnotations: props.podAnnotations }),
      selector: { app: id },
      labels: { app: id },
      security: acmeUser,
      serviceAccount: true,
      service: { type: 'ClusterIP', ports: { [protocol]: { port: props.servicePort ?? port.port, to: port.port } } },
    });
    this.port = this.service.port(protocol);
  }

  /** `cartservice:7070`: how others reach it. */
  get address(): string {
    return this.port.address;
  }
}

/** Ports have no name in the container unless one is asked for. */
function unnamed(port: ContainerPort): Exclude<ContainerPort, number> {
  return typeof port === 'number' ? { port, named: false } : port;
}
