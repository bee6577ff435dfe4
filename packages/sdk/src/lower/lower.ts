// The construct tree as a Spec: each Kubernetes object and each Terraform stack a resource, each written wait a dependency, beside it the table of source lines.
import {
  type Dependency,
  isObject,
  type Json,
  type JsonObject,
  normalSpec,
  type Path,
  type Resource,
  type ResourceSource,
  type SynthOutput,
  specVersion,
} from '@konfig/core';
import { ApiObject } from 'cdk8s';
import type { IConstruct } from 'constructs';
import { badLabel, badName } from '../names';
import type { Stack, StackOptions } from '../stack';
import { report, type Synth } from '../synth';
import { visitByAspects } from '../terraform/aspects';
import { checksOf, checkTerraform } from '../terraform/checks';
import { stacksIn } from '../terraform/configuration';
import { lowerStacks, placeStacks, terraformResource, withTerraformTarget } from '../terraform/lower-stacks';
import { remnantsIn } from '../terraform/remnants';
import { terraformSource } from '../terraform/source';
import { withTokens } from '../terraform/tokens';
import { dependenciesOf } from './dependencies';
import { rewriteImages } from './images';
import { type Placement, placed } from './namespace';
import { lineOfWritten, objectSource } from './object-source';
import { withHashes } from './rollout';
import { lowerServices, serviceResource, serviceSource, withTypes } from './service-resources';
import { whyUnwritable } from './unwritable';
import { finishValue, type IdOf, type References } from './value';
import { withVersions } from './versioned';
import { type Wishes, wishesOf } from './wishes';

/** An object of the tree with its manifest, before references have their ids. */
interface Lowered extends Placed {
  readonly id: string;
}

