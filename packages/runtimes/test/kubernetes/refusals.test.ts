import { conflictsOf, foldManagers, sideOf } from '../../src/kubernetes/owners';
import { immutableFields, rejectionOf } from '../../src/kubernetes/rejection';
import { settle } from '../../src/kubernetes/server-side-apply';

const id = 'main:Deployment.apps/shop/web';
const attributes = {
  apiVersion: 'apps/v1',
  kind: 'Deployment',
  metadata: { name: 'web' },
  spec: { replicas: 2, template: { spec: { containers: [{ name: 'app' }] } } },
};
const conflict = (field: string, manager: string, subresource = '') => ({
  reason: 'FieldManagerConflict',
  field,
  message: `conflict with "${manager}"${subresource && ` with subresource "${subresource}"`} using apps/v1`,
});
const settled = (...causes: readonly object[]) => settle({ id, body: attributes, isOurs: true, takeOver: false }, conflictsOf(causes));

test.each([
  ['kube-controller-manager', '', 'controller'],
  ['keda-operator', 'scale', 'controller'],
  ['some-autoscaler', 'scale', 'controller'],
  ['kubectl', 'scale', 'person'],
  ['kubectl-edit', '', 'person'],
  ['kubectl-client-side-apply', '', 'person'],
  ['k9s', '', 'person'],
  ['kubectlish', '', 'tool'],
  ['helm', '', 'tool'],
  ['argocd-controller', '', 'tool'],
])('%s on %s is a %s', (manager, subresource, side) => {
  expect(sideOf({ field: '.spec.replicas', manager, ...(subresource ? { subresource } : {}) })).toBe(side);
});

test('each conflict is settled by who owns the field, and never more is forced than people changed', () => {
  expect(settled(conflict('.spec.replicas', 'kube-controller-manager', 'scale'))).toEqual({
    body: { ...attributes, spec: { template: attributes.spec.template } },
    force: false,
    notes: ['Deployment/web: spec.replicas is left to kube-controller-manager, which scales it'],
    problems: [],
  });
  const both = settled(
    conflict('.spec.replicas', 'kubectl', 'scale'),
    conflict('.spec.template.spec.containers[name="app"].image', 'image-updater'),
  );
  expect(both.problems.map((problem) => problem.message)).toEqual([
    'Deployment/web: spec.template.spec.containers[name=app].image is set by image-updater, which wants another value.',
  ]);
});

test('what kubectl apply owned becomes ours, what others own stays theirs', () => {
  const entry = (manager: string, operation: string, fieldsV1: object) => ({
    manager,
    operation,
    apiVersion: 'v1',
    fieldsType: 'FieldsV1',
    fieldsV1: fieldsV1 as never,
  });
  const before = [
    entry('kubectl-client-side-apply', 'Update', { 'f:data': { 'f:a': {} } }),
    entry('kubectl-edit', 'Update', { 'f:data': { 'f:b': {} } }),
  ];
  expect(foldManagers(before, 'konfig', 'v1')).toEqual([before[1], entry('konfig', 'Apply', { 'f:data': { 'f:a': {} } })]);
});

test.each([
  ['strict decoding error: unknown field "spec.foo", unknown field "spec.template.bar"', ['spec.foo', 'spec.template.bar']],
  ['failed to create typed patch object (shop/web; apps/v1, Kind=Deployment): .spec.foo: field not declared in schema', ['spec.foo']],
  [
    'failed to create typed patch object (shop/web; apps/v1, Kind=Deployment): errors:\n  .spec.a: field not declared in schema\n  .spec.template.spec.containers[name="app"].b: field not declared in schema',
    ['spec.a', 'spec.template.spec.containers[name=app].b'],
  ],
])('an unknown field is named: %s', (message, fields) => {
  expect(rejectionOf({ id, attributes }, 400, { kind: 'Status', message }).map((problem) => problem.at)).toEqual(
    fields.map((field) => `${id} ${field}`),
  );
});

test('what the server prints of its own insides is left out', () => {
  const message = 'failed to create typed patch object: .spec.image: expected string, got &value.valueUnstructured{Value:5}';
  const [problem] = rejectionOf({ id, attributes }, 500, { kind: 'Status', message });
  expect(problem?.message).toMatch(/expected string, got 5$/);
});

test('a webhook that says no is quoted by name, without what could steer a terminal', () => {
  const message = 'admission webhook "policy.example" denied the request: \u001b[31mno latest\u001b[0m tags';
  expect(rejectionOf({ id, attributes }, 403, { kind: 'Status', message })).toEqual([
    { code: 'RESOURCE_REJECTED', message: 'Deployment/web was refused: admission webhook policy.example says: no latest tags', at: id },
  ]);
});

test('the value of a Secret is not quoted', () => {
  const causes = [{ field: 'data[password]', message: 'Invalid value: "hunter22": must be base64' }];
  const [problem] = rejectionOf({ id: 'main:Secret/shop/s', attributes: { kind: 'Secret' } }, 422, { kind: 'Status', details: { causes } });
  expect(problem?.message).not.toContain('hunter22');
});

test.each([
  ['spec.selector', 'Invalid value: {"matchLabels":{"a":"b"}}: field is immutable', 'field is immutable'],
  ['spec.clusterIPs[0]', 'Invalid value: []string{"10.0.0.1"}: may not change once set', 'may not change once set'],
  ['roleRef', 'Invalid value: rbac.RoleRef{Kind:"Role"}: cannot change roleRef', 'cannot change roleRef'],
  [
    'spec',
    "Forbidden: updates to statefulset spec for fields other than 'replicas' are forbidden",
    "updates to statefulset spec for fields other than 'replicas' are forbidden",
  ],
  ['spec.ro', 'Invalid value: "object": ro is immutable', 'ro is immutable'],
])('%s is immutable: %s', (field, message, said) => {
  expect(immutableFields({ kind: 'Status', reason: 'Invalid', details: { causes: [{ field, message }] } })).toEqual([
    { path: field, message: said },
  ]);
});

test('a refusal with another cause beside is no replace', () => {
  const causes = [
    { field: 'spec.selector', message: 'field is immutable' },
    { field: 'spec.replicas', message: 'must be greater than or equal to 0' },
  ];
  expect(immutableFields({ kind: 'Status', reason: 'Invalid', details: { causes } })).toBeUndefined();
});
