// What the program's process starts with: nothing may be loaded before it is known where from.

import { usePackageCache } from './package-cache';
import { start } from './start';

const { packages, makes, project } = start;
if (packages !== undefined) usePackageCache(packages);
if (makes)
  (require('./make-package-cache') as typeof import('./make-package-cache')).makePackageCache(project, require.resolve('../synth-child'));
else require('../synth-child');
