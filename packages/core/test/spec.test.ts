import fc from 'fast-check';
import { pathText } from '../src/json';
import { defaultSettings, normalSpec, type SourceTable, type Spec, shortId, sourceOf, specDigest, specVersion } from '../src/spec';

const spec: Spec = {
  version: specVersion,
  project: 'shop',
  stack: 'prod',
  workspace: 'prod',
  targets: { main: { runtime: 'kubernetes', config: {} } },
  records: { store: 'files' },
  settings: defaultSettings,
  resources: ['web', 'db'].map((name) => ({
    id: `main:Deployment.apps/shop/${name}`,
    target: 'main',
    runtime: 'kubernetes',
    type: 'apps/v1/Deployment',
    attributes: { b: 1, a: name },
    path: `shop/prod/${name}`,
  })),
};

test('the order of resources and keys does not change the digest, a value does', () => {
  const turned = { ...spec, resources: [...spec.resources].reverse() };
  expect(specDigest(turned)).toBe(specDigest(spec));
  expect(JSON.stringify(normalSpec(turned))).toBe(JSON.stringify(normalSpec(spec)));
  expect(specDigest({ ...spec, stack: 'test' })).not.toBe(specDigest(spec));
});

test.each([
  ['main:Deployment.apps/shop/web', 'Deployment/web'],
  ['main:Namespace/shop', 'Namespace/shop'],
  ['moon:Certificate.cert-manager.io/shop/web', 'Certificate/web'],
])('%s is called %s', (id, name) => {
  expect(shortId(id)).toBe(name);
});

describe('the source line of a field', () => {
  const made = { file: 'app.ts', line: 3 };
  const sources: SourceTable = {
    web: {
      made,
      fields: {
        'spec.template': { file: 'app.ts', line: 7 },
        'spec.template.spec.containers[name=app].image': { file: 'app.ts', line: 9 },
        'metadata.labels["a.b/c]d"]': { file: 'app.ts', line: 11 },
      },
    },
  };

  test.each([
    ['spec.template.spec.containers[name=app].image', 9, undefined],
    ['spec.template.spec.containers[name=app].env[0]', 7, undefined],
    ['spec.template', 7, undefined],
    ['spec.replicas', 3, true],
    ['metadata.labels["a.b/c]d"]', 11, undefined],
    ['metadata.labels["a.b/c]d"].deeper', 11, undefined],
    ['metadata.labels["x]y"]', 3, true],
    ['not a [path', 3, true],
    [']', 3, true],
  ])('%s is on line %i', (path, line, guess) => {
    expect(sourceOf(sources, 'web', path)).toEqual({ file: 'app.ts', line, ...(guess ? { guess } : {}) });
  });

  test('without a field is the construct, and of another resource is not known', () => {
    expect(sourceOf(sources, 'web')).toEqual(made);
    expect(sourceOf(sources, 'db', 'spec')).toBeUndefined();
  });

  test('is found for every path, whatever it holds', () => {
    const part = fc.oneof(fc.string(), fc.nat(), fc.record({ name: fc.string() }));
    fc.assert(
      fc.property(fc.array(part, { minLength: 1 }), fc.array(part), (parent, rest) => {
        const line = { file: 'app.ts', line: 42 };
        const table = { web: { made, fields: { [pathText(parent)]: line } } };
        expect(sourceOf(table, 'web', pathText([...parent, ...rest]))).toEqual(line);
      }),
    );
  });
});
