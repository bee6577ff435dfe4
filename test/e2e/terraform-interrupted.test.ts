// Applies that do not come to their end, with both real binaries and roles of a real PostgreSQL: what is under way, what is left, and what the next run makes of it.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import type { Keeper } from '@konfig/core';
import { stackOf } from './terraform-configuration';
import { terraformPid } from './terraform-folders';
import { rolesOfPostgres } from './terraform-roles';
import { terraformScene, tools } from './terraform-scene';
import { changing, newKey, partsText, problemsOfCall, resourceOf, stackId } from './terraform-stack';

const scene = terraformScene('provider-postgresql');
const roles = rolesOfPostgres();

describe.each(tools)('%s', (tool) => {
  const name = (what: string) => `${what}-${tool}`;

  test('a cancel lets what is under way come to its end, and begins nothing more', async () => {
    const stack = await scene.open(tool);
    const attributes = stackOf(roles.chain({ first: name('deaf'), next: name('after') }, { delay: '2s', ignore_cancel: true }));
    const cancel = new AbortController();
    const applying = problemsOfCall(stack.apply(attributes, await stack.plan(attributes), { cancelled: cancel.signal }));
    await roles.atWork(name('deaf'), applying);
    cancel.abort();
    expect(await applying).toMatchObject([{ code: 'CANCELLED' }]);
    expect(await roles.like(name('%'))).toEqual([name('deaf')]);
    const next = await stack.plan(attributes);
    expect(partsText(next)).toEqual(['create postgresql_role.next']);
    expect(next.problems).toEqual([]);
    await stack.apply(attributes, next);
    await stack.destroy(attributes, await stack.planGone(attributes));
  });

  test('what is given up at a deadline is told to stop once, and comes to its end', async () => {
    const stack = await scene.open(tool);
    const attributes = stackOf(roles.chain({ first: name('late'), next: name('later') }, { delay: '2s', ignore_cancel: true }));
    const deadline = new AbortController();
    const applying = problemsOfCall(stack.apply(attributes, await stack.plan(attributes), {}, deadline.signal));
    await roles.atWork(name('late'), applying);
    deadline.abort(new Error('out of time'));
    await applying;
    expect(await roles.like(name('%'))).toEqual([name('late')]);
    const next = await stack.plan(attributes);
    expect(partsText(next)).toEqual(['create postgresql_role.next']);
    await stack.apply(attributes, next);
    await stack.destroy(attributes, await stack.planGone(attributes));
  });

  test('a provider that crashes is told as such, and what was done before is kept', async () => {
    const stack = await scene.open(tool);
    const attributes = stackOf(roles.chain({ first: name('before'), next: name('crash') }));
    const problems = await problemsOfCall(stack.apply(attributes, await stack.plan(attributes)));
    expect(problems).toMatchObject([
      {
        code: 'RESOURCE_FAILED',
        message: expect.stringContaining('The provider crashed while it worked on postgresql_role.next'),
        at: `${stackId} configuration.resource.postgresql_role.next`,
      },
    ]);
    if (tool === 'terraform') expect(problems[0]?.message).toContain('panic: ');
    const next = await stack.plan(stackOf(roles.of({ first: name('before') })));
    expect(partsText(next)).toEqual([]);
    expect((await stack.plan(attributes)).problems).toMatchObject([
      { code: 'PLAN_ORPHANS', severity: 'warning', message: expect.stringContaining('postgresql_role.next') },
    ]);
    await stack.destroy(attributes, await stack.planGone(attributes));
  });

  test('what a killed Terraform was making is told by the next plan, and can be imported', async () => {
    const stack = await scene.open(tool);
    const attributes = stackOf(roles.of({ role: name('orphan') }, { delay: '1s', ignore_cancel: true }));
    const row = await stack.plan(attributes);
    const applying = problemsOfCall(stack.apply(attributes, row));
    await roles.atWork(name('orphan'), applying);
    process.kill(terraformPid(), 'SIGKILL');
    expect(await applying).toMatchObject([{ code: 'RESOURCE_FAILED', message: expect.stringContaining('was killed') }]);
    while ((await roles.like(name('orphan'))).length === 0);

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
    // To take it all away is no way around it: no state has it.
    expect((await stack.planGone(attributes)).problems).toMatchObject([
      {
        code: 'PLAN_ORPHANS',
        severity: 'warning',
        message: expect.stringContaining('postgresql_role.role: they may be there and not in the state, and would stay there.'),
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
    const stack = await scene.open(tool);
    const faults = { delay: '1s', ignore_cancel: true };
    const before = stackOf(roles.of({ role: name('former') }));
    await stack.apply(before, await stack.plan(before));
    const attributes = stackOf(roles.of({ role: name('present') }, faults));
    const row = await stack.plan(attributes);
    expect(partsText(row)).toEqual(['replace postgresql_role.role (name cannot be changed in place)']);
    const applying = problemsOfCall(stack.apply(attributes, row));
    await roles.atWork(name('present'), applying);
    process.kill(terraformPid(), 'SIGKILL');
    expect(await applying).toMatchObject([{ code: 'RESOURCE_FAILED' }]);
    while ((await roles.like(name('present'))).length === 0);

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
    expect(await roles.like(name('%'))).toEqual([name('present')]);
    await stack.destroy(attributes, await stack.planGone(attributes));
  });

  test.each([
    ['is killed', 'SIGKILL'],
    ['leaves at once', 'SIGTERM'],
  ] as const)(
    'when Konfig itself %s, Terraform comes to its end and the next run takes its state up',
    async (_, by) => {
      const attributes = stackOf(roles.chain({ first: name('slow'), next: name('last') }, { delay: '1s' }));
      const key = newKey();
      const job = JSON.stringify({ place: scene.place(tool), attributes, config: { stateKey: key } });
      const worker = spawn(process.execPath, ['-r', 'esbuild-register', join(__dirname, 'terraform-worker.ts'), job], { stdio: 'inherit' });
      const ended = once(worker, 'exit');
      await roles.atWork(name('slow'), ended);
      worker.kill(by);
      await ended;

      const stack = await scene.open(tool, { stateKey: key });
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
      expect(await roles.like(name('%'))).toEqual([name('last'), name('slow')]);
      await stack.apply(attributes, row);
      expect(readdirSync(join(scene.root, '.konfig', 'terraform', 'rescued'))).toEqual([]);
      expect((await stack.plan(attributes)).notes).toEqual([]);
      await stack.destroy(attributes, await stack.planGone(attributes));
      expect(await roles.like(name('%'))).toEqual([]);
    },
    120_000,
  );

  test('when the store goes in the middle of an apply, the state is saved beside it and taken up by the next run', async () => {
    const stack = await scene.open(tool, { stateKey: newKey() });
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
    expect(readdirSync(join(scene.root, '.konfig', 'terraform', 'rescued'))).toEqual([]);
    expect(partsText(await stack.plan(attributes))).toEqual([]);
  });
});
