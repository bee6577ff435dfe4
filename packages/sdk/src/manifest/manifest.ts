// YAML that is there already, as constructs in a typed program.
import { dirname, relative, resolve, sep } from 'node:path';
import { didYouMean, type Problem, type SourceLine } from '@konfig/core';
import type { Construct } from 'constructs';
import { Component, type ComponentOptions } from '../component';
import { disk } from '../input-files';
import { KubernetesObject } from '../object';
import { fields, fitting, kind, list, map, object, shown, text } from '../shape';
import { callLine, report, synthOf } from '../synth';
import { manifestFiles } from './files';
import { isManifest, type KubernetesManifest, type ManifestFields, makeObjects, nameOf, type ReadObject } from './make-objects';
import { readManifests } from './read-manifests';

/** Where a Manifest's objects come from. Paths are relative to the file of this call, else to the project's folder. */
export type ManifestFrom =
  /** A file: `'deploy.yaml'`. */
  | { readonly file: string; readonly folder?: never; readonly yaml?: never; readonly objects?: never }
  /** A folder with all that is below it: `*.yaml`, `*.yml` and `*.json`. */
  | { readonly folder: string; readonly file?: never; readonly yaml?: never; readonly objects?: never }
  /** Text of any number of documents. */
  | { readonly yaml: string; readonly file?: never; readonly folder?: never; readonly objects?: never }
  /** Objects that the program has already. */
  | { readonly objects: readonly ManifestFields[]; readonly file?: never; readonly folder?: never; readonly yaml?: never };

/** What a Manifest is told. */
export type ManifestProps = ManifestFrom & ManifestOptions;

/** What a Manifest can be told beside where its objects are. */
export interface ManifestOptions extends ComponentOptions {
  /** The namespace of its namespaced objects that name none. Default: the stack's. */
  readonly namespace?: string;
  /**
   * Fields to lay over single objects, by `Kind/name`: `{ 'Deployment/web': { spec: { replicas: 3 } } }`. Maps are merged, lists of named
   * entries by name, `null` takes a field out.
   */
  readonly override?: { readonly [object: string]: ManifestFields };
  /** Changes any of its objects, after `override`; undefined leaves the object out. */
  readonly transform?: (object: KubernetesManifest) => ManifestFields | undefined;
}

const manifestShape = fields(
  {
    file: text("a path like 'deploy.yaml'"),
    folder: text("a path like 'k8s'"),
    yaml: text('text of YAML'),
    objects: list(object("an object like { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'web' } }"), 'a list of objects'),
    namespace: text("a name like 'shop'"),
    override: map(object('an object with the fields to lay over'), "an object like { 'Deployment/web': { spec: { replicas: 3 } } }"),
    transform: kind((value) => typeof value === 'function', 'a function that gives back the object'),
  },
  'an object with its fields: { … }',
  [],
  {},
);

/**
 * Manifests that are there already, unchanged but for what you say. Nothing is added to them.
 *
 * ```ts
 * const legacy = new Manifest(this, 'legacy', { file: 'deploy.yaml', override: { 'Deployment/web': { spec: { replicas: 3 } } } });
 * legacy.object('Service', 'web').output('spec.clusterIP');
 * ```
 * Scalars mean what they mean to kubectl. What is wrong in a file is reported as MANIFEST_INVALID with its line, all of it at once.
 */
export class Manifest extends Component {
  /** Its objects, in the order of the files. */
  readonly objects: readonly KubernetesObject[];

  constructor(scope: Construct, id: string, props: ManifestProps) {
    super(scope, id, props);
    const line = callLine(this);
    const fit = fitting(this, props, manifestShape);
    const read = readFrom(this, fit, line);
    this.#checkOverrides(fit.override ?? {}, read, line);
    this.objects = makeObjects(this, read, { ...fit, line });
  }

  /**
   * One of its objects, to patch it, to take outputs, or to wait for it: `legacy.object('Deployment', 'web')`.
   * Where there is none, or several of that name, it is reported as PROPS_INVALID.
   * @param where in which namespace, where several have one name.
   */
  object(kind: string, name: string, where: { readonly namespace?: string } = {}): KubernetesObject {
    const named = this.objects.filter((object) => object.kind === kind && object.name === name);
    const found = named.filter(({ metadata }) => where.namespace === undefined || metadata.namespace === where.namespace);
    if (found.length === 1) return found[0] as KubernetesObject;
    const all = this.objects.map((object) => `${object.kind}/${object.name}`);
    const message = found.length === 0 ? `It has no ${kind}/${name}.` : `It has ${found.length} objects ${kind}/${name}.`;
    const several = 'Say which: object(kind, name, { namespace }).';
    const hint = found.length > 0 ? several : `${didYouMean(`${kind}/${name}`, all)}It has ${shortList(all)}.`;
    report(this, { code: 'PROPS_INVALID', message, hint }, callLine(this));
    return found[0] ?? this.#missing(kind, name);
  }

