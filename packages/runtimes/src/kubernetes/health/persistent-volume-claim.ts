// A PersistentVolumeClaim: bound and as large as is wished, or held back on purpose until a Pod uses it.
import { clean } from '../../clean';
import { shortName } from '../address';
import type { KubeObject, PersistentVolumeClaim } from '../objects';
import type { Related } from '../related';
import { quantityOf } from '../schema/scalar';
import { degraded, isTrue, type Report, ready, waiting } from './report';

export function persistentVolumeClaimHealth(object: KubeObject, related: Related): Report {
  const claim = object as PersistentVolumeClaim;
  const phase = claim.status?.phase;
  if (phase === 'Bound')
    return enlarging(claim) ?? ready(claim.spec?.volumeName ? `bound to ${clean(claim.spec.volumeName, 100)}` : 'bound');
  if (phase === 'Lost')
    return degraded('lost its volume', [
      {
        code: 'VolumeLost',
        // A binding that was just made passes through this phase.
        class: 'likely',
        grace: 30,
        message: 'the volume that it was bound to is gone',
        on: shortName(claim),
        field: 'spec.volumeName',
      },
    ]);
  const events = related.eventsOf(claim);
  const failed = events.findLast((event) => failures.has(event.reason ?? ''));
  if (failed)
    return waiting('waits for its volume', [
      {
        code: failed.reason as string,
        class: 'likely',
        grace: 60,
        message: clean(failed.message ?? '', 300),
        on: shortName(claim),
        field: 'spec.storageClassName',
      },
    ]);
  // Its storage class binds when the first Pod is scheduled; whoever waited for it before making that Pod would wait for ever.
  if (events.some((event) => event.reason === 'WaitForFirstConsumer')) return ready('is bound when its first pod comes');
  const asked = events.findLast((event) => event.reason === 'ExternalProvisioning');
  const finding = {
    code: 'ExternalProvisioning',
    class: 'transient',
    message: clean(asked?.message ?? '', 300),
    on: shortName(claim),
    field: 'spec.storageClassName',
  } as const;
  return waiting('waits for its volume', asked ? [finding] : []);
}

/** How its enlargement goes: https://kubernetes.io/docs/concepts/storage/persistent-volumes/#expanding-persistent-volumes-claims */
function enlarging(claim: PersistentVolumeClaim): Report | undefined {
  const { conditions = [], capacity } = claim.status ?? {};
  const [wished, has] = [claim.spec?.resources?.requests?.storage, capacity?.storage];
  const [wishedBytes, bytes] = [quantityOf(wished), quantityOf(has)];
  if (wishedBytes === undefined || bytes === undefined || bytes >= wishedBytes) return undefined;
  const text = `grows from ${clean(String(has), 40)} to ${clean(String(wished), 40)}`;
  const failed = conditions.find((condition) => isTrue(condition) && /^(Controller|Node)ResizeError$/.test(condition.type));
  if (failed)
    return degraded(text, [
      {
        code: failed.type,
        class: 'likely',
        grace: 60,
        message: clean(failed.message ?? 'its volume cannot be enlarged', 300),
        on: shortName(claim),
        field: 'spec.resources.requests.storage',
      },
    ]);
  // A kubelet does the rest when a Pod mounts it, which may be never.
  if (conditions.some((condition) => isTrue(condition) && condition.type === 'FileSystemResizePending'))
    return ready(`${text} when a pod mounts it`);
  return waiting(text);
}

/** Without a storage class there has to be a volume that fits: FailedBinding. */
const failures = new Set(['ProvisioningFailed', 'VolumeBindingFailed', 'FailedBinding']);
