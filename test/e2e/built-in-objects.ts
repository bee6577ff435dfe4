// Where objects of the built-in kinds lie, and some of them; NS stands for the namespace of the case.

export const core = '/api/v1/namespaces/NS';
export const apps = '/apis/apps/v1/namespaces/NS';
export const configMaps = `${core}/configmaps`;
export const deployments = `${apps}/deployments`;
export const dry = 'dryRun=All';

export const configMap = (data: object, metadata: object = {}) => ({
  apiVersion: 'v1',
  kind: 'ConfigMap',
  metadata: { name: 'one', ...metadata },
  data,
});
export const pod = (containers: readonly object[], more: object = {}) => ({
  metadata: { labels: { app: 'web' } },
  spec: { containers, ...more },
});
/** A Deployment without pods, unless the spec says otherwise. */
export const deployment = (containers: readonly object[] = [{ name: 'web', image: 'web:1' }], spec: object = {}, more: object = {}) => ({
  apiVersion: 'apps/v1',
  kind: 'Deployment',
  metadata: { name: 'web' },
  spec: { replicas: 0, selector: { matchLabels: { app: 'web' } }, template: pod(containers, more), ...spec },
});
export const service = (spec: object, name = 'web') => ({ apiVersion: 'v1', kind: 'Service', metadata: { name }, spec });
export const job = (spec: object) => ({ apiVersion: 'batch/v1', kind: 'Job', metadata: { name: 'seed' }, spec });
