// Two websites by the company's own component.
import { embeddedCluster, project, workspace } from '@konfig/sdk';
import { Website } from './website';

const local = workspace('local', {
  kubernetes: embeddedCluster(),
  defaults: { spread: false, podSecurity: false, containerSecurity: false, rollingUpdate: false },
});

export default project('custom-component').stack('local', local, (stack) => {
  new Website(stack, 'shop', { image: 'registry.example/shop:1.4.0', host: 'shop.example' });
  new Website(stack, 'blog', { image: 'registry.example/blog:2.0.1', host: 'blog.example', replicas: 1 });
});
