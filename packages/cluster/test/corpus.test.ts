import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse } from 'yaml';
import { sameJson } from '../src/fields/atom';
import { checkValue } from '../src/fields/check';
import { merge } from '../src/fields/merge';
import { typeFromYaml } from './smd-schema';

// The merge cases of structured-merge-diff, which server-side apply is built on. They lie beside the repository, not in it.
const folder = join(__dirname, '../../../../shared/corpora/structured-merge-diff');

interface Case {
  readonly op: 'merge' | 'validate';
  readonly name: string;
  readonly rootTypeName: string;
  readonly schema: string;
  readonly triplets?: readonly { readonly lhs: string; readonly rhs: string; readonly out: string }[];
  readonly validObjects?: readonly string[];
  readonly invalidObjects?: readonly string[];
  readonly duplicatesObjects?: readonly string[];
}

const present = existsSync(folder);
if (!present) process.stdout.write(`The corpus ${folder} is not here; its tests are skipped.\n`);
const cases: readonly Case[] = present ? JSON.parse(readFileSync(join(folder, 'index.json'), 'utf8')).cases : [];

describe('structured-merge-diff', () => {
  // A file without any test is an error to jest.
  if (!present) test.skip('the corpus is not beside the repository', () => undefined);
  for (const { name, schema, rootTypeName, triplets = [] } of cases) {
    for (const [number, { lhs, rhs, out }] of triplets.entries()) {
      test(`${name} ${number}: merging ${rhs} into ${lhs} gives ${out}`, () => {
        const merged = merge(typeFromYaml(schema, rootTypeName), parse(lhs), parse(rhs));
        expect({ merged, same: sameJson(merged, parse(out)) }).toEqual({ merged, same: true });
      });
    }
  }

  for (const { name, schema, rootTypeName, validObjects = [], invalidObjects = [], duplicatesObjects = [] } of cases) {
    const check = (text: string, allowDuplicates = false): string[] =>
      checkValue(typeFromYaml(schema, rootTypeName), parse(text), allowDuplicates);
    for (const text of validObjects) test(`${name}: ${text} fits the schema`, () => expect(check(text)).toEqual([]));
    for (const text of invalidObjects) test(`${name}: ${text} does not fit the schema`, () => expect(check(text)).not.toEqual([]));
    for (const text of duplicatesObjects) {
      test(`${name}: ${text} fits only where duplicates may be`, () => {
        expect([check(text).length > 0, check(text, true)]).toEqual([true, []]);
      });
    }
  }
});
