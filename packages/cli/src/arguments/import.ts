import { command } from './command';
import { changeOptions, typeCheckOption } from './stack-options';

export const importPart = command({
  usage: 'import <stack> <part> <id>',
  does: 'Take over something that Terraform can manage and that is there already',
  takes: (args) =>
    typeCheckOption(changeOptions(args))
      .positional('part', { type: 'string', demandOption: true, describe: 'Its address in Terraform: aws_db_instance.main' })
      .positional('id', {
        type: 'string',
        demandOption: true,
        describe: "What its provider knows it by, as in the provider's documentation",
      })
      .option('in', {
        type: 'string',
        requiresArg: true,
        describe: 'The Terraform stack, where several have such an address: Terraform/database',
      })
      .example('$0 import shop/prod aws_db_instance.main shop-prod', ''),
  run: async (args, shell) => (require('../commands/import') as typeof import('../commands/import')).importPart(args, shell),
});
