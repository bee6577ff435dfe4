// konfig init project NAME: one more project in this monorepo, with an app, a stack for each workspace, and a test.
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { basename, join, relative } from 'node:path';
import { KonfigError } from '@konfig/core';
import { exitCodes } from '../exit-code';
import { findMonorepo, type Monorepo } from '../program/monorepo';
import type { Shell } from '../shell';

export interface InitProjectArguments {
  readonly name: string | undefined;
}

export async function initProject({ name }: InitProjectArguments, shell: Shell): Promise<number> {
  const project = checkedName(name);
  const monorepo = findMonorepo(shell.cwd);
  const folder = newFolder(monorepo, project);
  const stacks = workspaceNames(monorepo);
  const files = projectFiles(project, stacks, relative(folder, join(monorepo.root, 'workspaces')).replaceAll('\\', '/'));
  mkdirSync(folder, { recursive: true });
  for (const [file, text] of Object.entries(files)) writeFileSync(join(folder, file), text);
  const place = relative(monorepo.root, folder).replaceAll('\\', '/');
  const list = Object.keys(files).map((file) => `  ${place}/${file}\n`);
  shell.stdout.write(
    `Made the project ${project} in ${monorepo.root}:\n${list.join('')}\nNext:\n  Say in ${place}/konfig.ts which image it runs, and who owns it.\n  npm test    (the first run writes its manifests to ${place}/__snapshots__; commit them)\n  npx konfig preview ${project}/${stacks[0]}\n`,
  );
  return exitCodes.done;
}

function checkedName(name: string | undefined): string {
  if (name !== undefined && name.length <= 63 && /^[a-z0-9]([-a-z0-9]*[a-z0-9])?$/.test(name)) return name;
  throw new KonfigError({
    code: 'USAGE',
    message: name === undefined ? 'The name of the project is missing.' : `A project cannot be called ${JSON.stringify(name)}.`,
    hint: 'Use a-z, 0-9 and -, at most 63, with a letter or a digit at both ends: konfig init project shop.',
  });
}

/** Where the monorepo keeps its projects, by the first pattern that leaves only the name open. */
function newFolder(monorepo: Monorepo, project: string): string {
  const manifest = join(monorepo.root, 'package.json');
  const { konfig } = JSON.parse(readFileSync(manifest, 'utf8')) as { readonly konfig: { readonly projects: readonly string[] } };
  const pattern = konfig.projects.find((candidate) => /^([^*]+\/)?\*$/.test(candidate));
  if (pattern === undefined) {
    throw new KonfigError({
      code: 'USAGE',
      message: `None of the patterns in ${manifest} says where a new project belongs: ${konfig.projects.join(', ')}.`,
      hint: 'Add one that ends in /*, such as "projects/*", to "konfig": {"projects": […]}.',
    });
  }
  const folder = join(monorepo.root, pattern.slice(0, -1), project);
  const standing = monorepo.projects.find((other) => basename(other) === project) ?? (existsSync(folder) ? folder : undefined);
  if (standing === undefined) return folder;
  throw new KonfigError({
    code: 'USAGE',
    message: `${standing} is there already.`,
    hint: 'Nothing was written. Take another name: the project is named as its folder.',
  });
}

/** What `workspaces/index.ts` exports; read, not run, since this command must work before `npm install`. */
function workspaceNames({ root }: Monorepo): readonly string[] {
  const file = join(root, 'workspaces', 'index.ts');
  const text = existsSync(file) ? readFileSync(file, 'utf8') : '';
  const lists = [...text.matchAll(/^export \{([^}]*)\}/gm)].flatMap(([, list = '']) => list.split(','));
  const constants = [...text.matchAll(/^export const (\w+)/gm)].map(([, name = '']) => name);
  const names = [
    ...lists.map(
      (item) =>
        item
          .trim()
          .split(/\s+as\s+/)
          .at(-1) ?? '',
    ),
    ...constants,
  ];
  const found = names.filter((name) => /^[a-z]\w*$/.test(name));
  if (found.length > 0) return found;
  throw new KonfigError({
    code: 'USAGE',
    message: `A project goes to workspaces, and ${file} ${existsSync(file) ? 'exports none' : 'is not there'}.`,
    hint: "Write: export const dev = workspace('dev', { kubernetes: embeddedCluster() });",
  });
}

function projectFiles(project: string, workspaces: readonly string[], workspacesPath: string): Readonly<Record<string, string>> {
  const app = className(project);
  const stacks = workspaces.map(
    (name) => `.stack('${stackName(name)}', ${name}, (stack) => new ${app}(stack, { image, replicas: 1 }), { namespace: '${project}' })`,
  );
  return {
    'app.ts': `import { AppConfig, Service, type Stack } from '@konfig/sdk';

export interface ${app}Props {
  /** Image with its tag. */
  readonly image: string;
  /** Pods that run side by side. */
  readonly replicas: number;
}

/** One web server. */
export class ${app} extends AppConfig {
  constructor(stack: Stack, props: ${app}Props) {
    super(stack, '${project}');
    new Service(this, 'web', {
      containers: { web: { image: props.image, ports: { http: 8080 }, readiness: { http: '/' } } },
      replicas: props.replicas,
    });
  }
}
`,
    'konfig.ts': `import { project } from '@konfig/sdk';
import { ${workspaces.join(', ')} } from '${workspacesPath}';
import { ${app} } from './app';

const image = 'nginxinc/nginx-unprivileged:1.29.3';

export default project('${project}', { owner: 'team-${project}' })
  ${stacks.join('\n  ')};
`,
    [`${project}.test.ts`]: `import { expect, test } from '@jest/globals';
import { KonfigError } from '@konfig/sdk';
import { Yaml } from 'cdk8s';
import project from './konfig';

// Reading what changes in __snapshots__ is the review; \`npm test -- -u\` writes it anew.
test.each(project.stackNames)('%s becomes the manifests that were reviewed', (stack) => {
  const { output, problems } = project.synth(stack);
  if (problems) throw new KonfigError(problems);
  expect(Yaml.stringify(...output.spec.resources.map((resource) => resource.attributes))).toMatchSnapshot();
});
`,
  };
}

/** `shop-api` is ShopApi; a name that the file has already, or that cannot begin with its letter, gets an App. */
function className(project: string): string {
  const name = project.replace(/(?:^|-+)([a-z0-9])/g, (_all, first: string) => first.toUpperCase());
  if (/^\d/.test(name)) return `App${name}`;
  return ['AppConfig', 'Service', 'Stack'].includes(name) ? `${name}App` : name;
}

/** `prodEu` is prod-eu. */
function stackName(workspace: string): string {
  return workspace.replace(/_/g, '-').replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`);
}
