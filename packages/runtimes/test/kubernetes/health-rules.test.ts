// Rules that are data: what they may say, and that nothing in one can stop who asks it.
import type { Json } from '@konfig/core';
import { type HealthCase, type HealthRule, healthOf, type KubeObject, makeJudge, nothingRelated, ruleProblems } from '../../src';
import { operatorRules } from '../../src/kubernetes/health/rules/operators';

const widget: KubeObject = {
  apiVersion: 'acme.example/v1',
  kind: 'Widget',
  metadata: { name: 'w', namespace: 'shop', uid: 'w' },
  spec: { replicas: 3 },
  status: { up: 2, conditions: [{ type: 'Ready', status: 'True', reason: 'Serving' }] },
};
const byRules = (rules: readonly HealthRule[], object = widget) => healthOf(object, { ...nothingRelated, rules });
const byCases = (...cases: readonly HealthCase[]) => byRules([{ kind: 'Widget.acme.example', cases }]);

test.each<[string, string]>([
  ['an own field', 'status.up == 2'],
  ['a sum of whole numbers', 'status.up + 1 == spec.replicas'],
  ['a condition', "condition('Ready') == 'True' && reason('Ready') == 'Serving'"],
  ['a condition that is not there', "condition('Paused') == ''"],
  ['a field that may be missing', "!has(status.phase) && status.?phase.orValue('x') == 'x'"],
  ['a list', "status.conditions.exists(c, c.type == 'Ready' && c.status == 'True')"],
  ['the object', "self.kind == 'Widget' && metadata.name == 'w'"],
  ['the judgement without it', "generic == 'ready'"],
])('a case is asked in CEL: %s', (_, when) => {
  expect(ruleProblems([{ kind: 'Widget.acme.example', cases: [{ when, health: 'suspended' }] }])).toEqual([]);
  expect(byCases({ when, health: 'suspended' })).toMatchObject({ health: 'suspended', findings: [] });
});

test('the first case that applies decides, and says why', () => {
  const report = byCases(
    { when: 'status.up > 5', health: 'ready' },
    { when: 'status.up < spec.replicas', health: 'degraded', messageExpression: "string(status.up) + ' of ' + string(spec.replicas)" },
    { when: 'true', health: 'ready' },
  );
  expect(report).toMatchObject({ health: 'degraded', message: '2 of 3' });
  expect(report.findings).toEqual([{ code: 'Degraded', class: 'likely', message: '2 of 3', on: 'Widget/w', grace: 60 }]);
});

test('a case says whether what is degraded is waited for', () => {
  const { health, findings } = byCases({ when: 'true', health: 'degraded', class: 'transient', message: 'starts slowly' });
  expect([health, findings]).toEqual(['degraded', [{ code: 'Degraded', class: 'transient', message: 'starts slowly', on: 'Widget/w' }]]);
});

test('where no case applies it is as without the rule', () => {
  expect(byCases({ when: 'false', health: 'degraded' })).toMatchObject({ health: 'ready', message: 'Ready' });
});

test.each<[string, string, string]>([
  ['asks for a field that is not there', 'status.phase == 1', 'cases[0]: No such key: phase'],
  ['is neither true nor false', 'status.up', 'cases[0]: status.up is neither true nor false'],
  [
    'never ends',
    "('a' + self.metadata.name).matches('(((a+)+)+)+b') || [1].all(x, self.metadata.long.matches('((a+)+)+b'))",
    'took too long',
  ],
])('a rule that %s is a finding, and the object is as without it', (_, when, message) => {
  const long = { ...widget, metadata: { ...widget.metadata, long: 'a'.repeat(100) } } as KubeObject;
  const rules: readonly HealthRule[] = [{ kind: 'Widget.acme.example', cases: [{ when, health: 'suspended' }] }];
  for (const report of [byRules(rules, long), byRules(rules, long)]) {
    expect(report).toMatchObject({ health: 'ready', findings: [{ code: 'HealthRuleFailed', class: 'transient', on: 'Widget/w' }] });
  }
  expect(byRules([{ ...(rules[0] as HealthRule) }], long).findings[0]?.message).toContain(message);
});

