import { command } from './command';
import { placeOptions } from './place-options';
import { outputOption, programOptions } from './stack-options';

export const state = command({
  usage: 'state <action> <stack> <resource> [from]',
  does: 'Give out the state that is kept of a Terraform stack, or take one in',
  takes: (args) =>
    placeOptions(outputOption(programOptions(args)))
      .positional('action', { choices: ['pull', 'push'] as const, demandOption: true })
      .positional('resource', { type: 'string', demandOption: true, describe: 'The Terraform stack: Terraform/database' })
      .positional('from', { type: 'string', describe: 'push: the file with the state; - is standard input' })
      .option('out', { alias: 'o', type: 'string', requiresArg: true, describe: 'pull: a new file, which nobody else may read' })
      .option('force', { type: 'boolean', default: false, describe: 'push: also one that does not come after the present one' })
      .option('yes', { alias: 'y', type: 'boolean', default: false, describe: 'push: do not ask' })
      .option('lock-wait', { type: 'string', default: '0s', describe: 'push: how long to wait for a lock that another run holds' })
      .example('$0 state pull shop/prod Terraform/database --out database.tfstate', 'with all its secrets in clear')
      .example('$0 state push shop/prod Terraform/database database.tfstate', ''),
  run: async (args, shell) => (require('../commands/state') as typeof import('../commands/state')).state(args, shell),
});
