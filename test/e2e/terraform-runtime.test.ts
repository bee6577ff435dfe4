// The Terraform runtime with both real binaries, real providers, and a PostgreSQL that tells what has really happened.
import { execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import type { JsonObject, Keeper } from '@konfig/core';
import { buildTerraformBed, type TerraformBed } from '../testbed/terraform/beds';
import { startHttpBackend } from '../testbed/terraform/http-backend';
import { type Postgres, startPostgres } from '../testbed/terraform/postgres';
import {
  changing,
  folderKeeper,
  newKey,
  type OpenStack,
  openStack,
  type Place,
  partsText,
  problemsOfCall,
  resourceOf,
  stackId,
} from './terraform-stack';

let bed: TerraformBed;
let postgres: Postgres;
let root: string;
const opened: OpenStack[] = [];

beforeAll(async () => {
  bed = await buildTerraformBed('providers', 'provider-postgresql', 'tofu');
  postgres = await startPostgres();
}, 1_800_000);
afterAll(() => postgres?.stop());
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'konfig-test-'));
});
afterEach(async () => {
  for (const stack of opened.splice(0)) await stack.connection.close();
  rmSync(root, { recursive: true, force: true });
});

describe.each(['terraform', 'tofu'] as const)('%s', (tool) => {
  const place = (): Place => {
    const binary = bed[tool];
    if (!binary) throw new Error(`There is no ${tool}.`);
    return { root, binary, mirror: bed.mirror };
  };
  const open = async (config: JsonObject = {}, keeper?: Parameters<typeof openStack>[2]) => {
    const stack = await openStack(place(), config, keeper);
    opened.push(stack);
    return stack;
  };
  const name = (what: string) => `${what}-${tool}`;

  test('a stack is made, found as wished, replaced in part with the reason, and taken away again', async () => {
    const stack = await open();
    const pet = (length: number) => ({
      ...stackOf(
        { random_pet: { pet: { length } }, terraform_data: { word: { input: 'x' } } },
        { konfig_pet: expression('random_pet.pet.id') },
      ),
      outputs: { konfig_pet: { secret: false } },
    });

    const first = await stack.plan(pet(2));
    expect(first.live).toBeUndefined();
    expect(partsText(first)).toEqual(['create random_pet.pet', 'create terraform_data.word']);
    expect(first.parts?.[0]).toMatchObject({ at: ['configuration', 'resource', 'random_pet', 'pet'] });
    expect(first.ahead).toEqual({ outputs: {}, secrets: {} });
    const applied = await stack.apply(pet(2), first);
    const { konfig_pet: before } = applied.live.outputs as JsonObject;
    expect(applied.live).toEqual({ outputs: { konfig_pet: expect.stringMatching(/^[a-z]+-[a-z]+$/) }, secrets: {} });
    expect(applied.observation).toMatchObject({ exists: true, health: 'ready', uid: applied.uid, message: '2 resources' });
    expect(applied.observation?.related).toContainEqual({ name: 'random_pet.pet', health: 'ready', message: 'created in 0s' });
    expect(stack.told.map(({ message }) => message)).toContain('0 of 2: terraform_data.word creating');
    expect(stack.told.at(-1)).toMatchObject({ health: 'progressing', message: '2 of 2' });

    const second = await stack.plan(pet(2));
    expect(second.parts?.map(({ name, action }) => [name, action])).toEqual([
      ['random_pet.pet', 'keep'],
      ['terraform_data.word', 'keep'],
    ]);
    expect(changing(second)).toMatchObject({ live: { uid: applied.uid }, parts: [], changes: [], ahead: applied.live });

    const third = await stack.plan(pet(3));
    expect(partsText(third)).toEqual(['replace random_pet.pet (length cannot be changed in place)']);
    expect(third.parts?.[0]?.changes).toContainEqual({ path: ['length'], before: 2, after: 3 });
    await stack.apply(pet(3), third);
    expect(await stack.connection.read(stackId, 'terraform/Stack', new AbortController().signal)).not.toEqual({
      outputs: { konfig_pet: before },
      secrets: {},
    });

    const gone = await stack.planGone(pet(3));
    expect(partsText(gone).map((text) => text.split(' ').slice(0, 2).join(' '))).toEqual([
      'delete random_pet.pet',
      'delete terraform_data.word',
    ]);
    expect(await stack.destroy(pet(3), gone)).toBe('gone');
    expect(await stack.keeper.read(stackId)).toBeUndefined();
    expect(await stack.planGone(pet(3))).not.toHaveProperty('live');
  });

  test('what nobody tells any more is what the stack was applied with when it is taken away', async () => {
    const stack = await open();
    const types = { many: { type: 'number' }, hosts: { type: 'list(string)' }, word: { type: 'string' } };
    const values = { length: expression('var.many'), prefix: expression('join("-", concat(var.hosts, [var.word]))') };
    const told = (inputs: JsonObject) => ({ ...stackOf({ random_pet: { pet: values } }, {}, types), inputs });
    await stack.apply(told({ many: 2, hosts: ['a', 'b'], word: 'c' }), await stack.plan(told({ many: 2, hosts: ['a', 'b'], word: 'c' })));
    const gone = { $unknown: { resource: 'main:ConfigMap/db', path: ['data'] } };
    const missing = told({ many: gone, hosts: gone, word: gone });
    const row = await stack.planGone(missing);
    expect([row.problems, partsText(row)]).toEqual([[], ['delete random_pet.pet']]);
    expect(await stack.destroy(missing, row)).toBe('gone');
    expect(await stack.keeper.read(stackId)).toBeUndefined();
  });

  test('secrets are sealed in the store, and in no file, row or message of a run', async () => {
    const key = newKey();
    const stack = await open({ stateKey: key });
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
    const left = [said, ...filesBelow(root), ...ourFolders().flatMap(filesBelow)].join('\n');
    for (const secret of [canary, word, Buffer.from(canary).toString('base64')]) expect(left).not.toContain(secret);

    const { ahead, ...again } = await stack.plan(attributes);
    expect(JSON.stringify(again)).not.toContain(word);
    expect(ahead).toEqual(live);

    const other = await open({ stateKey: newKey() });
    expect((await other.plan(attributes)).problems).toMatchObject([
      { code: 'TARGET_CONFIG', message: expect.stringContaining('was sealed with the key') },
    ]);
    const next = newKey();
    const rotated = await open({ stateKey: next, oldStateKeys: [key] });
    const resealing = await rotated.plan(attributes);
    expect(partsText(resealing)).toEqual([]);
    expect(resealing.changes).toMatchObject([{ path: ['state'], before: expect.stringMatching(/^sealed with the key/) }]);
    await rotated.apply(attributes, resealing);
    expect(await (await open({ stateKey: next })).plan(attributes)).toMatchObject({ problems: [], changes: [] });
  });

  test('what Terraform itself has made secret is masked in the error of what uses it, in that run and the next', async () => {
    const stack = await open({ stateKey: newKey() });
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
    const stack = await open();
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
    const stack = await open({ stateKey: newKey() });
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
    const source = join(root, 'module');
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
    const stack = await open({ stateKey: newKey() });
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
    const withoutKey = await open({}, folderKeeper(join(root, 'other')));
    expect((await withoutKey.plan(taking)).problems).toMatchObject([
      { code: 'TARGET_CONFIG', message: expect.stringContaining('terraform_data.taker') },
    ]);
  });

  test('a number has the digits that Terraform has, in rows, for others, and in a state that something is taken out of', async () => {
    const stack = await open();
    const of = (account: string, more: JsonObject = {}) => ({
      ...stackOf(
        { terraform_data: { account: { input: expression(account) }, ...more } },
        { konfig_account: expression('terraform_data.account.output'), konfig_port: expression('5432') },
      ),
      outputs: { konfig_account: { secret: false }, konfig_port: { secret: false } },
    });
    const read = () => stack.connection.read(stackId, 'terraform/Stack', new AbortController().signal);
    const before = of('9007199254740992');
    await stack.apply(before, await stack.plan(before));
    expect(await read()).toMatchObject({ outputs: { konfig_account: 9007199254740992, konfig_port: 5432 } });
    const after = of('9007199254740993');
    const row = await stack.plan(after);
    expect(row.parts?.find(({ name }) => name === 'terraform_data.account')?.changes[0]).toEqual({
      path: ['input'],
      before: 9007199254740992,
      after: '9007199254740993',
    });
    await stack.apply(after, row);
    expect(await read()).toMatchObject({ outputs: { konfig_account: '9007199254740993' } });
    const more = { ...of('9007199254740993', { other: { input: 'x' } }), retained: ['terraform_data.other'] };
    await stack.apply(more, await stack.plan(more));
    const rest = await stack.plan(after);
    expect(partsText(rest)).toEqual(['forget terraform_data.other (retained)']);
    await stack.apply(after, rest);
    expect(await read()).toMatchObject({ outputs: { konfig_account: '9007199254740993' } });
    expect(partsText(await stack.plan(after))).toEqual([]);
  });

  test('what was moved, imported, retained and protected is told as such', async () => {
    await postgres.query(`CREATE ROLE "${name('found')}"`);
    const stack = await open();
    const before = {
      ...stackOf(roles(postgres, { one: name('one'), two: name('two'), three: name('three') })),
      retained: ['postgresql_role.two'],
    };
    await stack.apply(before, await stack.plan(before));

    const {
      two: _,
      one,
      ...rest
    } = { ...roleBodies({ one: name('one'), two: name('two'), three: name('three') }), found: { name: name('found'), login: false } };
    const after = {
      ...stackOf(
        { ...provider(postgres), postgresql_role: { ...rest, first: one } },
        {},
        {},
        {
          moved: [{ from: 'postgresql_role.one', to: 'postgresql_role.first' }],
          import: [{ to: 'postgresql_role.found', id: name('found') }],
        },
      ),
      protected: ['postgresql_role.three'],
    };
    const row = await stack.plan(after);
    expect([...partsText(row)].sort()).toEqual([
      'forget postgresql_role.two (retained)',
      `import postgresql_role.found (${name('found')})`,
      'move postgresql_role.first (was postgresql_role.one)',
    ]);
    expect(row.changes).toContainEqual({ path: ['protected'], before: [], after: ['postgresql_role.three'] });
    await stack.apply(after, row);
    expect(await rolesLike(name('two'))).toEqual([name('two')]);
    expect(partsText(await stack.plan(after))).toEqual([]);

    const { three: __, ...unprotected } = { ...rest, first: one };
    const without = stackOf({ ...provider(postgres), postgresql_role: unprotected });
    expect((await stack.plan(without)).problems).toMatchObject([
      {
        code: 'RESOURCE_PROTECTED',
        message: 'postgresql_role.three of Terraform/shop is protected, but would be deleted (not in the program any more).',
      },
    ]);
    expect((await stack.planGone(after)).problems).toMatchObject([{ code: 'RESOURCE_PROTECTED' }]);
    const released = { ...after, protected: [] };
    await stack.apply(released, await stack.plan(released));
    expect(await stack.destroy(released, await stack.planGone(released))).toBe('gone');
    await postgres.query(`DROP ROLE "${name('two')}"`);
  });

  test('konfig import takes a part over by its id', async () => {
    await postgres.query(`CREATE ROLE "${name('here')}" LOGIN`);
    const stack = await open();
    const attributes = stackOf(roles(postgres, { role: name('here') }));
    const planOf = (id: string) => {
      const imports = [{ resource: stackId, part: 'postgresql_role.role', id }];
      return stack.connection.plan(
        { stack: 'shop/dev', wished: [resourceOf(attributes)], removed: [], imports },
        new AbortController().signal,
      );
    };
    const [row] = await planOf(name('here'));
    if (!row) throw new Error('no row');
    expect(partsText(row)).toEqual([`import postgresql_role.role (${name('here')})`]);
    await stack.apply(attributes, row);
    expect(partsText(await stack.plan(attributes))).toEqual([]);
    expect(await planOf(name('here'))).toMatchObject([{ problems: [] }]);
    expect(await planOf(name('other'))).toMatchObject([
      {
        problems: [
          {
            code: 'USAGE',
            message: `postgresql_role.role of Terraform/shop is managed already: it is ${name('here')}, not ${name('other')}.`,
          },
        ],
      },
    ]);
    await stack.destroy(attributes, await stack.planGone(attributes));
  });

  test('a stack that waits for a value imports at its turn, and makes nothing beside what is there', async () => {
    await postgres.query(`CREATE ROLE "${name('waits')}" LOGIN`);
    const stack = await open();
    const unknown = { $unknown: { resource: 'main:Service/shop/web', path: ['spec', 'clusterIP'] } };
    const resources = {
      ...provider(postgres),
      postgresql_role: { role: { name: name('waits'), login: true, connection_limit: expression('var.limit') } },
    };
    const attributes = (limit: JsonObject[string]) => ({ ...stackOf(resources, {}, { limit: { type: 'number' } }), inputs: { limit } });
    const imports = [{ resource: stackId, part: 'postgresql_role.role', id: name('waits') }];
    const request = { stack: 'shop/dev', wished: [resourceOf(attributes(unknown))], removed: [], imports };
    const [row] = await stack.connection.plan(request, new AbortController().signal);
    if (!row) throw new Error('no row');
    expect(partsText(row)).toEqual([`import postgresql_role.role (${name('waits')})`]);
    await stack.apply(attributes(7), row);
    expect(partsText(await stack.plan(attributes(7)))).toEqual([]);
    await stack.destroy(attributes(7), await stack.planGone(attributes(7)));
  });

  test('what somebody has changed or deleted by hand is told with who did it', async () => {
    const stack = await open();
    const attributes = stackOf(roles(postgres, { changed: name('changed'), deleted: name('deleted') }));
    await stack.apply(attributes, await stack.plan(attributes));
    await postgres.query(`ALTER ROLE "${name('changed')}" CONNECTION LIMIT 3`);
    await postgres.query(`DROP ROLE "${name('deleted')}"`);

    const row = await stack.plan(attributes);
    expect(partsText(row)).toEqual(['update postgresql_role.changed', 'create postgresql_role.deleted (was deleted outside of Terraform)']);
    expect(row.parts?.[0]?.changes).toEqual([{ path: ['connection_limit'], before: 3, after: -1, by: { name: 'outside of Terraform' } }]);
    await stack.apply(attributes, row);
    await stack.destroy(attributes, await stack.planGone(attributes));
  });

  test('a stack that waits for a value is listed, and does at its turn only what was listed', async () => {
    const stack = await open();
    const unknown = { $unknown: { resource: 'main:Service/shop/web', path: ['status', 'loadBalancer', 'ingress', 0, 'ip'] } };
    const attributes = (length: JsonObject[string]) => ({
      ...stackOf(
        { random_pet: { pet: { length: expression('var.length') } }, terraform_data: { each: { count: expression('var.length') } } },
        {},
        { length: { type: 'number' } },
      ),
      inputs: { length },
    });
    const listed = await stack.plan(attributes(unknown));
    expect(listed).toMatchObject({
      checked: 'none',
      parts: [
        { name: 'random_pet.pet', action: 'create', plannedWhen: 'Service/shop/web status.loadBalancer.ingress[0].ip' },
        { name: 'terraform_data.each', action: 'create' },
      ],
    });
    const planned: string[] = [];
    await stack.apply(attributes(2), listed, {
      planned: (parts) => planned.push(...parts.map((part) => `${part.action} ${part.name}`)),
    });
    expect(planned).toEqual(['create random_pet.pet', 'create terraform_data.each[0]', 'create terraform_data.each[1]']);
    const again = await stack.plan(attributes(unknown));
    expect(partsText(again)).toEqual(['update random_pet.pet', 'update terraform_data.each']);
    expect(await problemsOfCall(stack.apply(attributes(3), again))).toMatchObject([
      {
        code: 'PLAN_STALE',
        message:
          'Terraform/shop would replace random_pet.pet now, since length cannot be changed in place, which could not be known when the plan was made.',
        at: `${stackId} configuration.resource.random_pet.pet`,
      },
    ]);
    await stack.apply(attributes(2), again);
  });

  test('a stack that waits for a value lists what goes by a count and by keys that the program writes out, and deletes that at its turn', async () => {
    const stack = await open();
    const unknown = { $unknown: { resource: 'main:Service/shop/web', path: ['status'] } };
    const attributes = (input: JsonObject[string], count: number, names: readonly string[]) => ({
      ...stackOf(
        {
          terraform_data: {
            each: { count, input: expression('var.word') },
            named: { for_each: expression(`toset(${JSON.stringify(names)})`), input: expression('var.word') },
          },
        },
        {},
        { word: { type: 'string' } },
      ),
      inputs: { word: input },
    });
    await stack.apply(attributes('a', 2, ['x', 'y']), await stack.plan(attributes('a', 2, ['x', 'y'])));
    const listed = await stack.plan(attributes(unknown, 1, ['y', 'z']));
    expect(partsText(listed)).toEqual([
      'update terraform_data.each[0]',
      'delete terraform_data.each[1] (count is lower)',
      'update terraform_data.named["y"]',
      'create terraform_data.named["z"]',
      'delete terraform_data.named["x"] (its key is not in for_each any more)',
    ]);
    await stack.apply(attributes('b', 1, ['y', 'z']), listed);
    expect((await stack.plan(attributes('b', 1, ['y', 'z']))).parts?.map(({ name: part, action }) => `${action} ${part}`)).toEqual([
      'keep terraform_data.each[0]',
      'keep terraform_data.named["y"]',
      'keep terraform_data.named["z"]',
    ]);
  });

  test('a plan is carried out only on the state that it was made for', async () => {
    const [mine, theirs] = [await open(), await open()];
    const attributes = (...names: string[]) =>
      stackOf({ terraform_data: Object.fromEntries(names.map((each) => [each, { input: each }])) });
    const early = await mine.plan(attributes('a'));
    await theirs.apply(attributes('a'), await theirs.plan(attributes('a')));
    expect(await problemsOfCall(mine.apply(attributes('a'), early))).toMatchObject([{ code: 'PLAN_STALE' }]);

    const row = await mine.plan(attributes('a', 'c'));
    await theirs.apply(attributes('a', 'b'), await theirs.plan(attributes('a', 'b')));
    expect(await problemsOfCall(mine.apply(attributes('a', 'c'), row))).toMatchObject([
      { code: 'PLAN_STALE', message: expect.stringContaining('would delete terraform_data.b now, which the plan did not show') },
    ]);
  });

  test('errors point at the field, and at the resource that the provider refuses, without a word of the configuration', async () => {
    const stack = await open();
    const wrong = await stack.plan(stackOf({ random_pet: { pet: { length: 2, colour: 'canary-green' } } }));
    expect(wrong.problems).toMatchObject([{ code: 'SPEC_INVALID', at: `${stackId} configuration.resource.random_pet.pet.colour` }]);
    expect(JSON.stringify(wrong)).not.toContain('canary-green');

    await postgres.query(`CREATE ROLE "${name('there')}"`);
    const there = stackOf(roles(postgres, { role: name('there') }));
    const problems = await problemsOfCall(stack.apply(there, await stack.plan(there)));
    expect(problems).toMatchObject([
      {
        code: 'RESOURCE_REJECTED',
        message: expect.stringContaining(`role "${name('there')}" already exists (SQLSTATE 42710)`),
        hint: expect.stringContaining('.importFrom('),
        at: `${stackId} configuration.resource.postgresql_role.role`,
      },
    ]);
    await postgres.query(`DROP ROLE "${name('there')}"`);
  });

  test('a cancel lets what is under way come to its end, and begins nothing more', async () => {
    const stack = await open();
    const attributes = stackOf(chain(postgres, { first: name('deaf'), next: name('after') }, { delay: '2s', ignore_cancel: true }));
    const cancel = new AbortController();
    const applying = problemsOfCall(stack.apply(attributes, await stack.plan(attributes), { cancelled: cancel.signal }));
    await atWork(name('deaf'), applying);
    cancel.abort();
    expect(await applying).toMatchObject([{ code: 'CANCELLED' }]);
    expect(await rolesLike(name('%'))).toEqual([name('deaf')]);
    const next = await stack.plan(attributes);
    expect(partsText(next)).toEqual(['create postgresql_role.next']);
    expect(next.problems).toEqual([]);
    await stack.apply(attributes, next);
    await stack.destroy(attributes, await stack.planGone(attributes));
  });

  test('what is given up at a deadline is told to stop once, and comes to its end', async () => {
    const stack = await open();
    const attributes = stackOf(chain(postgres, { first: name('late'), next: name('later') }, { delay: '2s', ignore_cancel: true }));
    const deadline = new AbortController();
    const applying = problemsOfCall(stack.apply(attributes, await stack.plan(attributes), {}, deadline.signal));
    await atWork(name('late'), applying);
    deadline.abort(new Error('out of time'));
    await applying;
    expect(await rolesLike(name('%'))).toEqual([name('late')]);
    const next = await stack.plan(attributes);
    expect(partsText(next)).toEqual(['create postgresql_role.next']);
    await stack.apply(attributes, next);
    await stack.destroy(attributes, await stack.planGone(attributes));
  });

  test('a provider that crashes is told as such, and what was done before is kept', async () => {
    const stack = await open();
    const attributes = stackOf(chain(postgres, { first: name('before'), next: name('crash') }));
    const problems = await problemsOfCall(stack.apply(attributes, await stack.plan(attributes)));
    expect(problems).toMatchObject([
      {
        code: 'RESOURCE_FAILED',
        message: expect.stringContaining('The provider crashed while it worked on postgresql_role.next'),
        at: `${stackId} configuration.resource.postgresql_role.next`,
      },
    ]);
    if (tool === 'terraform') expect(problems[0]?.message).toContain('panic: ');
    const next = await stack.plan(stackOf(roles(postgres, { first: name('before') })));
    expect(partsText(next)).toEqual([]);
    expect((await stack.plan(attributes)).problems).toMatchObject([
      { code: 'PLAN_ORPHANS', severity: 'warning', message: expect.stringContaining('postgresql_role.next') },
    ]);
    await stack.destroy(attributes, await stack.planGone(attributes));
  });

  test('what a killed Terraform was making is told by the next plan, and can be imported', async () => {
    const stack = await open();
    const attributes = stackOf(roles(postgres, { role: name('orphan') }, { delay: '1s', ignore_cancel: true }));
    const row = await stack.plan(attributes);
    const applying = problemsOfCall(stack.apply(attributes, row));
    await atWork(name('orphan'), applying);
    process.kill(terraformPid(), 'SIGKILL');
    expect(await applying).toMatchObject([{ code: 'RESOURCE_FAILED', message: expect.stringContaining('was killed') }]);
    while ((await rolesLike(name('orphan'))).length === 0);

    const next = await stack.plan(attributes);
    expect(partsText(next)).toEqual(['create postgresql_role.role']);
    expect(next.problems).toMatchObject([
      {
        code: 'PLAN_ORPHANS',
        severity: 'warning',
        message: expect.stringMatching(
          /^The last run of Terraform\/shop \(by anna@laptop\) did not come to its end. It was to make postgresql_role.role/,
        ),
        hint: expect.stringContaining('.importFrom('),
        at: `${stackId} configuration.resource.postgresql_role.role`,
      },
    ]);
    const imports = [{ resource: stackId, part: 'postgresql_role.role', id: name('orphan') }];
    const request = { stack: 'shop/dev', wished: [resourceOf(attributes)], removed: [], imports };
    expect(await stack.connection.plan(request, new AbortController().signal)).toMatchObject([{ problems: [] }]);
    const imported = {
      ...attributes,
      configuration: { ...attributes.configuration, import: [{ to: 'postgresql_role.role', id: name('orphan') }] },
    };
    await stack.apply(imported, await stack.plan(imported));
    expect((await stack.plan(attributes)).problems).toEqual([]);
    await stack.destroy(attributes, await stack.planGone(attributes));
  });

  test('what a killed Terraform was making in the place of something else is told by the next plan, and can be imported', async () => {
    const stack = await open();
    const faults = { delay: '1s', ignore_cancel: true };
    const before = stackOf(roles(postgres, { role: name('former') }));
    await stack.apply(before, await stack.plan(before));
    const attributes = stackOf(roles(postgres, { role: name('present') }, faults));
    const row = await stack.plan(attributes);
    expect(partsText(row)).toEqual(['replace postgresql_role.role (name cannot be changed in place)']);
    const applying = problemsOfCall(stack.apply(attributes, row));
    await atWork(name('present'), applying);
    process.kill(terraformPid(), 'SIGKILL');
    expect(await applying).toMatchObject([{ code: 'RESOURCE_FAILED' }]);
    while ((await rolesLike(name('present'))).length === 0);

    const next = await stack.plan(attributes);
    expect(partsText(next)).toEqual(['create postgresql_role.role (was deleted by the run that died)']);
    expect(next.problems).toMatchObject([
      { code: 'PLAN_ORPHANS', message: expect.stringContaining('It was to make postgresql_role.role:') },
    ]);
    const imports = [{ resource: stackId, part: 'postgresql_role.role', id: name('present') }];
    const request = { stack: 'shop/dev', wished: [resourceOf(attributes)], removed: [], imports };
    const [importing] = await stack.connection.plan(request, new AbortController().signal);
    if (!importing) throw new Error('no row');
    expect(partsText(importing)).toEqual([`import postgresql_role.role (${name('present')})`]);
    await stack.apply(attributes, importing);
    expect(await stack.plan(attributes)).toMatchObject({ problems: [], changes: [] });
    expect(await rolesLike(name('%'))).toEqual([name('present')]);
    await stack.destroy(attributes, await stack.planGone(attributes));
  });

  test.each([
    ['is killed', 'SIGKILL'],
    ['leaves at once', 'SIGTERM'],
  ] as const)(
    'when Konfig itself %s, Terraform comes to its end and the next run takes its state up',
    async (_, by) => {
      const attributes = stackOf(chain(postgres, { first: name('slow'), next: name('last') }, { delay: '1s' }));
      const key = newKey();
      const job = JSON.stringify({ place: place(), attributes, config: { stateKey: key } });
      const worker = spawn(process.execPath, ['-r', 'esbuild-register', join(__dirname, 'terraform-worker.ts'), job], { stdio: 'inherit' });
      const ended = once(worker, 'exit');
      await atWork(name('slow'), ended);
      worker.kill(by);
      await ended;

      const stack = await open({ stateKey: key });
      expect((await stack.plan(attributes)).problems).toMatchObject([
        { code: 'LOCK_HELD', message: expect.stringContaining('is still at work') },
      ]);
      let row = await stack.plan(attributes);
      while (row.problems.some(({ code }) => code === 'LOCK_HELD')) row = await stack.plan(attributes);
      expect(changing(row)).toMatchObject({
        problems: [],
        parts: [],
        changes: [{ path: ['state'] }],
        notes: [expect.stringContaining('goes on from the state that was rescued')],
      });
      expect(await rolesLike(name('%'))).toEqual([name('last'), name('slow')]);
      await stack.apply(attributes, row);
      expect(readdirSync(join(root, '.konfig', 'terraform', 'rescued'))).toEqual([]);
      expect((await stack.plan(attributes)).notes).toEqual([]);
      await stack.destroy(attributes, await stack.planGone(attributes));
      expect(await rolesLike(name('%'))).toEqual([]);
    },
    120_000,
  );

  test('when the store goes in the middle of an apply, the state is saved beside it and taken up by the next run', async () => {
    const stack = await open({ stateKey: newKey() });
    const attributes = stackOf({ random_password: { word: { length: 12 } } });
    const row = await stack.plan(attributes);
    const { write } = stack.keeper;
    let writes = 0;
    const failing = Object.assign(stack.keeper, {
      write(this: typeof stack.keeper, ...given: Parameters<Keeper['write']>) {
        this.isGone = ++writes > 1;
        return write.apply(this, given);
      },
    });
    const [problem] = await problemsOfCall(stack.apply(attributes, row));
    expect(problem).toMatchObject({ code: 'RECORD_WRITE', message: expect.stringContaining('(sealed with the key of its target)') });
    Object.assign(failing, { write, isGone: false });

    const next = await stack.plan(attributes);
    expect(changing(next)).toMatchObject({ parts: [], problems: [], changes: [{ path: ['state'] }] });
    await stack.apply(attributes, next);
    expect(readdirSync(join(root, '.konfig', 'terraform', 'rescued'))).toEqual([]);
    expect(partsText(await stack.plan(attributes))).toEqual([]);
  });

  test('a backend that the user wrote keeps the state, and others read it as ever', async () => {
    const stack = await open();
    const file = join(root, 'mine.tfstate');
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
    const stack = await open();
    const backend = await startHttpBackend();
    const configuration = stackOf({ terraform_data: { word: { input: 'x' } } }).configuration;
    const terraform = { ...configuration.terraform, backend: { http: { address: backend.address } } };
    const attributes = { ...stackOf({}), configuration: { ...configuration, terraform } };
    try {
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
      await promisify(execFile)(place().binary, ['state', 'push', 'errored.tfstate'], { cwd: folder });
      rmSync(folder, { recursive: true });
      expect(changing(await stack.plan(more))).toMatchObject({ live: { uid }, parts: [], problems: [] });
      expect(backend.sawPassword()).toBe(false);
    } finally {
      await backend.stop();
    }
  }, 60_000);

  test('without a mirror providers are fetched once for all stacks that need the same, and modules by each', async () => {
    const env = { ...bed.cliConfig(join(root, 'cli.tfrc')), XDG_CACHE_HOME: join(root, 'cache') };
    const { mirror: _, ...without } = place();
    const stack = await openStack({ ...without, env });
    opened.push(stack);
    mkdirSync(join(root, 'module'));
    writeFileSync(join(root, 'module', 'main.tf'), 'resource "random_pet" "inner" {}\n');
    const of = (i: number) =>
      resourceOf(
        stackOf({ random_pet: { pet: { length: 2 } } }, {}, {}, i === 0 ? { module: { m: { source: join(root, 'module') } } } : {}),
        `${stackId}-${i}`,
      );
    const wished = [0, 1, 2, 3].map(of);
    const rows = await stack.connection.plan({ stack: 'shop/dev', wished, removed: [] }, new AbortController().signal);
    expect(rows.flatMap(({ problems }) => problems)).toEqual([]);
    expect(rows.map(partsText)).toEqual([
      ['create random_pet.pet', 'create module.m.random_pet.inner'],
      ...Array.from({ length: 3 }, () => ['create random_pet.pet']),
    ]);
    expect(readdirSync(join(root, 'cache', 'konfig', 'terraform'))).toHaveLength(1);
  });

  test('a stack of nothing is applied once, and a value of a megabyte gets through', async () => {
    const stack = await open();
    const nothing = stackOf({});
    const { uid } = await stack.apply(nothing, await stack.plan(nothing));
    expect(changing(await stack.plan(nothing))).toMatchObject({ live: { uid }, parts: [], changes: [] });

    const text = 'x'.repeat(1_000_000);
    const large = {
      ...stackOf({ terraform_data: { held: { input: expression('length(var.text)') } } }, {}, { text: { type: 'string' } }),
      inputs: { text },
    };
    await stack.apply(large, await stack.plan(large));
    expect(changing(await stack.plan(large))).toMatchObject({ parts: [], problems: [] });
  });

  test('a provider that nobody has is told with its name', async () => {
    const stack = await open();
    const { configuration, ...rest } = stackOf({ nowhere_thing: { x: {} } });
    const row = await stack.plan({
      ...rest,
      configuration: { ...configuration, terraform: { required_providers: { nowhere: { source: 'acme/nowhere' } } } },
    });
    expect(row.problems).toMatchObject([{ code: 'TARGET_CONFIG', message: expect.stringContaining('acme/nowhere') }]);
  });

  test('ten stacks at once do not get into each other’s way, and leave no folder', async () => {
    const stack = await open();
    const ids = Array.from({ length: 10 }, (_, i) => `terraform:Terraform/shop-${i}`);
    const wished = ids.map((id, i) => resourceOf(stackOf({ random_pet: { pet: { length: (i % 3) + 1 } } }), id));
    const signal = new AbortController().signal;
    const rows = await stack.connection.plan({ stack: 'shop/dev', wished, removed: [] }, signal);
    const applied = await Promise.all(
      wished.map((resource, i) =>
        stack.connection.apply({ stack: 'shop/dev', resource, action: 'create', changes: [], parts: rows[i]?.parts ?? [] }, signal),
      ),
    );
    expect(new Set(applied.map(({ uid }) => uid)).size).toBe(10);
    const again = await stack.connection.plan({ stack: 'shop/dev', wished, removed: [] }, signal);
    expect(again.flatMap(partsText)).toEqual([]);
    await stack.connection.close();
    expect(ourFolders()).toEqual([]);
  }, 120_000);

  test('a hundred resources of one stack have a row each', async () => {
    const stack = await open();
    const names = Array.from({ length: 100 }, (_, i) => `n${i}`);
    const attributes = stackOf({ random_pet: Object.fromEntries(names.map((each) => [each, { length: 2 }])) });
    const row = await stack.plan(attributes);
    expect(row.parts).toHaveLength(100);
    const { observation } = await stack.apply(attributes, row);
    expect(observation?.related).toHaveLength(100);
    expect(partsText(await stack.plan(attributes))).toEqual([]);
  }, 120_000);
});