  /** Something to go on with, so that what follows is checked too. */
  #missing(kind: string, name: string): KubernetesObject {
    const id = `missing-${kind}-${name}`.replaceAll('/', '-');
    const there = this.node.tryFindChild(id) as KubernetesObject | undefined;
    return there ?? new KubernetesObject(this, id, { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'missing' } });
  }

  #checkOverrides(
    overrides: { readonly [object: string]: ManifestFields },
    read: readonly ReadObject[],
    line: SourceLine | undefined,
  ): void {
    const all = [...new Set(read.map(({ manifest }) => nameOf(manifest)))];
    for (const name of Object.keys(overrides).filter((one) => !all.includes(one))) {
      const hint = `${didYouMean(name, all)}It has ${shortList(all)}.`;
      report(this, { code: 'PROPS_INVALID', message: `override changes ${name}, which it does not have.`, hint, at: 'override' }, line);
    }
  }
}

/** The objects that the props name; what is wrong is reported. */
function readFrom(owner: Manifest, props: ManifestProps, line: SourceLine | undefined): readonly ReadObject[] {
  const tell = (problems: readonly Problem[]) => {
    for (const { source, ...problem } of problems) report(owner, problem, source ?? line);
  };
  const read = ({ text, file }: { readonly text: string; readonly file: string }) => {
    const { objects, problems } = readManifests(text, file);
    tell(problems);
    return objects;
  };
  const named = (['file', 'folder', 'yaml', 'objects'] as const).filter((from) => props[from] !== undefined);
  if (named.length !== 1) {
    const message = `It is told ${named.length === 0 ? 'no source' : named.join(' and ')}.`;
    const hint = "Write one of { file: 'deploy.yaml' }, { folder: 'k8s' }, { yaml: '…' } and { objects: […] }.";
    report(owner, { code: 'PROPS_INVALID', message, hint }, line);
    return [];
  }
  if (props.objects) return programObjects(owner, props.objects, line);
  if (props.yaml !== undefined) {
    // Its lines are lines of a text that has no file.
    const { objects, problems } = readManifests(props.yaml, 'yaml');
    tell(
      problems.map(({ source, ...problem }) => ({ ...problem, message: `In line ${source?.line ?? 1} of its yaml: ${problem.message}` })),
    );
    return objects.map(({ manifest }) => ({ manifest }));
  }
  const { path, name } = located(owner, (props.file ?? props.folder) as string, line);
  const { files, problems } = manifestFiles(path, name, synthOf(owner)?.files);
  tell(problems);
  return files.flatMap(read);
}

function programObjects(owner: Manifest, objects: readonly ManifestFields[], line: SourceLine | undefined): readonly ReadObject[] {
  return objects.flatMap((manifest, i) => {
    if (isManifest(manifest)) return [{ manifest }];
    const hint = 'Give it apiVersion, kind and metadata.name.';
    report(owner, { code: 'PROPS_INVALID', message: `objects[${i}] is ${shown(manifest)}.`, hint, at: `objects[${i}]` }, line);
    return [];
  });
}

/** Where a path of the program leads: from the file that calls, else from the project's. Source lines count from the working directory. */
function located(owner: Manifest, path: string, line: SourceLine | undefined): { readonly path: string; readonly name: string } {
  const files = [line, synthOf(owner)?.stackLine].flatMap((place) => (place ? [place.file] : []));
  const candidates = [...files.map((file) => resolve(dirname(file), path)), resolve(path)];
  const from = synthOf(owner)?.files ?? disk;
  const found = candidates.find((candidate) => from.kindOf(candidate)) ?? (candidates[0] as string);
  const name = relative(process.cwd(), found).split(sep).join('/');
  return { path: found, name: name.startsWith('..') ? found : name };
}

function shortList(names: readonly string[]): string {
  const first = names.slice(0, 8).join(', ') || 'no objects';
  return names.length > 8 ? `${first} and ${names.length - 8} more` : first;
}
