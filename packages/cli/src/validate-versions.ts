// One stack against several versions of Kubernetes: what is wrong with it, and in which of them.
import type { Problem, SynthOutput } from '@konfig/core';
import { validateOffline, type World } from '@konfig/engine';
import { versionsText } from '@konfig/runtimes';

/** What is wrong in these versions, instead of those that its targets have; without any, in those. */
export function validateVersions(output: SynthOutput, world: Pick<World, 'runtimes'>, versions: readonly string[]): readonly Problem[] {
  if (versions.length === 0) return validateOffline(output, world);
  const found = new Map<string, { readonly problem: Problem; readonly versions: readonly string[] }>();
  for (const version of versions) {
    for (const problem of validateOffline(withVersion(output, version), world)) {
      const key = JSON.stringify(problem);
      found.set(key, { problem, versions: [...(found.get(key)?.versions ?? []), version] });
    }
  }
  return [...found.values()].map((one) =>
    one.versions.length === versions.length
      ? one.problem
      : { ...one.problem, message: `${one.problem.message} (Kubernetes ${versionsText(one.versions)})` },
  );
}

function withVersion({ spec, sources }: SynthOutput, version: string): SynthOutput {
  const targets = Object.entries(spec.targets).map(
    ([name, target]) => [name, { ...target, config: { ...target.config, version } }] as const,
  );
  return { spec: { ...spec, targets: Object.fromEntries(targets) }, sources };
}
