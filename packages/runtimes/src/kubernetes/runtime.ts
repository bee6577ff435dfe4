// Kubernetes behind the interface that every runtime has: what it is made of is loaded for those only who have something in a cluster.
import type { Runtime, Target } from '@konfig/core';
import type { KubernetesConnection, KubernetesOptions } from './connection';
import { isSecretPath, secretValues } from './secret-values';

/** A runtime whose connections also keep records. */
export interface KubernetesRuntime extends Runtime {
  connect(name: string, target: Target, signal: AbortSignal): Promise<KubernetesConnection>;
}

/** The runtime of resources that are objects of a Kubernetes cluster; `type` is `apps/v1/Deployment`. */
export function kubernetesRuntime(options: KubernetesOptions = {}): KubernetesRuntime {
  return {
    name: 'kubernetes',
    check(resources) {
      if (resources.length === 0) return [];
      const { checkResources } = require('./check') as typeof import('./check');
      return checkResources(resources);
    },
    validate(resources, targets) {
      // The tables of all kinds take a while to load, and most commands leave the judgement to the server.
      const { validateResources } = require('./validate') as typeof import('./validate');
      return validateResources(resources, { targets, definitions: options.definitions ?? (() => []) });
    },
    references: (resources) => (resources.length === 0 ? new Map() : order().referencesOf(resources)),
    rank: (resource) => order().rankOf(resource),
    isSecret: isSecretPath,
    secretsIn: secretValues,
    async connect(name, target, signal) {
      const { openCluster } = require('./connection') as typeof import('./connection');
      return openCluster(name, target, options, signal);
    },
  };
}

function order(): typeof import('./references') {
  return require('./references');
}
