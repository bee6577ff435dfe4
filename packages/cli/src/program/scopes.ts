// What a name stands for at a place in a program: its binding, found before anything is said about values.
import type {
  AnyNode,
  ArrowFunctionExpression,
  Expression,
  FunctionDeclaration,
  FunctionExpression,
  Pattern,
  Program,
  VariableDeclaration,
} from 'acorn';

/** A function in any form. */
export type AnyFunction = FunctionDeclaration | FunctionExpression | ArrowFunctionExpression;

/** A part of a pattern: `{ a }` is the key `a`, `[, b]` the key `1`. */
export interface Part {
  /** From the value that the pattern takes apart; undefined: not known here. */
  readonly path: readonly string[] | undefined;
  /** What is left of the object at that path: a new object with some of its fields. */
  readonly isRest?: true;
  /** What it is where there is nothing. */
  readonly otherwise?: Expression;
}

/** What a name stands for. */
export interface Binding {
  /** The value that it, or the pattern it stands in, was made of. */
  readonly of: { readonly init: Expression } | { readonly param: number; readonly in: AnyFunction } | { readonly each: EachOf } | undefined;
  readonly part: Part;
  /** It is given another value later. */
  assigned: boolean;
  /** Where it was declared. */
  readonly scope: Scope;
  /** From here on it can be read, where it may be read too early: `let`, `const`, `class`. */
  readonly from?: number;
}

/** One turn of a loop over a list, or over the entries of an object. */
export interface EachOf {
  readonly list: Expression;
  readonly entries: boolean;
  readonly pattern: Pattern;
}

/** Names, from the inside out. */
export class Scope {
  readonly names = new Map<string, Binding>();

  constructor(
    readonly parent: Scope | undefined,
    /** The function whose scope this is; undefined for a block. */
    readonly owner: AnyFunction | Program | undefined,
  ) {}

  find(name: string): Binding | undefined {
    return this.names.get(name) ?? this.parent?.find(name);
  }

  /** The function, or the program, that runs here. */
  get running(): Scope {
    return this.owner ? this : (this.parent?.running ?? this);
  }
}

/** The scope that each node opens. */
export type Scopes = ReadonlyMap<AnyNode, Scope>;

/** Finds every binding, and which of them are given another value. */
export function scopesOf(program: Program): Scopes {
  const scopes = new Map<AnyNode, Scope>();
  const visit = (node: AnyNode, above: Scope | undefined): void => {
    const scope = opensScope(node) ? open(node, above, scopes) : above;
    if (scope) markAssigned(node, scope);
    for (const child of childrenOf(node)) visit(child, scope);
  };
  visit(program, undefined);
  return scopes;
}

const opening = new Set<AnyNode['type']>([
  'Program',
  'FunctionDeclaration',
  'FunctionExpression',
  'ArrowFunctionExpression',
  'BlockStatement',
  'ForStatement',
  'ForOfStatement',
  'ForInStatement',
  'SwitchStatement',
  'CatchClause',
  'ClassDeclaration',
  'ClassExpression',
  'StaticBlock',
]);

function opensScope(node: AnyNode): boolean {
  return opening.has(node.type);
}

function open(node: AnyNode, above: Scope | undefined, scopes: Map<AnyNode, Scope>): Scope {
  const isOwner = node.type === 'Program' || isFunction(node);
  const scope = new Scope(above, isOwner ? node : undefined);
  scopes.set(node, scope);
  declare(node, scope, scopes);
  return scope;
}

function declare(node: AnyNode, scope: Scope, scopes: Scopes): void {
  if (isFunction(node)) {
    const each = eachBy.get(node);
    node.params.forEach((param, i) => {
      // An object's fields are found by the object, which is handed over itself.
      const isElement = i === 0 && each && (param.type === 'Identifier' || each.entries);
      bind(param, scope, isElement ? { each: { ...each, pattern: param } } : { param: i, in: node });
    });
    if (node.type === 'FunctionExpression' && node.id) scope.names.set(node.id.name, unknown(scope));
  } else if (node.type === 'CatchClause') {
    if (node.param) bind(node.param, scope, undefined);
  } else if ((node.type === 'ClassDeclaration' || node.type === 'ClassExpression') && node.id) {
    scope.names.set(node.id.name, { ...unknown(scope), from: node.end });
  } else if (node.type === 'ForOfStatement' && node.left.type === 'VariableDeclaration') {
    const [declarator] = node.left.declarations;
    if (declarator) bind(declarator.id, scope, { each: { ...listOf(node.right), pattern: declarator.id } });
  } else if (node.type === 'ForStatement' && node.init?.type === 'VariableDeclaration') declareVariables(node.init, scope);
  for (const statement of statementsOf(node)) declareStatement(statement, scope, scopes);
}

function declareStatement(statement: AnyNode, scope: Scope, scopes: Scopes): void {
  if (statement.type === 'VariableDeclaration') declareVariables(statement, scope);
  else if (statement.type === 'FunctionDeclaration' || statement.type === 'ClassDeclaration') {
    if (statement.id)
      scope.names.set(statement.id.name, { ...unknown(scope), ...(statement.type === 'ClassDeclaration' && { from: statement.end }) });
  } else if (statement.type === 'ExportNamedDeclaration' && statement.declaration) declareStatement(statement.declaration, scope, scopes);
}

