// The scripts that build the test beds, on a machine that has none of it: who builds first, and who builds beside another. A stand-in for Go and for Python makes
// files in no time; that what the real ones make runs is for `npm run e2e` to show.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { chmodSync, mkdirSync, mkdtempSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';

const go = `#!/bin/sh
here=$(dirname "$0")
case "$1" in
  version) echo go version go1.99.0 test/test; exit ;;
  env) echo test; exit ;;
  list) [ "$3" = '{{.Version}}' ] && echo v1.36.3 || echo "$here/kwok"; exit ;;
esac
while [ "$1" != -o ]; do shift; done
case "$2" in
  */) [ -d "$2" ] && echo program > "$2/$(basename "$3")" ;;
  *) mkdir -p "$(dirname "$2")" && echo program > "$2" ;;
esac
`;
const python = `#!/bin/sh
case "$1 $2" in
  --version*) echo Python 3.99 ;;
  '-m venv') mkdir -p "$3/bin" && cp "$0" "$3/bin/python" ;;
  '-m pip') touch "$(dirname "$0")/moto_server" && chmod 755 "$(dirname "$0")/moto_server" ;;
  '-m moto.server') echo moto runs ;;
esac
`;
const stages = [
  'node/fast/node-initialize',
  'node/heartbeat-with-lease/node-heartbeat-with-lease',
  'pod/fast/pod-ready',
  'pod/fast/pod-delete',
].concat(['pvc-provision', 'pvc-delete', 'pv-bind', 'pv-delete'].map((name) => `volume/fast/${name}`));

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'konfig-beds-'));
  for (const [name, program] of Object.entries({ go, python3: python })) {
    mkdirSync(join(folder, 'bin'), { recursive: true });
    writeFileSync(join(folder, 'bin', name), program);
    chmodSync(join(folder, 'bin', name), 0o755);
  }
  for (const stage of stages) {
    const file = join(folder, 'bin/kwok/kustomize/stage', `${stage}.yaml`);
    mkdirSync(join(file, '..'), { recursive: true });
    writeFileSync(file, '');
  }
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

async function build(shell: 'sh' | 'bash', part: string): Promise<{ code: number; built: string }> {
  const script = join(__dirname, 'testbed', part, 'build.sh');
  const child = spawn(shell, [script], {
    stdio: ['ignore', 'pipe', 'ignore'],
    env: { ...process.env, PATH: `${join(folder, 'bin')}:${process.env.PATH}`, KONFIG_CACHE: join(folder, 'cache') },
  });
  const [lines, [code]] = await Promise.all([text(child.stdout), once(child, 'close')]);
  return { code, built: lines.trimEnd().split('\n').at(-1) ?? '' };
}

const beds = [
  ['', 'bin/testbed'],
  ['secrets', 'bin/vault'],
  ['secrets', 'moto/bin/moto_server'],
  ['terraform', 'mirror/registry.terraform.io/hashicorp/aws/3.1.0/test_test/terraform-provider-aws_v3.1.0'],
] as const;

describe.each(beds)('testbed/%s/build.sh, for its %s', (part, program) => {
  test.each(['sh', 'bash'] as const)('ends well in %s where nothing was built yet, and where all is', async (shell) => {
    const first = await build(shell, part);
    expect(first.code).toBe(0);
    expect(statSync(join(first.built, program)).isFile()).toBe(true);
    expect(await build(shell, part)).toEqual(first);
  });

  test('ends well for three who begin at once, all with the same folder and none with leftovers', async () => {
    const all = await Promise.all([build('sh', part), build('bash', part), build('sh', part)]);
    expect(all.map(({ code }) => code)).toEqual([0, 0, 0]);
    expect(new Set(all.map(({ built }) => built)).size).toBe(1);
    expect(statSync(join((all[0] as { built: string }).built, program)).isFile()).toBe(true);
    expect(readdirSync(join(folder, 'cache')).filter((name) => /part|building/.test(name))).toEqual([]);
  });
});

test('moto is run by the Python of the folder that it ended up in, not of the one it was installed in', async () => {
  const { built } = await build('sh', 'secrets');
  const child = spawn(join(built, 'moto/bin/moto_server'), [], { stdio: ['ignore', 'pipe', 'inherit'] });
  expect(await text(child.stdout)).toBe('moto runs\n');
});
