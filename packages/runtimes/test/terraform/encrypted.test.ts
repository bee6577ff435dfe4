import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { JsonObject, KonfigError } from '@konfig/core';
import { checkForm } from '../../src/terraform/check';
import { backendEnvironmentOf, environmentOf } from '../../src/terraform/environment';
import { nothingKept } from '../../src/terraform/kept';
import { rescueIn } from '../../src/terraform/rescue';
import { readTarget } from '../../src/terraform/target';

const id = 'terraform:Terraform/shop';
const encrypted = '{ "serial": 1, "lineage": "l", "meta": {}, "encrypted_data": "iMpbrDDMr8Y=", "encryption_version": "v0" }';
const plain = JSON.stringify({ version: 4, serial: 1, lineage: 'l', resources: [] });

const folders: string[] = [];
afterEach(() => {
  for (const folder of folders.splice(0)) rmSync(folder, { recursive: true, force: true });
});

test('TF_ENCRYPTION is for a backend of the program’s own, from wherever it comes', () => {
  const named = (env: JsonObject) => readTarget('terraform', { runtime: 'terraform', config: { env } });
  for (const [env, target] of [
    [{ TF_ENCRYPTION: 'state {}' }, named({})],
    [{}, named({ TF_ENCRYPTION: 'state {}' })],
  ] as const) {
    expect(environmentOf(env, target, undefined)).not.toHaveProperty('TF_ENCRYPTION');
    expect(backendEnvironmentOf(env, target)).toEqual({ TF_ENCRYPTION: 'state {}' });
  }
});

test('Terraform collects garbage less often, unless somebody says how often', () => {
  const named = (env: JsonObject) => readTarget('terraform', { runtime: 'terraform', config: { env } });
  expect(environmentOf({}, named({}), undefined)).toMatchObject({ GOGC: '200' });
  expect(environmentOf({ GOGC: '50' }, named({}), undefined)).toMatchObject({ GOGC: '50' });
  expect(environmentOf({ GOGC: '50' }, named({ GOGC: 'off' }), undefined)).toMatchObject({ GOGC: 'off' });
});

test('a program that has OpenTofu encrypt the state that Konfig keeps is refused; in a backend of its own it may', () => {
  const encryption = { method: { unencrypted: { m: {} } }, state: { method: 'method.unencrypted.m' } };
  expect(problemsOf({ terraform: { encryption } })).toMatchObject([
    { code: 'SPEC_INVALID', message: expect.stringContaining('encrypt its state') },
  ]);
  expect(problemsOf({ terraform: { encryption, backend: { s3: {} } } })).toEqual([]);
  expect(problemsOf({ terraform: { encryption: { plan: {} } } })).toEqual([]);
});

test('an encrypted state that a run has left is told with how to open it, stays, and is taken up once it is open', () => {
  const { folder, find } = leave(encrypted);
  const error = caught(find);
  expect(error.problems).toMatchObject([{ code: 'RECORD_CORRUPT', message: expect.stringContaining('is encrypted by OpenTofu') }]);
  expect(error.problems[0]?.hint).toContain(`cd ${folder} && mkdir open && cp errored.tfstate open/terraform.tfstate`);
  expect(readFileSync(join(folder, 'errored.tfstate'), 'utf8')).toBe(encrypted);
  writeFileSync(join(folder, 'errored.tfstate'), plain);
  expect(find()?.kept.state).toMatchObject({ lineage: 'l', serial: 1 });
  expect(existsSync(folder)).toBe(false);
});

test('half a state that a run has left is told and stays', () => {
  const { folder, find } = leave(plain.slice(0, 20));
  expect(caught(find).problems).toMatchObject([{ code: 'RECORD_CORRUPT', message: expect.stringContaining('is damaged') }]);
  expect(existsSync(folder)).toBe(true);
});

/** As a run that died. */
function leave(state: string) {
  const root = mkdtempSync(join(tmpdir(), 'konfig-test-'));
  const folder = mkdtempSync(join(tmpdir(), 'konfig-terraform-'));
  folders.push(root, folder);
  const process = { machine: root, pid: 1 };
  writeFileSync(join(folder, 'konfig.json'), JSON.stringify({ process, root, stack: 'shop/dev', id }));
  writeFileSync(join(folder, 'errored.tfstate'), state);
  const { keys } = readTarget('terraform', { runtime: 'terraform', config: {} });
  const rescue = rescueIn({ root, keys, process, hasEnded: ({ machine }) => machine === root });
  return { folder, find: () => rescue.find('shop/dev', id, nothingKept) };
}

function caught(call: () => unknown): KonfigError {
  try {
    call();
  } catch (error) {
    return error as KonfigError;
  }
  throw new Error('It was not refused.');
}

function problemsOf(configuration: JsonObject) {
  const about = { target: 'terraform', runtime: 'terraform', type: 'terraform/Stack', path: 'shop' };
  return checkForm([{ id, ...about, attributes: { configuration } }]);
}
