// States that were kept beside the store, by more than one run.
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { nothingKept, withState } from '../../src/terraform/kept';
import { rescueIn } from '../../src/terraform/rescue';
import { readKeys } from '../../src/terraform/seal';

const id = 'terraform:Terraform/db';
const keys = readKeys(undefined, undefined, (why) => new Error(why) as never);
const keptAt = (serial: number) => ({ ...nothingKept, ...withState(JSON.stringify({ version: 4, lineage: 'l', serial, resources: [] })) });

let root: string;
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'konfig-test-'));
});
afterEach(() => rmSync(root, { recursive: true }));
const runAs = (pid: number) => rescueIn({ root, keys, process: { machine: 'here', pid }, hasEnded: () => false });

test('the newest one counts, and what another run has put there stays', () => {
  const older = runAs(1).save('shop/dev', id, keptAt(4));
  const newer = runAs(2).save('shop/dev', id, keptAt(5));
  const found = runAs(3).find('shop/dev', id, keptAt(3));
  expect(found).toMatchObject({ ...newer, kept: { state: { serial: 5 } } });
  runAs(3).drop(newer);
  expect([existsSync(older.file), existsSync(newer.file)]).toEqual([true, false]);
});

test('what was put in the place of what was taken up is not removed with it', () => {
  const takenUp = runAs(1).save('shop/dev', id, keptAt(4));
  const since = runAs(1).save('shop/dev', id, keptAt(5));
  runAs(2).drop(takenUp);
  expect(runAs(2).find('shop/dev', id, keptAt(4))).toMatchObject(since);
});
