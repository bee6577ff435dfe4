// What a group of scenarios is given: the cluster, monorepos on it, and konfig's answers in a form to ask about.
import type { ScenarioCluster } from './cluster';
import { copyMonorepo, type Monorepo, makeMonorepo, type Ran } from './monorepo';
import { project, workspaceFile } from './programs';

export interface Scene {
  readonly cluster: ScenarioCluster;
  /** A monorepo with one project, `<name>/dev`, in the namespace `<name>`, whose AppConfig has these lines, from line 6 on. */
  shop(name: string, lines: readonly string[], options?: ShopOptions): Monorepo;
  /** A copy of the company's monorepo, with its workspaces `demo` and `dev` on this cluster. */
  company(): Monorepo;
}

export interface ShopOptions {
  /** What `app.ts` imports of the SDK, beside AppConfig and Stack. Default `Service`. */
  readonly imports?: string;
  /** Lines above everything else: imports from other packages. */
  readonly above?: readonly string[];
  /** What the workspace says of operations, further. */
  readonly operations?: string;
}

/** A cluster for the tests of this block, opened before the first and stopped after the last of them. */
export function sceneOf<C extends ScenarioCluster>(open: () => Promise<C>): Scene & { readonly cluster: C } {
  let cluster: C | undefined;
  const monorepos: Monorepo[] = [];
  const kept = (monorepo: Monorepo) => {
    monorepos.push(monorepo);
    return monorepo;
  };
  beforeAll(async () => {
    cluster = await open();
  }, 120_000);
  afterAll(async () => {
    for (const monorepo of monorepos) monorepo.remove();
    await cluster?.stop();
  }, 60_000);
  const scene = {
    get cluster() {
      if (!cluster) throw new Error('The cluster is there in tests and hooks only.');
      return cluster;
    },
    shop: (name: string, lines: readonly string[], options: ShopOptions = {}) =>
      kept(
        makeMonorepo({
          'workspaces/here.ts': workspaceFile(scene.cluster, options.operations),
          ...project(name, lines, options),
        }),
      ),
    company: () => {
      const monorepo = kept(copyMonorepo());
      for (const name of ['demo', 'dev']) monorepo.write(`workspaces/${name}.ts`, workspaceFile(scene.cluster).replaceAll('here', name));
      return monorepo;
    },
  };
  return scene;
}

/** `konfig apply --yes`, which must succeed. */
export async function applied(monorepo: Monorepo, stack: string, ...more: string[]): Promise<Ran> {
  const ran = await monorepo.konfig('apply', stack, '--yes', ...more);
  if (ran.code !== 0) throw new Error(`konfig apply ${stack} ended with ${ran.code}:\n${said(ran)}`);
  return ran;
}

/** The releases of a stack, newest first. */
export async function releasesOf(
  monorepo: Monorepo,
  stack: string,
): Promise<readonly { readonly number: number; readonly phase: string }[]> {
  const { stdout } = await monorepo.konfig('history', stack, '--output', 'json');
  return JSON.parse(stdout) as { number: number; phase: string }[];
}

export async function phasesOf(monorepo: Monorepo, stack: string): Promise<readonly string[]> {
  return (await releasesOf(monorepo, stack)).map((release) => release.phase);
}

export function said({ stdout, stderr }: Ran): string {
  return `${stdout}\n${stderr}`;
}

/** All that was said, without the breaks of lines that are wrapped. */
export function words(ran: Ran): string {
  return said(ran).replace(/\s+/g, ' ');
}

/** The lines of a preview that show a field's change. */
export function changedLines(text: string): readonly string[] {
  return text.split('\n').filter((line) => line.includes(' → '));
}

/** An event in the NDJSON of a run: `seen('step-observed', 'Deployment.apps/shop/web', '0 of 1 ready')`. */
export function seen(type: string, resource: string, message = ''): RegExp {
  const literally = (text: string) => text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');
  return new RegExp(`"type":"${type}","step":"main:${literally(resource)}"${message && `.*"message":"${message}`}`);
}

/** The stack has had a lock, whose Lease lies beside the records, and nobody holds it. */
export async function lockIsFree({ cluster }: Scene, stack: string): Promise<boolean> {
  const leases = await cluster.list('/apis/coordination.k8s.io/v1/namespaces/konfig/leases');
  const own = leases.filter((lease) => lease.metadata.name.includes(stack.replace('/', '-')) || JSON.stringify(lease).includes(stack));
  return own.length > 0 && own.every((lease) => !lease.spec?.holderIdentity);
}
