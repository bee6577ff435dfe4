// Resources of self-built services: their config as the Spec keeps it, and beside their target the schemas that their constructs bring.
import {
  type Dependency,
  didYouMean,
  isObject,
  type Json,
  type JsonObject,
  type Path,
  type Problem,
  pathText,
  type Resource,
  type ResourceSource,
  type Target,
  valueAt,
} from '@konfig/core';
import type { IConstruct } from 'constructs';
import { onRemovalOf } from '../component';
import { itemsOf } from '../manifest/field-paths';
import { isOutput } from '../output';
import { fieldSources } from '../provenance/field-sources';
import { isKnownNow } from '../put-together';
import { isServiceResource, type ServiceResource } from '../service-resource';
import type { Stack } from '../stack';
import { report, type Synth } from '../synth';
import { withTokens } from '../terraform/tokens';
import { finishValue, type References } from './value';

/** A resource of a service, before references have their ids. */
export interface LoweredService {
  readonly object: ServiceResource;
  readonly id: string;
  readonly target: string;
  /** As it was given, with what Outputs and values of Terraform stand for in their place. */
  readonly config: Json;
  /** JSON pointers to what the service never tells again. */
  readonly sensitive: readonly string[];
}

export function lowerServices(constructs: readonly IConstruct[], stack: Stack): readonly LoweredService[] {
  return constructs
    .filter(isServiceResource)
    .filter((object) => checkPlace(object, stack))
    .map((object) => ({
      object,
      id: `${object.target}:${object.type.type}/${object.name}`,
      target: object.target,
      config: withTokens(plain(object.props.config) as Json, object, ['config']),
      sensitive: writeOnlyFields(object.type.config),
    }));
}

function checkPlace(object: ServiceResource, { workspace }: Stack): boolean {
  const { target, name, type } = object;
  if (!/^[A-Za-z0-9]([A-Za-z0-9._-]{0,251}[A-Za-z0-9])?$/.test(name)) {
    const hint = 'Use up to 253 letters, digits, . _ and -, with a letter or digit at both ends.';
    report(object, { code: 'PROPS_INVALID', message: `Its name in the service is ${JSON.stringify(name)}.`, hint, at: 'name' });
    return false;
  }
  if (Object.hasOwn(workspace.targets, target)) return true;
  const meant = didYouMean(target, Object.keys(workspace.targets));
  report(object, {
    code: 'SPEC_TARGET',
    message: `It goes to target '${target}', which workspace '${workspace.name}' does not have.`,
    hint: `${meant}Name the service ${type.service} there: targets: { ${target}: httpService({ url: 'https://…' }) }.`,
  });
  return false;
}

/** The fields that a schema marks `writeOnly`; below lists there are none. */
function writeOnlyFields(schema: Json | undefined, pointer = ''): readonly string[] {
  if (!isObject(schema) || !isObject(schema.properties)) return [];
  return Object.entries(schema.properties).flatMap(([key, child]) => {
    const here = `${pointer}/${key.replaceAll('~', '~0').replaceAll('/', '~1')}`;
    return isObject(child) && child.writeOnly === true ? [here] : writeOnlyFields(child, here);
  });
}

export function serviceResource(
  { object, id, target, config, sensitive }: LoweredService,
  path: string,
  { references, dependsOn }: { readonly references: References; readonly dependsOn: readonly Dependency[] | undefined },
): Resource {
  const { type } = object.type;
  const onRemoval = onRemovalOf(object);
  const { value, problems } = finishValue({ config }, { kind: type, mayHoldSecret: (at) => isBelow(at, sensitive), ...references });
  for (const problem of [...problems, ...writtenOut(value, sensitive, type)]) report(object, problem);
  return {
    id,
    target,
    runtime: 'service',
    type,
    attributes: { ...value, ...(sensitive.length > 0 && { sensitive }) },
    ...(dependsOn && dependsOn.length > 0 && { dependsOn }),
    path,
    ...(onRemoval !== undefined && { onRemoval }),
  };
}

/** What a service keeps secret has no place in a program: it would stand in every plan and release. */
function writtenOut({ config }: JsonObject, sensitive: readonly string[], type: string): readonly Omit<Problem, 'source'>[] {
  return sensitive.flatMap((pointer) => {
    const path = pointer
      .split('/')
      .slice(1)
      .map((part) => part.replaceAll('~1', '/').replaceAll('~0', '~'));
    const value = valueAt(config, path);
    if (value === undefined || !isKnownNow(value)) return [];
    const at = pathText(['config', ...path]);
    const message = `${at} of this ${type} is a secret, and is written out in the program.`;
    return [{ code: 'SPEC_SECRET_EXPOSED' as const, message, hint: "Name where it is read: secret.env('NAME').", at }];
  });
}

/** Does the path lead to one of these fields of the config, or into one? */
function isBelow([first, ...path]: Path, pointers: readonly string[]): boolean {
  const pointer = path.map((part) => `/${String(part).replaceAll('~', '~0').replaceAll('/', '~1')}`).join('');
  return first === 'config' && pointers.some((one) => pointer === one || pointer.startsWith(`${one}/`));
}

/** With what Outputs stand for in their place. */
function plain(value: unknown): unknown {
  if (isOutput(value)) return value.resolve();
  if (Array.isArray(value)) return Array.from(value, plain);
  if (Object.prototype.toString.call(value) !== '[object Object]') return value;
  return Object.fromEntries(Object.entries(value as object).map(([key, child]) => [key, plain(child)]));
}

/** The workspace's targets, each service's with the schemas of the types that this stack uses of it: what `konfig validate` checks by. */
export function withTypes(
  targets: { readonly [name: string]: Target },
  services: readonly LoweredService[],
): { readonly [name: string]: Target } {
  const entries = Object.entries(targets).map(([name, target]) => {
    const types = services.flatMap(({ object, target: to }) =>
      to === name && object.type.config ? [[object.type.type, object.type.config] as const] : [],
    );
    return [name, types.length === 0 ? target : { ...target, config: { ...target.config, types: Object.fromEntries(types) } }] as const;
  });
  return Object.fromEntries(entries);
}

/** The lines of one resource. */
export function serviceSource({ object }: LoweredService, { attributes }: Resource, synth: Synth): ResourceSource {
  const made = synth.lineOf(object);
  const { config } = attributes;
  const source = synth.notes && config !== undefined ? fieldSources(object, { config }, made, synth.notes) : { made };
  return source.fields ? { ...source, items: itemsOf({ config: config as Json }) } : source;
}
