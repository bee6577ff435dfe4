import type { Actor } from '../controllers/actor';
import type { Container, Pod, Reference } from '../objects';

/** The first volume whose source is not there, in the kubelet's words. */
export function missingVolume(actor: Actor, pod: Pod): string | undefined {
  const namespace = pod.metadata.namespace ?? '';
  for (const volume of pod.spec.volumes ?? []) {
    const { configMap, secret } = volume;
    if (configMap?.name && !configMap.optional && !actor.get('configmaps', namespace, configMap.name)) {
      return `MountVolume.SetUp failed for volume "${volume.name}" : configmap "${configMap.name}" not found`;
    }
    if (secret?.secretName && !secret.optional && !actor.get('secrets', namespace, secret.secretName)) {
      return `MountVolume.SetUp failed for volume "${volume.name}" : secret "${secret.secretName}" not found`;
    }
  }
  return undefined;
}

/** What a container's environment refers to and is not there. */
export function missingForContainer(actor: Actor, pod: Pod, container: Container): string | undefined {
  const namespace = pod.metadata.namespace ?? '';
  const check = (resource: 'configmaps' | 'secrets', reference: Reference | undefined): string | undefined => {
    if (!reference?.name || reference.optional) return undefined;
    const found = actor.get(resource, namespace, reference.name);
    const word = resource === 'configmaps' ? 'configmap' : 'secret';
    if (!found) return `${word} "${reference.name}" not found`;
    const keys = { ...(found.data as object | undefined), ...(found.binaryData as object | undefined) };
    if (reference.key === undefined || reference.key in keys) return undefined;
    return `couldn't find key ${reference.key} in ${resource === 'configmaps' ? 'ConfigMap' : 'Secret'} ${namespace}/${reference.name}`;
  };
  for (const source of container.envFrom ?? []) {
    const missing = check('configmaps', source.configMapRef) ?? check('secrets', source.secretRef);
    if (missing) return missing;
  }
  for (const variable of container.env ?? []) {
    const missing = check('configmaps', variable.valueFrom?.configMapKeyRef) ?? check('secrets', variable.valueFrom?.secretKeyRef);
    if (missing) return missing;
  }
  return undefined;
}
