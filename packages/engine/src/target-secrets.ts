// What a target is opened with may be a secret: `{"$secret": …}` in its config is read right before, and nothing of it is kept.
import {
  type GrowingMask,
  type JsonObject,
  type Problem,
  pathText,
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
  mask?: GrowingMask,
): Promise<FilledTargets> {
  const uses = Object.entries(targets).flatMap(([name, { config }]) => secretsIn(config).map((use) => ({ ...use, name })));
  if (uses.length === 0) return { targets, problems: [] };
  const answers = await world.readSecrets(
    uses.map(({ source }) => source),
    { targets, signal },
  );
  const values = new Map<string, string>();
  const problems: Problem[] = [];
  const missing = new Set<string>();
  uses.forEach(({ name, path, source }, i) => {
    const answer = answers[i] ?? { why: 'was not read', hint: 'Please report this with the command.' };
    if ('value' in answer) {
      values.set(JSON.stringify(source), answer.value);
      mask?.add([answer.value]);
      return;
    }
    mask?.add(answer.taints ?? []);
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

function fill(target: Target, values: ReadonlyMap<string, string>): Target {
  // Whatever else is known only later has no place in a config: it is left for the runtime to refuse.
  const config = resolveValue(target.config, {
    ref: () => undefined,
    secret: (source: SecretSource) => values.get(JSON.stringify(source)),
    base64: (text) => Buffer.from(text, 'utf8').toString('base64'),
    hash: (text) => text,
  });
  return { ...target, config: config as JsonObject };
}
