// What the program's process starts with: nothing may be loaded before it is known where from.

import type { Start } from './message';
import { usePackageCache } from './package-cache';

const { packages, makes, project } = JSON.parse(process.argv[2] as string) as Start;
if (packages !== undefined) usePackageCache(packages);
if (makes)
  (require('./make-package-cache') as typeof import('./make-package-cache')).makePackageCache(project, require.resolve('../synth-child'));
else require('../synth-child');
