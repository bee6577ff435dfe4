// Names of objects: the rule of docs/names.md, and names that stay when code is put elsewhere.
import type { Resource } from '@konfig/core';
import { AppConfig, Component, CronJob, Job, moved, project, Service, type Stack } from '@konfig/sdk';
import { ApiObject, Chart, Names } from 'cdk8s';
import * as kplus from 'cdk8s-plus-33';
import { Construct } from 'constructs';
import fc from 'fast-check';
import { dev, place, problemsIn, specOf } from './synth';

const config = (scope: Construct, id: string, more: object = {}) =>
  new ApiObject(scope, id, { apiVersion: 'v1', kind: 'ConfigMap', ...more });
const web = (scope: Construct, id: string) =>
  new Service(scope, id, {
    containers: { web: { image: 'web:1', ports: { http: 8080 }, files: { '/etc/web.conf': 'on' } } },
    replicas: 2,
  });

/** `Kind/name` of all objects. */
function names(fill: (stack: Stack) => unknown): readonly string[] {
  return specOf(fill).resources.map(({ id }) => id.replace('main:', '').replace(/\.[^/]*/, ''));
}

describe('derived names', () => {
  const kinds = ['ConfigMap', 'CronJob', 'Job', 'Service', 'Deployment', 'Namespace'];
  const longest = (kind: string) => (kind === 'CronJob' ? 52 : 63);
  const id = fc.stringMatching(/^[a-z][a-z0-9]{0,30}$/).filter((one) => !/^(default|resource)$/.test(one));
  const nameOf = (ids: readonly string[], kind: string): string => {
    let name = '';
    specOf((stack) => {
      const scope = ids.slice(0, -1).reduce<Construct>((above, one) => new Construct(above, one), new AppConfig(stack, 'app'));
      name = config(scope, ids.at(-1) as string, { kind }).name;
    });
    return name;
  };

  test('are valid for their kind, whatever the ids are, and the same each time', () => {
    const anyId = fc.string({ minLength: 1, maxLength: 60, unit: 'grapheme' }).map((text) => `a${text}`);
    fc.assert(
      fc.property(fc.array(anyId, { minLength: 1, maxLength: 4 }), fc.constantFrom(...kinds), (ids, kind) => {
        const name = nameOf(ids, kind);
        expect(name).toMatch(/^[a-z]([-a-z0-9]*[a-z0-9])?$/);
        expect(name.length).toBeLessThanOrEqual(longest(kind));
        expect(nameOf(ids, kind)).toBe(name);
      }),
      { numRuns: 60 },
    );
  });

  test('differ when ids differ, however long they are', () => {
    const ids = fc.uniqueArray(fc.tuple(id, id, id), { minLength: 2, maxLength: 2, selector: (one) => one.join('-') });
    fc.assert(
      fc.property(ids, fc.constantFrom(...kinds), ([one, other], kind) => {
        fc.pre(new Set(one).size === 3 && new Set(other).size === 3);
        expect(nameOf(one as string[], kind)).not.toBe(nameOf(other as string[], kind));
      }),
      { numRuns: 60 },
    );
  });

  test('of what belongs to an object are shortened too, where its kind wants it', () => {
    const long = 'w'.repeat(60);
    const all = names((stack) => {
      web(stack, long).expose('to-the-outside', { type: 'LoadBalancer' });
      new CronJob(stack, `cron-${long}`, { schedule: '@daily', containers: { main: { image: 'a:1' } } });
    });
    expect(all).toEqual([
      expect.stringMatching(/^ConfigMap\/w{60}-files$/),
      expect.stringMatching(/^CronJob\/cron-w{38}-[0-9a-f]{8}$/),
      `Deployment/${long}`,
      `PodDisruptionBudget/${long}`,
      expect.stringMatching(/^Service\/w{54}-[0-9a-f]{8}$/),
      `Service/${long}`,
    ]);
  });

  test('that come out the same are an error with both lines and what to do', () => {
    const [problem] = problemsIn((stack) => {
      new ApiObject(stack, 'a_b', { apiVersion: 'v1', kind: 'ConfigMap' });
      new ApiObject(stack, 'ab', { apiVersion: 'v1', kind: 'ConfigMap' });
    });
    const first = place(__filename, "new ApiObject(stack, 'a_b'");
    expect(problem).toMatchObject({
      code: 'SPEC_DUPLICATE',
      message: `main:ConfigMap/ab is made twice: here, and by shop/dev/a_b at ${first.file}:${first.line}.`,
      source: place(__filename, "new ApiObject(stack, 'ab'"),
    });
  });

  test('are not made of class names', () => {
    const app = (make: (stack: Stack) => unknown) => specOf(make).resources;
    class Shop extends AppConfig {}
    class Store extends AppConfig {}
    expect(app((stack) => web(new Store(stack, 'shop'), 'web'))).toEqual(app((stack) => web(new Shop(stack, 'shop'), 'web')));
  });
});

