// konfig service, as its users type it.
import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { breaking } from './scenarios/broken-service';
import { type Monorepo, makeMonorepo } from './scenarios/monorepo';
import { type Registry, startRegistry, token } from './scenarios/registry-service';
import { said, words } from './scenarios/scene';

let registry: Registry;
let monorepo: Monorepo;
beforeEach(async () => {
  registry = await startRegistry();
  monorepo = makeMonorepo({});
});
afterEach(async () => {
  monorepo.remove();
  await registry.stop();
});
const konfig = (...args: string[]) => monorepo.start(args, { REGISTRY_TOKEN: token }).ended;

test('service verify tells each check, and ends with 0 where all of them pass', async () => {
  const ran = await konfig('service', 'verify', registry.url, '--token-env', 'REGISTRY_TOKEN');
  expect(ran).toMatchObject({ code: 0, stderr: '' });
  expect(ran.stdout).toContain('✔ an old version is 412\n');
  expect(ran.stdout).toContain(`It keeps konfig.dev/service/v1: ${registry.url}, by the type Entry.\n`);
});

test('service verify ends with 1 where one fails, and shows what was sent and what came back', async () => {
  const wrong = await breaking(registry.url, {
    answers: ({ method, body }) => {
      if (method === 'PUT') delete body.deleting;
    },
  });
  const ran = await konfig('service', 'verify', wrong.url, '--token-env', 'REGISTRY_TOKEN');
  await wrong.stop();
  expect(ran.code).toBe(1);
  expect(words(ran)).toMatch(
    /an apply answers the resource \/deleting is missing\. sent PUT \/v1\/resources\/Entry\/konfig-verify-.* got 200 \{/,
  );
  expect(words(ran)).toMatch(/1 of \d+ checks failed/);
  expect(said(ran)).not.toContain(token);
});

test.each([
  ['without its token', [], /TARGET_CREDENTIALS.*--token-env/],
  ['with a variable that is not set', ['--token-env', 'NO_SUCH'], /SECRET_MISSING.*NO_SUCH is not set/],
  ['of a type that it does not have', ['--token-env', 'REGISTRY_TOKEN', '--type', 'Entri'], /USAGE.*no type "Entri".*Entry/],
  ['with a config file that is not there', ['--token-env', 'REGISTRY_TOKEN', '--config', 'no.json'], /USAGE.*no file no\.json/],
])('service verify %s says what to type', async (_, more, message) => {
  const ran = await konfig('service', 'verify', registry.url, ...more);
  expect(ran.code).toBe(1);
  expect(words(ran)).toMatch(message);
});

test('service verify of something else says that it is no service', async () => {
  const other = await breaking(registry.url, {
    answers: (answer) => Object.assign(answer, { status: 200, contentType: 'text/html', body: undefined }),
  });
  const ran = await konfig('service', 'verify', other.url);
  await other.stop();
  expect(words(ran)).toMatch(/SERVICE_PROTOCOL.*answered GET \/v1\/describe with 200 and something that is no JSON object/);
});

test('service types writes what compiles, and is used with its types', async () => {
  const ran = await konfig('service', 'types', registry.url, '--token-env', 'REGISTRY_TOKEN');
  expect(ran.code).toBe(0);
  expect(
    ran.stdout,
  ).toBe(`// What the service registry says of itself, written by konfig service types. Write it anew rather than change it.
import { ServiceResource, type ServiceResourceProps } from '@konfig/sdk';
import type { Construct } from 'constructs';

/** What Entry is told. */
export interface EntryConfig {
  readonly team: 'shop' | 'billing';
  /** Default 8080. */
  readonly port?: number;
  readonly pin?: string;
  readonly address?: string;
}

/** What the service tells of it once it is applied. */
export interface EntryOutputs {
  readonly id: string;
  readonly port: number;
}

/** What the service keeps secret of it. */
export interface EntrySecrets {
  readonly key: string;
}

${ran.stdout.slice(ran.stdout.indexOf('const entrySchema'))}`);
  expect(ran.stdout).toContain(`/** A service that others may call */
export class Entry extends ServiceResource<EntryConfig, EntryOutputs, EntrySecrets> {`);
  monorepo.write('registry.ts', ran.stdout);
  monorepo.write(
    'use.ts',
    `import { secret, type Output, type Stack } from '@konfig/sdk';
import { Entry } from './registry';

export function use(stack: Stack, later: Output<number>): Output<string> {
  const entry = new Entry(stack, 'entry', { config: { team: 'shop', port: later, pin: secret.env('PIN') }, onRemoval: 'retain' });
  const port: Output<number> = entry.output('port');
  // @ts-expect-error it has no such output
  entry.output('prt');
  // @ts-expect-error no such team
  new Entry(stack, 'other', { config: { team: 'shopp' } });
  // @ts-expect-error the team is missing
  new Entry(stack, 'third', { config: { port } });
  return entry.secret('key');
}
`,
  );
  expect(compiled('use.ts')).toBe('');
});

test('service types takes a file with what a service describes, of whatever its schemas say', async () => {
  monorepo.write(
    'dns.json',
    JSON.stringify({
      name: "o'dns",
      types: {
        Record: {
          description: 'A name */ of ours',
          config: {
            type: 'object',
            $defs: { Ttl: { type: 'integer', description: 'Seconds' } },
            properties: {
              'a-name': { type: 'string', description: 'The name' },
              ttl: { $ref: '#/$defs/Ttl' },
              values: {
                type: 'array',
                items: { oneOf: [{ type: 'string' }, { type: 'object', properties: { ip: { type: 'string' } }, required: ['ip'] }] },
              },
              labels: { type: 'object', additionalProperties: { type: 'string' } },
              kind: { const: 'A' },
              nothing: { type: ['string', 'null'] },
              odd: true,
            },
            required: ['a-name', 'values'],
          },
        },
      },
    }),
  );
  const { stdout, code } = await konfig('service', 'types', 'dns.json');
  expect(code).toBe(0);
  expect(
    stdout.slice(stdout.indexOf('export interface RecordConfig'), stdout.indexOf('const recordSchema')),
  ).toBe(`export interface RecordConfig {
  /** The name. */
  readonly 'a-name': string;
  readonly ttl?: number;
  readonly values: readonly (string | {
    readonly ip: string;
  })[];
  readonly labels?: {
    readonly [name: string]: string;
  };
  readonly kind?: 'A';
  readonly nothing?: string | null;
  readonly odd?: unknown;
}

/** What the service tells of it once it is applied. */
export interface RecordOutputs {}

/** What the service keeps secret of it. */
export interface RecordSecrets {}

`);
  expect(stdout).toContain("{ service: 'o\\'dns', type: 'Record', config: recordSchema }");
  expect(stdout).toContain('/** A name *\u200b/ of ours */');
});

test('service types gives a name to what leads into itself, and its use is checked by it', async () => {
  const text = { type: 'string' };
  const config = {
    $ref: '#/$defs/tree-node',
    $defs: {
      'tree-node': {
        type: 'object',
        properties: {
          name: text,
          child: { $ref: '#/$defs/tree-node' },
          either: { $ref: '#/$defs/either' },
          children: { type: 'array', items: { anyOf: [{ type: 'object', properties: { by: { $ref: '#' } } }, text] } },
          hollow: { $ref: '#/$defs/hollow' },
        },
        required: ['name'],
      },
      either: { oneOf: [text, { type: 'array', items: { $ref: '#/$defs/either' } }] },
      hollow: { anyOf: [text, { $ref: '#/$defs/hollow' }] },
    },
  };
  monorepo.write('odd.json', JSON.stringify({ name: 'odd', types: { Tree: { config } } }));
  const { stdout, code } = await konfig('service', 'types', 'odd.json');
  expect(code).toBe(0);
  expect(
    stdout.slice(stdout.indexOf('export type'), stdout.indexOf('/** What the service tells')),
  ).toBe(`export type TreeConfigEither = string | readonly TreeConfigEither[];

export type TreeConfigTreeNode = {
  readonly name: string;
  readonly child?: TreeConfigTreeNode;
  readonly either?: TreeConfigEither;
  readonly children?: readonly ({
    readonly by?: TreeConfig;
  } | string)[];
  readonly hollow?: unknown;
};

/** What Tree is told. */
export interface TreeConfig {
  readonly name: string;
  readonly child?: TreeConfigTreeNode;
  readonly either?: TreeConfigEither;
  readonly children?: readonly ({
    readonly by?: TreeConfig;
  } | string)[];
  readonly hollow?: unknown;
}

`);
  monorepo.write('odd.ts', stdout);
  monorepo.write(
    'use.ts',
    `import type { Stack } from '@konfig/sdk';
import { Tree } from './odd';

export function use(stack: Stack): void {
  new Tree(stack, 'tree', { config: { name: 'a', child: { name: 'b', child: { name: 'c' } }, either: ['x', ['y']], children: ['z', { by: { name: 'd' } }] } });
  // @ts-expect-error the child of the child has no name
  new Tree(stack, 'other', { config: { name: 'a', child: { name: 'b', child: {} } } });
}
`,
  );
  expect(compiled('use.ts')).toBe('');
});

test('service types writes what compiles whatever types are called', async () => {
  const $defs = { config: { type: 'object', properties: { child: { $ref: '#/$defs/config' } } } };
  const described = {
    config: { type: 'object', $defs, properties: { tree: { $ref: '#/$defs/config' } } },
    outputs: { type: 'object', $defs, properties: { tree: { $ref: '#/$defs/config' } } },
  };
  const names = [
    'Construct',
    'ServiceResource',
    'ServiceResourceProps',
    'Entry',
    'EntryConfig',
    'EntryConfigConfig',
    'EntryOutputs',
    'Object',
    'Record',
    'String',
  ];
  monorepo.write('odd.json', JSON.stringify({ name: 'odd', types: Object.fromEntries(names.map((name) => [name, described])) }));
  const { stdout, code } = await konfig('service', 'types', 'odd.json');
  expect(code).toBe(0);
  expect(stdout).toContain(
    'export class EntryConfig extends ServiceResource_<EntryConfigConfig_, EntryConfigOutputs, EntryConfigSecrets> {',
  );
  monorepo.write('odd.ts', stdout);
  expect(compiled('odd.ts')).toBe('');
});

test.each([
  [
    'a type without a schema',
    { name: 'dns', types: { Record: {} } },
    /SERVICE_PROTOCOL.*dns\.json holds no description.*\/types\/Record\/config is missing/,
  ],
  ['a type that is none', { name: 'dns', types: { Record: null } }, /SERVICE_PROTOCOL.*\/types\/Record is null, and must be object/],
  [
    'a schema that is none',
    { name: 'dns', types: { Record: { config: { type: 'objekt' } } } },
    /\/types\/Record\/config is no JSON Schema 2020-12/,
  ],
  [
    'a name that is none',
    { name: 'dns', types: { 'dns-record': { config: {} } } },
    /\/types\/dns-record is called so, and must match pattern/,
  ],
  ['no types', { name: 'dns' }, /\/types is missing/],
])('service types of %s says what is wrong', async (_, description, message) => {
  monorepo.write('dns.json', JSON.stringify(description));
  const ran = await konfig('service', 'types', 'dns.json');
  expect(ran).toMatchObject({ code: 1, stdout: '' });
  expect(words(ran)).toMatch(message);
});

/** What the TypeScript compiler says of it. */
function compiled(file: string): string {
  const tsc = join(__dirname, '../node_modules/typescript/bin/tsc');
  const options = [
    '--ignoreConfig',
    '--noEmit',
    '--strict',
    '--exactOptionalPropertyTypes',
    '--skipLibCheck',
    '--module',
    'node20',
    '--target',
    'es2023',
    '--types',
    '',
  ];
  return spawnSync(process.execPath, [tsc, ...options, file], { cwd: monorepo.folder, encoding: 'utf8' }).stdout;
}
