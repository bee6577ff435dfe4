// States that OpenTofu encrypts by itself, as companies have it by TF_ENCRYPTION, with the real binary.
import { existsSync, readFileSync, rmSync } from 'node:fs';
import { dirname, join } from 'node:path';
import type { JsonObject } from '@konfig/core';
import { terraformScene } from './terraform-scene';
import { changing, partsText, problemsOfCall } from './terraform-stack';

const scene = terraformScene();

const encryption = `
key_provider "pbkdf2" "k" {
  passphrase = "correct horse battery staple"
}
method "aes_gcm" "m" {
  keys = key_provider.pbkdf2.k
}
state {
  method = method.aes_gcm.m
}
plan {
  method = method.aes_gcm.m
}`;

const open = (env: NodeJS.ProcessEnv) => scene.open('tofu', {}, { env });

const word = (terraform: JsonObject, input = 'x'): JsonObject => ({
  configuration: { terraform, resource: { terraform_data: { word: { input } } } },
});

test('the state that Konfig keeps is not encrypted a second time, and one that it kept before is read', async () => {
  const attributes = word({});
  const plain = await open({});
  await plain.apply(attributes, await plain.plan(attributes));
  const stack = await open({ TF_ENCRYPTION: encryption });
  expect(changing(await stack.plan(attributes))).toMatchObject({ parts: [], problems: [], changes: [] });
  const more = word({}, 'y');
  const row = await stack.plan(more);
  expect(partsText(row)).toEqual(['update terraform_data.word']);
  await stack.apply(more, row);
  expect(changing(await stack.plan(more))).toMatchObject({ parts: [], problems: [], changes: [] });
});

test('in a backend of the program’s own it is encrypted, and planned, changed and destroyed as ever', async () => {
  const file = join(scene.root, 'mine.tfstate');
  const attributes = word({ backend: { local: { path: file } } });
  const stack = await open({ TF_ENCRYPTION: encryption });
  const { uid } = await stack.apply(attributes, await stack.plan(attributes));
  expect(JSON.parse(readFileSync(file, 'utf8'))).toMatchObject({ lineage: uid, encrypted_data: expect.any(String) });
  expect(changing(await stack.plan(attributes))).toMatchObject({ live: { uid }, parts: [], changes: [], problems: [] });
  expect(await stack.destroy(attributes, await stack.planGone(attributes))).toBe('gone');
});

test.each(['TF_ENCRYPTION', 'the configuration'])('one that its backend refused at first is pushed, encrypted by %s', async (by) => {
  const backend = await scene.httpBackend();
  const passphrase = 'correct horse battery staple';
  const block = {
    key_provider: { pbkdf2: { k: { passphrase } } },
    method: { aes_gcm: { m: { keys: 'key_provider.pbkdf2.k' } } },
    state: { method: 'method.aes_gcm.m' },
  };
  const isByName = by === 'TF_ENCRYPTION';
  const attributes = word({ backend: { http: { address: backend.address } }, ...(isByName ? {} : { encryption: block }) });
  const stack = await open(isByName ? { TF_ENCRYPTION: encryption } : {});
  const row = await stack.plan(attributes);
  backend.refusals = 1;
  const { uid } = await stack.apply(attributes, row);
  expect(JSON.parse(backend.state())).toMatchObject({ lineage: uid, encrypted_data: expect.any(String) });
  expect(changing(await stack.plan(attributes))).toMatchObject({ live: { uid }, parts: [], changes: [], problems: [] });
});

test('one that was refused for good lies in clear where the push that is told takes it from', async () => {
  const backend = await scene.httpBackend();
  const attributes = word({ backend: { http: { address: backend.address } } });
  const stack = await open({ TF_ENCRYPTION: encryption });
  const row = await stack.plan(attributes);
  backend.refusals = Number.POSITIVE_INFINITY;
  const [problem] = await problemsOfCall(stack.apply(attributes, row));
  const [, file = ''] = /has left it as (\S+errored\.tfstate)\./.exec(problem?.message ?? '') ?? [];
  expect(existsSync(file)).toBe(true);
  expect(JSON.parse(readFileSync(file, 'utf8'))).toMatchObject({ version: 4, resources: [{ name: 'word' }] });
  rmSync(dirname(file), { recursive: true });
});
