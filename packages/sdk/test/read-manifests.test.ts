import { type Json, type ResourceSource, sourceOf, toYaml, toYamlStream } from '@konfig/core';
import { readManifests } from '@konfig/sdk';
import fc from 'fast-check';

/** What is wrong, as `line: message`. */
const problemsIn = (text: string) => readManifests(text, 'web.yaml').problems.map(({ source, message }) => `${source?.line}: ${message}`);
const namesIn = (text: string) =>
  readManifests(text, 'web.yaml').objects.map(({ manifest }) => `${manifest.kind}/${(manifest.metadata as { name: string }).name}`);

test('Every object of a file is read: several documents, lists in lists, lists of one kind; empty documents and comments are passed over', () => {
  const text = `# the shop
---
apiVersion: v1
kind: Service
metadata: { name: web }
---
# nothing here
---
apiVersion: v1
kind: List
items:
  - apiVersion: v1
    kind: ConfigMapList
    items: [{ metadata: { name: one } }, { metadata: { name: two } }]
  - { apiVersion: v1, kind: Secret, metadata: { name: three } }
---
`;
  expect(namesIn(text)).toEqual(['Service/web', 'ConfigMap/one', 'ConfigMap/two', 'Secret/three']);
  expect(problemsIn(text)).toEqual([]);
});

test('An object knows its line, and the line of each field, as a preview names it and as an API server does', () => {
  const { objects } = readManifests(
    `apiVersion: v1
kind: ConfigMap
metadata: { name: first }
---
apiVersion: apps/v1
kind: Deployment
metadata:
  name: web
  labels:
    app.kubernetes.io/name: web
spec:
  template:
    spec:
      containers:
        - name: app
          image: web:1
          ports:
            - name: http
              containerPort: 8080
          volumeMounts:
            - { name: data, mountPath: /data }
          args:
            - serve
            - --fast
`,
    'k8s/web.yaml',
  );
  const source = objects[1]?.source as ResourceSource;
  expect(source.made).toEqual({ file: 'k8s/web.yaml', line: 5 });
  const line = (path: string) => sourceOf({ web: source }, 'web', path)?.line;
  expect(line('spec')).toBe(11);
  expect(line('metadata.labels["app.kubernetes.io/name"]')).toBe(10);
  expect(line('spec.template.spec.containers[name=app].image')).toBe(16);
  expect(line('spec.template.spec.containers[0].image')).toBe(16);
  expect(line('spec.template.spec.containers[name=app].ports[containerPort=8080,protocol=TCP].containerPort')).toBe(19);
  expect(line('spec.template.spec.containers[0].ports[0].name')).toBe(18);
  expect(line('spec.template.spec.containers[name=app].ports[name=http].name')).toBe(18);
  expect(line('spec.template.spec.containers[name=app].volumeMounts[mountPath=/data].mountPath')).toBe(21);
  expect(line('spec.template.spec.containers[0].args[1]')).toBe(24);
});

test('What an alias and a merge bring stands where it was written', () => {
  const { objects } = readManifests(
    `apiVersion: v1
kind: ConfigMap
metadata: { name: a }
data: &data
  level: info
---
apiVersion: v1
kind: ConfigMap
metadata: { name: b }
x: &x
  one: 1
w:
  <<: *x
  two: 2
z: *x
`,
    'a.yaml',
  );
  expect(objects[1]?.manifest).toMatchObject({ w: { one: 1, two: 2 }, z: { one: 1 } });
  expect(objects[1]?.source.fields).toMatchObject({ 'w.one': { line: 11 }, 'w.two': { line: 14 }, z: { line: 15 }, 'z.one': { line: 11 } });
});

test('All problems of a file are told at once, each with its line', () => {
  expect(
    problemsIn(`apiVersion: v1
kind: ConfigMap
data: {}
---
just text
---
- { apiVersion: v1 }
---
replicas: 3
image: web
---
apiVersion: v1
kind: ConfigMap
metadata: { name: web }
data:
  a: 1
  a: 2
---
apiVersion: v1
kind: [
---
kind: Service
metadata: { name: web }
`),
  ).toEqual([
    '17: The field "a" is here twice, the first time at line 16.',
    '21: This is no YAML: Flow sequence in block collection must be sufficiently indented and end with a ], at column 1.',
    '1: ConfigMap has no metadata.name.',
    '5: The text "just text" stands where a Kubernetes object is expected.',
    '7: A list stands where a Kubernetes object is expected.',
    '9: An object has no apiVersion.',
    '9: An object has no kind.',
    '9: An object has no metadata.name.',
    '22: Service web has no apiVersion.',
  ]);
});

