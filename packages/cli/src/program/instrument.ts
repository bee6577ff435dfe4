// Notes, while the program runs, where each field of each object was written and where its value came from. Nothing else about the
// program changes: a literal is handed through a function that gives it back, and remembers it with the values that its fields
// were taken from. What is said of each literal (`sites`) stays outside of the code.
import type {
  Origin,
  OriginField,
  OriginLiteral,
  OriginStep,
  Place,
  WrittenField,
  WrittenFields,
  WrittenKey,
  WrittenSite,
} from '@konfig/core';
import {
  type AnyNode,
  type ArrayExpression,
  type CallExpression,
  type ClassBody,
  type Expression,
  type ObjectExpression,
  type PropertyDefinition,
  parse,
  type TemplateLiteral,
} from 'acorn';
import { noteName, type Shifts } from './notes';
import {
  type AnyFunction,
  type Binding,
  canNameParams,
  childrenOf,
  isFunction,
  keyName,
  type Scope,
  type Scopes,
  scopesOf,
} from './scopes';

export interface Instrumented {
  readonly code: string;
  /** By their numbers in the code. */
  readonly sites: readonly WrittenSite[];
  readonly shifts: Shifts;
}

/** Instruments a bundle. @throws SyntaxError where it cannot be read. */
export function instrument(code: string): Instrumented {
  const program = parse(code, { ecmaVersion: 'latest', sourceType: 'script', locations: true });
  const work = new Work(scopesOf(program), code);
  work.visit(program, undefined);
  return { ...insert(code, work.edits), sites: work.sites };
}

/** Has V8 compile what `instrument` calls: the first program takes twice as long as any other. */
export function warmUp(): void {
  instrument(example);
}

/** Something of each kind of code that is looked at. */
const example = `class A extends B {
  constructor(p, { q = 1 }) { super(p); this.p = p; }
  m(c) {
    const { k = 'd' } = this.p;
    for (const [x, y] of Object.entries(k)) c['a' + x] = y;
    return { a: this.p.k ?? 1, ...(c && { b: [c, 'x', ...k] }), [c]: () => ({ d: k ? 1 : 2 }) };
  }
}
function f(a, b) { if (a === b) return void 0; return a.map((x) => ({ x, y: \`\${b}-\` })); }
var it = p("x", { owner: 'a' }).stack("dev", dev, (stack) => new A(stack, { c: f(1) }));`;

interface Edit {
  readonly at: number;
  readonly text: string;
  /** It closes what began there. Of several that close at one place the innermost goes first. */
  readonly closes?: number;
}

/** An expression, seen from the literal that it goes into. */
interface Given {
  /** Where the literal stands: names are handed over there. */
  readonly scope: Scope;
  /** Where the expression stands. */
  readonly at: Scope;
  /** The names that are handed over with the site. */
  readonly roots: string[];
  /** How many names lie between the literal and the expression. */
  readonly depth: number;
  /** Where the literal begins. */
  readonly start: number;
  /** Whoever evaluates the literal evaluates the expression. */
  readonly isCertain: boolean;
  /** Expressions that may still be looked at for this field: alternatives of alternatives grow without end. */
  readonly spent: { left: number };
}

const mostDepth = 8;
const mostExpressions = 40;
/** Characters. A longer literal is data, as in a file of JSON: it gets one line. */
const longestLiteral = 50_000;
/** A longer list is data, and its lines are not worth their memory. */
const longestList = 500;

class Work {
  readonly edits: Edit[] = [];
  readonly sites: WrittenSite[] = [];
  readonly #handed = new Map<AnyFunction, Set<number>>();
  /** Constructors of classes that extend another. */
  readonly #derived = new Set<Scope['owner']>();
  #calls = 0;

  constructor(
    readonly scopes: Scopes,
    readonly code: string,
  ) {}

  visit(node: AnyNode, above: Scope | undefined): void {
    const scope = this.scopes.get(node) ?? above;
    if (scope && (node.type === 'ObjectExpression' || node.type === 'ArrayExpression')) {
      if (node.end - node.start > longestLiteral && isData(node)) return;
      this.#literal(node, scope);
    }
    if (scope && node.type === 'ExpressionStatement') this.#assignment(node.expression, scope);
    if (scope && node.type === 'PropertyDefinition') this.#classField(node, scope);
    if ((node.type === 'ClassDeclaration' || node.type === 'ClassExpression') && node.superClass) this.#keepConstructor(node.body);
    for (const child of childrenOf(node)) this.visit(child, scope);
    if (isFunction(node)) this.#nameParams(node);
  }

