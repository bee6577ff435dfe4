// What an object asks of Konfig itself, beside what it asks of its cluster: by annotation, by its component, or by its kind.
import { didYouMean, isObject, type JsonObject, type Resource } from '@konfig/core';
import type { ApiObject } from 'cdk8s';
import { askedFor } from '../asked';
import { onRemovalOf, targetOf } from '../component';
import { report } from '../synth';

/** What an object asks of Konfig. */
export interface Wishes extends Pick<Resource, 'onRemoval' | 'runWhen'> {
  readonly target: string;
  /** Is it named by its content? */
  readonly versioned: boolean;
  /** Are its pods replaced when what they use changes? */
  readonly rolloutOnChange: boolean;
}

const prefix = 'konfig.dev/';

/** The annotations for objects that no component makes, and their values; undefined: any. */
const annotations: { readonly [name: string]: readonly string[] | undefined } = {
  'run-when': ['changed', 'always', 'once'],
  'on-removal': ['delete', 'protect', 'retain', 'collect'],
  target: undefined,
  versioned: ['true', 'false'],
};

/** What is written at the object itself goes before what its component says, and that before what follows from its kind. */
export function wishesOf(object: ApiObject, manifest: JsonObject): Wishes {
  const written = annotationsOf(object, manifest);
  const own = askedFor(object);
  const versioned = written.versioned === undefined ? (own.versioned ?? false) : written.versioned === 'true';
  const runWhen = (written['run-when'] as Wishes['runWhen']) ?? own.runWhen ?? (isJob(manifest) ? 'changed' : undefined);
  // Each version leaves the program when the next one comes: kept or protected, they would pile up or stop the change.
  const onRemoval = (written['on-removal'] as Wishes['onRemoval']) ?? (versioned ? 'collect' : onRemovalOf(object));
  return {
    target: written.target ?? own.target ?? targetOf(object),
    versioned,
    rolloutOnChange: own.rolloutOnChange ?? false,
    ...(runWhen !== undefined && { runWhen }),
    ...(onRemoval !== undefined && { onRemoval }),
  };
}

function isJob({ apiVersion, kind }: JsonObject): boolean {
  return kind === 'Job' && apiVersion === 'batch/v1';
}

/** The good ones; the others are reported. */
function annotationsOf(object: ApiObject, { metadata }: JsonObject): { readonly [name: string]: string | undefined } {
  const all = isObject(metadata) && isObject(metadata.annotations) ? metadata.annotations : {};
  const names = Object.keys(annotations);
  const good = Object.entries(all).flatMap(([key, value]) => {
    // One that is no text is told with all such annotations.
    if (!key.startsWith(prefix) || typeof value !== 'string') return [];
    const name = key.slice(prefix.length);
    const at = `metadata.annotations["${key}"]`;
    if (!Object.hasOwn(annotations, name)) {
      const meant = didYouMean(name, names);
      if (meant)
        report(object, {
          code: 'PROPS_INVALID',
          message: `The annotation ${key} means nothing.`,
          hint: meant.trim(),
          at,
          severity: 'warning',
        });
      return [];
    }
    const values = annotations[name];
    if (values?.includes(value) ?? value !== '') return [[name, value] as const];
    const hint = `Write ${values ? values.map((one) => `"${one}"`).join(' or ') : 'the name of a target'}.`;
    report(object, { code: 'PROPS_INVALID', message: `The annotation ${key} is ${JSON.stringify(value)}.`, hint, at });
    return [];
  });
  return Object.fromEntries(good);
}
