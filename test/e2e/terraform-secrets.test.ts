// What Terraform stacks hold in secret, with both real binaries: sealed where it is kept, masked where something is told, refused where it would be seen.
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { JsonObject } from '@konfig/core';
import { filesWith, holds } from '../scenarios/secret-scan';
import { expression, stackOf } from './terraform-configuration';
import { ourFolders } from './terraform-folders';
import { terraformScene, tools } from './terraform-scene';
import { folderKeeper, newKey, partsText, problemsOfCall, stackId } from './terraform-stack';

const scene = terraformScene();

describe.each(tools)('%s', (tool) => {
  test('secrets are sealed in the store, and in no file, row or message of a run', async () => {
    const key = newKey();
    const stack = await scene.open(tool, { stateKey: key });
    const canary = `canary-${Math.random().toString(36).slice(2)}`;
    const attributes = {
      ...stackOf(
        { random_password: { word: { length: 20 } }, terraform_data: { held: { input: expression('var.secret') } } },
        { word: expression('random_password.word.result') },
        { secret: { type: 'string', sensitive: true } },
      ),
      inputs: { secret: canary },
      outputs: { word: { secret: true } },
    };
    const row = await stack.plan(attributes);
    const { live } = await stack.apply(attributes, row);
    const word = String((live.secrets as JsonObject).word);
    expect(word).toHaveLength(20);
    const said = JSON.stringify([
      row,
      stack.told,
      await stack.connection.observe([{ id: stackId, type: 'terraform/Stack' }], new AbortController().signal),
    ]);
    for (const secret of [canary, word]) {
      expect(holds(Buffer.from(said), secret)).toBe(false);
      expect([scene.root, ...ourFolders()].flatMap((folder) => filesWith(secret, folder))).toEqual([]);
    }

    const { ahead, ...again } = await stack.plan(attributes);
    expect(JSON.stringify(again)).not.toContain(word);
    expect(ahead).toEqual(live);

    const other = await scene.open(tool, { stateKey: newKey() });
    expect((await other.plan(attributes)).problems).toMatchObject([
      { code: 'TARGET_CONFIG', message: expect.stringContaining('was sealed with the key') },
    ]);
    const next = newKey();
    const rotated = await scene.open(tool, { stateKey: next, oldStateKeys: [key] });
    const resealing = await rotated.plan(attributes);
    expect(partsText(resealing)).toEqual([]);
    expect(resealing.changes).toMatchObject([{ path: ['state'], before: expect.stringMatching(/^sealed with the key/) }]);
    await rotated.apply(attributes, resealing);
    expect(await (await scene.open(tool, { stateKey: next })).plan(attributes)).toMatchObject({ problems: [], changes: [] });
  });

  test('what Terraform itself has made secret is masked in the error of what uses it, in that run and the next', async () => {
    const stack = await scene.open(tool, { stateKey: newKey() });
    const [word, command] = [expression('random_password.word.result'), 'echo it is $WORD; echo $WORD | base64; exit 1'];
    const attributes = stackOf({
      random_password: { word: { length: 20, special: false } },
      terraform_data: { uses: { input: 'x', provisioner: { 'local-exec': { command, environment: { WORD: word } } } } },
    });
    for (let run = 0; run < 2; run++) {
      const problems = await problemsOfCall(stack.apply(attributes, await stack.plan(attributes)));
      expect(problems).toMatchObject([{ message: expect.stringContaining('Output: it is (secret) (secret)') }]);
    }
  });

  test('without a key a state that would hold secrets is refused before anything is made', async () => {
    const stack = await scene.open(tool);
    const row = await stack.plan(stackOf({ random_password: { word: { length: 20 } } }));
    expect(row.problems).toMatchObject([
      {
        code: 'TARGET_CONFIG',
        message:
          'The state of Terraform/shop would hold secrets (random_password.word), and the target terraform has no key to seal it with.',
        hint: expect.stringContaining('openssl rand -base64 32'),
      },
    ]);
  });

  test.each([
    ['as it is', {}, 'random_password.word.result'],
    ['by way of a local value', { locals: { word: expression('upper(random_password.word.result)') } }, 'local.word'],
  ])('an output that the program takes for plain, and Terraform for a secret, is refused: %s', async (_, more, from) => {
    const stack = await scene.open(tool, { stateKey: newKey() });
    const output = { konfig_word: { value: expression(from) } };
    const attributes = {
      ...stackOf({ random_password: { word: { length: 20 } } }, {}, {}, { ...more, output }),
      outputs: { konfig_word: { secret: false } },
    };
    expect((await stack.plan(attributes)).problems).toMatchObject([
      {
        code: 'SPEC_SECRET_EXPOSED',
        message: `The output konfig_word of Terraform/shop is used as a plain value, but Terraform says that it is sensitive: ${expression(from)}.`,
        at: `${stackId} configuration.output.konfig_word`,
      },
    ]);
  });

  test('what a module calls sensitive is a secret wherever it goes', async () => {
    const source = join(scene.root, 'module');
    mkdirSync(source);
    writeFileSync(join(source, 'main.tf'), 'output "pw" {\n  value = "secret-of-a-module"\n  sensitive = true\n}\n');
    const using = (outputs: JsonObject, resource: JsonObject = {}) => ({
      ...stackOf(resource, {}, {}, { module: { m: { source } }, locals: { pw: expression('module.m.pw') }, output: outputs }),
      outputs: Object.fromEntries(
        Object.entries(outputs).map(([name, body]) => [name, { secret: (body as JsonObject).sensitive === true }]),
      ),
    });
    const plain = { konfig_pw: { value: expression('module.m.pw') }, konfig_local: { value: `x-${expression('local.pw')}` } };
    const taking = using({}, { terraform_data: { taker: { input: expression('module.m.pw') } } });
    const stack = await scene.open(tool, { stateKey: newKey() });
    const refused = await stack.plan(using(plain));
    expect(refused.problems.map(({ code, at }) => `${code} ${at}`).sort()).toEqual([
      `SPEC_SECRET_EXPOSED ${stackId} configuration.output.konfig_local`,
      `SPEC_SECRET_EXPOSED ${stackId} configuration.output.konfig_pw`,
    ]);
    const row = await stack.plan(taking);
    expect(row.problems).toEqual([]);
    expect(row.parts).toMatchObject([
      { name: 'terraform_data.taker', changes: [{ path: ['id'] }, { path: ['input'], sensitive: true }, {}] },
    ]);
    expect(JSON.stringify([refused, row])).not.toContain('secret-of-a-module');
    const secret = using({ konfig_pw: { ...plain.konfig_pw, sensitive: true } });
    await stack.apply(secret, await stack.plan(secret));
    expect(await stack.connection.read(stackId, 'terraform/Stack', new AbortController().signal)).toEqual({
      outputs: {},
      secrets: { konfig_pw: 'secret-of-a-module' },
    });
    const withoutKey = await scene.open(tool, {}, { keeper: folderKeeper(join(scene.root, 'other')) });
    expect((await withoutKey.plan(taking)).problems).toMatchObject([
      { code: 'TARGET_CONFIG', message: expect.stringContaining('terraform_data.taker') },
    ]);
  });
});