  #keepConstructor({ body }: ClassBody): void {
    for (const member of body) if (member.type === 'MethodDefinition' && member.kind === 'constructor') this.#derived.add(member.value);
  }

  #literal(node: ObjectExpression | ArrayExpression, scope: Scope): void {
    const given = givenAt(scope, node);
    const fields = node.type === 'ObjectExpression' ? this.#fieldsOfObject(node, given) : this.#fieldsOfList(node, given);
    const items: readonly (AnyNode | null)[] = node.type === 'ObjectExpression' ? node.properties : node.elements;
    const spreads = items.flatMap((item) => (item?.type === 'SpreadElement' ? [this.#spread(item.argument, given)] : []));
    const computed = node.type === 'ObjectExpression' ? this.#computedFields(node, given) : [];
    if (Object.keys(fields).length + spreads.length + computed.length === 0) return;
    const more = { ...(spreads.length > 0 && { spreads }), ...(computed.length > 0 && { computed }) };
    const site = this.sites.push({ at: placeOf(node), fields, ...more }) - 1;
    this.edits.push(
      // `return[…]`: the name must not run into the word.
      { at: node.start, text: `${/\w/.test(this.code[node.start - 1] ?? '') ? ' ' : ''}${noteName}.literal(` },
      { at: node.end, text: `,${site}${rootsText(given)})`, closes: node.start },
    );
  }

  /** `labels.team = 'shop'`, `web.replicas++`, as a statement: its value goes nowhere else. */
  #assignment(expression: Expression, scope: Scope): void {
    if (expression.type !== 'AssignmentExpression' && expression.type !== 'UpdateExpression') return;
    const { start, end } = expression;
    const left = expression.type === 'AssignmentExpression' ? expression.left : expression.argument;
    if (left.type !== 'MemberExpression' || left.object.type === 'Super') return;
    const given = givenAt(scope, expression);
    const object = this.#field(left.object, given);
    const field = this.#step(left, given);
    if (!object || field === undefined) return;
    const at = placeOf(left.property);
    const isPlain = expression.type === 'AssignmentExpression' && /^(\?\?|\|\||&&)?=$/.test(expression.operator);
    const written = isPlain ? this.#written(expression.right, at, given) : { at };
    const site = this.sites.push({ at: placeOf(left), fields: { '': written }, target: { ...object, field } }) - 1;
    this.edits.push({ at: end, text: `,${noteName}.field(${site}${rootsText(given)})`, closes: start });
  }

  /** `replicas = 3` in the body of a class: there, `this` is the object that gets the field. */
  #classField(node: PropertyDefinition, scope: Scope): void {
    const key = keyName(node);
    if (!node.value || key === undefined || node.key.type === 'PrivateIdentifier') return;
    const given: Given = { ...givenAt(scope, node), roots: ['this'] };
    const written = this.#written(node.value, placeOf(node), given);
    const site = this.sites.push({ at: placeOf(node), fields: { '': written }, target: { root: 0, path: [], field: key } }) - 1;
    this.edits.push(
      { at: node.value.start, text: `(${noteName}.field(${site}${rootsText(given)}),` },
      // Around a literal that stands there.
      { at: node.value.end, text: ')', closes: node.value.start - 0.5 },
    );
  }

  #fieldsOfObject({ properties }: ObjectExpression, given: Given): WrittenFields {
    const fields: Record<string, WrittenField> = {};
    for (const property of properties) {
      const key = property.type === 'Property' && property.kind === 'init' ? keyName(property) : undefined;
      if (property.type === 'Property' && key !== undefined && key !== '__proto__')
        fields[key] = this.#written(property.value, placeOf(property), withBudget(given));
    }
    return fields;
  }

  /** `{ [name]: value }` */
  #computedFields({ properties }: ObjectExpression, given: Given): NonNullable<WrittenSite['computed']> {
    return properties.flatMap((property) => {
      if (property.type !== 'Property' || !property.computed || property.kind !== 'init') return [];
      const key = keyIn(property.key, given);
      return key === undefined ? [] : [{ ...this.#written(property.value, placeOf(property), given), key }];
    });
  }

  /** Behind a spread the numbers of a list are not known here. */
  #fieldsOfList({ elements }: ArrayExpression, given: Given): WrittenFields {
    const spread = elements.findIndex((element) => element?.type === 'SpreadElement');
    const fields: Record<string, WrittenField> = {};
    for (const [i, element] of elements.slice(0, Math.min(spread < 0 ? longestList : spread, longestList)).entries()) {
      if (element && element.type !== 'SpreadElement') fields[i] = this.#written(element, placeOf(element), withBudget(given));
    }
    return fields;
  }

  #written(expression: Expression, at: Place, given: Given): WrittenField {
    if (expression.type === 'Literal') return isPlain(expression.value) ? { at, value: expression.value } : { at };
    const from = this.#origins(expression, given);
    if (from.length > 0) return { at, from };
    return isParameter(expression, given) ? { at, isGiven: true } : { at };
  }

  /** What is spread is an object whose fields are wanted, not a value. */
  #spread(expression: Expression, given: Given): WrittenField {
    return { at: placeOf(expression), from: this.#spreadOrigins(expression, given) };
  }

  #spreadOrigins(expression: Expression, given: Given): readonly Origin[] {
    if (expression.type === 'ObjectExpression') return [{ fields: this.#fieldsOfObject(expression, given) } satisfies OriginLiteral];
    const object = this.#field(expression, given);
    if (object) return [object];
    return alternativesOf(expression).flatMap((side) => this.#spreadOrigins(side, { ...given, isCertain: false }));
  }

  /** Where the value of an expression may come from. Nothing: from the expression itself. */
  #origins(expression: Expression, given: Given): readonly Origin[] {
    if (given.depth > mostDepth || given.spent.left-- <= 0) return [];
    if (expression.type === 'ChainExpression') return this.#origins(expression.expression, given);
    if (expression.type === 'Identifier') {
      const binding = given.at.find(expression.name);
      return binding ? this.#ofBinding(expression.name, binding, given) : [];
    }
    if (expression.type === 'MemberExpression') {
      const field = this.#field(expression, given);
      return field ? [field] : [];
    }
    // One of several values: what is not taken from elsewhere is written where it stands.
    const maybe = { ...given, isCertain: false };
    return alternativesOf(expression).flatMap((side) =>
      side.type === 'MemberExpression' ? this.#origins(side, maybe) : [this.#written(side, placeOf(side), maybe)],
    );
  }

  /** Is what is `this` there the same where the literal stands, and can it be read? Before super() there is none. */
  #hasSameThis({ scope, at, isCertain }: Given): boolean {
    const { owner } = withThis(scope);
    return owner === withThis(at).owner && (isCertain || !this.#derived.has(owner));
  }

  /** `props.container.image`, as the value that is handed over and the way from there. */
  #field(expression: AnyNode, given: Given): OriginField | undefined {
    if (expression.type === 'ChainExpression') return this.#field(expression.expression, given);
    if (expression.type === 'ThisExpression') return this.#hasSameThis(given) ? { root: rootOf('this', given), path: [] } : undefined;
    if (expression.type === 'Identifier') return this.#named(expression.name, given);
    if (expression.type === 'CallExpression') return this.#called(expression, given);
    if (expression.type !== 'MemberExpression' || expression.object.type === 'Super') return undefined;
    const above = this.#field(expression.object, given);
    const step = this.#step(expression, given);
    return above && step !== undefined ? { root: above.root, path: [...above.path, step] } : undefined;
  }

  /** `size.of(this).replicas`: what is called right in the literal is kept until that is noted. */
  #called(call: CallExpression, given: Given): OriginField | undefined {
    if (given.depth > 0 || isOptional(call)) return undefined;
    const number = this.#calls++;
    this.edits.push({ at: call.start, text: `${noteName}.keep(${number},` }, { at: call.end, text: ')', closes: call.start });
    return { root: rootOf(`${noteName}.kept(${number})`, given), path: [] };
  }

  /** What is left of an object has its fields from that object. */
  #named(name: string, given: Given): OriginField | undefined {
    if (!canHandOver(name, given)) return undefined;
    const binding = given.at.find(name) as Binding;
    const [origin] = binding.part.isRest ? this.#ofRest(binding, given) : [];
    return origin ?? { root: rootOf(name, given), path: [] };
  }

  #ofRest({ of, part: { path = [] }, scope, assigned }: Binding, given: Given): readonly OriginField[] {
    if (!of || assigned || 'each' in of) return [];
    if ('param' in of) return this.#ofParam(of, path, given);
    const object = this.#field(of.init, { ...given, at: scope, depth: given.depth + 1 });
    return object ? [{ ...object, path: [...object.path, ...path] }] : [];
  }

  #step({ computed, property }: Extract<AnyNode, { readonly type: 'MemberExpression' }>, given: Given): OriginStep | undefined {
    if (property.type === 'Literal') return String(property.value);
    if (!computed) return property.type === 'Identifier' ? property.name : undefined;
    const key = keyIn(property, given);
    return key === undefined ? undefined : { key };
  }

  #ofBinding(name: string, binding: Binding, given: Given): readonly Origin[] {
    const { of, part } = binding;
    if (!of || binding.assigned || part.path === undefined || part.isRest) return [];
    const there = { ...given, at: binding.scope, depth: given.depth + 1 };
    const otherwise = part.otherwise ? [this.#written(part.otherwise, placeOf(part.otherwise), { ...there, isCertain: false })] : [];
    // A parameter that is no pattern has its own name, and where its value came from the caller knows.
    if ('param' in of) return [...(part.path.length > 0 ? this.#ofParam(of, part.path, given) : []), ...otherwise];
    if ('each' in of) return [...this.#ofEach(name, of.each, part.path, there), ...otherwise];
    if (part.path.length === 0) return [this.#written(of.init, placeOf(of.init), there)];
    const object = this.#field(of.init, there);
    return [...(object ? [{ ...object, path: [...object.path, ...part.path] }] : []), ...otherwise];
  }

  /** `({ image }) => …`: the object has no name, so it gets one. */
  #ofParam(
    { in: owner, param }: Extract<Binding['of'], { readonly param: number }>,
    path: readonly string[],
    given: Given,
  ): readonly OriginField[] {
    if (!canNameParams(owner)) return [];
    this.#handed.set(owner, (this.#handed.get(owner) ?? new Set()).add(param));
    return [{ root: rootOf(paramName(owner, param), given), path }];
  }

  /** `for (const [name, port] of Object.entries(ports))`: the port is the field of that name. */
  #ofEach(name: string, { list, entries, pattern }: EachPattern, path: readonly string[], given: Given): readonly Origin[] {
    const object = this.#field(list.type === 'LogicalExpression' ? list.left : list, given);
    if (!object || !canHandOver(name, given)) return [];
    if (!entries) return path.length === 0 ? [{ ...object, path: [...object.path, { element: rootOf(name, given) }] }] : [];
    const key = pattern.type === 'ArrayPattern' ? pattern.elements[0] : undefined;
    if (path[0] !== '1' || key?.type !== 'Identifier' || !canHandOver(key.name, given)) return [];
    return [{ ...object, path: [...object.path, { key: rootOf(key.name, given) }, ...path.slice(1)] }];
  }

  /** `({ image }) => …` becomes `(...{0:named,0:{ image }}) => …`: the object has a name beside those of its parts. */
  #nameParams(node: AnyFunction): void {
    const named = this.#handed.get(node);
    const [first, last] = [node.params[0], node.params.at(-1)];
    if (!named || !first || !last) return;
    const comma = /(?:\s|\/\*[\s\S]*?\*\/|\/\/.*)*,/y;
    comma.lastIndex = last.end;
    // Behind a rest no comma may stand, inside of it one may.
    const end = comma.test(this.code) ? comma.lastIndex : last.end;
    this.edits.push({ at: first.start, text: '...{' }, { at: end, text: '}', closes: first.start });
    node.params.forEach((param, i) => {
      this.edits.push({ at: param.start, text: `${named.has(i) ? `${i}:${paramName(node, i)},` : ''}${i}:` });
    });
  }
}

