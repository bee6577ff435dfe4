// Expressions in CEL, the language of Kubernetes' own validation rules: https://kubernetes.io/docs/reference/using-api/cel/
import type { Json } from '@konfig/core';
import type { Environment } from '@marcbachmann/cel-js';
import type { KubeObject } from '../../objects';
import { conditionsIn } from '../conditions';

/** What an expression is given. */
export interface Given {
  readonly object: KubeObject;
  /** How the object is without the rule. */
  readonly generic: string;
}

/** Why an expression is none, or not of this type; undefined where it is. */
export function celFault(expression: string, type: 'bool' | 'string'): string | undefined {
  const checked = environment().check(expression);
  if (!checked.valid) return firstLine(checked.error);
  return checked.type === type || checked.type === 'dyn' ? undefined : `it is ${checked.type}, but must be ${type}`;
}

/** Has expressions read before any time counts: of the first, the library is loaded too. */
export function readExpressions(texts: readonly string[]): void {
  for (const text of texts) parsed(text);
}

/** A function that gives the value of an expression for this object. Throws what CEL says where there is none. */
export function valuesFor({ object, generic }: Given): (expression: string) => unknown {
  const self = whole(object as unknown as Json) as { readonly [key: string]: unknown };
  const { spec = {}, status = {}, metadata = {} } = self;
  about = new Map(conditionsIn((object.status as { readonly conditions?: Json } | undefined)?.conditions).map((one) => [one.type, one]));
  return (expression) => parsed(expression)({ self, spec, status, metadata, generic });
}

/** The conditions of the object that is judged right now; nothing here waits, so there is one at a time. */
let about: ReadonlyMap<string, { readonly status: string; readonly reason?: string }> = new Map();

type Parsed = ReturnType<Environment['parse']>;
const expressions = new Map<string, Parsed>();

function parsed(expression: string): Parsed {
  const known = expressions.get(expression) ?? environment().parse(expression);
  expressions.set(expression, known);
  return known;
}

let only: Environment | undefined;

/** The library is loaded where a rule is asked for the first time. */
function environment(): Environment {
  if (only) return only;
  const cel = require('@marcbachmann/cel-js') as typeof import('@marcbachmann/cel-js');
  only = new cel.Environment({
    enableOptionalTypes: true,
    homogeneousAggregateLiterals: false,
    limits: { maxAstNodes: 2000, maxDepth: 50 },
  });
  for (const name of ['self', 'spec', 'status', 'metadata']) only.registerVariable(name, 'dyn');
  only.registerVariable('generic', 'string');
  only.registerFunction('condition(string): string', (type: string) => about.get(type)?.status ?? '');
  only.registerFunction('reason(string): string', (type: string) => about.get(type)?.reason ?? '');
  return only;
}

/** Whole numbers as CEL has them: with numbers of JSON, `replicas + 1` would be no number. */
function whole(value: Json | undefined): unknown {
  if (typeof value === 'number') return Number.isSafeInteger(value) ? BigInt(value) : value;
  if (Array.isArray(value)) return value.map(whole);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, whole(inner as Json)]));
}

/** What CEL says, without the drawing of where. */
export function firstLine(error: unknown): string {
  const message =
    error instanceof Error || (typeof error === 'object' && error !== null && 'message' in error) ? String(error.message) : String(error);
  return message.split('\n')[0] as string;
}