test.each<[string, string, boolean]>([
  ['Widget.acme.example', 'acme.example/v1', true],
  ['*.acme.example', 'acme.example/v2', true],
  ['*.*.example', 'acme.example/v1', true],
  ['Gadget.acme.example', 'acme.example/v1', false],
  ['*.example', 'acme.example/v1', false],
])('a rule for %s is asked of a Widget of %s: %s', (kind, apiVersion, isAsked) => {
  const { health } = byRules([{ kind, cases: [{ when: 'true', health: 'suspended' }] }], { ...widget, apiVersion });
  expect(health).toBe(isAsked ? 'suspended' : 'ready');
});

test('a rule of the user goes before that of a built-in kind, but not before its deletion', () => {
  const rules: readonly HealthRule[] = [{ kind: 'Pod', cases: [{ when: 'true', health: 'ready', message: 'mine' }] }];
  const pod: KubeObject = { apiVersion: 'v1', kind: 'Pod', metadata: { name: 'p' }, status: { phase: 'Pending' } };
  expect(byRules(rules, pod)).toMatchObject({ health: 'ready', message: 'mine' });
  expect(makeJudge(rules).put(pod)).toMatchObject([{ id: 'Pod/p', health: 'ready', message: 'mine' }]);
  const deleted = { ...pod, metadata: { name: 'p', deletionTimestamp: '2026-01-01T00:00:00Z' } };
  expect(byRules(rules, deleted).health).toBe('progressing');
});

test('everything that is wrong with rules is told at once', () => {
  const rules = [
    'x',
    { kind: 'no group.', cases: [] },
    {
      kind: 'Widget.acme.example',
      casses: 1,
      cases: [
        { when: 'status.phase ==', health: 'fine' },
        { when: "'x'", health: 'ready', message: 7 },
      ],
    },
  ];
  expect(ruleProblems(rules).map(({ message }) => message)).toEqual([
    'rules[0]: "x" is no rule.',
    'rules[1]: The kind is "no group.".',
    'rules[1] (no group.): It has no cases.',
    'rules[2] (Widget.acme.example): It has no field casses.',
    expect.stringMatching(/^rules\[2\] \(Widget\.acme\.example\)\.cases\[0\]\.when: status\.phase ==: Unexpected token/),
    'rules[2] (Widget.acme.example).cases[0]: health is "fine".',
    "rules[2] (Widget.acme.example).cases[1].when: 'x': it is string, but must be bool.",
    'rules[2] (Widget.acme.example).cases[1]: message is no text.',
  ]);
  expect(ruleProblems({ kind: 'Widget.acme.example' })).toMatchObject([{ code: 'HEALTH_RULE_INVALID' }]);
});

test('nothing is wrong with the rules for widely used operators', () => {
  expect(ruleProblems(operatorRules as unknown as Json)).toEqual([]);
});

test('a rule may read annotations of custom kinds from a file or a cluster', () => {
  const cluster: KubeObject = {
    apiVersion: 'postgresql.cnpg.io/v1',
    kind: 'Cluster',
    metadata: { name: 'db', annotations: { 'cnpg.io/hibernation': 'on' } },
    status: { conditions: [{ type: 'Ready', status: 'True' }] },
  };
  expect(makeJudge().put(cluster)).toMatchObject([{ health: 'suspended', message: 'is hibernated by an annotation' }]);
});

test('a job of a stream is ready while it runs, and not before it is stable', () => {
  const job = (lifecycleState: string): KubeObject => ({
    apiVersion: 'flink.apache.org/v1beta1',
    kind: 'FlinkSessionJob',
    metadata: { name: 'clicks' },
    status: { jobStatus: { state: 'RUNNING' }, lifecycleState, reconciliationStatus: { state: 'DEPLOYED' } },
  });
  expect(makeJudge().put(job('STABLE'))).toMatchObject([{ health: 'ready', message: 'runs and is stable' }]);
  expect(makeJudge().put(job('DEPLOYED'))).toMatchObject([{ health: 'progressing' }]);
});

test('a rule may read what conditions of some kinds have beside those of others', () => {
  const failed = { type: 'SubnetsReady', status: 'False', severity: 'Error', reason: 'Reconciling' };
  const plane: KubeObject = {
    apiVersion: 'controlplane.cluster.x-k8s.io/v1beta2',
    kind: 'AWSManagedControlPlane',
    metadata: { name: 'eu' },
    status: { conditions: [{ type: 'Ready', status: 'False' }, failed] },
  };
  expect(makeJudge().put(plane)).toMatchObject([{ health: 'degraded', message: 'a condition is False with the severity Error' }]);
});
