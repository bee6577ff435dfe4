// The folders in which Terraform works for the runs of this process.
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

export function ourFolders(): readonly string[] {
  return readdirSync(tmpdir())
    .filter((name) => name.startsWith('konfig-terraform-') && ownerPid(join(tmpdir(), name)) === process.pid)
    .map((name) => join(tmpdir(), name));
}

/** Of the Terraform that is at work. */
export function terraformPid(): number {
  const folder = ourFolders().find((each) => existsSync(join(each, 'konfig.pid')));
  return Number(readFileSync(join(folder as string, 'konfig.pid'), 'utf8'));
}

function ownerPid(folder: string): number | undefined {
  const file = join(folder, 'konfig.json');
  return existsSync(file) ? (JSON.parse(readFileSync(file, 'utf8')) as { process: { pid: number } }).process.pid : undefined;
}
