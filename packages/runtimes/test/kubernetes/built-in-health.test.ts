// Built-in kinds that are no workloads: when they are as wished, and what is in the way.
import type { JsonObject } from '@konfig/core';
import { healthOf, nothingRelated } from '../../src';

const grown = (has: string, ...conditions: readonly string[]) => ({
  phase: 'Bound',
  capacity: { storage: has },
  conditions: conditions.map((type) => ({ type, status: 'True', message: 'quota of the disks exceeded' })),
});

test.each([
  ['that is as large as is wished', grown('20Gi'), 'ready', 'bound to pv'],
  ['that has room to spare', grown('30Gi', 'FileSystemResizePending'), 'ready', 'bound to pv'],
  ['that nobody has begun to enlarge', grown('10Gi'), 'progressing', 'grows from 10Gi to 20Gi'],
  ['that is being enlarged', grown('10Gi', 'Resizing'), 'progressing', 'grows from 10Gi to 20Gi'],
  [
    'whose file system a kubelet enlarges',
    grown('10Gi', 'FileSystemResizePending'),
    'ready',
    'grows from 10Gi to 20Gi when a pod mounts it',
  ],
  ['whose volume cannot grow', grown('10Gi', 'Resizing', 'ControllerResizeError'), 'degraded', 'grows from 10Gi to 20Gi'],
  ['whose node cannot make it grow', grown('10Gi', 'NodeResizeError'), 'degraded', 'grows from 10Gi to 20Gi'],
])('a claim %s', (_, status, health, message) => {
  const spec = { volumeName: 'pv', resources: { requests: { storage: '20Gi' } } };
  const report = judged('v1', 'PersistentVolumeClaim', { spec, status });
  expect(report).toMatchObject({ health, message });
  expect(report.findings).toMatchObject(
    health === 'degraded' ? [{ class: 'likely', message: 'quota of the disks exceeded', field: 'spec.resources.requests.storage' }] : [],
  );
});

test.each([
  ['that nobody has looked at', {}, 'progressing', 'waits to be approved'],
  ['that is approved', { conditions: [{ type: 'Approved', status: 'True' }] }, 'progressing', 'approved, waits to be signed'],
  ['that is signed', { conditions: [{ type: 'Approved', status: 'True' }], certificate: 'LS0t' }, 'ready', 'signed'],
  [
    'that is denied',
    { conditions: [{ type: 'Denied', status: 'True', reason: 'Policy', message: 'not for you' }] },
    'degraded',
    'Denied: Policy: not for you',
  ],
  [
    'that its signer refused',
    {
      conditions: [
        { type: 'Approved', status: 'True' },
        { type: 'Failed', status: 'True', reason: 'Usages' },
      ],
    },
    'degraded',
    'Failed: Usages',
  ],
])('a request for a certificate %s', (_, status, health, message) => {
  expect(judged('certificates.k8s.io/v1', 'CertificateSigningRequest', { status })).toMatchObject({ health, message });
});

test.each([
  ['that nobody has begun', {}, 'progressing', 'is being attached'],
  ['that is done', { attached: true }, 'ready', 'attached'],
  ['that fails', { attached: false, attachError: { message: 'no such disk' } }, 'degraded', 'no such disk'],
])('the attachment of a volume %s', (_, status, health, message) => {
  expect(judged('storage.k8s.io/v1', 'VolumeAttachment', { status })).toMatchObject({ health, message });
});

function judged(apiVersion: string, kind: string, rest: JsonObject) {
  return healthOf({ apiVersion, kind, metadata: { name: 'one', namespace: 'shop' }, ...rest }, nothingRelated);
}
