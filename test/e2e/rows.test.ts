// What the API server decides, asked of the Kubernetes runtime on a real control plane.
import { describeAnyCluster } from '../../packages/runtimes/test/kubernetes/any-cluster';
import { impatient, openWorld } from '../../packages/runtimes/test/kubernetes/world';
import { startTestbed } from '../testbed/testbed';

describeAnyCluster(
  async () => {
    const testbed = await startTestbed();
    return openWorld({ kubeconfig: testbed.kubeconfig }, () => testbed.stop(), impatient);
  },
  { isReal: true },
);
