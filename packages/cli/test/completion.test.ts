// TAB in real shells, and the names that it offers.
import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { chmodSync, existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, relative } from 'node:path';
import { type Monorepo, makeMonorepo } from '../../../test/scenarios/monorepo';

const shops = `import { project, workspace, embeddedCluster } from '@konfig/sdk';
const here = workspace('here', { kubernetes: embeddedCluster() });
export default project('shop').stack('dev', here, () => {}).stack('prod', here, () => {});
`;

let monorepo: Monorepo;
beforeEach(() => {
  monorepo = makeMonorepo({ 'projects/shop/konfig.ts': shops });
  const bin = join(monorepo.folder, 'bin');
  mkdirSync(bin);
  writeFileSync(join(bin, 'konfig'), `#!/bin/sh\nexec "${process.execPath}" "${join(__dirname, '..', 'bin', 'konfig.js')}" "$@"\n`);
  chmodSync(join(bin, 'konfig'), 0o755);
});
const terminals: ChildProcess[] = [];
afterEach(async () => {
  for (const child of terminals.splice(0)) child.kill('SIGKILL');
  await refreshed(monorepo);
  monorepo.remove();
});

const offered = async (...words: string[]) => (await monorepo.konfig('__complete', 'bash', ...words)).stdout;

test('stacks are offered at once, as konfig.ts shows them, and as the program says when it was read', async () => {
  expect(await offered('status', '')).toBe('shop/dev\tstack\nshop/prod\tstack\n');
  await refreshed(monorepo);
  const loop = "const all = project('shop');\nfor (const name of ['dev', 'test']) all.stack(name, here, () => {});\nexport default all;\n";
  monorepo.write('projects/shop/konfig.ts', shops.replace(/export default[\s\S]*/, loop));
  // Nothing is seen at a glance: what was known last is offered while the program is read.
  expect(await offered('status', '')).toBe('shop/dev\tstack\nshop/prod\tstack\n');
  await refreshed(monorepo);
  expect(await offered('status', '')).toBe('shop/dev\tstack\nshop/test\tstack\n');
});

test('a program that does not compile keeps the names of yesterday', async () => {
  await offered('status', '');
  await refreshed(monorepo);
  monorepo.write('projects/shop/konfig.ts', 'this is nothing');
  expect(await offered('status', '')).toBe('shop/dev\tstack\nshop/prod\tstack\n');
});

test('resources are offered of a stack that was read before', async () => {
  monorepo.write(
    'projects/shop/konfig.ts',
    shops
      .replace('() => {}', "(stack) => { new Service(stack, 'web', { containers: { web: { image: 'web:1', ports: { http: 80 } } } }); }")
      .replace('project,', 'project, Service,'),
  );
  expect(await offered('logs', 'shop/dev', '')).toBe('');
  expect(await monorepo.konfig('synth', 'shop/dev', '--no-type-check')).toMatchObject({ code: 0 });
  expect(await offered('logs', 'shop/dev', '')).toBe('Deployment/web\t\nService/web\t\n');
});

test('outside of a monorepo commands are offered, and no names', async () => {
  const outside = (...words: string[]) => monorepo.start(['__complete', 'bash', ...words], {}, relative(monorepo.folder, tmpdir())).ended;
  expect(await outside('status', '')).toEqual({ code: 0, stdout: '', stderr: '' });
  expect((await outside('valid')).stdout).toBe('validate\tCheck all that can be checked without a cluster\n');
});

test('what bash takes apart at = and @ is put together again', async () => {
  expect(await offered('status', 'shop/dev', '--output', '=', 'j')).toBe('json\t\n');
  expect(await offered('status', 'shop/dev', '--output', '=')).toBe('text\t\njson\t\nndjson\t\n');
  expect(await offered('diff', 'shop/dev', '@')).toBe('');
  expect(await offered('diff', 'shop/dev', '@', '1', 'shop/p')).toBe('shop/prod\tstack\n');
});

const hasShell = (name: string) =>
  spawnSync(name, ['--version']).status === 0 && (name === 'fish' || spawnSync('script', ['--version']).status === 0);
