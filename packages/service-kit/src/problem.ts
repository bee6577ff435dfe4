// A refusal as RFC 9457 has it, with the field that it is about.

/** What a service may refuse with, and the HTTP status of each. */
export const statusOf = {
  malformed: 400,
  unauthorized: 401,
  forbidden: 403,
  'not-found': 404,
  owned: 409,
  conflict: 409,
  expired: 410,
  stale: 412,
  'too-large': 413,
  invalid: 422,
  busy: 429,
  failed: 500,
  unavailable: 503,
} as const;

/** A word of `konfig.dev/service/v1` for a refusal: `invalid`, `stale`, `owned`. */
export type RefusalCode = keyof typeof statusOf;

/** What is wrong with one field of a config. */
export interface FieldError {
  /** JSON pointer into the config: `/ports/0`; empty: all of it. */
  readonly field: string;
  /** A sentence without the field's name: `must be at most 65535`. */
  readonly detail: string;
}

/** What a refusal says further. */
export interface RefusalOptions {
  readonly errors?: readonly FieldError[];
  /** Seconds until it is worth to ask again; with `busy` and `unavailable`. */
  readonly retryAfter?: number;
}

/** Throw it in `create`, `update` or `delete` to refuse: `new Refusal('invalid', 'No such team.', { errors: [{ field: '/team', detail: 'does not exist' }] })`. */
export class Refusal extends Error {
  readonly errors: readonly FieldError[];
  readonly retryAfter: number | undefined;

  constructor(
    readonly code: RefusalCode,
    detail: string,
    { errors = [], retryAfter }: RefusalOptions = {},
  ) {
    super(detail);
    this.name = 'Refusal';
    this.errors = errors;
    this.retryAfter = retryAfter;
  }
}

/** The body of a refusal. */
export function problemJson({ code, message, errors }: Refusal): object {
  return {
    type: `https://konfig.dev/service/v1/problems/${code}`,
    title: titles[code],
    status: statusOf[code],
    code,
    detail: message,
    ...(errors.length > 0 ? { errors } : {}),
  };
}

const titles: { readonly [code in RefusalCode]: string } = {
  malformed: 'The request cannot be read',
  unauthorized: 'The credentials are missing or wrong',
  forbidden: 'The credentials do not allow this',
  'not-found': 'There is no such thing here',
  owned: 'It belongs to somebody else',
  conflict: 'It cannot be done as things are',
  expired: 'The changes since then are no longer known',
  stale: 'It is no longer what was expected',
  'too-large': 'The request is too large',
  invalid: 'The config is not valid',
  busy: 'Too many requests',
  failed: 'The service failed',
  unavailable: 'The service is not available now',
};
