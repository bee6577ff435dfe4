// One provider or resource type as the text of a TypeScript class.

export interface Provider {
  readonly library: 'cdktf' | 'cdktn';
  /** As `required_providers` has it: `hashicorp/aws`. */
  readonly source: string;
  readonly version: string;
}

/** As `terraform providers schema -json` has them: https://developer.hashicorp.com/terraform/cli/commands/providers/schema */
export interface Schema {
  readonly block: Block;
}

interface Block {
  readonly attributes?: { readonly [name: string]: Attribute };
  readonly block_types?: { readonly [name: string]: NestedBlock };
}

interface Attribute {
  readonly type?: Type;
  readonly description?: string;
  readonly required?: boolean;
  readonly optional?: boolean;
  readonly computed?: boolean;
  readonly sensitive?: boolean;
}

type Type = 'string' | 'number' | 'bool' | readonly ['list' | 'set' | 'map', Type] | readonly ['object', { readonly [name: string]: Type }];

interface NestedBlock {
  readonly nesting_mode: 'single' | 'list' | 'set';
  readonly block: Block;
  readonly min_items?: number;
  readonly max_items?: number;
}

/** A property of a configuration: `write` is how it becomes Terraform's JSON. */
interface Property {
  readonly name: string;
  readonly doc: string;
  readonly isRequired: boolean;
  readonly type: string;
  readonly write: (value: string) => string;
}

interface Structure {
  readonly name: string;
  readonly properties: ReadonlyMap<string, Property>;
  /** Terraform takes an attribute's object only whole: what is not set is null, where a block leaves it out. */
  readonly isWhole: boolean;
}

/** What a resource type is called, and its file: `random_password` is `password`, and `random_string` no String. */
export function resourceName(type: string): string {
  const name = type.slice(type.indexOf('_') + 1);
  return ['string', 'static'].includes(name) ? `${name}_resource` : name;
}

export function resourceBinding(provider: Provider, type: string, { block }: Schema): string {
  const name = pascal(resourceName(type));
  const [config, ...structures] = structuresOf(`${name}Config`, name, block);
  const getters = Object.entries(block.attributes ?? {}).map(([attribute, { type }]) => getter(attribute, type));
  return `${header(provider)}
    import { ${imports(config, structures, getters.join(), ['TerraformMetaArguments', 'TerraformResource'])} } from '${provider.library}';
    import type { Construct } from 'constructs';

    ${interfaceOf(config, 'TerraformMetaArguments')}
    ${structures.map((each) => interfaceOf(each)).join('\n')}
    export class ${name} extends TerraformResource {
      static readonly tfResourceType = '${type}';
      readonly #config: ${config.name};

      constructor(scope: Construct, id: string, config: ${config.name}${otherwise(config)}) {
        super(scope, id, { ...config, terraformResourceType: '${type}', terraformGeneratorMetadata: ${metadata(provider)} });
        this.#config = config;
      }

      ${getters.join('\n')}
      protected override synthesizeAttributes(): { [name: string]: unknown } {
        return ${written(config, 'this.#config')};
      }
    }
    ${structures.map(writerOf).join('\n')}`;
}

export function providerBinding(provider: Provider, { block }: Schema): string {
  const short = provider.source.split('/')[1] as string;
  const name = `${pascal(short)}Provider`;
  const [own, ...structures] = structuresOf(`${name}Config`, name, block);
  const config = withAlias(own);
  return `${header(provider)}
    import { ${imports(config, structures, '', ['TerraformProvider'])} } from '${provider.library}';
    import type { Construct } from 'constructs';

    ${interfaceOf(config)}
    ${structures.map((each) => interfaceOf(each)).join('\n')}
    export class ${name} extends TerraformProvider {
      static readonly tfResourceType = '${short}';
      #config: ${config.name};

      constructor(scope: Construct, id: string, config: ${config.name}${otherwise(config)}) {
        super(scope, id, {
          terraformResourceType: '${short}',
          terraformGeneratorMetadata: ${metadata(provider)},
          terraformProviderSource: '${provider.source}',
        });
        this.#config = config;
      }

      override get alias(): string | undefined { return this.#config.alias; }

      override set alias(alias: string | undefined) { this.#config = { ...this.#config, alias }; }

      protected override synthesizeAttributes(): { [name: string]: unknown } {
        return ${written(config, 'this.#config')};
      }
    }
    ${structures.map(writerOf).join('\n')}`;
}

function header({ source, version }: Provider): string {
  return `// Written by test/testbed/terraform/bindings.ts from what ${source} ${version} says of itself.`;
}

function metadata({ source, version }: Provider): string {
  return `{ providerName: '${source.split('/')[1]}', providerVersion: '${version}', providerVersionConstraint: '${version}' }`;
}

function imports(config: Structure, structures: readonly Structure[], getters: string, names: readonly string[]): string {
  const types = [config, ...structures].flatMap(({ properties }) => [...properties.values()].map(({ type }) => type)).join();
  const all = `${types}${getters}`.includes('IResolvable') ? ['IResolvable', ...names] : names;
  return all.map((each) => (/^(IResolvable|TerraformMetaArguments)$/.test(each) ? `type ${each}` : each)).join(', ');
}

function otherwise({ properties }: Structure): string {
  return [...properties.values()].some(({ isRequired }) => isRequired) ? '' : ' = {}';
}

