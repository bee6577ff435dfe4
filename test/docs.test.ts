// Completion is the first user interface: whatever a package gives says what it is.
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join, relative } from 'node:path';

const root = join(__dirname, '..');
const rooms = readdirSync(join(root, 'packages'));

test.each(rooms)('Everything that %s gives has a doc comment', (room) => {
  const given = exportsOf(room);
  expect(given.length).toBeGreaterThan(0);
  const bare = given.filter(({ name, file }) => !isDocumented(name, file));
  expect(bare.map(({ name, file }) => `${name} in ${relative(root, file)}`)).toEqual([]);
});

// What users write with; elsewhere a field may go without where its name says it.
test.each(['sdk', 'platform'])('Every field of %s that users set has a doc comment, unless Kubernetes names it', (room) => {
  const source = join(root, 'packages', room, 'src');
  const files = readdirSync(source, { recursive: true, encoding: 'utf8' }).filter((file) => file.endsWith('.ts'));
  // The overrides carry Kubernetes' own names; it documents them.
  const ours = files.filter((file) => file !== join('workload', 'override.ts'));
  expect(ours.flatMap((file) => bareFields(readFileSync(join(source, file), 'utf8')))).toEqual([]);
});

interface Export {
  readonly name: string;
  readonly file: string;
}

/** What a package's index names, but for what it passes on from another package, which is held to it there. */
function exportsOf(room: string): readonly Export[] {
  const source = join(root, 'packages', room, 'src');
  const index = readFileSync(join(source, 'index.ts'), 'utf8').replace(/^\/\/.*$/gm, '');
  const statement = /export (?:type )?\{([^}]*)\} from '([^']+)';/g;
  // Anything else would go unseen here.
  expect(index.replace(statement, '').trim()).toBe('');
  return [...index.matchAll(statement)].flatMap(([, names = '', from = '']) =>
    from.startsWith('@konfig/')
      ? []
      : [...names.matchAll(/(?:type )?(\w+)(?: as \w+)?\s*(?:,|$)/g)].map(([, name = '']) => ({ name, file: fileOf(join(source, from)) })),
  );
}

function fileOf(path: string): string {
  return existsSync(`${path}.ts`) ? `${path}.ts` : join(path, 'index.ts');
}

function isDocumented(name: string, file: string): boolean {
  const comment = String.raw`^/\*\*(?:(?!\*/)[^])*\w(?:(?!\*/)[^])*\*/\n`;
  const declaration = `export (?:declare )?(?:abstract |async )?(?:class|interface|type|const|function) ${name}\\b`;
  return new RegExp(comment + declaration, 'm').test(readFileSync(file, 'utf8'));
}

/** Fields without a comment in the interfaces that are called as something to fill in. */
function bareFields(text: string): readonly string[] {
  const settable =
    /^export interface (\w*(?:Props|Options|Settings|Defaults|Exposure|Resources|Timing|Security|Probe))\b[^{]*\{\n([\s\S]*?)^\}/gm;
  return [...text.matchAll(settable)].flatMap(([, name, body = '']) => {
    const lines = body.split('\n');
    const isBare = (line: string, i: number) => /^ {2}readonly \w+\??: (?!never)/.test(line) && !lines[i - 1]?.trim().endsWith('*/');
    return lines.filter(isBare).map((line) => `${name}:${line}`);
  });
}
