// A plan that is kept: all that another run needs to do exactly what was reviewed, and nothing secret.
import { digest, isObject, type Json } from './json';
import { type Plan, planVersion } from './plan';
import { KonfigError, type Problem } from './problem';
import { type SourceTable, type Spec, specDigest, specVersion, stackName } from './spec';

/** The format of plan files that this Konfig reads and writes. */
export const planFileVersion = 'konfig.dev/plan-file/v1';

/** What `konfig preview -o` writes and `konfig apply FILE` reads. */
export interface PlanFile {
  readonly version: typeof planFileVersion;
  /** The Konfig that wrote it: `0.1.0`. */
  readonly konfig: string;
  /** `anna@laptop` */
  readonly by: string;
  /** Of the program, where it was known; `+` at the end: with changes that were not committed. */
  readonly commit?: string;
  /** ISO 8601. */
  readonly at: string;
  readonly plan: Plan;
  /** What the plan was shown with; none of severity error. */
  readonly problems: readonly Problem[];
  readonly spec: Spec;
  readonly sources: SourceTable;
  /**
   * Hashes of the secrets that it was made with, by the JSON of their source: with other values another thing would be done than was reviewed. Keyed with the key of
   * the stack; for a first release, whose key is not made yet, salted and slow: `scrypt SALT HASH`.
   */
  readonly secrets?: { readonly [source: string]: string };
  /** SHA-256 of all the rest: what was edited by hand was not reviewed. */
  readonly digest: string;
}

/** A plan file with its digest. */
export function makePlanFile(content: Omit<PlanFile, 'version' | 'digest'>): PlanFile {
  const whole = { version: planFileVersion, ...content } as const;
  return { ...whole, digest: digest(whole as unknown as Json) };
}

/** The text of a plan file: one line a value, the plan first, so that a change of it reads well in a review. */
export function planFileText(file: PlanFile): string {
  return `${JSON.stringify(file, null, 2)}\n`;
}

/** Reads the text of a plan file. Throws PLAN_INVALID, saying what `name` is instead: no plan, one of another version, or one that was edited. */
export function parsePlanFile(text: string, name: string): PlanFile {
  let value: unknown;
  try {
    value = JSON.parse(text.replace(/^\uFEFF/, ''));
  } catch (error) {
    throw invalid(`${name} is not JSON: ${(error as Error).message}.`, 'Was it cut off? Write it again with konfig preview -o.');
  }
  if (!isObject(value) || typeof value.version !== 'string') {
    throw invalid(`${name} is no plan file of Konfig.`, 'konfig preview STACK -o plan.json writes one.');
  }
  if (value.version !== planFileVersion) throw otherVersion(name, 'the file', value.version, planFileVersion);
  const { digest: written, ...content } = value;
  if (written !== digest(content)) {
    throw invalid(
      `${name} is not as Konfig wrote it: its digest does not fit.`,
      'What was edited by hand was not reviewed: change the program, and preview again.',
    );
  }
  const file = value as unknown as PlanFile;
  if (file.plan.version !== planVersion) throw otherVersion(name, 'its plan', file.plan.version, planVersion);
  if (file.spec.version !== specVersion) throw otherVersion(name, 'its Spec', file.spec.version, specVersion);
  if (file.plan.specDigest !== specDigest(file.spec) || file.plan.stack !== stackName(file.spec)) {
    throw invalid(`${name} holds a plan of ${file.plan.stack} that was not made of its Spec.`, 'Write it again with konfig preview -o.');
  }
  return file;
}

function otherVersion(name: string, what: string, found: string, read: string): KonfigError {
  return invalid(
    `${name}: ${what} has the version ${JSON.stringify(found)}, but this Konfig reads ${read}.`,
    'Apply it with the Konfig that wrote it, or preview again with this one.',
  );
}

function invalid(message: string, hint: string): KonfigError {
  return new KonfigError({ code: 'PLAN_INVALID', message, hint });
}
