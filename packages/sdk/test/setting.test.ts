// Settings: what a platform team lets others decide, and who wins.
import type { ReadSetting, StackSettings } from '@konfig/core';
import {
  Component,
  kubernetes,
  project,
  type SettingOverride,
  type Stack,
  type StackOptions,
  type SynthResult,
  setting,
  team,
  workspace,
} from '@konfig/sdk';
import { App, Chart } from 'cdk8s';
import type { Construct } from 'constructs';
import fc from 'fast-check';
import { fieldAt, laidOver, leavesOf } from '../src/settings/fields';
import { place } from './synth';

const postgres = setting(
  'postgres',
  {
    instanceClass: 'small',
    multiAz: false,
    storage: { gib: 10, kind: 'ssd' },
    zones: ['a'],
    labels: {} as { readonly [name: string]: string },
    snapshot: undefined as string | undefined,
  },
  { describe: 'Size and safety of databases.' },
);

class Database extends Component {
  readonly values = postgres.of(this);
  constructor(scope: Construct, id: string, settings: readonly SettingOverride[] = []) {
    super(scope, id, { settings });
  }
}

interface Given {
  readonly workspace?: readonly SettingOverride[];
  readonly team?: readonly SettingOverride[];
  readonly project?: readonly SettingOverride[];
  readonly stack?: readonly SettingOverride[];
}

function synth(fill: (stack: Stack) => unknown, given: Given = {}): SynthResult {
  const dev = workspace('dev', { kubernetes: kubernetes(), ...(given.workspace && { settings: given.workspace }) });
  const owner = team('payments', { ...(given.team && { settings: given.team }) });
  const options: StackOptions = given.stack ? { settings: given.stack } : {};
  return project('shop', { owner, ...(given.project && { settings: given.project }) })
    .stack('dev', dev, fill, options)
    .synth('dev');
}

/** What a Database right in the stack reads. */
function valuesOf(given: Given, own?: readonly SettingOverride[]): unknown {
  let values: unknown;
  const result = synth((stack) => {
    values = new Database(stack, 'db', own).values;
  }, given);
  if (result.problems) throw new Error(JSON.stringify(result.problems, null, 2));
  return values;
}

/** `CODE at: message hint`, of every problem. */
function problemsOf(given: Given, fill: (stack: Stack) => unknown = (stack) => new Database(stack, 'db')): readonly string[] {
  return (synth(fill, given).problems ?? []).map(({ code, at, message, hint }) => `${code} ${at ?? '-'}: ${message} ${hint}`);
}

function told(given: Given, fill: (stack: Stack) => unknown = (stack) => new Database(stack, 'db')): StackSettings {
  const result = synth(fill, given);
  if (result.problems) throw new Error(JSON.stringify(result.problems, null, 2));
  return result.settings;
}

const defaults = {
  instanceClass: 'small',
  multiAz: false,
  storage: { gib: 10, kind: 'ssd' },
  zones: ['a'],
  labels: {},
  snapshot: undefined,
};

describe('the values of a setting', () => {
  test('are its defaults where nobody says anything', () => {
    expect(valuesOf({})).toEqual(defaults);
  });

  test.each<[string, Given, number]>([
    ['the workspace wins over the default', { workspace: [postgres({ storage: { gib: 1 } })] }, 1],
    ['the team over the workspace', { workspace: [postgres({ storage: { gib: 1 } })], team: [postgres({ storage: { gib: 2 } })] }, 2],
    ['the project over the team', { team: [postgres({ storage: { gib: 2 } })], project: [postgres({ storage: { gib: 3 } })] }, 3],
    ['the stack over the project', { project: [postgres({ storage: { gib: 3 } })], stack: [postgres({ storage: { gib: 4 } })] }, 4],
  ])('%s', (_, given, gib) => {
    expect(valuesOf(given)).toEqual({ ...defaults, storage: { gib, kind: 'ssd' } });
  });

  test('the component wins over the stack, and the nearest component over those around it', () => {
    const seen: number[] = [];
    const result = synth(
      (stack) => {
        const outer = new Component(stack, 'outer', { settings: [postgres({ storage: { gib: 5 } })] });
        seen.push(new Database(stack, 'db').values.storage.gib);
        seen.push(new Database(outer, 'db').values.storage.gib);
        seen.push(new Database(outer, 'own', [postgres({ storage: { gib: 6 } })]).values.storage.gib);
      },
      { stack: [postgres({ storage: { gib: 4 } })] },
    );
    expect(result.problems).toBeUndefined();
    expect(seen).toEqual([4, 5, 6]);
  });

  test('are merged field by field, at every depth; lists are taken whole, maps take any name', () => {
    const given = {
      workspace: [postgres({ multiAz: true, storage: { kind: 'hdd' }, zones: ['b', 'c'], labels: { tier: 'gold' } })],
      stack: [postgres({ storage: { gib: 50 }, zones: ['d'], labels: { cost: '7' }, snapshot: 'nightly' })],
    };
    expect(valuesOf(given)).toEqual({
      instanceClass: 'small',
      multiAz: true,
      storage: { gib: 50, kind: 'hdd' },
      zones: ['d'],
      labels: { tier: 'gold', cost: '7' },
      snapshot: 'nightly',
    });
  });

  test('do not depend on the order in which one giver says different fields', () => {
    const one = postgres({ multiAz: true });
    const other = postgres({ storage: { gib: 7 } });
    expect(valuesOf({ stack: [one, other] })).toEqual(valuesOf({ stack: [other, one] }));
  });

  test('cannot be changed by whoever reads them, and neither can those of another reader', () => {
    const read = valuesOf({ stack: [postgres({ zones: ['b'] })] }) as { zones: string[]; storage: { gib: number } };
    expect(() => read.zones.push('c')).toThrow(TypeError);
    expect(() => {
      read.storage.gib = 1;
    }).toThrow(TypeError);
  });

  test('are the defaults in a tree that is none of ours', () => {
    expect(postgres.of(new Chart(new App(), 'raw'))).toEqual(defaults);
  });
});

