// konfig health --rules: the rules of a file, as the process itself asks them.
import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const command = join(__dirname, '..', 'bin', 'konfig.js');
let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'health-rules-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

function health(rules: string) {
  writeFileSync(join(folder, 'rules.yaml'), rules);
  const input = JSON.stringify({ apiVersion: 'acme.example/v1', kind: 'Widget', metadata: { name: 'w' }, status: { mode: 'Asleep' } });
  return spawnSync(process.execPath, [command, 'health', '-f', '-', '--rules', 'rules.yaml'], { cwd: folder, input, encoding: 'utf8' });
}

test('rules of a file go before all others', () => {
  const { stdout } = health(`
- kind: Widget.acme.example
  cases:
    - when: status.mode == 'Asleep'
      health: suspended
      message: sleeps
`);
  expect(stdout).toBe('◫ suspended    Widget.acme.example/w  sleeps\n');
});

test('rules that cannot be asked stop it, with all that is wrong', () => {
  const { status, stderr } = health("- kind: Widget.acme.example\n  cases: [{ when: 'a ==', health: fine }]\n");
  expect(status).not.toBe(0);
  expect(stderr).toContain('cases[0].when: a ==:');
  expect(stderr).toContain('health is "fine".');
  expect(stderr).toContain('rules.yaml:1');
});

test('so does a file that is none', () => {
  expect(health('- kind: [').stderr).toContain('rules.yaml');
});
