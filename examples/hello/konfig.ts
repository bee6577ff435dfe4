// The smallest program. What it makes beyond these lines is good practice; `defaults: 'none'` would leave it out.
import { embeddedCluster, project, Service, workspace } from '@konfig/sdk';

const local = workspace('local', { kubernetes: embeddedCluster() });

export default project('hello').stack('local', local, (stack) => {
  new Service(stack, 'web', {
    containers: {
      web: {
        image: 'nginxinc/nginx-unprivileged:1.29',
        ports: { http: 8080 },
        readiness: { http: '/' },
      },
    },
    replicas: 2,
  });
});
