import { AppConfig, type Container, configFile, expose, Service, secret, text, volume } from '@konfig/sdk';
import { JsonPatch } from 'cdk8s';
import { at, manifestsOf, place, problemsIn, problemsOf, specOf } from './synth';

const web: Container<'http'> = { image: 'web:1', ports: { http: 8080 } };

test('With no defaults a Service writes what was written, and what Kubernetes cannot do without', () => {
  const manifests = manifestsOf((stack) => new Service(stack, 'web', { containers: { web } }), { defaults: 'none' });
  expect(manifests).toEqual({
    'Deployment/web': {
      apiVersion: 'apps/v1',
      kind: 'Deployment',
      metadata: { name: 'web' },
      spec: {
        selector: { matchLabels: { app: 'web' } },
        template: {
          metadata: { labels: { app: 'web' } },
          spec: { containers: [{ name: 'web', image: 'web:1', ports: [{ name: 'http', containerPort: 8080 }] }] },
        },
      },
    },
    'Service/web': {
      apiVersion: 'v1',
      kind: 'Service',
      metadata: { name: 'web' },
      spec: { selector: { app: 'web' }, ports: [{ name: 'http', port: 8080, targetPort: 'http' }] },
    },
  });
});

test('By default a Service follows good practice', () => {
  const manifests = manifestsOf((stack) => new Service(new AppConfig(stack, 'store'), 'web', { containers: { web }, replicas: 3 }));
  const identity = { 'app.kubernetes.io/name': 'store', 'app.kubernetes.io/instance': 'shop-dev', 'app.kubernetes.io/component': 'web' };
  const labels = { ...identity, 'app.kubernetes.io/part-of': 'shop', 'app.kubernetes.io/managed-by': 'konfig' };
  const spread = {
    maxSkew: 1,
    whenUnsatisfiable: 'ScheduleAnyway',
    labelSelector: { matchLabels: identity },
    matchLabelKeys: ['pod-template-hash'],
  };
  expect(manifests).toEqual({
    'Deployment/web': {
      apiVersion: 'apps/v1',
      kind: 'Deployment',
      metadata: { name: 'web', labels },
      spec: {
        replicas: 3,
        revisionHistoryLimit: 3,
        selector: { matchLabels: identity },
        strategy: { type: 'RollingUpdate', rollingUpdate: { maxSurge: 1, maxUnavailable: 0 } },
        template: {
          metadata: { labels },
          spec: {
            automountServiceAccountToken: false,
            enableServiceLinks: false,
            securityContext: { runAsNonRoot: true, seccompProfile: { type: 'RuntimeDefault' } },
            topologySpreadConstraints: [
              { ...spread, topologyKey: 'kubernetes.io/hostname' },
              { ...spread, topologyKey: 'topology.kubernetes.io/zone' },
            ],
            containers: [
              {
                name: 'web',
                image: 'web:1',
                ports: [{ name: 'http', containerPort: 8080 }],
                readinessProbe: { tcpSocket: { port: 8080 } },
                resources: { requests: { cpu: '100m', memory: '128Mi' }, limits: { memory: '128Mi' } },
                securityContext: { allowPrivilegeEscalation: false, capabilities: { drop: ['ALL'] } },
              },
            ],
          },
        },
      },
    },
    'PodDisruptionBudget/web': {
      apiVersion: 'policy/v1',
      kind: 'PodDisruptionBudget',
      metadata: { name: 'web', labels },
      spec: { maxUnavailable: 1, selector: { matchLabels: identity } },
    },
    'Service/web': {
      apiVersion: 'v1',
      kind: 'Service',
      metadata: { name: 'web', labels },
      spec: { selector: identity, ports: [{ name: 'http', port: 8080, targetPort: 'http' }] },
    },
  });
});

test('The nearest defaults win: workspace, stack, app, component', () => {
  const manifests = manifestsOf(
    (stack) => {
      const app = new AppConfig(stack, 'store', { defaults: { revisionHistoryLimit: 7 } });
      new Service(app, 'a', { containers: { web } });
      new Service(app, 'b', { containers: { web }, defaults: 'none' });
      new Service(stack, 'c', { containers: { web }, defaults: { revisionHistoryLimit: false } });
    },
    { defaults: { revisionHistoryLimit: 5, replicas: 2 } },
  );
  const of = (name: string) => ['revisionHistoryLimit', 'replicas'].map((field) => at(manifests[`Deployment/${name}`], `spec.${field}`));
  expect([of('a'), of('b'), of('c')]).toEqual([
    [7, 2],
    [undefined, undefined],
    [undefined, 2],
  ]);
});

