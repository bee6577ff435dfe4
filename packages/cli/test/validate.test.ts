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
