// The findings of docs/findings.md once more, where the real API server, controllers and scheduler bring them about, with KWOK in a kubelet's place:
// each is told in the same words.
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { catalogue } from '../scenarios/finding-catalogue';
import { screenIn, screenOf } from '../scenarios/finding-screen';
import { openRealCluster } from '../scenarios/real-cluster';
import { sceneOf } from '../scenarios/scene';

const scene = sceneOf(openRealCluster);
const docs = readFileSync(join(__dirname, '..', '..', 'docs', 'findings.md'), 'utf8');

test.each(catalogue.map((entry) => [entry.title, entry] as const))('%s', async (_, entry) => {
  if (entry.log !== undefined) {
    const line = entry.log && `${new Date().toISOString()} stdout F ${entry.log}\n`;
    writeFileSync(join(scene.cluster.testbed.folder, 'container.log'), line);
  }
  expect(inOneLine(await screenOf(scene, entry))).toBe(inOneLine(screenIn(docs, entry.title) ?? ''));
});

/** Lines are broken elsewhere where the name of a Pod is longer. */
function inOneLine(screen: string): string {
  return screen.replace(/\bweb-[a-z0-9]{6,10}\b/g, 'web-6c9f8b7d5').replace(/\s+/g, ' ');
}
