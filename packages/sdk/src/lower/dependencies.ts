// Waits that a person wrote, between constructs, as dependencies between the resources they made.
import type { Dependency, Until } from '@konfig/core';
import type { IConstruct } from 'constructs';
import { report, type Synth, synthOf, type WrittenDependency } from '../synth';
import { isTerraformStack, terraformStackOf } from '../terraform/library';

/** The dependencies of each resource, by id. `ids` maps the paths of objects to their ids. */
export function dependenciesOf(
  constructs: readonly IConstruct[],
  synth: Synth,
  ids: ReadonlyMap<string, string>,
): ReadonlyMap<string, readonly Dependency[]> {
  const found = new Map<string, Map<string, Until>>();
  for (const written of [...synth.dependencies, ...fromNodes(constructs)]) {
    if (synthOf(written.on) !== synth) reportForeign(written);
    else addPairs(written, ids, found);
  }
  return new Map(
    [...found].map(([id, waits]) => [id, [...waits].map(([on, until]) => ({ on, until })).sort((a, b) => (a.on < b.on ? -1 : 1))]),
  );
}

/** Those made by `node.addDependency`, in raw cdk8s and elsewhere, and by `addDependency` of a Terraform stack. */
function fromNodes(constructs: readonly IConstruct[]): readonly WrittenDependency[] {
  return constructs.flatMap((from) => {
    const awaited = [...from.node.dependencies, ...(isTerraformStack(from) ? from.dependencies : [])];
    return awaited.map((on) => ({ from, on, until: 'ready' as const }));
  });
}

// Where one is a part of the other, a parent waits with the rest of it, and a child waits for the rest of it.
function addPairs({ from, on, until }: WrittenDependency, ids: ReadonlyMap<string, string>, found: Map<string, Map<string, Until>>): void {
  const waiting = idsBelow(from, ids);
  const awaited = idsBelow(on, ids);
  const early = isBelow(on, from) ? waiting.filter((id) => !awaited.includes(id)) : waiting;
  const late = isBelow(from, on) ? awaited.filter((id) => !waiting.includes(id)) : awaited;
  for (const id of early) {
    const waits = found.get(id) ?? new Map<string, Until>();
    found.set(id, waits);
    for (const other of late) if (other !== id && waits.get(other) !== 'ready') waits.set(other, until);
  }
}

function isBelow(construct: IConstruct, parent: IConstruct): boolean {
  return construct !== parent && construct.node.scopes.includes(parent);
}

/** Of a part of a Terraform stack, the whole: it is applied as one. */
function idsBelow(construct: IConstruct, ids: ReadonlyMap<string, string>): readonly string[] {
  const whole = terraformStackOf(construct);
  return (whole ?? construct).node.findAll().flatMap((below) => ids.get(below.node.path) ?? []);
}

function reportForeign({ from, on, line }: WrittenDependency): void {
  const message = `It depends on ${on.node.path}, which is not in this stack.`;
  report(from, { code: 'SPEC_REFERENCE', message, hint: 'Depend on something made in the same stack.' }, line);
}
