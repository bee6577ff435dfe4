// The demo is the first thing a newcomer sees: it must run to its end, and show what it promises.
import { spawn } from 'node:child_process';
import { join } from 'node:path';

const root = join(__dirname, '..');

test('npm run demo goes the whole way, without a terminal', async () => {
  const { code, text } = await runDemo();
  expect(text).toMatch(/spec\.replicas {2}2 → 3 .*projects\/boutique\/konfig\.ts:\d+/);
  expect(text).toMatch(
    /RESOURCE_FAILED {2}Deployment\/adservice will not become ready[\s\S]*ImagePullBackOff[\s\S]*projects\/boutique\/app\.ts:\d+/,
  );
  expect(text).toMatch(/^4 .*succeeded[\s\S]*^3 .*failed[\s\S]*^2 .*succeeded[\s\S]*^1 .*succeeded/m);
  expect(text).toMatch(/That was the whole way in \d+ s/);
  expect(code).toBe(0);
}, 120_000);

function runDemo(): Promise<{ readonly code: number | null; readonly text: string }> {
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, [join(root, 'konfig', 'demo', 'demo.mjs')], {
      env: { PATH: process.env.PATH, HOME: process.env.HOME, NO_COLOR: '1' },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    let text = '';
    child.stdout.on('data', (chunk: Buffer) => {
      text += chunk;
    });
    child.stderr.on('data', (chunk: Buffer) => {
      text += chunk;
    });
    child.on('error', reject);
    child.on('close', (code) => resolve({ code, text }));
  });
}
