// Each example makes exactly what stands in the golden file beside it. UPDATE_GOLDEN=1 writes the files anew.
import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Resource } from '@konfig/core';
import type { Project } from '@konfig/sdk';
import { Yaml } from 'cdk8s';

const examples = readdirSync(__dirname).filter((folder) => existsSync(join(__dirname, folder, 'konfig.ts')));

test.each(examples)('%s makes what stands in its golden file', (example) => {
  const { default: project } = require(join(__dirname, example, 'konfig.ts')) as { default: Project };
  expect(project.name).toBe(example);
  const { output, problems } = project.synth(project.stackNames[0] as string);
  expect(problems).toBeUndefined();
  const text = output?.spec.resources.map((resource) => `---\n${asked(resource)}${Yaml.stringify(resource.attributes)}`).join('');
  const golden = join(__dirname, example, 'expected.golden.yaml');
  if (process.env.UPDATE_GOLDEN === '1') writeFileSync(golden, text ?? '');
  expect(text).toBe(readFileSync(golden, 'utf8'));
});

/** What a resource asks beside its manifest, as comments. */
function asked({ target, dependsOn = [], runWhen, onRemoval }: Resource): string {
  const lines = [
    ...(target === 'main' ? [] : [`goes to ${target}`]),
    ...dependsOn.map(({ on, until }) => `waits until ${on} is ${until}`),
    ...(runWhen ? [`runs when: ${runWhen}`] : []),
    ...(onRemoval ? [`on removal: ${onRemoval}`] : []),
  ];
  return lines.map((line) => `# ${line}\n`).join('');
}

test('the README names every example', () => {
  const readme = readFileSync(join(__dirname, 'README.md'), 'utf8');
  expect(examples.filter((example) => !readme.includes(`[${example}](${example}/`))).toEqual([]);
});

test('a website with a foreign host is told', () => {
  const { Website } = require('./custom-component/website') as typeof import('./custom-component/website');
  const { embeddedCluster, project, workspace } = require('@konfig/sdk') as typeof import('@konfig/sdk');
  const local = workspace('local', { kubernetes: embeddedCluster() });
  const shop = project('shop').stack('local', local, (stack) => new Website(stack, 'shop', { image: 'a:1', host: 'shop.com' }));
  expect(shop.synth('local').problems).toMatchObject([
    { code: 'PROPS_INVALID', at: 'shop/local/shop.host', message: "host is 'shop.com'." },
  ]);
});
