import { expect, test } from '@jest/globals';
import { AppConfig, embeddedCluster, project, workspace } from '@konfig/sdk';
import { WebService } from '../src';

const local = workspace('local', { kubernetes: embeddedCluster() });

test('a WebService is a Deployment and a Service, reached under its address', () => {
  const addresses: string[] = [];
  const shop = project('shop').stack('local', local, (stack) => {
    addresses.push(new WebService(new AppConfig(stack, 'shop'), 'web', { image: 'web:1' }).address);
  });
  const { output, problems } = shop.synth('local');
  expect(problems).toBeUndefined();
  expect(output?.spec.resources.map((resource) => resource.id)).toEqual(['main:Deployment.apps/web', 'main:Service/web']);
  expect(addresses).toEqual(['web:8080']);
});
