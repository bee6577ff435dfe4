import { command } from './command';
import { outputOption } from './stack-options';

export const service = command({
  usage: 'service <action> <service>',
  does: 'Verify a self-built service, or write the TypeScript types of its resources',
  takes: (args) =>
    outputOption(args)
      .positional('action', { choices: ['verify', 'types'] as const, demandOption: true })
      .positional('service', { type: 'string', demandOption: true, describe: 'Its address; for types also a file with what it describes' })
      .option('token-env', { type: 'string', describe: 'The environment variable that holds its token' })
      .option('type', { type: 'string', describe: 'verify: the type to make scratch resources of; by default its first' })
      .option('config', { type: 'string', describe: 'verify: a JSON file with a config of that type' })
      .example('$0 service verify https://registry.example --token-env REGISTRY_TOKEN', '')
      .example('$0 service types https://registry.example > imports/registry.ts', ''),
  run: async (args, shell) => (require('../commands/service') as typeof import('../commands/service')).service(args, shell),
});
