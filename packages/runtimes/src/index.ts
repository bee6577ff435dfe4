export { type KubernetesConnection, type KubernetesOptions, type KubernetesRuntime, kubernetesRuntime } from './kubernetes/runtime';