test('One replica needs no disruption budget and no spread; an autoscaled Service does and leaves replicas out', () => {
  const one = manifestsOf((stack) => new Service(stack, 'web', { containers: { web }, replicas: 1 }));
  expect(Object.keys(one)).toEqual(['Deployment/web', 'Service/web']);
  const many = manifestsOf((stack) => new Service(stack, 'web', { containers: { web }, replicas: 'autoscaled' }));
  expect(Object.keys(many)).toEqual(['Deployment/web', 'PodDisruptionBudget/web', 'Service/web']);
  expect(at(many['Deployment/web'], 'spec.replicas')).toBeUndefined();
});

test('Probes, resources, volumes, accounts and timings are written as Kubernetes wants them', () => {
  const manifests = manifestsOf(
    (stack) =>
      new Service(stack, 'web', {
        containers: {
          web: {
            image: 'web:1',
            ports: { http: 8080, rpc: { port: 9000, protocol: 'TCP', named: false } },
            readiness: { http: '/healthz', headers: { Host: 'shop' }, period: '5s', timeout: '2s' },
            liveness: { grpc: 'rpc', service: 'shop', initialDelay: '1m', failureThreshold: 5 },
            startup: { exec: ['test', '-f', '/ready'] },
            resources: { cpu: '250m-500m', memory: '256Mi', ephemeralStorage: '1Gi-2Gi', others: { 'nvidia.com/gpu': 1 } },
            mounts: { '/data': volume.claim('data'), '/certs': { volume: volume.secret('tls'), readOnly: true } },
            drain: '5s',
          },
          log: { image: 'log:1', mounts: { '/data': volume.claim('data') } },
        },
        initContainers: { migrate: { image: 'web:1', args: ['migrate'] } },
        serviceAccount: { annotations: { role: 'reader' }, token: true },
        terminationGracePeriod: '1m',
        strategy: 'recreate',
      }),
    { defaults: 'none' },
  );
  expect(manifests['ServiceAccount/web']?.metadata).toEqual({ name: 'web', annotations: { role: 'reader' } });
  expect(at(manifests['Deployment/web'], 'spec.strategy')).toEqual({ type: 'Recreate' });
  expect(at(manifests['Deployment/web'], 'spec.template.spec')).toEqual({
    serviceAccountName: 'web',
    automountServiceAccountToken: true,
    terminationGracePeriodSeconds: 60,
    initContainers: [{ name: 'migrate', image: 'web:1', args: ['migrate'] }],
    containers: [
      {
        name: 'web',
        image: 'web:1',
        ports: [
          { name: 'http', containerPort: 8080 },
          { containerPort: 9000, protocol: 'TCP' },
        ],
        readinessProbe: {
          httpGet: { path: '/healthz', port: 8080, httpHeaders: [{ name: 'Host', value: 'shop' }] },
          periodSeconds: 5,
          timeoutSeconds: 2,
        },
        livenessProbe: { grpc: { port: 9000, service: 'shop' }, initialDelaySeconds: 60, failureThreshold: 5 },
        startupProbe: { exec: { command: ['test', '-f', '/ready'] } },
        resources: {
          requests: { cpu: '250m', memory: '256Mi', 'ephemeral-storage': '1Gi', 'nvidia.com/gpu': '1' },
          limits: { cpu: '500m', memory: '256Mi', 'ephemeral-storage': '2Gi', 'nvidia.com/gpu': '1' },
        },
        volumeMounts: [
          { name: 'data', mountPath: '/data' },
          { name: 'tls', mountPath: '/certs', readOnly: true },
        ],
        lifecycle: { preStop: { sleep: { seconds: 5 } } },
      },
      { name: 'log', image: 'log:1', volumeMounts: [{ name: 'data', mountPath: '/data' }] },
    ],
    volumes: [
      { name: 'data', persistentVolumeClaim: { claimName: 'data' } },
      { name: 'tls', secret: { secretName: 'tls' } },
    ],
  });
});

