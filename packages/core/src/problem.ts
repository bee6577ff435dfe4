// What can be wrong, as data: one catalogue of codes, one error class that carries problems.

/** Every kind of problem Konfig reports. A code and its title never contain a value; the value goes in the message. */
export const catalogue = {
  // Reading the user's program
  PROGRAM_NOT_FOUND: 'No project here',
  PROGRAM_INVALID: 'The program does not compile',
  PROGRAM_THREW: 'The program threw an exception',
  PROGRAM_TIMEOUT: 'The program did not end',
  PROGRAM_OUTPUT: 'The program gave something that is not a Spec',
  PROGRAM_IMPURE: 'The program depends on more than its inputs',
  PROGRAM_VARIES: 'The program gives another Spec under other conditions',
  PROGRAM_PACKAGES: 'The installed packages are not the ones that belong here',
  STACK_UNKNOWN: 'Unknown stack',
  PROPS_INVALID: 'A value is not allowed here',
  SETTING_INVALID: 'A setting does not fit its declaration',
  SETTING_UNUSED: 'A setting is given that nothing reads',
  // Checking the Spec
  SPEC_VERSION: 'The Spec has a version that this Konfig does not read',
  SPEC_DUPLICATE: 'Two resources have one id',
  SPEC_CYCLE: 'Resources wait for each other',
  SPEC_REFERENCE: 'A reference leads nowhere',
  SPEC_SECRET_EXPOSED: 'A secret would be written in plain text',
  SPEC_TARGET: 'Unknown target',
  SPEC_INVALID: 'A resource is not well formed',
  SECRET_MISSING: 'A secret has no value',
  INPUT_MISSING: 'An input is missing',
  INPUT_INVALID: 'An input has a value that is not allowed',
  // The world
  TARGET_UNREACHABLE: 'The target cannot be reached',
  TARGET_CREDENTIALS: 'The target refuses the credentials',
  TARGET_CONFIG: 'The target is not configured',
  TARGET_CHANGED: 'The target is not the one that was planned for',
  PERMISSION_MISSING: 'Permission is missing',
  KIND_UNKNOWN: 'The target does not know this kind',
  RESOURCE_REJECTED: 'The target rejected a resource',
  RESOURCE_CONFLICT: 'Somebody else owns a field',
  RESOURCE_OWNED: 'Somebody else owns a resource',
  RESOURCE_IMMUTABLE: 'A field cannot be changed in place',
  RESOURCE_PROTECTED: 'A protected resource would be deleted',
  RESOURCE_HOLDS_OTHERS: 'A delete would take others along',
  RESOURCE_FAILED: 'A resource will not become ready',
  RESOURCE_TIMEOUT: 'A resource did not become ready in time',
  CONNECTION_LOST: 'The connection was lost',
  SERVICE_FAILED: 'A service has failed',
  SERVICE_PROTOCOL: 'A service does not keep to its protocol',
  PLAN_STALE: 'The plan no longer fits the world',
  PLAN_RISKY: 'The plan deletes more than usual',
  PLAN_LOSES_DATA: 'The plan loses data',
  PLAN_ORPHANS: 'A run that died may have left what no record knows',
  PLAN_RENAMES: 'The plan makes anew what may only have been renamed',
  PLAN_INVALID: 'The plan file cannot be used',
  HEALTH_RULE_INVALID: 'A health rule cannot be asked',
  MANIFEST_INVALID: 'A manifest cannot be read',
  // Records
  LOCK_HELD: 'Another run holds the lock',
  LOCK_LOST: 'The lock was lost',
  RECORD_CONFLICT: 'The record was changed by another run',
  RECORD_CORRUPT: 'A record cannot be read',
  RECORD_OUTDATED: 'The records do not know the last release',
  RECORD_WRITE: 'A record cannot be written',
  // Commands
  USAGE: 'The command line is not understood',
  CANCELLED: 'Cancelled',
  INTERNAL: 'A bug in Konfig',
} as const;

/** A code of the catalogue: `SPEC_CYCLE`, `LOCK_HELD`. */
export type ProblemCode = keyof typeof catalogue;

