// konfig validate: all that is wrong, without a cluster, at once.
import { tmpdir } from 'node:os';
import { join, relative } from 'node:path';
import { type Monorepo, makeMonorepo, type Ran } from '../../../test/scenarios/monorepo';

const made: Monorepo[] = [];
afterEach(() => {
  for (const monorepo of made.splice(0)) monorepo.remove();
});

/** No cluster listens there, and none is asked. */
const workspace = `import { kubernetes, workspace } from '@konfig/sdk';
export const nowhere = workspace('nowhere', { kubernetes: kubernetes({ kubeconfig: '/nowhere' }) });
`;

const tsconfig = JSON.stringify({
  compilerOptions: {
    strict: true,
    target: 'es2023',
    module: 'node20',
    moduleResolution: 'node16',
    skipLibCheck: true,
    noEmit: true,
    types: [],
  },
  include: ['projects', 'workspaces'],
});

const project = (name: string, lines: readonly string[]) => `import { AppConfig, project, Service } from '@konfig/sdk';
import { nowhere } from '../../workspaces/nowhere';
const fill = (replicas: number) => (stack: ConstructorParameters<typeof AppConfig>[0]) => {
  const app = new AppConfig(stack, 'app');
${lines.map((line) => `  ${line}`).join('\n')}
};
export default project('${name}').stack('dev', nowhere, fill(1)).stack('prod', nowhere, fill(3));
`;

const web = "new Service(app, 'web', { containers: { web: { image: 'web:1', ports: { http: 8080 } } }, replicas });";

function company(projects: Readonly<Record<string, readonly string[]>>): Monorepo {
  const files = Object.entries(projects).map(([name, lines]) => [`projects/${name}/konfig.ts`, project(name, lines)]);
  const monorepo = makeMonorepo({ 'tsconfig.json': tsconfig, 'workspaces/nowhere.ts': workspace, ...Object.fromEntries(files) });
  made.push(monorepo);
  return monorepo;
}

const said = ({ stdout, stderr }: Ran) => `${stdout}${stderr}`;

test('every stack of every project is checked, with no cluster anywhere', async () => {
  const ran = await company({ shop: [web], blog: [web] }).konfig('validate', '--all');
  expect(ran).toEqual({
    code: 0,
    stdout: `✔ blog/dev   2 resources
✔ blog/prod  3 resources
✔ shop/dev   2 resources
✔ shop/prod  3 resources
`,
    stderr: '',
  });
});

test('what the compiler, the sdk and the checks find in several projects is told at once, each once', async () => {
  const ran = await company({
    blog: [web],
    shop: [
      "new Service(app, 'web', { containers: { web: { image: 'web:1', ports: { http: 99999 } } }, replicas });",
      'const unused: string = 7;',
    ],
    wiki: ["const a = new Service(app, 'a', { containers: { a: { image: 'a:1', ports: { http: 80 } } }, replicas });", 'a.dependsOn(a);'],
  }).konfig('validate', '--all');
  expect(ran.code).toBe(3);
  expect(ran.stdout).toMatch(
    /^✔ blog\/dev +2 resources\n✔ blog\/prod +3 resources\n✖ shop\/dev +2 errors\n✖ shop\/prod +2 errors\n✖ wiki\/dev /,
  );
  expect(ran.stderr).toMatch(/PROPS_INVALID[\s\S]*99999[\s\S]*projects\/shop\/konfig\.ts:5/);
  expect(ran.stderr.match(/not assignable to type 'string'/g)).toHaveLength(1);
  expect(ran.stderr).toMatch(/SPEC_CYCLE[\s\S]*projects\/wiki\/konfig\.ts:/);
});

test('what the sdk finds hides nothing that the schemas find, and nothing is told twice', async () => {
  const monorepo = company({ shop: [web] });
  monorepo.write(
    'projects/shop/konfig.ts',
    `import { project, Service } from '@konfig/sdk';
import { ApiObject } from 'cdk8s';
import { nowhere } from '../../workspaces/nowhere';
export default project('shop').stack('dev', nowhere, (stack) => {
  new ApiObject(stack, 'bad', { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'bad', labels: { app: 'no label!' } } });
  new ApiObject(stack, 'good', { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'good' }, dta: { a: '1' } } as never);
  new Service(stack, 'web', { containers: { web: { image: 'web:1', ports: { http: 99999 } } } });
});
`,
  );
  const { code, stderr } = await monorepo.konfig('validate', 'shop/dev', '--no-type-check');
  expect(code).toBe(3);
  expect(stderr.match(/no label!/g)).toHaveLength(1);
  expect(stderr).toMatch(/SPEC_INVALID {2}ConfigMap\/good: ConfigMap has no field dta\.\s+Did you mean data\?/);
  expect(stderr.match(/99999/g)).toHaveLength(1);
  expect((await monorepo.konfig('preview', 'shop/dev', '--no-type-check')).stderr).not.toMatch(/SPEC_INVALID/);
});

