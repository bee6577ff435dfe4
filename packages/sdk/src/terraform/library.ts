// The copy of cdktf or cdktn that a program's Terraform stack is made with, as far as we use it. The SDK itself loads neither: whoever has made such a
// stack has loaded one, and it is found among the loaded modules.
import { KonfigError } from '@konfig/core';
import type { Construct, IConstruct } from 'constructs';

/** Which of the two a construct is made with. */
export type Bindings = 'cdktf' | 'cdktn';

/** A TerraformStack. */
export interface TerraformStack extends Construct {
  /** Those that it was told to wait for. */
  readonly dependencies: readonly TerraformStack[];
  prepareStack(): void;
  toTerraform(): { readonly [block: string]: unknown };
  allocateLogicalId(node: { readonly scopes: readonly unknown[] }): string;
}

/** A resource, data source, variable, output, provider, module or local value. */
export interface TerraformElement extends Construct {
  readonly friendlyUniqueId: string;
  toTerraform(): { readonly [block: string]: unknown };
}

/** A value that stands for an expression of Terraform. */
export interface TerraformToken {
  readonly creationStack: unknown;
  resolve(context: unknown): unknown;
}

interface Config {
  readonly [field: string]: unknown;
}

/** What we use of either package: https://github.com/hashicorp/terraform-cdk, https://github.com/open-constructs/cdk-terrain. */
export interface TerraformLibrary {
  readonly TerraformStack: new (scope: Construct, id: string) => TerraformStack;
  readonly TerraformOutput: new (scope: Construct, id: string, config: Config) => TerraformElement;
  readonly TerraformVariable: new (
    scope: Construct,
    id: string,
    config: Config,
  ) => TerraformElement & {
    overrideLogicalId(id: string): void;
    readonly stringValue: string;
    readonly numberValue: number;
    readonly listValue: string[];
    readonly value: unknown;
  };
  readonly Aspects: { of(construct: IConstruct): { readonly all: readonly { visit(construct: IConstruct): void }[] } };
  readonly Tokenization: { resolve(value: unknown, options: { scope: Construct; resolver: object; preparing: boolean }): unknown };
  readonly DefaultTokenResolver: new (concat: object) => object;
  readonly StringConcat: new () => object;
}

const hasBrand = (name: string) => {
  const brand = Symbol.for(name);
  return (value: unknown): boolean => typeof value === 'object' && value !== null && brand in value;
};

/** Both packages mark what they make by the same symbols. */
export const isTerraformStack = hasBrand('cdktf/TerraformStack') as (value: unknown) => value is TerraformStack;
export const isTerraformElement = hasBrand('cdktf/TerraformElement') as (value: unknown) => value is TerraformElement;
export const isTerraformOutput = hasBrand('cdktf/TerraformOutput');
export const isTerraformBackend = hasBrand('cdktf/TerraformBackend');
/** What writes files of its own when it is synthesised: an asset. */
export const writesFiles = hasBrand('cdktf/customSynthesis');

/** The Terraform stack that a construct is in, or is itself. */
export function terraformStackOf(construct: IConstruct): TerraformStack | undefined {
  return construct.node.scopes.findLast(isTerraformStack) as TerraformStack | undefined;
}

const typeName = Symbol.for('jsii.rtti');

/** The package of the nearest of its classes that is of one of the two; undefined where none is. */
export function bindingsOf(construct: IConstruct): Bindings | undefined {
  for (let type: unknown = construct.constructor; typeof type === 'function'; type = Object.getPrototypeOf(type)) {
    const named = Object.hasOwn(type, typeName) ? (type as { [typeName]?: { readonly fqn?: unknown } })[typeName]?.fqn : undefined;
    const found = /^(cdktf|cdktn)\./.exec(String(named))?.[1];
    if (found) return found as Bindings;
  }
  return undefined;
}

const libraries = new WeakMap<TerraformStack, TerraformLibrary>();

/** The very copy that a stack was made with. */
export function libraryOf(stack: TerraformStack): TerraformLibrary {
  const known = libraries.get(stack);
  if (known) return known;
  const found = Object.keys(require.cache)
    .filter((file) => /[\\/]lib[\\/]index\.js$/.test(file))
    .map((file) => require.cache[file]?.exports as Partial<TerraformLibrary> | undefined)
    .find((exports) => isLibrary(exports) && Object.prototype.isPrototypeOf.call(exports.TerraformStack.prototype as object, stack));
  if (!isLibrary(found)) {
    throw new KonfigError({
      code: 'PROGRAM_PACKAGES',
      message: `The package that the Terraform stack ${stack.node.path} is made with is not among those that the program has loaded.`,
      hint: 'Import TerraformStack from cdktf 0.21 or cdktn 0.24.',
    });
  }
  libraries.set(stack, found);
  return found;
}

function isLibrary(exports: Partial<TerraformLibrary> | undefined): exports is TerraformLibrary {
  return typeof exports === 'object' && exports !== null && 'TerraformStack' in exports && 'Tokenization' in exports;
}

/** The value as Terraform's own language has it: `${aws_db_instance.main.address}`. */
export function expressionOf(value: unknown, stack: TerraformStack): unknown {
  const { Tokenization, DefaultTokenResolver, StringConcat } = libraryOf(stack);
  return Tokenization.resolve(value, { scope: stack, resolver: new DefaultTokenResolver(new StringConcat()), preparing: false });
}

/** Of the copies of either package that a program may have loaded: all of them keep their tokens in this one. */
export interface TokenMap {
  splitString(text: string): { readonly fragments: readonly TokenFragment[] };
  lookupNumberToken(value: number): TerraformToken | undefined;
  lookupNumberList(value: readonly number[]): TerraformToken | undefined;
  lookupList(value: readonly string[]): TerraformToken | undefined;
  lookupMap(value: object): TerraformToken | undefined;
}

export type TokenFragment =
  | { readonly type: 'literal'; readonly lit: string }
  | { readonly type: 'token'; readonly token: TerraformToken }
  | { readonly type: 'escape' | 'intrinsic' };

/** Undefined where the program has loaded neither package: then no value of it is a token. */
export function tokenMap(): TokenMap | undefined {
  return (globalThis as { __cdktfTokenMap?: TokenMap }).__cdktfTokenMap;
}