/** An expression, as Terraform JSON has it. */
function expression(text: string): string {
  return `\${${text}}`;
}

function stackOf(
  resources: JsonObject,
  outputs: { readonly [name: string]: string } = {},
  variable: JsonObject = {},
  more: JsonObject = {},
) {
  const { provider: configured, ...resource } = resources;
  const required = Object.keys(resource).some((type) => type.startsWith('postgresql_'))
    ? { postgresql: { source: 'konfig/postgresql' } }
    : {};
  return {
    configuration: {
      terraform: { required_providers: required },
      ...(configured === undefined ? {} : { provider: configured }),
      variable,
      resource,
      output: Object.fromEntries(Object.entries(outputs).map(([name, value]) => [name, { value, sensitive: true }])),
      ...more,
    },
    inputs: {},
    outputs: {},
  };
}

interface Faults {
  readonly delay?: string;
  readonly ignore_cancel?: boolean;
}

function provider({ port, password }: Postgres, faults: Faults = {}): JsonObject {
  return { provider: { postgresql: { port, password, ...faults } } };
}

function roleBodies<K extends string>(names: { readonly [key in K]: string }): { readonly [key in K]: JsonObject } {
  return Object.fromEntries(Object.entries(names).map(([key, name]) => [key, { name, login: false }])) as unknown as {
    readonly [key in K]: JsonObject;
  };
}

