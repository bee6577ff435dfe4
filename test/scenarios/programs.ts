// The programs that the scenarios deploy: small, whole, and as a user would write them.
import type { ScenarioCluster } from './cluster';

/** A workspace on this cluster, with graces short enough for a test. */
export function workspaceFile(cluster: ScenarioCluster, settings = ''): string {
  return `import { kubernetes, workspace } from '@konfig/sdk';

export const here = workspace('here', {
  kubernetes: ${cluster.target},
  settings: { totalTimeout: '2m', resourceTimeout: '60s', noProgressTimeout: '60s', graces: { ImagePullBackOff: '1s', ErrImagePull: '1s', CrashLoopBackOff: '1s' }, ${settings} },
});
`;
}

/** A stack \`<project>/dev\` in a namespace of its own, with these lines in its AppConfig. */
export function project(name: string, lines: readonly string[], imports = 'Service'): Readonly<Record<string, string>> {
  return {
    [`projects/${name}/app.ts`]: `import { AppConfig, ${imports}, type Stack } from '@konfig/sdk';

export class App extends AppConfig {
  constructor(stack: Stack) {
    super(stack, '${name}');
${lines.map((line) => `    ${line}`).join('\n')}
  }
}
`,
    [`projects/${name}/konfig.ts`]: `import { project } from '@konfig/sdk';
import { here } from '../../workspaces/here';
import { App } from './app';

export default project('${name}', { owner: 'team-${name}' }).stack('dev', here, (stack) => new App(stack), { namespace: '${name}' });
`,
  };
}