describe('what does not fit', () => {
  const anything = postgres as unknown as (values: unknown, reason?: unknown) => SettingOverride;

  test('is told with the field, who gave it, and what to write: all of it at once', () => {
    const given = {
      workspace: [anything({ multiAZ: true, storage: { gib: '20' }, zones: 'b' })],
      stack: [anything({ multiAz: Number.NaN, labels: { tier: 1n }, snapshot: () => 'x', storage: 3, zones: [1] })],
    };
    expect(problemsOf(given)).toEqual([
      'SETTING_INVALID setting postgres.multiAZ: postgres.multiAZ of workspace dev is none of its fields. Did you mean multiAz? Its fields are instanceClass, multiAz, storage, zones, labels, snapshot.',
      'SETTING_INVALID setting postgres.storage.gib: postgres.storage.gib of workspace dev is "20". Write a finite number, like 10.',
      'SETTING_INVALID setting postgres.zones: postgres.zones of workspace dev is "b". Write a list.',
      'SETTING_INVALID setting postgres.multiAz: postgres.multiAz of stack shop/dev is NaN. Write true or false.',
      'SETTING_INVALID setting postgres.labels.tier: postgres.labels.tier of stack shop/dev is 1n. Write text, a finite number, true or false, a list or an object of these.',
      'SETTING_INVALID setting postgres.snapshot: postgres.snapshot of stack shop/dev is a function. Write text, a finite number, true or false, a list or an object of these.',
      'SETTING_INVALID setting postgres.storage: postgres.storage of stack shop/dev is 3. Write an object with its fields, like { gib: … }.',
      'SETTING_INVALID setting postgres.zones[0]: postgres.zones[0] of stack shop/dev is 1. Write text, like "a".',
    ]);
  });

  test('is left out, so that what follows is checked too', () => {
    let values: unknown;
    const fill = (stack: Stack) => {
      values = new Database(stack, 'db').values;
    };
    expect(synth(fill, { stack: [anything({ multiAz: 1, instanceClass: 'large' })] }).problems).toHaveLength(1);
    expect(values).toEqual({ ...defaults, instanceClass: 'large' });
  });

  test('may be something that no setting made, or no list', () => {
    expect(problemsOf({ stack: [{ postgres: {} } as unknown as SettingOverride] })).toEqual([
      'SETTING_INVALID -: The settings of stack shop/dev hold {"postgres":{}}. Make it by its setting: postgres({ multiAz: true }).',
    ]);
    expect(problemsOf({ workspace: { totalTimeout: '5m' } as unknown as SettingOverride[] })).toEqual([
      'SETTING_INVALID -: The settings of workspace dev are {"totalTimeout":"5m"}. Write a list: settings: [postgres({ … })].',
    ]);
  });

  test('may contain itself, or be called as what every object has', () => {
    const circle: { [name: string]: unknown } = {};
    circle.again = circle;
    const given = [anything({ labels: circle }), anything(JSON.parse('{"__proto__": {"multiAz": true}, "constructor": 1}'))];
    expect(problemsOf({ stack: given })).toEqual([
      'SETTING_INVALID setting postgres.labels.again: postgres.labels.again of stack shop/dev contains itself. Write it out.',
      expect.stringContaining('postgres.__proto__ of stack shop/dev is none of its fields.'),
      expect.stringContaining('postgres.constructor of stack shop/dev is none of its fields.'),
    ]);
  });

  test('may be found only by the check of the setting, told with the line that was said last', () => {
    const limits = setting('limits', { min: 1, max: 5 }, { check: ({ min, max }) => (min > max ? 'min is above max.' : undefined) });
    const result = synth((stack) => limits.of(stack), { workspace: [limits({ min: 3 })], stack: [limits({ max: 2 })] });
    expect(result.problems).toEqual([
      {
        code: 'SETTING_INVALID',
        message: 'The setting limits is {"min":3,"max":2}: min is above max.',
        hint: 'konfig settings shop/dev shows who said what.',
        at: 'setting limits',
        source: place(__filename, 'limits({ max: 2 })'),
      },
    ]);
  });

  test('are all told where the check of the setting finds something, however many they are', () => {
    const defaults = { description: 'a text that is rather long for a setting', storage: { gib: 20, kind: 'ssd' }, min: 3, max: 2 };
    const wide = setting('wide', defaults, { check: () => 'min is above max.' });
    expect(synth((stack) => wide.of(stack)).problems).toMatchObject([
      { message: `The setting wide is ${JSON.stringify(defaults)}: min is above max.` },
    ]);
  });

  test('may be the same field twice from one giver, told with both lines', () => {
    const first = postgres({ storage: { gib: 20 } });
    const second = postgres({ storage: { gib: 30 }, multiAz: true });
    const { line } = place(__filename, 'const first = postgres');
    const problems = synth((stack) => new Database(stack, 'db'), { project: [first, second] }).problems;
    expect(problems).toEqual([
      {
        code: 'SETTING_INVALID',
        message: `postgres.storage.gib is given twice by project shop, first at packages/sdk/test/setting.test.ts:${line}.`,
        hint: 'Keep one of the two.',
        at: 'setting postgres.storage.gib',
        source: place(__filename, 'const second = postgres'),
      },
    ]);
  });

  test('may be a reason that is missing where there must be one, or is none', () => {
    const risky = setting('risky', { on: false }, { reasonRequired: true });
    const giveRisky = risky as unknown as (values: object, reason?: unknown) => SettingOverride;
    const fill = (stack: Stack) => risky.of(stack);
    expect(problemsOf({ stack: [giveRisky({ on: true })] }, fill)).toEqual([
      "SETTING_INVALID setting risky: The setting risky of stack shop/dev has no reason, and must have one. Say why: risky({ … }, 'customers are here').",
    ]);
    expect(problemsOf({ stack: [giveRisky({ on: true }, ' ')] }, fill)).toHaveLength(1);
    expect(problemsOf({ stack: [risky({ on: true }, 'for the launch')] }, fill)).toEqual([]);
    expect(problemsOf({ stack: [anything({}, 7)] })).toEqual([
      'SETTING_INVALID setting postgres: The reason for postgres is 7. Write a sentence.',
    ]);
  });

  test('may be the declaration itself, or a second setting of the name', () => {
    const first = setting('cache', { size: 1 });
    const second = setting('cache', { size: 2 });
    const bad = setting('two words', { date: new Date(0) });
    const fill = (stack: Stack) => [first.of(stack), second.of(stack), bad.of(stack)];
    const { line } = place(__filename, "const first = setting('cache'");
    expect(problemsOf({}, fill)).toEqual([
      `SETTING_INVALID setting cache: Two settings are called cache, the first at packages/sdk/test/setting.test.ts:${line}. Rename one of them, with the name of its package in front: acme.postgres. Or is one package installed twice?`,
      'SETTING_INVALID -: A setting is called "two words". Use letters, digits, - and .: \'postgres\'.',
      'SETTING_INVALID -: The default of ["two words"].date is a Date. Write text, a finite number, true or false, a list or an object of these.',
    ]);
  });
});

