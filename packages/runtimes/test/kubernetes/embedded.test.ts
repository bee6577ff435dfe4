import { describeAnyCluster } from './any-cluster';
import { impatient, startWorld } from './world';

describeAnyCluster(() => startWorld({}, impatient), { isReal: false });
