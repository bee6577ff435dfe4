import { Autoscaling, PublicRoute, RedisCache } from '@konfig/platform';
import { AppConfig, kubernetes, project, Service, type Stack, secret, workspace } from '@konfig/sdk';

const dev = workspace('dev', { kubernetes: kubernetes() });
const web = { web: { image: 'web:1', ports: { http: 8080 } } };

function synth(fill: (app: AppConfig) => unknown) {
  return project('shop')
    .stack('dev', dev, (stack: Stack) => fill(new AppConfig(stack, 'shop')), { defaults: 'none' })
    .synth('dev');
}

function manifests(fill: (app: AppConfig) => unknown): { readonly [id: string]: unknown } {
  const result = synth(fill);
  if (result.problems) throw new Error(JSON.stringify(result.problems));
  return Object.fromEntries(result.output.spec.resources.map(({ id, attributes }) => [id.replace('main:', ''), attributes]));
}

function problems(fill: (app: AppConfig) => unknown): readonly string[] {
  return (synth(fill).problems ?? []).map(({ code, at, message }) => `${code} ${at}: ${message}`);
}

test('A PublicRoute leads a host with a certificate to a Service', () => {
  const urls: string[] = [];
  const made = manifests((app) => {
    const service = new Service(app, 'web', { containers: web });
    urls.push(
      new PublicRoute(app, 'route', { host: 'shop.example', to: service.port('http'), ingressClass: 'nginx', annotations: { a: 'b' } }).url,
    );
  });
  expect(urls).toEqual(['https://shop.example/']);
  expect(made['Ingress.networking.k8s.io/route']).toEqual({
    apiVersion: 'networking.k8s.io/v1',
    kind: 'Ingress',
    metadata: { name: 'route', annotations: { a: 'b' } },
    spec: {
      ingressClassName: 'nginx',
      tls: [{ hosts: ['shop.example'], secretName: 'route-tls' }],
      rules: [
        {
          host: 'shop.example',
          http: { paths: [{ path: '/', pathType: 'Prefix', backend: { service: { name: 'web', port: { number: 8080 } } } }] },
        },
      ],
    },
  });
});

test('A PublicRoute without TLS is plain HTTP, and a host that is none is told', () => {
  const route = (host: string) => (app: AppConfig) => {
    const made = new PublicRoute(app, 'route', {
      host,
      to: new Service(app, 'web', { containers: web }).port('http'),
      tls: false,
      path: '/api',
    });
    expect(made.url).toBe(`http://${host}/api`);
  };
  expect(manifests(route('*.shop.example'))['Ingress.networking.k8s.io/route']).not.toHaveProperty('spec.tls');
  expect(problems(route('https://shop'))).toEqual([
    'PROPS_INVALID shop/dev/shop/route.host: host is "https://shop", which is no host name.',
  ]);
});

test('Autoscaling scales a Service that leaves its replicas to it', () => {
  const made = manifests((app) => {
    const service = new Service(app, 'web', { containers: web, replicas: 'autoscaled' });
    new Autoscaling(app, 'scaling', { of: service, min: 2, max: 10, memory: 80 });
  });
  expect(made['Deployment.apps/web']).not.toHaveProperty('spec.replicas');
  expect(made['HorizontalPodAutoscaler.autoscaling/web']).toEqual({
    apiVersion: 'autoscaling/v2',
    kind: 'HorizontalPodAutoscaler',
    metadata: { name: 'web' },
    spec: {
      scaleTargetRef: { apiVersion: 'apps/v1', kind: 'Deployment', name: 'web' },
      minReplicas: 2,
      maxReplicas: 10,
      metrics: [
        { type: 'Resource', resource: { name: 'cpu', target: { type: 'Utilization', averageUtilization: 70 } } },
        { type: 'Resource', resource: { name: 'memory', target: { type: 'Utilization', averageUtilization: 80 } } },
      ],
    },
  });
});

test('Autoscaling tells all that is wrong with it', () => {
  const wrong = problems((app) => {
    const service = new Service(app, 'web', { containers: web, replicas: 3 });
    new Autoscaling(app, 'scaling', { of: service, min: 0, max: -1, cpu: -70 });
  });
  expect(wrong).toEqual([
    'PROPS_INVALID shop/dev/shop/scaling.of: web has 3 replicas of its own.',
    'PROPS_INVALID shop/dev/shop/scaling.min: min is 0.',
    'PROPS_INVALID shop/dev/shop/scaling.max: max is -1.',
    'PROPS_INVALID shop/dev/shop/scaling.cpu: cpu is -70.',
  ]);
});

test('A RedisCache keeps its password out of every manifest but its Secret, and gives a URL that is a secret', () => {
  const made = manifests((app) => {
    const cache = new RedisCache(app, 'cache', { memory: '1Gi', password: secret.env('CACHE_PASSWORD') });
    new Service(app, 'web', { containers: { web: { image: 'web:1', env: { REDIS: cache.url } } } });
  });
  const password = { $secret: { from: 'env', name: 'CACHE_PASSWORD' } };
  expect(Object.keys(made)).toEqual([
    'Deployment.apps/cache',
    'Deployment.apps/web',
    'Secret/cache-env',
    'Secret/web-env',
    'Service/cache',
  ]);
  expect(made['Secret/web-env']).toMatchObject({ data: { REDIS: { $base64: { $concat: ['redis://:', password, '@cache:6379'] } } } });
  expect(made['Deployment.apps/cache']).toMatchObject({
    spec: {
      strategy: { type: 'Recreate' },
      template: {
        spec: {
          containers: [
            {
              args: [
                '--save',
                '',
                '--appendonly',
                'no',
                '--maxmemory',
                '768mb',
                '--maxmemory-policy',
                'allkeys-lru',
                '--requirepass',
                '$(REDIS_PASSWORD)',
              ],
              env: [{ name: 'REDIS_PASSWORD', valueFrom: { secretKeyRef: { name: 'cache-env', key: 'REDIS_PASSWORD' } } }],
            },
          ],
        },
      },
    },
  });
});

test('A RedisCache tells an amount of memory that it cannot read', () => {
  expect(problems((app) => new RedisCache(app, 'cache', { memory: '1.5Gi' }))).toEqual([
    'PROPS_INVALID shop/dev/shop/cache.memory: memory is "1.5Gi".',
  ]);
});