describe('what nobody reads', () => {
  const cache = setting('cache', { size: 1 });

  test('is an error where only this stack could read it: of the stack, of a component', () => {
    const fill = (stack: Stack) => new Database(stack, 'db', [cache({ size: 3 })]);
    expect(problemsOf({ stack: [cache({ size: 2 })] }, fill)).toEqual([
      'SETTING_UNUSED setting cache: The setting cache is given by stack shop/dev, but nothing in it reads it. Take it out, or use the component that reads it.',
      'SETTING_UNUSED setting cache: The setting cache is given by component shop/dev/db, but nothing in it reads it. Take it out, or use the component that reads it.',
    ]);
  });

  test('is no error where other stacks may read it, and told as not read', () => {
    const given = told({ workspace: [cache({ size: 2 })], team: [cache({ size: 3 })], project: [postgres({ multiAz: true })] }).given;
    expect(given.map(({ setting, layer, by, isRead }) => `${setting} ${layer} ${by} ${isRead}`)).toEqual([
      'cache workspace dev false',
      'cache team payments false',
      'postgres project shop true',
    ]);
  });
});

test('Each field is told with its value, who said so, where and why, and what it overrode', () => {
  const given = {
    workspace: [postgres({ multiAz: true }, 'customers are here')],
    team: [postgres({ multiAz: false }, 'too dear')],
  };
  const [read] = told(given).read as [ReadSetting];
  expect([read.setting, read.describe, read.readBy]).toEqual(['postgres', 'Size and safety of databases.', ['shop/dev/db']]);
  expect(read.fields.find(({ field }) => field === 'multiAz')).toEqual({
    field: 'multiAz',
    value: false,
    layer: 'team',
    by: 'payments',
    reason: 'too dear',
    source: place(__filename, "'too dear'"),
    overrode: [
      {
        value: true,
        layer: 'workspace',
        by: 'dev',
        reason: 'customers are here',
        source: place(__filename, "postgres({ multiAz: true }, 'customers are here')"),
      },
      { value: false, layer: 'default', by: 'postgres', source: expect.anything() },
    ],
  });
});