function statementsOf(node: AnyNode): readonly AnyNode[] {
  if (node.type === 'Program' || node.type === 'BlockStatement' || node.type === 'StaticBlock') return node.body;
  if (node.type === 'SwitchStatement') return node.cases.flatMap(({ consequent }) => consequent);
  return [];
}

/** A `var` counts where it stands; the bundler writes it for what was a `const` at the top level of a module. */
function declareVariables({ declarations, kind }: VariableDeclaration, scope: Scope): void {
  for (const { id, init, end } of declarations) bind(id, scope, init ? { init } : undefined, kind === 'var' ? undefined : end);
}

function unknown(scope: Scope): Binding {
  return { of: undefined, part: { path: [] }, assigned: false, scope };
}

function bind(pattern: Pattern, scope: Scope, of: Binding['of'], from?: number): void {
  for (const { name, part } of namesIn(pattern, { path: [] })) {
    const before = scope.names.get(name);
    // Declared twice (`var`): which one holds is not known here.
    scope.names.set(name, { of, part, assigned: before !== undefined, scope, ...(from !== undefined && { from }) });
  }
}

function namesIn(pattern: Pattern, part: Part): readonly { readonly name: string; readonly part: Part }[] {
  switch (pattern.type) {
    case 'Identifier':
      return [{ name: pattern.name, part }];
    case 'AssignmentPattern':
      return namesIn(pattern.left, { ...part, otherwise: pattern.right });
    case 'RestElement':
      return namesIn(pattern.argument, { path: undefined });
    case 'ArrayPattern':
      return pattern.elements.flatMap((element, i) => (element ? namesIn(element, below(part, String(i))) : []));
    case 'ObjectPattern':
      return pattern.properties.flatMap((property) => {
        if (property.type === 'RestElement') return namesIn(property.argument, { path: part.path, isRest: true });
        return namesIn(property.value, below(part, keyName(property)));
      });
    default:
      return [];
  }
}

function below({ path }: Part, key: string | undefined): Part {
  return { path: path && key !== undefined ? [...path, key] : undefined };
}

/** The name of a key that is written out: `a`, `'a'`, `1`. */
export function keyName({ key, computed }: { readonly key: AnyNode; readonly computed: boolean }): string | undefined {
  if (key.type === 'Literal') return String(key.value);
  return key.type === 'Identifier' && !computed ? key.name : undefined;
}

function markAssigned(node: AnyNode, scope: Scope): void {
  if (node.type === 'CallExpression') noteCallback(node);
  if ((node.type === 'Property' || node.type === 'MethodDefinition') && node.kind === 'set') setters.add(node.value);
  const targets =
    node.type === 'AssignmentExpression'
      ? [node.left]
      : node.type === 'UpdateExpression'
        ? [node.argument]
        : (node.type === 'ForOfStatement' || node.type === 'ForInStatement') && node.left.type !== 'VariableDeclaration'
          ? [node.left]
          : [];
  for (const target of targets) {
    for (const { name } of namesIn(target as Pattern, { path: [] })) {
      const binding = scope.find(name);
      if (binding) binding.assigned = true;
    }
  }
}

const setters = new WeakSet<AnyNode>();

/** May the parameters be written in another form? A setter has exactly one; a rest cannot stand in a pattern of keys. */
export function canNameParams(node: AnyFunction): boolean {
  return !setters.has(node) && node.params.every((param) => param.type !== 'RestElement');
}

/** Callbacks that are called for each element of a list. */
const eachBy = new WeakMap<AnyFunction, Omit<EachOf, 'pattern'>>();
const visiting = new Set(['map', 'flatMap', 'forEach', 'filter', 'find', 'every', 'some']);

function noteCallback(call: Extract<AnyNode, { readonly type: 'CallExpression' }>): void {
  const { callee } = call;
  const [callback] = call.arguments;
  if (callee.type !== 'MemberExpression' || callee.property.type !== 'Identifier' || callee.computed) return;
  if (!callback || !isFunction(callback) || !visiting.has(callee.property.name) || callee.object.type === 'Super') return;
  eachBy.set(callback, listOf(callee.object));
}

/** The list itself, or the object whose entries are gone through; what was filtered before has the same elements. */
function listOf(expression: Expression): Omit<EachOf, 'pattern'> {
  if (expression.type === 'CallExpression' && expression.callee.type === 'MemberExpression') {
    const { object, property } = expression.callee;
    const [first] = expression.arguments;
    const name = property.type === 'Identifier' ? property.name : undefined;
    if (object.type === 'Identifier' && object.name === 'Object' && name === 'entries' && first && first.type !== 'SpreadElement')
      return { list: first, entries: true };
    if ((name === 'filter' || name === 'sort' || name === 'toSorted' || name === 'reverse' || name === 'slice') && object.type !== 'Super')
      return listOf(object);
  }
  return { list: expression, entries: false };
}

export function isFunction(node: AnyNode): node is AnyFunction {
  return node.type === 'FunctionDeclaration' || node.type === 'FunctionExpression' || node.type === 'ArrowFunctionExpression';
}

/** The nodes right below one, in the order of the text. */
export function childrenOf(node: AnyNode): readonly AnyNode[] {
  const children: AnyNode[] = [];
  for (const value of Object.values(node)) {
    if (Array.isArray(value)) {
      for (const item of value) if (isNode(item)) children.push(item);
    } else if (isNode(value)) children.push(value);
  }
  return children;
}

function isNode(value: unknown): value is AnyNode {
  return typeof value === 'object' && value !== null && typeof (value as AnyNode).type === 'string';
}
