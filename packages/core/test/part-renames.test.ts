// Parts of a resource that a plan makes anew though they may only have been renamed.
import { partRenamesIn } from '../src/part-renames';
import type { Plan, Step } from '../src/plan';
import { mayRename } from '../src/renames';
import type { PartAction, PlannedPart, WishedPart } from '../src/runtime';
import type { Resource } from '../src/spec';
import { shopProd } from './shop-prod';

const database = { engine: 'postgres', size: 10, zone: 'a', class: 'large', user: 'shop' };

interface Written {
  readonly [construct: string]: Resource['attributes'];
}

/** A stack that makes a `db` at each of these places, named as its last id says. */
function resourceOf(written: Written): Resource {
  return { id: 'cloud:Stack/shop', target: 'cloud', runtime: 'memory', type: 'Stack', attributes: written, path: 'shop/prod/app/cloud' };
}

function partsOf({ attributes }: Resource): readonly WishedPart[] {
  return Object.keys(attributes).map((path) => ({ name: `db.${nameOf(path)}`, type: 'db', at: [path], construct: path.split('/') }));
}

function nameOf(path: string): string {
  return path.replaceAll('/', '_');
}

/** What is said where what has gone from the program is deleted and what is new is made. */
function told(before: Written, after: Written, nameParts = (path: string) => [`db.${nameOf(path)}`]): readonly string[] {
  const parts = (action: PartAction, one: Written, other: Written) =>
    Object.keys(one)
      .filter((path) => !(path in other))
      .flatMap((path) => nameParts(path).map((name): PlannedPart => ({ name, action, changes: [] })));
  const { id } = resourceOf({});
  const step = { id, action: 'update', type: 'Stack', parts: [...parts('delete', before, after), ...parts('create', after, before)] };
  const plan = { kind: 'apply', options: {}, steps: [step as unknown as Step] } as unknown as Plan;
  const specs = { wished: shopProd([resourceOf(after)]), released: shopProd([resourceOf(before)]) };
  return mayRename(plan) ? partRenamesIn(plan, specs, partsOf).map(({ message, hint, at }) => `${at}: ${message} ${hint}`) : [];
}

test('what is deleted and made anew, nearly the same, is told with the move to write', () => {
  expect(told({ 'app/old': database }, { 'app/fresh': { ...database, size: 20 } })).toEqual([
    "cloud:Stack/shop app/fresh: db.app_old of Stack/shop is deleted, and nearly the same made anew as db.app_fresh. If it was only renamed, keep it: moved(stack, 'app/old', 'app/fresh') before it is made.",
  ]);
});

test('what became of a whole group is one move, also where each is there several times', () => {
  const group = (name: string) => ({ [`app/${name}/one`]: database, [`app/${name}/two`]: { ...database, engine: 'mysql', size: 5 } });
  expect(told(group('old'), group('fresh'), (path) => [`db.${nameOf(path)}[0]`, `db.${nameOf(path)}["b"]`])).toEqual([
    expect.stringContaining(
      "as db.app_fresh_one, and 1 more like it. If it was only renamed, keep it: moved(stack, 'app/old', 'app/fresh')",
    ),
  ]);
});

test('what leaves one resource and appears in another is told with the way there, which no move is', () => {
  const of = (name: string, attributes: Written) => ({ ...resourceOf(attributes), id: `cloud:Stack/${name}` });
  const [gone, fresh] = [of('data', { 'data/db': database, 'data/rest': { x: 1 } }), of('cloud', { 'cloud/db': database })];
  const steps = [
    { id: gone.id, action: 'update', type: 'Stack', parts: [{ name: 'db.data_db', action: 'delete', changes: [] }] },
    { id: fresh.id, action: 'create', type: 'Stack', parts: [{ name: 'db.cloud_db', action: 'create', changes: [] }] },
  ];
  const plan = { kind: 'apply', options: {}, steps } as unknown as Plan;
  const specs = { wished: shopProd([of('data', { 'data/rest': { x: 1 } }), fresh]), released: shopProd([gone]) };
  expect(mayRename(plan)).toBe(true);
  expect(partRenamesIn(plan, specs, partsOf)).toEqual([
    {
      code: 'PLAN_RENAMES',
      severity: 'warning',
      message: 'db.data_db of Stack/data is deleted, and nearly the same made anew as db.cloud_db of Stack/cloud.',
      hint: "Nothing moves from Stack/data to Stack/cloud by itself. To keep it: give the component around it onRemoval: 'retain' where it was, and apply; then put it where it is now, with .importFrom(its id), and apply.",
      at: 'cloud:Stack/cloud cloud/db',
    },
  ]);
});

test('one that refers to what was renamed with it is the same', () => {
  const referring = (name: string) => ({ role: `\${role.${name}.name}`, url: `x-\${role.${name}.id}` });
  expect(told({ 'app/a': referring('a') }, { 'app/b': referring('b') })).toHaveLength(1);
});

test('each is taken for one only, and nothing is said of what differs, or only goes', () => {
  expect(told({ 'app/a': database, 'app/b': database }, { 'app/c': database })).toEqual([expect.stringContaining("'app/a', 'app/c'")]);
  expect(told({ 'app/a': database }, { 'app/b': { ...database, engine: 'mysql', size: 1 } })).toEqual([]);
  expect(told({ 'app/a': database }, {})).toEqual([]);
});
