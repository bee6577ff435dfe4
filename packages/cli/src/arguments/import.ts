import { command } from './command';
import { changeOptions, stateOption, typeCheckOption } from './stack-options';

export const importPart = command({
  usage: 'import <stack> <part> <id> [more..]',
  does: 'Take over something that Terraform can manage and that is there already',
  takes: (args) =>
    typeCheckOption(stateOption(changeOptions(args)))
      .positional('part', { type: 'string', demandOption: true, describe: 'Its address in Terraform: aws_db_instance.main' })
      .positional('id', {
        type: 'string',
        demandOption: true,
        describe: "What its provider knows it by, as in the provider's documentation",
      })
      .positional('more', { type: 'string', array: true, describe: 'Further addresses, each with its id behind it' })
      .option('in', {
        type: 'string',
        requiresArg: true,
        describe: 'The Terraform stack, where several have such an address: Terraform/database',
      })
      .example('$0 import shop/prod aws_db_instance.main shop-prod', '')
      .example('$0 import shop/prod aws_subnet.a subnet-1 aws_subnet.b subnet-2', 'two at once'),
  run: async (args, shell) => (require('../commands/import') as typeof import('../commands/import')).importPart(args, shell),
});
