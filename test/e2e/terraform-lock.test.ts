// The lock of a backend that the program writes, with both real binaries.
import { execFile } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import type { JsonObject } from '@konfig/core';
import { buildTerraformBed, type TerraformBed } from '../testbed/terraform/beds';
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
    const backend = await lockingBackend();
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
      expect(held).toMatchObject({ code: 'LOCK_HELD', message: expect.stringContaining(`The id of the lock is ${backend.holder()}.`) });
      const [, id = ''] = / force-unlock (\S+)\.$/.exec(held?.hint ?? '') ?? [];

      backend.keepsLocks = false;
      writeFileSync(join(root, 'main.tf.json'), JSON.stringify(configuration));
      for (const args of [['init'], ['force-unlock', '-force', id]]) await promisify(execFile)(binary, args, { cwd: root });
      expect(changing(await stack.plan({ configuration }))).toMatchObject({ parts: [], problems: [] });
    } finally {
      await stack.connection.close();
      await backend.close();
    }
  },
);

/** An `http` backend with a lock. */
async function lockingBackend() {
  let text = '';
  let lock = '';
  const backend = { keepsLocks: false };
  const server = createServer(async (request, response) => {
    const body = Buffer.concat(await request.toArray()).toString();
    const answer = (status: number, said = '') => response.writeHead(status).end(said);
    switch (request.method) {
      case 'LOCK':
        if (lock !== '') return answer(423, lock);
        lock = body;
        return answer(200);
      case 'UNLOCK':
        if (backend.keepsLocks) return answer(500);
        lock = '';
        return answer(200);
      case 'POST':
        text = body;
        return answer(200);
      default:
        return answer(text === '' ? 404 : 200, text);
    }
  });
  await once(server.listen(0, '127.0.0.1'), 'listening');
  return Object.assign(backend, {
    address: `http://127.0.0.1:${(server.address() as AddressInfo).port}/state`,
    holder: () => (JSON.parse(lock) as { ID: string }).ID,
    async close() {
      server.closeAllConnections();
      await once(server.close(), 'close');
    },
  });
}
