import type { Actor } from '../controllers/actor';
import { timestamp } from '../world';

const nodeVersion = 'v1.36.3';

/** The simulated machines: 16 cores, 64 GiB, 110 pods each. */
export function registerNodes(actor: Actor, count: number): void {
  for (let number = 1; number <= count; number++) {
    const name = `node-${number}`;
    if (actor.get('nodes', '', name)) continue;
    const node = actor.create('nodes', '', {
      metadata: {
        name,
        labels: {
          'kubernetes.io/hostname': name,
          'kubernetes.io/os': 'linux',
          'kubernetes.io/arch': 'amd64',
          'topology.kubernetes.io/zone': `zone-${number}`,
        },
      },
      spec: { podCIDR: `10.244.${number}.0/24`, podCIDRs: [`10.244.${number}.0/24`] },
    });
    actor.setStatus('nodes', node, nodeStatus(name, number, timestamp(actor.now())));
    // Never renewed: an idle cluster does nothing.
    actor.create('leases.coordination.k8s.io', 'kube-node-lease', {
      metadata: { name },
      spec: { holderIdentity: name, leaseDurationSeconds: 40, renewTime: new Date(actor.now()).toISOString().replace('Z', '000Z') },
    });
  }
}

function nodeStatus(name: string, number: number, now: string): object {
  const resources = { cpu: '16', memory: '64Gi', pods: '110', 'ephemeral-storage': '100Gi' };
  const condition = (type: string, status: string, reason: string, message: string): object => ({
    type,
    status,
    reason,
    message,
    lastHeartbeatTime: now,
    lastTransitionTime: now,
  });
  return {
    capacity: resources,
    allocatable: resources,
    addresses: [
      { type: 'InternalIP', address: addressOfNode(number) },
      { type: 'Hostname', address: name },
    ],
    conditions: [
      condition('MemoryPressure', 'False', 'KubeletHasSufficientMemory', 'kubelet has sufficient memory available'),
      condition('DiskPressure', 'False', 'KubeletHasNoDiskPressure', 'kubelet has no disk pressure'),
      condition('PIDPressure', 'False', 'KubeletHasSufficientPID', 'kubelet has sufficient PID available'),
      condition('Ready', 'True', 'KubeletReady', 'kubelet is posting ready status'),
    ],
    nodeInfo: {
      architecture: 'amd64',
      bootID: '',
      containerRuntimeVersion: 'simulated://1.0.0',
      kernelVersion: '6.1.0',
      kubeProxyVersion: nodeVersion,
      kubeletVersion: nodeVersion,
      machineID: '',
      operatingSystem: 'linux',
      osImage: 'simulated',
      systemUUID: '',
    },
  };
}

export function addressOfNode(number: number): string {
  return `172.18.0.${number + 1}`;
}
