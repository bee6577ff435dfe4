// http-echo: a server that says one word, behind a port of each node and a path of the ingress.
import { AppConfig, KubernetesObject, Service, type Stack } from '@konfig/sdk';

export interface HttpEchoProps {
  /** What it says. */
  readonly says: string;
  /** The cluster's name, for the labels by which the company finds its pods. */
  readonly cluster: string;
}

export class HttpEcho extends AppConfig {
  constructor(stack: Stack, { says, cluster }: HttpEchoProps) {
    super(stack, 'http-echo');
    const name = `${stack.project}${stack.stackName}`;
    const echo = new Service(this, 'echo', {
      name,
      containers: {
        [`${says}-app`]: {
          image: 'hashicorp/http-echo',
          args: [`-text=${says}`],
          resources: { cpu: '100m-100m', memory: '100Mi', ephemeralStorage: '1Gi' },
        },
      },
      replicas: 1,
      selector: {
        'app.kubernetes.io/component': name,
        'app.kubernetes.io/env': stack.stackName,
        'app.kubernetes.io/instance': `${stack.project}-${stack.stackName}`,
        'app.kubernetes.io/name': stack.project,
        'cluster.x-k8s.io/cluster-name': cluster,
      },
      service: { name: `${says}-service`, type: 'NodePort', ports: { http: { port: 5678, to: false, named: false } } },
    });
    const { host, port } = echo.port('http');
    new KubernetesObject(this, 'ingress', {
      apiVersion: 'networking.k8s.io/v1',
      kind: 'Ingress',
      metadata: { name: 'example-ingress' },
      spec: {
        rules: [
          { http: { paths: [{ path: `/${says}`, pathType: 'Prefix', backend: { service: { name: host, port: { number: port } } } }] } },
        ],
      },
    });
  }
}
