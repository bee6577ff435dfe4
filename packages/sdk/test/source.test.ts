import { AppConfig, Component, type Locate, project, Service, type Stack } from '@konfig/sdk';
import { ApiObject } from 'cdk8s';
import * as kplus from 'cdk8s-plus-33';
import { Node } from 'constructs';
import { dev, place } from './synth';

const here = (text: string) => place(__filename, text);

function madeBy(fill: (stack: Stack) => unknown, locate?: Locate) {
  const result = project('shop')
    .stack('dev', dev, fill, { namespace: 'shop' })
    .synth('dev', locate && { locate });
  if (result.problems) throw new Error(JSON.stringify(result.problems));
  return Object.fromEntries(Object.entries(result.output.sources).map(([id, source]) => [id, source.made]));
}

class Shop extends AppConfig {
  constructor(stack: Stack) {
    super(stack, 'shop');
    new Service(this, 'web', { containers: { web: { image: 'web:1', ports: { http: 80 } } } });
    new Cache(this, 'cache');
  }
}

class Cache extends Component {
  constructor(scope: Component, id: string) {
    super(scope, id);
    new ApiObject(this, 'Default', { apiVersion: 'v1', kind: 'ConfigMap' });
  }
}

test('Every resource knows the call that made it: ours, raw cdk8s, cdk8s-plus, and the namespace of the stack', () => {
  const lines = madeBy((stack) => {
    new Shop(stack);
    new kplus.Deployment(stack, 'plus', { containers: [{ image: 'web:1' }] });
  });
  expect(lines).toEqual({
    'main:ConfigMap/shop/cache': here("new ApiObject(this, 'Default'"),
    'main:Deployment.apps/shop/plus': here('new kplus.Deployment('),
    'main:Deployment.apps/shop/web': here("new Service(this, 'web'"),
    'main:Namespace/shop': here(".stack('dev', dev, fill"),
    'main:Service/shop/web': here("new Service(this, 'web'"),
  });
});

test("With a bundle's map, the first frame that the map calls user code is the line", () => {
  const asked: string[] = [];
  const lines = madeBy(
    (stack) => new Shop(stack),
    (file, line, column) => {
      asked.push(`${file}:${line}:${column}`);
      // As the cli does for a platform library: its positions are no user code, the app's are.
      return file.endsWith('source.test.ts') && asked.length > 1 ? { file: 'app.ts', line: 7 } : undefined;
    },
  );
  expect(new Set(Object.values(lines).map((line) => `${line.file}:${line.line}`))).toEqual(new Set(['app.ts:7']));
  expect(new Set(asked).size).toBe(asked.length);
});

test('Where no frame is user code, the line of the stack is named as a guess', () => {
  expect(
    madeBy(
      (stack) => new Shop(stack),
      () => undefined,
    )['main:Service/shop/web'],
  ).toEqual({ file: 'shop', line: 1, guess: true });
});

test('Reading lines leaves errors and constructs as they were', () => {
  Error.stackTraceLimit = 17;
  const state = () => [Error.stackTraceLimit, Error.prepareStackTrace, Node.prototype['addChild' as 'addDependency']];
  const before = state();
  madeBy(
    (stack) => new Shop(stack),
    () => undefined,
  );
  expect(state()).toEqual(before);
});
