/** A request that failed, as the Status object the API answers with. */
export class ApiFailure extends Error {
  constructor(readonly status: Status) {
    super(status.message);
  }
}

export interface Status {
  readonly kind: 'Status';
  readonly apiVersion: 'v1';
  readonly metadata: object;
  readonly status: 'Failure' | 'Success';
  readonly message?: string;
  readonly reason?: string;
  readonly details?: StatusDetails;
  readonly code: number;
}

export interface StatusDetails {
  readonly name?: string;
  readonly group?: string;
  readonly kind?: string;
  readonly uid?: string;
  readonly causes?: readonly Cause[];
  readonly retryAfterSeconds?: number;
}

export interface Cause {
  readonly reason?: string;
  readonly message: string;
  readonly field?: string;
}

/** What an error names: a kind of object in its group, as `deployments.apps` or `Deployment.apps`. */
export interface Named {
  readonly group: string;
  readonly kind: string;
  readonly plural: string;
}

export function failure(code: number, reason: string, message: string, details?: StatusDetails): ApiFailure {
  return new ApiFailure({
    kind: 'Status',
    apiVersion: 'v1',
    metadata: {},
    status: 'Failure',
    message,
    ...(reason !== '' && { reason }),
    ...(details && { details }),
    code,
  });
}

export function badRequest(message: string): ApiFailure {
  return failure(400, 'BadRequest', message);
}

export function notFound(kind: Named, name: string): ApiFailure {
  return failure(404, 'NotFound', `${qualified(kind.plural, kind.group)} "${name}" not found`, detailsOf(kind, name));
}

export function noSuchPath(): ApiFailure {
  return failure(404, 'NotFound', 'the server could not find the requested resource', {});
}

export function alreadyExists(kind: Named, name: string): ApiFailure {
  return failure(409, 'AlreadyExists', `${qualified(kind.plural, kind.group)} "${name}" already exists`, detailsOf(kind, name));
}

export function conflict(kind: Named, name: string, why: string): ApiFailure {
  const message = `Operation cannot be fulfilled on ${qualified(kind.plural, kind.group)} "${name}": ${why}`;
  return failure(409, 'Conflict', message, detailsOf(kind, name));
}

export function forbidden(kind: Named, name: string, why: string, causes?: readonly Cause[]): ApiFailure {
  const message = `${qualified(kind.plural, kind.group)} "${name}" is forbidden: ${why}`;
  return failure(403, 'Forbidden', message, { ...detailsOf(kind, name), ...(causes && { causes }) });
}

export function methodNotAllowed(): ApiFailure {
  return failure(405, 'MethodNotAllowed', 'the server does not allow this method on the requested resource', {});
}

export function expired(message: string): ApiFailure {
  return failure(410, 'Expired', message);
}

/** 422: the object is well-formed and says something that can not be. */
export function invalid(kind: Pick<Named, 'group' | 'kind'>, name: string, problems: readonly FieldProblem[]): ApiFailure {
  const details: StatusDetails = {
    ...(name !== '' && { name }),
    ...(kind.group !== '' && { group: kind.group }),
    ...(kind.kind !== '' && { kind: kind.kind }),
    causes: problems.map((problem) => ({ reason: problem.reason, message: problem.message, field: problem.field })),
  };
  const texts = [...new Set(problems.map((problem) => `${problem.field}: ${problem.message}`))];
  const said = texts.length === 1 ? texts[0] : `[${texts.join(', ')}]`;
  return failure(422, 'Invalid', `${qualified(kind.kind, kind.group)} "${name}" is invalid: ${said}`, details);
}

function detailsOf(kind: Named, name: string): StatusDetails {
  return { ...(name !== '' && { name }), ...(kind.group !== '' && { group: kind.group }), kind: kind.plural };
}

function qualified(kind: string, group: string): string {
  return group === '' ? kind : `${kind}.${group}`;
}

/** One thing that is wrong with one field. */
export interface FieldProblem {
  readonly reason: string;
  readonly field: string;
  readonly message: string;
}

export const problem = {
  required: (field: string, detail = ''): FieldProblem => make('FieldValueRequired', field, 'Required value', detail),
  forbidden: (field: string, detail: string): FieldProblem => make('FieldValueForbidden', field, 'Forbidden', detail),
  invalid: (field: string, value: unknown, detail: string): FieldProblem =>
    make('FieldValueInvalid', field, `Invalid value: ${printValue(value)}`, detail),
  duplicate: (field: string, value: unknown): FieldProblem =>
    make('FieldValueDuplicate', field, `Duplicate value: ${printValue(value)}`, ''),
  notFound: (field: string, value: unknown): FieldProblem => make('FieldValueNotFound', field, `Not found: ${printValue(value)}`, ''),
  notSupported: (field: string, value: unknown, supported: readonly string[]): FieldProblem => {
    const values = supported.map((name) => JSON.stringify(name)).join(', ');
    return make('FieldValueNotSupported', field, `Unsupported value: ${printValue(value)}`, `supported values: ${values}`);
  },
  typeInvalid: (field: string, value: unknown, detail: string): FieldProblem =>
    make('FieldValueTypeInvalid', field, `Invalid value: ${printValue(value)}`, detail),
  tooMany: (field: string, count: number, limit: number): FieldProblem =>
    make('FieldValueTooMany', field, `Too many: ${count}`, `must have at most ${limit} items`),
  tooLong: (field: string, limit: number): FieldProblem =>
    make('FieldValueTooLong', field, 'Too long', `may not be more than ${limit} bytes`),
};

function make(reason: string, field: string, summary: string, detail: string): FieldProblem {
  return { reason, field, message: detail === '' ? summary : `${summary}: ${detail}` };
}

function printValue(value: unknown): string {
  return value === undefined ? 'null' : JSON.stringify(value);
}
