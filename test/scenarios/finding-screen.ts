// What is said of a finding, with whatever is another thing each time made the same.
import type { Entry } from './finding-catalogue';
import { applied, type Scene } from './scene';

/** The problems that the failing command ends with, or what it tells on the way, without what is another one each time. */
export async function screenOf(
  { cluster, shop }: Scene,
  { name, lines, options, before, during, after, isOnlyTold }: Entry,
): Promise<string> {
  await before?.(cluster);
  const monorepo = shop(name, lines, options);
  if (after) await applied(monorepo, `${name}/dev`);
  await after?.(cluster);
  const command = after ? 'destroy' : 'apply';
  const [{ stdout, stderr, code }] = await Promise.all([monorepo.konfig(command, `${name}/dev`, '--yes'), during?.(cluster)]);
  if ((code === 0) !== (isOnlyTold === true)) throw new Error(`It ended with ${code}:\n${stdout}\n${stderr}`);
  const place = isOnlyTold ? /\n\d\d:\d\d( {2}.*\n {9}! [\s\S]*?)\n\d\d:\d\d/ : /\n\n( {7}[A-Z_]+ {2}[\s\S]*?)\n\n {7}next/;
  const [, problems = stderr.trim()] = place.exec(stdout) ?? [];
  return steady(`$ konfig ${command} ${name}/dev --yes\n…\n${problems}`);
}

/** The names of Pods end at random, and times are what they are. */
function steady(text: string): string {
  return text
    .replace(/\b(web-[a-z0-9]{8,10})-[a-z0-9]{5}\b/g, '$1-x7k2p')
    .replace(/\d{4}-\d\d-\d\dT[\d:]+Z/g, '2026-11-23T12:00:00Z')
    .replace(/\b\d+(\s+)restarts?\b/g, '3$1restarts');
}

/** Where docs/findings.md has the screen of this title. */
export function blockOf(title: string): RegExp {
  const literally = title.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');
  return new RegExp(`(### ${literally}\n[\\s\\S]*?\`\`\`\n)([\\s\\S]*?)(\n\`\`\`)`);
}

/** The screen that docs/findings.md has. */
export function screenIn(text: string, title: string): string | undefined {
  return blockOf(title).exec(text)?.[2];
}