describe('what was moved keeps its objects as they were', () => {
  const objectsOf = (fill: (stack: Stack) => unknown): readonly Omit<Resource, 'path'>[] =>
    specOf(fill).resources.map(({ path: _, ...one }) => one);
  const same = (before: (stack: Stack) => unknown, after: (stack: Stack) => unknown) => expect(objectsOf(after)).toEqual(objectsOf(before));

  test('when it was renamed', () => {
    same(
      (stack) => web(new AppConfig(stack, 'shop'), 'web'),
      (stack) => {
        const shop = new AppConfig(stack, 'shop');
        moved(shop, 'web', 'frontend');
        web(shop, 'frontend');
      },
    );
  });

  test('when its AppConfig was renamed, with the whole tree below', () => {
    const fill = (app: AppConfig) => {
      web(new Component(app, 'front'), 'web');
      new Job(app, 'migrate', { containers: { main: { image: 'a:1' } } });
    };
    same(
      (stack) => fill(new AppConfig(stack, 'shop')),
      (stack) => {
        moved(stack, 'shop', 'store');
        fill(new AppConfig(stack, 'store'));
      },
    );
  });

  test('when it was put into a component, which has its old id', () => {
    same(
      (stack) => web(new AppConfig(stack, 'shop'), 'db'),
      (stack) => {
        const shop = new AppConfig(stack, 'shop');
        moved(shop, 'db', 'db/primary');
        web(new Component(shop, 'db'), 'primary');
      },
    );
  });

  test('when it was taken out of one', () => {
    same(
      (stack) => web(new Component(new AppConfig(stack, 'shop'), 'data'), 'db'),
      (stack) => {
        const shop = new AppConfig(stack, 'shop');
        moved(shop, 'data/db', 'db');
        web(shop, 'db');
      },
    );
  });

  test('when it went from one AppConfig to another, whether the old one is still there or not', () => {
    const before = (stack: Stack) => web(new Component(new AppConfig(stack, 'old'), 'data'), 'db');
    same(before, (stack) => {
      moved(stack, 'old/data/db', 'new/db');
      web(new AppConfig(stack, 'new'), 'db');
    });
    same(before, (stack) => {
      moved(stack, 'old/data/db', 'new/db');
      new AppConfig(stack, 'old');
      web(new AppConfig(stack, 'new'), 'db');
    });
  });

  test('when it was moved several times, and when what is around it was moved too', () => {
    same(
      (stack) => web(new AppConfig(stack, 'a'), 'web'),
      (stack) => {
        moved(stack, 'a', 'b');
        moved(stack, 'b', 'c');
        const app = new AppConfig(stack, 'c');
        moved(app, 'web', 'front/web');
        moved(app, 'front', 'edge');
        web(new Component(app, 'edge'), 'web');
      },
    );
  });

  test('when cdk8s or cdk8s-plus made it: names with hashes, and selectors by path', () => {
    const fill = (scope: Construct) => {
      config(new Chart(scope, 'chart'), 'raw');
      new kplus.Deployment(scope, 'plus', { containers: [{ image: 'web:1', port: 80 }] }).exposeViaService();
    };
    same(
      (stack) => fill(new Construct(stack, 'part')),
      (stack) => {
        moved(stack, 'part', 'piece');
        fill(new Construct(stack, 'piece'));
      },
    );
  });

  test('and nothing else changes its name', () => {
    const all = names((stack) => {
      const shop = new AppConfig(stack, 'shop');
      moved(shop, 'web', 'frontend');
      config(shop, 'frontend');
      config(shop, 'frontend-2');
      config(new Component(shop, 'other'), 'frontend');
    });
    expect(all).toEqual(['ConfigMap/frontend-2', 'ConfigMap/other-frontend', 'ConfigMap/web']);
  });

  test('and cdk8s is as it was when the stack is done', () => {
    const before = { ...Names, label: Names.toDnsLabel, value: Names.toLabelValue };
    specOf((stack) => {
      moved(stack, 'a', 'b');
      config(new Chart(stack, 'b'), 'c');
    });
    expect({ ...Names, label: Names.toDnsLabel, value: Names.toLabelValue }).toEqual(before);
  });
});