test('A secret in the environment goes to a Secret, and a change of it rolls out', () => {
  const manifests = manifestsOf((stack) => {
    const env = {
      LEVEL: 'info',
      PORT: 8080,
      DEBUG: false,
      DB: text`postgres://shop:${secret.env('DB_PASSWORD')}@db/shop`,
      POD: { field: 'metadata.name' },
    } as const;
    new Service(stack, 'web', { containers: { web: { ...web, env } } });
  });
  const url = { $concat: ['postgres://shop:', { $secret: { from: 'env', name: 'DB_PASSWORD' } }, '@db/shop'] };
  expect(manifests['Secret/web-env']).toMatchObject({ type: 'Opaque', data: { DB: { $base64: url } } });
  const template = at(manifests['Deployment/web'], 'spec.template');
  expect(template).toMatchObject({
    metadata: { annotations: { 'konfig.dev/secret-hash': { $hash: { $concat: ['DB=', url, '\n'] } } } },
    spec: {
      containers: [
        {
          env: [
            { name: 'LEVEL', value: 'info' },
            { name: 'PORT', value: '8080' },
            { name: 'DEBUG', value: 'false' },
            { name: 'DB', valueFrom: { secretKeyRef: { name: 'web-env', key: 'DB' } } },
            { name: 'POD', valueFrom: { fieldRef: { fieldPath: 'metadata.name' } } },
          ],
        },
      ],
    },
  });
});

test('With no defaults a change of a secret or a file does not roll out by itself', () => {
  const container = { ...web, env: { PW: secret.env('PW') }, files: { '/etc/a': 'a' } } as const;
  const manifests = manifestsOf((stack) => new Service(stack, 'web', { containers: { web: container } }), { defaults: 'none' });
  expect(at(manifests['Deployment/web'], 'spec.template.metadata')).toEqual({ labels: { app: 'web' } });
});

test('Two containers may give one variable different secrets', () => {
  const manifests = manifestsOf((stack) => {
    const of = (name: string): Container => ({ image: 'web:1', env: { TOKEN: secret.env(name) } });
    new Service(stack, 'web', { containers: { a: of('A'), b: of('B'), c: of('A') } });
  });
  expect(Object.keys(manifests['Secret/web-env']?.data as object)).toEqual(['TOKEN', 'b.TOKEN']);
});

test('A secret in any other field is an error, unless it is exposed with a reason', () => {
  const key = secret.file('/run/key');
  expect(problemsOf((stack) => new Service(stack, 'web', { containers: { web: { ...web, args: ['--key', key] } } }))).toEqual([
    'SPEC_SECRET_EXPOSED shop/dev/web/Deployment.spec.template.spec.containers[0].args[1]: A secret would stand in plain text in spec.template.spec.containers[0].args[1] of this Deployment.',
  ]);
  const manifests = manifestsOf(
    (stack) => new Service(stack, 'web', { containers: { web: { ...web, args: [expose(key, 'it is public')] } } }),
  );
  expect(at(manifests['Deployment/web'], 'spec.template.spec.containers.0.args')).toEqual([
    { $secret: { from: 'file', path: '/run/key' } },
  ]);
});

test('Config files become a ConfigMap, each mounted at its path, and a change of them rolls out', () => {
  const make = (level: string) =>
    manifestsOf((stack) => {
      const files = { '/etc/web/app.json': configFile({ level }), '/etc/web/run.sh': configFile('exec web\n', { mode: 0o555 }) };
      new Service(stack, 'web', { containers: { web: { ...web, files } } });
    });
  const manifests = make('info');
  expect(manifests['ConfigMap/web-files']?.data).toEqual({ 'app.json': '{\n  "level": "info"\n}\n', 'run.sh': 'exec web\n' });
  expect(at(manifests['Deployment/web'], 'spec.template.spec.containers.0.volumeMounts')).toEqual([
    { name: 'files', mountPath: '/etc/web/app.json', subPath: 'app.json', readOnly: true },
    { name: 'files', mountPath: '/etc/web/run.sh', subPath: 'run.sh', readOnly: true },
  ]);
  expect(at(manifests['Deployment/web'], 'spec.template.spec.volumes')).toEqual([
    {
      name: 'files',
      configMap: {
        name: 'web-files',
        items: [
          { key: 'app.json', path: 'app.json' },
          { key: 'run.sh', path: 'run.sh', mode: 0o555 },
        ],
      },
    },
  ]);
  const hash = (made: typeof manifests) =>
    (at(made['Deployment/web'], 'spec.template.metadata.annotations') as Record<string, string>)['konfig.dev/config-hash'];
  expect(hash(manifests)).toMatch(/^[0-9a-f]{16}$/);
  expect(hash(make('debug'))).not.toBe(hash(manifests));
});

test('Two files of one name in different folders keep their own text', () => {
  const files = { '/etc/a/app.conf': 'a', '/etc/b/app.conf': 'b' };
  const manifests = manifestsOf((stack) => new Service(stack, 'web', { containers: { web: { ...web, files } } }));
  expect(manifests['ConfigMap/web-files']?.data).toEqual({ 'app.conf': 'a', 'etc_b_app.conf': 'b' });
});

