// What `konfig init` makes must work as it stands.
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { type Monorepo, makeMonorepo } from './scenarios/monorepo';

let outer: Monorepo;
afterEach(() => outer.remove());

test('the monorepo that konfig init makes synthesises, and goes to ready pods on the embedded cluster', async () => {
  outer = makeMonorepo({});
  const made = await outer.konfig('init', 'shop');
  expect(made).toMatchObject({ code: 0, stdout: expect.stringContaining('npx konfig apply hello/dev') });
  expect(existsSync(join(outer.folder, 'shop', 'projects', 'hello', 'app.ts'))).toBe(true);
  const inside = { ...outer, konfig: (...args: string[]) => outer.start(args, {}, 'shop').ended };
  expect(await inside.konfig('synth', 'hello/dev')).toMatchObject({ code: 0, stdout: expect.stringContaining('kind: Deployment') });
  try {
    expect(await inside.konfig('cluster', 'start', '--background')).toMatchObject({ code: 0 });
    expect(await inside.konfig('apply', 'hello/dev', '--yes')).toMatchObject({ code: 0 });
    expect(await inside.konfig('status', 'hello/dev')).toMatchObject({ code: 0, stdout: expect.stringContaining('Deployment/web') });
  } finally {
    await inside.konfig('cluster', 'stop');
  }
});

test('konfig init leaves a folder alone that is not empty', async () => {
  outer = makeMonorepo({ 'shop/notes.txt': 'mine' });
  const ran = await outer.konfig('init', 'shop');
  expect(ran.code).toBe(1);
  expect(ran.stderr).toMatch(/USAGE[\s\S]*is not empty: notes\.txt/);
  expect(outer.read('shop/notes.txt')).toBe('mine');
});
