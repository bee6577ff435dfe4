import { command } from './command';
import { outputOption } from './stack-options';

export const health = command({
  usage: 'health',
  does: 'How objects of Kubernetes are, from a file and without a cluster',
  takes: (args) =>
    outputOption(args)
      .option('file', {
        alias: 'f',
        type: 'string',
        requiresArg: true,
        demandOption: true,
        describe: 'A file or folder of objects with their status, or - for standard input',
      })
      .option('rules', {
        type: 'string',
        requiresArg: true,
        describe: 'A list of health rules in YAML or JSON, which go before all others; may be given several times',
      })
      .option('stream', {
        type: 'boolean',
        default: false,
        describe: 'The file has one object in JSON a line, again and again as it changes: tell each change of its health',
      })
      .example('kubectl get deploy,pods,events -o json | $0 health -f -', 'of what is in a namespace')
      .example('kubectl get rollouts -w -o json --output-watch-events | jq -c | $0 health -f - --stream', 'as it changes'),
  run: async (args, shell) => (require('../commands/health') as typeof import('../commands/health')).health(args, shell),
});
