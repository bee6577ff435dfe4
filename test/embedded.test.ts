import { openEmbeddedCluster } from './scenarios/embedded-cluster';
import { describeScenarios } from './scenarios/scenarios';

describeScenarios('on the embedded cluster', openEmbeddedCluster);
