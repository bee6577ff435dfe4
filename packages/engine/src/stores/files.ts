// Records in files, for the embedded cluster and for one machine. Written whole, then renamed, so that a death at any line leaves the old or the new.
import { randomUUID } from 'node:crypto';
import { existsSync } from 'node:fs';
import { mkdir, open, readdir, readFile, rename, rm } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import {
  isObject,
  KonfigError,
  problemsOf,
  type Release,
  type ReleaseStore,
  type ReleaseSummary,
  recordVersion,
  type Spec,
  type StackRecord,
  specVersion,
  summaryOf,
} from '@konfig/core';
import { fileLockHolder, isErrorCode, isMissing, lockIsOurs, lockLost, takeFileLock } from './file-lock';

/** A release as its file has it. Its Spec, mostly far bigger and never changing, lies beside it and is written once. */
type ReleaseFile = Omit<Release, 'spec'>;

/** A store in a folder of this machine. One folder a stack: `record.json`, `releases/000042.json`, `releases/000042.spec.json`, `locks/7`. */
export function fileStore(folder: string): ReleaseStore {
  const stackFolder = (stack: string) => join(folder, ...stack.split('/').map(fileName));
  const recordFile = (stack: string) => join(stackFolder(stack), 'record.json');
  const releaseFile = (stack: string, number: number) => join(stackFolder(stack), 'releases', `${String(number).padStart(6, '0')}.json`);
  const specFile = (stack: string, number: number) => releaseFile(stack, number).replace(/\.json$/, '.spec.json');
  const specsWritten = new Set<string>();

  return {
    description: `files in ${folder}`,
    readRecord: (stack) => readJson<StackRecord>(recordFile(stack), recordVersion),
    async readRelease(stack, number) {
      const release = await readJson<ReleaseFile>(releaseFile(stack, number), recordVersion);
      if (!release) return undefined;
      const spec = await readJson<Spec>(specFile(stack, number), specVersion);
      if (!spec) throw corrupt(specFile(stack, number), 'it is not there');
      return { ...release, spec };
    },
    async listReleases(stack) {
      const names = (await namesIn(join(stackFolder(stack), 'releases'))).filter((name) => /^\d+\.json$/.test(name));
      const read = await Promise.allSettled(
        names.map((name) => readJson<ReleaseFile>(join(stackFolder(stack), 'releases', name), recordVersion)),
      );
      const problems = read.flatMap((one) => (one.status === 'rejected' ? problemsOf(one.reason, `list the releases of ${stack}`) : []));
      if (problems.length > 0) throw new KonfigError(problems);
      return read
        .flatMap((one): ReleaseSummary[] => (one.status === 'fulfilled' && one.value ? [summaryOf(one.value)] : []))
        .sort((a, b) => b.number - a.number);
    },
    async listStacks() {
      const found = await Promise.all(
        (await namesIn(folder)).map(async (project) => {
          const stacks = await namesIn(join(folder, project));
          return stacks.map((stack) => `${decodeURIComponent(project)}/${decodeURIComponent(stack)}`);
        }),
      );
      return found
        .flat()
        .filter((stack) => existsSync(recordFile(stack)))
        .sort();
    },
    holder: async (stack) => fileLockHolder(join(stackFolder(stack), 'locks')),
    lock: async (stack, holder) => takeFileLock(join(stackFolder(stack), 'locks'), stack, holder),
    async save(lock, record, release) {
      const locks = join(stackFolder(record.stack), 'locks');
      if (lock.lost.aborted || !lockIsOurs(locks, lock.fence)) throw lockLost(record.stack);
      const known = await readJson<StackRecord>(recordFile(record.stack), recordVersion);
      if (known && known.lastRelease > record.lastRelease) {
        throw new KonfigError({
          code: 'RECORD_CONFLICT',
          message: `${record.stack} is at release ${known.lastRelease} already; release ${record.lastRelease} was not saved.`,
          hint: 'Preview and apply again.',
        });
      }
      const { spec, ...rest } = release;
      // Under one lock a release has one Spec.
      const written = `${record.stack} ${release.number} ${lock.fence}`;
      if (!specsWritten.has(written)) await writeWhole(specFile(record.stack, release.number), spec);
      specsWritten.add(written);
      await writeWhole(releaseFile(record.stack, release.number), rest);
      await writeWhole(recordFile(record.stack), record);
    },
  };
}

async function readJson<T extends { readonly version: string }>(file: string, version: T['version']): Promise<T | undefined> {
  let text: string;
  try {
    text = await readFile(file, 'utf8');
  } catch (error) {
    if (isMissing(error)) return undefined;
    throw new KonfigError({ code: 'RECORD_CORRUPT', message: `read ${file}: ${(error as Error).message}` }, { cause: error });
  }
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (error) {
    throw corrupt(file, (error as Error).message);
  }
  if (!isObject(value)) throw corrupt(file, 'it holds no object');
  if (value.version === version) return value as unknown as T;
  if (typeof value.version !== 'string') throw corrupt(file, 'it names no version');
  throw new KonfigError({
    code: 'RECORD_CORRUPT',
    message: `${file} has the version ${value.version}, but this Konfig reads ${version}.`,
    hint: 'A newer Konfig wrote it: use that one.',
  });
}

function corrupt(file: string, why: string): KonfigError {
  return new KonfigError({
    code: 'RECORD_CORRUPT',
    message: `${file} is not a record of Konfig: ${why}.`,
    hint: 'Bring it back from a backup, or move the file away: the rest stays usable.',
  });
}

async function writeWhole(file: string, value: unknown): Promise<void> {
  const part = `${file}.${randomUUID()}.part`;
  try {
    await mkdir(dirname(file), { recursive: true });
    const handle = await open(part, 'wx', 0o600);
    try {
      await handle.writeFile(`${JSON.stringify(value)}\n`);
      await handle.sync();
    } finally {
      await handle.close();
    }
    await rename(part, file);
  } catch (error) {
    await rm(part, { force: true });
    throw new KonfigError(
      {
        code: 'RECORD_WRITE',
        message: `write ${file}: ${(error as Error).message}`,
        hint: 'Nothing was lost: the older record is still there. Make room or give the right to write, then apply again.',
      },
      { cause: error },
    );
  }
}

/** Sorted; none where there is no such folder. */
async function namesIn(folder: string): Promise<readonly string[]> {
  try {
    return (await readdir(folder)).sort();
  } catch (error) {
    if (isMissing(error) || isErrorCode(error, 'ENOTDIR')) return [];
    throw new KonfigError({ code: 'RECORD_CORRUPT', message: `read ${folder}: ${(error as Error).message}` }, { cause: error });
  }
}

/** A name as a file's: never a way out of its folder. */
function fileName(name: string): string {
  return /^\.+$/.test(name) ? name.replaceAll('.', '%2E') : encodeURIComponent(name);
}
