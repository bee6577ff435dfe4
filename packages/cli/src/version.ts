// Which Konfig this is.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';

/** The version in the package.json of this package: `0.1.0`. */
export function ownVersion(): string {
  return (JSON.parse(readFileSync(join(__dirname, '..', 'package.json'), 'utf8')) as { version: string }).version;
}
