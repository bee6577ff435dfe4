// Hears a process before it is known what for.
import type { Sandbox } from './sandbox';

/** What a process says before anybody converses with it. Nobody may hear it late: when a process ends, Node drops what nobody reads. */
export interface Early {
  /** All of it until now. */
  stop(): readonly Buffer[];
}

export function listenEarly({ child }: Sandbox): Early {
  const chunks: Buffer[] = [];
  const keep = (chunk: Buffer) => chunks.push(chunk);
  child.stdio[3]?.on('data', keep);
  return {
    stop() {
      child.stdio[3]?.off('data', keep);
      return chunks;
    },
  };
}
