#!/usr/bin/env node

const [command = ''] = process.argv.slice(2);
if (/^[a-z]+$/.test(command)) require('../dist/kept-modules.js').keepModules(command);

const { main } = require('../dist/main.js');
const { processShell } = require('../dist/shell.js');

main(process.argv.slice(2), processShell()).then(
  (code) => {
    process.exitCode = code;
  },
  (error) => {
    // Whatever comes here is a bug of ours: problems of the user's were printed by main.
    process.stderr.write(`konfig: ${error?.message ?? error}\n`);
    process.exitCode = 1;
  },
);