describe('a move that cannot be is told, with its line', () => {
  const told = (fill: (stack: Stack) => unknown) => problemsIn(fill).map(({ code, message }) => `${code}: ${message}`);
  const lineOf = (text: string) => {
    const { file, line } = place(__filename, text);
    return `${file}:${line}`;
  };

  test('from a place where something still stands', () => {
    const problems = problemsIn((stack) => {
      moved(stack, 'kept', 'fresh');
      new Component(stack, 'kept');
      config(stack, 'fresh');
    });
    expect(problems).toEqual([
      {
        code: 'PROPS_INVALID',
        message: `'fresh' was moved from 'kept', where a construct still stands, made at ${lineOf("new Component(stack, 'kept')")}.`,
        hint: 'Give that one another id, or take the move out.',
        at: 'shop/dev',
        source: place(__filename, "moved(stack, 'kept', 'fresh')"),
      },
    ]);
  });

  test('two to one place, and two from one', () => {
    const fill = (stack: Stack) => {
      moved(stack, 'one', 'three');
      moved(stack, 'two', 'three');
      moved(stack, 'one', 'four');
      new Component(stack, 'three');
      new Component(stack, 'four');
    };
    expect(told(fill)).toEqual([
      `PROPS_INVALID: Two moves lead to 'three', the first at ${lineOf("moved(stack, 'one', 'three')")}.`,
      `PROPS_INVALID: Two moves lead from 'one', the first at ${lineOf("moved(stack, 'one', 'three')")}.`,
    ]);
  });

  test('in a circle', () => {
    const fill = (stack: Stack) => {
      moved(stack, 'left', 'right');
      moved(stack, 'right', 'left');
      config(stack, 'left');
    };
    expect(told(fill)).toEqual([
      `PROPS_INVALID: Moves lead from 'right' back to itself, by way of ${lineOf("moved(stack, 'right', 'left')")}.`,
      `PROPS_INVALID: Moves lead from 'left' back to itself, by way of ${lineOf("moved(stack, 'left', 'right')")}.`,
    ]);
  });

  test('said too late, to itself, or with a path that is none', () => {
    const fill = (stack: Stack) => {
      config(stack, 'there');
      moved(stack, 'past', 'there');
      moved(stack, 'a', 'a');
      moved(stack, '', 'b');
      moved(stack, 'a', '/b');
      moved(stack, 7 as unknown as string, 'b');
    };
    expect(told(fill)).toEqual([
      "PROPS_INVALID: 'there' is there already: what it made has its names.",
      "PROPS_INVALID: moved leads from 'a' to itself.",
      'PROPS_INVALID: moved was given the path "".',
      'PROPS_INVALID: moved was given the path "/b".',
      'PROPS_INVALID: moved was given the path 7.',
    ]);
  });

  test('to a name that another object has', () => {
    const fill = (stack: Stack) => {
      moved(stack, 'before', 'after');
      config(stack, 'after');
      config(stack, 'other', { metadata: { name: 'before' } });
    };
    expect(told(fill)).toEqual([expect.stringContaining('main:ConfigMap/before is made twice: here, and by shop/dev/after at')]);
  });

  test('to a place where nothing stands: a warning, with what was meant', () => {
    const warnings = warningsOf((stack) => {
      moved(stack, 'database', 'databse');
      config(stack, 'database2');
    });
    expect(warnings).toEqual([
      "There is no construct 'databse' that could have moved. Did you mean database2? Correct the path; take the move out when the construct is gone.",
    ]);
  });
});

function warningsOf(fill: (stack: Stack) => unknown): readonly string[] {
  const result = project('shop').stack('dev', dev, fill).synth('dev');
  return result.problems ? ['problems'] : (result.warnings ?? []).map(({ message, hint }) => `${message} ${hint}`);
}
