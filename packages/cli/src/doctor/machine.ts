// What this machine has: Node, git, and the tools that people use beside Konfig.
import { execFile } from 'node:child_process';
import { hasNamespaces } from '../program/sandbox/isolation';
import { type DoctorFinding, findingsIn } from './finding';

const { well, broken, absent } = findingsIn('this machine');

const oldestNode = [20, 19] as const;

export async function checkMachine(env: NodeJS.ProcessEnv): Promise<readonly DoctorFinding[]> {
  const tools = [
    tool(env, { what: 'git', commands: ['git'], args: ['--version'], without: 'Releases will not say which commit they were made from.' }),
    tool(env, { what: 'kubectl', commands: ['kubectl'], args: ['version', '--client'], without: 'Konfig does without it.' }),
    tool(env, {
      what: 'terraform',
      commands: ['terraform', 'tofu'],
      args: ['version'],
      without: 'Only Terraform stacks need it, or tofu.',
    }),
  ];
  return [checkNode(process.versions.node), checkIsolation(hasNamespaces()), ...(await Promise.all(tools))];
}

/** `version` as in `20.19.0`. */
export function checkNode(version: string): DoctorFinding {
  const [major = 0, minor = 0] = version.split('.').map(Number);
  const isOld = major < oldestNode[0] || (major === oldestNode[0] && minor < oldestNode[1]);
  if (!isOld) return well('Node', version);
  return broken('Node', `${version} is too old: Konfig needs ${oldestNode.join('.')}.`, 'Install a newer one: https://nodejs.org');
}

/** What guards the network and other processes from programs, beside Node's permission model. */
export function checkIsolation(hasThem: boolean): DoctorFinding {
  if (hasThem) return well('isolation of programs', 'no files, no processes, no network: permission model and namespaces');
  const message = 'no files, no processes; only guards in JavaScript close the network, since there are no user namespaces here.';
  return absent('isolation of programs', message);
}

interface Tool {
  readonly what: string;
  /** The first one that is there is told. */
  readonly commands: readonly string[];
  readonly args: readonly string[];
  readonly without: string;
}

async function tool(env: NodeJS.ProcessEnv, { what, commands, args, without }: Tool): Promise<DoctorFinding> {
  for (const command of commands) {
    const said = await sayVersion(command, args, env);
    if (said !== undefined) return well(command === what ? what : `${what} (${command})`, said);
  }
  return absent(what, `not found in PATH. ${without}`);
}

/** The version in the first line that has one. Undefined: it is not there. */
function sayVersion(command: string, args: readonly string[], env: NodeJS.ProcessEnv): Promise<string | undefined> {
  return new Promise((resolve) => {
    execFile(command, [...args], { env, timeout: 10_000 }, (error, stdout) => {
      if (error && 'code' in error && error.code === 'ENOENT') return resolve(undefined);
      resolve(/v?(\d+\.\d+\.[\w.+-]+)/.exec(stdout)?.[1] ?? 'there, but does not say its version');
    });
  });
}
