import { command } from './command';
import { outputOption, programOptions, typeCheckOption } from './stack-options';

export const preview = command({
  usage: 'preview <stack>',
  does: 'Show what an apply would do; change nothing',
  takes: (args) =>
    typeCheckOption(outputOption(programOptions(args)))
      .option('exit-code', { type: 'boolean', default: false, describe: 'End with 2 when something would change' })
      .option('adopt', {
        type: 'boolean',
        default: false,
        describe: 'Show what taking over resources that somebody else owns would do',
      })
      .option('destroy', { type: 'boolean', default: false, describe: 'Show what konfig destroy would do' })
      .example('$0 preview shop/dev', '')
      .example('$0 preview shop/prod --exit-code --output json', 'in a script'),
  run: async (args, shell) => (await import('../commands/preview.js')).preview(args, shell),
});