test('one stack, and one project', async () => {
  const monorepo = company({ shop: [web], blog: ['this does not compile'] });
  expect((await monorepo.konfig('validate', 'shop/prod')).stdout).toBe('✔ shop/prod  3 resources\n');
  expect((await monorepo.konfig('validate', 'shop')).stdout).toBe('✔ shop/dev   2 resources\n✔ shop/prod  3 resources\n');
  const broken = await monorepo.konfig('validate', '--all');
  expect(broken.code).toBe(3);
  expect(broken.stdout).toMatch(/^✖ blog +\d+ errors?\n✔ shop\/dev /);
  expect(broken.stderr).toMatch(/PROGRAM_INVALID[\s\S]*projects\/blog\/konfig\.ts:5/);
});

test('as data, one stack a line', async () => {
  const { stdout, code } = await company({ shop: [web, 'const unused: string = 7;'] }).konfig('validate', 'shop', '--output', 'ndjson');
  expect(code).toBe(3);
  const line = {
    code: 'PROGRAM_INVALID',
    message: expect.stringContaining('TS2322'),
    source: { file: 'projects/shop/konfig.ts', line: 6 },
  };
  expect(
    stdout
      .trimEnd()
      .split('\n')
      .map((one) => JSON.parse(one)),
  ).toEqual([
    { stack: 'shop/dev', resources: 2, problems: [line] },
    { stack: 'shop/prod', resources: 3, problems: [line] },
  ]);
});

test('a folder of manifests needs neither a program nor a monorepo', async () => {
  const monorepo = company({ shop: [web] });
  monorepo.write(
    'k8s/web.yaml',
    'apiVersion: v1\nkind: Pod\nmetadata: { name: web }\nspec: { containers: [{ name: web, image: "web:1" }] }\n',
  );
  const within = async (...args: string[]) => monorepo.start(['validate', ...args], {}, relative(monorepo.folder, tmpdir())).ended;
  const folder = join(monorepo.folder, 'k8s');
  expect(await within('web/dev', '-f', folder)).toEqual({ code: 0, stdout: '✔ web/dev  1 resource\n', stderr: '' });
  expect(await within('-f', folder, '--stack', 'web/dev')).toEqual({ code: 0, stdout: '✔ web/dev  1 resource\n', stderr: '' });
  expect(said(await within('-f', folder, 'web/dev', '--stack', 'web/prod'))).toMatch(
    /USAGE {2}Manifests are one stack, but several are named\./,
  );
  monorepo.write('k8s/again.yaml', 'apiVersion: v1\nkind: Pod\nmetadata: { name: web }\n');
  monorepo.write('k8s/half.yaml', 'kind: Pod\n');
  const wrong = await within('web/dev', '-f', folder);
  expect(wrong.code).toBe(3);
  expect(wrong.stderr).toMatch(/MANIFEST_INVALID[\s\S]*half\.yaml/);
  expect(said(await within('-f', folder))).toMatch(/USAGE {2}The stack that the manifests are has no name\./);
});

test('what is not there is said', async () => {
  const monorepo = company({ shop: [web] });
  expect(said(await monorepo.konfig('validate'))).toMatch(
    /USAGE {2}No stack is named\.\n +Name stacks \(shop\/dev\) or projects \(shop\), or say --all\./,
  );
  const unknown = await monorepo.konfig('validate', 'shop/test', 'shpo');
  expect(unknown.code).toBe(1);
  expect(said(unknown)).toMatch(/STACK_UNKNOWN[\s\S]*'test'/);
  expect(said(unknown)).toMatch(/STACK_UNKNOWN[\s\S]*"shpo"[\s\S]*Did you mean shop\?/);
});

