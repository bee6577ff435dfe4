// A platform's setting: its component reads it, environment, team and stack override it and say why, and a construct that was renamed keeps its objects.
import {
  AppConfig,
  Component,
  embeddedCluster,
  moved,
  project,
  type Resources,
  Service,
  type Stack,
  setting,
  team,
  workspace,
} from '@konfig/sdk';
import type { Construct } from 'constructs';

const web = setting(
  'web',
  {
    /** Pods that run side by side. */
    replicas: 1,
    resources: { cpu: '100m', memory: '64Mi' } as Resources,
  },
  {
    describe: 'How large a web server is.',
    check: ({ replicas }) => (replicas > 10 ? 'more than 10 replicas need an autoscaler.' : undefined),
  },
);

class Web extends Component {
  constructor(scope: Construct, id: string, image: string) {
    super(scope, id);
    const given = web.of(this);
    new Service(this, 'Default', {
      containers: { web: { image, ports: { http: 8080 }, resources: given.resources } },
      replicas: given.replicas,
    });
  }
}

class Shop extends AppConfig {
  constructor(stack: Stack) {
    super(stack, 'shop');
    // Its Deployment is called `shopfront` still.
    moved(this, 'shopfront', 'frontend');
    new Web(this, 'frontend', 'registry.example/shop:1.4.0');
  }
}

const local = workspace('local', { kubernetes: embeddedCluster(), settings: [web({ replicas: 3 }, 'customers are here')] });
const payments = team('payments', { settings: [web({ resources: { memory: '256Mi' } }, 'it holds all prices in memory')] });

export default project('settings', { owner: payments }).stack('local', local, (stack) => new Shop(stack), {
  defaults: 'none',
  settings: [web({ replicas: 2 }, 'half as many, while prices are wrong')],
});
