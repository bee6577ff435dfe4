import { describeAnyCluster } from './any-cluster';
import { startWorld } from './world';

describeAnyCluster(startWorld, { isReal: false });
