// The programs that the scenarios deploy: small, whole, and as a user would write them.
import type { ScenarioCluster } from './cluster';

/** A workspace on this cluster, with graces short enough for a test. */
export function workspaceFile(cluster: Pick<ScenarioCluster, 'target'>, operations = ''): string {
  return `import { kubernetes, workspace } from '@konfig/sdk';

export const here = workspace('here', {
  kubernetes: ${cluster.target},
  operations: { totalTimeout: '2m', resourceTimeout: '60s', noProgressTimeout: '60s', graces: { ImagePullBackOff: '1s', CrashLoopBackOff: '1s' }, ${operations} },
});
`;
}

/** A stack \`<name>/dev\` in a namespace of its own, with these lines in its AppConfig. */
export function project(
  name: string,
  lines: readonly string[],
  { imports = 'Service', above = [] }: { readonly imports?: string; readonly above?: readonly string[] } = {},
): Readonly<Record<string, string>> {
  return {
    [`projects/${name}/app.ts`]: appFile(name, lines, imports, above),
    [`projects/${name}/konfig.ts`]: `import { project } from '@konfig/sdk';
import { here } from '../../workspaces/here';
import { App } from './app';

export default project('${name}', { owner: 'team-${name}' }).stack('dev', here, (stack) => new App(stack), { namespace: '${name}' });
`,
  };
}

function appFile(name: string, lines: readonly string[], imports: string, above: readonly string[]): string {
  return `${above.map((line) => `${line}\n`).join('')}import { AppConfig, ${imports}, type Stack } from '@konfig/sdk';

export class App extends AppConfig {
  constructor(stack: Stack) {
    super(stack, '${name}');
${lines.map((line) => `    ${line}`).join('\n')}
  }
}
`;
}

/** More of a Service, as TypeScript. */
export interface ServiceText {
  readonly image?: string;
  readonly replicas?: number;
  /** Further properties of its container. */
  readonly container?: string;
  /** Annotations of its pods: `{ 'simulate.konfig.dev/unready': 'true' }`. */
  readonly pods?: Readonly<Record<string, string>>;
  /** Further properties. */
  readonly more?: string;
}

/** One line: `new Service(this, 'web', …);` */
export function service(
  id: string,
  { image = 'registry.example/web:1.0.0', replicas = 1, container, pods, more }: ServiceText = {},
): string {
  const properties = [
    `containers: { ${id}: { ${[`image: '${image}'`, 'ports: { http: 8080 }', container].filter(Boolean).join(', ')} } }`,
    `replicas: ${replicas}`,
    pods && `podAnnotations: ${JSON.stringify(pods)}`,
    more,
  ];
  return `new Service(this, '${id}', { ${properties.filter(Boolean).join(', ')} });`;
}

/** What containers that crash say. In the real control plane every container says so, since none runs. */
export const lastWords = 'panic: no database';

/** Its pods run, but never get ready. */
export function unready(id: string): string {
  return service(id, { pods: { 'simulate.konfig.dev/unready': 'true' } });
}
