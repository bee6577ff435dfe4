// A run whose connection to the store of releases was cut while its Terraform is at work, and a second one beside it: both as users start them, with their
// records in a real PostgreSQL, and roles in it as what Terraform makes.
import { cpSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { Client } from 'pg';
import { type Monorepo, makeMonorepo, type Ran, type Running } from '../scenarios/monorepo';
import { words } from '../scenarios/scene';
import { rolesOfPostgres } from './terraform-roles';
import { terraformScene, tools } from './terraform-scene';
import type { Place } from './terraform-stack';

const bindings = join(__dirname, '..', 'testbed', 'terraform', 'bindings');

const scene = terraformScene('provider-postgresql');
const roles = rolesOfPostgres();
let monorepo: Monorepo;
/** Of a test: ended when it is over, however it went. */
let sessions: Client[];
let runs: Running[];

beforeEach(() => {
  [sessions, runs] = [[], []];
  monorepo = makeMonorepo({});
  cpSync(join(bindings, 'postgresql'), join(monorepo.folder, 'imports', 'postgresql'), { recursive: true });
});
afterEach(async () => {
  await Promise.all(sessions.map((session) => session.end()));
  await Promise.all(runs.map(({ ended }) => ended));
  monorepo.remove();
});

function start(...args: string[]): Running {
  const { port, password } = roles.server;
  const running = monorepo.start(args, {
    STATE_KEY: Buffer.alloc(32, 7).toString('base64'),
    SUPERUSER_PASSWORD: password,
    RECORDS_URL: `postgres://postgres:${password}@127.0.0.1:${port}/records`,
  });
  runs.push(running);
  return running;
}
const run = (...args: string[]): Promise<Ran> => start(...args).ended;

/** Two roles, the one after the other. */
const program = ({ binary, mirror }: Place, role: string) => `
import { AppConfig, kubernetes, project, secret, terraform, terraformValue, workspace } from '@konfig/sdk';
import { TerraformStack } from 'cdktf';
import { PostgresqlProvider } from '../../imports/postgresql/provider';
import { Role } from '../../imports/postgresql/role';

const dev = workspace('dev', {
  kubernetes: kubernetes(),
  targets: { terraform: terraform({ binary: ${JSON.stringify(binary)}, mirror: ${JSON.stringify(mirror)}, stateKey: secret.env('STATE_KEY') }) },
  records: { store: 'postgres', url: secret.env('RECORDS_URL') },
});
export default project('cut').stack('dev', dev, (stack) => {
  const tf = new TerraformStack(new AppConfig(stack, 'app'), 'roles');
  new PostgresqlProvider(tf, 'postgresql', { host: '127.0.0.1', port: ${roles.server.port}, username: 'postgres', password: terraformValue.text(tf, secret.env('SUPERUSER_PASSWORD')) });
  const first = new Role(tf, 'first', { name: '${role}', login: false });
  new Role(tf, 'next', { name: '${role}-next', login: false, dependsOn: [first] });
});
`;
const writeProgram = (place: Place, role: string) => monorepo.write('projects/cut/konfig.ts', program(place, role));

test.each(tools)(
  'a second run with %s begins nothing beside it, names both, and what the first has made is known to the next',
  async (tool) => {
    const place = scene.place(tool);
    const [early, late] = [`early-${tool}`, `late-${tool}`];
    const rolesThere = () => roles.like(`%${tool}%`);
    await roles.server.query('drop database if exists records');
    await roles.server.query('create database records');
    const holding = await holdRolesBack();
    writeProgram(place, early);
    const first = start('apply', 'cut/dev', '--yes');
    await roles.atWork(early, first.ended);

    await roles.server.query("select pg_terminate_backend(pid) from pg_stat_activity where application_name = 'konfig'");
    writeProgram(place, late);
    for (const options of [[], ['--allow-orphans']]) {
      const beside = await run('apply', 'cut/dev', '--yes', ...options);
      expect(beside.code).toBe(1);
      expect(words(beside)).toMatch(/LOCK_HELD Terraform is still at work on Terraform\/roles \(pid \d+\), for a run on this machine/);
      expect(words(beside)).toContain(`that is alive (pid ${first.child.pid})`);
      expect(words(beside)).not.toContain('PLAN_ORPHANS');
    }
    expect(await rolesThere()).toEqual([]);

    await holding.query('rollback');
    const ended = await first.ended;
    expect({ code: ended.code, text: words(ended) }).toEqual({ code: 1, text: expect.stringContaining('LOCK_LOST') });
    expect(await rolesThere()).toEqual([early]);

    const next = await run('apply', 'cut/dev', '--yes');
    expect({ code: next.code, text: words(next) }).toEqual({ code: 0, text: expect.stringContaining('postgresql_role.first') });
    expect(await rolesThere()).toEqual([late, `${late}-next`]);
    expect(readdirSync(join(monorepo.folder, '.konfig', 'terraform', 'rescued'))).toEqual([]);
    expect(await run('preview', 'cut/dev', '--exit-code')).toMatchObject({ code: 0 });
    expect(await run('destroy', 'cut/dev', '--yes')).toMatchObject({ code: 0 });
    expect(await rolesThere()).toEqual([]);
  },
);

/** Whoever makes a role waits until this transaction ends. */
async function holdRolesBack(): Promise<Client> {
  const { host, port, user, password } = roles.server;
  const session = new Client({ host, port, user, password, database: 'postgres' });
  await session.connect();
  sessions.push(session);
  await session.query('begin; lock table pg_authid in share mode');
  return session;
}