test('Settings change nothing in the Spec but what is made of them', () => {
  const specOf = (given: Given) => {
    const result = synth((stack) => new Database(stack, 'db'), given);
    return result.problems ?? result.output.spec;
  };
  expect(specOf({ workspace: [postgres({ multiAz: true })] })).toEqual(specOf({}));
});

describe('layers of values', () => {
  const text = fc.constantFrom('x', 'y', 'z');
  /** Some fields of one shape, few enough to meet. */
  const part = fc.record(
    {
      count: fc.integer({ min: 0, max: 3 }),
      list: fc.array(text, { maxLength: 2 }),
      deep: fc.record({ name: text, map: fc.dictionary(text, text, { maxKeys: 2 }) }, { requiredKeys: [] }),
    },
    { requiredKeys: [] },
  );

  test('may be laid over each other from below or from above', () => {
    fc.assert(
      fc.property(part, part, part, (one, two, three) => {
        expect(laidOver(laidOver(one, two), three)).toEqual(laidOver(one, laidOver(two, three)));
      }),
    );
  });

  test('give each field the value of the strongest that has it', () => {
    fc.assert(
      fc.property(fc.array(part, { minLength: 1, maxLength: 5 }), (layers) => {
        const merged = layers.reduce<unknown>(laidOver, {});
        for (const path of leavesOf(merged)) {
          const strongest = layers.findLast((layer) => leavesOf(layer).some((one) => `${one}` === `${path}`));
          expect(fieldAt(merged, path)).toEqual(fieldAt(strongest, path));
        }
      }),
    );
  });

  test('count by who gives them, in whatever order each gives its own', () => {
    const shape = setting('shape', { a: 0, b: 0, c: 0, d: 0 });
    const fields = fc.uniqueArray(fc.constantFrom('a', 'b', 'c', 'd'), { maxLength: 4 });
    const given = fc.record({ workspace: fields, team: fields, project: fields, stack: fields });
    const rank = { workspace: 1, team: 2, project: 3, stack: 4 };
    fc.assert(
      fc.property(given, (all) => {
        const give = (giver: keyof typeof rank) => all[giver].map((field) => shape({ [field]: rank[giver] }));
        let values: unknown;
        const fill = (stack: Stack) => {
          values = shape.of(stack);
        };
        const by = { stack: give('stack'), workspace: give('workspace'), project: give('project'), team: give('team') };
        expect(synth(fill, by).problems).toBeUndefined();
        const strongest = (field: string) => Math.max(0, ...Object.keys(rank).map((giver) => rankOf(giver as keyof typeof rank, field)));
        const rankOf = (giver: keyof typeof rank, field: string) => (all[giver].includes(field as 'a') ? rank[giver] : 0);
        expect(values).toEqual(Object.fromEntries(['a', 'b', 'c', 'd'].map((field) => [field, strongest(field)])));
      }),
      { numRuns: 50 },
    );
  });
});
