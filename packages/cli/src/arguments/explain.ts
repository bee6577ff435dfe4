import { command } from './command';
import { fileOption, placeOptions } from './place-options';
import { outputOption, programOptions } from './stack-options';

export const explain = command({
  usage: 'explain <stack> <resource> [field]',
  does: 'Where a resource and its fields come from',
  takes: (args) =>
    fileOption(placeOptions(outputOption(programOptions(args))))
      .positional('resource', { type: 'string', demandOption: true, describe: 'Deployment/web, or web' })
      .positional('field', { type: 'string', describe: 'spec.replicas, or its end: replicas; default: all' })
      .option('live', { type: 'boolean', default: false, describe: 'Ask the cluster too: its value, and who set it' })
      .example('$0 explain shop/prod Deployment/web', 'its line, what it waits for, its fields')
      .example('$0 explain shop/dev web image -f k8s', 'of a folder of manifests')
      .example('$0 explain shop/prod web image --live', 'one field, also as it is in the cluster'),
  run: async (args, shell) => (require('../commands/explain') as typeof import('../commands/explain')).explain(args, shell),
});
