import type { KubeObject } from '../objects';
import type { Actor } from './actor';
import { type Controller, itself, keyOf, readKey } from './controller';

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
  wakes: {
    persistentvolumeclaims: itself,
    // Those that wait for this class.
    'storageclasses.storage.k8s.io': (_, store) => store.list('persistentvolumeclaims').filter(isPending).map(keyOf),
  },
  reconcile(key, actor) {
    const { namespace, name } = readKey(key);
    const claim = actor.get('persistentvolumeclaims', namespace, name);
    if (!claim || !isPending(claim)) return undefined;
    const spec = claim.spec as ClaimSpec;
    const refusal = whyNone(actor, spec);
    if (refusal) {
      actor.event(claim, ...refusal);
      return undefined;
    }
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

/** Why nobody makes a volume for a claim: what is said of it, and how. */
function whyNone(actor: Actor, { volumeName, storageClassName }: ClaimSpec): readonly ['Normal' | 'Warning', string, string] | undefined {
  if (volumeName) return undefined;
  if (!storageClassName) return ['Normal', 'FailedBinding', 'no persistent volumes available for this claim and no storage class is set'];
  if (actor.get('storageclasses.storage.k8s.io', '', storageClassName)) return undefined;
  return ['Warning', 'ProvisioningFailed', `storageclass.storage.k8s.io "${storageClassName}" not found`];
}

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

function isPending(claim: KubeObject): boolean {
  return claim.metadata.deletionTimestamp === undefined && (claim.status as { phase?: string } | undefined)?.phase !== 'Bound';
}
