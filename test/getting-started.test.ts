// docs/getting-started.md, as a stranger follows it: every command is run in an empty folder outside of the repository, with our packages from npm,
// and must print what the page says.
import type { ChildProcess } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Cluster, startCluster } from '@konfig/cluster';
import { type Registry, removeInstalled, startRegistry } from './registry';

const page = readFileSync(join(__dirname, '..', 'docs', 'getting-started.md'), 'utf8');

let registry: Registry;
let cluster: Cluster;
let folder: string;
let shell: Session;
beforeAll(async () => {
  registry = await startRegistry();
  folder = mkdtempSync(join(tmpdir(), 'konfig-stranger-'));
  // The reader's real cluster, and the context by which kubectl knows it.
  cluster = await startCluster();
  const kubeconfig = JSON.parse(cluster.kubeconfig());
  mkdirSync(join(registry.home, '.kube'));
  writeFileSync(
    join(registry.home, '.kube', 'config'),
    JSON.stringify({ ...kubeconfig, contexts: [{ ...kubeconfig.contexts[0], name: 'prod' }], 'current-context': 'elsewhere' }),
  );
  shell = session(registry.start(folder, 'sh'));
}, 120_000);
afterAll(async () => {
  // Where the page was not followed to its end, its cluster still runs.
  await registry.run(join(folder, 'acme'), 'npx', 'konfig', 'cluster', 'stop');
  shell.close();
  await cluster.stop();
  await registry.stop();
  removeInstalled(folder);
});

const blocks = [...page.matchAll(/^```(console|diff)\n([\s\S]*?)^```$/gm)].map(([, kind, text = '']) => ({ kind, text }));

test('the page has commands and edits to follow', () => {
  expect(blocks.filter(({ kind }) => kind === 'console').length).toBeGreaterThan(8);
  expect(blocks.filter(({ kind }) => kind === 'diff').length).toBeGreaterThan(2);
});

test('the page can be followed from an empty folder to a deployed app, and each command prints what it says', async () => {
  for (const { kind, text } of blocks) {
    if (kind === 'diff') edit(text);
    else
      for (const { command, output } of commandsIn(text))
        expect(`$ ${command}\n${await shell.says(command)}`).toMatch(pattern(command, output));
  }
  expect(await fetch(`${cluster.server}/api/v1/namespaces/hello`)).toMatchObject({ status: 404 });
}, 400_000);

/** `$ npm test`, and the lines below it up to the next command. */
function commandsIn(text: string): readonly { readonly command: string; readonly output: string }[] {
  return text
    .split(/^\$ /m)
    .slice(1)
    .map((part) => ({ command: part.slice(0, part.indexOf('\n')), output: part.slice(part.indexOf('\n') + 1) }));
}

/** `…` stands for anything. Where the page shows no output, anything may be printed. */
function pattern(command: string, output: string): RegExp {
  const escaped = (text: string) => text.trim().replace(/[.*+?^${}()|[\]\\]/g, '\\$&');
  const anything = output === '' ? '…' : output;
  return new RegExp(`^\\$ ${escaped(command)}\\s+${anything.split('…').map(escaped).join('[\\s\\S]*?')}\\s*$`);
}

/** The first line names the file; one line gives way to another. */
function edit(text: string): void {
  const [, name = '', before = '', after = ''] = /^ (.+)\n-(.+)\n\+(.+)\n$/.exec(text) ?? [];
  const file = join(folder, 'acme', name);
  const old = readFileSync(file, 'utf8');
  expect(old).toContain(`${before}\n`);
  writeFileSync(file, old.replace(before, after));
}

interface Session {
  /** What a command prints, on both streams. */
  says(command: string): Promise<string>;
  close(): void;
}

/** One shell for the whole page, so that `cd` and `$?` mean what they mean to a reader. */
function session(child: ChildProcess): Session {
  const end = '--- end of the command ---';
  let printed = '';
  let look = () => {};
  let lost = (_error: Error) => {};
  child.once('exit', () => lost(new Error(`The shell ended, having said: ${printed}`)));
  const hear = (chunk: Buffer) => {
    printed += chunk;
    look();
  };
  child.stdout?.on('data', hear);
  child.stderr?.on('data', hear);
  return {
    says: (command) =>
      new Promise((resolve, reject) => {
        printed = '';
        look = () => {
          if (printed.includes(end)) resolve(printed.slice(0, printed.indexOf(end)));
        };
        lost = reject;
        child.stdin?.write(`{ ${command}\n} </dev/null 2>&1; last=$?; echo '${end}'; (exit $last)\n`);
      }),
    close: () => child.kill(),
  };
}