test('Tabs, an open quote, a missing alias, a circle, and a bomb of aliases are told, not thrown', () => {
  const head = 'apiVersion: v1\nkind: ConfigMap\nmetadata: { name: a }\n';
  expect(problemsIn(`${head}data:\n\ta: 1\n`)[0]).toBe('5: This is no YAML: Tabs are not allowed as indentation, at column 1.');
  expect(problemsIn(`${head}data: "open\n`)[0]).toBe('5: This is no YAML: Missing closing quote, at column 1.');
  expect(problemsIn(`${head}data: *none\n`)).toEqual(['4: No anchor &none stands before *none.']);
  expect(problemsIn(`${head}data: &a { b: *a }\n`)).toEqual(['4: *a stands in what it means.']);
  const bomb = Array.from({ length: 9 }, (_, i) => `x${i + 1}: &x${i + 1} [${Array(10).fill(`*x${i}`)}]`).join('\n');
  expect(problemsIn(`${head}x0: &x0 [1]\n${bomb}\n`)).toEqual(['1: Its aliases make it too large to be written out.']);
  expect(problemsIn(`${head}data: ${'['.repeat(20_000)}`).slice(0, 1)).toEqual([
    expect.stringMatching(/nested too deeply|This is no YAML/),
  ]);
});

test('An object with a generateName is called by its content, so that it is found again, and that is told', () => {
  const job = (image: string) =>
    `apiVersion: batch/v1\nkind: Job\nmetadata: { generateName: migrate-, labels: { a: b } }\nimage: ${image}\n`;
  const { objects, problems } = readManifests(job('one'), 'job.yaml');
  const [name] = namesIn(job('one'));
  expect(name).toMatch(/^Job\/migrate-[0-9a-f]{8}$/);
  expect(objects[0]?.manifest.metadata).toEqual({ labels: { a: 'b' }, name: name?.slice(4) });
  expect(namesIn(job('one'))).toEqual([name]);
  expect(namesIn(job('two'))).not.toEqual([name]);
  expect(problems).toMatchObject([
    { severity: 'warning', source: { file: 'job.yaml', line: 1 }, message: expect.stringContaining('generateName: migrate-') },
  ]);
  expect(namesIn(job('x').replace('migrate-', 'm'.repeat(80)))[0]).toHaveLength('Job/'.length + 63);
});

test('A key that is another one to kubectl is told', () => {
  const head = 'apiVersion: v1\nkind: ConfigMap\nmetadata: { name: a }\n';
  expect(problemsIn(`${head}data:\n  x: 0\n  y: 1\n  'n': 2\n`)).toEqual(['6: The key y means "true", as kubectl reads it.']);
  expect(readManifests(`${head}y: 1`, 'a.yaml')).toMatchObject({
    objects: [{ manifest: { true: 1 } }],
    problems: [{ severity: 'warning' }],
  });
});

test('DOS line ends and a byte order mark change nothing, lines included', () => {
  const text = '\ufeffapiVersion: v1\r\nkind: ConfigMap\r\nmetadata:\r\n  name: a\r\ndata:\r\n  text: |\r\n    one\r\n    two\r\n';
  const { objects, problems } = readManifests(text, 'a.yaml');
  expect(problems).toEqual([]);
  expect(objects[0]?.manifest.data).toEqual({ text: 'one\ntwo\n' });
  expect(objects[0]?.source).toMatchObject({ made: { line: 1 }, fields: { 'data.text': { line: 6 } } });
});

test('A template is told as one', () => {
  const { problems } = readManifests('apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: {{ .Values.name }}\n', 'a.yaml');
  expect(problems[0]).toMatchObject({ source: { line: 4 }, hint: expect.stringContaining('helm template') });
});

test('A number that JavaScript cannot keep is told, but for those that a cluster printed', () => {
  const head = 'apiVersion: v1\nkind: ConfigMap\nmetadata: { name: a }\n';
  expect(problemsIn(`${head}spec:\n  id: 9007199254740993\nstatus:\n  since: 9007199254740993\n`)).toEqual([
    '5: 9007199254740993 would be rounded to 9007199254740992.',
  ]);
});

