import type { KubeObject } from '../objects';
import type { Actor } from './actor';
import { type Controller, itself, readKey } from './controller';

interface ClaimSpec {
  readonly accessModes?: readonly string[];
  readonly resources: { readonly requests?: { readonly storage?: string } };
  readonly storageClassName?: string;
  readonly volumeMode?: string;
  readonly volumeName?: string;
}

/** Where the scheduler writes for which node a volume is wanted. */
export const selectedNode = 'volume.kubernetes.io/selected-node';

/** Whether a claim's volume is made only when the first pod that uses it has a node. */
export function waitsForConsumer(actor: Actor, claim: KubeObject): boolean {
  const { storageClassName = '' } = claim.spec as ClaimSpec;
  return actor.get('storageclasses.storage.k8s.io', '', storageClassName)?.volumeBindingMode === 'WaitForFirstConsumer';
}

/** Gives each PersistentVolumeClaim a volume, at once or when it is used, as its class says. */
export const claimController: Controller = {
  name: 'claim',
  wakes: { persistentvolumeclaims: itself },
  reconcile(key, actor) {
    const { namespace, name } = readKey(key);
    const claim = actor.get('persistentvolumeclaims', namespace, name);
    if (!claim || claim.metadata.deletionTimestamp || phaseOf(claim) === 'Bound') return undefined;
    const spec = claim.spec as ClaimSpec;
    if (!spec.volumeName && waitsForConsumer(actor, claim) && !claim.metadata.annotations?.[selectedNode]) {
      actor.event(claim, 'Normal', 'WaitForFirstConsumer', 'waiting for first consumer to be created before binding');
      return undefined;
    }
    const volumeName = spec.volumeName ?? `pvc-${claim.metadata.uid}`;
    const capacity = { storage: spec.resources.requests?.storage ?? '0' };
    const { uid } = claim.metadata;
    if (!actor.get('persistentvolumes', '', volumeName)) {
      const volume = actor.create('persistentvolumes', '', {
        metadata: { name: volumeName },
        spec: {
          capacity,
          accessModes: spec.accessModes,
          claimRef: { kind: 'PersistentVolumeClaim', namespace, name, uid, apiVersion: 'v1' },
          persistentVolumeReclaimPolicy: 'Delete',
          storageClassName: spec.storageClassName,
          volumeMode: spec.volumeMode,
          hostPath: { path: `/var/simulated/${volumeName}` },
        },
      });
      actor.setStatus('persistentvolumes', volume, { phase: 'Bound' });
    }
    const bound = actor.change('persistentvolumeclaims', claim, { spec: { ...spec, volumeName } });
    actor.setStatus('persistentvolumeclaims', bound, { phase: 'Bound', accessModes: spec.accessModes, capacity });
    return undefined;
  },
};

/** A volume that was made for a claim goes with it. */
export const volumeController: Controller = {
  name: 'volume',
  wakes: { persistentvolumeclaims: ({ type, object }) => (type === 'DELETED' ? [`/${(object.spec as ClaimSpec).volumeName ?? ''}`] : []) },
  reconcile(key, actor) {
    const volume = actor.get('persistentvolumes', '', key.slice(1));
    const spec = volume?.spec as { persistentVolumeReclaimPolicy?: string } | undefined;
    if (volume && spec?.persistentVolumeReclaimPolicy === 'Delete') actor.remove('persistentvolumes', volume);
    return undefined;
  },
};

function phaseOf(claim: KubeObject): string | undefined {
  return (claim.status as { phase?: string } | undefined)?.phase;
}
