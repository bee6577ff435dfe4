// Every finding that Konfig knows of by itself, brought about on the embedded cluster, and what `konfig apply` says of it: as docs/findings.md shows it.
// `UPDATE_DOCS=1 npx jest test/findings` writes the screens anew.
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { openEmbeddedCluster } from './scenarios/embedded-cluster';
import { catalogue } from './scenarios/finding-catalogue';
import { blockOf, screenIn, screenOf } from './scenarios/finding-screen';
import { sceneOf } from './scenarios/scene';

const file = join(__dirname, '..', 'docs', 'findings.md');
const scene = sceneOf(openEmbeddedCluster);

test.each(catalogue.map((entry) => [entry.title, entry] as const))('%s', async (_, entry) => {
  const screen = await screenOf(scene, entry);
  if (process.env.UPDATE_DOCS) writeFileSync(file, withScreen(readFileSync(file, 'utf8'), entry.title, screen));
  expect(screenIn(readFileSync(file, 'utf8'), entry.title)).toBe(screen);
  expect(screen).toContain(entry.code);
});

test('docs/findings.md has a screen of each, and no other', () => {
  const titles = [...readFileSync(file, 'utf8').matchAll(/^### (.+)$/gm)].map(([, title]) => title);
  expect(titles).toEqual(catalogue.map(({ title }) => title));
});

function withScreen(text: string, title: string, screen: string): string {
  if (!text.includes(`### ${title}\n`)) return `${text.trimEnd()}\n\n### ${title}\n\n\`\`\`\n${screen}\n\`\`\`\n`;
  return text.replace(blockOf(title), (_, begin: string, __, end: string) => begin + screen + end);
}
