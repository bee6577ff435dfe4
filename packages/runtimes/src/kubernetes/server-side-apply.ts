// One server-side apply, dry or real, with its conflicts settled by who owns each field. Never a blanket force.
import { isObject, type Json, type JsonObject, type Problem, type ResourceId, setOwn, shortId } from '@konfig/core';
import { clean } from '../clean';
import { apiVersionOf } from './address';
import { type Answer, statusOf } from './answer';
import { applyPatch, type Client } from './client';
import { objectPath, type ServedKind } from './discovery';
import { parseFieldPath, without } from './field-set';
import { type Conflict, conflictsOf, sideOf, stackAnnotation } from './owners';
import { namedPath } from './rejection';

export interface SsaRequest {
  readonly id: ResourceId;
  readonly served: ServedKind;
  readonly namespace?: string;
  readonly name: string;
  /** What is wished, marked as ours. */
  readonly body: JsonObject;
  readonly manager: string;
  readonly dryRun: boolean;
  /** It is known to be this stack's, so that what others wrote is drift. */
  readonly isOurs: boolean;
  /** The object changes hands: other tools' fields go with it. A controller still keeps its own. */
  readonly takeOver: boolean;
}

export interface SsaResult {
  readonly answer: Answer;
  /** What was sent in the end: the body without what was yielded. */
  readonly sent: JsonObject;
  readonly notes: readonly string[];
  /** Conflicts with other tools; the answer is then the 409. */
  readonly problems: readonly Problem[];
}

export async function serverSideApply(client: Client, request: SsaRequest, signal: AbortSignal): Promise<SsaResult> {
  const first = await send(client, request, request.body, false, signal);
  if (first.status !== 409) return { answer: first, sent: request.body, notes: [], problems: [] };
  const conflicts = conflictsOf(statusOf(first).details?.causes ?? []);
  if (conflicts.length === 0) return { answer: first, sent: request.body, notes: [], problems: [] };
  const settled = settle(request, conflicts);
  if (settled.problems.length > 0) return { answer: first, sent: request.body, notes: settled.notes, problems: settled.problems };
  const answer = await send(client, request, settled.body, settled.force, signal);
  return { answer, sent: settled.body, notes: settled.notes, problems: [] };
}

/** The decision: what we leave out, whether we may force what is left, what we say. Pure. */
export function settle(request: Pick<SsaRequest, 'id' | 'body' | 'isOurs' | 'takeOver'>, conflicts: readonly Conflict[]) {
  const notes: string[] = [];
  const problems: Problem[] = [];
  let body: Json = request.body;
  let force = false;
  for (const conflict of conflicts) {
    const field = namedPath(conflict.field, request.body);
    const who = clean(conflict.manager, 80);
    const what = `${shortId(request.id)}: ${field}`;
    switch (sideOf(conflict)) {
      case 'controller':
        body = without(body, parseFieldPath(conflict.field)) ?? {};
        notes.push(`${what} is left to ${who}${conflict.subresource === 'scale' ? ', which scales it' : ''}`);
        break;
      case 'person':
        force = true;
        notes.push(request.isOurs ? `${what} was changed by hand (${who}) and is taken back` : `${what} is taken over from ${who}`);
        break;
      case 'tool':
        if (request.takeOver) {
          force = true;
          notes.push(`${what} is taken over from ${who}`);
          break;
        }
        problems.push({
          code: 'RESOURCE_CONFLICT',
          message: `${what} is set by ${who}, which wants another value.`,
          hint: `Leave the field out of the program, or stop ${who} from setting it.`,
          at: `${request.id} ${field}`,
        });
    }
  }
  return { body: body as JsonObject, force, notes, problems };
}

function send(client: Client, request: SsaRequest, body: JsonObject, force: boolean, signal: AbortSignal): Promise<Answer> {
  const query = new URLSearchParams({ fieldManager: request.manager, fieldValidation: 'Strict' });
  if (request.dryRun) query.set('dryRun', 'All');
  if (force) query.set('force', 'true');
  return client.request(
    { method: 'PATCH', path: `${objectPath(request.served, request)}?${query}`, body, contentType: applyPatch },
    signal,
  );
}

/** Which object is meant: with a uid only that very one, with a version only as it was then. */
export interface ObjectIdentity {
  readonly stack: string;
  readonly name: string;
  readonly namespace?: string;
  readonly uid?: string;
  readonly version?: string;
}

/** The wished attributes as we send them: with our mark, without a status, under this name and namespace. */
export function bodyOf(attributes: JsonObject, served: ServedKind, identity: ObjectIdentity): JsonObject {
  const { status: _, ...wished } = isSecret(served) ? withEncodedData(attributes) : attributes;
  const metadata = wished.metadata as JsonObject;
  const annotations = metadata.annotations as JsonObject | undefined;
  const {
    resourceVersion: _version,
    uid: _uid,
    managedFields: _managers,
    creationTimestamp: _created,
    generation: _generation,
    ...named
  } = metadata;
  const copy: Record<string, Json> = {};
  for (const [key, value] of Object.entries(wished)) setOwn(copy, key, value);
  copy.apiVersion = apiVersionOf(served);
  copy.kind = served.kind;
  copy.metadata = {
    ...named,
    name: identity.name,
    ...(served.namespaced && identity.namespace !== undefined ? { namespace: identity.namespace } : {}),
    ...(identity.uid === undefined ? {} : { uid: identity.uid }),
    ...(identity.version === undefined ? {} : { resourceVersion: identity.version }),
    annotations: { ...annotations, [stackAnnotation]: identity.stack },
  };
  return copy;
}

function isSecret({ group, kind }: ServedKind): boolean {
  return group === '' && kind === 'Secret';
}

/**
 * `stringData` is write-only: the server would keep no record of its fields being ours, so they go as `data`. What is no text stays where it
 * is, for the server to refuse by its name.
 */
function withEncodedData(attributes: JsonObject): JsonObject {
  const { stringData, data: given, ...others } = attributes;
  const encoded = given ?? {};
  if (!isObject(stringData) || !isObject(encoded)) return attributes;
  const data: Record<string, Json> = { ...encoded };
  const wrong: Record<string, Json> = {};
  for (const [key, value] of Object.entries(stringData)) {
    if (typeof value === 'string') setOwn(data, key, Buffer.from(value).toString('base64'));
    else setOwn(wrong, key, value);
  }
  return { ...others, data, ...(Object.keys(wrong).length > 0 ? { stringData: wrong } : {}) };
}
