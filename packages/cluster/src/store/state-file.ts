import { existsSync, mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { mkdir, rename, writeFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import type { Store } from './store';

const saveAfterMillis = 300;

/** Keeps a store in a file: read at the start, written a moment after a change and at the end. */
export class StateFile {
  private timer: NodeJS.Timeout | undefined;
  private saving: Promise<void> = Promise.resolve();
  private readonly stopListening: () => void;

  constructor(
    private readonly path: string,
    private readonly store: Store,
  ) {
    if (existsSync(path)) store.restore(readSnapshot(path));
    this.stopListening = store.listen(() => this.changed());
  }

  /** Writes what is left to write. */
  async stop(): Promise<void> {
    this.stopListening();
    clearTimeout(this.timer);
    await this.saving;
    // The last write is synchronous: a process that is being ended may have no later.
    mkdirSync(dirname(this.path), { recursive: true });
    writeFileSync(`${this.path}.new`, JSON.stringify(this.store.snapshot()));
    renameSync(`${this.path}.new`, this.path);
  }

  private changed(): void {
    this.timer ??= setTimeout(() => {
      this.timer = undefined;
      // A full disk must not take the cluster down; the next change tries again.
      this.saving = this.saving.then(() => this.save()).catch((error) => process.emitWarning(`cluster: save ${this.path}: ${error}`));
    }, saveAfterMillis);
  }

  private async save(): Promise<void> {
    await mkdir(dirname(this.path), { recursive: true });
    await writeFile(`${this.path}.new`, JSON.stringify(this.store.snapshot()));
    await rename(`${this.path}.new`, this.path);
  }
}

function readSnapshot(path: string): ReturnType<Store['snapshot']> {
  try {
    return JSON.parse(readFileSync(path, 'utf8')) as ReturnType<Store['snapshot']>;
  } catch (error) {
    throw new Error(`The cluster's state in ${path} can not be read. Delete the file to start with an empty cluster.`, { cause: error });
  }
}
