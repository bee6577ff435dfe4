// What a target, or the store of records, is opened with may be a secret: `{"$secret": …}` in its config is read right before, and nothing of it is kept.
import {
  type GrowingMask,
  type Json,
  type JsonObject,
  KonfigError,
  type Problem,
  pathText,
  type Records,
  resolveValue,
  type SecretSource,
  type Spec,
  secretsIn,
  sourceName,
  type Target,
} from '@konfig/core';
import type { World } from './world';

/** Targets as they can be opened. */
export interface FilledTargets {
  /** Those that all could be read of. */
  readonly targets: { readonly [name: string]: Target };
  readonly problems: readonly Problem[];
}

/** The targets of a Spec with the secrets of their configs filled in. Rejects when the signal aborts. */
export async function filledTargets(
  { targets }: Pick<Spec, 'targets'>,
  world: Pick<World, 'readSecrets'>,
  signal: AbortSignal,
  mask: GrowingMask,
): Promise<FilledTargets> {
  const uses = Object.entries(targets).flatMap(([name, { config }]) => secretsIn(config).map((use) => ({ ...use, name })));
  if (uses.length === 0) return { targets, problems: [] };
  const answers = await world.readSecrets(
    uses.map(({ source }) => source),
    { targets, signal, mask },
  );
  const values = new Map<string, string>();
  const problems: Problem[] = [];
  const missing = new Set<string>();
  uses.forEach(({ name, path, source }, i) => {
    const answer = answers[i] ?? { why: 'was not read', hint: 'Please report this with the command.' };
    if ('value' in answer) {
      values.set(JSON.stringify(source), answer.value);
      mask.add([answer.value]);
      return;
    }
    mask.add(answer.taints ?? []);
    missing.add(name);
    problems.push({
      code: 'SECRET_MISSING',
      message: `Target ${name} needs a secret in ${pathText(path)} from the ${sourceName(source)}, which ${answer.why}.`,
      hint: answer.hint,
    });
  });
  const filled = Object.entries(targets).filter(([name]) => !missing.has(name));
  return { targets: Object.fromEntries(filled.map(([name, target]) => [name, fill(target, values)])), problems };
}

/** Where the records lie, with the secret in it filled in. SECRET_MISSING where that has no value. */
export async function filledRecords(
  { records, targets }: Pick<Spec, 'records' | 'targets'>,
  world: Pick<World, 'readSecrets'>,
  signal: AbortSignal,
  mask: GrowingMask,
): Promise<Records> {
  const [use] = secretsIn(records as unknown as Json);
  if (!use) return records;
  const [answer] = await world.readSecrets([use.source], { targets, signal, mask });
  if (!answer || !('value' in answer)) {
    mask.add(answer?.taints ?? []);
    const { why, hint } = answer ?? { why: 'was not read', hint: 'Please report this with the command.' };
    throw new KonfigError({
      code: 'SECRET_MISSING',
      message: `The records need a secret from the ${sourceName(use.source)}, which ${why}.`,
      hint,
    });
  }
  mask.add([answer.value]);
  return filledIn(records as unknown as JsonObject, new Map([[JSON.stringify(use.source), answer.value]])) as unknown as Records;
}

function fill(target: Target, values: ReadonlyMap<string, string>): Target {
  return { ...target, config: filledIn(target.config, values) };
}

function filledIn(config: JsonObject, values: ReadonlyMap<string, string>): JsonObject {
  // Whatever else is known only later has no place in a config: it is left for the runtime to refuse.
  return resolveValue(config, {
    ref: () => undefined,
    secret: (source: SecretSource) => values.get(JSON.stringify(source)),
    base64: (text) => Buffer.from(text, 'utf8').toString('base64'),
    hash: (text) => text,
  }) as JsonObject;
}
