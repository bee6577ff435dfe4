// Secrets that come by way of something else: what a system was told as a secret, it may tell again in a field that is none.
import {
  type Action,
  type Json,
  type Plan,
  type Problem,
  pathText,
  type Ref,
  type Resource,
  type ResourceId,
  readableRefs,
  shortId,
} from '@konfig/core';
import type { Look } from './resolve';
import type { Secrets } from './secrets';
import type { World } from './world';

interface Known {
  readonly look: Look;
  readonly wished: ReadonlyMap<ResourceId, Pick<Resource, 'runtime' | 'type'>>;
  readonly secrets: Pick<Secrets, 'mask'>;
  readonly world: Pick<World, 'runtimes'>;
}

/** As far as it is known before the plan is carried out. What stays as it is, is not written. */
export function carriedSecretsIn({ steps }: Plan, resources: readonly Resource[], known: Omit<Known, 'wished'>): readonly Problem[] {
  const wished = new Map(resources.map((resource) => [resource.id, resource]));
  const written = new Set(steps.filter(({ action }) => writing.has(action)).map(({ id }) => id));
  return resources.filter(({ id }) => written.has(id)).flatMap((resource) => carriedSecrets(resource, { ...known, wished }));
}

const writing: ReadonlySet<Action> = new Set(['create', 'update', 'replace', 'adopt']);

/** SPEC_SECRET_EXPOSED where a secret would be written into a field that everybody can read, as part of a value that is called none. */
export function carriedSecrets(resource: Resource, known: Known): readonly Problem[] {
  return readableRefs(resource.attributes).flatMap(({ path, ref }): readonly Problem[] => {
    if (known.world.runtimes[resource.runtime]?.isSecret(resource.type, path) || isSecretRef(ref, known)) return [];
    const from = sourceIn(known.look(ref), known);
    return from === undefined
      ? []
      : [carriedProblem(resource, { at: pathText(path), ref, from, runtime: known.wished.get(ref.resource)?.runtime })];
  });
}

/** Of what is called a secret, the program was asked already where it may go. */
function isSecretRef({ resource, path }: Ref['$ref'], { wished, world }: Known): boolean {
  const referred = wished.get(resource);
  return referred !== undefined && (world.runtimes[referred.runtime]?.isSecret(referred.type, path) ?? false);
}

function sourceIn(value: Json | undefined, { secrets }: Known): string | undefined {
  if (value === undefined || value === null) return undefined;
  return secrets.mask.sourceIn(typeof value === 'string' ? value : JSON.stringify(value));
}

interface Carried {
  readonly at: string;
  readonly ref: Ref['$ref'];
  readonly from: string;
  /** Of what is referred to. */
  readonly runtime: string | undefined;
}

function carriedProblem({ id }: Resource, { at, ref, from, runtime }: Carried): Problem {
  const asSecret =
    runtime === 'service' ? 'take it by secret(…), under which its service should tell it' : 'secretValue(value) for a value of Terraform';
  return {
    code: 'SPEC_SECRET_EXPOSED',
    message: `A secret would stand in plain text in ${at} of ${shortId(id)}: ${pathText(ref.path)} of ${shortId(ref.resource)} holds that of ${from}.`,
    hint: `Say that it is one: ${asSecret}, and pass it by a container's env or a Secret. If everyone may read it: expose(value, 'why').`,
    at: `${id} ${at}`,
  };
}
