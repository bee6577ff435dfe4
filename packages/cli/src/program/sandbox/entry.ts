// What the program's process starts with: nothing may be loaded before it is known where from.

import { usePackageCache } from './package-cache';
import { takeStart } from './start';

const start = takeStart();
if (start.packages !== undefined) usePackageCache(start.packages);
if (start.makes)
  (require('./make-package-cache') as typeof import('./make-package-cache')).makePackageCache(start.project, {
    script: require.resolve('../synth-child'),
    companions: start.makes,
  });
else {
  const { guardFirst, runProgram } = require('../synth-child') as typeof import('../synth-child');
  runProgram(guardFirst(start), start);
}
