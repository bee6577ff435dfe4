// The labels that all tools know, https://kubernetes.io/docs/concepts/overview/working-with-objects/common-labels/
import type { IConstruct } from 'constructs';
import type { Defaults } from '../defaults';
import { formerIds } from '../former-path';
import { stackOf } from '../stack';

const prefix = 'app.kubernetes.io';

/** `app.kubernetes.io/…` of an object: which app, which part of it, of which stack. */
export function standardLabels(construct: IConstruct, component: string, defaults: Defaults): { readonly [label: string]: string } {
  const stack = stackOf(construct);
  if (!defaults.labels || !stack) return {};
  return { ...identity(construct, component), [`${prefix}/part-of`]: stack.project, [`${prefix}/managed-by`]: 'konfig' };
}

/** What makes the pods of a workload its own. Kubernetes does not let it change. */
export function selectorOf(construct: IConstruct, component: string, defaults: Defaults): { readonly [label: string]: string } {
  return defaults.labels && stackOf(construct) ? identity(construct, component) : { app: component };
}

function identity(construct: IConstruct, component: string): { readonly [label: string]: string } {
  const stack = stackOf(construct);
  const [app, ...below] = formerIds(construct);
  return {
    [`${prefix}/name`]: app && below.length > 0 ? app : (stack?.project ?? component),
    [`${prefix}/instance`]: `${stack?.project}-${stack?.stackName}`,
    [`${prefix}/component`]: component,
  };
}
