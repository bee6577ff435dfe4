// What a refusal of the service means for one resource, at the field that it is about.
import { type Json, type Problem, type ProblemCode, pathText, type ResourceId, shortId } from '@konfig/core';
import { pathOf } from './address';
import type { FieldFault, ToldProblem } from './protocol';

const codes: { readonly [code: string]: ProblemCode } = {
  forbidden: 'PERMISSION_MISSING',
  owned: 'RESOURCE_OWNED',
  conflict: 'RESOURCE_CONFLICT',
  stale: 'PLAN_STALE',
};

const hints: { readonly [code in ProblemCode]?: string } = {
  PERMISSION_MISSING: 'Ask those who keep the service to let this token do it.',
  RESOURCE_OWNED: 'Remove it from one of the two, give it another name, or take it over with --adopt.',
  RESOURCE_CONFLICT: 'Apply again when that is over.',
  PLAN_STALE: 'Make a new plan and look at it.',
};

/** One problem for each field that the service complains of, else one for all of it. */
export function refusalProblems(
  { id, config }: { readonly id: ResourceId; readonly config?: Json | undefined },
  { status, refusal }: { readonly status: number; readonly refusal: ToldProblem },
): readonly Problem[] {
  const { code = '', detail, errors = [] } = refusal;
  if (errors.length > 0) return errors.map((fault) => faultProblem(id, config, fault));
  const ours = codes[code] ?? 'RESOURCE_REJECTED';
  const hint = hints[ours];
  return [
    {
      code: ours,
      message: `${shortId(id)}: ${detail || `the service answered ${status}`}`,
      ...(hint === undefined ? {} : { hint }),
      at: id,
    },
  ];
}

/** A field of a config that is not as it must be; what the service says of it comes quoted. */
export function faultProblem(
  id: ResourceId,
  config: Json | undefined,
  { field, detail, meant = '' }: FieldFault & { readonly meant?: string },
): Problem {
  const path = pathText(pathOf(field, config));
  const name = path === 'config' ? 'the config' : path.replace(/^config\.?/, '');
  return {
    code: 'RESOURCE_REJECTED',
    message: `${shortId(id)}: ${name} ${detail}.`,
    ...(meant === '' ? {} : { hint: meant.trim() }),
    at: `${id} ${path}`,
  };
}
