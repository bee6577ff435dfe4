import type { JsonSchema } from '../custom/definition';
import type { Kind } from '../kinds/kind';
import { schemas } from '../schema/schemas';
import type { JsonObject } from '../schema/type';
import type { Definitions } from './definitions';

/** The definition of a custom resource: the schema of its version, with what every resource has. */
export function addCustomKind(definitions: Definitions, kind: Kind, schema: JsonSchema): string {
  const metadata = definitions.add(schemas.core.type('ObjectMeta'));
  const { properties = {}, type = 'object', ...rest } = schema;
  const described: JsonObject = {
    ...rest,
    type,
    properties: {
      apiVersion: { type: 'string', description: 'The version of this kind, as in «group/version».' },
      kind: { type: 'string', description: 'The kind of this object, as its definition names it.' },
      metadata: { allOf: [{ $ref: `#/components/schemas/${metadata}` }] },
      ...Object.fromEntries(Object.entries(properties).filter(([name]) => !['apiVersion', 'kind', 'metadata'].includes(name))),
    },
  };
  return definitions.addGiven(`${kind.group.split('.').reverse().join('.')}.${kind.version}.${kind.kind}`, described);
}
