import { DecodeError, decode } from '../schema/decode';
import { schemas } from '../schema/schemas';
import type { JsonObject } from '../schema/type';
import { badRequest, invalid, problem } from './failure';
import type { Deletion } from './remove';
import { type ApiRequest, asObject, readBody, readDryRun } from './request';

/** How a DELETE is meant, from its body or its query. */
export function readDeletion(request: ApiRequest): Deletion & { readonly warnings: string[] } {
  const { query } = request;
  const inQuery = {
    ...(query.has('dryRun') && { dryRun: query.getAll('dryRun') }),
    ...(query.has('gracePeriodSeconds') && { gracePeriodSeconds: Number(query.get('gracePeriodSeconds')) }),
    ...(query.has('orphanDependents') && { orphanDependents: query.get('orphanDependents') === 'true' }),
    ...(query.has('propagationPolicy') && { propagationPolicy: query.get('propagationPolicy') }),
  };
  const given = request.body.length > 0 ? asObject(readBody(request, schemas.core.type('DeleteOptions'))) : {};
  return { ...deletionOf({ ...inQuery, ...given }), warnings: [] };
}

interface DeleteOptions {
  readonly dryRun?: readonly string[];
  readonly gracePeriodSeconds?: number;
  readonly orphanDependents?: boolean;
  readonly propagationPolicy?: Exclude<Deletion['propagationPolicy'], undefined>;
  readonly preconditions?: Exclude<Deletion['preconditions'], undefined>;
}

const policies = ['Foreground', 'Background', 'Orphan'];

/** How the options of a DELETE, or of an eviction, mean it. */
export function deletionOf(given: JsonObject): Deletion & { readonly dryRun: boolean } {
  const { dryRun = [], gracePeriodSeconds, orphanDependents, propagationPolicy, preconditions } = decodeOptions(given);
  if (propagationPolicy !== undefined && !policies.includes(propagationPolicy)) {
    throw invalid({ group: 'meta.k8s.io', kind: 'DeleteOptions' }, '', [
      problem.notSupported('propagationPolicy', propagationPolicy, [...policies, 'nil']),
    ]);
  }
  const policy = propagationPolicy ?? (orphanDependents === undefined ? undefined : orphanDependents ? 'Orphan' : 'Background');
  return {
    dryRun: readDryRun(dryRun, 'DeleteOptions'),
    ...(gracePeriodSeconds !== undefined && { gracePeriodSeconds: Math.max(0, gracePeriodSeconds) }),
    ...(policy && { propagationPolicy: policy }),
    ...(preconditions && { preconditions }),
  };
}

function decodeOptions(given: JsonObject): DeleteOptions {
  try {
    return decode(schemas.core.type('DeleteOptions'), given) as DeleteOptions;
  } catch (error) {
    if (!(error instanceof DecodeError)) throw error;
    throw badRequest(error.message);
  }
}
