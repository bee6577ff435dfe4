// A disk that is full: a small one of our own, in a namespace of its own (user_namespaces(7)), so that nobody else's fills.
import { spawnSync } from 'node:child_process';
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { buildSync } from 'esbuild';
import type { FullDisk } from './full-disk-run';
import { ownFolder } from './stage';

const folder = ownFolder();
const program = join(folder, 'full-disk-run.cjs');
const disk = join(folder, 'disk');
const onSmallDisk = (command: string) =>
  spawnSync('unshare', ['-rm', 'sh', '-c', `mount -t tmpfs -o size=2m tmpfs "${disk}" && ${command}`], { encoding: 'utf8' });

beforeAll(() => {
  mkdirSync(disk);
  buildSync({
    entryPoints: [join(__dirname, 'full-disk-run.ts')],
    bundle: true,
    platform: 'node',
    alias: { '@konfig/core': join(__dirname, '../../core/src') },
    outfile: program,
  });
});

const room = canMount() ? test : test.skip;
if (room === test.skip) process.stderr.write('Full disks are not tested here: this machine lets us mount none (unshare -rm).\n');

function canMount(): boolean {
  return spawnSync('unshare', ['-rm', 'sh', '-c', 'mount -t tmpfs tmpfs /tmp']).status === 0;
}

function run(moment: string): FullDisk {
  const { status, stdout, stderr } = onSmallDisk(`"${process.execPath}" "${program}" "${disk}" ${moment}`);
  if (status !== 0) throw new Error(`full-disk-run ended with ${status}: ${stderr}`);
  return JSON.parse(stdout) as FullDisk;
}

const all = { things: 100, owned: 100 };

room('a disk that is full before the lock is taken, or before the release is begun, changes nothing and keeps what was known', () => {
  for (const [moment, message] of [
    ['lock', /^take the lock in .*: ENOSPC: no space left on device/],
    ['begin', /^write .*000002.*: ENOSPC: no space left on device/],
  ] as const) {
    const found = run(moment);
    expect(found.first).toEqual({
      phase: 'failed',
      release: expect.any(Number),
      problems: [expect.objectContaining({ code: 'RECORD_WRITE', message: expect.stringMatching(message) })],
    });
    expect(found).toMatchObject({ states: { done: 3 }, orphans: [], holder: null, keepsOld: true });
    expect(found).toMatchObject({ second: { phase: 'succeeded', problems: [] }, rest: 97, ...all, phases: ['succeeded', 'succeeded'] });
  }
});

room('a disk that gets full while the journal is written lets nothing be changed that is not in it; the next run does the rest', () => {
  const found = run('journal');
  expect(found.first.phase).toBe('failed');
  expect(found.first.problems.map(({ code }) => code)).toEqual(found.first.problems.map(() => 'RECORD_WRITE'));
  expect(found.first.problems[0]?.message).toMatch(/^write .*000002\.journal: ENOSPC/);
  expect(found).toMatchObject({ orphans: [], holder: null, keepsOld: true, second: { phase: 'succeeded', problems: [] }, ...all });
  expect(found.states.pending).toBeGreaterThan(0);
  expect(found.rest).toBeGreaterThan(0);
  expect(found.rest).toBeLessThan(97);
  expect(found.phases[0]).toBe('succeeded');
  expect(found.phases.at(-1)).toBe('succeeded');
});

room('a disk that gets full before the end of the release is recorded loses nothing of what was done, and says so', () => {
  const found = run('end');
  expect(found.first).toMatchObject({ phase: 'failed', release: 2, problems: [{ code: 'RECORD_WRITE' }] });
  expect(found.first.problems[0]?.message).toMatch(/^write .*: ENOSPC/);
  expect(found).toMatchObject({ states: { done: 100 }, orphans: [], holder: null, keepsOld: true });
  expect(found).toMatchObject({ second: { phase: 'succeeded', problems: [] }, rest: 0, ...all });
  expect(found.phases).toEqual(['succeeded', 'failed', 'succeeded']);
});
