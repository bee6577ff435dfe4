// Is this JSON a Spec with its source lines? Asked of what comes from a program's process, before anything else reads it.
import { isObject, type Json, type JsonObject, type Path, pathText } from './json';
import type { Problem, SourceLine } from './problem';
import { type SynthOutput, specVersion } from './spec';

/** Characters of one resource: no store of objects takes more than this, and etcd takes less. */
const largestResource = 3 * 2 ** 20;
const deepest = 200;

type Shape = (value: Json | undefined) => boolean;

// Nothing that a terminal obeys, and no half characters: no two readers of JSON and YAML agree on those.
const isName: Shape = (value) => typeof value === 'string' && value.length <= 4096 && !/[\p{Cc}\p{Cs}]/u.test(value);
const isSeconds: Shape = (value) => typeof value === 'number' && value >= 0;
const isAnyObject: Shape = (value) => isObject(value);
const optional =
  (shape: Shape): Shape =>
  (value) =>
    value === undefined || shape(value);
const oneOf =
  (...values: readonly string[]): Shape =>
  (value) =>
    values.includes(value as string);
const listOf =
  (shape: Shape): Shape =>
  (value) =>
    Array.isArray(value) && value.every(shape);
const mapOf =
  (shape: Shape): Shape =>
  (value) =>
    isObject(value) && Object.keys(value).every((key) => isName(key) && shape(value[key]));
const objectOf =
  (shapes: { readonly [key: string]: Shape }): Shape =>
  (value) =>
    isObject(value) && Object.entries(shapes).every(([key, shape]) => shape(Object.hasOwn(value, key) ? value[key] : undefined));

const ofStack: { readonly [key: string]: Shape } = {
  project: isName,
  stack: isName,
  owner: optional(isName),
  workspace: isName,
  targets: mapOf(objectOf({ runtime: isName, config: isAnyObject })),
  records: (value) =>
    objectOf({ store: oneOf('files') })(value) ||
    objectOf({ store: oneOf('kubernetes'), target: isName, namespace: isName })(value) ||
    objectOf({ store: oneOf('postgres'), url: isAnyObject })(value),
  settings: objectOf({
    totalTimeout: isSeconds,
    resourceTimeout: isSeconds,
    noProgressTimeout: isSeconds,
    graces: mapOf(isSeconds),
    concurrency: isSeconds,
  }),
};

const ofResource: { readonly [key: string]: Shape } = {
  id: isName,
  target: isName,
  runtime: isName,
  type: isName,
  attributes: isAnyObject,
  dependsOn: optional(listOf(objectOf({ on: isName, until: oneOf('present', 'ready') }))),
  path: isName,
  onRemoval: optional(oneOf('delete', 'protect', 'retain', 'collect')),
  runWhen: optional(oneOf('changed', 'always', 'once')),
};

/** What is wrong with the shape of a synth's output; nothing where it is one. */
export function shapeProblems(output: Json | undefined): readonly Problem[] {
  if (!isObject(output) || !isObject(output.spec) || !Array.isArray(output.spec.resources)) return [notASpec('it has no resources')];
  const { spec } = output;
  // What is wrong with a Spec of another version is that.
  if (spec.version !== specVersion) return typeof spec.version === 'string' ? [] : [notASpec('it says no version')];
  if (!isObject(output.sources)) return [notASpec('it has no source lines')];
  const bad = Object.keys(ofStack).filter((key) => !(ofStack[key] as Shape)(spec[key]));
  return [
    ...bad.map((key) => notASpec(`its ${key} is not what it must be`)),
    ...(spec.resources as readonly Json[]).flatMap(resourceProblems),
  ];
}

function resourceProblems(resource: Json, i: number): readonly Problem[] {
  if (!isObject(resource)) return [notASpec(`its resource ${i} is no object`)];
  const bad = Object.keys(ofResource).find((key) => !(ofResource[key] as Shape)(Object.hasOwn(resource, key) ? resource[key] : undefined));
  if (bad !== undefined) return [notASpec(`the ${bad} of its resource ${i} is not what it must be`)];
  const at = String(resource.id);
  const found = new Values();
  found.walk(resource.attributes as JsonObject);
  return found.problems.map(({ path, ...problem }) => ({
    code: 'SPEC_INVALID',
    ...problem,
    at: path.length > 0 ? `${at} ${pathText(path)}` : at,
  }));
}

