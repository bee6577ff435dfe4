// Every finding that Konfig knows of by itself, brought about on the embedded cluster, and what `konfig apply` says of it: as docs/findings.md shows it.
// `UPDATE_DOCS=1 npx jest test/findings` writes the screens anew.
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { openEmbeddedCluster } from './scenarios/embedded-cluster';
import { catalogue, type Entry } from './scenarios/finding-catalogue';
import { applied, type Scene, sceneOf } from './scenarios/scene';

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

/** The problems that the failing command ends with, without what is another one each time. */
async function screenOf({ cluster, shop }: Scene, { name, lines, options, before, after }: Entry): Promise<string> {
  await before?.(cluster);
  const monorepo = shop(name, lines, options);
  if (after) await applied(monorepo, `${name}/dev`);
  await after?.(cluster);
  const command = after ? 'destroy' : 'apply';
  const { stdout, stderr, code } = await monorepo.konfig(command, `${name}/dev`, '--yes');
  if (code === 0) throw new Error(`It went well:\n${stdout}`);
  const [, problems = stderr.trim()] = /\n\n( {7}[A-Z_]+ {2}[\s\S]*?)\n\n {7}next/.exec(stdout) ?? [];
  return steady(`$ konfig ${command} ${name}/dev --yes\n…\n${problems}`);
}

/** The names of Pods end at random, and times are what they are. */
function steady(text: string): string {
  return text
    .replace(/\b(web-[a-z0-9]{8,10})-[a-z0-9]{5}\b/g, '$1-x7k2p')
    .replace(/\d{4}-\d\d-\d\dT[\d:]+Z/g, '2026-11-23T12:00:00Z')
    .replace(/\b\d+(\s+)restarts?\b/g, '3$1restarts');
}

function blockOf(title: string): RegExp {
  const literally = title.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');
  return new RegExp(`(### ${literally}\n[\\s\\S]*?\`\`\`\n)([\\s\\S]*?)(\n\`\`\`)`);
}

function screenIn(text: string, title: string): string | undefined {
  return blockOf(title).exec(text)?.[2];
}

function withScreen(text: string, title: string, screen: string): string {
  if (!text.includes(`### ${title}\n`)) return `${text.trimEnd()}\n\n### ${title}\n\n\`\`\`\n${screen}\n\`\`\`\n`;
  return text.replace(blockOf(title), (_, begin: string, __, end: string) => begin + screen + end);
}