type EachPattern = Extract<NonNullable<Binding['of']>, { readonly each: unknown }>['each'];

/** The expressions one of which gives the value; none where it is not that simple. */
function alternativesOf(expression: Expression): readonly Expression[] {
  if (expression.type === 'ConditionalExpression') return [expression.consequent, expression.alternate];
  if (expression.type !== 'LogicalExpression') return [];
  return expression.operator === '&&' ? [expression.right] : [expression.left, expression.right];
}

function paramName(owner: AnyFunction, param: number): string {
  return `__konfig${owner.start}_${param}`;
}

/** An arrow function has the `this` of what is around it. */
function withThis(scope: Scope): Scope {
  const { running } = scope;
  return running.owner?.type === 'ArrowFunctionExpression' && running.parent ? withThis(running.parent) : running;
}

function rootOf(name: string, { roots }: Given): number {
  const known = roots.indexOf(name);
  return known >= 0 ? known : roots.push(name) - 1;
}

/** A key that names and texts make: `name`, `` `app-${name}` ``, `'app-' + name`. Undefined for all that would have to be calculated once more. */
function keyIn(expression: AnyNode, given: Given): WrittenKey | undefined {
  const found = textIn(expression, given);
  const [only, ...more] = found?.parts ?? [];
  return typeof only === 'number' && more.length === 0 ? only : found?.parts;
}