type Found = Pick<Problem, 'message' | 'hint'> & { readonly path: Path };

/** Everything in the attributes of one resource. */
class Values {
  readonly problems: Found[] = [];
  #size = 0;
  /** Where the walk is. */
  readonly #path: (string | number)[] = [];

  walk(value: Json): void {
    if (this.#size > largestResource) return;
    if (typeof value === 'string') this.#text(value);
    else if (typeof value !== 'object' || value === null) return;
    else if (this.#path.length > deepest) this.#tell([], `It is nested more than ${deepest} levels deep.`, 'Make it flatter.');
    else if (Array.isArray(value)) for (let i = 0; i < value.length; i++) this.#below(i, value[i] as Json);
    else for (const key of Object.keys(value)) this.#entry(key, (value as JsonObject)[key] as Json);
  }

  #below(key: string | number, value: Json): void {
    this.#path.push(key);
    this.walk(value);
    this.#path.pop();
  }

  #entry(key: string, value: Json): void {
    if (key === '__proto__') this.#tell(this.#path, 'It has a key called __proto__, with which objects are forged.', 'Use another name.');
    else {
      this.#text(key);
      this.#below(key, value);
    }
  }

  #text(text: string): void {
    if (this.#size > largestResource) return;
    this.#size += text.length;
    if (this.#size > largestResource) this.#tooLarge(text);
    else if (hasHalf(text)) {
      const message = `It holds half of a character, ${half(text)} without its other half.`;
      this.#tell(this.#path, message, 'Cut texts between characters: [...text].slice(0, 9). Bytes go in as base64.');
    }
  }

  #tooLarge(text: string): void {
    const much = text.length > largestResource / 2 ? `It is a text of ${text.length} characters.` : 'The whole of it is too large.';
    this.#tell(
      text.length > largestResource / 2 ? this.#path : [],
      `${much} No object may have more than ${largestResource}.`,
      'Put large data into a volume or an image.',
    );
  }

  #tell(path: Path, message: string, hint: string): void {
    this.problems.push({ path: [...path], message, hint });
  }
}

/** Most texts are of ASCII, and the engine knows that faster than the tables of Unicode do. */
function hasHalf(text: string): boolean {
  return /[\ud800-\udfff]/.test(text) && /\p{Cs}/u.test(text);
}

function half(text: string): string {
  const found = /\p{Cs}/u.exec(text)?.[0] ?? '';
  return `\\u${found.charCodeAt(0).toString(16).padStart(4, '0')}`;
}

function notASpec(why: string): Problem {
  return {
    code: 'PROGRAM_OUTPUT',
    message: `The program gave something that is not a Spec of ${specVersion}: ${why}.`,
    hint: 'Use the same version of @konfig/sdk and @konfig/cli: npm ls @konfig/sdk @konfig/cli.',
  };
}

/** The output with each line that names a file which is none of the program's replaced by `instead`. */
export function withKnownLines(output: SynthOutput, isKnown: (file: string) => boolean, instead: SourceLine): SynthOutput {
  // What holds nothing wrong stays as it is: most often that is all of it.
  const checked = (value: Json): Json => {
    if (typeof value !== 'object' || value === null) return value;
    if (Object.hasOwn(value, 'file') && Object.hasOwn(value, 'line')) {
      const { file, line } = value as JsonObject;
      if (!(typeof file === 'string' && Number.isSafeInteger(line) && isKnown(file))) return { ...instead };
    }
    let copy: Record<string, Json> | Json[] | undefined;
    for (const key of Object.keys(value)) {
      const child = (value as JsonObject)[key] as Json;
      const right = checked(child);
      if (right === child) continue;
      copy ??= Array.isArray(value) ? [...(value as readonly Json[])] : { ...(value as JsonObject) };
      (copy as Record<string, Json>)[key] = right;
    }
    return copy ?? value;
  };
  return { ...output, sources: checked(output.sources as unknown as Json) as unknown as SynthOutput['sources'] };
}