describe('Lines between brackets and quotes may begin anywhere, as for kubectl', () => {
  const head = 'apiVersion: v1\nkind: ConfigMap\nmetadata: { name: a }\n';
  const dataOf = (text: string) => readManifests(`${head}data:\n${text}`, 'a.yaml').objects[0]?.manifest.data;

  test('and keep their lines', () => {
    const text = "  args: [\n  'one',\n  two\n  ]\n  text: 'one\n\n two\nthree'\n  map: {\nk: [\n1\n] }\n  last: x\n";
    expect(dataOf(text)).toEqual({ args: ['one', 'two'], text: 'one\ntwo three', map: { k: [1] }, last: 'x' });
    const { objects } = readManifests(`${head}data:\n${text}`, 'a.yaml');
    expect(objects[0]?.source.fields).toMatchObject({
      'data.args[1]': { line: 7 },
      'data.map.k[0]': { line: 15 },
      'data.last': { line: 17 },
    });
  });

  test('what is open for good is told where it opens or ends, not where it was tried to be mended', () => {
    expect(problemsIn(`${head}data:\n  a: [\n  1\n  b: 2\n`)[0]).toMatch(/^6: This is no YAML: Flow sequence .* at column 3\.$/);
    expect(problemsIn(`${head}data:\n  a: 'one\n  b: 2\n`)[0]).toMatch(/^\d: This is no YAML: Missing closing quote/);
  });

  test('a mistake elsewhere in the file changes nothing for them', () => {
    const { objects, problems } = readManifests(`${head}data: [\n1\n]\n---\na: b: c\n`, 'a.yaml');
    expect(objects[0]?.manifest.data).toEqual([1]);
    expect(problems.map(({ source }) => source?.line)).toEqual([8]);
  });
});

describe('Whatever Konfig writes as YAML or JSON, it reads as the same', () => {
  const text = fc.oneof(
    fc.string({ unit: 'grapheme' }),
    fc.constantFrom(
      'yes',
      'on',
      '0777',
      '0o17',
      '1_000',
      '12:30',
      '2001-01-01',
      '~',
      'null',
      '<<',
      '=',
      '.inf',
      ' a',
      'a\nb\n',
      '\ta',
      '---',
      '...',
      '# x',
      '\ufeff',
    ),
    fc.integer().map(String),
  );
  const { value } = fc.letrec<{ value: Json }>((tie) => ({
    value: fc.oneof(
      { maxDepth: 4 },
      text,
      fc.boolean(),
      fc.constant(null),
      fc.maxSafeInteger(),
      fc.double({ noDefaultInfinity: true, noNaN: true }).map((number) => (number === 0 ? 0 : number)),
      fc.array(tie('value'), { maxLength: 4 }),
      fc.dictionary(text, tie('value'), { maxKeys: 4, noNullPrototype: true }),
    ),
  }));
  const object = fc.dictionary(text, value, { maxKeys: 5, noNullPrototype: true }).map((data) => ({
    apiVersion: 'v1',
    kind: 'ConfigMap',
    metadata: { name: 'a' },
    data,
  }));
  const exact = (number: Json): boolean => {
    if (typeof number === 'number') return !Number.isInteger(number) || Number.isSafeInteger(number) || Math.abs(number) >= 2 ** 64;
    return typeof number !== 'object' || number === null || Object.values(number).every((child) => exact(child as Json));
  };
  const read = (source: string) => {
    const { objects, problems } = readManifests(source, 'a.yaml');
    return problems.length > 0 ? problems : objects.map(({ manifest }) => manifest);
  };

  test('one object', () => {
    fc.assert(fc.property(object.filter(exact), (manifest) => expect(read(toYaml(manifest as Json))).toEqual([manifest])));
  });

  test('a stream of objects', () => {
    fc.assert(
      fc.property(fc.array(object.filter(exact), { minLength: 1, maxLength: 4 }), (all) =>
        expect(read(toYamlStream(all as Json[]))).toEqual(all),
      ),
    );
  });

  test('JSON, with and without lines, with tabs', () => {
    fc.assert(
      fc.property(object.filter(exact), fc.constantFrom(undefined, 2, '\t'), (manifest, space) =>
        expect(read(JSON.stringify(manifest, null, space))).toEqual([manifest]),
      ),
    );
  });
});
