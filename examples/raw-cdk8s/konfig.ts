// What you have in cdk8s goes on: raw objects, charts and cdk8s-plus constructs stand beside ours, wait for each other and refer to each other.
import { embeddedCluster, outputOf, project, Service, workspace } from '@konfig/sdk';
import { ApiObject } from 'cdk8s';
import * as kplus from 'cdk8s-plus-33';

const local = workspace('local', { kubernetes: embeddedCluster() });

export default project('raw-cdk8s').stack(
  'local',
  local,
  (stack) => {
    const limits = new ApiObject(stack, 'limits', {
      apiVersion: 'v1',
      kind: 'LimitRange',
      spec: { limits: [{ type: 'Container', defaultRequest: { cpu: '50m', memory: '64Mi' } }] },
    });

    const backend = new kplus.Deployment(stack, 'backend', { containers: [{ image: 'hashicorp/http-echo:1.0', portNumber: 5678 }] });
    const backendService = backend.exposeViaService({ ports: [{ port: 80, targetPort: 5678 }] });
    backend.node.addDependency(limits);

    new Service(stack, 'frontend', {
      containers: {
        main: {
          image: 'nginxinc/nginx-unprivileged:1.29',
          ports: { http: 8080 },
          env: { BACKEND: backendService.name, BACKEND_IP: outputOf(backendService, 'spec.clusterIP') },
        },
      },
      defaults: 'none',
    });
  },
  { namespace: 'raw' },
);
