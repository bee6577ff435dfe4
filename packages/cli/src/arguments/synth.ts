import { command } from './command';
import { programOptions, typeCheckOption } from './stack-options';

export const synth = command({
  usage: 'synth <stack>',
  does: 'Write the Spec or the manifests of a stack',
  takes: (args) =>
    typeCheckOption(programOptions(args))
      .option('format', {
        choices: ['manifests', 'terraform', 'spec'] as const,
        default: 'manifests' as const,
        describe: 'Plain YAML, the JSON that Terraform reads, or Spec JSON with its table of source lines',
      })
      .option('provenance', {
        type: 'boolean',
        default: true,
        describe: 'Note the line of every field; without, it has the line of its construct, and synth is a little quicker',
      })
      .option('to', {
        type: 'string',
        describe: 'A folder (one file an object, terraform/NAME/main.tf.json) or a file (spec); default: standard output',
      })
      .example('$0 synth shop/dev', 'one stream of YAML')
      .example('$0 synth shop/dev --to out', 'one file an object')
      .example('$0 synth shop/dev --format terraform', 'what Terraform reads')
      .example('$0 synth shop/dev --format spec', 'the Spec with the lines that set its fields'),
  run: async (args, shell) => (require('../commands/synth') as typeof import('../commands/synth')).synth(args, shell),
});