interface KeyText {
  readonly parts: readonly (string | number)[];
  /** Not maybe a number, to which another one would be added. */
  readonly isText: boolean;
}

function textIn(node: AnyNode, given: Given): KeyText | undefined {
  if (node.type === 'Literal') return typeof node.value === 'string' ? { parts: [node.value], isText: true } : undefined;
  if (node.type === 'Identifier') return canHandOver(node.name, given) ? { parts: [rootOf(node.name, given)], isText: false } : undefined;
  if (node.type === 'TemplateLiteral') return textOfTemplate(node, given);
  if (node.type !== 'BinaryExpression' || node.operator !== '+' || node.left.type === 'PrivateIdentifier') return undefined;
  const [left, right] = [textIn(node.left, given), textIn(node.right, given)];
  if (!left || !right || !(left.isText || right.isText)) return undefined;
  return { parts: [...left.parts, ...right.parts], isText: true };
}

function textOfTemplate({ quasis, expressions }: TemplateLiteral, given: Given): KeyText | undefined {
  const texts = expressions.map((expression) => textIn(expression, given));
  if (!texts.every((text) => text !== undefined)) return undefined;
  const parts = quasis.flatMap(({ value }, i) => [value.cooked ?? '', ...(texts[i]?.parts ?? [])]);
  return { parts: parts.filter((part) => part !== ''), isText: true };
}

