// What tells the bytes that a runtime keeps from others.
import { createHash } from 'node:crypto';

export function keptVersion(bytes: Uint8Array): string {
  return createHash('sha256').update(bytes).digest('hex').slice(0, 24);
}