/** A place in the user's code: path relative to the monorepo's root, line from 1. */
export interface SourceLine {
  readonly file: string;
  readonly line: number;
  /** True when the line is the construct's call, not known to be the one that set the field. */
  readonly guess?: boolean;
}

/** Something wrong, as data that survives JSON. */
export interface Problem {
  readonly code: ProblemCode;
  /** What is wrong, with the value given; why, if it is not plain. */
  readonly message: string;
  /** What to type or change. */
  readonly hint?: string;
  /** Where: construct path, resource id or field; of records, the release. */
  readonly at?: string;
  readonly source?: SourceLine;
  /** `warning` does not stop the operation. Default: `error`. */
  readonly severity?: 'error' | 'warning';
}

const brand = Symbol.for('konfig/KonfigError');

/** The one exception of Konfig: carries every problem that was found. */
export class KonfigError extends Error {
  readonly problems: readonly Problem[];

  constructor(problems: Problem | readonly Problem[], options?: { readonly cause?: unknown }) {
    const list = Array.isArray(problems) ? (problems as readonly Problem[]) : [problems as Problem];
    super(list.map(problemLine).join('\n'), options);
    this.name = 'KonfigError';
    this.problems = list;
    Object.defineProperty(this, brand, { value: true });
  }
}

/** Recognises a KonfigError across several copies of this package. */
export function isKonfigError(error: unknown): error is KonfigError {
  return typeof error === 'object' && error !== null && brand in error;
}

/** Whatever was thrown, as problems. One that is no KonfigError becomes INTERNAL, with what was being `doing`. */
export function problemsOf(error: unknown, doing: string): readonly Problem[] {
  if (isKonfigError(error)) return error.problems;
  const message = error instanceof Error ? error.message : String(error);
  return [{ code: 'INTERNAL', message: `${doing}: ${message}`, hint: 'Please report this with the command and its output.' }];
}

/** What a user's program threw, in words for whoever wrote it. */
export function thrownProblem(error: unknown, source: SourceLine | undefined): Problem {
  const place = source ? { source } : {};
  if (!isErrorLike(error)) {
    return {
      code: 'PROGRAM_THREW',
      message: `${describe(error)} was thrown, which is not an Error.`,
      hint: 'Throw an Error: it knows its line.',
      ...place,
    };
  }
  // What Node's permission model refuses: https://nodejs.org/api/permissions.html
  if (error.code === 'ERR_ACCESS_DENIED') {
    const what = [error.permission, error.resource].filter((part) => typeof part === 'string' && part !== '').join(' of ');
    return {
      code: 'PROGRAM_THREW',
      message: `The program may not do this: ${what || error.message}.`,
      hint: 'Programs read only their monorepo, and start nothing. Values from outside come in by input.env, secrets by secret.env or secret.file.',
      ...place,
    };
  }
  return {
    code: 'PROGRAM_THREW',
    message: `${error.name}: ${error.message}`,
    hint: source
      ? 'Correct the program at this line, or the value that it was given.'
      : 'Correct the program; no line of it is on the stack of the exception.',
    ...place,
  };
}

interface ErrorLike {
  readonly name: string;
  readonly message: string;
  readonly code?: unknown;
  readonly permission?: unknown;
  readonly resource?: unknown;
}

// An error from another realm (a test's sandbox) is no instance of our Error.
function isErrorLike(error: unknown): error is ErrorLike {
  return typeof error === 'object' && error !== null && 'message' in error && 'name' in error;
}

function describe(value: unknown): string {
  if (typeof value === 'string') return JSON.stringify(value);
  return typeof value === 'object' && value !== null ? 'An object' : String(value);
}

/** Does this problem stop the operation? True for all but warnings. */
export function isError(problem: Problem): boolean {
  return problem.severity !== 'warning';
}

/** A source line as people and terminals read it: `projects/shop/app.ts:12`, with `~` before a line that is a guess. */
export function sourceText(source: SourceLine): string {
  return `${source.guess ? '~' : ''}${source.file}:${source.line}`;
}

function problemLine(problem: Problem): string {
  return `${problem.code}  ${problem.at ? `${problem.at}: ` : ''}${problem.message}`;
}