test('An HTTP probe without a port asks the port called http, else the first', () => {
  const ports = (given: Container<string>['ports']) => {
    const container = { image: 'web:1', ports: given, readiness: { http: '/' } } as Container<string>;
    const manifests = manifestsOf((stack) => new Service(stack, 'web', { containers: { web: container } }));
    return at(manifests['Deployment/web'], 'spec.template.spec.containers.0.readinessProbe.httpGet.port');
  };
  expect([ports({ metrics: 9090, http: 8080 }), ports({ metrics: 9090, web: 8080 })]).toEqual([8080, 9090]);
});

test('A config file with a secret in it is kept in a Secret', () => {
  const manifests = manifestsOf((stack) => {
    new Service(stack, 'web', { containers: { web: { ...web, files: { '/etc/db': text`password=${secret.env('PW')}` } } } });
  });
  expect(manifests['Secret/web-secret-files']?.data).toEqual({
    db: { $base64: { $concat: ['password=', { $secret: { from: 'env', name: 'PW' } }] } },
  });
  expect(manifests['ConfigMap/web-files']).toBeUndefined();
});

test('An output of one object in another is a reference by id', () => {
  const spec = specOf(
    (stack) => {
      const a = new Service(stack, 'web', { containers: { web }, service: { type: 'LoadBalancer' } });
      const ip = a.output('status.loadBalancer.ingress[0].ip');
      new Service(stack, 'job', { containers: { web: { image: 'job:1', env: { IP: ip, URL: text`http://${ip}:${80}/` } } } });
    },
    { namespace: 'shop', defaults: 'none' },
  );
  const ref = { $ref: { resource: 'main:Service/shop/web', path: ['status', 'loadBalancer', 'ingress', 0, 'ip'] } };
  const job = spec.resources.find((resource) => resource.id === 'main:Deployment.apps/shop/job');
  expect(at(job?.attributes, 'spec.template.spec.containers.0.env')).toEqual([
    { name: 'IP', value: { $concat: [ref] } },
    { name: 'URL', value: { $concat: ['http://', ref, ':80/'] } },
  ]);
});

test('A second Kubernetes Service leads to the same pods', () => {
  const ports: unknown[] = [];
  const manifests = manifestsOf(
    (stack) => {
      const service = new Service(stack, 'web', { containers: { web }, service: { ports: { public: { port: 80, to: 'http' } } } });
      service.expose('external', { type: 'LoadBalancer', ports: { http: 443 } });
      ports.push(service.port('public'));
    },
    { defaults: 'none' },
  );
  expect(at(manifests['Service/web'], 'spec.ports')).toEqual([{ name: 'public', port: 80, targetPort: 'http' }]);
  expect(manifests['Service/web-external']?.spec).toEqual({
    type: 'LoadBalancer',
    selector: { app: 'web' },
    ports: [{ name: 'http', port: 443, targetPort: 'http' }],
  });
  expect(ports).toEqual([{ host: 'web', name: 'public', port: 80, address: 'web:80', selector: { app: 'web' } }]);
});

test('The Kubernetes Service may have a name of its own, which its ports lead to', () => {
  const made = manifestsOf(
    (stack) => {
      const service = { name: 'apple', ports: { http: 80 } } as const;
      const web = new Service(stack, 'web', { containers: { web: { image: 'web:1', ports: { http: 8080 } } }, service });
      expect(web.port('http').address).toBe('apple:80');
    },
    { defaults: 'none' },
  );
  expect(Object.keys(made)).toEqual(['Deployment/web', 'Service/apple']);
});

test('Any other field is reached by an override, or by a JSON patch', () => {
  const manifests = manifestsOf(
    (stack) => {
      const service = new Service(stack, 'web', {
        containers: { web: { ...web, env: { A: 1 } }, log: { image: 'log:1' } },
        replicas: 3,
        override: {
          deployment: {
            metadata: { annotations: { team: 'shop' } },
            spec: {
              minReadySeconds: 5,
              replicas: null,
              template: { spec: { hostNetwork: true, containers: [{ name: 'web', stdin: true, env: [{ name: 'B', value: '2' }] }] } },
            },
          },
        },
      });
      service.service.addJsonPatch(JsonPatch.replace('/spec/ports/0/port', 81));
    },
    { defaults: 'none' },
  );
  expect(manifests['Deployment/web']).toMatchObject({
    metadata: { annotations: { team: 'shop' } },
    spec: {
      minReadySeconds: 5,
      template: {
        spec: {
          hostNetwork: true,
          containers: [
            {
              name: 'web',
              image: 'web:1',
              stdin: true,
              env: [
                { name: 'A', value: '1' },
                { name: 'B', value: '2' },
              ],
            },
            { name: 'log', image: 'log:1' },
          ],
        },
      },
    },
  });
  expect(manifests['Deployment/web']).not.toHaveProperty('spec.replicas');
  expect(at(manifests['Service/web'], 'spec.ports.0.port')).toBe(81);
});

