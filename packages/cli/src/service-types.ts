// The TypeScript of a service's resources, by what the service says of itself: config, outputs, secrets, and the construct of each type.
import type { JsonObject } from '@konfig/core';
import type { Description, TypeDescription } from '@konfig/runtimes';
import { comment, quoted, type Side, schemaTypes } from './schema-types';

/** A whole file, of types that are called like Entry. The same description gives the same bytes. */
export function serviceTypes({ name, types }: Pick<Description, 'name' | 'types'>): string {
  const known = Object.keys(types).sort();
  const file = fileOf(name, known);
  const parts = known.map((type) => typeText(file, type, types[type] as TypeDescription));
  return [
    `// What the service ${comment(name)} says of itself, written by konfig service types. Write it anew rather than change it.`,
    `import { ${file.base.text}, type ${file.props.text} } from '@konfig/sdk';`,
    `import type { ${file.construct.text} } from 'constructs';`,
    '',
    ...parts,
  ].join('\n');
}

/** What all types of one file share. */
interface File {
  readonly service: string;
  readonly classes: ReadonlyMap<string, string>;
  readonly base: Imported;
  readonly props: Imported;
  readonly construct: Imported;
  /** A name that nothing else in the file has: as it is, or with `_` behind it, which no type has. */
  readonly free: (name: string) => string;
}

interface Imported {
  readonly name: string;
  readonly text: string;
}

function fileOf(service: string, types: readonly string[]): File {
  // TypeScript takes no class of this name.
  const taken = new Set(['Object']);
  const free = (name: string): string => {
    if (taken.has(name)) return free(`${name}_`);
    taken.add(name);
    return name;
  };
  const imported = (name: string): Imported => {
    const here = free(name);
    return { name: here, text: here === name ? name : `${name} as ${here}` };
  };
  const classes = new Map(types.map((type) => [type, free(type)]));
  const [base, props, construct] = [imported('ServiceResource'), imported('ServiceResourceProps'), imported('Construct')];
  return { service, classes, base, props, construct, free };
}

function typeText(file: File, type: string, { description, config, outputs = {}, secrets = {} }: TypeDescription): string {
  const { service, base, props, construct, free } = file;
  const { examples: _, ...checked } = config;
  const schema = `${(type[0] as string).toLowerCase()}${type.slice(1)}Schema`;
  const part = (said: JsonObject, side: Side, name: string) => ({ name, ...schemaTypes(said, { name, side, free }) });
  const given = part(config, 'given', free(`${type}Config`));
  const told = part(outputs, 'told', free(`${type}Outputs`));
  const kept = part(secrets, 'told', free(`${type}Secrets`));
  return `${[...given.named, ...told.named, ...kept.named].join('')}/** What ${type} is told. */
export interface ${given.name} ${given.body}

/** What the service tells of it once it is applied. */
export interface ${told.name} ${told.body}

/** What the service keeps secret of it. */
export interface ${kept.name} ${kept.body}

const ${schema} = ${JSON.stringify(checked, null, 2)};

/** ${comment(description ?? `A resource of ${service}.`)} */
export class ${file.classes.get(type)} extends ${base.name}<${given.name}, ${told.name}, ${kept.name}> {
  constructor(scope: ${construct.name}, id: string, props: ${props.name}<${given.name}>) {
    super(scope, id, { service: ${quoted(service)}, type: '${type}', config: ${schema} }, props);
  }
}
`;
}
