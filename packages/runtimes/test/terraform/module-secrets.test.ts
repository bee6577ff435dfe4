// What a module calls sensitive is said once more where the configuration uses it.
import { markModuleSecrets } from '../../src/terraform/module-secrets';
import type { ModuleConfiguration, PlanJson } from '../../src/terraform/plan-json';

const secret = { sensitive: true };
const inner: ModuleConfiguration = { outputs: { key: secret, name: {} } };
const outer: ModuleConfiguration = {
  outputs: {
    pw: secret,
    id: {},
    handed_on: { expression: { references: ['module.inner.key', 'module.inner'] } },
    named: { expression: { references: ['module.inner.name', 'module.inner'] } },
    all: { expression: { references: ['module.inner'] } },
  },
  module_calls: { inner: { module: inner } },
};

const plan: PlanJson = {
  configuration: { root_module: { module_calls: { m: { module: outer }, open: { module: { outputs: { id: {} } } } } } },
};

function marked(value: string): string | undefined {
  const text = markModuleSecrets(JSON.stringify({ field: value }, undefined, 2), plan);
  return text === undefined ? undefined : JSON.parse(text).field;
}

const of = (code: string) => `\${${code}}`;

test.each([
  ['module.m.pw', 'sensitive(module.m.pw)'],
  ['module.m["a"].pw', 'sensitive(module.m["a"].pw)'],
  ['module.m[local.keys["a"]].pw.user[0]', 'sensitive(module.m[local.keys["a"]].pw.user[0])'],
  ['module.m[*].pw', 'sensitive(module.m[*].pw)'],
  ['jsonencode(module.m)', 'jsonencode(sensitive(module.m))'],
  ['module.m.handed_on', 'sensitive(module.m.handed_on)'],
  ['module.m.all', 'sensitive(module.m.all)'],
  ['{ a = module.m.id, b = module.m.pw }', '{ a = module.m.id, b = sensitive(module.m.pw) }'],
  [`"a \\" \${module.m.pw} module.m.pw"`, `"a \\" \${sensitive(module.m.pw)} module.m.pw"`],
])('of a sensitive output: %s', (code, expected) => {
  expect(marked(`x ${of(code)} module.m.pw`)).toBe(`x ${of(expected)} module.m.pw`);
});

test.each(['module.m.id', 'module.m.named', 'module.m[0].id', 'module.open', 'local.module.m.pw', 'other_module.m.pw'])(
  'of none: %s',
  (code) => {
    expect(marked(of(code))).toBeUndefined();
  },
);

test.each(['module.m.pw', '$${module.m.pw}'])('%s is a text, and no expression', (text) => {
  expect(marked(text)).toBeUndefined();
});

test('lines stay where they are, since errors tell them', () => {
  const text = `${JSON.stringify({ a: [of('module.m.pw')], b: 1 }, undefined, 2)}\n`;
  expect(markModuleSecrets(text, plan)).toBe(text.replace('module.m.pw', 'sensitive(module.m.pw)'));
});
