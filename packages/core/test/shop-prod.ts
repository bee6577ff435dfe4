// The stack that core's tests are about.
import { defaultSettings, type Resource, type Spec, specVersion } from '@konfig/core';

/** A Spec of shop/prod that wishes for these. */
export function shopProd(resources: readonly Resource[] = []): Spec {
  return {
    version: specVersion,
    project: 'shop',
    stack: 'prod',
    workspace: 'prod',
    targets: { main: { runtime: 'memory', config: {} } },
    records: { store: 'files' },
    settings: defaultSettings,
    resources,
  };
}