describe('objects, without a cluster', () => {
  const manifest = `apiVersion: apps/v1
kind: Deployment
metadata: { name: web }
spec:
  replica: 3
  selector: { matchLabels: { app: web } }
  template:
    metadata: { labels: { app: web } }
    spec:
      containers:
        - { name: web, image: web:1, restartPolicyRules: [] }
`;
  const lamp = 'apiVersion: home.example/v1\nkind: Lamp\nmetadata: { name: desk }\nspec: { wats: 60 }\n';
  const definition = `apiVersion: apiextensions.k8s.io/v1
kind: CustomResourceDefinition
metadata: { name: lamps.home.example }
spec:
  group: home.example
  scope: Namespaced
  names: { kind: Lamp, plural: lamps }
  versions:
    - { name: v1, served: true, storage: true, schema: { openAPIV3Schema: { type: object, properties: { spec: { type: object, properties: { watts: { type: integer } } } } } } }
`;

  /** A monorepo with these files beside its project. */
  function withFiles(files: Readonly<Record<string, string>>): Monorepo {
    const monorepo = makeMonorepo({ 'tsconfig.json': tsconfig, 'workspaces/nowhere.ts': workspace, ...files });
    made.push(monorepo);
    return monorepo;
  }

  test('are checked for the newest version, with the line of each fault', async () => {
    const ran = await withFiles({ 'k8s/web.yaml': manifest }).konfig('validate', 'shop/dev', '-f', 'k8s');
    expect(ran.code).toBe(3);
    expect(ran.stderr).toBe(`
SPEC_INVALID  Deployment/web: spec has no field replica.
              Did you mean replicas?
              at main:Deployment.apps/web spec.replica (k8s/web.yaml:5)
`);
  });

  test('are checked for the versions that are asked for, and each fault says in which of them it is one', async () => {
    const monorepo = withFiles({ 'k8s/web.yaml': manifest.replace('replica:', 'replicas:') });
    const { code, stderr } = await monorepo.konfig(
      'validate',
      'shop/dev',
      '-f',
      'k8s',
      '--kubernetes',
      '1.30-1.32',
      '--kubernetes',
      'v1.35.1',
    );
    expect(code).toBe(3);
    expect(stderr).toMatch(/no field restartPolicyRules before Kubernetes 1\.34\. \(Kubernetes 1\.30–1\.32\)\n {14}Leave it out/);
    expect((await monorepo.konfig('validate', 'shop/dev', '-f', 'k8s', '--kubernetes', '1.35')).code).toBe(0);
    const unknown = await monorepo.konfig('validate', 'shop/dev', '-f', 'k8s', '--kubernetes', '1.12');
    expect(unknown.stderr).toMatch(/USAGE {2}"1\.12" is no version of Kubernetes that Konfig knows\.\n {7}It knows 1\.30–/);
    expect(unknown.code).toBe(1);
  });

  test('are checked for the version that the workspace names', async () => {
    const monorepo = withFiles({
      'workspaces/old.ts': workspace.replaceAll('nowhere', 'old').replace("kubeconfig: '/old'", "version: '1.33'"),
      'projects/shop/konfig.ts': `import { project } from '@konfig/sdk';
import { ApiObject } from 'cdk8s';
import { old } from '../../workspaces/old';
export default project('shop').stack('dev', old, (stack) => {
  const template = { metadata: { labels: { app: 'web' } }, spec: { containers: [{ name: 'web', image: 'web:1', restartPolicyRules: [] }] } };
  const spec = { selector: { matchLabels: { app: 'web' } }, template };
  new ApiObject(stack, 'web', { apiVersion: 'apps/v1', kind: 'Deployment', metadata: { name: 'web' }, spec } as never);
});
`,
    });
    expect((await monorepo.konfig('validate', 'shop/dev', '--no-type-check')).stderr).toMatch(
      /no field restartPolicyRules before Kubernetes 1\.34/,
    );
    expect((await monorepo.konfig('validate', 'shop/dev', '--no-type-check', '--kubernetes', '1.36')).code).toBe(0);
  });

  test('of kinds whose definition lies in crds/ are checked by it', async () => {
    const files = { 'package.json': JSON.stringify({ private: true, konfig: { projects: ['projects/*'] } }), 'k8s/lamp.yaml': lamp };
    const unknown = await withFiles(files).konfig('validate', 'shop/dev', '-f', 'k8s');
    expect(unknown.stderr).toMatch(/KIND_UNKNOWN {2}warning: Lamp\/desk is of the kind home\.example\/v1\/Lamp, which nobody here knows/);
    expect(unknown.code).toBe(0);
    const known = await withFiles({ ...files, 'crds/home/lamps.yaml': definition }).konfig(
      'validate',
      'shop/dev',
      '-f',
      'k8s',
      '--output',
      'json',
    );
    expect(JSON.parse(known.stdout).stacks[0].problems).toMatchObject([
      { code: 'SPEC_INVALID', hint: 'Did you mean watts?', source: { file: 'k8s/lamp.yaml', line: 4 } },
    ]);
    const broken = await withFiles({ ...files, 'crds/lamps.yaml': 'kind: [' }).konfig('validate', 'shop/dev', '-f', 'k8s');
    expect(broken.stderr).toMatch(/MANIFEST_INVALID[\s\S]* at crds\/lamps\.yaml:1/);
    expect(broken.code).toBe(3);
  });

  test.each(['json', 'ndjson'])('have a faulty file in crds/ among their problems, as %s', async (output) => {
    const files = { 'package.json': JSON.stringify({ private: true, konfig: { projects: ['projects/*'] } }), 'k8s/web.yaml': manifest };
    const { code, stdout } = await withFiles({ ...files, 'crds/lamps.yaml': 'kind: [' }).konfig(
      ...['validate', 'shop/dev', '-f', 'k8s', '--output', output],
    );
    const told = JSON.parse(stdout);
    const { problems } = output === 'json' ? told.stacks[0] : told;
    expect(problems).toContainEqual(
      expect.objectContaining({ code: 'MANIFEST_INVALID', source: expect.objectContaining({ file: 'crds/lamps.yaml' }) }),
    );
    expect(code).toBe(3);
  });
});
