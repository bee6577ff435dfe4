// Code is put elsewhere: with moved nothing is replaced, without it the plan says what to write.
import { applied, type Scene, words } from './scene';

/** An AppConfig with a database, and what of cdk8s-plus selects by the path of its construct. */
const original = [
  "const data = new Component(this, 'data');",
  "new Service(data, 'database', { containers: { db: { image: 'registry.example/db:1', ports: { sql: 5432 }, files: { '/etc/db.conf': 'on' } } } });",
  "new kplus.Deployment(data, 'plus', { containers: [{ image: 'registry.example/plus:1', port: 80, securityContext: { user: 1000 } }] });",
];
const options = { imports: 'Component, Service, moved', above: ["import * as kplus from 'cdk8s-plus-33';"] };

export function refactoring(scene: Scene): void {
  test('a class, an id and a parent that are other ones leave a preview with nothing to do, when moved says so', async () => {
    const { cluster } = scene;
    const monorepo = scene.shop('moving', original, options);
    await applied(monorepo, 'moving/dev');
    const uid = async () => (await cluster.get('/apis/apps/v1/namespaces/moving/deployments/data-database'))?.metadata.uid;
    const before = await uid();
    expect(before).toBeDefined();

    const file = 'projects/moving/app.ts';
    const moved = monorepo
      .read(file)
      .replace(
        "const data = new Component(this, 'data');",
        "moved(this, 'data', 'storage/relational');\n    moved(this, 'storage/relational/database', 'storage/relational/db');\n    class Relational extends Component {}\n    const data = new Relational(new Component(this, 'storage'), 'relational');",
      )
      .replace("new Service(data, 'database'", "new Service(data, 'db'");
    monorepo.write(file, moved);
    const preview = await monorepo.konfig('preview', 'moving/dev', '--exit-code');
    expect(preview).toMatchObject({ code: 0 });
    await applied(monorepo, 'moving/dev');
    expect(await uid()).toBe(before);
  });

  test('without moved the preview says what it would make anew, and the line to write', async () => {
    const monorepo = scene.shop('renaming', original, options);
    await applied(monorepo, 'renaming/dev');
    const file = 'projects/renaming/app.ts';
    const program = monorepo.read(file).replace("new Component(this, 'data')", "new Component(this, 'storage')");
    monorepo.write(file, program);
    const preview = await monorepo.konfig('preview', 'renaming/dev');
    expect(words(preview)).toMatch(/PLAN_RENAMES .*is deleted, and nearly the same made anew as .*and \d more like it/);
    const [, move] = /(moved\(stack, '[^']*', '[^']*'\))/.exec(words(preview)) ?? [];
    expect(move).toBe("moved(stack, 'renaming/data', 'renaming/storage')");

    monorepo.write(file, program.replace("super(stack, 'renaming');", `super(stack, 'renaming');\n    ${move};`));
    expect(await monorepo.konfig('preview', 'renaming/dev', '--exit-code')).toMatchObject({ code: 0 });
  });
}
