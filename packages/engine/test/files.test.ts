import { spawn } from 'node:child_process';
import {
  appendFileSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  truncateSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import type { KonfigError, ReleaseStore } from '@konfig/core';
import { buildSync } from 'esbuild';
import { machine, ownProcess } from '../src/process';
import { history, status } from '../src/status';
import { claimLock } from '../src/stores/file-lock';
import { fileStore } from '../src/stores/files';
import { holderOf, recordAt, releaseAt, stack } from './records';
import { noSignal, ownFolder, specOf, stage } from './stage';
import { storeContract } from './store-contract';

// Bundled from the sources, so that the processes do not run yesterday's build of core.
const racerFile = join(ownFolder(), 'racer.cjs');

beforeAll(() => {
  buildSync({
    entryPoints: [join(__dirname, 'lock-racer.ts')],
    bundle: true,
    platform: 'node',
    alias: { '@konfig/core': join(__dirname, '../../core/src') },
    outfile: racerFile,
  });
});

const releases = (folder: string) => join(folder, 'shop', 'prod', 'releases');
const journalOf = (folder: string, number: number) => fileOf(folder, number).replace(/json$/, 'journal');
const locks = (folder: string) => join(folder, 'shop', 'prod', 'locks');

function fileOf(folder: string, what: 'record' | number): string {
  return what === 'record' ? join(folder, 'shop', 'prod', 'record.json') : join(releases(folder), `${String(what).padStart(6, '0')}.json`);
}

storeContract('files', async () => {
  const folder = ownFolder();
  const store = fileStore(folder);
  return {
    store,
    again: () => fileStore(folder),
    async truncate(what) {
      truncateSync(fileOf(folder, what), 40);
      return fileOf(folder, what);
    },
    async writeVersion(version) {
      const file = fileOf(folder, 'record');
      writeFileSync(file, readFileSync(file, 'utf8').replace('konfig.dev/record/v1', version));
      return file;
    },
    async breakJournal(number) {
      const file = journalOf(folder, number);
      const lines = readFileSync(file, 'utf8').split('\n');
      writeFileSync(file, [lines[0], lines[1]?.slice(0, 20), ...lines.slice(2)].join('\n'));
      return { name: `${file}, line 2,`, remove: async () => rmSync(file) };
    },
    async takeOver(lock) {
      // To the store its holder is a process that is gone.
      const file = join(locks(folder), String(lock.fence));
      writeFileSync(file, JSON.stringify({ ...JSON.parse(readFileSync(file, 'utf8')), process: { machine: machine(), pid: 0x7ffffffe } }));
      return store.lock(stack, holderOf('bob'));
    },
  };
});

describe('the lock of a file store', () => {
  test('is held by one of two processes at a time, in twenty rounds', async () => {
    const folder = ownFolder();
    const racers = await Promise.all(['a', 'b'].map((who) => racer(folder, who)));
    const fences: number[] = [];
    for (let round = 0; round < 20; round++) {
      const said = await Promise.all(racers.map((one) => one.does('go')));
      expect([...said].sort()).toEqual(['LOCK_HELD', expect.stringMatching(/^got \d+$/)]);
      const winner = racers[said.findIndex((line) => line.startsWith('got'))];
      fences.push(Number(said.find((line) => line.startsWith('got'))?.slice(4)));
      expect(await winner?.does(`save ${round + 1}`)).toBe('saved');
      expect(await winner?.does('release')).toBe('released');
    }
    expect(fences).toEqual([...new Set(fences)].sort((a, b) => a - b));
    expect((await fileStore(folder).listReleases(stack)).releases).toHaveLength(20);
    for (const one of racers) one.kill();
  });

  test('goes over at once when its holder was killed', async () => {
    const folder = ownFolder();
    const holder = await racer(folder, 'dead');
    expect(await holder.does('go')).toBe('got 1');
    await expect(fileStore(folder).lock(stack, holderOf('bob'))).rejects.toThrow('is being changed by dead');
    await holder.kill();
    const lock = await fileStore(folder).lock(stack, holderOf('bob'));
    expect(lock.fence).toBe(2);
    await lock.release();
  });

  test('is free when its holder ended without giving it back', async () => {
    const folder = ownFolder();
    const holder = await racer(folder, 'short');
    await holder.does('go');
    await holder.ends();
    await (await fileStore(folder).lock(stack, holderOf('bob'))).release();
  });

  test('is free when another process has its pid by now', async () => {
    const folder = ownFolder();
    mkdirSync(locks(folder), { recursive: true });
    const former = { ...holderOf('former'), fence: 3, process: { machine: machine(), pid: process.pid, born: '1' } };
    writeFileSync(join(locks(folder), '3'), JSON.stringify(former));
    const lock = await fileStore(folder).lock(stack, holderOf('bob'));
    expect(lock.fence).toBe(4);
    await lock.release();
  });

  test('of another machine is held as long as it has a heartbeat', async () => {
    const folder = ownFolder();
    mkdirSync(locks(folder), { recursive: true });
    const file = join(locks(folder), '3');
    writeFileSync(file, JSON.stringify({ ...holderOf('far'), fence: 3, process: { machine: 'far-away', pid: 1 } }));
    await expect(fileStore(folder).lock(stack, holderOf('bob'))).rejects.toThrow('is being changed by far');
    utimesSync(file, 0, 0);
    await (await fileStore(folder).lock(stack, holderOf('bob'))).release();
  });

  test('does not go to whoever comes late, with a number that has been used and swept away', async () => {
    const folder = ownFolder();
    const store = fileStore(folder);
    for (let i = 0; i < 2; i++) await (await store.lock(stack, holderOf('anna'))).release();
    const holder = await store.lock(stack, holderOf('carl'));
    const late = { ...holderOf('late'), fence: 2, process: ownProcess() };
    expect(claimLock(locks(folder), late)).toBe(false);
    expect(readdirSync(locks(folder))).toEqual([String(holder.fence)]);
    await holder.release();
  });

  test('leaves no files behind but the newest', async () => {
    const folder = ownFolder();
    const store = fileStore(folder);
    for (let i = 0; i < 5; i++) await (await store.lock(stack, holderOf('anna'))).release();
    const lock = await store.lock(stack, holderOf('anna'));
    expect(readdirSync(locks(folder))).toEqual([String(lock.fence)]);
    await lock.release();
  });

  test('that cannot be written says so', async () => {
    const folder = ownFolder();
    mkdirSync(join(folder, 'shop', 'prod'), { recursive: true });
    writeFileSync(join(folder, 'shop', 'prod', 'locks'), '');
    await expect(fileStore(folder).lock(stack, holderOf('anna'))).rejects.toMatchObject({ problems: [{ code: 'RECORD_WRITE' }] });
  });
});

describe('files of a store', () => {
  test('a save that fails leaves the older record, names the file and cleans up', async () => {
    const folder = ownFolder();
    const store = fileStore(folder);
    const lock = await store.lock(stack, holderOf('anna'));
    await store.save(lock, recordAt(1), releaseAt(1));
    // A folder stands where the file is to be: what a full disk does, for one who may do everything.
    mkdirSync(join(fileOf(folder, 2), 'x'), { recursive: true });
    const error = (await store.save(lock, recordAt(2), releaseAt(2)).catch((error: unknown) => error)) as KonfigError;
    expect(error.problems.map(({ code }) => code)).toEqual(['RECORD_WRITE']);
    expect(error.message).toContain(fileOf(folder, 2));
    expect((await store.readRecord(stack))?.lastRelease).toBe(1);
    expect(readdirSync(releases(folder)).filter((name) => name.endsWith('.part'))).toEqual([]);
    await lock.release();
  });

  test('a process that died between any two file operations leaves a store that can be read and gone on with', async () => {
    const before = ownFolder();
    const store = fileStore(before);
    const lock = await store.lock(stack, holderOf('anna'));
    await store.save(lock, recordAt(1), releaseAt(1));
    await lock.release();
    // What a save does, in order: part of the Spec, the Spec, the plan, the lines, part of the release, the release, part of the record, the record.
    const { spec, plan, sources, ...release } = releaseAt(2, 'applying');
    writeFileSync(join(releases(before), '000002.spec.json.x.part'), '{"ver');
    writeFileSync(join(releases(before), '000002.spec.json'), JSON.stringify(spec));
    writeFileSync(`${fileOf(before, 2)}.x.part`, '{"version"');
    writeFileSync(join(releases(before), '000002.plan.json'), JSON.stringify(plan));
    writeFileSync(join(releases(before), '000002.sources.json'), JSON.stringify(sources));
    writeFileSync(fileOf(before, 2), JSON.stringify({ ...release, parts: ['spec', 'plan', 'sources'] }));
    writeFileSync(`${fileOf(before, 'record')}.x.part`, '{"ver');
    writeFileSync(join(locks(before), 'x.part'), '');
    const heir = fileStore(before);
    expect((await heir.readRecord(stack))?.lastRelease).toBe(1);
    expect((await heir.listReleases(stack)).releases.map(({ number }) => number)).toEqual([2, 1]);
    expect(await heir.listStacks()).toEqual([stack]);
    const next = await heir.lock(stack, holderOf('bob'));
    await heir.save(next, recordAt(2), releaseAt(2));
    expect(await heir.readRelease(stack, 2)).toEqual(releaseAt(2));
    await next.release();
  });

  test('what is not a record is named whatever it is', async () => {
    const folder = ownFolder();
    const store = fileStore(folder);
    const lock = await store.lock(stack, holderOf('anna'));
    await store.save(lock, recordAt(1), releaseAt(1));
    for (const text of ['', 'null', '[]', '"x"', '{}', '{"version":7}', '\u0000\u0000']) {
      writeFileSync(fileOf(folder, 'record'), text);
      await expect(store.readRecord(stack)).rejects.toMatchObject({ problems: [{ code: 'RECORD_CORRUPT' }] });
      await expect(store.readRecord(stack)).rejects.toThrow(fileOf(folder, 'record'));
    }
    await lock.release();
  });

  test('a list names every release that cannot be read', async () => {
    const folder = ownFolder();
    const store = fileStore(folder);
    const lock = await store.lock(stack, holderOf('anna'));
    for (const number of [1, 2, 3]) await store.save(lock, recordAt(number), releaseAt(number));
    for (const number of [1, 3]) truncateSync(fileOf(folder, number), 5);
    const { releases: found, problems } = await store.listReleases(stack);
    expect(found.map(({ number }) => number)).toEqual([2]);
    expect(problems.map(({ message }) => message.split(' is not')[0])).toEqual([fileOf(folder, 3), fileOf(folder, 1)]);
    rmSync(fileOf(folder, 1));
    rmSync(fileOf(folder, 3));
    expect(await store.listReleases(stack)).toEqual({ releases: found, problems: [] });
    await lock.release();
  });

  test('a stack without a record and a stray file are no stacks, and names stay inside the folder', async () => {
    const folder = ownFolder();
    const store = fileStore(join(folder, 'records'));
    await (await store.lock('shop/empty', holderOf('anna'))).release();
    writeFileSync(join(folder, 'records', 'README.md'), '');
    expect(await store.listStacks()).toEqual([]);
    const lock = await store.lock('../..', holderOf('anna'));
    await store.save(lock, { ...recordAt(1), stack: '../..' }, { ...releaseAt(1), stack: '../..' });
    await lock.release();
    expect(readdirSync(folder)).toEqual(['records']);
    expect(await store.listStacks()).toEqual(['../..']);
  });

  test('hold no plain text that others of the machine may read', async () => {
    const folder = ownFolder();
    const store = fileStore(folder);
    const lock = await store.lock(stack, holderOf('anna'));
    await store.save(lock, recordAt(1), releaseAt(1));
    for (const what of ['record', 1] as const) expect(statSync(fileOf(folder, what)).mode & 0o077).toBe(0);
    await lock.release();
  });
});

describe('what is damaged', () => {
  const begun = async (folder: string) => {
    const store = fileStore(folder);
    const lock = await store.lock(stack, holderOf('anna'));
    await store.save(lock, recordAt(1), releaseAt(1));
    await store.save(lock, recordAt(2, ['web']), releaseAt(2, 'applying'));
    const append = (state: 'started' | 'applied' | 'done') =>
      store.append(lock, { stack, number: 2, entries: [{ id: 'main:Thing/web', state, uid: 'u1' }] });
    return { store, lock, append };
  };
  const stateOf = async (store: ReleaseStore) => (await store.readRelease(stack, 2))?.steps[0]?.state;

  test.each([
    ['was cut short', (text: string) => text.slice(0, -9)],
    ['lost its end but not its line break, as after a power cut', (text: string) => `${text.slice(0, -9)}\0\0\0\n`],
  ])('the last line of a journal that %s was never acted on', async (_, cut) => {
    const folder = ownFolder();
    const { store, lock, append } = await begun(folder);
    await append('started');
    await append('applied');
    writeFileSync(journalOf(folder, 2), cut(readFileSync(journalOf(folder, 2), 'utf8')));
    expect(await stateOf(store)).toBe('started');
    expect((await store.readRecord(stack))?.inventory[0]?.uid).toBe('u1');
    await lock.release();
  });

  test('what a write that failed half-way has left of a line is gone before the next one', async () => {
    const folder = ownFolder();
    const { store, lock, append } = await begun(folder);
    await append('started');
    appendFileSync(journalOf(folder, 2), '[{"id":"main:Th');
    await append('done');
    expect(readFileSync(journalOf(folder, 2), 'utf8').split('\n')).toHaveLength(3);
    expect(await stateOf(store)).toBe('done');
    await lock.release();
  });

  test.each<[string, (record: { [field: string]: unknown }) => unknown, string]>([
    ['has no inventory', ({ inventory: _, ...rest }) => rest, 'its inventory is no list of resources'],
    ['has an inventory of another shape', (record) => ({ ...record, inventory: {} }), 'its inventory is no list of resources'],
    ['has lost the number of its last release', ({ lastRelease: _, ...rest }) => rest, 'it does not say which release was the last'],
    ['has lost the key of its hashes', ({ hashKey: _, ...rest }) => rest, 'it has lost the key of its hashes'],
  ])('a record that is JSON but %s is named', async (_, change, why) => {
    const folder = ownFolder();
    const { store, lock } = await begun(folder);
    const file = join(folder, 'shop', 'prod', 'record.json');
    writeFileSync(file, JSON.stringify(change(JSON.parse(readFileSync(file, 'utf8')))));
    await expect(store.readRecord(stack)).rejects.toThrow(`RECORD_CORRUPT  ${file} is not a record of Konfig: ${why}.`);
    await lock.release();
  });

  test('a run whose journal was taken away writes nothing more', async () => {
    const folder = ownFolder();
    const { lock, append } = await begun(folder);
    rmSync(journalOf(folder, 2));
    await expect(append('started')).rejects.toMatchObject({ problems: [{ code: 'RECORD_WRITE' }] });
    expect(existsSync(journalOf(folder, 2))).toBe(false);
    await lock.release();
  });

  test.each([
    ['spec', 'cut in half'],
    ['spec', 'gone'],
    ['plan', 'cut in half'],
    ['plan', 'gone'],
    ['sources', 'cut in half'],
    ['sources', 'gone'],
  ])('the %s of a release that is %s is named, the others stay usable, and so does the stack', async (part, how) => {
    const folder = ownFolder();
    const store = fileStore(folder);
    const lock = await store.lock(stack, holderOf('anna'));
    for (const number of [1, 2]) await store.save(lock, recordAt(number), releaseAt(number));
    const file = fileOf(folder, 1).replace(/json$/, `${part}.json`);
    if (how === 'gone') rmSync(file);
    else truncateSync(file, 20);
    await expect(store.readRelease(stack, 1)).rejects.toThrow(file);
    const { releases: found, problems } = await store.listReleases(stack);
    expect(found.map(({ number }) => number)).toEqual([2, 1]);
    // Only what is gone is told by the list: it does not read what it does not need.
    expect(problems.map(({ at }) => at)).toEqual(how === 'gone' ? ['release 1 of shop/prod'] : []);
    expect(await store.readRelease(stack, 2)).toEqual(releaseAt(2));
    await store.save(lock, recordAt(3), releaseAt(3));
    await lock.release();
  });

  test.each(['', '{"run":"x"', '{}', '[]'])(
    'a lock file that holds %j is held as long as it has a heartbeat, and no longer',
    async (text) => {
      const folder = ownFolder();
      const { store, lock } = await begun(folder);
      const file = join(locks(folder), String(lock.fence));
      writeFileSync(file, text);
      await expect(fileStore(folder).lock(stack, holderOf('bob'))).rejects.toThrow(`somebody whose lock ${file} cannot be read`);
      expect(await store.holder(stack)).toMatchObject({ who: 'somebody' });
      utimesSync(file, 0, 0);
      expect(await store.holder(stack)).toBeUndefined();
      const next = await fileStore(folder).lock(stack, holderOf('bob'));
      expect(next.fence).toBe(lock.fence + 1);
      await lock.release();
      await next.release();
    },
  );

  test('a last release that cannot be read stops no apply, which says so; history tells of it and lists the others', async () => {
    const shop = stage();
    await shop.apply({ web: {} });
    await shop.apply({ web: { text: 'new' } });
    const file = fileOf(shop.folder, 2);
    truncateSync(file, 30);
    expect(await shop.apply({ web: { text: 'newer' } })).toEqual([
      expect.stringContaining(`note: Release 2 cannot be read, and is left as it is: RECORD_CORRUPT  ${file} is not a record of Konfig: `),
      'apply shop/prod, release 3: update web',
      'web: update',
      'web: applied',
      'web: ready, is there',
      'web: done',
      'succeeded',
    ]);
    const { releases: found, problems } = await history(specOf({ web: {} }), shop.world('anna'), noSignal);
    expect(found.map(({ number, phase }) => `${number} ${phase}`)).toEqual(['3 succeeded', '1 succeeded']);
    expect(problems).toEqual([
      {
        code: 'RECORD_CORRUPT',
        at: 'release 2 of shop/prod',
        message: expect.stringContaining(file),
        hint: 'Bring it back from a backup, or move it away: the other releases stay usable, and the stack too.',
      },
    ]);
  });

  test('a record that cannot be read stops an apply, with the way out; history still lists the releases', async () => {
    const shop = stage();
    await shop.apply({ web: {} });
    const file = fileOf(shop.folder, 'record');
    truncateSync(file, 30);
    const shown = await shop.preview({ web: { text: 'new' } });
    expect(shown.plan).toBeUndefined();
    expect(shown.problems).toEqual([
      {
        code: 'RECORD_CORRUPT',
        message: expect.stringContaining(file),
        hint: expect.stringMatching(/from a backup.*move it away and apply with --adopt/),
      },
    ]);
    expect(shop.runtime.changes).toEqual(['create web']);
    const { releases: found, problems } = await history(specOf({ web: {} }), shop.world('anna'), noSignal);
    expect(found.map(({ number, phase }) => `${number} ${phase}`)).toEqual(['1 succeeded']);
    expect(problems.map(({ message }) => message)).toEqual([expect.stringContaining(file)]);
  });
});

interface Racer {
  does(line: string): Promise<string>;
  kill(): Promise<void>;
  ends(): Promise<void>;
}

async function racer(folder: string, who: string): Promise<Racer> {
  const child = spawn(process.execPath, [racerFile, folder, who], { stdio: ['pipe', 'pipe', 'inherit'] });
  const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
  const ended = new Promise<void>((resolve) => child.once('close', () => resolve()));
  const next = async () => String((await lines.next()).value);
  await next();
  return {
    does(line) {
      child.stdin.write(`${line}\n`);
      return next();
    },
    async kill() {
      child.kill('SIGKILL');
      await ended;
    },
    async ends() {
      child.stdin.write('end\n');
      await ended;
    },
  };
}

test('a last release that is gone is told, by status beside what the stack owns, and by history', async () => {
  const shop = stage();
  await (await shop.start({ web: {} })).result;
  for (const name of readdirSync(join(shop.folder, 'shop', 'prod', 'releases')))
    rmSync(join(shop.folder, 'shop', 'prod', 'releases', name));
  const lost = /Release 1 of shop\/prod is not among the records/;
  const seen = await status(specOf({ web: {} }), shop.world('anna'), noSignal);
  expect(seen.problems.map(({ message }) => message)).toEqual([expect.stringMatching(lost)]);
  expect(seen.lastRelease).toBeUndefined();
  expect(seen.observations.map(({ id }) => id)).toEqual(['main:Thing/web']);
  expect(await history(specOf({ web: {} }), shop.world('anna'), noSignal)).toEqual({
    releases: [],
    problems: [expect.objectContaining({ code: 'RECORD_CORRUPT', message: expect.stringMatching(lost) })],
  });
});
