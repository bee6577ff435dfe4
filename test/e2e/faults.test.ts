import { faults } from '../scenarios/faults';
import { openRealCluster } from '../scenarios/real-cluster';
import { sceneOf } from '../scenarios/scene';

describe('on a real control plane', () => {
  const scene = sceneOf(openRealCluster);
  faults(scene, { kills: 30 });
});
