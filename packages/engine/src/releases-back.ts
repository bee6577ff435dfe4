// The releases of a stack, from the last one back.
import { isDamage, type Release, type ReleaseStore, type StackRecord } from '@konfig/core';

/** Those that can be read. */
export async function* releasesBack(store: ReleaseStore, record: StackRecord | undefined): AsyncGenerator<Release> {
  for (let number = record?.lastRelease ?? 0; number > 0; number--) {
    const release = await store.readRelease(record?.stack ?? '', number).catch((error) => {
      // An older one may still tell.
      if (isDamage(error)) return undefined;
      throw error;
    });
    if (release) yield release;
  }
}
