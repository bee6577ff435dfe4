// States in a backend that the program writes, with both real binaries.
import { execFile } from 'node:child_process';
import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import type { JsonObject } from '@konfig/core';
import { expression, stackOf } from './terraform-configuration';
import { terraformScene, tools } from './terraform-scene';
import { changing, problemsOfCall } from './terraform-stack';

const scene = terraformScene();

describe.each(tools)('%s', (tool) => {
  test('a backend that the user wrote keeps the state, and others read it as ever', async () => {
    const stack = await scene.open(tool);
    const file = join(scene.root, 'mine.tfstate');
    const { configuration, ...rest } = stackOf({ random_pet: { pet: { length: 2 } } }, { konfig_pet: expression('random_pet.pet.id') });
    const terraform = { ...configuration.terraform, backend: { local: { path: file } } };
    const attributes = { ...rest, configuration: { ...configuration, terraform }, outputs: { konfig_pet: { secret: false } } };
    const { live, uid } = await stack.apply(attributes, await stack.plan(attributes));
    expect(JSON.parse(readFileSync(file, 'utf8'))).toMatchObject({
      lineage: uid,
      outputs: { konfig_pet: { value: (live.outputs as JsonObject).konfig_pet } },
    });
    expect(changing(await stack.plan(attributes))).toMatchObject({ live: { uid }, parts: [], changes: [], problems: [] });
    const retained = { ...attributes, retained: ['random_pet.pet'] };
    expect((await stack.planGone(retained)).problems).toMatchObject([
      { code: 'RESOURCE_PROTECTED', hint: expect.stringContaining('state rm') },
    ]);
    expect(await stack.destroy(attributes, await stack.planGone(attributes))).toBe('gone');
    expect(JSON.parse(readFileSync(file, 'utf8')).resources).toEqual([]);
  });

  test('a state that a backend of the program’s own refused is pushed, or stays where the push that is told takes it from', async () => {
    const stack = await scene.open(tool);
    const backend = await scene.httpBackend();
    const configuration = stackOf({ terraform_data: { word: { input: 'x' } } }).configuration;
    const terraform = { ...configuration.terraform, backend: { http: { address: backend.address } } };
    const attributes = { ...stackOf({}), configuration: { ...configuration, terraform } };
    backend.refusals = 1;
    const { uid } = await stack.apply(attributes, await stack.plan(attributes));
    expect(changing(await stack.plan(attributes))).toMatchObject({ live: { uid }, parts: [], changes: [], problems: [] });

    const more = { ...attributes, configuration: { ...attributes.configuration, output: { more: { value: 'y' } } } };
    const row = await stack.plan(more);
    backend.refusals = Number.POSITIVE_INFINITY;
    const [problem] = await problemsOfCall(stack.apply(more, row));
    expect(problem).toMatchObject({ code: 'RECORD_WRITE' });
    backend.refusals = 0;
    expect((await stack.plan(more)).problems).toMatchObject([{ code: 'RECORD_OUTDATED' }]);
    const [, folder = ''] = /cd (\S+) && \w+ state push errored\.tfstate\./.exec(problem?.hint ?? '') ?? [];
    await promisify(execFile)(scene.place(tool).binary, ['state', 'push', 'errored.tfstate'], { cwd: folder });
    rmSync(folder, { recursive: true });
    expect(changing(await stack.plan(more))).toMatchObject({ live: { uid }, parts: [], problems: [] });
    expect(backend.sawPassword()).toBe(false);
  }, 60_000);

  test('a lock that its backend does not give back is told, with the id that it is taken away by', async () => {
    const backend = await scene.httpBackend();
    const stack = await scene.open(tool);
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
    writeFileSync(join(scene.root, 'main.tf.json'), JSON.stringify(configuration));
    for (const args of [['init'], ['force-unlock', '-force', id]])
      await promisify(execFile)(scene.place(tool).binary, args, { cwd: scene.root });
    expect(changing(await stack.plan({ configuration }))).toMatchObject({ parts: [], problems: [] });
  });
});
