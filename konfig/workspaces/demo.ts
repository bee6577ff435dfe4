import { embeddedCluster, workspace } from '@konfig/sdk';

/** The cluster that comes with Konfig, on your own machine. Short graces, so that a broken image is told within seconds. */
export const demo = workspace('demo', {
  kubernetes: embeddedCluster(),
  operations: {
    totalTimeout: '5m',
    resourceTimeout: '2m',
    noProgressTimeout: '1m',
    graces: { ImagePullBackOff: '3s', CrashLoopBackOff: '3s', Unschedulable: '5s' },
  },
});
