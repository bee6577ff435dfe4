// What a plan makes anew though it may only have been renamed.
import { makePlan } from '../src/make-plan';
import { recordVersion } from '../src/release';
import { mayRename, renamesIn } from '../src/renames';
import type { PlannedRow } from '../src/runtime';
import type { Resource, Spec } from '../src/spec';
import { shopProd } from './shop-prod';

const content = { image: 'db:1', port: 5432, user: 'app', class: 'large', zone: 'a' };

function resource(name: string, attributes: Resource['attributes'], path = `shop/prod/app/${name}/Resource`): Resource {
  return { id: `main:Thing/${name}`, target: 'main', runtime: 'memory', type: 'Thing', attributes: { kind: 'Thing', ...attributes }, path };
}

function specOf(...resources: readonly Resource[]): Spec {
  return shopProd(resources);
}

interface Telling {
  readonly file?: string;
  readonly rollbackTo?: number;
  /** The line that writes out the names. */
  readonly nameAt?: number;
  /** The fields that replace what keeps its id. */
  readonly immutable?: readonly string[];
}

/** What is said of a plan from one Spec to another. */
function told(before: Spec, after: Spec, { file = 'app.ts', rollbackTo, nameAt, immutable = [] }: Telling = {}): readonly string[] {
  const fields = nameAt === undefined ? {} : { 'metadata.name': { file, line: nameAt } };
  const sources = Object.fromEntries(after.resources.map(({ id }) => [id, { made: { file, line: 12 }, fields }]));
  const live = ({ id }: Resource) => ({ live: { uid: id, version: '1' } });
  const stays = (resource: Resource) => before.resources.some(({ id }) => id === resource.id);
  const replaced = (resource: Resource): Partial<PlannedRow> => ({
    ...live(resource),
    changes: immutable.map((field) => ({ path: field.split('.'), before: 1, after: 2 })),
    immutable: immutable.map((path) => ({ path, message: 'is immutable' })),
  });
  const { plan } = makePlan({
    kind: 'apply',
    spec: after,
    sources,
    record: {
      version: recordVersion,
      stack: 'shop/prod',
      lastRelease: 1,
      hashKey: '',
      inventory: before.resources.map(({ id, target, runtime, type }) => ({ id, target, runtime, type, uid: id, dependsOn: [] })),
    },
    identities: { main: 'm' },
    planned: [
      ...before.resources
        .filter(({ id }) => !after.resources.some((one) => one.id === id))
        .map((one) => ({ ...row(one.id), ...live(one) })),
      ...after.resources.map((one) => ({ ...row(one.id), ...(stays(one) && replaced(one)) })),
    ],
    edges: [],
    ...(rollbackTo !== undefined && { options: { rollbackTo } }),
  });
  return mayRename(plan)
    ? renamesIn(plan, { spec: after, sources }, before).map(({ message, hint, at }) => `${at}: ${message} ${hint}`)
    : [];
}

function row(id: string): PlannedRow {
  return { id, changes: [], immutable: [], replaceable: true, checked: 'server', notes: [], problems: [] };
}

test('what is deleted and made anew, nearly the same, is told with the move to write', () => {
  const before = specOf(resource('database', content));
  const after = specOf(resource('db', { ...content, class: 'small' }, 'shop/prod/app/data/db/Resource'));
  expect(told(before, after)).toEqual([
    "main:Thing/db: Thing/database is deleted, and nearly the same made anew as Thing/db. If it was only renamed, keep it: moved(stack, 'app/database', 'app/data/db') before it is made.",
  ]);
});

test('its own name in its fields counts as no difference, and its name and labels do not count at all', () => {
  const named = (name: string) => ({ metadata: { name, labels: { app: name } }, a: `${name}-config`, b: { [name]: 1 }, c: ['x', name] });
  expect(told(specOf(resource('web', named('web'))), specOf(resource('front', named('front'))))).toHaveLength(1);
});

test('a subtree that was renamed is told once', () => {
  const of = (app: string) =>
    specOf(...['one', 'two'].map((name) => resource(`${app}-${name}`, { ...content, only: name }, `shop/prod/${app}/${name}/Resource`)));
  expect(told(of('old'), of('new'))).toEqual([
    "main:Thing/new-one: Thing/old-one is deleted, and nearly the same made anew as Thing/new-one, and 1 more like it. If it was only renamed, keep it: moved(stack, 'old', 'new') before it is made.",
  ]);
});

test('what is replaced for its selector, since the AppConfig around it was renamed, is told with the move to write', () => {
  const of = (app: string) => specOf(resource('web', content, `shop/prod/${app}/web/Resource`));
  expect(told(of('mv'), of('store'), { immutable: ['spec.selector'] })).toEqual([
    "main:Thing/web: Thing/web is replaced, since its construct has another id or another place. If it was only renamed, keep it: moved(stack, 'mv', 'store') before it is made.",
  ]);
});

test('the move into another AppConfig is that of the construct alone, where others stay in the first or were in the second', () => {
  const of = (app: string) =>
    specOf(resource('web', content, `shop/prod/${app}/web/Resource`), resource('db', { image: 'db:2' }, 'shop/prod/one/db/Resource'));
  expect(told(of('one'), of('two'), { immutable: ['spec.selector'] })).toEqual([
    expect.stringContaining("moved(stack, 'one/web', 'two/web')"),
  ]);
});

test('nothing is said of what is replaced for another field, or where its construct stands where it stood', () => {
  const of = (app: string) => specOf(resource('web', content, `shop/prod/${app}/web/Resource`));
  expect(told(of('mv'), of('store'), { immutable: ['spec.clusterIP'] })).toEqual([]);
  expect(told(of('mv'), of('mv'), { immutable: ['spec.selector'] })).toEqual([]);
});

test('where the program writes the name out, no move is told, but the name and its line', () => {
  expect(told(specOf(resource('first', content)), specOf(resource('second', content)), { nameAt: 8 })).toEqual([
    "main:Thing/second: Thing/first is deleted, and nearly the same made anew as Thing/second. Its name was changed, which no move undoes: to keep it, write 'first' for 'second' at app.ts:8.",
  ]);
});

test.each<[string, Resource, { file?: string; rollbackTo?: number }]>([
  ['is of other content', resource('db', { ...content, image: 'web:1', port: 80 }), {}],
  ['is of another type', { ...resource('db', content), type: 'Other' }, {}],
  ['is at the same place under a name that was given', resource('db', content, 'shop/prod/app/database/Resource'), {}],
  ['has nothing but its name', resource('db', {}), {}],
  ['stands in a manifest', resource('db', content), { file: 'k8s/db.yaml' }],
  ['comes back in a rollback', resource('db', content), { rollbackTo: 1 }],
])('nothing is said where what is made %s', (_, made, options) => {
  expect(told(specOf(resource('database', made.attributes.image ? content : {})), specOf(made), options)).toEqual([]);
});
