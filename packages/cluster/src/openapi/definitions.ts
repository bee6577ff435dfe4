import type { Field, JsonObject, ListType, Type, Wire } from '../schema/type';
import { isJoined, isRequired, patchStrategy } from './exceptions';

const machinery = 'io.k8s.apimachinery.pkg';

interface Named {
  readonly name: string;
  readonly schema: JsonObject;
}

// Scalars that have a definition of their own.
const named: { readonly [wire in Wire]?: Named } = {
  quantity: { name: `${machinery}.api.resource.Quantity`, schema: { oneOf: [{ type: 'string' }, { type: 'number' }] } },
  intOrString: {
    name: `${machinery}.util.intstr.IntOrString`,
    schema: { oneOf: [{ type: 'integer' }, { type: 'string' }], format: 'int-or-string' },
  },
  time: { name: `${machinery}.apis.meta.v1.Time`, schema: { type: 'string', format: 'date-time' } },
  microTime: { name: `${machinery}.apis.meta.v1.MicroTime`, schema: { type: 'string', format: 'date-time' } },
  duration: { name: `${machinery}.apis.meta.v1.Duration`, schema: { type: 'string' } },
};

const plain: { readonly [wire in Wire]?: JsonObject } = {
  string: { type: 'string' },
  int: { type: 'integer', format: 'int32' },
  long: { type: 'integer', format: 'int64' },
  float: { type: 'number', format: 'double' },
  bool: { type: 'boolean' },
  bytes: { type: 'string', format: 'byte' },
};

/** The definitions of an OpenAPI document: structs of our tables as they are asked for, each once. */
export class Definitions {
  readonly schemas: JsonObject = {};

  /** Puts in a struct with all below it; gives back how to refer to it. */
  add(type: Type): string {
    const name = `${type.home}.${type.name}`;
    if (!(name in this.schemas)) {
      // Known by its name before it is described: structs may hold themselves.
      this.schemas[name] = {};
      this.schemas[name] = this.describeStruct(type);
    }
    return name;
  }

  addGiven(name: string, schema: JsonObject): string {
    this.schemas[name] ??= schema;
    return name;
  }

  private describeStruct(type: Type): JsonObject {
    const fields = [...(type.map?.fields.values() ?? [])].sort((a, b) => (a.name < b.name ? -1 : 1));
    const required = fields.filter((field) => isRequired(type.name, field)).map((field) => field.name);
    return {
      type: 'object',
      ...(fields.length > 0 && {
        properties: Object.fromEntries(fields.map((field) => [field.name, this.describeField(type.name, field)])),
      }),
      ...(required.length > 0 && { required }),
      ...(type.map?.atomic && { 'x-kubernetes-map-type': 'atomic' }),
    };
  }

  private describeField(struct: string, field: Field): JsonObject {
    const described = this.describe(field.type);
    const mergeKey = isJoined(struct, field.name, field.type) ? field.type.list?.mergeKey : undefined;
    const schema: JsonObject = { ...described, ...(mergeKey && { 'x-kubernetes-patch-merge-key': mergeKey }) };
    const strategy = patchStrategy(struct, field);
    return { ...(schema.$ref ? { allOf: [schema] } : schema), ...(strategy && { 'x-kubernetes-patch-strategy': strategy }) };
  }

  private describe(type: Type): JsonObject {
    if (type.choose) return this.refer(this.addGiven(`io.k8s.apiextensions-apiserver.pkg.apis.apiextensions.v1.JSON`, {}));
    if (type.name === 'any') return this.refer(this.addGiven(`${machinery}.runtime.RawExtension`, { type: 'object' }));
    if (type.list) return this.describeList(type.list);
    if (type.map?.element) {
      const { element, atomic } = type.map;
      return { type: 'object', additionalProperties: this.describe(element), ...(atomic && { 'x-kubernetes-map-type': 'atomic' }) };
    }
    if (type.map) return this.refer(this.add(type));
    const wire = type.scalar?.wire;
    const own = wire && named[wire];
    return own ? this.refer(this.addGiven(own.name, own.schema)) : { ...(wire && plain[wire]) };
  }

  private describeList({ element, relationship, keys }: ListType): JsonObject {
    const items = this.describe(element);
    return {
      type: 'array',
      items,
      'x-kubernetes-list-type': relationship === 'keyed' ? 'map' : relationship,
      ...(keys.length > 0 && { 'x-kubernetes-list-map-keys': keys }),
    };
  }

  private refer(name: string): JsonObject {
    return { $ref: `#/components/schemas/${name}` };
  }
}
