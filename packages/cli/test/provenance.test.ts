// Who set this value: the lines of fields, through a platform's library, as the commands tell them.
import { copyMonorepo, type Monorepo, makeMonorepo } from '../../../test/scenarios/monorepo';

const files = {
  'workspaces/prod.ts': `import { embeddedCluster, workspace } from '@konfig/sdk';
export const prod = workspace('prod', {
  kubernetes: embeddedCluster(),
  defaults: {
    replicas: 4,
  },
});
`,
  'node_modules/@acme/platform/package.json': JSON.stringify({
    name: '@acme/platform',
    version: '1.0.0',
    main: 'index.ts',
    konfig: { library: true },
  }),
  'node_modules/@acme/platform/index.ts': `import { Component, Service } from '@konfig/sdk';
import type { Construct } from 'constructs';

export class WebService extends Component {
  constructor(scope: Construct, id: string, { image, level = 'info', ...more }: { image: string; level?: string; replicas?: number }) {
    super(scope, id);
    new Service(this, 'pods', {
      name: id,
      containers: {
        web: {
          image,
          env: {
            LEVEL: level,
          },
          ports: { http: 8080 },
        },
      },
      ...more,
    });
  }
}
`,
  'projects/shop/app.ts': `import { WebService } from '@acme/platform';
import { AppConfig, type Stack } from '@konfig/sdk';
import { ApiObject, JsonPatch } from 'cdk8s';
import { labels } from './labels';

export class Shop extends AppConfig {
  constructor(stack: Stack, props: { release: string; replicas?: number }) {
    super(stack, 'shop');
    new WebService(this, 'web', {
      image: props.release,
      replicas: props.replicas,
    });
    new WebService(this, 'many', {
      image: props.release,
    });
    const config = new ApiObject(this, 'config', {
      apiVersion: 'v1',
      kind: 'ConfigMap',
      metadata: { name: 'config', labels: { ...labels(), tier: 'web' } },
      data: Object.fromEntries(['a', 'b'].map((key) => [key, 'x'])),
    });
    config.addJsonPatch(
      JsonPatch.add('/data/c', 'patched'),
    );
  }
}
`,
  'projects/shop/labels.ts': `export function labels() {
  return {
    team: 'shop',
  };
}
`,
  'projects/shop/konfig.ts': `import { project } from '@konfig/sdk';
import { prod } from '../../workspaces/prod';
import { Shop } from './app';

const release = 'shop:1.4.0';

export default project('shop')
  .stack('prod', prod, (stack) => new Shop(stack, { release, replicas: 6 }), {
    namespace: 'shop',
  });
`,
};

let monorepo: Monorepo;
beforeAll(() => {
  monorepo = makeMonorepo(files);
});
afterAll(() => monorepo.remove());

/** The chain as `explain` prints it, and what it says behind. */
async function setAt(resource: string, field: string): Promise<string | undefined> {
  const { stdout } = await monorepo.konfig('explain', 'shop/prod', resource, field);
  return /^ {2}set at +(.*)$/m.exec(stdout)?.[1];
}

test('a value comes from the constant that it was written in, through the app and the platform', async () => {
  expect(await setAt('Deployment/web', 'image')).toBe(
    'projects/shop/app.ts:9 → node_modules/@acme/platform/index.ts:11 → projects/shop/app.ts:10 → projects/shop/konfig.ts:8 → projects/shop/konfig.ts:5',
  );
});

test('a value that is spread on its way is found where it was given', async () => {
  expect(await setAt('Deployment/web', 'spec.replicas')).toBe(
    'projects/shop/app.ts:9 → node_modules/@acme/platform/index.ts:18 → projects/shop/app.ts:11 → projects/shop/konfig.ts:8',
  );
});

test('where the app says nothing, the default of the workspace says it', async () => {
  expect(await setAt('Deployment/many', 'spec.replicas')).toBe('projects/shop/app.ts:13 → workspaces/prod.ts:5');
});

test("a platform's own default is told at its line", async () => {
  expect(await setAt('Deployment/web', 'env[name=LEVEL].value')).toBe(
    'projects/shop/app.ts:9 → node_modules/@acme/platform/index.ts:13 → node_modules/@acme/platform/index.ts:5',
  );
});

test('what Konfig adds has the call of the construct, marked as a guess', async () => {
  expect(await setAt('Deployment/web', 'readinessProbe')).toBe(
    'projects/shop/app.ts:9  the call of its construct: written there, or a default of what that makes',
  );
});

test('raw objects have the lines of their literals, of what is spread into them, and of patches', async () => {
  expect(await setAt('ConfigMap/config', 'metadata.labels.tier')).toBe('projects/shop/app.ts:16 → projects/shop/app.ts:19');
  expect(await setAt('ConfigMap/config', 'metadata.labels.team')).toBe(
    'projects/shop/app.ts:16 → projects/shop/app.ts:19 → projects/shop/labels.ts:3',
  );
  expect(await setAt('ConfigMap/config', 'data.a')).toBe('projects/shop/app.ts:16 → projects/shop/app.ts:20  as far as it is known');
  expect(await setAt('ConfigMap/config', 'data.c')).toBe('projects/shop/app.ts:16 → projects/shop/app.ts:22');
});

test('the namespace of a stack is told where the stack says it', async () => {
  expect(await setAt('Namespace/shop', 'metadata.name')).toBe('projects/shop/konfig.ts:8 → projects/shop/konfig.ts:9');
  expect(await setAt('ConfigMap/config', 'metadata.namespace')).toBe('projects/shop/app.ts:16 → projects/shop/konfig.ts:9');
});

test('a wrong prop is told at its own line, not at that of the construct', async () => {
  monorepo.write('projects/wrong/konfig.ts', files['projects/shop/konfig.ts'].replace("project('shop')", "project('wrong')"));
  monorepo.write('projects/wrong/labels.ts', files['projects/shop/labels.ts']);
  monorepo.write('projects/wrong/app.ts', files['projects/shop/app.ts'].replace('image: props.release,', "image: 'two words',"));
  const { stdout, code } = await monorepo.konfig('validate', 'wrong/prod', '--no-type-check', '--output', 'json');
  expect(code).toBe(3);
  expect(JSON.parse(stdout)).toMatchObject({
    stacks: [
      { problems: [{ code: 'PROPS_INVALID', message: 'image is "two words".', source: { file: 'projects/wrong/app.ts', line: 10 } }] },
    ],
  });
});

test('without provenance the same Spec comes out, and every field has the call of its construct', async () => {
  const json = async (...args: string[]) => JSON.parse((await monorepo.konfig('synth', 'shop/prod', '--format', 'spec', ...args)).stdout);
  const [instrumented, plain] = await Promise.all([json(), json('--no-provenance')]);
  expect(plain.digest).toBe(instrumented.digest);
  expect(plain.sources['main:Deployment.apps/shop/web']).toEqual({ made: { file: 'projects/shop/app.ts', line: 9 } });
});

test('every stack of our own monorepo gives the same Spec with notes as without', async () => {
  const own = copyMonorepo();
  try {
    for (const stack of ['boutique/demo', 'boutique/prod', 'guestbook/dev', 'http-echo/dev', 'job-example/dev']) {
      const digestOf = async (...more: string[]) =>
        JSON.parse((await own.konfig('synth', stack, '--format', 'spec', '--no-type-check', ...more)).stdout).digest;
      expect(`${stack} ${await digestOf('--no-provenance')}`).toBe(`${stack} ${await digestOf()}`);
    }
  } finally {
    own.remove();
  }
});
