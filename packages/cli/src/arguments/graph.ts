import { command } from './command';
import { fileOption, placeOptions } from './place-options';
import { programOptions } from './stack-options';

export const graph = command({
  usage: 'graph [stack]',
  does: 'What waits for what in a stack',
  takes: (args) =>
    fileOption(placeOptions(programOptions(args)))
      .positional('stack', { type: 'string', describe: 'PROJECT/STACK, or PROJECT/STACK@RELEASE' })
      .option('format', {
        choices: ['text', 'dot', 'mermaid', 'json'] as const,
        default: 'text' as const,
        describe: 'Levels for people, a drawing for Graphviz or Mermaid, or data',
      })
      .option('release', { type: 'number', describe: 'As it was in this release; default: as the program says' })
      .option('live', { type: 'boolean', default: false, describe: 'With how everything is now' })
      .example('$0 graph shop/dev', '')
      .example('$0 graph shop/dev --live', 'what waits for what is not ready')
      .example('$0 graph shop/dev --format dot | dot -Tsvg > graph.svg', 'a picture')
      .example('$0 graph shop/prod --release 12', 'from the record')
      .example('$0 graph -f k8s --stack shop/dev', 'of a folder of manifests'),
  run: async (args, shell) => (require('../commands/graph') as typeof import('../commands/graph')).graph(args, shell),
});
