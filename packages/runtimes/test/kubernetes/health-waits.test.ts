// What Helm 4 and kubedog wait for, beside what we do: objects that Helm's wait ends or does not end with, and kubedog's rules for custom kinds, each value that
// they name put into an object.
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { JsonObject } from '@konfig/core';
import { load, loadAll } from 'js-yaml';
import { healthOf } from '../../src/kubernetes/health';
import type { KubeObject } from '../../src/kubernetes/objects';
import { nothingRelated } from '../../src/kubernetes/related';
import { divergences } from './health-divergences';

const corpora = join(__dirname, '../../../../../shared/corpora');

const isThere = (corpus: string) => {
  if (existsSync(join(corpora, corpus))) return true;
  process.stderr.write(`skipped: the corpus ${corpus} is not beside the repository\n`);
  return false;
};

/** What we say of a case, where the table has it. */
const oursInstead = (corpus: string, name: string) => divergences[corpus]?.find(({ file }) => file === name)?.ours;

(isThere('helm4-statuswait') ? describe : describe.skip)("Helm's wait", () => {
  // The others are about deletion, about hooks, of which only Jobs and Pods are waited for, and about readers that the test makes up.
  const asked =
    /^Test(StatusWait|StatusWaitMultipleNamespaces|StatusWaitRestrictedRBAC|StatusWaitMixedResources|StatusWaitWithFailedResources|WaitForJobComplete)$/;
  const cases = isThere('helm4-statuswait')
    ? helmCases().filter(({ test, expectedErrors }) => asked.test(test) && !isMadeUp(expectedErrors))
    : [];

  test.each(cases.map((one) => [`${one.test}: ${one.name}`, one] as const))('%s', (name, { files, expectedErrors }) => {
    const healths = files.flatMap(objectsIn).map((object) => healthOf(object, nothingRelated).health);
    const ends = healths.every((health) => health === 'ready' || health === 'suspended') ? 'ready' : 'progressing';
    const wanted = expectedErrors.length === 0 ? 'ready' : 'progressing';
    expect(ends).toBe(oursInstead('helm4-statuswait', name) ?? wanted);
  });
});

(isThere('kubedog-status-rules') ? describe : describe.skip)("kubedog's rules", () => {
  const cases = isThere('kubedog-status-rules') ? kubedogCases() : [];

  test.each(cases.map((one) => [one.name, one] as const))('%s', (name, { object, health }) => {
    expect(healthOf(object, nothingRelated).health).toBe(oursInstead('kubedog-status-rules', name) ?? health);
  });
});

interface HelmCase {
  readonly test: string;
  readonly name: string;
  readonly files: readonly string[];
  readonly expectedErrors: readonly string[];
}

function helmCases(): readonly HelmCase[] {
  return (JSON.parse(readFileSync(join(corpora, 'helm4-statuswait/index.json'), 'utf8')) as { readonly cases: readonly HelmCase[] }).cases;
}

function isMadeUp(errors: readonly string[]): boolean {
  return errors.some((error) => error.includes('mock status reader'));
}

function objectsIn(file: string): readonly KubeObject[] {
  return loadAll(readFileSync(join(corpora, 'helm4-statuswait', file), 'utf8'), null, { json: true }) as KubeObject[];
}

interface KubedogRule {
  readonly resourceGroup: string;
  readonly resourceKind: string;
  readonly jsonPath: string;
  readonly conditions: { readonly ready: readonly string[]; readonly progressing: readonly string[]; readonly failed: readonly string[] };
}

function kubedogCases() {
  const { rules } = load(readFileSync(join(corpora, 'kubedog-status-rules/resource_status_rules.yaml'), 'utf8')) as {
    readonly rules: readonly KubedogRule[];
  };
  const healths = { ready: 'ready', progressing: 'progressing', failed: 'degraded' } as const;
  return rules.flatMap(({ resourceGroup, resourceKind, jsonPath, conditions }) =>
    Object.entries(healths).flatMap(([list, health]) =>
      conditions[list as keyof typeof healths].map((value) => ({
        name: `${resourceKind}.${resourceGroup} ${value}`,
        health,
        object: {
          apiVersion: `${resourceGroup}/v1`,
          kind: resourceKind,
          metadata: { name: 'it' },
          status: statusWith(jsonPath, value),
        } as KubeObject,
      })),
    ),
  );
}

/** `$.status.state`, or `$.status.conditions[?(@.type=='Ready')].status` */
function statusWith(jsonPath: string, value: string): JsonObject {
  const type = /@\.type==['"](\w+)['"]/.exec(jsonPath)?.[1];
  if (type !== undefined) return { conditions: [{ type, status: value }] };
  const names = jsonPath.replace('$.status.', '').split('.');
  return names.reduceRight<JsonObject | string>((inner, name) => ({ [name]: inner }), value) as JsonObject;
}