const inShell = (name: string) => {
  if (hasShell(name)) return test;
  process.stderr.write(`Skipped: completion in ${name}, which is not installed here (or script(1) is not).\n`);
  return test.skip;
};

inShell('bash')('in bash', async () => {
  const typing = terminal('bash --norc -i', 'source <(konfig completion bash)');
  await typing.shows('status shop/d\t', /status shop\/dev /);
  await typing.shows('--output=j\t', /--output=json /);
  await typing.shows('--synth-t\t', /--synth-timeout /);
  await typing.ends();
});

inShell('zsh')('in zsh', async () => {
  const typing = terminal('zsh -f -i', 'autoload -U compinit; compinit -u -D; source <(konfig completion zsh)');
  await typing.shows('apply shop/d\t', /apply shop\/dev /);
  await typing.shows('--output=j\t', /--output=json /);
  await typing.shows('--syn\t', /--synth-timeout /);
  await typing.ends();
});

inShell('fish')('in fish', () => {
  const complete = (line: string) => fish(`konfig completion fish | source; complete -C '${line}'`);
  expect(complete('konfig status shop/')).toBe('shop/dev\tstack\nshop/prod\tstack\n');
  expect(complete('konfig status shop/dev --output=j')).toBe('--output=json\n');
  expect(complete('konfig valid')).toBe('validate\tCheck all that can be checked without a cluster\n');
  expect(complete('konfig synth shop/dev --to proj')).toMatch(/^projects\/\t?\w*\n$/);
});

/** The reading of changed programs that a TAB has begun is over. */
async function refreshed({ folder }: Monorepo): Promise<void> {
  const mark = join(folder, '.konfig', 'cache', 'completion', 'refreshing');
  while (existsSync(mark)) await new Promise((resolve) => setTimeout(resolve, 20));
}

function environment(): NodeJS.ProcessEnv {
  const { folder } = monorepo;
  return { PATH: `${join(folder, 'bin')}:${process.env.PATH}`, HOME: folder, TERM: 'dumb', LANG: 'C.UTF-8' };
}

function fish(command: string): string {
  const ran = spawnSync('fish', ['-c', command], { cwd: monorepo.folder, env: environment(), encoding: 'utf8' });
  return ran.stdout;
}

interface Typing {
  /** Types, and waits until this is seen. */
  shows(keys: string, wanted: RegExp): Promise<void>;
  ends(): Promise<void>;
}

/** An interactive shell on a terminal of its own, which script(1) makes. */
function terminal(shell: string, first: string): Typing {
  const child = spawn('script', ['-qfc', shell, '/dev/null'], {
    cwd: monorepo.folder,
    env: environment(),
    stdio: ['pipe', 'pipe', 'inherit'],
  });
  let seen = '';
  let look = () => {};
  child.stdout.on('data', (chunk: Buffer) => {
    seen += chunk;
    look();
  });
  const ended = new Promise<void>((resolve) => child.on('close', () => resolve()));
  terminals.push(child);
  const until = (wanted: RegExp) =>
    new Promise<void>((resolve, reject) => {
      look = () => wanted.test(seen) && resolve();
      look();
      const missing = () => reject(new Error(`the shell did not show ${wanted}: ${JSON.stringify(seen)}`));
      ended.then(missing);
      setTimeout(missing, 20_000).unref();
    });
  const ready = 'the shell is ready';
  // The word is not in what is typed, only in what it prints.
  child.stdin.write(`${first}; echo "the shell"" is ready"\n`);
  let isReady: Promise<void> | undefined;
  let typed = 'konfig ';
  return {
    async shows(keys, wanted) {
      isReady ??= until(new RegExp(ready)).then(() => {
        seen = '';
        child.stdin.write(typed);
      });
      await isReady;
      typed += keys;
      seen = seen.slice(-200);
      child.stdin.write(keys);
      await until(wanted);
    },
    async ends() {
      // ^U forgets the line.
      child.stdin.write('\u0015exit\n');
      await ended;
    },
  };
}