/** Lowers everything in the stack. Problems go to the synth; what is returned counts only when there are none. */
export function lower(stack: Stack, synth: Synth): SynthOutput {
  const terraformStacks = stacksIn(stack.node.findAll());
  for (const one of terraformStacks) visitByAspects(one);
  const constructs = stack.node.findAll();
  checkTerraform(constructs);
  for (const construct of constructs) validate(construct);
  const written = constructs.filter(isApiObject).flatMap((object) => manifestOf(object) ?? []);
  const placement = placementOf(stack, written);
  const all = withNamespaces(
    written.map((one) => placedObject(one, stack, placement)),
    stack,
  );
  const versioned = withVersions(all, ({ object }, message, hint) => report(object, { code: 'PROPS_INVALID', message, hint }));
  const named = new Set<string>();
  const lowered = withHashes(versioned)
    .filter(({ object, manifest }) => checkIdentity(object, manifest, named))
    .map((one) => ({ ...one, id: idOfManifest(one.target, one.manifest) }));
  const services = lowerServices(constructs, stack);
  // Only now is it known what others use of Terraform's stacks.
  const placedStacks = placeStacks(terraformStacks, stack);
  const first = firstById(lowered, synth);
  const firstServices = firstById(services, synth);
  const firstStacks = firstById(lowerStacks(placedStacks), synth);
  const ids = new Map([...lowered, ...services, ...placedStacks].map(({ object, id }) => [object.node.path, id]));
  const idOf: IdOf = (path) => ids.get(path) ?? ids.get(`${path}/Resource`) ?? ids.get(`${path}/Default`);
  const waits = dependenciesOf(constructs, synth, ids);
  const tellsSecrets = (id: string) => firstServices.has(id) || firstStacks.has(id);
  const isSecret = (id: string, path: Path) => (tellsSecrets(id) ? path[0] === 'secrets' : /^[^:]*:Secret\//.test(id) && isData(path));
  const about = (id: string) => ({ references: { idOf, isSecret }, dependsOn: waits.get(id) });
  const resources = [
    ...[...first.values()].map((one) => resourceOf(one, synth.pathOf(one.object), about(one.id))),
    ...[...firstServices.values()].map((one) => serviceResource(one, synth.pathOf(one.object), about(one.id))),
    ...[...firstStacks.values()].map((one) => terraformResource(one, synth.pathOf(one.object), about(one.id))),
  ];
  const { workspace } = stack;
  const spec = normalSpec({
    version: specVersion,
    project: stack.project,
    stack: stack.stackName,
    ...(stack.owner !== undefined && { owner: stack.owner }),
    workspace: workspace.name,
    targets: withTerraformTarget(withTypes(workspace.targets, services), placedStacks),
    records: workspace.records,
    settings: workspace.operations,
    resources,
  });
  const sources: Record<string, ResourceSource> = {};
  for (const resource of spec.resources) {
    const { id } = resource;
    const service = firstServices.get(id);
    const terraform = firstStacks.get(id);
    if (service) sources[id] = serviceSource(service, resource, synth);
    else sources[id] = terraform ? terraformSource(terraform, synth) : objectSource(first.get(id) as Lowered, stack, synth);
  }
  return { spec, sources };
}

function isApiObject(construct: IConstruct): construct is ApiObject {
  return ApiObject.isApiObject(construct);
}

function validate(construct: IConstruct): void {
  for (const message of checksOf(construct)) {
    report(construct, { code: 'PROPS_INVALID', message, hint: 'This check belongs to the construct itself; see its documentation.' });
  }
}

/** An object with its manifest, as it was written. */
interface Written {
  readonly object: ApiObject;
  readonly json: JsonObject;
}

function manifestOf(object: ApiObject): Written | undefined {
  try {
    // A patch is laid over what was resolved: what it brings is looked through here.
    return { object, json: withTokens(object.toJson() as JsonObject, object) };
  } catch (error) {
    report(object, { code: 'SPEC_INVALID', ...whyUnwritable(object, error) });
    return undefined;
  }
}

/** The scopes of kinds that the stack defines itself are known. */
function placementOf(stack: Stack, written: readonly Written[]): Placement {
  const { clusterScoped = [], ...options }: StackOptions = stack.options;
  const defined = (scope: string) =>
    written.flatMap(({ json: { kind, spec } }) => {
      if (kind !== 'CustomResourceDefinition' || !isObject(spec) || spec.scope !== scope || !isObject(spec.names)) return [];
      return [`${spec.names.kind}.${spec.group}`];
    });
  return { ...options, clusterScoped: [...clusterScoped, ...defined('Cluster')], namespaced: defined('Namespaced') };
}

/** An object where it goes: its target, its namespace, its images. */
interface Placed extends Written, Wishes {
  readonly manifest: JsonObject;
}

function placedObject({ object, json }: Written, stack: Stack, placement: Placement): Placed {
  const wishes = wishesOf(object, json);
  const { target } = wishes;
  if (!Object.hasOwn(stack.workspace.targets, target)) {
    const known = Object.keys(stack.workspace.targets).sort().join(', ');
    report(object, {
      code: 'SPEC_TARGET',
      message: `It goes to target '${target}', which workspace '${stack.workspace.name}' does not have.`,
      hint: `Use one of its targets (${known}), or add '${target}' to the workspace.`,
    });
  }
  return { object, json, ...wishes, manifest: rewriteImages(placed(json, placement), stack.workspace.images) };
}

/** The stack's namespace is made wherever something of the stack goes into it; nowhere else, but for a stack of nothing. */
function withNamespaces(objects: readonly Placed[], stack: Stack): readonly Placed[] {
  const { namespace } = stack.options;
  const own = stack.node.tryFindChild('Namespace');
  const others = objects.filter(({ object }) => object !== own);
  if (!own || others.length === 0) return objects;
  const inNamespace = others.filter(({ manifest }) => identityOf(manifest).namespace === namespace).map(({ target }) => target);
  const isThere = (target: string) =>
    others.some((one) => one.target === target && one.manifest.kind === 'Namespace' && identityOf(one.manifest).name === namespace);
  const wanted = [...new Set(inNamespace)].filter((target) => target !== 'main' && !isThere(target));
  const made = stack.makeNamespaces(wanted).flatMap((object) => manifestOf(object) ?? []);
  const kept = inNamespace.includes('main') || inNamespace.length === 0 ? objects : others;
  return [...kept, ...made.map((one) => placedObject(one, stack, placementOf(stack, [])))];
}

/** `named`: bad names that were told, so that a component's name is told once and not for each of its objects. */
function checkIdentity(object: ApiObject, manifest: JsonObject, named: Set<string>): boolean {
  const { kind, name } = identityOf(manifest);
  if (typeof kind !== 'string' || !/^[A-Z][A-Za-z0-9]*$/.test(kind)) {
    report(object, { code: 'SPEC_INVALID', message: `Its kind is ${JSON.stringify(kind)}.`, hint: "Write a kind like 'ConfigMap'." });
    return false;
  }
  const isTold = typeof name === 'string' && remnantsIn(name).length > 0;
  const wrong = typeof name !== 'string' ? 'must be a string' : isTold ? undefined : badName(kind, name);
  const place = `${object.node.scope?.node.path}:${name}`;
  if (wrong && !named.has(place)) {
    named.add(place);
    report(object, {
      code: 'PROPS_INVALID',
      message: `The name of this ${kind}, ${JSON.stringify(name)}, ${wrong}.`,
      hint: 'Give it another name or id.',
      at: 'metadata.name',
    });
  }
  checkLabels(object, manifest, ['metadata']);
  checkLabels(object, ((manifest.spec as JsonObject | undefined)?.template ?? {}) as JsonObject, ['spec', 'template', 'metadata']);
  return typeof name === 'string';
}

function checkLabels(object: ApiObject, { metadata }: JsonObject, path: readonly string[]): void {
  const { labels, annotations } = isObject(metadata) ? metadata : ({} as JsonObject);
  const tell = (message: string, value: Json, at: readonly [map: string, key: string]) => {
    const isText = typeof value === 'string' || typeof value === 'object';
    const hint = isText ? 'Change it; text that is free belongs into annotations.' : `Quote it: '${value}'.`;
    const place = [...path, at[0]].join('.');
    report(object, { code: 'PROPS_INVALID', message, hint, at: place }, lineOfWritten(object, [...path, ...at]));
  };
  for (const [key, value] of Object.entries(isObject(labels) ? labels : {})) {
    // What is left of a value of Terraform was told as such.
    const wrong = remnantsIn(value).length === 0 ? badLabel(key, value) : undefined;
    if (wrong) tell(`The label ${key} ${wrong}.`, value, ['labels', key]);
  }
  for (const [key, value] of Object.entries(isObject(annotations) ? annotations : {})) {
    if (typeof value === 'string' || typeof value === 'object') continue;
    tell(`The annotation ${key} is the ${typeof value} ${value}, and must be a string.`, value, ['annotations', key]);
  }
}

function identityOf(manifest: JsonObject): { readonly kind: unknown; readonly name: unknown; readonly namespace: unknown } {
  const metadata = (manifest.metadata ?? {}) as JsonObject;
  return { kind: manifest.kind, name: metadata.name, namespace: metadata.namespace };
}

/** `<target>:<Kind>[.<group>]/[<namespace>/]<name>` */
function idOfManifest(target: string, manifest: JsonObject): string {
  const { kind, name, namespace } = identityOf(manifest);
  const [group, version] = String(manifest.apiVersion).split('/');
  const place = typeof namespace === 'string' && namespace !== '' ? `${namespace}/` : '';
  return `${target}:${kind}${version === undefined ? '' : `.${group}`}/${place}${name}`;
}

function firstById<T extends { readonly id: string; readonly object: IConstruct }>(
  lowered: readonly T[],
  synth: Synth,
): ReadonlyMap<string, T> {
  const first = new Map<string, T>();
  for (const one of lowered) {
    const other = first.get(one.id);
    if (!other) {
      first.set(one.id, one);
      continue;
    }
    const line = synth.lineOf(other.object);
    report(one.object, {
      code: 'SPEC_DUPLICATE',
      message: `${one.id} is made twice: here, and by ${synth.pathOf(other.object)} at ${line.file}:${line.line}.`,
      hint: 'Give one of the two another name or another namespace.',
    });
  }
  return first;
}

function resourceOf(
  lowered: Lowered,
  path: string,
  { references, dependsOn }: { readonly references: References; readonly dependsOn: readonly Dependency[] | undefined },
): Resource {
  const { object, id, target, manifest, onRemoval, runWhen } = lowered;
  const type = `${manifest.apiVersion}/${manifest.kind}`;
  const isSecret = type === 'v1/Secret';
  const { value, problems } = finishValue(manifest, {
    kind: String(manifest.kind),
    mayHoldSecret: (at) => isSecret && isData(at),
    isEncoded: ([field]) => field === 'data',
    ...references,
  });
  for (const problem of problems) report(object, problem);
  return {
    id,
    target,
    runtime: 'kubernetes',
    type,
    attributes: value,
    ...(dependsOn && dependsOn.length > 0 && { dependsOn }),
    path,
    ...(onRemoval !== undefined && { onRemoval }),
    ...(runWhen !== undefined && { runWhen }),
  };
}

/** Where a Secret keeps its values. */
function isData([field]: Path): boolean {
  return field === 'data' || field === 'stringData';
}
