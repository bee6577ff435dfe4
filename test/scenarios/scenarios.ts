// The main job and its ways to fail, as a user meets them: the same on the embedded cluster and on a real control plane.
import { boutique } from './boutique';
import type { ScenarioCluster } from './cluster';
import { customResources } from './custom-resources';
import { failures } from './failures';
import { interruptions } from './interruptions';
import { looking } from './looking';
import { mainJob } from './main-job';
import { manifests } from './manifests';
import { ownership } from './ownership';
import { plans } from './plans';
import { refactoring } from './refactoring';
import { sceneOf } from './scene';
import { targets } from './targets';
import { tasks } from './tasks';
import { versioned } from './versioned';

export function describeScenarios(where: string, open: () => Promise<ScenarioCluster>): void {
  describe(where, () => {
    const scene = sceneOf(open);
    describe('the main job', () => mainJob(scene));
    describe('whose what is', () => ownership(scene));
    describe('plans and ways back', () => plans(scene));
    describe('what people ask', () => looking(scene));
    describe('custom resources', () => customResources(scene));
    describe('a folder of manifests', () => manifests(scene));
    describe('tasks', () => tasks(scene));
    describe('config by content, and YAML in a program', () => versioned(scene));
    describe('code that is put elsewhere', () => refactoring(scene));
    describe('several targets', () => targets(scene));
    describe('what fails', () => failures(scene));
    describe('interruptions', () => interruptions(scene));
    describe("the company's monorepo", () => boutique(scene));
  });
}