function rootsText({ roots }: Given): string {
  return roots.map((name) => `,${name}`).join('');
}

/** It is one of the program's own names, and means the same at the literal: reading it there does nothing else. */
function canHandOver(name: string, { scope, at, isCertain, start }: Given): boolean {
  const binding = at.find(name);
  if (binding === undefined || scope.find(name) !== binding) return false;
  // Read where the program does not read it, a constant could be read before it is there.
  const isThere = binding.from === undefined || (binding.from <= start && binding.scope.running === scope.running);
  return isCertain || isThere;
}

function givenAt(scope: Scope, { start }: AnyNode): Given {
  return { scope, at: scope, roots: [], depth: 0, start, isCertain: true, spent: { left: mostExpressions } };
}

function withBudget(given: Given): Given {
  return { ...given, spent: { left: mostExpressions } };
}

/** A plain parameter: its value is known to whoever calls. */
function isParameter(expression: Expression, { at }: Given): boolean {
  const binding = expression.type === 'Identifier' ? at.find(expression.name) : undefined;
  return binding?.of !== undefined && 'param' in binding.of && !binding.assigned && binding.part.path?.length === 0;
}

/** Values that were written out, and nothing else. */
function isData(node: AnyNode): boolean {
  if (node.type === 'Literal') return true;
  if (node.type === 'UnaryExpression') return isData(node.argument);
  if (node.type === 'ArrayExpression') return node.elements.every((element) => element !== null && isData(element));
  return node.type === 'ObjectExpression' && node.properties.every((property) => property.type === 'Property' && isData(property.value));
}

/** `web?.size().cpu` ends where there is no `web`; with something put around a part of it, it would go on. */
function isOptional(node: AnyNode): boolean {
  if (node.type === 'CallExpression') return node.optional || node.callee.type === 'Super' || isOptional(node.callee);
  return node.type === 'MemberExpression' && (node.optional || isOptional(node.object));
}

function isPlain(value: unknown): value is string | number | boolean {
  return typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean';
}

function placeOf({ loc }: AnyNode): Place {
  return loc ? [loc.start.line, loc.start.column] : [1, 0];
}

/** Puts the texts in. None has a line break, so that only columns change. */
function insert(code: string, edits: readonly Edit[]): Pick<Instrumented, 'code' | 'shifts'> {
  const pieces: string[] = [];
  const shifts: Record<number, [column: number, length: number][]> = {};
  let [done, line, lineStart] = [0, 1, 0];
  for (const { at, text } of [...edits].sort(inOrder)) {
    const piece = code.slice(done, at);
    for (let end = piece.indexOf('\n'); end >= 0; end = piece.indexOf('\n', end + 1)) {
      line++;
      lineStart = done + end + 1;
    }
    pieces.push(piece, text);
    shifts[line] ??= [];
    shifts[line]?.push([at - lineStart, text.length]);
    done = at;
  }
  pieces.push(code.slice(done));
  return { code: pieces.join(''), shifts };
}

function inOrder(one: Edit, other: Edit): number {
  if (one.at !== other.at) return one.at - other.at;
  if (one.closes === undefined || other.closes === undefined) return Number(one.closes === undefined) - Number(other.closes === undefined);
  return other.closes - one.closes;
}