test('Everything wrong is told at once, with the field and the line', () => {
  const name: string = 'Web_1';
  const problems = problemsIn((stack) => {
    new Service(stack, 'wrong', {
      name,
      containers: {
        web: {
          image: '',
          ports: { http: 80808, 'much-too-long-a-name': 1 },
          resources: { cpu: 'half' as '1m', memory: '1Gi-256Mi' },
          readiness: { http: '/', period: 'often' as '1s', failureThreshold: 0 },
          liveness: { tcp: 'nope' as 'http' },
        },
      },
      replicas: 1.5,
      service: { ports: { web: { port: 80 } } },
    });
  });
  expect(problems.map(({ at: where, message, hint }) => `${where}: ${message} ${hint}`)).toEqual([
    'shop/dev/wrong.containers.web.image: image is "". Write an image like \'registry.example/shop:1.4.0\'.',
    'shop/dev/wrong.containers.web.ports.http: ports.http is 80808. Write a whole number from 1 to 65535.',
    'shop/dev/wrong.containers.web.ports.much-too-long-a-name: ports.much-too-long-a-name has a name of 20 characters. Kubernetes takes at most 15.',
    "shop/dev/wrong.containers.web.resources.cpu: resources.cpu is 'half'. Write cores or thousandths of one, like 0.5, '250m' or '250m-500m'.",
    "shop/dev/wrong.containers.web.resources.memory: resources.memory is '1Gi-256Mi'. Write a limit that is not below the request.",
    "shop/dev/wrong.containers.web.readiness.period: period is \"often\". Write a duration like '30s', '5m' or '2h'.",
    'shop/dev/wrong.containers.web.readiness.failureThreshold: readiness.failureThreshold is 0. Write a whole number from 1.',
    "shop/dev/wrong.containers.web.liveness: liveness asks port 'nope', which this container does not have (it has http, much-too-long-a-name). Name it under ports.",
    'shop/dev/wrong.replicas: replicas is 1.5. Write a whole number from 0.',
    'shop/dev/wrong.service.ports.web: service.ports.web leads to no port of a container. Say which with to, or give it the name of a container port.',
    'shop/dev/wrong/Deployment.metadata.name: The name of this Deployment, "Web_1", must be a-z, 0-9, - and ., beginning and ending with a letter or digit. Give it another name or id.',
  ]);
  expect(problems.map((problem) => problem.source)).toEqual(problems.map(() => place(__filename, "'wrong'")));
});

test('A variable without a name or a value, and two volumes of one name, are told', () => {
  const env = { '1A': 'x', B: undefined as unknown as string, C: Number.NaN };
  const mounts = { '/a': volume.claim('data'), '/b': volume.emptyDir('data') };
  expect(problemsOf((stack) => new Service(stack, 'web', { containers: { web: { ...web, env, mounts } } }))).toEqual([
    'PROPS_INVALID shop/dev/web.containers.web.env.1A: env.1A is no name of a variable.',
    'PROPS_INVALID shop/dev/web.containers.web.env.B: env.B has no value.',
    'PROPS_INVALID shop/dev/web.containers.web.env.C: env.C is NaN.',
    "PROPS_INVALID shop/dev/web.containers.web.mounts./b: mounts./b is a second volume called 'data'.",
  ]);
});

test('A Service without ports has no Kubernetes Service; asking for it is told', () => {
  expect(Object.keys(manifestsOf((stack) => new Service(stack, 'worker', { containers: { main: { image: 'worker:1' } } })))).toEqual([
    'Deployment/worker',
  ]);
  const askTwice = (worker: Service) => [worker.service, worker.output('metadata.uid')];
  expect(problemsOf((stack) => askTwice(new Service(stack, 'worker', { containers: { main: { image: 'worker:1' } } })))).toEqual([
    'PROPS_INVALID shop/dev/worker: It has no Kubernetes Service.',
  ]);
});