function withAlias(config: Structure): Structure {
  const alias: Property = { name: 'alias', doc: '', isRequired: false, type: 'string | undefined', write: asItIs };
  return { ...config, properties: new Map([['alias', alias], ...config.properties]) };
}

/** The structure of a block first, then those of what is in it. */
function structuresOf(name: string, prefix: string, { attributes = {}, block_types = {} }: Block): [Structure, ...Structure[]] {
  const inner: Structure[] = [];
  const properties = new Map<string, Property>();
  for (const [key, attribute] of Object.entries(attributes)) {
    if (!attribute.required && !attribute.optional) continue;
    const [type, write] = typed(attribute.type, `${prefix}${pascal(key)}`, inner);
    properties.set(key, { name: camel(key), doc: docOf(attribute), isRequired: attribute.required === true, type, write });
  }
  for (const [key, { nesting_mode, block, min_items, max_items }] of Object.entries(block_types)) {
    const [own, ...others] = structuresOf(`${prefix}${pascal(key)}`, `${prefix}${pascal(key)}`, block);
    inner.push(own, ...others);
    const isOne = nesting_mode === 'single' || max_items === 1;
    const writer = `write${own.name}`;
    properties.set(key, {
      name: camel(key),
      doc: '',
      isRequired: (min_items ?? 0) > 0,
      type: isOne ? own.name : `readonly ${own.name}[]`,
      write: (value) => (isOne ? `${value} && ${writer}(${value})` : `${value}?.map(${writer})`),
    });
  }
  return [{ name, properties, isWhole: false }, ...inner];
}

const asItIs = (value: string) => value;

/** A type of Terraform's in TypeScript's words, and how a value of it is written; objects in it are added to `structures`. */
function typed(type: Type | undefined, name: string, structures: Structure[]): [type: string, write: Property['write']] {
  if (type === 'string' || type === 'number') return [type, asItIs];
  if (type === 'bool') return ['boolean | IResolvable', asItIs];
  if (type === undefined) throw new Error(`${name} has attributes of its own, which is not known how to write.`);
  const [kind, of] = type;
  if (kind === 'object') {
    const properties = new Map<string, Property>();
    for (const [key, each] of Object.entries(of)) {
      const [inner, write] = typed(each, `${name}${pascal(key)}`, structures);
      properties.set(key, { name: camel(key), doc: '', isRequired: false, type: inner, write });
    }
    structures.push({ name, properties, isWhole: true });
    return [name, (value) => `write${name}(${value})`];
  }
  const [inner] = typed(of, name, structures);
  const isOfObjects = Array.isArray(of) && of[0] === 'object';
  const union = inner.includes('|') ? `(${inner})` : inner;
  if (kind === 'map') return [`{ readonly [name: string]: ${inner} }`, asItIs];
  return [`readonly ${union}[]`, isOfObjects ? (value) => `${value}?.map(write${name})` : asItIs];
}

/** The first sentence, where it is short. */
function docOf({ description = '', sensitive }: Attribute): string {
  const first = /^.*?\.(?= |$)/.exec(description.replaceAll(/\s+/g, ' ').replaceAll('*/', '* /'))?.[0] ?? '';
  return [first.length <= 120 ? first : '', sensitive ? 'Sensitive.' : ''].filter(Boolean).join(' ');
}

function interfaceOf({ name, properties }: Structure, parent?: string): string {
  const lines = [...properties.values()].map(
    ({ name, doc, isRequired, type }) => `${doc && `/** ${doc} */\n`}readonly ${name}${isRequired ? '' : '?'}: ${type};`,
  );
  return `export interface ${name} ${parent ? `extends ${parent} ` : ''}{\n${lines.join('\n')}\n}\n`;
}

function written({ properties, isWhole }: Structure, from: string): string {
  const lines = [...properties].map(([key, { name, write }]) => `${key}: ${write(`${from}.${name}`)}${isWhole ? ' ?? null' : ''},`);
  return `{ ${lines.join('\n')} }`;
}

function writerOf(structure: Structure): string {
  return `\nfunction write${structure.name}(from: ${structure.name}): { [name: string]: unknown } { return ${written(structure, 'from')}; }`;
}

const readers: { readonly [type: string]: readonly [method: string, type: string] } = {
  '"string"': ['getStringAttribute', 'string'],
  '"number"': ['getNumberAttribute', 'number'],
  '"bool"': ['getBooleanAttribute', 'IResolvable'],
  '["list","string"]': ['getListAttribute', 'string[]'],
  '["set","string"]': ['getListAttribute', 'string[]'],
  '["list","number"]': ['getNumberListAttribute', 'number[]'],
  '["map","string"]': ['getStringMapAttribute', '{ [name: string]: string }'],
};

function getter(attribute: string, type: Type | undefined): string {
  const [method, result] = readers[JSON.stringify(type)] ?? ['interpolationForAttribute', 'IResolvable'];
  return `get ${camel(attribute)}(): ${result} { return this.${method}('${attribute}'); }\n`;
}

function camel(name: string): string {
  return name.replaceAll(/_([a-z0-9])/g, (_, letter: string) => letter.toUpperCase());
}

function pascal(name: string): string {
  return camel(`_${name}`);
}
