export { healthOf } from './kubernetes/health';
export type { KubeObject } from './kubernetes/objects';
export { nothingRelated, type Related } from './kubernetes/related';
export { type KubernetesConnection, type KubernetesOptions, type KubernetesRuntime, kubernetesRuntime } from './kubernetes/runtime';
export { versionsOf, versionsText } from './kubernetes/schema/version';
export { type KubernetesStoreOptions, kubernetesStore } from './kubernetes/store';
export { type SecretReader, type SecretReaderOptions, secretReader } from './secrets';
export { type ServiceOptions, serviceRuntime } from './service/runtime';
