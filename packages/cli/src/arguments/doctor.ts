import { command } from './command';
import { outputOption } from './stack-options';

export const doctor = command({
  usage: 'doctor [stacks..]',
  does: 'What stands in the way here, and what to do about it',
  takes: (args) =>
    outputOption(args)
      .positional('stacks', { type: 'string', array: true, describe: 'Ask only the targets of these; default: of all stacks' })
      .example('$0 doctor', '')
      .example('$0 doctor shop/prod --output json', 'in CI, before anything else'),
  run: async (args, shell) => (require('../commands/doctor') as typeof import('../commands/doctor')).doctor(args, shell),
});
