// The lock of a backend that the program writes, with both real binaries.
import { execFile } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import type { JsonObject } from '@konfig/core';
import { buildTerraformBed, type TerraformBed } from '../testbed/terraform/beds';
import { startHttpBackend } from '../testbed/terraform/http-backend';
import { changing, openStack, problemsOfCall } from './terraform-stack';

let bed: TerraformBed;
let root: string;

beforeAll(async () => {
  bed = await buildTerraformBed('providers', 'tofu');
}, 1_800_000);
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'konfig-test-'));
});
afterEach(() => rmSync(root, { recursive: true, force: true }));

test.each(['terraform', 'tofu'] as const)(
  'a lock that its backend does not give back is told, with the id that %s takes it away by',
  async (tool) => {
    const binary = bed[tool] ?? '';
    const backend = await startHttpBackend();
    const stack = await openStack({ root, binary, mirror: bed.mirror });
    try {
      const { address } = backend;
      const http = { address, lock_address: address, unlock_address: address, retry_max: 0 };
      const configuration: JsonObject = { terraform: { backend: { http } }, resource: { terraform_data: { word: { input: 'x' } } } };
      const row = await stack.plan({ configuration });
      backend.keepsLocks = true;
      const [kept] = await problemsOfCall(stack.apply({ configuration }, row));
      expect(kept).toMatchObject({ code: 'LOCK_HELD', message: expect.stringContaining('has not given back the lock of this run') });

      const [held, ...more] = (await stack.plan({ configuration })).problems;
      expect(more).toEqual([]);
      expect(held).toMatchObject({ code: 'LOCK_HELD', message: expect.stringContaining(`The id of the lock is ${backend.lockId()}.`) });
      const [, id = ''] = / force-unlock (\S+)\.$/.exec(held?.hint ?? '') ?? [];

      backend.keepsLocks = false;
      writeFileSync(join(root, 'main.tf.json'), JSON.stringify(configuration));
      for (const args of [['init'], ['force-unlock', '-force', id]]) await promisify(execFile)(binary, args, { cwd: root });
      expect(changing(await stack.plan({ configuration }))).toMatchObject({ parts: [], problems: [] });
    } finally {
      await stack.connection.close();
      await backend.stop();
    }
  },
);
