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
  type StackRecord,
  summaryOf,
} from '@konfig/core';
import { isErrorCode, isMissing, lockIsOurs, lockLost, takeFileLock } from './file-lock';

/** One folder a stack: `record.json`, `releases/000042.json`, `locks/7`. */
export function fileStore(folder: string): ReleaseStore {
  const stackFolder = (stack: string) => join(folder, ...stack.split('/').map(fileName));
  const recordFile = (stack: string) => join(stackFolder(stack), 'record.json');
  const releaseFile = (stack: string, number: number) => join(stackFolder(stack), 'releases', `${String(number).padStart(6, '0')}.json`);

  return {
    description: `files in ${folder}`,
    readRecord: (stack) => readJson<StackRecord>(recordFile(stack)),
    readRelease: (stack, number) => readJson<Release>(releaseFile(stack, number)),
    async listReleases(stack) {
      const names = (await namesIn(join(stackFolder(stack), 'releases'))).filter((name) => /^\d+\.json$/.test(name));
      const read = await Promise.allSettled(names.map((name) => readJson<Release>(join(stackFolder(stack), 'releases', name))));
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
    lock: async (stack, holder) => takeFileLock(join(stackFolder(stack), 'locks'), stack, holder),
    async save(lock, record, release) {
      const locks = join(stackFolder(record.stack), 'locks');
      if (lock.lost.aborted || !lockIsOurs(locks, lock.fence)) throw lockLost(record.stack);
      const known = await readJson<StackRecord>(recordFile(record.stack));
      if (known && known.lastRelease > record.lastRelease) {
        throw new KonfigError({
          code: 'RECORD_CONFLICT',
          message: `${record.stack} is at release ${known.lastRelease} already; release ${record.lastRelease} was not saved.`,
          hint: 'Preview and apply again.',
        });
      }
      await writeWhole(releaseFile(record.stack, release.number), release);
      await writeWhole(recordFile(record.stack), record);
    },
  };
}

async function readJson<T extends { readonly version: string }>(file: string): Promise<T | undefined> {
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
  if (value.version === recordVersion) return value as unknown as T;
  if (typeof value.version !== 'string') throw corrupt(file, 'it names no version');
  throw new KonfigError({
    code: 'RECORD_CORRUPT',
    message: `${file} has the version ${value.version}, but this Konfig reads ${recordVersion}.`,
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