function roles(postgres: Postgres, names: { readonly [key: string]: string }, faults: Faults = {}): JsonObject {
  return { ...provider(postgres, faults), postgresql_role: roleBodies(names) };
}

/** The one after the other. */
function chain(postgres: Postgres, { first, next }: { readonly first: string; readonly next: string }, faults: Faults = {}): JsonObject {
  const bodies = roleBodies({ first, next });
  return { ...provider(postgres, faults), postgresql_role: { ...bodies, next: { ...bodies.next, depends_on: ['postgresql_role.first'] } } };
}

async function rolesLike(pattern: string): Promise<readonly string[]> {
  const found = await postgres.query(`SELECT rolname FROM pg_roles WHERE rolname LIKE '${pattern}' ORDER BY 1`);
  return found === '' ? [] : found.split('\n');
}

/** The provider has asked for it, and waits. */
async function atWork(name: string, applying: Promise<unknown>): Promise<void> {
  let isOver = false;
  const over = () => {
    isOver = true;
  };
  applying.then(over, over);
  while ((await postgres.query(`SELECT 1 FROM pg_stat_activity WHERE application_name = '${name}'`)) === '') {
    if (isOver) throw new Error(`It has ended before it was at work on ${name}: ${JSON.stringify(await applying)}`);
  }
}

function ourFolders(): readonly string[] {
  return readdirSync(tmpdir())
    .filter((name) => name.startsWith('konfig-terraform-') && ownerPid(join(tmpdir(), name)) === process.pid)
    .map((name) => join(tmpdir(), name));
}

function ownerPid(folder: string): number | undefined {
  const file = join(folder, 'konfig.json');
  return existsSync(file) ? (JSON.parse(readFileSync(file, 'utf8')) as { process: { pid: number } }).process.pid : undefined;
}

function terraformPid(): number {
  const folder = ourFolders().find((each) => existsSync(join(each, 'konfig.pid')));
  return Number(readFileSync(join(folder as string, 'konfig.pid'), 'utf8'));
}

function filesBelow(folder: string): readonly string[] {
  mkdirSync(folder, { recursive: true });
  return readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .map((name) => join(folder, name))
    .filter((file) => statSync(file).isFile())
    .map((file) => readFileSync(file, 'latin1'));
}
