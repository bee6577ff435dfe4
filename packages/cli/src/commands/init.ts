// konfig init: a small monorepo that works at once: one workspace, one project, the embedded cluster to try it on.
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { basename, dirname, join, resolve } from 'node:path';
import { KonfigError } from '@konfig/core';
import { exitCodes } from '../exit-code';
import type { Shell } from '../shell';

export interface InitArguments {
  readonly folder: string;
}

export async function init(args: InitArguments, shell: Shell): Promise<number> {
  const folder = resolve(shell.cwd, args.folder);
  const standing = existsSync(folder) ? readdirSync(folder).filter((name) => name !== '.git') : [];
  if (standing.length > 0) {
    throw new KonfigError({
      code: 'USAGE',
      message: `${folder} is not empty: ${standing.slice(0, 5).join(', ')}.`,
      hint: 'Name an empty or a new folder: konfig init my-konfig.',
    });
  }
  const files = monorepoFiles(packageName(folder), ownVersion());
  for (const [name, text] of Object.entries(files)) {
    mkdirSync(dirname(join(folder, name)), { recursive: true });
    writeFileSync(join(folder, name), text);
  }
  const into = args.folder === '.' ? '' : `  cd ${args.folder}\n`;
  shell.stdout.write(
    `Made a Konfig monorepo in ${folder}:\n${Object.keys(files)
      .map((name) => `  ${name}`)
      .join('\n')}\n\nNext:\n${into}  npm install\n  npx konfig cluster start --background\n  npx konfig apply hello/dev\n`,
  );
  return exitCodes.done;
}

/** A name that npm takes: https://docs.npmjs.com/cli/configuring-npm/package-json#name */
function packageName(folder: string): string {
  const name = basename(folder)
    .toLowerCase()
    .replace(/[^a-z0-9._-]+/g, '-')
    .replace(/^[._-]+|-+$/g, '');
  return name || 'konfig';
}

function ownVersion(): string {
  return (JSON.parse(readFileSync(join(__dirname, '..', '..', 'package.json'), 'utf8')) as { version: string }).version;
}

function monorepoFiles(name: string, version: string): Readonly<Record<string, string>> {
  return {
    'package.json': `${JSON.stringify(
      {
        name,
        private: true,
        konfig: { projects: ['projects/*'] },
        dependencies: { '@konfig/cli': version, '@konfig/sdk': version, cdk8s: '2.70.106', constructs: '10.7.2' },
        devDependencies: { typescript: '7.0.2' },
      },
      null,
      2,
    )}\n`,
    'tsconfig.json': `${JSON.stringify({ compilerOptions: { strict: true, target: 'es2023', module: 'node20', moduleResolution: 'node16', skipLibCheck: true, noEmit: true, types: [] }, include: ['projects', 'workspaces'] }, null, 2)}\n`,
    '.gitignore': 'node_modules/\n.konfig/\n',
    'workspaces/dev.ts': `import { embeddedCluster, workspace } from '@konfig/sdk';

/** Where stacks go while they are developed: the cluster that \`konfig cluster start\` runs. */
export const dev = workspace('dev', { kubernetes: embeddedCluster() });
`,
    'projects/hello/app.ts': `import { AppConfig, Service, type Stack } from '@konfig/sdk';

export interface HelloProps {
  readonly image: string;
  readonly replicas: number;
}

/** One web server. */
export class Hello extends AppConfig {
  constructor(stack: Stack, props: HelloProps) {
    super(stack, 'hello');
    new Service(this, 'web', {
      containers: { web: { image: props.image, ports: { http: 8080 }, readiness: { http: '/' } } },
      replicas: props.replicas,
    });
  }
}
`,
    'projects/hello/konfig.ts': `import { project } from '@konfig/sdk';
import { dev } from '../../workspaces/dev';
import { Hello } from './app';

export default project('hello', { owner: 'team-hello' }).stack('dev', dev, (stack) => new Hello(stack, { image: 'nginxinc/nginx-unprivileged:1.29.3', replicas: 1 }));
`,
  };
}
