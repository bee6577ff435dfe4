// The door rule of docs/architecture.md: reads every import of every room and fails on any arrow that is not in the table, and on any cycle.
import { readdirSync, readFileSync } from 'node:fs';
import { builtinModules } from 'node:module';
import { dirname, join, relative, resolve } from 'node:path';
import { parseSync } from '@swc/core';

const root = join(__dirname, '..');

/** What each room may import, of ours. */
const doors: Readonly<Record<string, readonly string[]>> = {
  core: [],
  sdk: ['core'],
  engine: ['core'],
  runtimes: ['core'],
  platform: ['sdk'],
  cluster: [],
  'service-kit': [],
  cli: ['core', 'sdk', 'engine', 'runtimes', 'cluster'],
};

const rooms = Object.keys(doors);

describe('the door rule', () => {
  test('every package is a room of the table', () => {
    expect(readdirSync(join(root, 'packages')).sort()).toEqual([...rooms].sort());
  });

  test.each(rooms)('%s imports only the rooms that its doors lead to, by their names', (room) => {
    const wrong = importsOf(room).filter(({ from, to }) => {
      if (to.startsWith('.')) return relative(join(root, 'packages', room), resolve(dirname(from), to)).startsWith('..');
      const other = /^@konfig\/([^/]+)(\/.*)?$/.exec(to);
      return other !== null && (other[2] !== undefined || !doors[room]?.includes(other[1] as string));
    });
    expect(wrong.map(({ from, to }) => `${relative(root, from)} imports ${to}`)).toEqual([]);
  });

  test.each(rooms)('%s declares every package that it imports', (room) => {
    const manifest = JSON.parse(readFileSync(join(root, 'packages', room, 'package.json'), 'utf8')) as Record<
      string,
      Record<string, string>
    >;
    const declared = new Set(
      ['dependencies', 'peerDependencies', 'optionalDependencies'].flatMap((field) => Object.keys(manifest[field] ?? {})),
    );
    const missing = importsOf(room).filter(
      ({ to }) => !to.startsWith('.') && !to.startsWith('node:') && !builtinModules.includes(to) && !declared.has(packageName(to)),
    );
    expect(missing.map(({ from, to }) => `${relative(root, from)} imports ${to}`)).toEqual([]);
  });

  test('core does without Node', () => {
    expect(importsOf('core').filter(({ to }) => to.startsWith('node:') || builtinModules.includes(to))).toEqual([]);
  });

  test.each(rooms)('no file of %s imports itself in a circle, types included', (room) => {
    const edges = new Map<string, string[]>();
    for (const { from, to } of importsOf(room))
      if (to.startsWith('.')) edges.set(from, [...(edges.get(from) ?? []), fileOf(resolve(dirname(from), to))]);
    expect(circleIn(edges)?.map((file) => relative(root, file))).toBeUndefined();
  });
});

interface Import {
  readonly from: string;
  readonly to: string;
}

function importsOf(room: string): readonly Import[] {
  return sourcesIn(join(root, 'packages', room, 'src')).flatMap((from) => {
    const found: string[] = [];
    collect(parseSync(readFileSync(from, 'utf8'), { syntax: 'typescript' }), found);
    return found.map((to) => ({ from, to }));
  });
}

/** Every module that a syntax tree names: import, export … from, import(), require(), and import types. */
function collect(node: unknown, found: string[]): void {
  if (Array.isArray(node)) for (const item of node) collect(item, found);
  if (typeof node !== 'object' || node === null || Array.isArray(node)) return;
  const {
    type,
    source,
    callee,
    arguments: args,
    argument,
  } = node as Record<string, { type?: string; value?: string; expression?: { value?: string } }[] & { type?: string; value?: string }>;
  if (typeof source?.value === 'string') found.push(source.value);
  const isCall = (type as unknown) === 'CallExpression' && (callee?.type === 'Import' || callee?.value === 'require');
  if (isCall && typeof args?.[0]?.expression?.value === 'string') found.push(args[0].expression.value);
  if ((type as unknown) === 'TsImportType' && typeof argument?.value === 'string') found.push(argument.value);
  for (const child of Object.values(node)) collect(child, found);
}

function sourcesIn(folder: string): readonly string[] {
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && entry.name.endsWith('.ts'))
    .map((entry) => join(entry.parentPath, entry.name));
}

function fileOf(specified: string): string {
  const path = specified.replace(/\.js$/, '');
  const known = new Set(sourcesIn(dirname(path)));
  return known.has(`${path}.ts`) ? `${path}.ts` : join(path, 'index.ts');
}

function packageName(specifier: string): string {
  return specifier
    .split('/')
    .slice(0, specifier.startsWith('@') ? 2 : 1)
    .join('/');
}

/** The first circle of imports, depth first, or undefined. */
function circleIn(edges: ReadonlyMap<string, readonly string[]>): readonly string[] | undefined {
  const finished = new Set<string>();
  const visit = (file: string, path: readonly string[]): readonly string[] | undefined => {
    if (path.includes(file)) return [...path.slice(path.indexOf(file)), file];
    if (finished.has(file)) return undefined;
    for (const next of edges.get(file) ?? []) {
      const circle = visit(next, [...path, file]);
      if (circle) return circle;
    }
    finished.add(file);
    return undefined;
  };
  for (const file of edges.keys()) {
    const circle = visit(file, []);
    if (circle) return circle;
  }
  return undefined;
}
