import { openRealCluster } from '../scenarios/real-cluster';
import { describeScenarios } from '../scenarios/scenarios';

describeScenarios('on a real control plane', openRealCluster);
