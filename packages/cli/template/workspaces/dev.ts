import { embeddedCluster, workspace } from '@konfig/sdk';

/** Your own machine: the cluster that `npx konfig cluster start` runs. Short graces, so that a broken image is told within seconds. */
export const dev = workspace('dev', {
  kubernetes: embeddedCluster(),
  operations: { graces: { ImagePullBackOff: '3s', CrashLoopBackOff: '3s' } },
});
