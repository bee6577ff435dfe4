// Completion is the first user interface: whatever a user can name says what it is.
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

const source = join(__dirname, '../src');
const files = readdirSync(source, { recursive: true, encoding: 'utf8' }).filter((file) => file.endsWith('.ts') && file !== 'index.ts');
const texts = files.map((file) => readFileSync(join(source, file), 'utf8'));

test('Everything that users import has a doc comment', () => {
  const index = readFileSync(join(source, 'index.ts'), 'utf8');
  const own = index.replace(/export [^;]*from '@konfig\/core';/g, '');
  const names = [...own.matchAll(/(?:\{|,)\s*(?:type )?(\w+)/g)].map((match) => match[1]);
  expect(names.length).toBeGreaterThan(60);
  const documented = (name: string | undefined) => {
    const declaration = new RegExp(`\\*/\\nexport (?:declare )?(?:abstract )?(?:class|interface|type|const|function) ${name}\\b`);
    return texts.some((text) => declaration.test(text));
  };
  expect(names.filter((name) => !documented(name))).toEqual([]);
});

test('Every field that users set has a doc comment, unless Kubernetes names it', () => {
  // The overrides carry Kubernetes' own names; it documents them.
  const ours = texts.filter((_, i) => files[i] !== join('workload', 'override.ts'));
  const settable =
    /^export interface (\w*(?:Props|Options|Settings|Defaults|Exposure|Resources|Timing|Security|Probe))\b[^{]*\{\n([\s\S]*?)^\}/gm;
  const bare = ours.flatMap((text) =>
    [...text.matchAll(settable)].flatMap(([, name, body]) => {
      const lines = (body as string).split('\n');
      const isBare = (line: string, i: number) =>
        / readonly \w+\??: (?!never)/.test(line) && /^ {2}readonly/.test(line) && !lines[i - 1]?.trim().endsWith('*/');
      return lines.filter(isBare).map((line) => `${name}:${line}`);
    }),
  );
  expect(bare).toEqual([]);
});
